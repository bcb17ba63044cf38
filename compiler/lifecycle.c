#include "lifecycle.h"

#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/*
 * The meta keys that say how a thing lives on: ignore_changes, replace_when,
 * renamed_from, import.  A path of ignore_changes is of the thing itself; behind the name of a
 * part it is that part's: "role.Description".
 */

/* ---- renamed_from, as it may be written ---- */

static bool all_texts(const struct value *v)
{
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (v->list.items[i].kind != VALUE_STRING)
			return false;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (((struct member *)v->map.entries[i].value)->value.kind != VALUE_STRING)
			return false;
	}
	return v->kind == VALUE_STRING || v->kind == VALUE_LIST || v->kind == VALUE_MAP;
}

bool renamed_from_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->marks & VALUE_DAMAGED || (all_texts(v) && !value_is_secret(v)))
		return true;
	diag_error(c->d, v->span, "E0372 'renamed_from' must be an address, a list of them, or "
		   "with 'for_each' a table of keys and addresses");
	diag_help(c->d, "what the state has it under: \"orders\", \"private['a']\", "
		  "\"module.cdn.site\"");
	return false;
}

/* ---- ignore_changes ---- */

struct path_reader {
	struct compiler *c;
	const struct value *written;
	const struct schema *schema;
	struct str rest;
	struct buf below;		/* members so far: "Environment.Variables" */
	const struct shape *shape;	/* NULL: the properties themselves */
	bool free;			/* behind a glob the facts are not asked */
	VEC(struct ignore_step) steps;
};

static bool is_glob(struct str name)
{
	return str_index(name, '*') < name.length || str_index(name, '?') < name.length;
}

static bool path_fails(struct path_reader *r, const char *why)
{
	diag_error(r->c->d, r->written->span, "E0373 '%.*s' of 'ignore_changes' %s",
		   STR_ARG(r->written->string), why);
	return false;
}

/* Which field names the items of the list; empty: none does. */
static struct str items_key(const struct path_reader *r)
{
	const struct driver *driver = r->schema->driver;

	for (size_t i = 0; driver && i < driver->compare_count; i++) {
		if (driver->compares[i].rule == COMPARE_KEYED &&
		    str_equal(driver->compares[i].path, buf_str(&r->below)))
			return driver->compares[i].key;
	}
	if (str_equal(buf_str(&r->below), r->schema->tag_property) && !r->schema->tags_are_map)
		return STR("Key");
	return (struct str){ 0 };
}

static bool unknown_property(struct path_reader *r, const struct map *fields, struct str name)
{
	struct str *names = arena_array(r->c->arena, struct str, fields->count), near;

	for (uint32_t i = 0; i < fields->count; i++)
		names[i] = fields->entries[i].key;
	diag_error(r->c->d, r->written->span,
		   "E0373 '%.*s' of 'ignore_changes': %.*s has no '%.*s'",
		   STR_ARG(r->written->string),
		   STR_ARG(r->below.length ? buf_str(&r->below) : r->schema->type), STR_ARG(name));
	near = suggest(r->c, name, names, fields->count);
	if (near.length)
		diag_help(r->c->d, "did you mean '%.*s'?", STR_ARG(near));
	return false;
}

static bool enter_field(struct path_reader *r, const struct map *fields, struct str name)
{
	const struct property *property = map_get(fields, name);

	for (uint32_t i = 0; is_glob(name) && i < fields->count; i++) {
		if (!str_matches(name, fields->entries[i].key))
			continue;
		r->free = true;
		return true;
	}
	if (!property)
		return unknown_property(r, fields, name);
	if (property->read_only)
		return path_fails(r, "is set by AWS alone: there is nothing to ignore");
	r->shape = property->shape;
	return true;
}

static bool enter_member(struct path_reader *r, struct str name)
{
	const struct map *fields = r->shape ? &r->shape->fields : &r->schema->properties;

	if (!name.length)
		return path_fails(r, "is no path of properties");
	if (!r->free && (!r->shape || r->shape->kind == PROPERTY_OBJECT)) {
		if (!enter_field(r, fields, name))
			return false;
	} else if (!r->free && r->shape->kind == PROPERTY_MAP) {
		r->shape = r->shape->element;
	} else if (!r->free) {
		return path_fails(r, r->shape->kind == PROPERTY_JSON ?
				  "goes into a document, which can only be ignored as a whole" :
				  r->shape->kind == PROPERTY_LIST ?
				  "goes into a list: name an item, as in Tags[team]" :
				  "goes below something that has no parts");
	}
	*vec_push(r->c->arena, &r->steps) = (struct ignore_step){ .name = name };
	buf_printf(&r->below, "%s%.*s", r->below.length ? "." : "", STR_ARG(name));
	return true;
}

