#include "actions.h"

#include "base/vec.h"
#include "catalogue.h"

struct reading {
	struct arena *a;
	struct str service, prefix;
	struct service_actions *out;
	struct diags *d;
	bool ok;
};

static void mistake(struct reading *r, struct span span, const char *text, struct str name)
{
	diag_error(r->d, span, "actions of '%.*s': %s '%.*s'", STR_ARG(r->service), text,
		   STR_ARG(name));
	r->ok = false;
}

static struct str_list texts_of(struct reading *r, const struct value *v)
{
	size_t count = v->kind == VALUE_LIST ? v->list.count : 1;
	struct str_list out = { arena_array(r->a, struct str, count), count };

	for (size_t i = 0; i < count; i++) {
		const struct value *item = v->kind == VALUE_LIST ? &v->list.items[i] : v;

		if (item->kind == VALUE_STRING)
			out.items[i] = item->string;
		else
			mistake(r, item->span, "expected a text, not a",
				str_from_c(value_kind_name(item->kind)));
	}
	return out;
}

/* "CreateQueue" is of the service's own. */
static struct str full_action(struct reading *r, struct str name)
{
	return str_index(name, ':') < name.length ? name :
	       STR_JOIN(r->a, r->prefix, STR(":"), name);
}

static struct str_list one_text(struct arena *a, struct str text)
{
	struct str_list out = { arena_array(a, struct str, 1), 1 };

	out.items[0] = text;
	return out;
}

static void read_need(struct reading *r, struct str operation, const struct value *source,
		      struct action_need *out)
{
	static const char *const keys[] = { "do", "on", "with", "pass" };
	const struct value *actions = value_get_c(source, "do"), *on = value_get_c(source, "on");

	*out = (struct action_need){ 0 };
	if (source->kind != VALUE_MAP) {
		mistake(r, source->span, "expected a table for", operation);
		return;
	}
	for (uint32_t i = 0; i < source->map.count; i++) {
		bool known = false;

		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			known = known || str_equal_c(source->map.entries[i].key, keys[k]);
		if (!known)
			mistake(r, source->span, "unknown key", source->map.entries[i].key);
	}
	out->with = value_get_str(source, "with");
	out->pass = value_get_str(source, "pass");
	if (out->pass.length && (actions || on || !out->with.length))
		mistake(r, source->span, "passing a role needs `with` alone:", operation);
	if (on)
		out->on = texts_of(r, on);
	if (out->pass.length) {
		out->actions = one_text(r->a, STR("iam:PassRole"));
		out->on = one_text(r->a, STR_JOIN(r->a, STR("{"), out->with, STR("}")));
		return;
	}
	out->actions = actions ? texts_of(r, actions) : one_text(r->a, operation);
	for (size_t i = 0; i < out->actions.count; i++)
		out->actions.items[i] = full_action(r, out->actions.items[i]);
}

static void add_call(struct reading *r, struct str operation, struct span span,
		     struct action_needs needs)
{
	struct action_needs *to = arena_new(r->a, struct action_needs);

	if (map_has(&r->out->calls, operation))
		mistake(r, span, "there twice:", operation);
	*to = needs;
	*map_put(r->a, &r->out->calls, operation) = to;
}

static void read_call(struct reading *r, struct str operation, const struct value *source)
{
	size_t count = source->kind == VALUE_LIST ? source->list.count : 1;
	struct action_needs needs = { arena_array(r->a, struct action_need, count), count };

	for (size_t i = 0; i < count; i++)
		read_need(r, operation, source->kind == VALUE_LIST ? &source->list.items[i] :
			  source, &needs.items[i]);
	add_call(r, operation, source->span, needs);
}

/* A list of operations: same, any, free. */
static void read_plain(struct reading *r, const struct value *list, bool any, bool free)
{
	struct str_list names = texts_of(r, list);

	for (size_t i = 0; i < names.count; i++) {
		struct action_needs needs = { arena_array(r->a, struct action_need, 1), !free };

		if (!free)
			needs.items[0].actions = one_text(r->a, full_action(r, names.items[i]));
		if (any)
			needs.items[0].on = one_text(r->a, STR("*"));
		add_call(r, names.items[i], list->span, needs);
	}
}

