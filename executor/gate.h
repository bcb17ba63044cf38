#ifndef EFFC_EXECUTOR_GATE_H
#define EFFC_EXECUTOR_GATE_H

#include "base/map.h"
#include "executor/driver/op.h"

/*
 * What stands on a thing that was made a moment ago may be refused for a while: a function
 * whose role cannot be assumed yet.  Asking again and again for each of hundreds would use up
 * the quota of the service, so one of a type asks for all: at once, when such a thing usually
 * can be used (`usable` of its driver), and then more often.  The others wait until it was
 * taken, and then until what they stand on is as old as that was.
 */
struct gate_pass {			/* of one task; zeroed */
	struct str type;
	struct job *job;
	/* When the youngest of what it stands on was made; 0: it stands on nothing fresh. */
	int64_t fresh_ms;
	int64_t usable_ms;		/* how long that usually takes */
	int64_t sent_age_ms;		/* its age when this asked last */
	int64_t again_ms;
	bool waits;
};

struct gates {
	struct arena *arena;
	struct loop *loop;
	struct map by_type;		/* type -> struct gate */
};

/* Before its first call: true if it must wait, *step then. */
bool gate_holds(struct gates *g, struct gate_pass *p, int64_t now_ms, struct step *step);
/* After each step of the op: may change how long a WAIT after a refusal lasts. */
void gate_saw(struct gates *g, struct gate_pass *p, int64_t now_ms, struct step *step);
/* It was taken, or ended otherwise. */
void gate_left(struct gates *g, struct gate_pass *p, bool taken);

#endif
