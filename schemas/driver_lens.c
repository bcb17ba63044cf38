#include "driver_parse.h"

static const struct {
	const char *name;
	enum lens_conversion conversion;
} conversions[] = {
	{ "same", LENS_SAME }, { "int", LENS_INT }, { "bool", LENS_BOOL },
	{ "number", LENS_NUMBER }, { "json", LENS_JSON }, { "time", LENS_TIME },
	{ "tags", LENS_TAGS }, { "present", LENS_PRESENT }, { "zip", LENS_ZIP },
};
#define CONVERSIONS (sizeof(conversions) / sizeof(conversions[0]))

const struct lens *lens_find(const struct driver_steps *steps, struct str name)
{
	for (size_t i = 0; i < steps->lens_count; i++) {
		if (str_equal(steps->lenses[i].name, name))
			return &steps->lenses[i];
	}
	return NULL;
}

/* "Name", or {Property.path: Member.path} of any number of pairs. */
static void entry_parse(struct driver_parser *p, const struct value *v,
			const struct lens_entry *like, struct lens *lens)
{
	struct lens_entry *e = &lens->entries[lens->count];

	*e = *like;
	e->span = v->span;
	if (v->kind == VALUE_STRING) {
		if (!term_path_parse(p, v->string, v->span, &e->property))
			return;
		e->member = e->property;
		lens->count++;
		return;
	}
	if (v->kind != VALUE_MAP || v->map.count != 1) {
		diag_error(p->d, v->span, "an entry of a lens is a name or one {property: member}");
		return;
	}
	const struct member *m = v->map.entries[0].value;

	if (m->value.kind != VALUE_STRING) {
		diag_error(p->d, m->value.span, "the member must be a text");
		return;
	}
	if (term_path_parse(p, v->map.entries[0].key, m->key_span, &e->property) &&
	    term_path_parse(p, m->value.string, m->value.span, &e->member))
		lens->count++;
}

static void group_parse(struct driver_parser *p, const struct value *list,
			const struct lens_entry *like, struct lens *lens)
{
	struct lens_entry *grown;

	if (list->kind != VALUE_LIST || list->list.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, list->span, "a lens needs a list of its parts here");
		return;
	}
	grown = arena_array(p->arena, struct lens_entry, lens->count + list->list.count);
	for (size_t i = 0; i < lens->count; i++)
		grown[i] = lens->entries[i];
	lens->entries = grown;
	for (size_t i = 0; i < list->list.count; i++)
		entry_parse(p, &list->list.items[i], like, lens);
}

/* fill: {Filter.Prefix: ""} */
static void fill_parse(struct driver_parser *p, const struct value *v, struct lens *lens)
{
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'fill' must be a map");
		return;
	}
	lens->fill_paths = arena_array(p->arena, struct term_path, v->map.count);
	lens->fill_values = arena_array(p->arena, struct value, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (!term_path_parse(p, v->map.entries[i].key, m->key_span,
				     &lens->fill_paths[lens->fill_count]))
			continue;
		lens->fill_values[lens->fill_count++] = m->value;
	}
}

/* single: {Filter.And: {Tags: Tag}} */
static void single_parse(struct driver_parser *p, const struct value *v, struct lens *lens)
{
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'single' must be a map");
		return;
	}
	lens->singles = arena_array(p->arena, struct lens_single, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct lens_single *s = &lens->singles[lens->single_count];

		if (!term_path_parse(p, v->map.entries[i].key, m->key_span, &s->group))
			continue;
		if (s->group.count < 2 || m->value.kind != VALUE_MAP || m->value.map.count != 1 ||
		    ((const struct member *)m->value.map.entries[0].value)->value.kind !=
		    VALUE_STRING) {
			diag_error(p->d, m->value.span,
				   "'single' is {Group.path: {List: Item}}");
			continue;
		}
		s->list = m->value.map.entries[0].key;
		s->item = ((const struct member *)m->value.map.entries[0].value)->value.string;
		lens->single_count++;
	}
}

static void lens_key(struct driver_parser *p, struct str key, const struct member *m,
		     struct lens *lens)
{
	struct lens_entry like = { .conversion = LENS_LENS };

	if (str_equal(key, STR("unset"))) {
		lens->has_unset = true;
		lens->unset = m->value;
		return;
	}
	if (str_equal(key, STR("fill"))) {
		fill_parse(p, &m->value, lens);
		return;
	}
	if (str_equal(key, STR("single"))) {
		single_parse(p, &m->value, lens);
		return;
	}
	for (size_t i = 0; i < CONVERSIONS; i++) {
		if (str_equal_c(key, conversions[i].name))
			like.conversion = conversions[i].conversion;
	}
	/* Only lenses further up are known, so none can contain itself. */
	if (like.conversion == LENS_LENS)
		like.lens = lens_find(p->steps, key);
	if (like.conversion == LENS_LENS && !like.lens) {
		diag_error(p->d, m->key_span,
			   "'%.*s' is no conversion and no lens further up", STR_ARG(key));
		return;
	}
	group_parse(p, &m->value, &like, lens);
}

static void lens_parse(struct driver_parser *p, const struct value *v, struct lens *lens)
{
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "a lens must be a map");
		return;
	}
	for (uint32_t i = 0; i < v->map.count; i++)
		lens_key(p, v->map.entries[i].key, v->map.entries[i].value, lens);
}

static bool is_conversion(struct str name)
{
	for (size_t i = 0; i < CONVERSIONS; i++) {
		if (str_equal_c(name, conversions[i].name))
			return true;
	}
	return str_equal(name, STR("unset")) || str_equal(name, STR("fill")) ||
	       str_equal(name, STR("single"));
}

void lenses_parse(struct driver_parser *p, const struct value *v)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'lens' must be a map");
		return;
	}
	p->steps->lenses = arena_array(p->arena, struct lens, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct lens *lens = &p->steps->lenses[i];

		if (is_conversion(v->map.entries[i].key))
			diag_error(p->d, m->key_span, "a lens cannot be called '%.*s'",
				   STR_ARG(v->map.entries[i].key));
		lens->span = m->key_span;
		lens->name = v->map.entries[i].key;
		lens_parse(p, &m->value, lens);
		/* Counted only now, so that it does not find itself. */
		p->steps->lens_count++;
	}
}
