#ifndef EFFC_PLANNER_PLAN_H
#define EFFC_PLANNER_PLAN_H

#include "compiler/model.h"
#include "state.h"

/*
 * model + state + observation -> what to do, in which order, and why.  Pure:
 * the same inputs give the same bytes.  An action is what the reader sees; it
 * owns one or two nodes of the graph (make, remove), which is what the
 * executor runs.
 */

/* ---- what is live, as the executor read it ---- */

enum seen { SEEN_NOT_READ, SEEN_FOUND, SEEN_ABSENT, SEEN_FOREIGN };
struct observed {
	enum seen seen;
	struct value properties;	/* MAP: as read */
	struct value attributes;	/* MAP */
	/*
	 * MAP: how much data is in it and how safe that is, as far as reading it told:
	 * items, size_bytes, messages (numbers), point_in_time_recovery, empty (true, false).
	 */
	struct value facts;
	struct str owner;		/* FOREIGN: whose it is */
};
/* A part that was not read of so many of a type, since the spec does not manage it. */
struct unread {
	struct str type, property;
	size_t count;
};
struct coverage {
	size_t resources, calls;	/* resources that were looked at, and the calls it took */
	size_t skipped;			/* resources that were not looked at: --refresh changed */
	struct unread_vec VEC_OF(struct unread) unread;
};
struct observation {
	struct coverage coverage;
	struct map by_address;		/* address text -> struct observed */
	/* Name -> struct observed; of another stack the properties are its outputs. */
	struct map existing;
};

/* ---- the plan ---- */

enum action_kind {
	ACTION_NONE,
	ACTION_CREATE,
	ACTION_UPDATE,			/* also: finish or repair what an earlier run left */
	ACTION_REPLACE,
	ACTION_DELETE,
	ACTION_METADATA,		/* guard, retain, edges: state only */
	ACTION_COLLECT,			/* only older generations go */
	ACTION_FORGET,			/* leaves the state, stays in AWS (retain) */
	ACTION_ADOPT,			/* exists, becomes ours, and is changed as the spec says */
	ACTION_RENAME,			/* another address; at most the tags that name it change */
};

struct change {
	struct str path;		/* "MemorySize", "Environment.Variables.STAGE" */
	struct value before, after;	/* NULL kind: absent */
	bool drift;			/* it is the live value that differs */
	bool replaces;			/* this is what forces a replacement ... */
	struct str rule;		/* ... and why: "cannot change after creation" */
	bool sensitive;			/* environment and secrets: never shown */
	struct span span;		/* where the new value is written */
};
struct change_vec VEC_OF(struct change);

struct action {
	enum action_kind kind;
	struct str address;
	uint32_t want;			/* index in the model; NO_RESOURCE for a delete */
	const struct row *have;		/* NULL for a create */
	struct change_vec changes;
	struct str reason;		/* "KeySchema cannot change after creation" */
	struct str cascade;		/* address of what was replaced and caused it */
	struct str renamed_from;	/* address that its row has; empty: this one */
	bool delete_first;
	bool repair;			/* an earlier run left it unfinished */
	enum guard blocked;		/* GUARD_NONE, or what --allow-data-loss must lift */
	bool data_loss;			/* --allow-data-loss names it */
	struct str conflict;		/* foreign owner: apply refuses, and says this */
	uint32_t generation;		/* after the action */
	struct str instance;
	struct str name;		/* physical name after the action; may be empty */
	struct str_list rebind;		/* set again though equal: drift, new principals */
	const struct observed *live;	/* what the plan saw of it; NULL: nothing was read */
	struct span span;
};
#define NO_RESOURCE UINT32_MAX

enum node_kind { NODE_MAKE, NODE_REMOVE };
struct node {
	enum node_kind kind;
	uint32_t action;
	const struct row *row;		/* REMOVE: the generation to delete */
	uint32_t *after;		/* nodes that must have ended before */
	size_t after_count;
	int64_t weight_ms;		/* longest remaining path, itself included */
};

