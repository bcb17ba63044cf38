#include "check.h"
#include "refers.h"

/* Properties against the facts of their type: kinds, names, enums, patterns, limits. */

static void add_steps(struct buf *out, const struct check_step *at)
{
	if (at->outer) {
		add_steps(out, at->outer);
		buf_add_char(out, '.');
	}
	buf_add(out, at->name);
}

struct str check_path(struct check *k)
{
	if (!k->at || !k->at->outer)
		return k->at ? k->at->name : (struct str){ 0 };
	buf_truncate(&k->path, 0);
	add_steps(&k->path, k->at);
	return buf_str(&k->path);
}

/* In a property of the resource itself. */
static bool is_at(const struct check *k, struct str property)
{
	return k->at && !k->at->outer && str_equal(k->at->name, property);
}

struct span check_place(const struct check *k, const struct value *v)
{
	return v->span.file == SPAN_NOWHERE ? k->part->resource.span : v->span;
}

static const char *kind_name(enum property_kind kind)
{
	switch (kind) {
	case PROPERTY_STRING: return "a string";
	case PROPERTY_INTEGER: return "an integer";
	case PROPERTY_NUMBER: return "a number";
	case PROPERTY_BOOLEAN: return "true or false";
	case PROPERTY_LIST: return "a list";
	case PROPERTY_MAP: return "a table";
	case PROPERTY_OBJECT: return "a table";
	case PROPERTY_JSON: return "a policy document";
	}
	BUG("property of kind %d", kind);
}

static void mismatch(struct check *k, const struct value *v, const struct shape *shape,
		     struct str name)
{
	struct diags *d = k->c->d;

	if (v->kind == VALUE_DATETIME && shape->kind == PROPERTY_STRING) {
		diag_error(d, check_place(k, v), "E0404 '%.*s' is text, and this is a date",
			   STR_ARG(name));
		diag_help(d, "write \"%.*s\", with quotes", STR_ARG(v->datetime.text));
		return;
	}
	diag_error(d, check_place(k, v), "E0403 '%.*s' must be %s, not %s", STR_ARG(name),
		   kind_name(shape->kind), value_kind_name(v->kind));
	advise_kind(k->c, shape->kind, v);
}

/* Filled in when the code is packed. */
static bool is_bundle(const struct check *k, struct str name)
{
	return k->part->lowered && is_at(k, STR("Code")) &&
	       str_equal_c(name, "Bundle");
}

static bool is_damaged(const struct check *k)
{
	return k->part->block && k->part->block->damaged;
}

static void check_value(struct check *k, const struct value *v, const struct property *property,
			const struct shape *shape, struct str name);

/* An item or a member's value that another part's tags, checked already, have too. */
static bool is_checked(const struct check *k, const struct value *v, size_t index)
{
	const struct shared_tags *tags = k->part->tags;
	const struct member *shared;

	if (!tags || !tags->checked || index >= tags->count)
		return false;
	shared = tags->map.entries[index].value;
	return v == &shared->value || (v->kind == VALUE_MAP &&
				       v->map.entries == tags->items[index].map.entries);
}

/* All of them are the stage's own tags, and of those none stands twice. */
static bool are_shared(const struct check *k, const struct value *list)
{
	return k->part->tags && list->list.count == k->part->tags->count &&
	       is_at(k, k->part->resource.schema->tag_property);
}

/* Added by us, and no mistake of the user's where the facts take no such tag. */
static bool is_own_tag(const struct check *k, struct str key)
{
	return str_starts(key, STR("effortless:")) &&
	       is_at(k, k->part->resource.schema->tag_property);
}

static void check_list(struct check *k, const struct value *v, const struct property *property,
		       const struct shape *shape, struct str name)
{
	/* What a damaged block lacks may be what it would have held. */
	if (!k->part->lowered || !is_damaged(k))
		check_limits(k, v, shape, name, (double)v->list.count, "has a count of");
	if ((shape->unique || shape->unique_by.count) && !are_shared(k, v))
		check_unique(k, v, shape, name);
	if (!shape->element)
		return;
	for (size_t i = 0; i < v->list.count; i++) {
		if (!is_checked(k, &v->list.items[i], i) &&
		    !is_own_tag(k, value_get_str(&v->list.items[i], "Key")))
			check_value(k, &v->list.items[i], property, shape->element, name);
	}
}

static void check_map(struct check *k, const struct value *v, const struct property *property,
		      const struct shape *shape, struct str name)
{
	struct check_step here = { .outer = k->at };

	check_limits(k, v, shape, name, (double)v->map.count, "has a count of");
	for (uint32_t i = 0; shape->element && i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (is_checked(k, &m->value, i) || is_own_tag(k, v->map.entries[i].key))
			continue;
		check_key(k, m, shape, v->map.entries[i].key);
		here.name = v->map.entries[i].key;
		k->at = &here;
		check_value(k, &m->value, property, shape->element, v->map.entries[i].key);
		k->at = here.outer;
	}
}

