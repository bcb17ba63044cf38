#include "compare.h"

void walk_init(struct walk *w, struct arena *a, struct arena *scratch, const struct schema *schema,
	       struct change_vec *out)
{
	*w = (struct walk){ .arena = a, .scratch = scratch, .schema = schema, .out = out };
	buf_init(&w->path, scratch);
}

size_t walk_member(struct walk *w, struct str name)
{
	size_t length = w->path.length;

	if (length)
		buf_add_char(&w->path, '.');
	buf_add(&w->path, name);
	return length;
}

size_t walk_item(struct walk *w, struct str key)
{
	size_t length = w->path.length;

	buf_add_char(&w->path, '[');
	buf_add(&w->path, key);
	buf_add_char(&w->path, ']');
	return length;
}

void walk_leave(struct walk *w, size_t length)
{
	buf_truncate(&w->path, length);
}

/* The next step: a name, or "[]" for any list item. */
static bool next_step(struct str *rest, struct str *step)
{
	size_t end = 0;

	if (rest->length && rest->data[0] == '.')
		*rest = str_slice(*rest, 1, rest->length);
	if (!rest->length)
		return false;
	if (rest->data[0] == '[') {
		end = str_index(*rest, ']');
		*rest = str_slice(*rest, end + 1, rest->length);
		*step = STR("[]");
		return true;
	}
	while (end < rest->length && rest->data[end] != '.' && rest->data[end] != '[')
		end++;
	*step = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end, rest->length);
	return true;
}

bool path_fits(struct str pattern, struct str path, bool deeper)
{
	struct str want, have;

	while (next_step(&pattern, &want)) {
		if (!next_step(&path, &have))
			return false;
		/* Drivers may leave out the step into a list: Policies.PolicyDocument. */
		while (str_equal_c(have, "[]") && !str_equal_c(want, "[]") &&
		       !str_equal_c(want, "*"))
			if (!next_step(&path, &have))
				return false;
		if (!str_equal(want, have) && !str_equal_c(want, "*"))
			return false;
	}
	return deeper || !path.length;
}

bool path_list_fits(const struct str_list *patterns, struct str path, bool deeper)
{
	for (size_t i = 0; i < patterns->count; i++) {
		if (path_fits(patterns->items[i], path, deeper))
			return true;
	}
	return false;
}

/*
 * People put credentials into environments, whatever the type: these members
 * are withheld even where a driver forgot to say so.
 */
static const struct str environments[] = {
	STR_INIT("Environment.Variables"),
	STR_INIT("EnvironmentVariables"),
};

bool path_is_sensitive(const struct driver *driver, struct str path)
{
	for (size_t i = 0; i < sizeof(environments) / sizeof(environments[0]); i++) {
		if (path_fits(environments[i], path, true))
			return true;
	}
	return driver && path_list_fits(&driver->secret, path, true);
}

bool value_is_absent(const struct value *v)
{
	return !v || v->kind == VALUE_NULL;
}

bool value_is_empty(const struct value *v)
{
	if (value_is_absent(v))
		return true;
	return (v->kind == VALUE_LIST && !v->list.count) || (v->kind == VALUE_MAP && !v->map.count);
}

const struct shape *shape_member(const struct shape *shape, struct str name)
{
	const struct property *property;

	if (!shape)
		return NULL;
	if (shape->kind == PROPERTY_MAP)
		return shape->element;
	if (shape->kind != PROPERTY_OBJECT)
		return NULL;
	property = map_get(&shape->fields, name);
	return property ? property->shape : NULL;
}

static bool is_tag_list(const struct walk *w)
{
	return w->schema->tag_property.length && !w->schema->tags_are_map &&
	       str_equal(buf_str(&w->path), w->schema->tag_property);
}

enum compare_rule walk_rule(const struct walk *w, const struct shape *shape, struct str *key)
{
	const struct driver *driver = w->schema->driver;
	struct str path = buf_str(&w->path);

	if (w->live && driver && path_list_fits(&driver->write_only, path, true))
		return COMPARE_IGNORE;
	for (size_t i = 0; driver && i < driver->compare_count; i++) {
		if (!path_fits(driver->compares[i].path, path, false))
			continue;
		*key = driver->compares[i].key;
		return driver->compares[i].rule;
	}
	if (is_tag_list(w)) {
		*key = STR("Key");
		return COMPARE_KEYED;
	}
	if (shape && shape->kind == PROPERTY_JSON)
		return COMPARE_JSON;
	if (shape && shape->kind == PROPERTY_LIST && shape->unordered)
		return COMPARE_SET;
	return COMPARE_EXACT;
}
