#include "explain.h"

#include "command.h"

/* More values of an enum than this get lines of their own. */
#define ENUM_FEW 12
/* More optional properties than this are only named. */
#define LINES_MOST 40
#define COLUMNS 78

/* Names one after the other, as many as fit in a line. */
static void print_names(struct buf *out, const struct str *names, size_t count)
{
	size_t column = 0;

	for (size_t i = 0; i < count; i++) {
		if (column && column + names[i].length + 1 > COLUMNS) {
			buf_add_char(out, '\n');
			column = 0;
		}
		buf_printf(out, "%s%.*s", column ? " " : "  ", STR_ARG(names[i]));
		column += names[i].length + (column ? 1 : 2);
	}
	if (column)
		buf_add_char(out, '\n');
}

static const char *kind_word(enum property_kind kind)
{
	switch (kind) {
	case PROPERTY_STRING:
		return "string";
	case PROPERTY_INTEGER:
		return "integer";
	case PROPERTY_NUMBER:
		return "number";
	case PROPERTY_BOOLEAN:
		return "boolean";
	case PROPERTY_LIST:
		return "list";
	case PROPERTY_MAP:
		return "map";
	case PROPERTY_OBJECT:
		return "object";
	case PROPERTY_JSON:
		return "any JSON";
	}
	return "?";
}

static void print_kind(struct buf *out, const struct shape *shape)
{
	if (shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP) {
		buf_printf(out, "%s of ", kind_word(shape->kind));
		if (shape->element)
			print_kind(out, shape->element);
		else
			buf_add_c(out, "anything");
		return;
	}
	buf_add_c(out, kind_word(shape->kind));
}

/* What the least and the most of a property count. */
static const char *limit_unit(const struct shape *shape)
{
	if (shape->kind == PROPERTY_STRING)
		return " characters";
	return shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP ? " items" : "";
}

static void print_limits(struct buf *out, const struct shape *shape)
{
	for (size_t i = 0; i < shape->enum_count; i++)
		buf_printf(out, "%s%.*s", i ? "|" : "  one of ", STR_ARG(shape->enums[i]));
	if (shape->has_min && shape->has_max)
		buf_printf(out, "  %.15g to %.15g%s", shape->min, shape->max, limit_unit(shape));
	else if (shape->has_min)
		buf_printf(out, "  at least %.15g%s", shape->min, limit_unit(shape));
	else if (shape->has_max)
		buf_printf(out, "  at most %.15g%s", shape->max, limit_unit(shape));
}

static bool replaces(const struct schema *schema, const struct property *property)
{
	const struct driver *driver = schema->driver;

	if (driver && str_list_has(&driver->in_place, property->name))
		return false;
	return property->create_only || (driver && str_list_has(&driver->replace, property->name));
}

/* The line that a property gets among others: its pattern and what it takes are left out. */
static void print_line(struct buf *out, const struct schema *schema,
		       const struct property *property)
{
	buf_printf(out, "  %-34.*s ", STR_ARG(property->name));
	print_kind(out, property->shape);
	if (property->required)
		buf_add_c(out, ", required");
	if (property->read_only)
		buf_add_c(out, ", read-only");
	if (property->write_only)
		buf_add_c(out, ", write-only");
	if (!property->read_only && replaces(schema, property))
		buf_add_c(out, ", a change replaces");
	if (property->deprecated)
		buf_add_c(out, ", deprecated");
	if (property->shape->enum_count <= ENUM_FEW)
		print_limits(out, property->shape);
	buf_add_char(out, '\n');
}

/* The shape of what a list or map holds, however deep. */
static const struct shape *inner(const struct shape *shape)
{
	while (shape && (shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP))
		shape = shape->element;
	return shape;
}

static void print_detail(struct buf *out, const struct shape *shape)
{
	const struct shape *item = inner(shape);

	if (shape->enum_count > ENUM_FEW) {
		buf_add_c(out, "\nvalues\n");
		print_names(out, shape->enums, shape->enum_count);
	}
	if (shape->pattern.length)
		buf_printf(out, "  like %.*s\n", STR_ARG(shape->pattern));
	if (shape->key_pattern.length)
		buf_printf(out, "  keys like %.*s\n", STR_ARG(shape->key_pattern));
	if (shape->unique || shape->unique_by.count)
		buf_add_c(out, "  no item twice\n");
	if (item && item != shape && item->kind != PROPERTY_OBJECT) {
		size_t start = out->length;

		buf_add_c(out, "  each");
		print_limits(out, item);
		if (item->pattern.length)
			buf_printf(out, "  like %.*s", STR_ARG(item->pattern));
		if (out->length == start + 6)
			buf_truncate(out, start);
		else
			buf_add_char(out, '\n');
	}
}

static const char *guard_word(enum guard guard)
{
	return guard == GUARD_HARD ? "hard (deleting or replacing needs --allow-data-loss)" :
	       guard == GUARD_SOFT ? "soft (only while it holds data)" : "none";
}

