#ifndef EFFC_REVIEW_REVIEW_H
#define EFFC_REVIEW_REVIEW_H

#include "permission.h"
#include "planner/plan.h"

/*
 * A plan as people and programs read it.  review_make works out everything that a
 * reader sees, once: what comes first, why, what would be lost, what may not be
 * shown.  The renderings say it and read nothing else, so that they cannot
 * disagree, and a secret that is not here is in none of them.
 *
 * All of it is pure: the same plan gives the same bytes.  Text of users and of AWS
 * is in here as it is; each rendering makes it harmless for its readers.
 */

/* Worst first: the order of everything. */
enum harm {
	HARM_DATA,			/* replaced or deleted, and it holds data */
	HARM_REPLACE,
	HARM_DELETE,
	HARM_ACCESS,			/* made or updated so that somebody may more than before */
	HARM_UPDATE,
	HARM_CREATE,
	HARM_STATE,			/* nothing of it changes in AWS */
	HARMS,
};

struct review_change {
	struct str path;
	struct value before, after;	/* NULL kind: absent, or withheld */
	bool had, has;			/* it stands in before, in after; withheld or not */
	bool withheld;			/* environment and secrets: never shown */
	bool drift;			/* before is what is live, and not what was applied */
	bool forces;			/* the replacement, ... */
	struct str rule;		/* ... and by which rule */
};

struct review_item {
	enum harm harm;
	enum action_kind kind;
	uint32_t action;		/* index in the plan */
	struct str address, label;	/* "orders", "table.orders" */
	struct str type;
	struct str place;		/* "effortless.toml:41"; empty: nowhere */
	struct str region;		/* if not that of the stack; else empty */
	struct str name, name_before;	/* physical; name_before if another one, else empty */
	struct str identifier;		/* what AWS calls it now; may be empty */
	struct str reason, cascade;	/* cascade: address of what is replaced and reaches it */
	struct str renamed_from;	/* the address that it had; empty: this one */
	struct str conflict;		/* why an apply would refuse */
	uint32_t generation;
	bool repair, delete_first;
	bool again;			/* of a create: it was made before */
	struct review_change *changes;	/* those that force a replacement first */
	size_t change_count;
	struct str_list set_again;	/* properties */
	struct value properties;	/* MAP of a create: what is set, the withheld masked */

	/* Of replacements and deletions; texts may be empty. */
	struct str order;		/* "deleted, then created: 61 s without it" */
	enum guard at_risk;		/* what it holds; GUARD_NONE: no data */
	enum guard blocked;		/* what --allow-data-loss must lift */
	struct value facts;		/* MAP: what was seen of the data; NULL kind: nothing */
	/* "1.2 M items (3.4 GB), no point-in-time recovery"; said of data not at risk, too */
	struct str loss;
	struct str remedy;		/* what would avoid it */
};

/* What the plan took from things that others made. */
struct review_existing {
	struct str name, type;		/* type empty: outputs of project/stage */
	struct str project, stage, region, place, conflict;
	struct value key, values;	/* MAP */
};

/* A rule of [policy] that something of the plan falls under. */
struct review_hit {
	struct str address, label;
	enum action_kind kind;
	struct str path;		/* the property that it is for; empty: none */
};
struct review_policy {
	struct str name, place, message;
	bool denies;			/* else it warns */
	struct review_hit *hits;	/* by address */
	size_t hit_count;
};

/* What looks renamed, and what to write so that it is. */
struct review_hint {
	struct str from, to, edit, place;
};

struct review {
	const struct plan *plan;
	struct str digest;		/* 64 hex digits: of what is done; facts move */
	struct str project, stage, region;
	bool offline, destroy, new_stage;
	bool targeted;			/* only what --target names, and what that needs */
	bool resumed;			/* or only what an earlier apply left unfinished */
	size_t asked_for, added, left_out;
	struct str meant_stage;		/* of a new stage: what its name may be a slip for */
	struct plan_counts counts;
	struct review_item *items;	/* by harm, then address */
	size_t item_count;
	size_t first[HARMS + 1];	/* items of a harm: from first[h] to first[h + 1] */
	uint32_t *by_address;		/* index of each item, sorted by address */
	struct permission_delta permissions;
	struct review_policy *policies;	/* those that deny first */
	size_t policy_count, denying;
	struct review_hint *hints;
	size_t hint_count;
	struct review_existing *existing;
	size_t existing_count;
	struct value outputs;		/* MAP: as far as they are known */
	struct coverage coverage;		/* what was looked at, and what not */
};

void review_make(struct arena *a, const struct plan *plan, struct review *out);

void review_print_text(struct buf *out, const struct review *review, bool colour, bool verbose);
#define PLAN_FORMAT_VERSION "1.4"
/* As docs/plan-json.md says. */
void review_print_json(struct buf *out, const struct review *review);
/*
 * For a comment on a pull request, of at most max_bytes.  It begins with a hidden line by
 * which it is found again; previous is such a comment of before, by whomever.
 */
struct review_markdown {
	size_t max_bytes;		/* at least MARKDOWN_LEAST_BYTES */
	struct str previous;		/* data NULL: none */
	bool verbose;
};
#define MARKDOWN_LEAST_BYTES 8192
#define MARKDOWN_USUAL_BYTES 60000
void review_print_markdown(struct buf *out, const struct review *review,
			   const struct review_markdown *options);
/* One self-contained page, with the graph: readable without its script, and nothing is loaded. */
void review_print_html(struct buf *out, const struct review *review);
/* The graph that the executor runs, one node a line: for `effc debug graph`. */
void review_print_nodes(struct buf *out, const struct plan *plan);
/* The resources and who needs whom, with what happens to each; JSON as docs/graph-json.md says. */
enum graph_format { GRAPH_DOT, GRAPH_MERMAID, GRAPH_JSON };
void review_print_graph(struct buf *out, const struct plan *plan, enum graph_format format);

/* The sign before its line: "+", "~", "-/+". */
const char *review_symbol(const struct review_item *item);

#endif
