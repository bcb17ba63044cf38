#include "walk_aws.h"

#include "compiler/lifecycle.h"

#include <inttypes.h>
#include <signal.h>
#include <unistd.h>

#define ACCOUNT "111122223333"
#define SHOWN_MOST 1900
#define CIRCLE_MOST 6			/* links that are looked along */

uint64_t walk_seed;

void walk_fail(struct walk *w, const char *file, int line, struct str message)
{
	struct str text = w->kit.review.plan ? kit_text(&w->kit, true) : STR("");

	text = str_slice(text, 0, SHOWN_MOST);
	message = str_slice(message, 0, SHOWN_MOST);

	ck_abort_msg("EFFC_SEED=%" PRIu64 ", while %s: %.*s (%s:%d)\n%.*s", walk_seed, w->doing,
		     STR_ARG(message), file, line, STR_ARG(text));
}

/* BUG() knows no seeds. */
static void tell_seed(int signal_number)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "EFFC_SEED=%" PRIu64 "\n", walk_seed);

	if (write(2, text, (size_t)length) < 0)
		_exit(2);
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

void walk_begin(struct walk *w, uint64_t seed)
{
	*w = (struct walk){ .random = random_seeded(seed), .doing = "beginning" };
	walk_seed = seed;
	signal(SIGABRT, tell_seed);
	w->kit.resources_most = WALK_SLOTS;
	kit_init(&w->kit);
}

void walk_end(struct walk *w)
{
	kit_release(&w->kit);
}

uint32_t walk_below(struct walk *w, uint32_t bound)
{
	return (uint32_t)random_below(w->random, bound);
}

bool walk_chance(struct walk *w, uint32_t percent)
{
	return walk_below(w, 100) < percent;
}

/* ---- what stands ---- */

struct thing *walk_thing(struct walk *w, struct str address, uint32_t generation)
{
	for (size_t i = 0; i < w->thing_count; i++) {
		struct thing *t = &w->things[i];

		if (t->alive && !t->foreign && t->generation == generation &&
		    str_equal(t->address, address))
			return t;
	}
	return NULL;
}

struct thing *walk_by_instance(struct walk *w, struct str instance)
{
	for (size_t i = 0; i < w->thing_count; i++) {
		struct thing *t = &w->things[i];

		if (t->alive && !t->foreign && str_equal(t->instance, instance))
			return t;
	}
	return NULL;
}

static struct str string_of(const struct value *properties, const char *name)
{
	const struct value *v = value_get_c(properties, name);

	return v && v->kind == VALUE_STRING ? v->string : STR("");
}

struct value walk_attribute(struct walk *w, const struct thing *t, struct str name)
{
	const struct value *size = value_get_c(&t->properties, "Size");
	struct arena *a = &w->kit.arena;

	if (str_equal_c(name, "Id"))
		return value_string(str_format(a, "id-%.*s-%u-", STR_ARG(t->born),
					       t->generation));
	if (str_equal_c(name, "Stream"))
		return value_string(str_format(a, "id-%.*s-%u-%d", STR_ARG(t->born),
					       t->generation, size ? (int)size->integer : 0));
	if (str_equal_c(name, "CodeDigest"))
		return value_string(str_format(a, "digest-%.*s",
					       STR_ARG(string_of(&t->properties, "Code"))));
	return value_string(str_format(a, "arn:aws:kit:%.*s:" ACCOUNT ":%.*s", STR_ARG(t->region),
				       STR_ARG(t->name)));
}

struct value walk_attributes(struct walk *w, const struct thing *t)
{
	static const struct str names[] = {
		STR_INIT("Id"), STR_INIT("Stream"), STR_INIT("CodeDigest"),
	};
	struct value v = value_map();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		value_set(&w->kit.arena, &v, names[i], walk_attribute(w, t, names[i]));
	return v;
}

/* ---- what a read answers ---- */

/* The same list in another order. */
static struct value shuffled(struct walk *w, const struct value *list)
{
	struct value out = value_copy(&w->kit.arena, list);

	for (size_t i = out.list.count; i > 1; i--) {
		size_t k = walk_below(w, (uint32_t)i);
		struct value other = out.list.items[k];

		out.list.items[k] = out.list.items[i - 1];
		out.list.items[i - 1] = other;
	}
	return out;
}

static struct value foreign_tag(struct walk *w, const struct value *tags)
{
	struct value out = shuffled(w, tags), tag = value_map();

	value_set(&w->kit.arena, &tag, STR("Key"), value_string(STR("aws:stack")));
	value_set(&w->kit.arena, &tag, STR("Value"), value_string(STR("x")));
	value_append(&w->kit.arena, &out, tag);
	return out;
}

