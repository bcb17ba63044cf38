#include "render.h"
#include "make.h"

/* How much harm an action does, in which words, and what would avoid it. */

#define MS_IN_SECOND 1000
#define NAMES_MOST 3

/* ---- what it holds ---- */

static struct value facts_of(const struct action *act)
{
	const struct value *facts = &act->live->facts;

	if (act->live->seen != SEEN_FOUND || facts->kind != VALUE_MAP || !facts->map.count)
		return value_null();
	return *facts;
}

static bool fact_count(const struct review_item *item, const char *name, int64_t *out)
{
	const struct value *v = item->facts.kind == VALUE_MAP ? value_get_c(&item->facts, name) :
								NULL;

	if (!v || v->kind != VALUE_INT || v->integer < 0)
		return false;
	*out = v->integer;
	return true;
}

static bool fact_flag(const struct review_item *item, const char *name, bool *out)
{
	const struct value *v = item->facts.kind == VALUE_MAP ? value_get_c(&item->facts, name) :
								NULL;

	if (!v || v->kind != VALUE_BOOL)
		return false;
	*out = v->boolean;
	return true;
}

static enum guard guard_of(const struct plan *plan, const struct action *act)
{
	enum guard guard = act->have->guard;

	if (act->want != NO_RESOURCE && plan->model->resources[act->want].guard > guard)
		guard = plan->model->resources[act->want].guard;
	return guard;
}

/* Soft without messages has nothing to lose; what is gone neither. */
static enum guard risk_of(const struct plan *plan, const struct action *act,
			  const struct review_item *item)
{
	enum guard guard;
	int64_t messages;

	if (!act->have)
		return GUARD_NONE;
	if (act->blocked != GUARD_NONE)
		return act->blocked;
	guard = guard_of(plan, act);
	if (act->live && act->live->seen != SEEN_FOUND)
		return GUARD_NONE;
	if (guard == GUARD_SOFT && fact_count(item, "messages", &messages) && messages > 0)
		return GUARD_SOFT;
	return guard == GUARD_HARD ? GUARD_HARD : GUARD_NONE;
}

static void add_things(struct buf *b, int64_t count, const char *one, const char *many)
{
	render_count(b, count);
	buf_printf(b, " %s", count == 1 ? one : many);
}

static void add_amount(struct buf *b, const struct review_item *item)
{
	int64_t count, bytes;
	bool counted, empty;

	if (fact_count(item, "items", &count))
		add_things(b, count, "item", count ? "items" : "items when last counted");
	else if (fact_count(item, "messages", &count))
		add_things(b, count, "message", "messages");
	else if (fact_flag(item, "empty", &empty))
		buf_add_c(b, empty ? "nothing: it is empty" : "all data in it");
	if (!fact_count(item, "size_bytes", &bytes))
		return;
	counted = b->length > 0;
	buf_add_c(b, counted ? " (" : "");
	render_bytes(b, bytes);
	buf_add_c(b, counted ? ")" : "");
}

static struct str loss_of(struct arena *a, const struct plan *plan, const struct review_item *item)
{
	bool recovery;
	struct buf b;

	buf_init(&b, a);
	add_amount(&b, item);
	if (!b.length && item->at_risk == GUARD_NONE)
		return (struct str){ 0 };
	if (!b.length)
		buf_add_c(&b, item->at_risk == GUARD_SOFT ? "the messages in it" :
			  plan->offline ? "all data in it (not looked at)" :
			  "all data in it (not counted)");
	if (fact_flag(item, "point_in_time_recovery", &recovery))
		buf_add_c(&b, recovery ? "; point-in-time recovery is on" :
			  ", no point-in-time recovery");
	return buf_str(&b);
}

/* ---- how it goes ---- */

static struct str order_of(struct arena *a, const struct plan *plan, const struct action *act)
{
	const struct driver *driver;
	int64_t away_ms;

	if (act->kind != ACTION_REPLACE)
		return (struct str){ 0 };
	if (!act->delete_first)
		return STR("the new one is created, then the old one deleted");
	driver = plan->model->resources[act->want].schema->driver;
	away_ms = driver ? driver->latency_ms + driver->recreate_wait_ms : 0;
	if (away_ms < MS_IN_SECOND)
		return STR("deleted, then created: for a moment it is away");
	return str_format(a, "deleted, then created: about %lld s without it",
			  (long long)((away_ms + MS_IN_SECOND - 1) / MS_IN_SECOND));
}