static bool enter_item(struct path_reader *r, struct str name)
{
	struct str key = items_key(r);

	if (!r->free && r->shape && r->shape->kind == PROPERTY_MAP)
		return enter_member(r, name);
	if (!name.length || !r->shape || r->shape->kind != PROPERTY_LIST || !key.length)
		return path_fails(r, "names an item of what has no named items: ignore it whole");
	r->shape = r->shape->element;
	*vec_push(r->c->arena, &r->steps) = (struct ignore_step){ .name = name, .key = key };
	return true;
}

/* What is secret is kept as a hash: what stands there now could not be sent again. */
static bool is_secret_path(const struct path_reader *r)
{
	const struct driver *driver = r->schema->driver;
	struct str path = buf_str(&r->below);

	for (size_t i = 0; driver && i < driver->secret.count; i++) {
		struct str secret = driver->secret.items[i];

		if (str_starts(secret, path) || str_starts(path, secret) || is_glob(path))
			return true;
	}
	return false;
}

static bool path_read(struct path_reader *r)
{
	bool first = true, good = true;

	while (good && (first || r->rest.length)) {
		size_t end = 0;

		if (!first && r->rest.data[0] == '[') {
			end = str_index(r->rest, ']');
			if (end == r->rest.length)
				return path_fails(r, "is no path of properties");
			good = enter_item(r, str_slice(r->rest, 1, end));
			r->rest = str_slice(r->rest, end + 1, r->rest.length);
			continue;
		}
		if (!first && r->rest.data[0] != '.')
			return path_fails(r, "is no path of properties");
		r->rest = str_slice(r->rest, !first, r->rest.length);
		while (end < r->rest.length && r->rest.data[end] != '.' && r->rest.data[end] != '[')
			end++;
		good = enter_member(r, str_slice(r->rest, 0, end));
		r->rest = str_slice(r->rest, end, r->rest.length);
		first = false;
	}
	if (good && is_secret_path(r))
		return path_fails(r, "is secret: what it is now cannot be read to be kept");
	return good;
}

static struct lifecycle *lifecycle_of(struct compiler *c, struct part *p)
{
	/* Made here, and shared with nobody until all are set. */
	struct lifecycle *life = (struct lifecycle *)(uintptr_t)(const void *)p->resource.lifecycle;

	if (!life) {
		life = arena_new(c->arena, struct lifecycle);
		p->resource.lifecycle = life;
	}
	return life;
}

/* "role.Description" is of that part; properties of AWS begin with a capital. */
static struct part *part_meant(struct compiler *c, const struct block *b, const struct value *v,
			       struct str *path)
{
	size_t dot = str_index(v->string, '.');
	struct str word = str_slice(v->string, 0, dot), near;
	struct part *p;

	*path = v->string;
	if (!b->kind || !word.length || word.data[0] < 'a' || word.data[0] > 'z')
		return b->primary;
	p = block_part(b, word);
	if (p && dot < v->string.length) {
		*path = str_slice(v->string, dot + 1, v->string.length);
		return p;
	}
	if (p || block_may_have(b, word))
		return NULL;
	diag_error(c->d, v->span, "E0338 %.*s has no part '%.*s'", STR_ARG(b->title),
		   STR_ARG(word));
	near = block_suggest_part(c, b, word);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "a path is of AWS's properties, behind a part's name of that "
			  "part's: \"role.Description\"");
	return NULL;
}

static void add_ignored(struct compiler *c, const struct block *b, const struct value *v)
{
	struct path_reader r = { .c = c, .written = v };
	struct part *p = part_meant(c, b, v, &r.rest);
	struct lifecycle *life;
	size_t size = sizeof(struct ignored);
	struct str text = r.rest;

	if (!p)
		return;
	r.schema = p->resource.schema;
	buf_init(&r.below, c->arena);
	if (!path_read(&r))
		return;
	life = lifecycle_of(c, p);
	life->ignores = arena_grow(c->arena, life->ignores, life->ignore_count * size,
				   (life->ignore_count + 1) * size, _Alignof(struct ignored));
	life->ignores[life->ignore_count++] = (struct ignored){
		.text = text, .steps = r.steps.items, .count = r.steps.count,
	};
}

/* ---- renamed_from ---- */

/* The address of one part under the old name of its block. */
static void add_former(struct compiler *c, const struct block *b, struct part *p,
		       const struct address *old, struct span span)
{
	struct lifecycle *life = lifecycle_of(c, p);
	struct address address = *old;
	size_t count = life->renamed_from.count;

	if (p != b->primary)
		address.part = p->resource.address.part;
	life->renamed_span = span;
	life->renamed_from.items = arena_grow(c->arena, life->renamed_from.items,
					      count * sizeof(struct str),
					      (count + 1) * sizeof(struct str),
					      _Alignof(struct str));
	life->renamed_from.items[count] = address_text(c->arena, &address);
	life->renamed_from.count = count + 1;
}