static void read_things(struct reading *r, const struct value *things)
{
	for (uint32_t i = 0; things->kind == VALUE_MAP && i < things->map.count; i++) {
		const struct member *m = things->map.entries[i].value;
		struct str_list *to = arena_new(r->a, struct str_list);

		*to = texts_of(r, &m->value);
		*map_put(r->a, &r->out->things, things->map.entries[i].key) = to;
	}
}

static void read_key(struct reading *r, struct str key, const struct member *m)
{
	const struct value *v = &m->value;

	if (str_equal_c(key, "same") || str_equal_c(key, "any") || str_equal_c(key, "free"))
		read_plain(r, v, str_equal_c(key, "any"), str_equal_c(key, "free"));
	else if (str_equal_c(key, "things"))
		read_things(r, v);
	else if (!str_equal_c(key, "prefix") && !str_equal_c(key, "calls"))
		mistake(r, m->key_span, "unknown key", key);
	for (uint32_t i = 0; str_equal_c(key, "calls") && v->kind == VALUE_MAP &&
	     i < v->map.count; i++)
		read_call(r, v->map.entries[i].key,
			  &((const struct member *)v->map.entries[i].value)->value);
}

bool service_actions_parse(struct arena *a, struct str service, const struct value *source,
			   struct service_actions *out, struct diags *d)
{
	struct reading r = { .a = a, .service = service, .out = out, .d = d, .ok = true };

	*out = (struct service_actions){ 0 };
	if (source->kind != VALUE_MAP) {
		mistake(&r, source->span, "expected a table, not a",
			str_from_c(value_kind_name(source->kind)));
		return false;
	}
	r.prefix = value_get_str(source, "prefix");
	if (!r.prefix.length)
		r.prefix = service;
	for (uint32_t i = 0; i < source->map.count; i++)
		read_key(&r, source->map.entries[i].key, source->map.entries[i].value);
	return r.ok;
}

/* ---- of drivers ---- */

struct checking {
	const struct driver *driver;
	struct schemas *all;
	struct diags *d;
	bool ok;
};

static void check_operation(struct checking *c, struct str service, struct str operation,
			    struct span span)
{
	const struct service_actions *actions = schemas_actions(c->all, service);

	if (actions && map_has(&actions->calls, operation))
		return;
	diag_error(c->d, span, "overrides/actions.yaml does not say what '%.*s' of %.*s needs",
		   STR_ARG(operation), STR_ARG(service));
	c->ok = false;
}

/* Wherever an operation stands in a driver, now or later, its name is one of the service. */
static void check_calls(struct checking *c, struct str service, const struct value *v)
{
	static const char *const keys[] = { "call", "get", "set", "unset" };
	const struct wire_service *wire = schemas_wire(c->all, service);
	struct str other = value_get_str(v, "api");

	if (other.length)
		service = other;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		check_calls(c, service, &v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct str key = v->map.entries[i].key;

		for (size_t k = 0; m->value.kind == VALUE_STRING &&
		     k < sizeof(keys) / sizeof(*keys); k++)
			if (str_equal_c(key, keys[k]) && wire &&
			    wire_operation_find(wire, m->value.string))
				check_operation(c, service, m->value.string, m->value.span);
		check_calls(c, service, &m->value);
	}
}

bool service_actions_check(const struct driver *driver, const struct value *source,
			   struct schemas *all, struct diags *d)
{
	struct checking c = { driver, all, d, true };
	const struct service_actions *actions = schemas_actions(all, driver->api);

	check_calls(&c, driver->api, source);
	if (actions && !map_has(&actions->things, driver->type)) {
		diag_error(d, source->span, "overrides/actions.yaml has no ARN for '%.*s'",
			   STR_ARG(driver->type));
		c.ok = false;
	}
	return c.ok;
}

