#include "build.h"
#include "compiler.h"
#include "function.h"
#include "kind/kind.h"
#include "section.h"

/* Finds every block, gives it its id and checks its keys. */

static bool check_protect(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_BOOL ||
	    (v->kind == VALUE_STRING && text_in_words(v->string, "all hard soft none")))
		return true;
	diag_error(c->d, v->span,
		   "E0337 'protect' must be true, false or one of: all hard soft none");
	return false;
}

static const struct key meta_items[] = {
	{ .name = "depends_on", .kind = KEY_TEXTS },
	{ .name = "protect", .kind = KEY_ANY, .check = check_protect },
	{ .name = "retain", .kind = KEY_BOOLEAN },
	{ .name = "tags", .kind = KEY_VALUE_TABLE, .check = tags_are_valid },
	{ .name = "when", .kind = KEY_BOOLEAN },
	{ .name = "for_each", .kind = KEY_REFUSED, .detail = "write one block for each" },
	{ .name = "ignore_changes", .kind = KEY_REFUSED },
	{ .name = "import", .kind = KEY_REFUSED },
	{ .name = "renamed_from", .kind = KEY_REFUSED },
	{ .name = "replace_when", .kind = KEY_REFUSED },
	{ .name = "target", .kind = KEY_TEXT },
};
const struct key_set meta_keys = KEY_SET(meta_items);

static bool check_hatch(struct compiler *c, const struct value *v, struct str where)
{
	bool good = v->kind == VALUE_MAP;

	for (uint32_t i = 0; good && i < v->map.count; i++)
		good = ((struct member *)v->map.entries[i].value)->value.kind == VALUE_MAP;
	if (!good)
		diag_error(c->d, v->span,
			   "E0309 'aws' of %.*s holds tables of properties, one a part",
			   STR_ARG(where));
	return good;
}

static const struct key hatch_items[] = {
	{ .name = "aws", .kind = KEY_ANY, .check = check_hatch },
};
const struct key_set hatch_keys = KEY_SET(hatch_items);

static const struct {
	const char *name;
	unsigned levels;		/* tables down to its ids; 0: none that references use */
	const char *help;
} refused_sections[] = {
	{ "variable", 0, "write the value under [local], with overlays in [stage.X.local]" },
	{ "existing", 4, NULL }, { "module", 0, NULL }, 
	{ "secret", 1, NULL }, { "check", 0, NULL }, { "policy", 0, NULL },
	{ "bucket", 1, "write [AWS.S3.Bucket.ID]" }, { "topic", 1, "write [AWS.SNS.Topic.ID]" },
};

static bool id_check(struct compiler *c, struct str id, struct span span)
{
	struct str fixed;

	if (id_is_valid(id))
		return true;
	if (id_is_reserved(id)) {
		diag_error(c->d, span, "E0305 '%.*s' is reserved and cannot be an id", STR_ARG(id));
		return false;
	}
	diag_error(c->d, span, "E0306 '%.*s' is no id", STR_ARG(id));
	fixed = str_replace(c->arena, id, STR("-"), STR("_"));
	if (id_is_valid(fixed))
		diag_help(c->d, "write '%.*s': a letter, then letters, digits and '_'",
			  STR_ARG(fixed));
	else
		diag_help(c->d, "a letter, then letters, digits and '_'");
	return false;
}

struct block *block_find(struct compiler *c, const struct module *module, struct str id)
{
	struct block *b = map_get(&module->blocks, str_lower(c->arena, id));

	return b && str_equal(b->id, id) ? b : NULL;
}

static void refuse_ids(struct compiler *c, struct module *module, const struct value *v,
		       unsigned levels)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		struct str id = v->map.entries[i].key;

		if (levels > 1)
			refuse_ids(c, module, &((struct member *)v->map.entries[i].value)->value,
				   levels - 1);
		else if (!id_is_valid(id))
			*map_put(c->arena, &module->refused, id) = c;
	}
}