/* "AWS.SQS.Queue.VisibilityTimeout", as in a header of the spec, is AWS::SQS::Queue's too. */
static struct str split_type(struct run *run, struct str *rest)
{
	struct str parts[3], whole = *rest;

	if (!str_starts(*rest, STR("AWS."))) {
		str_split(rest, '.', &parts[0]);
		return parts[0];
	}
	for (size_t i = 0; i < 3; i++)
		if (!str_split(rest, '.', &parts[i]))
			return whole;
	return str_join(&run->arena, STR("::"), parts, 3);
}

static void print_group(struct buf *out, const struct str_list *group, const char *last)
{
	for (size_t i = 0; i < group->count; i++)
		buf_printf(out, "%s%.*s", !i ? "" : i + 1 < group->count ? ", " : last,
			   STR_ARG(group->items[i]));
}

static void print_constraint(struct buf *out, const struct constraint *one)
{
	bool choice = one->kind == CONSTRAINT_ONE || one->kind == CONSTRAINT_ANY;

	buf_add_c(out, one->kind == CONSTRAINT_ONE ? "  one alone of " :
		       one->kind == CONSTRAINT_ANY ? "  at least one of " : "  with ");
	for (size_t i = 0; choice && i < one->count; i++) {
		buf_add_c(out, i ? " | " : "");
		print_group(out, &one->groups[i], " and ");
	}
	if (!choice) {
		buf_printf(out, "%.*s", STR_ARG(one->with));
		for (size_t i = 0; i < one->is.count; i++)
			buf_printf(out, "%s%.*s", i ? "|" : " = ", STR_ARG(one->is.items[i]));
		buf_add_c(out, one->kind == CONSTRAINT_NEEDS ? ": " : ": not ");
		print_group(out, one->groups,
			    one->kind == CONSTRAINT_NEEDS ? " and " : ", not ");
	}
	buf_add_char(out, '\n');
}

static void print_together(struct buf *out, const struct constraints *all)
{
	if (all->count)
		buf_add_c(out, "\ntogether\n");
	for (size_t i = 0; i < all->count; i++)
		print_constraint(out, &all->items[i]);
}

static void print_head(struct buf *out, const struct schema *schema)
{
	buf_printf(out, "%.*s\n", STR_ARG(schema->type));
	if (schema->tier == TIER_NONE)
		buf_printf(out, "  cannot be managed: %.*s\n", STR_ARG(schema->refusal));
	else
		buf_printf(out, "  driver      %s\n", schema->tier == TIER_NATIVE ?
			   "native" : "Cloud Control (checked today, applied in a later version)");
	if (schema->ends.length)
		buf_printf(out, "  service     ends on %.*s\n", STR_ARG(schema->ends));
	if (schema->closed.length)
		buf_printf(out, "  service     no new customers since %.*s\n",
			   STR_ARG(schema->closed));
	if (!schema->driver)
		return;
	buf_printf(out, "  guard       %s\n", guard_word(schema->driver->guard));
	if (schema->driver->name.property.length > 0)
		buf_printf(out, "  name        %.*s, at most %u characters\n",
			   STR_ARG(schema->driver->name.property),
			   schema->driver->name.max_length);
}

/* Names of the fields that are, or are not, set by AWS; not the required ones. */
static struct str_list names_of(struct arena *a, const struct map *fields, bool read_only)
{
	struct str_list out = { arena_array(a, struct str, fields->count), 0 };

	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		if (p->read_only == read_only && !(p->required && !read_only))
			out.items[out.count++] = p->name;
	}
	return out;
}

static void print_writable(struct buf *out, struct arena *a, const struct schema *schema,
			   const struct map *fields)
{
	struct str_list optional = names_of(a, fields, false);
	size_t start = out->length;

	buf_add_char(out, '\n');
	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		if (!p->read_only && (p->required || optional.count <= LINES_MOST))
			print_line(out, schema, p);
	}
	if (optional.count > LINES_MOST) {
		buf_add_c(out, out->length == start + 1 ? "  none is required\n" : "");
		buf_printf(out, "\noptional, 'effc explain %.*s.NAME' tells more\n",
			   STR_ARG(schema->type));
		print_names(out, optional.items, optional.count);
	}
}

static void print_type(struct buf *out, struct arena *a, const struct schema *schema)
{
	struct str_list attributes = names_of(a, &schema->properties, true);

	print_head(out, schema);
	buf_add_c(out, "\nproperties");
	print_writable(out, a, schema, &schema->properties);
	print_together(out, &schema->constraints);
	if (attributes.count)
		buf_add_c(out, "\nattributes\n");
	print_names(out, attributes.items, attributes.count);
}