static struct value echo(struct walk *w, struct str name, const struct value *v)
{
	if (str_equal_c(name, "Set") || str_equal_c(name, "Rules"))
		return shuffled(w, v);
	if (str_equal_c(name, "Tags"))
		return foreign_tag(w, v);
	if (str_equal_c(name, "Description") && walk_chance(w, 50))
		return value_string(str_lower(&w->kit.arena, v->string));
	return value_copy(&w->kit.arena, v);
}

struct value walk_read(struct walk *w, const struct thing *t)
{
	struct value v = value_map();

	for (uint32_t i = 0; i < t->properties.map.count; i++) {
		struct str name = t->properties.map.entries[i].key;
		const struct member *member = t->properties.map.entries[i].value;

		if (!str_equal_c(name, "Code"))
			value_set(&w->kit.arena, &v, name, echo(w, name, &member->value));
	}
	if (!value_get_c(&v, "Wait"))
		value_set(&w->kit.arena, &v, STR("Wait"), value_int(30));
	value_set(&w->kit.arena, &v, STR("Extra"), value_string(STR("made by AWS")));
	return v;
}

static struct observed *see(struct walk *w, struct str address)
{
	struct observed *seen = arena_new(&w->kit.arena, struct observed);

	seen->seen = SEEN_ABSENT;
	*map_put(&w->kit.arena, &w->kit.live.by_address, address) = seen;
	return seen;
}

static bool holds_name(const struct walk *w, const struct schema *schema, struct str region,
		       struct str name, bool fixed)
{
	for (size_t i = 0; name.length && i < w->thing_count; i++) {
		const struct thing *t = &w->things[i];

		if (!t->alive || !str_equal(t->name, name) || !str_equal(t->type, schema->type) ||
		    !str_equal(t->region, region))
			continue;
		/* What a renamed one took along is not asked for: the plan finds another name. */
		return t->foreign || fixed || !map_has(&w->kit.model.by_address, t->address);
	}
	return false;
}

static void observe_row(struct walk *w, const struct row *row, struct str address)
{
	struct observed *seen = see(w, address);
	const struct thing *t = walk_by_instance(w, row->instance);

	if (!t)
		return;
	seen->seen = SEEN_FOUND;
	seen->properties = walk_read(w, t);
	seen->attributes = walk_attributes(w, t);
	seen->facts = value_map();
	value_set(&w->kit.arena, &seen->facts, STR("messages"), value_int(t->messages));
}

/* The row that a block takes over from its former address. */
static const struct row *former_row(struct walk *w, const struct resource *r)
{
	const struct row *row = NULL;

	for (size_t i = 0; r->lifecycle && i < r->lifecycle->renamed_from.count && !row; i++)
		row = state_find(&w->kit.state, r->lifecycle->renamed_from.items[i]);
	return row;
}

/* A plan of the state alone tells what is looked for. */
static void draft(struct walk *w)
{
	struct kit *k = &w->kit;
	const struct plan_options options = k->options;

	k->options.offline = k->options.draft = true;
	WALK_CHECK(w, kit_plan(k), "no draft: %.*s", STR_ARG(k->diags.count ?
		   k->diags.items[0].text : STR("")));
	k->options = options;
}

/* Its row, or that of the generation which is wanted again. */
static const struct row *row_looked_for(const struct walk *w, const struct row *row)
{
	const struct plan *plan = &w->kit.plan;

	for (size_t i = 0; !plan->destroy && i < w->kit.model.resource_count; i++) {
		if (plan->resolved[i].left_behind == row)
			return plan->resolved[i].row;
	}
	return row;
}

void walk_observe(struct walk *w)
{
	struct kit *k = &w->kit;

	k->live.by_address = (struct map){ 0 };
	draft(w);
	for (size_t i = 0; i < k->state.row_count; i++)
		observe_row(w, row_looked_for(w, k->state.rows[i]),
			    address_text(&k->arena, &k->state.rows[i]->address));
	for (size_t i = 0; i < k->model.resource_count; i++) {
		const struct resource *r = &k->model.resources[i];
		struct str address = k->model.by_address.entries[i].key, name;

		if (state_find(&k->state, address))
			continue;
		if (former_row(w, r)) {
			observe_row(w, row_looked_for(w, former_row(w, r)), address);
			continue;
		}
		name = r->name.fixed ? string_of(&r->properties, "Name") : r->name.base;
		if (holds_name(w, r->schema, r->scope.region, name, r->name.fixed))
			see(w, address)->seen = SEEN_FOREIGN;
		else
			see(w, address);
	}
}

/* ---- what it refuses ---- */

static bool mentions(const struct value *v, struct str text)
{
	bool found = v->kind == VALUE_STRING && str_contains(v->string, text);

	for (size_t i = 0; v->kind == VALUE_LIST && !found && i < v->list.count; i++)
		found = mentions(&v->list.items[i], text);
	for (uint32_t i = 0; v->kind == VALUE_MAP && !found && i < v->map.count; i++)
		found = mentions(&((struct member *)v->map.entries[i].value)->value, text);
	return found;
}

