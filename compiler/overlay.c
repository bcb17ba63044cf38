#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/*
 * [stage.X] tables over the blocks.  Tables merge, the rest replaces;
 * append.KEY adds to a list, unset removes keys.  X may be a glob, the most
 * specific overlay goes last.
 */
struct overlay {
	struct str name;
	const struct value *table;
	size_t literals;		/* characters that are no wildcard */
	bool exact;
};

#define OVERLAYS_MOST 1000
#define UNSET_MOST 256

static const struct str append_key = STR_INIT("append");
static const struct str unset_key = STR_INIT("unset");

bool stage_name_is_valid(struct str name)
{
	if (!name.length || name.length > 32 || name.data[0] < 'a' || name.data[0] > 'z')
		return false;
	for (size_t i = 1; i < name.length; i++) {
		char ch = name.data[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9'))
			return false;
	}
	return true;
}

struct value table_merge(struct arena *a, const struct value *under, const struct value *over)
{
	struct value out;

	if (!under || under->kind != VALUE_MAP || over->kind != VALUE_MAP)
		return *over;
	out = value_map();
	out.span = under->span;
	out.marks = under->marks | over->marks;
	for (uint32_t i = 0; i < under->map.count; i++) {
		const struct member *m = under->map.entries[i].value;

		member_put(a, &out, under->map.entries[i].key, m->key_span, m->value);
	}
	for (uint32_t i = 0; i < over->map.count; i++) {
		const struct member *m = over->map.entries[i].value;
		struct str key = over->map.entries[i].key;

		member_put(a, &out, key, m->key_span,
			   table_merge(a, value_get(under, key), &m->value));
	}
	return out;
}

/* Lists in `append` go behind those of the block, at the same place. */
static struct value append_merge(struct compiler *c, const struct value *under,
				 const struct value *over)
{
	struct value out;

	if (over->kind == VALUE_MAP && (!under || under->kind == VALUE_MAP)) {
		struct value empty = value_map();

		out = table_merge(c->arena, &empty, under ? under : &empty);
		for (uint32_t i = 0; i < over->map.count; i++) {
			const struct member *m = over->map.entries[i].value;
			struct str key = over->map.entries[i].key;

			member_put(c->arena, &out, key, m->key_span,
				   append_merge(c, under ? value_get(under, key) : NULL,
						&m->value));
		}
		return out;
	}
	if (over->kind != VALUE_LIST || (under && under->kind != VALUE_LIST)) {
		diag_error(c->d, over->span, "E0314 'append' adds lists to lists");
		if (over->kind == VALUE_LIST)
			diag_help(c->d, "outside of 'append' a value replaces the block's");
		else
			diag_help(c->d, "put what is added in brackets");
		return under ? *under : *over;
	}
	out = value_list(NULL, 0);
	out.span = over->span;
	for (size_t i = 0; under && i < under->list.count; i++)
		value_append(c->arena, &out, under->list.items[i]);
	for (size_t i = 0; i < over->list.count; i++)
		value_append(c->arena, &out, over->list.items[i]);
	return out;
}

/* The table without the key at a dotted path; false if it was not there. */
static bool path_remove(struct arena *a, const struct value *table, struct str path,
			struct value *out)
{
	struct str first, rest = path;
	struct value inner, left = value_map();
	bool deeper;

	str_split(&rest, '.', &first);
	deeper = rest.length > 0;
	if (!value_get(table, first))
		return false;
	if (deeper && !path_remove(a, value_get(table, first), rest, &inner))
		return false;
	left.span = table->span;
	left.marks = table->marks;
	for (uint32_t i = 0; i < table->map.count; i++) {
		const struct member *m = table->map.entries[i].value;
		struct str key = table->map.entries[i].key;

		if (!str_equal(key, first))
			member_put(a, &left, key, m->key_span, m->value);
		else if (deeper)
			member_put(a, &left, key, m->key_span, inner);
	}
	*out = left;
	return true;
}

static void report_unset(struct compiler *c, const struct value *block, const struct value *name)
{
	VEC(struct str) keys = { 0 };
	struct str near;

	for (uint32_t i = 0; block->kind == VALUE_MAP && i < block->map.count; i++)
		*vec_push(c->arena, &keys) = block->map.entries[i].key;
	diag_error(c->d, name->span, "E0316 there is no '%.*s' to unset", STR_ARG(name->string));
	near = suggest(c, name->string, keys.items, keys.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
}

static struct value unset_apply(struct compiler *c, const struct value *block,
				const struct value *names)
{
	struct value out = *block;

	if (names->kind != VALUE_LIST) {
		diag_error(c->d, names->span, "E0315 'unset' must be a list of keys");
		if (names->kind == VALUE_STRING)
			diag_help(c->d, "put it in brackets: [\"%.*s\"]", STR_ARG(names->string));
		return out;
	}
	if (names->list.count > UNSET_MOST) {
		diag_error(c->d, names->span, "E0319 more than %d keys in 'unset'", UNSET_MOST);
		return out;
	}
	for (size_t i = 0; i < names->list.count; i++) {
		const struct value *name = &names->list.items[i];
		struct value next;

		if (name->kind != VALUE_STRING)
			diag_error(c->d, name->span, "E0315 'unset' must be a list of keys");
		else if (!path_remove(c->arena, &out, name->string, &next))
			report_unset(c, block, name);
		else
			out = next;
	}
	return out;
}

static struct value block_merge(struct compiler *c, const struct value *block,
				const struct value *overlay)
{
	const struct value *append = value_get(overlay, append_key);
	const struct value *unset = value_get(overlay, unset_key);
	struct value plain = *overlay, out;

	if (overlay->kind != VALUE_MAP || block->kind != VALUE_MAP)
		return *overlay;
	if (append)
		path_remove(c->arena, &plain, append_key, &plain);
	if (unset)
		path_remove(c->arena, &plain, unset_key, &plain);
	out = table_merge(c->arena, block, &plain);
	if (append)
		out = append_merge(c, &out, append);
	return unset ? unset_apply(c, &out, unset) : out;
}

static void report_no_block(struct compiler *c, const struct value *section, struct span span,
			    struct str id)
{
	VEC(struct str) ids = { 0 };
	struct str near;

	if (section && section->marks & VALUE_DAMAGED)
		return;
	for (uint32_t i = 0; section && section->kind == VALUE_MAP && i < section->map.count; i++)
		*vec_push(c->arena, &ids) = section->map.entries[i].key;
	diag_error(c->d, span, "E0317 there is no block '%.*s' to lay this over", STR_ARG(id));
	near = suggest(c, id, ids.items, ids.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "write the block outside of the stage with 'when = false', and "
			  "'when = true' here");
}

/*
 * levels: how many tables down the blocks stand (1: table.ID, 3: AWS.S.T.ID).
 * apply: false only looks whether the blocks are there.
 */
static struct value section_merge(struct compiler *c, const struct value *under,
				  const struct value *over, unsigned levels, bool apply)
{
	struct value out = under ? *under : value_map();
	bool copied = false;

	if (over->kind != VALUE_MAP) {
		if (!(over->marks & VALUE_DAMAGED))
			diag_error(c->d, over->span, "E0309 an overlay is a table");
		return out;
	}
	for (uint32_t i = 0; i < over->map.count; i++) {
		const struct member *m = over->map.entries[i].value;
		struct str key = over->map.entries[i].key;
		const struct value *found = under ? value_get(under, key) : NULL;
		struct value empty = value_map(), merged;

		if (!found) {
			report_no_block(c, under, m->key_span, key);
			continue;
		}
		merged = levels > 1 ? section_merge(c, found, &m->value, levels - 1, apply)
				    : apply ? block_merge(c, found, &m->value) : *found;
		if (!apply)
			continue;
		if (!copied)
			out = table_merge(c->arena, &empty, under);
		copied = true;
		member_put(c->arena, &out, key,
			   value_member(under, key)->key_span, merged);
	}
	return out;
}

static bool glob_is_valid(struct str name)
{
	for (size_t i = 0; i < name.length; i++) {
		char ch = name.data[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9') && ch != '*' &&
		    ch != '?')
			return false;
	}
	return name.length > 0;
}

/* Locals, and the tables of [defaults]: those that are not there yet are made. */
static struct value names_merge(struct compiler *c, const struct value *under,
				const struct value *over, bool tables)
{
	struct value empty = value_map(), out;

	if (!under || under->kind != VALUE_MAP)
		under = &empty;
	if (!tables)
		return block_merge(c, under, over);
	out = table_merge(c->arena, &empty, under);
	for (uint32_t i = 0; i < over->map.count; i++) {
		const struct member *m = over->map.entries[i].value;
		struct str key = over->map.entries[i].key;
		const struct value *have = value_get(under, key);

		member_put(c->arena, &out, key, m->key_span,
			   block_merge(c, have ? have : &empty, &m->value));
	}
	return out;
}

/* 0: no section of blocks. */
static unsigned section_levels(struct str name)
{
	if (str_equal_c(name, "AWS"))
		return 3;
	if (kind_find(name) || text_in_words(name, "check module output policy target variable"))
		return 1;
	return 0;
}

/* Its blocks stand at two depths: existing.AWS.S.T.ID and existing.stack.ID. */
static struct value existing_merge(struct compiler *c, const struct value *under,
				   const struct value *over, bool apply)
{
	struct value none = value_map();
	struct value out = table_merge(c->arena, under ? under : &none, &none);

	for (uint32_t i = 0; over->kind == VALUE_MAP && i < over->map.count; i++) {
		const struct member *m = over->map.entries[i].value;
		struct str key = over->map.entries[i].key;
		struct value merged = section_merge(c, value_get(&out, key), &m->value,
						    section_levels(key) ? 3 : 1, apply);

		if (apply && value_get(&out, key))
			member_put(c->arena, &out, key, value_member(&out, key)->key_span,
				   merged);
	}
	return out;
}

static void overlay_apply(struct compiler *c, const struct overlay *o, bool apply)
{
	for (uint32_t i = 0; i < o->table->map.count; i++) {
		const struct member *m = o->table->map.entries[i].value;
		struct str name = o->table->map.entries[i].key;
		const struct value *under = value_get(&c->top->root, name);
		unsigned levels = section_levels(name);
		struct value merged;

		if (text_in_words(name, "local defaults") && m->value.kind == VALUE_MAP)
			merged = names_merge(c, under, &m->value,
					     str_equal_c(name, "defaults"));
		else if (str_equal_c(name, "existing"))
			merged = existing_merge(c, under, &m->value, apply);
		else if (under && under->kind != VALUE_MAP)
			continue;	/* what is wrong there is said there */
		else if (levels)
			merged = section_merge(c, under, &m->value, levels, apply);
		else
			continue;
		if (apply)
			member_put(c->arena, &c->top->root, name, m->key_span, merged);
	}
}

/* Few stages: insertion keeps the order of the spec among equals. */
static void overlay_insert(struct overlay *list, size_t count, struct overlay o)
{
	while (count && (list[count - 1].exact > o.exact ||
			 (list[count - 1].exact == o.exact &&
			  list[count - 1].literals > o.literals))) {
		list[count] = list[count - 1];
		count--;
	}
	list[count] = o;
}

static struct overlay overlay_of(struct compiler *c, struct str name, const struct value *table)
{
	struct overlay o = { .name = name, .table = table };

	o.exact = str_equal(name, c->model->stage);
	for (size_t i = 0; i < name.length; i++)
		o.literals += name.data[i] != '*' && name.data[i] != '?';
	return o;
}

void overlays_merge(struct compiler *c, const struct value *root)
{
	const struct value *stages = value_get_c(root, "stage");
	struct value empty = value_map(), settings = value_map();
	struct overlay *matching;
	size_t count = 0;

	c->top->root = table_merge(c->arena, &empty, root);
	if (!stages || stages->kind != VALUE_MAP) {
		if (stages && !(stages->marks & VALUE_DAMAGED))
			diag_error(c->d, stages->span, "E0309 'stage' holds tables: [stage.NAME]");
		return;
	}
	if (stages->map.count > OVERLAYS_MOST) {
		diag_error(c->d, stages->span, "E0319 more than %d stages", OVERLAYS_MOST);
		return;
	}
	matching = arena_array(c->arena, struct overlay, stages->map.count);
	for (uint32_t i = 0; i < stages->map.count; i++) {
		const struct member *m = stages->map.entries[i].value;
		struct str name = stages->map.entries[i].key;
		struct overlay o = overlay_of(c, name, &m->value);

		if (!glob_is_valid(name)) {
			diag_error(c->d, m->key_span, "E0320 '%.*s' is no name of a stage",
				   STR_ARG(name));
			diag_help(c->d, "lower-case letters and digits; '*' and '?' match several");
		}
		if (!stage_table_check(c, m, name) || !glob_is_valid(name))
			continue;
		if (str_matches(name, c->model->stage))
			overlay_insert(matching, count++, o);
		else
			overlay_apply(c, &o, false);
	}
	for (size_t i = 0; i < count; i++) {
		overlay_apply(c, &matching[i], true);
		settings = table_merge(c->arena, &settings, matching[i].table);
	}
	c->settings = settings;
}