static void print_property(struct buf *out, struct arena *a, const struct schema *schema,
			   const struct property *property)
{
	const struct shape *shape = inner(property->shape);

	print_line(out, schema, property);
	print_detail(out, property->shape);
	for (size_t i = 0; i < property->reference_count; i++)
		buf_printf(out, "%s%.*s%s%.*s%s", i ? ", " : "  takes ",
			   STR_ARG(property->references[i].type),
			   property->references[i].attribute.length ? "." : "",
			   STR_ARG(property->references[i].attribute),
			   i + 1 < property->reference_count ? "" : "\n");
	if (!shape || shape->kind != PROPERTY_OBJECT)
		return;
	buf_add_c(out, "\nfields");
	print_writable(out, a, schema, &shape->fields);
	print_together(out, &shape->constraints);
}

/* ---- what there is not */

/* In quotes: a last part alone ("queue"), or a whole name with a slip; empty: nothing is near. */
static struct str meant(struct arena *a, const struct str *types, size_t count, struct str word)
{
	struct str tail = str_format(a, "::%.*s", STR_ARG(word)), near = { 0 };
	size_t found = 0;
	struct buf all;

	buf_init(&all, a);
	for (size_t i = 0; i < count; i++) {
		struct str end = str_slice(types[i], types[i].length - tail.length,
					   types[i].length);

		if (str_equal_fold(types[i], word))
			near = types[i];
		if (types[i].length > tail.length && str_equal_fold(end, tail) && found++ < 6)
			buf_printf(&all, "%s'%.*s'", found > 1 ? ", " : "", STR_ARG(types[i]));
	}
	if (found)
		return buf_str(&all);
	near = near.length ? near : str_nearest(word, types, count);
	return near.length ? str_format(a, "'%.*s'", STR_ARG(near)) : near;
}

static int unknown_type(struct run *run, struct str word)
{
	size_t count;
	const struct str *types = schemas_types(run->schemas, &count);
	struct str near = meant(&run->arena, types, count, word);

	if (near.length > 0)
		run_say(run, EXIT_ERROR, "there is no resource type '%.*s': did you mean %.*s?",
			STR_ARG(word), STR_ARG(near));
	else
		run_say(run, EXIT_ERROR,
			"there is no resource type '%.*s': 'effc explain' lists them",
			STR_ARG(word));
	return run->exit;
}

/* The fields where the path leads no further, and what it asks of them. */
static const struct map *fields_before(const struct schema *schema, struct str path,
				       struct str *missing)
{
	const struct map *fields = &schema->properties;
	struct str part, rest = path;

	*missing = path;
	while (str_split(&rest, '.', &part)) {
		const struct property *p = map_get(fields, part);
		const struct shape *shape = p ? inner(p->shape) : NULL;

		*missing = part;
		if (!shape || shape->kind != PROPERTY_OBJECT)
			return fields;
		fields = &shape->fields;
	}
	return fields;
}

static int unknown_property(struct run *run, const struct schema *schema, struct str path)
{
	struct str missing, near, *names;
	const struct map *fields = fields_before(schema, path, &missing);

	names = arena_array(&run->arena, struct str, fields->count);
	for (uint32_t i = 0; i < fields->count; i++)
		names[i] = fields->entries[i].key;
	near = str_nearest(missing, names, fields->count);
	run_say(run, EXIT_ERROR, "%.*s has no property '%.*s'%s%.*s%s", STR_ARG(schema->type),
		STR_ARG(path), near.length ? ": did you mean '" : "", STR_ARG(near),
		near.length ? "'?" : "");
	return run->exit;
}

/* ---- the commands */

int explain_types(struct run *run, struct str service)
{
	size_t count, found = 0;
	const struct str *types = schemas_types(run->schemas, &count);
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < count; i++) {
		const struct schema *schema;

		if (!str_starts(types[i], service) ||
		    (service.length && types[i].data[service.length] != ':'))
			continue;
		schema = schema_find(run->schemas, types[i]);
		buf_printf(&out, "%.*s%s\n", STR_ARG(types[i]),
			   schema->tier == TIER_NATIVE ? "" :
			   schema->tier == TIER_NONE ? "  (cannot be managed)" :
			   "  (checked, not applied yet)");
		found++;
	}
	if (!found)
		return unknown_type(run, service);
	fwrite(out.data, 1, out.length, run->doors->out);
	if (run->doors->out_is_terminal && !service.length)
		fputs("and 'effc explain E' lists the mistakes, by their codes\n", run->doors->err);
	return EXIT_DONE;
}

int explain_type(struct run *run, struct str word)
{
	struct str path = word, type = split_type(run, &path);
	const struct schema *schema = schema_find(run->schemas, type);
	const struct property *property;
	struct buf out;

	if (!schema)
		return explain_types(run, str_replace(&run->arena, word, STR("."), STR("::")));
	buf_init(&out, &run->arena);
	if (path.length) {
		property = schema_property_path(schema, path);
		if (!property)
			return unknown_property(run, schema, path);
		print_property(&out, &run->arena, schema, property);
	} else {
		print_type(&out, &run->arena, schema);
	}
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