static struct str report_field(struct check *k, const struct map *fields, struct str name,
			       const struct member *m)
{
	struct compiler *c = k->c;
	VEC(struct str) names = { 0 };
	struct str near;

	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		if (!p->read_only)
			*vec_push(c->arena, &names) = p->name;
	}
	near = suggest(c, name, names.items, names.count);
	if (k->at)
		diag_error(c->d, m->key_span, "E0401 '%.*s' has no '%.*s'", STR_ARG(check_path(k)),
			   STR_ARG(name));
	else
		diag_error(c->d, m->key_span, "E0401 %.*s has no property '%.*s'",
			   STR_ARG(k->part->resource.schema->type), STR_ARG(name));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (text_in_words(name, "name region account include"))
		diag_help(c->d, "'%.*s' belongs under [project]: a key stands under the header "
			  "above it", STR_ARG(name));
	return near;
}

/* False if it may not be written at all. */
static bool check_writable(struct check *k, const struct property *p, const struct member *m)
{
	const struct driver *driver = k->part->resource.schema->driver;
	const struct unsupported_rule *rule;

	if (p->read_only) {
		diag_error(k->c->d, m->key_span, "E0409 '%.*s' is set by AWS and cannot be written",
			   STR_ARG(p->name));
		return false;
	}
	rule = driver && driver->unsupported_count ? driver_unsupported(driver, check_path(k))
						   : NULL;
	if (rule) {
		diag_error(k->c->d, m->key_span, "E0410 '%.*s' is not supported",
			   STR_ARG(check_path(k)));
		if (rule->reason.length)
			diag_help(k->c->d, "%.*s", STR_ARG(rule->reason));
		return false;
	}
	if (p->deprecated)
		diag_warning(k->c->d, m->key_span, "W0417 '%.*s' is deprecated", STR_ARG(p->name));
	return true;
}

/* Thousands of resources are of a few types: whether these have such fields is found out once. */
static bool any_required(struct check *k, const struct map *fields)
{
	size_t slot = ((uintptr_t)fields / sizeof(*fields)) % FIELDS_RECENT;

	if (k->fields[slot].of == fields)
		return k->fields[slot].required;
	k->fields[slot].of = fields;
	k->fields[slot].required = false;
	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		k->fields[slot].required |= p->required && !p->read_only;
	}
	return k->fields[slot].required;
}

static void check_required(struct check *k, const struct value *v, const struct map *fields,
			   const struct map *guesses)
{
	const struct schema *schema = k->part->resource.schema;

	if (v->marks & VALUE_DAMAGED || is_damaged(k) || !any_required(k, fields))
		return;
	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		if (!p->required || p->read_only || value_get(v, p->name) ||
		    map_has(guesses, p->name))
			continue;
		if (k->at)
			diag_error(k->c->d, check_place(k, v), "E0402 '%.*s' needs '%.*s'",
				   STR_ARG(check_path(k)), STR_ARG(p->name));
		else
			diag_error(k->c->d, k->part->resource.span, "E0402 %.*s needs '%.*s'",
				   STR_ARG(schema->type), STR_ARG(p->name));
	}
}

static void check_fields(struct check *k, const struct value *v, const struct map *fields,
			 const struct constraints *together)
{
	struct check_step here = { .outer = k->at };
	struct map guesses = { 0 };

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct str name = v->map.entries[i].key;
		const struct property *p = map_get(fields, name);

		if (!p) {
			struct str near = report_field(k, fields, name, m);

			if (near.length)
				*map_put(k->c->arena, &guesses, near) = k;
			continue;
		}
		if (is_bundle(k, name))
			continue;
		here.name = name;
		k->at = &here;
		if (check_writable(k, p, m))
			check_value(k, &m->value, p, p->shape, name);
		k->at = here.outer;
	}
	check_required(k, v, fields, &guesses);
	check_constraints(k, v, together, &guesses);
}

static bool may_be_secret(struct check *k, const struct value *v, struct str name);

/* Policy documents: anything but what JSON has not. */
static void check_json(struct check *k, const struct value *v, struct str name)
{
	if (v->kind == VALUE_DATETIME) {
		diag_error(k->c->d, check_place(k, v), "E0404 '%.*s' is text, and this is a date",
			   STR_ARG(name));
		diag_help(k->c->d, "write \"%.*s\", with quotes", STR_ARG(v->datetime.text));
	}
	if (!may_be_secret(k, v, name))
		return;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		check_json(k, &v->list.items[i], name);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		check_json(k, &((struct member *)v->map.entries[i].value)->value,
			   v->map.entries[i].key);
}

static bool kind_fits(const struct value *v, const struct shape *shape)
{
	switch (shape->kind) {
	case PROPERTY_STRING:
		return v->kind == VALUE_STRING;
	case PROPERTY_INTEGER:
		return v->kind == VALUE_INT;
	case PROPERTY_NUMBER:
		return v->kind == VALUE_INT || v->kind == VALUE_FLOAT;
	case PROPERTY_BOOLEAN:
		return v->kind == VALUE_BOOL;
	case PROPERTY_LIST:
		return v->kind == VALUE_LIST;
	case PROPERTY_MAP:
	case PROPERTY_OBJECT:
		return v->kind == VALUE_MAP;
	case PROPERTY_JSON:
		return true;
	}
	return false;
}