static bool stands(const struct walk *w, struct str born, uint32_t generation)
{
	bool found = false;

	for (size_t i = 0; i < w->thing_count && !found; i++) {
		const struct thing *t = &w->things[i];

		found = t->alive && !t->foreign && t->generation == generation &&
			str_equal(t->born, born);
	}
	return found;
}

/* Everything that its properties name stands. */
static void check_references(struct walk *w, const struct thing *t, const struct value *v)
{
	struct str rest = v->kind == VALUE_STRING ? v->string : STR("");

	if (str_starts(rest, STR("id-"))) {
		struct str address = str_slice(rest, 3, 6);
		uint32_t generation = (uint32_t)strtoul(str_to_c(&w->kit.arena, rest) + 7, NULL,
							10);

		WALK_CHECK(w, stands(w, address, generation),
			   "%.*s names '%.*s', which does not stand", STR_ARG(t->address),
			   STR_ARG(rest));
	}
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		check_references(w, t, &v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		check_references(w, t, &((struct member *)v->map.entries[i].value)->value);
}

static bool same(const struct value *a, const struct value *b)
{
	return a && b ? value_equal(a, b) : !a && !b;
}

static const struct value *fixed_of(const struct value *rules, struct str id)
{
	for (size_t i = 0; rules && rules->kind == VALUE_LIST && i < rules->list.count; i++) {
		const struct value *rule = &rules->list.items[i];

		if (str_equal(value_get_str(rule, "Id"), id))
			return value_get_c(rule, "Fixed");
	}
	return NULL;
}

static void check_in_place(struct walk *w, const struct thing *t, const struct value *wanted)
{
	static const char *const names[] = { "Key", "Mode", "Name", "Parent", "Sid" };
	const struct value *rules = value_get_c(wanted, "Rules");
	const struct value *old_rules = value_get_c(&t->properties, "Rules");

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		WALK_CHECK(w, same(value_get_c(&t->properties, names[i]),
				   value_get_c(wanted, names[i])),
			   "%s of %.*s cannot change in place", names[i], STR_ARG(t->address));
	for (size_t i = 0; rules && i < rules->list.count; i++) {
		struct str id = value_get_str(&rules->list.items[i], "Id");
		const struct value *old = fixed_of(old_rules, id);

		WALK_CHECK(w, !old || same(old, fixed_of(rules, id)),
			   "Rules[%.*s].Fixed of %.*s cannot change in place", STR_ARG(id),
			   STR_ARG(t->address));
	}
}

/* What its owner keeps stands in the way of nothing that a plan could move. */
static bool is_forgotten(struct walk *w, const struct thing *t)
{
	const struct action *act = kit_action(&w->kit, str_to_c(&w->kit.arena, t->address));

	return t->foreign || (act && act->kind == ACTION_FORGET);
}

static void check_new(struct walk *w, const struct thing *t)
{
	for (size_t i = 0; i < w->thing_count; i++) {
		const struct thing *o = &w->things[i];

		if (!o->alive || o == t || !str_equal(o->region, t->region))
			continue;
		WALK_CHECK(w, !str_equal(o->instance, t->instance), "%.*s is made twice",
			   STR_ARG(t->address));
		WALK_CHECK(w, is_forgotten(w, o) || !t->name.length || !str_equal(o->name, t->name) ||
			   !str_equal(o->type, t->type), "the name of %.*s is taken by %.*s",
			   STR_ARG(t->address), STR_ARG(o->address));
		WALK_CHECK(w, is_forgotten(w, o) || !str_equal(t->type, w->kit.fixed->type) ||
			   !str_equal(o->type, t->type) ||
			   !same(value_get_c(&o->properties, "Key"),
				 value_get_c(&t->properties, "Key")),
			   "the key of %.*s (%u) is taken by %.*s (%u)",
			   STR_ARG(t->address), t->generation, STR_ARG(o->address),
			   o->generation);
	}
}

static bool some_go_first(const struct walk *w)
{
	bool some = false;

	for (size_t i = 0; i < w->kit.plan.action_count; i++)
		some = some || w->kit.plan.actions[i].delete_first;
	return some;
}

/*
 * Whether the plan goes on to set it anew, where something is deleted first: what
 * it moves to may be made only then.  A child would be gone with its parent.
 */
static bool moves_later(struct walk *w, const struct thing *user, struct str id)
{
	const struct action *own = kit_action(&w->kit, str_to_c(&w->kit.arena, user->address));
	const struct value *parent = value_get_c(&user->properties, "Parent");

	if (str_equal(user->type, w->kit.child->type) && parent && mentions(parent, id))
		return false;
	return own && own->want != NO_RESOURCE && some_go_first(w);
}

/*
 * Through the edges of rows, as the plan met them: two that stand on each other by
 * weak references may go in any order, since a row does not say which are weak.
 */
static bool stands_on(struct walk *w, struct str from, struct str to, int depth)
{
	const struct action *act = kit_action(&w->kit, str_to_c(&w->kit.arena, from));
	bool found = false;

	for (size_t i = 0; act && act->have && depth && i < act->have->edges.count && !found; i++)
		found = str_equal(act->have->edges.items[i], to) ||
			stands_on(w, act->have->edges.items[i], to, depth - 1);
	return found;
}

/*
 * What has a key that another waits for goes, also where a circle keeps its users
 * from being moved before.
 */
static bool some_take_places(const struct walk *w)
{
	bool some = false;

	for (size_t i = 0; i < w->kit.plan.action_count; i++)
		some = some || str_contains(w->kit.plan.actions[i].reason,
					    STR("takes the place of"));
	return some;
}

static void check_unused(struct walk *w, const struct thing *t)
{
	struct str id = str_format(&w->kit.arena, "id-%.*s-%u-", STR_ARG(t->born),
				   t->generation);

	for (size_t i = 0; i < w->thing_count; i++) {
		const struct thing *user = &w->things[i];

		if (!user->alive || user->foreign || user == t ||
		    !mentions(&user->properties, id))
			continue;
		WALK_CHECK(w, moves_later(w, user, id) || some_take_places(w) ||
			   stands_on(w, t->address, user->address, CIRCLE_MOST),
			   "%.*s (%u) is removed, and %.*s (%u) still uses it: %.*s",
			   STR_ARG(t->address), t->generation, STR_ARG(user->address),
			   user->generation,
			   STR_ARG(json_text(&w->kit.arena, &user->properties)));
	}
}

bool walk_is_allowed(const struct walk *w, struct str address)
{
	const struct str_list *allowed = &w->kit.options.allow_data_loss;

	return str_list_has(allowed, address) || str_list_has(allowed, STR("all"));
}

static void check_allowed(struct walk *w, const struct thing *t)
{
	bool data = t->guard == GUARD_HARD || (t->guard == GUARD_SOFT && t->messages);

	WALK_CHECK(w, !data || t->allowed || walk_is_allowed(w, t->address),
		   "%.*s (%u) holds data (guard %d), and goes without its allowance", STR_ARG(t->address),
		   t->generation, (int)t->guard);
}

/* ---- calls that change something ---- */

struct thing *walk_create(struct walk *w, const struct action *act, const struct value *wanted)
{
	const struct resource *r = &w->kit.model.resources[act->want];
	uintptr_t buried = (uintptr_t)map_get(&w->buried, act->address);
	struct thing *t;

	if (w->thing_count == w->thing_capacity) {
		size_t size = sizeof(*t), capacity = w->thing_capacity * 2 + 64;

		w->things = arena_grow(&w->kit.arena, w->things, w->thing_capacity * size,
				       capacity * size, _Alignof(struct thing));
		w->thing_capacity = capacity;
	}
	t = &w->things[w->thing_count++];
	*t = (struct thing){
		.address = act->address, .born = act->address, .type = r->schema->type, .instance = act->instance,
		.name = string_of(wanted, "Name"), .region = r->scope.region,
		.generation = act->generation, .guard = r->guard, .properties = *wanted,
		.alive = true, .messages = walk_chance(w, 30),
	};
	WALK_CHECK(w, str_equal(t->name, act->name), "%.*s is planned as '%.*s' and made as '%.*s'",
		   STR_ARG(act->address), STR_ARG(act->name), STR_ARG(t->name));
	/* One that is gone is made again as it was, also where it came from another address. */
	WALK_CHECK(w, act->generation >= buried ||
		   (act->have && act->have->generation == act->generation),
		   "%.*s is made as generation %u again",
		   STR_ARG(act->address), act->generation);
	check_new(w, t);
	check_references(w, t, wanted);
	return t;
}

void walk_change(struct walk *w, struct thing *t, const struct value *wanted)
{
	check_in_place(w, t, wanted);
	t->properties = *wanted;
	check_references(w, t, wanted);
}

void walk_remove(struct walk *w, struct thing *t)
{
	check_allowed(w, t);
	check_unused(w, t);
	t->alive = false;
}

void walk_delete_outside(struct walk *w, struct thing *thing)
{
	struct str id = str_format(&w->kit.arena, "id-%.*s-%u-", STR_ARG(thing->born),
				   thing->generation);

	thing->alive = false;
	for (size_t i = 0; i < w->thing_count; i++) {
		struct thing *t = &w->things[i];
		const struct value *parent = value_get_c(&t->properties, "Parent");

		if (t->alive && str_equal(t->type, w->kit.child->type) && parent &&
		    mentions(parent, id))
			walk_delete_outside(w, t);
	}
}
