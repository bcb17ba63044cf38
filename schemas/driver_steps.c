#include "driver_parse.h"

/* Keys of a step besides those of its call, by place. */
static const char *const read_extra[] = {
	"props", "when", "at", "for", "facts", "learns", "risk", NULL,
};
static const char *const create_extra[] = { "when", "get", "wait", "then", NULL };
static const char *const update_extra[] = {
	"props", "when", "each", "fields", "clear", "get", "unset", "wait", NULL,
};
static const char *const delete_extra[] = {
	"when", "each", "get", "wait", "allowed", "drain", "partly", NULL,
};
static const char *const wait_extra[] = {
	"until", "fail", "why", "every", "backoff", "cap", "for", NULL,
};
static const char *const nested_extra[] = { "each", NULL };
static const char *const list_extra[] = { "items", "match", "take", NULL };
static const char *const tags_keys[] = {
	"property", "form", "set", "unset", "in", "as", "members", "arn", NULL,
};

const char *const *keys_joined(struct driver_parser *p, const char *const *extra)
{
	size_t count = 0, at = 0;
	const char **all;

	while (call_keys[count])
		count++;
	for (size_t i = 0; extra[i]; i++)
		count++;
	all = arena_array(p->arena, const char *, count + 1);
	for (size_t i = 0; call_keys[i]; i++)
		all[at++] = call_keys[i];
	for (size_t i = 0; extra[i]; i++)
		all[at++] = extra[i];
	return all;
}

static const struct wait_rule *wait_find(struct driver_parser *p, const struct value *v)
{
	if (!v)
		return NULL;
	for (size_t i = 0; v->kind == VALUE_STRING && i < p->steps->wait_count; i++) {
		if (str_equal(p->steps->waits[i].name, v->string))
			return &p->steps->waits[i];
	}
	diag_error(p->d, v->span, "no such wait");
	return NULL;
}

/* `get` and `unset`: an operation's name, or a call. */
static const struct driver_call *side_call(struct driver_parser *p, const struct value *v,
					   const char *what)
{
	struct driver_call *call;
	struct value map;

	if (!v)
		return NULL;
	call = arena_new(p->arena, struct driver_call);
	if (v->kind == VALUE_STRING) {
		map = value_map();
		map.span = v->span;
		*value_set(p->arena, &map, STR("call"), value_null()) = *v;
		call_parse(p, &map, call);
		return call;
	}
	if (keys_known(p, v, what, call_keys))
		call_parse(p, v, call);
	return call;
}

static void each_parse(struct driver_parser *p, const struct value *v, struct driver_step *step)
{
	static const struct {
		const char *name;
		enum each_kind kind;
	} kinds[] = {
		{ "put", EACH_PUT }, { "added", EACH_ADDED }, { "changed", EACH_CHANGED },
		{ "removed", EACH_REMOVED }, { "all", EACH_ALL }, { "set", EACH_SET },
		{ "unset", EACH_UNSET },
	};
	struct str text, kind;
	size_t dot;

	if (!v)
		return;
	if (v->kind != VALUE_STRING) {
		diag_error(p->d, v->span, "'each' must be a text");
		return;
	}
	text = v->string;
	if (text.length && text.data[0] == '.') {
		step->each = EACH_REPLY;
		step->each_term = term_parse(p, v);
		if (!step->get)
			diag_error(p->d, v->span, "'each' over a reply needs 'get'");
		return;
	}
	dot = str_last_index(text, '.');
	kind = str_slice(text, dot + 1, text.length);
	step->each_property = str_slice(text, 0, dot);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (str_equal_c(kind, kinds[i].name))
			step->each = kinds[i].kind;
	}
	if (step->each == EACH_NONE)
		diag_error(p->d, v->span, "'each' is Property.put, .added, .changed, .removed, "
			   ".all, .set or .unset, or a path of the reply to 'get'");
}

/* A call for all of a page, and the next page, until none is left. */
static void drain_parse(struct driver_parser *p, const struct value *v, struct driver_step *step)
{
	const struct value *drain = value_get_c(v, "drain"), *partly = value_get_c(v, "partly");

	step->allowed = key_bool(p, v, "allowed");
	step->has_drain = drain != NULL;
	step->has_partly = partly != NULL;
	if (drain)
		step->drain = term_parse(p, drain);
	if (partly)
		step->partly = term_parse(p, partly);
	if (drain && (!step->get || step->each != EACH_NONE))
		diag_error(p->d, drain->span, "'drain' needs 'get' and no 'each'");
	if (!drain != !partly)
		diag_error(p->d, v->span, "'drain' and 'partly' come together");
}

