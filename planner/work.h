#ifndef EFFC_PLANNER_WORK_H
#define EFFC_PLANNER_WORK_H

#include "base/json.h"
#include "compare.h"
#include "digraph.h"
#include "plan.h"
#include "spec/expr.h"

/*
 * What the steps of plan_make share.  In order: links of the resources, one
 * decision for each (dependencies first, since what they become decides what
 * is known), decisions for rows that nobody wants, the graph.
 */
struct decision {
	struct action action;
	bool fresh;			/* another thing than before: nothing of it is known */
	bool stands;			/* fresh, but an earlier run made it: it was seen */
	bool as_applied;		/* its row was applied with just these properties */
};

struct work {
	struct arena *arena;		/* of the plan */
	struct arena scratch;		/* of this call */
	struct json_said said;		/* tables that rows and resources share */
	const struct model *model;
	const struct state *state;
	const struct observation *live;	/* NULL: nothing was observed */
	const struct plan_options *options;
	struct plan *plan;
	struct diags *diags;
	struct row *const *rows;	/* of the state, sorted */
	struct map tombstones;		/* address -> struct tombstone */
	struct digraph links;		/* resource -> resource it needs */
	struct decision *decided;	/* one per resource */
	struct decision *removals;	/* one per row that nobody wants, by address */
	size_t removal_count;
	bool *included;			/* by --target, one per resource; NULL: all are */
	struct map going;		/* by --target: addresses of rows that go -> row */
	struct map renamed;		/* former address -> struct resolved that has its row */
	struct map names;		/* "type\nname" -> row, see rename.c */
	bool names_listed;
	struct map goes_first;		/* address of a row -> struct str: what it goes before */
	struct str *gives_way;		/* one per resource: who takes what it had; NULL: nobody */
};

/* ---- links.c ---- */

/*
 * Fills w->links and the edges of w->plan->resolved; order: dependencies first.
 * False after a cycle.
 */
bool work_links(struct work *w, uint32_t *order);
/*
 * Asks for each reference below a property of a resource (top-level name;
 * empty: all); stops when visit returns true, and returns that.
 */
struct reference_visit {
	void *context;
	bool (*visit)(void *context, uint32_t resource, struct str attribute);
};
bool references_visit(struct arena *scratch, const struct resource *resource, struct str property,
		      const struct reference_visit *v);

/* ---- resolve.c ---- */

/* The scope with what the state pins. */
struct scope plan_scope(const struct plan *plan, uint32_t resource);
/*
 * Names, instance and generation of a resource that is made anew or stays.
 * beside: an older generation stands while it is made, so that a generated
 * name takes a suffix; what was deleted before leaves its name free.
 */
void resolve_new(struct work *w, uint32_t i, uint32_t generation, bool beside);
/* The same of what the state does not have: the first generation, or the one after the last. */
void resolve_first(struct work *w, uint32_t i);
void resolve_kept(struct work *w, uint32_t i);
/* resolved[i].properties and a name that is written in them. */
void resolve_properties(struct work *w, uint32_t i);
struct attribute_source work_source(struct work *w);

/* Evaluates what holds no attribute of a resource. */
struct value scope_evaluate(struct arena *a, const struct plan *plan, const struct scope *scope,
			    const struct value *v);
/* An account that nobody says is the stack's. */
struct scope scope_complete(const struct plan *plan, const struct scope *scope);

/* Any value that may stand in a property of the resource. */
struct value resource_evaluate(struct arena *a, const struct plan *plan, uint32_t resource,
			       const struct attribute_source *source, const struct value *v,
			       struct diags *d);

/* ---- target.c ---- */

/* Fills included and going, once links and rows are known. */
void targets_take(struct work *w);
bool is_left_out(const struct work *w, uint32_t i);
bool removal_is_left_out(const struct work *w, struct str address);
/* Once all is decided: true if something came along and all has to be decided again. */
bool targets_extend(struct work *w);
/* The decision for what is left out: it stays as the state has it. */
void leave_out(struct work *w, uint32_t i);
void targets_count(struct work *w);

/* ---- adopt.c ---- */

/* By `import`, and not yet ours. */
bool is_adopted(const struct work *w, uint32_t i);
void adopt_decide(struct work *w, uint32_t i, const struct observed *seen);

