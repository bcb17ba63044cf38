#ifndef EFFC_PLANNER_INVERSE_H
#define EFFC_PLANNER_INVERSE_H

#include "plan.h"

/*
 * What an earlier state stands for, as a model: planned against the present state it is the
 * way back, as a plan like any other.  Properties are those that were applied then; texts that
 * name what a row depended on become references again, since what is made anew may have
 * another id.  What cannot be brought back (code that is not kept, a secret of which the state
 * has a hash alone, what was unfinished then) stays as it is now, and is said.
 */
struct inverse_note {
	struct str address;
	struct str text;		/* "its Code stays as it is: …" */
	bool refused;			/* nothing of it can be left as it is: it is not there */
};
struct inverse_note_vec VEC_OF(struct inverse_note);

struct inverse {
	const struct state *then, *now;
	/* Project, stage, scope and rules; what the spec says of names and secrets. */
	const struct model *spec;
	const struct schema *(*schema)(void *context, struct str type);
	struct str secret_key;
	struct str_list keep;		/* addresses that stay as they are now */
	/* Whether the code with this digest can still be sent. */
	bool (*has_code)(void *context, struct str digest);
	void *context;			/* of both */
	struct inverse_note_vec notes;	/* filled */
};

void inverse_model(struct arena *a, struct inverse *inverse, struct model *out);
/*
 * What the plan of such a model must not do: an action that would send a hash in place of a
 * secret.  Its address is added to keep, with a note; true if there was one: make the model again.
 */
bool inverse_refuses(struct arena *a, struct inverse *inverse, const struct plan *plan);
void inverse_keep(struct arena *a, struct inverse *inverse, struct str address);
void inverse_tell(struct arena *a, struct inverse *inverse, struct str address, bool refused,
		  struct str text);

#endif