/* A deletion and a creation that look like one thing renamed, and the edit that would say so. */
struct likely_rename {
	struct str from, to;		/* addresses */
	struct str edit;		/* renamed_from = "old" */
	struct span span;		/* of the block that it would stand in */
};
struct likely_vec VEC_OF(struct likely_rename);

struct plan_counts {
	size_t create, update, replace, delete, metadata, collect, forget, rename;
	size_t adopt;
	size_t unchanged;
	size_t blocked, conflicts;
};

/* A rule of the model that an action falls under. */
struct verdict {
	uint32_t rule, action;
	struct str path;		/* the property that it is for; empty: for none */
};

struct plan {
	const struct model *model;
	const struct state *state;
	struct action *actions;		/* sorted by address; ACTION_NONE left out */
	size_t action_count;
	struct node *nodes;
	size_t node_count;
	struct plan_counts counts;
	struct verdict *verdicts;	/* by rule, then action */
	size_t verdict_count, denied;	/* denied: those of rules that deny */
	struct value outputs;		/* MAP: as far as they are known */
	/* One per resource of the model, unchanged ones too. */
	struct resolved {
		struct str address;		/* as text */
		struct str instance;		/* empty: lineage or account are unknown */
		struct str name;
		uint32_t generation;
		uint32_t action;		/* NO_RESOURCE: none, it stays as it is */
		struct value properties;	/* MAP: wanted, as far as known */
		struct str_list edges;		/* sorted addresses it depends on, for its row */
		const struct row *row;		/* NULL: new */
		/* Its row in the state, where an older generation of it is wanted again. */
		const struct row *left_behind;
		bool left_out;			/* by --target: it stays as its row has it */
		struct str renamed_from;	/* address that the row has; empty: this one */
		/* By `import`: only what belongs to nobody, or anything (--take-over). */
		enum adoption { ADOPT_NOT, ADOPT_FREE, ADOPT_ANY } adoption;
		/* Digests of its replace_when; one that is not known yet is empty, and: */
		struct str_list triggers;
		bool triggers_open;
	} *resolved;
	/* What was seen of each existing thing of the model; NULL: not read. */
	const struct observed **existing;
	struct likely_rename *likely;	/* by address of what is created */
	size_t likely_count;
	bool offline, destroy;		/* as asked for */
	bool resumed;			/* only what an earlier apply left unfinished, so also: */
	bool targeted;			/* only a part of it, by --target: */
	size_t asked_for, added, left_out;	/* resources; added: needed by those asked for */
	struct coverage coverage;		/* of the observation that it was made with */
	struct str meant_stage;		/* of a new stage: what its name may be a slip for */
};

/* Nothing was ever made of it: everything will be created. */
bool plan_is_of_new_stage(const struct plan *plan);

struct plan_options {
	bool destroy;			/* nothing is wanted */
	bool back;			/* what an earlier state stands for is (inverse.h) */
	struct str_list allow_data_loss;	/* addresses, or "all" */
	struct str_list targets;	/* addresses, of blocks and modules too; none: all */
	bool resume;			/* only rows that were left unfinished, no other target */
	struct str_list replace;	/* addresses of what is replaced in any case */
	struct str_list take_over;	/* addresses whose import may belong to others */
	bool offline;			/* nothing was observed: compare with the state only */
	struct str secret_key;		/* of the state's hashes (secret.h); empty: all differ */
	bool draft;			/* only to tell what to observe: no assertion is judged */
	struct str_list stages;		/* known ones: that have a state or stand in the spec */
};

/* False with diagnostics if there is a cycle or state and model contradict each other. */
bool plan_make(struct arena *a, const struct model *want, const struct state *have,
	       const struct observation *live, const struct plan_options *options,
	       struct plan *out, struct diags *d);

/* A row that says itself that something is left to do: unfinished, or with older generations. */
bool row_is_left(const struct row *row);
/*
 * Whether an action ends just what the intent in its row says: with nothing of the
 * spec changed since, whoever agreed to that has agreed to this.
 */
