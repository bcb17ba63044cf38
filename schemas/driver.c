#include "driver.h"

#include "driver_parse.h"

static const char *const driver_keys[] = {
	"type", "version", "api", "global", "name", "key", "owner", "replace", "in_place", "stable",
	"known", "volatile", "weak", "lock", "unique", "parent", "rebind", "compare", "guard",
	"write_only", "secret", "attributes", "unsupported", "watch", "defaults", "consistency",
	"recreate", "recover", "returns", "revision", "leaving", "latency", "costs", "usable",
	"remake", "lens", "wait", "common", "list", "read",
	"bulk", "create", "update", "tags", "delete", NULL,
};
static const char *const name_keys[] = {
	"property", "max", "alphabet", "lower", "fold", "globally", "part", "suffix", "if", NULL,
};
static const char *const owner_keys[] = { "tag", "key", "description", "parent", "group", NULL };
static const char *const recover_names[] = {
	[RECOVER_NAME] = "name", [RECOVER_ADOPT] = "adopt", [RECOVER_TAG] = "tag",
	[RECOVER_CONTENT] = "content", [RECOVER_TOKEN] = "token",
};
static const char *const revision_keys[] = { "attribute", "moved", NULL };
static const char *const common_keys[] = { "in", "absent", "retry", NULL };

bool str_list_has(const struct str_list *list, struct str item)
{
	for (size_t i = 0; i < list->count; i++) {
		if (str_equal(list->items[i], item))
			return true;
	}
	return false;
}

static void name_parse(struct driver_parser *p, const struct value *v, struct name_rule *out)
{
	if (!v || !keys_known(p, v, "'name'", name_keys))
		return;
	out->property = key_str(p, v, "property");
	out->max_length = (uint32_t)key_number(p, v, "max", 1, 4096, 64);
	out->alphabet = key_str(p, v, "alphabet");
	out->lower = key_bool(p, v, "lower");
	out->fold = key_bool(p, v, "fold");
	out->unique_globally = key_bool(p, v, "globally");
	out->part = key_str(p, v, "part");
	out->suffix = key_str(p, v, "suffix");
	out->suffix_if = key_str(p, v, "if");
	if (!out->property.length)
		diag_error(p->d, v->span, "'name' needs 'property'");
}

static void owner_parse(struct driver_parser *p, const struct value *v)
{
	if (!v) {
		diag_error(p->d, SPAN_NONE, "driver of '%.*s' has no 'owner'",
			   STR_ARG(p->driver->type));
		return;
	}
	if (!keys_known(p, v, "'owner'", owner_keys))
		return;
	for (int i = 0; owner_keys[i]; i++) {
		if (!value_get_c(v, owner_keys[i]))
			continue;
		p->driver->owner = (enum owner_kind)i;
		p->driver->owner_property = key_str(p, v, owner_keys[i]);
	}
	if (v->map.count != 1 || !p->driver->owner_property.length)
		diag_error(p->d, v->span, "'owner' is one {how: Property}");
}

/* A map of texts or lists of texts; NULL if it is none. */
static const struct map *key_map(struct driver_parser *p, const struct value *source,
				 const char *key)
{
	const struct value *v = value_get_c(source, key);

	if (!v)
		return NULL;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'%s' must be a map", key);
		return NULL;
	}
	return &v->map;
}

static struct str member_str(struct driver_parser *p, const struct map_entry *e)
{
	const struct value *v = &((const struct member *)e->value)->value;

	if (v->kind == VALUE_STRING)
		return v->string;
	diag_error(p->d, v->span, "'%.*s' must be a text", STR_ARG(e->key));
	return (struct str){ 0 };
}

static void known_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->driver->known = arena_array(p->arena, struct known_attribute, m->count);
	for (uint32_t i = 0; i < m->count; i++)
		p->driver->known[p->driver->known_count++] = (struct known_attribute){
			m->entries[i].key, member_str(p, &m->entries[i]) };
}

static void volatile_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->driver->volatiles = arena_array(p->arena, struct volatile_rule, m->count);
	for (uint32_t i = 0; i < m->count; i++) {
		const struct member *e = m->entries[i].value;

		p->driver->volatiles[p->driver->volatile_count++] = (struct volatile_rule){
			m->entries[i].key, value_str_list(p, &e->value, "an attribute") };
	}
}

static void weak_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->driver->weak = arena_array(p->arena, struct weak_rule, m->count);
	for (uint32_t i = 0; i < m->count; i++) {
		struct str document = member_str(p, &m->entries[i]);

		if (!document.length)
			diag_error(p->d, ((const struct member *)m->entries[i].value)->key_span,
				   "a weak property cites its document");
		p->driver->weak[p->driver->weak_count++] =
			(struct weak_rule){ m->entries[i].key, document };
	}
}