/* What it gives is checked as if it were written; it holds no expression any more. */
static void check_open(struct check *k, const struct value *v, const struct property *property,
		       const struct shape *shape, struct str name)
{
	struct value given;

	/* A text takes any single value, and that it is one has just been seen. */
	if (!reference_check(k->c, v, property, shape, name) ||
	    (v->expr->kind == EXPR_ATTRIBUTE && shape->kind == PROPERTY_STRING))
		return;
	given = open_value(k->c, v);
	check_value(k, &given, property, shape, name);
}

/* False after a report: only what AWS never shows again may hold a secret. */
static bool may_be_secret(struct check *k, const struct value *v, struct str name)
{
	if (!(v->marks & VALUE_SECRET) || k->write_only)
		return true;
	diag_error(k->c->d, check_place(k, v), "E0370 '%.*s' is stored and shown as it is, and "
		   "this value is secret", STR_ARG(name));
	diag_sensitive(k->c->d);
	diag_help(k->c->d, "pass the name of a parameter or secret that holds it, or write it into "
		  "a property that can only be written");
	return false;
}

static void check_known(struct check *k, const struct value *v, const struct property *property,
			const struct shape *shape, struct str name);

/* What is wrong with a secret is said without a word of it. */
static void check_secret(struct check *k, const struct value *v, const struct property *property,
			 const struct shape *shape, struct str name)
{
	struct diags own, *d = k->c->d;

	diags_init(&own, k->c->arena);
	k->c->d = &own;
	check_known(k, v, property, shape, name);
	k->c->d = d;
	if (!own.error_count)
		return;
	diag_error(d, check_place(k, v), "E0370 '%.*s' does not take this value, which is secret",
		   STR_ARG(name));
	diag_sensitive(d);
}

static void check_value(struct check *k, const struct value *v, const struct property *property,
			const struct shape *shape, struct str name)
{
	bool outer = k->write_only;

	if (v->kind == VALUE_NULL || (v->marks & VALUE_DAMAGED && v->kind != VALUE_MAP))
		return;
	k->write_only = outer || (property && property->write_only);
	if (may_be_secret(k, v, name)) {
		if (v->marks & VALUE_SECRET && v->kind != VALUE_EXPR)
			check_secret(k, v, property, shape, name);
		else
			check_known(k, v, property, shape, name);
	}
	k->write_only = outer;
}

static void check_known(struct check *k, const struct value *v, const struct property *property,
			const struct shape *shape, struct str name)
{
	if (v->kind == VALUE_EXPR) {
		check_open(k, v, property, shape, name);
		return;
	}
	if (v->kind == VALUE_UNKNOWN) {
		unknown_check(k->c, v, shape, name);
		return;
	}
	if (!kind_fits(v, shape)) {
		mismatch(k, v, shape, name);
		return;
	}
	switch (shape->kind) {
	case PROPERTY_STRING:
		check_text(k, v, shape, name);
		break;
	case PROPERTY_INTEGER:
	case PROPERTY_NUMBER:
		check_number(k, v, shape, name);
		break;
	case PROPERTY_LIST:
		check_list(k, v, property, shape, name);
		break;
	case PROPERTY_MAP:
		check_map(k, v, property, shape, name);
		break;
	case PROPERTY_OBJECT:
		check_fields(k, v, &shape->fields, &shape->constraints);
		break;
	case PROPERTY_JSON:
		if (v->kind == VALUE_STRING)
			check_json_text(k, v, name);
		check_json(k, v, name);
		break;
	case PROPERTY_BOOLEAN:
		break;
	}
}

/* Whether the part's tags have all that are shared: a written one may stand for one of them. */
static bool has_all(const struct part *p, const struct shared_tags *tags)
{
	const struct value *v = value_get(&p->resource.properties,
					  p->resource.schema->tag_property);
	size_t count = v->kind == VALUE_LIST ? v->list.count : v->map.count;

	for (size_t i = 0; i < tags->count; i++) {
		bool same = i < count &&
			    (v->kind == VALUE_LIST
			     ? v->list.items[i].map.entries == tags->items[i].map.entries
			     : v->map.entries[i].value == tags->map.entries[i].value);

		if (!same && i != tags->handler)
			return false;
	}
	return true;
}

void parts_check(struct compiler *c)
{
	struct check k = { .c = c };
	struct map names = { 0 };
	struct arena scratch;

	arena_init(&scratch);
	buf_init(&k.path, c->arena);
	map_reserve(&scratch, &names, c->parts.count);
	/* In the order in which they were made, which is how they lie in memory. */
	for (uint32_t i = 0; i < c->parts.count; i++) {
		struct part *p = c->parts.entries[i].value;
		struct resource *r = &p->resource;
		struct shared_tags *tags = p->tags;

		k.part = p;
		if (c->model->project.length)
			part_check_name(c, &scratch, &names, p);
		check_fields(&k, &r->properties, &r->schema->properties,
			     &r->schema->constraints);
		if (tags && !tags->checked)
			tags->checked = has_all(p, tags);
	}
	arena_release(&scratch);
}