bool plan_is_as_meant(struct arena *scratch, const struct plan *plan, const struct action *act,
		      struct str secret_key);

/*
 * The wanted properties of a resource with everything filled in that is known:
 * its name, its instance (tag, key or description), and the driver's default
 * for what was applied before and is no longer in the spec.  attribute answers
 * what a reference to another resource gives (unknown if not yet).  What cannot
 * be worked out of it (text that is no number, an item that is not there) is told
 * to d, which may be NULL.  The planner and the executor use this one function.
 */
struct attribute_source {
	void *context;
	struct value (*attribute)(void *context, struct arena *a, uint32_t resource,
				  struct str name);
};
struct value plan_properties(struct arena *a, const struct plan *plan, uint32_t resource,
			     const struct attribute_source *source, struct diags *d);
/* Its properties with those of ignore_changes as they are live, or else were applied last. */
struct value plan_ignored(struct arena *a, const struct plan *plan, uint32_t resource,
			  const struct value *properties);
/* Digests of what its replace_when names; false: one is not known yet, and is empty. */
bool plan_triggers(struct arena *a, const struct plan *plan, uint32_t resource,
		   const struct attribute_source *source, struct str_list *out, struct diags *d);
/*
 * What an identifier says of the driver's key, "a|b" in the order of its parts: MAP of
 * those that it has.  The ARN or URL of what has a name stands for the name.
 */
struct value plan_adopted_key(struct arena *a, const struct schema *schema, struct str identifier);
/*
 * An attribute of a resource from its final properties, the driver's `known`
 * templates and the attributes read, in this order; unknown with a reason if
 * none says it.
 */
struct value plan_attribute(struct arena *a, const struct plan *plan, uint32_t resource,
			    struct str name, const struct value *properties,
			    const struct value *attributes);
/* What an existing thing is looked up by, and where. */
struct value plan_existing_key(struct arena *a, const struct plan *plan, uint32_t existing);
struct scope plan_existing_scope(const struct plan *plan, uint32_t existing);
/* Why it cannot be read by this program; empty if it can. */
struct str plan_existing_conflict(struct arena *a, const struct plan *plan, uint32_t existing);
/* What a use of it stands for: unknown if it was not read. */
struct value plan_existing_value(struct arena *a, const struct plan *plan, uint32_t existing,
				 struct str attribute);

/* Outputs with the given attributes; d as above. */
struct value plan_outputs(struct arena *a, const struct plan *plan,
			  const struct attribute_source *source, struct diags *d);

/* Same on the managed paths (those wanted has), by the driver's compare rules. */
bool properties_match(struct arena *scratch, const struct resource *resource,
		      const struct value *wanted, const struct value *live);

/* An IAM policy in one form: lists sorted, single values as lists, conditions as text. */
struct value policy_normal(struct arena *a, const struct value *v);

/*
 * Whether an assertion holds, as far as that can be told; message if it does
 * not.  The plan reports those that fail already; the others are asked for
 * again after an apply.
 */
enum holds { HOLDS_YES, HOLDS_NO, HOLDS_UNKNOWN };
enum holds plan_holds(struct arena *a, const struct plan *plan, uint32_t assertion,
		      const struct attribute_source *source, struct str *message);

/* Wanted properties with what is sensitive withheld: what may be shown of it. */
struct value plan_shown_properties(struct arena *a, const struct plan *plan, uint32_t resource);

/*
 * "orders" is the block with all its keys and parts, "module.cdn" everything in it,
 * "orders/role" and "private['a']" one of them.
 */
bool address_is_within(struct arena *scratch, struct str target, const struct address *address);

const char *action_kind_name(enum action_kind kind);
/* What is there is changed in place by calls. */
bool action_updates(const struct action *act);
/* Only the state changes: no call is made. */
bool action_is_of_state(const struct action *act);

#endif
