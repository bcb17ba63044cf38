#include "document.h"

#include "base/yaml.h"
#include "toml.h"

/*
 * base/ knows YAML; here is what a spec makes of it: no null, no merge keys, and the
 * tree's own members.  Aliases are copies from here on, so that later stages may write
 * into one and not the other.
 */
struct converter {
	struct arena *arena;
	struct str text;
	struct diags *diags;
	unsigned mistakes;
};

static bool is_full(const struct converter *c)
{
	return c->mistakes >= TOML_ERROR_LIMIT;
}

static struct value refuse(struct converter *c, const struct value *v)
{
	struct value damaged = value_null();

	if (++c->mistakes == TOML_ERROR_LIMIT)
		diag_error(c->diags, v->span,
			   "E0104 more than %d mistakes in this file: the rest is not read",
			   TOML_ERROR_LIMIT);
	damaged.span = v->span;
	damaged.marks = VALUE_DAMAGED;
	return damaged;
}

/* key: whose value it is; NULL for an item of a list. */
static struct value refuse_null(struct converter *c, const struct value *v, struct str key,
				const struct span *key_span)
{
	if (is_full(c))
		return refuse(c, v);
	if (v->span.end > v->span.start) {
		diag_error(c->diags, v->span, "E0137 a spec has no null");
		diag_help(c->diags, key_span ? "leave the key out" : "leave the item out");
	} else if (key_span) {
		diag_error(c->diags, *key_span, "E0126 a value is missing after '%.*s:'",
			   STR_ARG(toml_shown(key)));
		diag_help(c->diags, "write {} for a table without keys, \"\" for empty text");
	} else {
		diag_error(c->diags, v->span, "E0126 a value is missing after '-'");
	}
	return refuse(c, v);
}

static struct value convert(struct converter *c, const struct value *v);

static struct value convert_list(struct converter *c, const struct value *v)
{
	struct value list = *v;

	list.list.items = arena_array(c->arena, struct value, v->list.count);
	list.list.capacity = 0;
	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];
		struct value *place = &list.list.items[i];

		if (item->kind == VALUE_NULL && !(item->marks & VALUE_DAMAGED))
			*place = refuse_null(c, item, (struct str){ 0 }, NULL);
		else
			*place = convert(c, item);
		list.marks |= place->marks & VALUE_DAMAGED;
	}
	return list;
}

/* A merge key is only one without quotes. */
static bool is_merge(const struct converter *c, struct str key, struct span span)
{
	return str_equal_c(key, "<<") && str_starts(str_slice(c->text, span.start, span.end), key);
}

static struct value convert_member(struct converter *c, struct str key,
				   const struct member *member)
{
	const struct value *v = &member->value;

	if (v->kind == VALUE_NULL && !(v->marks & VALUE_DAMAGED))
		return refuse_null(c, v, key, &member->key_span);
	return convert(c, v);
}

static struct value convert_map(struct converter *c, const struct value *v)
{
	struct value map = value_map();

	map.span = v->span;
	map.marks = v->marks;
	for (uint32_t i = 0; i < v->map.count && !is_full(c); i++) {
		struct str key = v->map.entries[i].key;
		const struct member *member = v->map.entries[i].value;
		struct value value;

		if (is_merge(c, key, member->key_span)) {
			diag_error(c->diags, member->key_span, "E0136 a spec has no merge keys");
			diag_help(c->diags, "write the keys out, or put what blocks share into "
				  "'defaults'");
			map.marks |= refuse(c, &member->value).marks;
			continue;
		}
		value = convert_member(c, key, member);
		if (value.kind != VALUE_MAP)
			map.marks |= value.marks & VALUE_DAMAGED;
		document_set(c->arena, &map, key, member->key_span, value);
	}
	return map;
}

static struct value convert(struct converter *c, const struct value *v)
{
	if (v->kind != VALUE_LIST && v->kind != VALUE_MAP)
		return *v;
	if (is_full(c))
		return refuse(c, v);
	return v->kind == VALUE_LIST ? convert_list(c, v) : convert_map(c, v);
}

/* "name:shop" under a section's key: text, where tables were meant. */
static bool refuse_joined(struct converter *c, const struct value *root)
{
	bool good = true;

	for (uint32_t i = 0; root->kind == VALUE_MAP && i < root->map.count; i++) {
		struct member *member = root->map.entries[i].value;
		struct str text = member->value.string;
		size_t colon;

		if (member->value.kind != VALUE_STRING)
			continue;
		colon = str_index(text, ':');
		if (colon == 0 || colon == text.length || str_contains(text, STR("://")) ||
		    c->text.data[member->value.span.start] != text.data[0])
			continue;
		diag_error(c->diags, value_text_span(&member->value, 0, colon + 1),
			   "E0131 a blank is missing after '%.*s:'",
			   STR_ARG(toml_shown(str_slice(text, 0, colon))));
		diag_help(c->diags, "write '%.*s: ...'",
			  STR_ARG(toml_shown(str_slice(text, 0, colon))));
		member->value = refuse(c, &member->value);
		good = false;
	}
	return good;
}

bool yaml_spec_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d)
{
	_Static_assert(YAML_DEPTH_LIMIT == SPEC_DEPTH_LIMIT &&
		       YAML_MISTAKE_LIMIT == TOML_ERROR_LIMIT, "the same for all formats");
	struct converter c = { .arena = a, .text = text, .diags = d };
	struct value read, root;
	bool good;

	if (!document_begin(text, file, out, d))
		return false;
	good = yaml_parse(a, text, file, &read, d);
	if (good && read.kind == VALUE_NULL)
		return true;
	good = refuse_joined(&c, &read) && good;
	root = convert(&c, &read);
	return document_end(out, &root, good && c.mistakes == 0, d);
}
