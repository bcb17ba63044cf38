#include "planner/secret.h"
#include "task.h"

/*
 * Compare and set.  Where a service has revisions, a change says which one it is meant
 * for: the one that the plan saw.  If that moved, it is looked at once more.  A call
 * of ours whose reply was lost moves it too, and so do things that are not managed, so
 * that only what is managed counts: where that is as it was seen, or as it is to be, the
 * change goes on from there.  Else somebody else was here, and nothing of theirs is
 * overwritten.
 */
#define MOVES_MOST 3

void revision_take(struct task *t)
{
	struct str name = t->schema->driver->revision;
	const struct value *seen;

	if (!name.length || !t->action->live || t->action->live->seen != SEEN_FOUND)
		return;
	seen = value_get(&t->action->live->attributes, name);
	if (!seen)
		return;
	t->row->attributes = value_copy(t->all->arena, &t->row->attributes);
	value_replace(t->all->arena, &t->row->attributes, name, *seen);
}

bool revision_moved(struct task *t)
{
	const struct driver *driver = t->schema->driver;

	return t->phase == PHASE_UPDATE && driver->revision.length &&
	       str_equal(op_result(t->op)->failure.code, driver->revision_moved) &&
	       t->moves++ < MOVES_MOST;
}

static bool same(const struct value *a, const struct value *b)
{
	if (!a || !b)
		return a == b;
	return value_equal(a, b);
}

/* The first managed property that is neither as it was seen nor as it is to be; empty: none. */
static struct str foreign_change(struct task *t, const struct value *live)
{
	const struct action *act = t->action;
	const struct value *seen = act->live && act->live->seen == SEEN_FOUND ?
				   &act->live->properties : &t->row->baseline;
	/* As it was seen: with what is secret as its hash. */
	struct value sealed = secret_seal(&t->job.arena, t->schema->driver,
					  t->all->session->secret_key, live);

	for (uint32_t i = 0; i < t->wanted.map.count; i++) {
		struct str name = t->wanted.map.entries[i].key;

		if (!same(value_get(&sealed, name), value_get(seen, name)) &&
		    !same(value_get(live, name), value_get(&t->wanted, name)))
			return name;
	}
	return (struct str){ 0 };
}

bool revision_is_ours(struct task *t, const struct op_result *result)
{
	struct str name;

	if (result->found != OP_FOUND)
		return error_set(&t->error, ERROR_REFUSED, "it was deleted by somebody else "
				 "meanwhile; the next plan makes it again");
	name = foreign_change(t, &result->observed);
	if (!name.length)
		return true;
	return error_set(&t->error, ERROR_REFUSED,
			 "%.*s was changed by somebody else meanwhile; that is not overwritten: "
			 "plan again to see what it is now", STR_ARG(name));
}