static void costs_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->driver->costs = arena_array(p->arena, struct cost_rule, m->count);
	for (uint32_t i = 0; i < m->count; i++)
		p->driver->costs[p->driver->cost_count++] = (struct cost_rule){
			m->entries[i].key, member_str(p, &m->entries[i]) };
}

static void unsupported_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->driver->unsupported = arena_array(p->arena, struct unsupported_rule, m->count);
	for (uint32_t i = 0; i < m->count; i++)
		p->driver->unsupported[p->driver->unsupported_count++] = (struct unsupported_rule){
			m->entries[i].key, member_str(p, &m->entries[i]),
			((const struct member *)m->entries[i].value)->key_span };
}

static void remake_parse(struct driver_parser *p, const struct map *m)
{
	if (!m)
		return;
	p->steps->remakes = arena_array(p->arena, struct remake_rule, m->count);
	for (uint32_t i = 0; i < m->count; i++) {
		const struct member *e = m->entries[i].value;

		p->steps->remakes[p->steps->remake_count++] = (struct remake_rule){
			m->entries[i].key, value_str_list(p, &e->value, "a field") };
	}
}

static void compare_parse(struct driver_parser *p, const struct map *m)
{
	static const struct {
		const char *name;
		enum compare_rule rule;
	} rules[] = {
		{ "exact", COMPARE_EXACT }, { "set", COMPARE_SET }, { "json", COMPARE_JSON },
		{ "policy", COMPARE_POLICY }, { "fold", COMPARE_FOLD },
		{ "ignore", COMPARE_IGNORE },
	};

	if (!m)
		return;
	p->driver->compares = arena_array(p->arena, struct compare, m->count);
	for (uint32_t i = 0; i < m->count; i++) {
		struct compare *c = &p->driver->compares[p->driver->compare_count++];
		const struct member *e = m->entries[i].value;
		struct str text = member_str(p, &m->entries[i]);
		bool found = false;

		c->path = m->entries[i].key;
		if (str_starts(text, STR("keyed(")) && str_ends(text, STR(")"))) {
			c->rule = COMPARE_KEYED;
			c->key = str_slice(text, 6, text.length - 1);
			continue;
		}
		for (size_t j = 0; j < sizeof(rules) / sizeof(rules[0]); j++) {
			if (!str_equal_c(text, rules[j].name))
				continue;
			c->rule = rules[j].rule;
			found = true;
		}
		if (!found)
			diag_error(p->d, e->value.span, "unknown comparison '%.*s'", STR_ARG(text));
	}
}

static void guard_parse(struct driver_parser *p, const struct value *source)
{
	struct str text = key_str(p, source, "guard");

	if (!text.length || str_equal(text, STR("none")))
		p->driver->guard = GUARD_NONE;
	else if (str_equal(text, STR("soft")))
		p->driver->guard = GUARD_SOFT;
	else if (str_equal(text, STR("hard")))
		p->driver->guard = GUARD_HARD;
	else
		diag_error(p->d, value_get_c(source, "guard")->span,
			   "'guard' must be none, soft or hard");
}

static void common_parse(struct driver_parser *p, const struct value *v)
{
	if (!v || !keys_known(p, v, "'common'", common_keys))
		return;
	refusals_parse(p, value_get_c(v, "absent"), false, &p->common_absent);
	refusals_parse(p, value_get_c(v, "retry"), true, &p->common_retry);
	p->common_in = value_get_c(v, "in");
	if (p->common_in && p->common_in->kind != VALUE_MAP) {
		diag_error(p->d, p->common_in->span, "'in' must be a map");
		p->common_in = NULL;
	}
}

static void recover_parse(struct driver_parser *p, const struct value *source)
{
	struct str name = key_str(p, source, "recover");

	if (!name.length)
		return;
	for (int i = RECOVER_NAME; i <= RECOVER_TOKEN; i++) {
		if (str_equal_c(name, recover_names[i]))
			p->driver->recover = (enum recover_class)i;
	}
	if (p->driver->recover == RECOVER_UNSAID)
		diag_error(p->d, value_get_c(source, "recover")->span,
			   "'recover' is name, adopt, tag, content or token, not '%.*s'",
			   STR_ARG(name));
}

static void revision_parse(struct driver_parser *p, const struct value *v)
{
	if (!v || !keys_known(p, v, "'revision'", revision_keys))
		return;
	p->driver->revision = key_str(p, v, "attribute");
	p->driver->revision_moved = key_str(p, v, "moved");
	if (!p->driver->revision.length || !p->driver->revision_moved.length)
		diag_error(p->d, v->span, "'revision' needs 'attribute' and 'moved'");
}

