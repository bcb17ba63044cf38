#ifndef EFFC_PLANNER_COMPARE_H
#define EFFC_PLANNER_COMPARE_H

#include "plan.h"

/*
 * Are two values the same to AWS?  The answer comes from data alone: the
 * driver's compare rules and the type's facts.  Nothing here names a type.
 *
 * A walk carries the dotted path ("Environment.Variables.STAGE",
 * "GlobalSecondaryIndexes[byDay].Projection") along as it descends, since the
 * rules speak of paths.  An absent value is a NULL pointer or VALUE_NULL.
 */
struct walk {
	struct arena *arena;		/* what is found lives here */
	struct arena *scratch;
	const struct schema *schema;
	struct buf path;		/* in scratch */
	bool live;			/* against what was read: write-only paths never differ */
	struct change_vec *out;
};

void walk_init(struct walk *w, struct arena *a, struct arena *scratch, const struct schema *schema,
	       struct change_vec *out);
/* Goes into a member or an item; walk_leave with what it returned goes back. */
size_t walk_member(struct walk *w, struct str name);
size_t walk_item(struct walk *w, struct str key);
void walk_leave(struct walk *w, size_t length);

/*
 * "Tags[].Key" fits "Tags[team].Key"; "*" fits any one step.  With deeper, a
 * path below the pattern fits too.
 */
bool path_fits(struct str pattern, struct str path, bool deeper);
bool path_list_fits(const struct str_list *patterns, struct str path, bool deeper);
/* Values there are never shown: environment variables and what the driver calls secret. */
bool path_is_sensitive(const struct driver *driver, struct str path);

bool value_is_absent(const struct value *v);
/* Absent, or a list or map with nothing in it: AWS answers one for the other. */
bool value_is_empty(const struct value *v);
const struct shape *shape_member(const struct shape *shape, struct str name);
/* The rule at the walk's path; *key: the identifying field of KEYED. */
enum compare_rule walk_rule(const struct walk *w, const struct shape *shape, struct str *key);

const struct shape *element_shape(const struct shape *shape);
const struct shape *property_shape(const struct schema *schema, struct str name);
/* key -> const struct value of a list's items; false if one has none or two have the same. */
bool walk_index(struct walk *w, const struct value *list, struct str key, struct map *out);
/* Lists where what nobody asked for does not count: tags. */
bool walk_is_open(const struct walk *w);
/*
 * managed: a is what is wanted and b what is live, so what only b has does not
 * count.  Otherwise both sides count alike.
 */
bool walk_same(struct walk *w, const struct shape *shape, const struct value *a,
	       const struct value *b, bool managed);

/* Fills w->out with the leaves that differ, before and after an edit of the spec. */
void walk_changes(struct walk *w, const struct value *before, const struct value *after);
/*
 * Fills w->out with what moved on the wanted paths: live differs from baseline
 * and is not what is wanted either.
 */
void walk_drift(struct walk *w, const struct value *wanted, const struct value *baseline,
		const struct value *live);
/* As walk_drift with nothing read before: live differs from wanted. */
void walk_repair(struct walk *w, const struct value *wanted, const struct value *live);

#endif