static void nested_parse(struct driver_parser *p, const struct value *v, struct driver_step *step)
{
	struct driver_nested *nested;
	const struct value *each;

	if (!v)
		return;
	nested = arena_new(p->arena, struct driver_nested);
	if (!keys_known(p, v, "'for'", keys_joined(p, nested_extra)))
		return;
	each = value_get_c(v, "each");
	call_parse(p, v, &nested->call);
	if (!each || !nested->call.operation.length)
		diag_error(p->d, v->span, "'for' needs 'each' and 'call'");
	else
		nested->each = term_parse(p, each);
	step->nested = nested;
}

static void absent_inherited(struct driver_parser *p, struct refusals *absent)
{
	struct refusal *all;

	if (!p->common_absent.count)
		return;
	all = arena_array(p->arena, struct refusal, absent->count + p->common_absent.count);
	for (size_t i = 0; i < absent->count; i++)
		all[i] = absent->items[i];
	for (size_t i = 0; i < p->common_absent.count; i++)
		all[absent->count + i] = p->common_absent.items[i];
	absent->items = all;
	absent->count += p->common_absent.count;
}

static void step_parse(struct driver_parser *p, const struct value *v, enum step_place place,
		       struct driver_step *step)
{
	static const char *const *const extras[] = {
		[PLACE_READ] = read_extra, [PLACE_CREATE] = create_extra,
		[PLACE_UPDATE] = update_extra, [PLACE_DELETE] = delete_extra,
	};
	const struct value *clear, *at;

	step->span = v->span;
	step->clear = value_map();
	if (!keys_known(p, v, "a step", keys_joined(p, extras[place])))
		return;
	call_parse(p, v, &step->call);
	step->props = key_str_list(p, v, "props");
	conditions_parse(p, value_get_c(v, "when"), &step->when);
	at = value_get_c(v, "at");
	step->has_at = at != NULL;
	if (at)
		step->at = term_parse(p, at);
	step->fields = key_str_list(p, v, "fields");
	step->get = side_call(p, value_get_c(v, "get"), "'get'");
	step->unset = side_call(p, value_get_c(v, "unset"), "'unset'");
	each_parse(p, value_get_c(v, "each"), step);
	nested_parse(p, value_get_c(v, "for"), step);
	drain_parse(p, v, step);
	step->wait = wait_find(p, value_get_c(v, "wait"));
	step->then = key_str_list(p, v, "then");
	facts_parse(p, value_get_c(v, "facts"), &step->facts);
	step->learns = key_str_list(p, v, "learns");
	step->risk = key_bool(p, v, "risk");
	clear = value_get_c(v, "clear");
	if (clear && clear->kind == VALUE_MAP)
		step->clear = *clear;
	else if (clear)
		diag_error(p->d, clear->span, "'clear' must be a map");
	if (place == PLACE_READ || place == PLACE_DELETE)
		absent_inherited(p, &step->call.absent);
	if (place == PLACE_UPDATE && !step->props.count)
		diag_error(p->d, v->span, "a step of 'update' needs 'props'");
	if (!step->call.operation.length == !step->then.count)
		diag_error(p->d, v->span, place == PLACE_CREATE ?
			   "a step needs either 'call' or 'then'" : "a step needs 'call'");
}

void steps_parse(struct driver_parser *p, const struct value *v, enum step_place place,
		 struct driver_step_list *out)
{
	size_t room;

	if (!v)
		return;
	if (v->kind != VALUE_LIST) {
		diag_error(p->d, v->span, "steps must be a list");
		return;
	}
	if (v->list.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "more than %d steps", DRIVER_ITEMS_LIMIT);
		return;
	}
	/* Room for the two of `tags`. */
	room = v->list.count + 2;
	out->items = arena_array(p->arena, struct driver_step, room);
	for (size_t i = 0; i < v->list.count; i++)
		step_parse(p, &v->list.items[i], place, &out->items[out->count++]);
}

static void wait_parse(struct driver_parser *p, const struct value *v, struct wait_rule *w)
{
	struct str why;

	w->span = v->span;
	if (!keys_known(p, v, "a wait", keys_joined(p, wait_extra)))
		return;
	call_parse(p, v, &w->call);
	absent_inherited(p, &w->call.absent);
	conditions_parse(p, value_get_c(v, "until"), &w->until);
	conditions_parse(p, value_get_c(v, "fail"), &w->fail);
	why = key_str(p, v, "why");
	if (why.length > 1 && why.data[0] == '.' &&
	    !term_path_parse(p, str_slice(why, 1, why.length), v->span, &w->why))
		w->why = (struct term_path){ 0 };
	w->every_ms = key_ms(p, v, "every", 1);
	w->cap_ms = key_ms(p, v, "cap", 10);
	w->for_ms = key_ms(p, v, "for", 300);
	w->backoff = key_number(p, v, "backoff", 1, 4, 1.5);
	if (!w->call.operation.length)
		diag_error(p->d, v->span, "a wait needs 'call'");
	if (!w->until.count && !w->call.absent.count)
		diag_error(p->d, v->span, "a wait needs 'until' or codes that mean 'absent'");
	if (w->every_ms < 100)
		w->every_ms = 100;
}