void refused_collect(struct compiler *c, struct module *module)
{
	const struct value *services = value_get_c(&module->root, "AWS");

	for (size_t i = 0; kind_at(i); i++) {
		const struct value *section = value_get_c(&module->root, kind_at(i)->name);

		if (section)
			refuse_ids(c, module, section, 1);
	}
	if (services)
		refuse_ids(c, module, services, 3);
}

void block_unknown(struct compiler *c, const struct module *module, struct span span,
		   struct str id, const char *words)
{
	struct str rest = str_from_c(words), word, near;
	VEC(struct str) ids = { 0 };

	if (map_has(&module->refused, id))
		return;
	while (str_split(&rest, ' ', &word))
		*vec_push(c->arena, &ids) = word;
	for (uint32_t i = 0; i < module->blocks.count && c->suggestions; i++) {
		const struct block *b = module->blocks.entries[i].value;

		if (b->kind || b->schema)
			*vec_push(c->arena, &ids) = b->id;
	}
	near = suggest(c, id, ids.items, ids.count);
	/* Its header may be what could not be read. */
	if (c->damaged && !near.length)
		return;
	diag_error(c->d, span, "E0307 there is no block '%.*s'", STR_ARG(id));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static void block_place(struct compiler *c, struct block *b, const struct value *written)
{
	c->scope = target_scope(c, b->module, written);
	b->misplaced = !c->scope;
	if (b->misplaced)
		c->scope = &c->model->scope;
	b->scope = c->scope;
}

struct block *block_add(struct compiler *c, struct module *module, const struct member *m,
			struct str id, const struct kind *kind, struct str title, struct str type)
{
	struct str folded = str_lower(c->arena, id);
	struct block *b = map_get(&module->blocks, folded);
	struct block **place;

	if (!id_check(c, id, m->key_span))
		return NULL;
	if (b) {
		struct str where = span_text(c->arena, c->spec->sources, b->span);

		diag_error(c->d, m->key_span, "E0308 the id '%.*s' is taken by %.*s%s", STR_ARG(id),
			   STR_ARG(b->title), str_equal(id, b->id) ? "" : ", ignoring case");
		if (where.length)
			diag_help(c->d, "it stands at %.*s", STR_ARG(where));
		if (!str_equal(id, b->id))
			*map_put(c->arena, &module->refused, id) = c;
		return NULL;
	}
	b = arena_new(c->arena, struct block);
	b->id = id;
	b->module = module;
	b->kind = kind;
	b->title = STR_JOIN(c->arena, title, STR(" '"), id, STR("'"));
	b->type = type;
	b->span = m->key_span;
	b->body = b->config = value_map();
	b->scope = &c->model->scope;
	*map_put(c->arena, &module->blocks, folded) = b;
	c->block_list = vec_room(c->arena, c->block_list, c->block_count, &c->block_capacity,
				 sizeof(*c->block_list));
	place = &c->block_list[c->block_count++];
	*place = b;
	if (m->value.kind == VALUE_MAP) {
		c->in_for_each = value_get_c(&m->value, "for_each") != NULL;
		block_place(c, b, &m->value);
		b->body = b->config = words_bind(c, module, &m->value);
		c->scope = &c->model->scope;
		c->in_for_each = false;
		b->damaged = (b->body.marks & VALUE_DAMAGED) != 0;
		return b;
	}
	b->damaged = true;
	b->body.marks = b->config.marks = VALUE_DAMAGED;
	if (m->value.marks & VALUE_DAMAGED)
		return b;
	diag_error(c->d, m->value.span, "E0309 %.*s must be a table", STR_ARG(b->title));
	if (m->value.kind == VALUE_LIST)
		diag_help(c->d, "write [%.*s.%.*s]", STR_ARG(title), STR_ARG(id));
	return b;
}

/* Registers ids of what is refused, so that references to them are no second mistake. */
static void refused_ids(struct compiler *c, struct module *module, const struct value *v,
			unsigned levels)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && levels && i < v->map.count; i++) {
		struct str id = v->map.entries[i].key;
		const struct member *m = v->map.entries[i].value;
		struct str folded = str_lower(c->arena, id);
		struct block *b;

		if (levels > 1) {
			refused_ids(c, module, &m->value, levels - 1);
			continue;
		}
		if (map_has(&module->blocks, folded))
			continue;
		b = arena_new(c->arena, struct block);
		*b = (struct block){ .id = id, .module = module, .title = id, .span = m->key_span,
				     .damaged = true, .absent = true };
		*map_put(c->arena, &module->blocks, folded) = b;
	}
}