/* ---- rename.c ---- */

/* Gives the rows of former addresses to those that have them now.  False after a report. */
bool renames_take(struct work *w);
/* The address that something has in this plan. */
struct str address_now(const struct work *w, struct str address);
/* Once it is decided what else happens to it. */
void rename_decide(struct work *w, uint32_t i);
/* Something that stays has the name that would be made for it. */
bool name_is_held(struct work *w, uint32_t i);

/* ---- likely.c ---- */

/* Fills plan->likely, once the actions are there. */
void likely_renames(struct work *w);

/* ---- ignore.c ---- */

bool ignores_any(const struct resource *r);
/* Nothing of the property is looked at. */
bool ignores_whole(const struct resource *r, struct str property);
/* wanted with what is ignored as the row says it was applied, or as it is live. */
struct value ignore_applied(struct arena *a, const struct resource *r, const struct row *row,
			    const struct value *wanted);
struct value ignore_live(struct arena *a, const struct resource *r, const struct value *wanted,
			 const struct value *live);

/* ---- trigger.c ---- */

void triggers_resolve(struct work *w, uint32_t i);
/* Fills the action's reason. */
bool forced_by_trigger(struct work *w, uint32_t i);
/* The row has other ones, or they are known only once all else is applied. */
bool triggers_differ(const struct resolved *resolved);

/* ---- existing.c ---- */

/* Takes what was seen of them.  False after a report: one is not there. */
bool existing_take(struct work *w);
/* ${existing.zone.Id}: its value, or unknown. */
struct value existing_lookup(struct arena *a, const struct plan *plan, const struct expr *e,
			     size_t *used);

/* ---- decide.c ---- */

void decide(struct work *w, uint32_t i);
void decide_removal(struct work *w, const struct row *row, struct decision *out);
/* Whether an unfinished one must be replaced, against what its row says; fills the changes. */
bool row_is_forced(struct work *w, uint32_t i);
/* NULL: nothing is known of it. */
const struct observed *work_seen(const struct work *w, struct str address);
/* GUARD_NONE if nothing stands in the way. */
/* Whether --allow-data-loss names it. */
bool work_allows_loss(const struct work *w, struct str address);
enum guard work_guard(const struct work *w, struct str address, enum guard guard,
		      const struct observed *seen);
void action_rebind(struct work *w, struct action *act, struct str property);

/* ---- back.c ---- */

/* True: an older generation is wanted again, and is the row that is decided on. */
bool back_take(struct work *w, uint32_t i, const struct observed *seen);
/* Once it is decided what else happens to it. */
void back_decide(struct work *w, uint32_t i);

/* ---- replace.c ---- */

/* It cannot be made in place. */
bool change_forces(const struct schema *schema, const struct change *change);
/* Whether the changes or what it depends on force another thing; fills the action's reason. */
bool replace_needed(struct work *w, uint32_t i);
/* Makes the decision a replacement of the row by the next generation. */
void replace_decide(struct work *w, uint32_t i);
/* Whether what stands of it, row and older generations, goes before the new one is made. */
void replace_order(struct work *w, uint32_t i, const struct row *row);
/* Marks properties to set again since what they name was replaced. */
void rebind_decide(struct work *w, uint32_t i);

/* ---- judge.c ---- */

/* What the rules of the model say of w->plan->actions. */
void work_judge(struct work *w);

/* ---- loose.c ---- */

/* loose: one per link of w->links; set for the weak ones that need not order what is new. */
void work_loosen(struct work *w, bool *loose);

/* ---- handover.c ---- */

/* Once all is decided: true if something has to go first, and all is to be decided again. */
bool handovers_find(struct work *w);

/* ---- graph.c ---- */

/* The newest generation that this action removes; older ones hang on it. */
const struct row *first_removed(const struct action *act);
/* What may exist once. Empty if the type has no such key or part of it is not known. */
struct str unique_key(struct arena *a, const struct driver *driver, const struct scope *scope,
		      const struct value *properties);
struct str name_key(struct arena *a, struct str type, const struct scope *scope, struct str name);

/* Nodes and their order, from w->plan->actions.  False after a cycle. */
bool work_graph(struct work *w);

#endif