/* "Indexes[one].Projection.Type" is in "Indexes.Projection". */
static bool path_is_in(struct str path, struct str whole)
{
	size_t at = 0;

	for (size_t i = 0; i < path.length && at < whole.length; i++) {
		if (path.data[i] == '[')
			i += str_index(str_slice(path, i, path.length), ']');
		else if (path.data[i] != whole.data[at++])
			return false;
		if (at == whole.length)
			return i + 1 >= path.length || path.data[i + 1] == '.' ||
			       path.data[i + 1] == '[';
	}
	return false;
}

/* What an update takes away for a while, of something that was there before. */
static struct str cost_of(const struct plan *plan, const struct action *act)
{
	const struct driver *driver = act->want == NO_RESOURCE ? NULL :
				      plan->model->resources[act->want].schema->driver;

	for (size_t i = 0; driver && i < act->changes.count; i++) {
		const struct change *change = &act->changes.items[i];
		bool item = str_index(change->path, '[') < change->path.length;

		for (size_t k = 0; k < driver->cost_count; k++) {
			if ((change->before.kind != VALUE_NULL || item) &&
			    path_is_in(change->path, driver->costs[k].path))
				return driver->costs[k].text;
		}
	}
	return (struct str){ 0 };
}

/* "KeySchema", "KeySchema and AttributeDefinitions": the properties, each once. */
static struct str forcing_names(struct arena *a, const struct review_item *item)
{
	struct map names = { 0 };
	struct buf b;

	for (size_t i = 0; i < item->change_count && item->changes[i].forces; i++) {
		struct str path = item->changes[i].path;
		size_t dot = str_index(path, '.'), bracket = str_index(path, '[');

		map_put(a, &names, str_slice(path, 0, dot < bracket ? dot : bracket));
	}
	buf_init(&b, a);
	for (uint32_t i = 0; i < names.count && i < NAMES_MOST; i++) {
		bool last = i + 1 == names.count || i + 1 == NAMES_MOST;

		buf_add_c(&b, !i ? "" : last ? " and " : ", ");
		buf_add(&b, names.entries[i].key);
	}
	if (names.count)
		buf_add_c(&b, names.count == 1 ? " as it is" : " as they are");
	return buf_str(&b);
}

static struct str remedy_of(struct arena *a, const struct plan *plan,
			    const struct review_item *item)
{
	struct str names;

	if (item->at_risk == GUARD_NONE || plan->destroy)
		return (struct str){ 0 };
	if (item->at_risk == GUARD_SOFT)
		return STR("let its messages be worked off first");
	if (item->kind == ACTION_DELETE)
		return STR("put its block back, or apply it with retain = true before it goes");
	if (item->cascade.length)
		return str_format(a, "leave '%.*s' as it is", STR_ARG(item->cascade));
	names = forcing_names(a, item);
	if (!names.length)
		return STR("undo the change");
	return str_format(a, "leave %.*s, or add another block and move the data first",
			  STR_ARG(names));
}

/* ---- harm ---- */

static enum harm harm_of(const struct review_item *item)
{
	if (item->at_risk != GUARD_NONE)
		return HARM_DATA;
	switch (item->kind) {
	case ACTION_REPLACE:
		return HARM_REPLACE;
	case ACTION_DELETE:
	case ACTION_COLLECT:
		return HARM_DELETE;
	case ACTION_UPDATE:
		return HARM_UPDATE;
	case ACTION_CREATE:
		return HARM_CREATE;
	case ACTION_ADOPT:
		return HARM_UPDATE;
	case ACTION_RENAME:
		return item->change_count ? HARM_UPDATE : HARM_STATE;
	case ACTION_METADATA:
	case ACTION_FORGET:
	case ACTION_NONE:
		break;
	}
	return HARM_STATE;
}

void item_weigh(struct arena *a, const struct plan *plan, struct review_item *item)
{
	const struct action *act = &plan->actions[item->action];

	if (act->kind != ACTION_REPLACE && act->kind != ACTION_DELETE) {
		item->harm = harm_of(item);
		item->order = cost_of(plan, act);
		return;
	}
	item->facts = act->live ? facts_of(act) : value_null();
	item->at_risk = risk_of(plan, act, item);
	item->loss = loss_of(a, plan, item);
	item->order = order_of(a, plan, act);
	item->remedy = remedy_of(a, plan, item);
	item->harm = harm_of(item);
}
