#include "build.h"
#include "compiler.h"
#include "function.h"
#include "kind/kind.h"
#include "section.h"

/* Finds every block, gives it its id and checks its keys. */

bool protect_is_valid(struct compiler *c, const struct value *v, struct str where)
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
	{ .name = "protect", .kind = KEY_ANY, .check = protect_is_valid },
	{ .name = "retain", .kind = KEY_BOOLEAN },
	{ .name = "tags", .kind = KEY_VALUE_TABLE, .check = tags_are_valid },
	{ .name = "when", .kind = KEY_BOOLEAN },
	{ .name = "for_each", .kind = KEY_ANY },
	{ .name = "ignore_changes", .kind = KEY_TEXTS },
	{ .name = "import", .kind = KEY_TEXT },
	{ .name = "renamed_from", .kind = KEY_ANY, .check = renamed_from_is_valid },
	{ .name = "replace_when", .kind = KEY_LIST },
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
	{ "secret", 1, NULL },
	{ "bucket", 1, "write [AWS.S3.Bucket.ID]" }, { "topic", 1, "write [AWS.SNS.Topic.ID]" },
};

/* Registers an id of what is refused, so that references to it are no second mistake. */
void block_refuse(struct compiler *c, struct module *module, struct str id, struct span span)
{
	struct str folded = str_lower(&c->own, id);
	struct block *b;

	if (map_has(&module->blocks, folded))
		return;
	b = arena_new(&c->own, struct block);
	*b = (struct block){ .id = id, .module = module, .title = id, .span = span,
			     .scope = &c->model->scope, .damaged = true, .absent = true };
	*map_put(&c->own, &module->blocks, folded) = b;
}

static void refused_ids(struct compiler *c, struct module *module, const struct value *v,
			unsigned levels)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && levels && i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (levels > 1)
			refused_ids(c, module, &m->value, levels - 1);
		else
			block_refuse(c, module, v->map.entries[i].key, m->key_span);
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

static struct str kind_words(struct arena *a)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; kind_at(i); i++)
		buf_printf(&out, "%s%s", i ? " " : "", kind_at(i)->name);
	return buf_str(&out);
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
	else if (m->value.kind == VALUE_MAP)
		diag_help(c->d, "blocks are %.*s, and AWS for any type of its own",
			  STR_ARG(kind_words(c->arena)));
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
	else if (str_equal_c(name, "existing"))
		existing_collect(c, module, &m->value);
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

/* Whether and how often there is a block is its own business. */
static void refuse_default(struct compiler *c, const struct kind *kind, struct str key,
			   const struct member *m)
{
	if (text_in_words(key, "for_each when target import renamed_from"))
		diag_error(c->d, m->key_span, "E0371 '%.*s' cannot stand in [defaults.%s]",
			   STR_ARG(key), kind->name);
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
		for (uint32_t k = 0; k < m->value.map.count; k++)
			refuse_default(c, kind, m->value.map.entries[k].key,
				       m->value.map.entries[k].value);
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

	if (b->existing) {
		existing_check(c, b);
		return;
	}
	if (!b->kind) {
		raw_check(c, b);
		return;
	}
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
