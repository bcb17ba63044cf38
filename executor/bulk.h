#ifndef EFFC_EXECUTOR_BULK_H
#define EFFC_EXECUTOR_BULK_H

#include "executor/driver/pages.h"
#include "loop.h"
#include "schemas/steps.h"

/*
 * Which resources are looked for in whose pages, before each is read on its own.  Those
 * whose calls would be the same share them; a group for which pages cost no fewer calls
 * than its resources asks for none.
 *
 *	bulks_init(&bulks, session, &arena);
 *	bulks_add(&bulks, &asker);	each, with input, context and ready set
 *	bulks_start(&bulks);		adds jobs; calls ready of those that wait for nothing
 */
struct asker {
	struct op_input input;
	void *context;
	struct loop *loop;		/* for ready; not used here */
	void (*ready)(struct asker *asker);	/* all of its pages are read: served is complete */
	struct served served[SERVED_MOST];
	size_t served_count;
	size_t waits;			/* groups that are being asked */
	/*
	 * A look whether it is there: absent tells that it is not; else, it may be.  Nothing
	 * is served.
	 */
	bool for_absence, absent;
};

struct bulks {
	struct session *session;
	struct arena *arena;
	struct map groups;		/* text of the call -> struct bulk_group */
	struct asker_vec VEC_OF(struct asker *) askers;
	size_t calls;			/* pages asked for */
};

void bulks_init(struct bulks *b, struct session *s, struct arena *a);
void bulks_add(struct bulks *b, struct asker *asker);
void bulks_start(struct bulks *b);

#endif