static bool refuse_section(struct compiler *c, struct module *module, struct str name,
			   const struct member *m)
{
	for (size_t i = 0; i < sizeof(refused_sections) / sizeof(*refused_sections); i++) {
		if (!str_equal_c(name, refused_sections[i].name))
			continue;
		diag_error(c->d, m->key_span, "E0313 [%.*s] is not supported yet", STR_ARG(name));
		if (refused_sections[i].help)
			diag_help(c->d, "%s", refused_sections[i].help);
		refused_ids(c, module, &m->value, refused_sections[i].levels);
		return true;
	}
	return false;
}

static void unknown_section(struct compiler *c, struct str name, const struct member *m)
{
	VEC(struct str) known = { 0 };
	struct str near;

	*vec_push(c->arena, &known) = STR("AWS");
	for (size_t i = 0; section_at(i); i++)
		*vec_push(c->arena, &known) = str_from_c(section_at(i)->name);
	for (size_t i = 0; kind_at(i); i++)
		*vec_push(c->arena, &known) = str_from_c(kind_at(i)->name);
	near = suggest(c, name, known.items, known.count);
	if (m->value.marks & VALUE_DAMAGED && m->value.kind != VALUE_MAP)
		return;
	diag_error(c->d, m->key_span, "E0301 unknown %s '%.*s' at the top",
		   m->value.kind == VALUE_MAP ? "table" : "key", STR_ARG(name));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (text_in_words(name, "name region account tags include permissions_boundary "
			       "role_path"))
		diag_help(c->d, "it belongs under [project]");
}

static void collect_kind(struct compiler *c, struct module *module, const struct kind *kind,
			 const struct member *m)
{
	if (m->value.kind == VALUE_LIST) {
		diag_error(c->d, m->key_span,
			   "E0310 blocks are tables with an id, not lists of tables");
		diag_help(c->d, "write [%s.ID], not [[%s]]", kind->name, kind->name);
		return;
	}
	if (m->value.kind != VALUE_MAP) {
		if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0311 '%s' holds blocks: [%s.ID]",
				   kind->name,
				   kind->name);
		return;
	}
	for (uint32_t i = 0; i < m->value.map.count; i++) {
		const struct member *item = m->value.map.entries[i].value;
		struct str id = m->value.map.entries[i].key;

		if (item->value.kind != VALUE_MAP && key_find((const struct key_set *const[]){
			&kind->keys, &function_keys, &meta_keys, NULL }, id)) {
			diag_error(c->d, item->key_span, "E0311 [%s] lacks the id of its block",
				   kind->name);
			diag_help(c->d, "write [%s.ID]", kind->name);
			return;
		}
		block_add(c, module, item, id, kind, str_from_c(kind->name),
			  str_from_c(kind->type));
	}
}

static void collect_section(struct compiler *c, struct module *module, struct str name,
			    const struct member *m)
{
	const struct kind *kind = kind_find(name);

	if (kind)
		collect_kind(c, module, kind, m);
	else if (str_equal_c(name, "AWS"))
		raw_collect(c, module, &m->value);
	else if (!section_find(name) && !refuse_section(c, module, name, m))
		unknown_section(c, name, m);
}

