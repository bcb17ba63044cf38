#ifndef EFFC_REVIEW_WHY_H
#define EFFC_REVIEW_WHY_H

#include "calls.h"
#include "review.h"

/*
 * All that a plan knows of one resource: where it stands, what happens to it, why, in which
 * order and by which calls.  For what stays as it is too, and for what is only in the state.
 */
struct why_link {
	struct str address, label, action;	/* "update", "none" */
};
struct why_links VEC_OF(struct why_link);

/* A replacement that caused the next one; the first is what has no cause but the spec. */
struct why_cause {
	struct str address, label, reason, place;
};
struct why_causes VEC_OF(struct why_cause);

/* A statement of a policy. */
struct why_grant {
	struct str by;			/* the label of what holds it */
	struct str effect, principal;
	struct str_list actions, resources;
};
struct why_grants VEC_OF(struct why_grant);

struct why {
	const struct plan *plan;
	struct action act;		/* ACTION_NONE: it stays as it is */
	const struct review_item *item;	/* what is shown of the action; or NULL */
	struct str label, type;
	struct str place;		/* "effortless.toml:12:1": of its block, or its last one */
	struct str block;		/* "queue.jobs", "AWS.SNS.Topic.alerts"; empty: several */
	struct str part, module, key;	/* "dlq" of it; of a copy its key; any may be empty */
	struct str identifier;		/* empty: none yet */
	struct str guard, guard_reason;	/* "none", "soft", "hard" */
	struct why_causes causes;	/* the root first; none: only itself */
	struct why_links needs, needed_by;
	struct why_links waits_for, awaited_by;	/* while this plan is carried out */
	struct told_call_vec calls;
	struct why_grants grants;
};

/* text: an address, or a label as plans show it.  False if there is none; *near: what was meant. */
bool why_make(struct arena *a, struct schemas *all, const struct review *review, struct str text,
	      struct why *out, struct str *near);

void why_print_text(struct buf *out, const struct why *why, bool colour);
/* As docs/why-json.md says. */
#define WHY_FORMAT_VERSION "1.0"
void why_print_json(struct buf *out, const struct why *why);

#endif