static void lists_parse(struct driver_parser *p, const struct value *source)
{
	struct driver *out = p->driver;

	out->key = key_str_list(p, source, "key");
	out->replace = key_str_list(p, source, "replace");
	out->in_place = key_str_list(p, source, "in_place");
	out->stable = key_str_list(p, source, "stable");
	out->unique = key_str_list(p, source, "unique");
	out->rebind = key_str_list(p, source, "rebind");
	out->write_only = key_str_list(p, source, "write_only");
	out->secret = key_str_list(p, source, "secret");
	out->attributes = key_str_list(p, source, "attributes");
	out->watch = key_str_list(p, source, "watch");
	known_parse(p, key_map(p, source, "known"));
	volatile_parse(p, key_map(p, source, "volatile"));
	weak_parse(p, key_map(p, source, "weak"));
	costs_parse(p, key_map(p, source, "costs"));
	unsupported_parse(p, key_map(p, source, "unsupported"));
	compare_parse(p, key_map(p, source, "compare"));
	remake_parse(p, key_map(p, source, "remake"));
}

static void parts_parse(struct driver_parser *p, const struct value *source)
{
	struct driver_steps *steps = p->steps;

	common_parse(p, value_get_c(source, "common"));
	steps->absent = p->common_absent;
	lenses_parse(p, value_get_c(source, "lens"));
	waits_parse(p, value_get_c(source, "wait"));
	list_parse(p, value_get_c(source, "list"));
	steps_parse(p, value_get_c(source, "read"), PLACE_READ, &steps->read);
	bulks_parse(p, value_get_c(source, "bulk"));
	steps_parse(p, value_get_c(source, "create"), PLACE_CREATE, &steps->create);
	steps_parse(p, value_get_c(source, "update"), PLACE_UPDATE, &steps->update);
	tags_parse(p, value_get_c(source, "tags"));
	steps_parse(p, value_get_c(source, "delete"), PLACE_DELETE, &steps->remove);
	if (!steps->read.count || !steps->create.count || !steps->remove.count)
		diag_error(p->d, source->span, "a driver needs 'read', 'create' and 'delete'");
	for (size_t i = 0; i < steps->remove.count; i++)
		p->driver->async_delete |= steps->remove.items[i].wait != NULL;
}

/* Every part of the key is a property of the user's choice. */
static bool is_chosen(const struct driver *driver)
{
	for (size_t i = 0; i < driver->key.count; i++) {
		if (str_list_has(&driver->attributes, driver->key.items[i]))
			return false;
	}
	return true;
}

bool driver_parse(struct arena *a, const struct value *source, struct driver *out,
		  struct diags *d)
{
	struct driver_steps *steps = arena_new(a, struct driver_steps);
	struct driver_parser p = { .arena = a, .d = d, .driver = out, .steps = steps };
	size_t errors = d->error_count;
	const struct value *defaults;

	*out = (struct driver){ .steps = steps, .defaults = value_map() };
	if (!keys_known(&p, source, "a driver", driver_keys))
		return false;
	out->type = key_str(&p, source, "type");
	out->version = (uint32_t)key_number(&p, source, "version", 1, 1000000, 1);
	out->api = key_str(&p, source, "api");
	if (!out->type.length || !out->api.length)
		diag_error(d, source->span, "a driver needs 'type' and 'api'");
	out->global = key_bool(&p, source, "global");
	name_parse(&p, value_get_c(source, "name"), &out->name);
	owner_parse(&p, value_get_c(source, "owner"));
	recover_parse(&p, source);
	revision_parse(&p, value_get_c(source, "revision"));
	lists_parse(&p, source);
	out->lock = key_str(&p, source, "lock");
	out->returns = key_str(&p, source, "returns");
	out->parent = key_str(&p, source, "parent");
	guard_parse(&p, source);
	defaults = value_get_c(source, "defaults");
	if (defaults && defaults->kind == VALUE_MAP)
		out->defaults = *defaults;
	else if (defaults)
		diag_error(d, defaults->span, "'defaults' must be a map");
	out->consistency_ms = key_ms(&p, source, "consistency", 10);
	out->recreate_wait_ms = key_ms(&p, source, "recreate", 0);
	out->leaving_ms = key_ms(&p, source, "leaving", 0);
	out->latency_ms = key_ms(&p, source, "latency", 1);
	out->usable_ms = key_ms(&p, source, "usable", 0);
	if (!out->key.count)
		diag_error(d, source->span, "a driver needs 'key'");
	out->key_is_chosen = is_chosen(out);
	parts_parse(&p, source);
	return d->error_count == errors;
}

const struct unsupported_rule *driver_unsupported(const struct driver *driver, struct str path)
{
	for (size_t i = 0; i < driver->unsupported_count; i++) {
		struct str rule = driver->unsupported[i].path;

		if (str_equal(rule, path) ||
		    (str_starts(path, rule) && path.data[rule.length] == '.'))
			return &driver->unsupported[i];
	}
	return NULL;
}