static void unknown_kind(struct compiler *c, struct str name, const struct member *m)
{
	VEC(struct str) names = { 0 };
	struct str near;

	for (size_t i = 0; kind_at(i); i++)
		*vec_push(c->arena, &names) = str_from_c(kind_at(i)->name);
	diag_error(c->d, m->key_span, "E0312 there is no kind of block '%.*s'", STR_ARG(name));
	near = suggest(c, name, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static void check_defaults(struct compiler *c, const struct value *defaults)
{
	for (uint32_t i = 0; i < defaults->map.count; i++) {
		const struct member *m = defaults->map.entries[i].value;
		struct str name = defaults->map.entries[i].key;
		const struct kind *kind = kind_find(name);
		const struct key_set *sets[] = { &meta_keys, NULL, NULL, NULL };

		if (!kind) {
			unknown_kind(c, name, m);
			continue;
		}
		if (m->value.kind != VALUE_MAP) {
			diag_error(c->d, m->value.span, "E0309 [defaults.%s] must be a table",
				   kind->name);
			continue;
		}
		sets[1] = &kind->keys;
		sets[2] = kind->has_function ? &function_keys : NULL;
		keys_check(c, &m->value, m->key_span,
			   str_format(c->arena, "[defaults.%s]", kind->name), sets, false);
	}
}

bool block_lacks(const struct block *b, const struct value *table, const char *name)
{
	const struct key_set *const sets[] = { &meta_keys, &hatch_keys, &b->kind->keys,
					       &function_keys, NULL };

	return table_lacks(table, sets, name);
}

struct str block_suggest_part(struct compiler *c, const struct block *b, struct str name)
{
	struct str rest = str_from_c(b->damaged && b->kind ? b->kind->parts : ""), word;
	VEC(struct str) names = { 0 };

	while (str_split(&rest, ' ', &word))
		*vec_push(c->arena, &names) = word;
	for (size_t i = 0; i < b->part_count; i++)
		*vec_push(c->arena, &names) = b->parts[i]->name;
	return suggest(c, name, names.items, names.count);
}

bool block_may_have(const struct block *b, struct str part)
{
	return b->damaged && (!b->kind || text_in_words(part, b->kind->parts));
}

static void check_block(struct compiler *c, struct block *b)
{
	const struct key_set *sets[] = { &meta_keys, &hatch_keys, NULL, NULL, NULL };

	if (!b->kind)
		return;
	sets[2] = &b->kind->keys;
	sets[3] = b->kind->has_function ? &function_keys : NULL;
	if (!keys_check(c, &b->body, b->span, b->title, sets, true))
		b->damaged = true;
	b->absent = !config_bool(&b->body, "when", true);
}

/* Block over [defaults.KIND] over [defaults.function]. */
static void fill_defaults(struct compiler *c, const struct module *module,
			  const struct value *defaults, size_t first)
{
	const struct value *function = value_get_c(defaults, "function");

	for (size_t k = 0; kind_at(k); k++) {
		const struct kind *kind = kind_at(k);
		const struct value *own = value_get_c(defaults, kind->name);
		struct value merged = value_map();

		if (kind->has_function && function && function->kind == VALUE_MAP)
			merged = *function;
		if (own && own->kind == VALUE_MAP)
			merged = table_merge(c->arena, &merged, own);
		for (size_t i = first; i < c->block_count; i++) {
			struct block *b = c->block_list[i];

			if (b->module == module && b->kind == kind && merged.map.count)
				b->config = table_merge(c->arena, &merged, &b->body);
		}
	}
}

void blocks_collect(struct compiler *c, struct module *module)
{
	const struct value *written = value_get_c(&module->root, "defaults");
	size_t first = c->block_count;

	for (uint32_t i = 0; i < module->root.map.count; i++)
		collect_section(c, module, module->root.map.entries[i].key,
				module->root.map.entries[i].value);
	for (size_t i = first; i < c->block_count; i++)
		check_block(c, c->block_list[i]);
	if (written && written->kind == VALUE_MAP) {
		struct value defaults = words_bind(c, module, written);

		check_defaults(c, &defaults);
		fill_defaults(c, module, &defaults, first);
	} else if (written && !(written->marks & VALUE_DAMAGED)) {
		diag_error(c->d, written->span, "E0309 [defaults] must be a table");
	}
}