static void add_renamed(struct compiler *c, const struct block *b, const struct value *v,
			bool exact)
{
	struct address old;

	if (!address_parse(c->arena, v->string, &old)) {
		diag_error(c->d, v->span, "E0372 '%.*s' is no address", STR_ARG(v->string));
		diag_help(c->d, "what the state has it under: \"orders\", \"private['a']\", "
			  "\"module.cdn.site\"");
		return;
	}
	/* An id means the one of the same module, and with for_each of the same key. */
	if (!old.module.length)
		old.module = b->module->path;
	if (b->each && !old.has_key && !exact) {
		old.has_key = true;
		old.key = b->each->key;
	}
	for (size_t i = 0; i < b->part_count; i++) {
		if (b->parts[i] == b->primary || !old.part.length)
			add_former(c, b, b->parts[i], &old, v->span);
	}
}

/* What a module was called: its calls may have other ids now. */
static struct str former_path(struct compiler *c, const struct module *module, bool *renamed)
{
	struct str outer, id, prefix = STR("module.");
	const struct value *v;

	if (!module->parent)
		return (struct str){ 0 };
	outer = former_path(c, module->parent, renamed);
	v = config_get(&module->config, "renamed_from");
	id = v ? v->string : module->call->id;
	*renamed = *renamed || v;
	if (v && str_starts(id, prefix))
		id = str_slice(id, prefix.length, id.length);
	return str_format(c->arena, "%.*s%s%.*s%s%.*s%s", STR_ARG(outer), outer.length ? "." : "",
			  STR_ARG(id), module->each ? "['" : "",
			  STR_ARG(module->each ? module->each->key : (struct str){ 0 }),
			  module->each ? "']" : "");
}

/* A block of a module that was renamed, under its own id. */
static void add_moved(struct compiler *c, const struct block *b)
{
	struct address old = block_address(b);
	bool renamed = false;

	old.module = former_path(c, b->module, &renamed);
	for (size_t i = 0; renamed && i < b->part_count; i++)
		add_former(c, b, b->parts[i], &old, b->span);
}

bool module_renamed_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	struct str id = v->string, prefix = STR("module.");

	(void)where;
	if (str_starts(id, prefix))
		id = str_slice(id, prefix.length, id.length);
	if (id_is_word(id))
		return true;
	diag_error(c->d, v->span, "E0372 '%.*s' is no former id of a module", STR_ARG(v->string));
	diag_help(c->d, "what it was called: \"cdn\"");
	return false;
}

static void renames_set(struct compiler *c, const struct block *b)
{
	const struct value *v = config_get(&b->config, "renamed_from");
	const struct value *of_key;

	if (!v) {
		add_moved(c, b);
		return;
	}
	if (v->kind == VALUE_STRING)
		add_renamed(c, b, v, false);
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		add_renamed(c, b, &v->list.items[i], false);
	if (v->kind != VALUE_MAP)
		return;
	if (!b->each) {
		diag_error(c->d, v->span, "E0372 'renamed_from' is a table of keys only where "
			   "'for_each' is");
		return;
	}
	of_key = value_get(v, b->each->key);
	if (of_key)
		add_renamed(c, b, of_key, true);
}

/* ---- import ---- */

/* "ApiId|RouteId": what the driver addresses it by. */
static void import_set(struct compiler *c, struct part *p, const struct value *v)
{
	const struct driver *driver = p->resource.schema->driver;
	struct str rest = v->string, part;
	size_t count = 0;

	while (str_split(&rest, '|', &part) && part.length)
		count++;
	if (!count || (driver && (count != driver->key.count || rest.length))) {
		diag_error(c->d, v->span, "E0374 '%.*s' identifies no %.*s", STR_ARG(v->string),
			   STR_ARG(p->resource.schema->type));
		if (driver)
			diag_help(c->d, "write its %.*s",
				  STR_ARG(str_join(c->arena, STR("|"), driver->key.items,
						   driver->key.count)));
		return;
	}
	lifecycle_of(c, p)->import = v->string;
}

/* ---- all of them ---- */

static void block_set(struct compiler *c, const struct block *b)
{
	const struct value *ignored = config_get(&b->config, "ignore_changes");
	const struct value *when = config_get(&b->config, "replace_when");
	const struct value *import = config_get(&b->config, "import");

	for (size_t i = 0; ignored && ignored->kind == VALUE_LIST && i < ignored->list.count; i++)
		add_ignored(c, b, &ignored->list.items[i]);
	renames_set(c, b);
	if (when && b->primary && when->list.count)
		lifecycle_of(c, b->primary)->replace_when = resources_bind(c, when);
	if (import && b->primary)
		import_set(c, b->primary, import);
}

void lifecycles_set(struct compiler *c)
{
	for (size_t i = 0; i < c->block_count; i++) {
		const struct block *b = c->block_list[i];

		/* What is in a module may have moved with it. */
		if (b->part_count && (b->optioned || b->module->parent))
			block_set(c, b);
	}
}