void waits_parse(struct driver_parser *p, const struct value *v)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'wait' must be a map of names");
		return;
	}
	p->steps->waits = arena_array(p->arena, struct wait_rule, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		struct wait_rule *w = &p->steps->waits[p->steps->wait_count++];

		w->name = v->map.entries[i].key;
		wait_parse(p, &((const struct member *)v->map.entries[i].value)->value, w);
	}
}

void list_parse(struct driver_parser *p, const struct value *v)
{
	struct driver_list *list;
	const struct value *items, *take;
	struct value map;

	if (!v)
		return;
	list = arena_new(p->arena, struct driver_list);
	p->steps->list = list;
	if (!keys_known(p, v, "'list'", keys_joined(p, list_extra)))
		return;
	items = value_get_c(v, "items");
	take = value_get_c(v, "take");
	if (!value_get_c(v, "call") || !items || !take) {
		diag_error(p->d, v->span, "'list' needs 'call', 'items' and 'take'");
		return;
	}
	call_parse(p, v, &list->call);
	absent_inherited(p, &list->call.absent);
	list->items = term_parse(p, items);
	conditions_parse(p, value_get_c(v, "match"), &list->match);
	/* What is taken is written like `out`, but on the item. */
	map = value_map();
	map.span = take->span;
	*value_set(p->arena, &map, STR("out"), value_null()) = *take;
	struct driver_call taken = { 0 };

	call_parse(p, &map, &taken);
	list->call.out = taken.out;
}

/* in, with `member` of the call set to an expression. */
static struct value tags_in(struct driver_parser *p, const struct value *in, struct str member,
			    struct str expression)
{
	struct value out = value_map();

	for (uint32_t i = 0; in && in->kind == VALUE_MAP && i < in->map.count; i++)
		*value_set(p->arena, &out, in->map.entries[i].key, value_null()) =
			((const struct member *)in->map.entries[i].value)->value;
	value_set(p->arena, &out, member, value_string(expression));
	return out;
}

static void tags_step(struct driver_parser *p, const struct value *v, struct str property,
		      const char *operation, struct str member, struct str expression,
		      enum each_kind each)
{
	struct driver_step *step = &p->steps->update.items[p->steps->update.count];
	const struct value *name = value_get_c(v, operation);
	struct value map = value_map();

	if (!name)
		return;
	map.span = v->span;
	*value_set(p->arena, &map, STR("call"), value_null()) = *name;
	value_set(p->arena, &map, STR("bare"), value_bool(true));
	*value_set(p->arena, &map, STR("in"), value_null()) =
		tags_in(p, value_get_c(v, "in"), member, expression);
	*step = (struct driver_step){ .span = v->span, .each = each, .each_property = property };
	step->clear = value_map();
	call_parse(p, &map, &step->call);
	step->call.in.span = v->span;
	step->props.items = arena_new(p->arena, struct str);
	step->props.items[0] = property;
	step->props.count = 1;
	p->steps->update.count++;
}

/* tags: the two update steps that the four styles of tagging have in common. */
void tags_parse(struct driver_parser *p, const struct value *v)
{
	struct str_list members;
	struct str property, as;
	bool list;

	if (!v || !keys_known(p, v, "'tags'", tags_keys))
		return;
	property = value_get_c(v, "property") ? key_str(p, v, "property") : STR("Tags");
	p->steps->tags = property;
	as = key_str(p, v, "as");
	list = str_equal(as, STR("list"));
	if (!list && !str_equal(as, STR("map")) && value_get_c(v, "set"))
		diag_error(p->d, v->span, "'as' must be 'list' or 'map': how the service has tags");
	p->steps->tags_are_map = str_equal(key_str(p, v, "form"), STR("map"));
	tagging_parse(p, value_get_c(v, "arn"));
	members = key_str_list(p, v, "members");
	if (members.count != 0 && members.count != 2) {
		diag_error(p->d, v->span, "'members' names two: of the tags and of the keys");
		return;
	}
	if (!value_get_c(v, "set") != !value_get_c(v, "unset"))
		diag_error(p->d, v->span, "'set' and 'unset' come together");
	if (!p->steps->update.items)
		p->steps->update.items = arena_array(p->arena, struct driver_step, 2);
	tags_step(p, v, property, "unset", members.count ? members.items[1] : STR("TagKeys"),
		  STR("keys($removed)"), EACH_UNSET);
	tags_step(p, v, property, "set", members.count ? members.items[0] : STR("Tags"),
		  list ? STR("taglist($added)") : STR("tagmap($added)"), EACH_SET);
}