const struct service_actions *schemas_actions(struct schemas *s, struct str service)
{
	struct service_actions *actions = map_get(&s->actions, service);
	struct value source;
	struct diags none;

	if (actions || !catalogue_document(s, STR("actions/"), service, &source))
		return actions;
	actions = arena_new(s->arena, struct service_actions);
	diags_init(&none, s->arena);
	if (!service_actions_parse(s->arena, service, &source, actions, &none))
		BUG("actions of '%.*s'", STR_ARG(service));
	*map_put(s->arena, &s->actions, service) = actions;
	return actions;
}

/* ---- resources ---- */

static bool scope_text(const struct scope *scope, struct str name, struct str *out)
{
	if (str_equal_c(name, "partition"))
		*out = scope->partition;
	else if (str_equal_c(name, "region"))
		*out = scope->region;
	else if (str_equal_c(name, "account"))
		*out = scope->account;
	else
		return false;
	if (!out->length)
		*out = STR("*");
	return true;
}

/* "x" of "arn:aws:lambda:eu-west-1:111122223333:function:x". */
static struct str name_in(struct str arn)
{
	struct str rest = arn, part;
	size_t at = 0;

	if (!str_starts(arn, STR("arn:")))
		return arn;
	for (int i = 0; i < 5; i++)
		str_split(&rest, ':', &part);
	while (at < rest.length && rest.data[at] != ':' && rest.data[at] != '/')
		at++;
	return at < rest.length ? str_slice(rest, at + 1, rest.length) : rest;
}

static struct str value_text(struct arena *a, const struct value *v, bool whole)
{
	struct str prefix = { 0 };

	if (v && v->kind == VALUE_STRING)
		return whole ? v->string : name_in(v->string);
	if (v && v->kind == VALUE_INT)
		return str_format(a, "%lld", (long long)v->integer);
	if (v && v->kind == VALUE_UNKNOWN &&
	    (whole || !str_starts(v->unknown->prefix, STR("arn:"))))
		prefix = v->unknown->prefix;
	return STR_JOIN(a, prefix, STR("*"));
}

static struct str part_text(struct arena *a, struct str part, const struct scope *scope,
			    const struct value *properties, bool whole)
{
	size_t bar = str_index(part, '|');
	bool slash = part.length && part.data[0] == '/';
	struct str name = str_slice(part, slash, bar), text;
	const struct value *v;

	if (scope_text(scope, name, &text))
		return text;
	v = value_path(properties, name);
	if ((!v || v->kind == VALUE_NULL) && bar < part.length)
		return str_slice(part, bar + 1, part.length);
	text = value_text(a, v, whole);
	return slash && !str_starts(text, STR("/")) ? STR_JOIN(a, STR("/"), text) : text;
}

static struct str filled(struct arena *a, struct str template, const struct scope *scope,
			 const struct value *properties)
{
	struct buf b;

	buf_init(&b, a);
	while (template.length) {
		size_t open = str_index(template, '{'), close;

		buf_add(&b, str_slice(template, 0, open));
		template = str_slice(template, open, template.length);
		close = str_index(template, '}');
		if (close == template.length)
			break;
		buf_add(&b, part_text(a, str_slice(template, 1, close), scope, properties,
				      false));
		template = str_slice(template, close + 1, template.length);
	}
	return buf_str(&b);
}

struct str_list action_resources(struct arena *a, struct str template, const struct scope *scope,
				 const struct value *properties)
{
	bool whole = str_starts(template, STR("{")) &&
		     str_index(template, '}') + 1 == template.length;
	const struct value *v = whole ? value_path(properties,
						   str_slice(template, 1, template.length - 1)) :
				NULL;
	struct str_list out = { arena_array(a, struct str, 1), 1 };

	if (!whole) {
		out.items[0] = filled(a, template, scope, properties);
	} else if (v && v->kind == VALUE_LIST) {
		out = (struct str_list){ arena_array(a, struct str, v->list.count), v->list.count };
		for (size_t i = 0; i < v->list.count; i++)
			out.items[i] = value_text(a, &v->list.items[i], true);
	} else {
		out.items[0] = value_text(a, v, true);
	}
	return out;
}
