#include "command.h"

#include "base/json.h"
#include "mistake.h"
#include "spec/function.h"

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
	if (shape->pattern.length > 0)
		buf_printf(out, "  like %.*s", STR_ARG(shape->pattern));
}

static bool replaces(const struct schema *schema, const struct property *property)
{
	const struct driver *driver = schema->driver;

	if (driver && str_list_has(&driver->in_place, property->name))
		return false;
	return property->create_only || (driver && str_list_has(&driver->replace, property->name));
}

static void print_property(struct buf *out, const struct schema *schema,
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
	print_limits(out, property->shape);
	for (size_t i = 0; i < property->reference_count; i++)
		buf_printf(out, "%s%.*s%s%.*s", i ? ", " : "  takes ",
			   STR_ARG(property->references[i].type),
			   property->references[i].attribute.length ? "." : "",
			   STR_ARG(property->references[i].attribute));
	buf_add_char(out, '\n');
}

static void print_fields(struct buf *out, const struct schema *schema, const struct map *fields,
			 bool read_only)
{
	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *property = fields->entries[i].value;

		if (property->read_only == read_only)
			print_property(out, schema, property);
	}
}

static const char *guard_word(enum guard guard)
{
	return guard == GUARD_HARD ? "hard (deleting or replacing needs --allow-data-loss)" :
	       guard == GUARD_SOFT ? "soft (only while it holds data)" : "none";
}

static void print_type(struct buf *out, const struct schema *schema)
{
	buf_printf(out, "%.*s\n", STR_ARG(schema->type));
	if (schema->tier == TIER_NONE)
		buf_printf(out, "  cannot be managed: %.*s\n", STR_ARG(schema->refusal));
	else
		buf_printf(out, "  driver      %s\n", schema->tier == TIER_NATIVE ?
			   "native" : "Cloud Control (checked today, applied in a later version)");
	if (schema->driver) {
		buf_printf(out, "  guard       %s\n", guard_word(schema->driver->guard));
		if (schema->driver->name.property.length > 0)
			buf_printf(out, "  name        %.*s, at most %u characters\n",
				   STR_ARG(schema->driver->name.property),
				   schema->driver->name.max_length);
	}
	buf_add_c(out, "\nproperties\n");
	print_fields(out, schema, &schema->properties, false);
	buf_add_c(out, "\nattributes\n");
	print_fields(out, schema, &schema->properties, true);
}

/* The object that a property holds, behind lists and maps. */
static const struct shape *inner(const struct shape *shape)
{
	while (shape && (shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP))
		shape = shape->element;
	return shape;
}

static int unknown(struct run *run, struct str type)
{
	size_t count;
	const struct str *types = schemas_types(run->schemas, &count);
	struct str near = str_nearest(type, types, count);

	if (near.length > 0)
		run_say(run, EXIT_ERROR, "there is no resource type '%.*s': did you mean '%.*s'?",
			STR_ARG(type), STR_ARG(near));
	else
		run_say(run, EXIT_ERROR,
			"there is no resource type '%.*s': 'effc explain' lists them",
			STR_ARG(type));
	return run->exit;
}

static int list_types(struct run *run)
{
	size_t count;
	const struct str *types = schemas_types(run->schemas, &count);
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < count; i++) {
		const struct schema *schema = schema_find(run->schemas, types[i]);
		bool native = schema && schema->tier == TIER_NATIVE;

		buf_printf(&out, "%.*s%s\n", STR_ARG(types[i]),
			   native ? "" : "  (checked, not applied yet)");
	}
	fwrite(out.data, 1, out.length, run->doors->out);
	if (run->doors->out_is_terminal)
		fputs("and 'effc explain E' lists the mistakes, by their codes\n", run->doors->err);
	return EXIT_DONE;
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

static int unknown_property(struct run *run, const struct schema *schema, struct str path)
{
	const struct map *properties = &schema->properties;
	struct str *names = arena_array(&run->arena, struct str, properties->count);
	struct str near, type = schema->type;

	for (uint32_t i = 0; i < properties->count; i++)
		names[i] = properties->entries[i].key;
	near = str_nearest(path, names, properties->count);
	run_say(run, EXIT_ERROR, "%.*s has no property '%.*s'%s%.*s%s", STR_ARG(type),
		STR_ARG(path), near.length ? ": did you mean '" : "", STR_ARG(near),
		near.length ? "'?" : "");
	return run->exit;
}

static int explain_property(struct run *run, const struct schema *schema, struct str path)
{
	const struct property *property = schema_property_path(schema, path);
	const struct shape *shape;
	struct buf out;

	if (!property)
		return unknown_property(run, schema, path);
	buf_init(&out, &run->arena);
	print_property(&out, schema, property);
	shape = inner(property->shape);
	if (shape && shape->kind == PROPERTY_OBJECT)
		print_fields(&out, schema, &shape->fields, false);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}

static int explain_mistake(struct run *run, struct str word)
{
	struct str page = mistake_page(word);
	struct buf out;

	buf_init(&out, &run->arena);
	if (page.length)
		mistake_print(&out, page);
	else if (!mistake_list(&out, word))
		run_say(run, EXIT_ERROR, "there is no mistake '%.*s': 'effc explain E' lists them",
			STR_ARG(word));
	fwrite(out.data, 1, out.length, run->doors->out);
	return run->exit;
}

static void print_function(struct buf *out, const struct function *f, int width)
{
	size_t start = out->length;

	function_print(out, f);
	if (out->length - start < (size_t)width)
		buf_add_repeat(out, ' ', (size_t)width - (out->length - start));
	buf_printf(out, "  %s\n", f->summary);
}

#define SIGNATURE_COLUMNS 36

/* A function, or all of them.  False: it is none. */
static bool explain_function(struct run *run, struct str word)
{
	const struct function *f = function_find(word);
	const char *refusal = function_refusal(word);
	struct buf out;

	buf_init(&out, &run->arena);
	if (f)
		print_function(&out, f, 0);
	else if (refusal)
		run_say(run, EXIT_ERROR, "function '%.*s' is left out: %s", STR_ARG(word), refusal);
	else if (!str_equal(word, STR("functions")))
		return false;
	for (size_t i = 0; !f && !refusal && function_at(i); i++)
		print_function(&out, function_at(i), SIGNATURE_COLUMNS);
	fwrite(out.data, 1, out.length, run->doors->out);
	return true;
}

int command_explain(struct run *run)
{
	struct str rest, type;
	const struct schema *schema;
	struct buf out;

	if (run->options->arguments.count > 1) {
		run_say(run, EXIT_ERROR, "one at a time: effc explain AWS::SQS::Queue");
		return run->exit;
	}
	if (run->options->arguments.count == 1 &&
	    mistake_is_code(run->options->arguments.items[0]))
		return explain_mistake(run, run->options->arguments.items[0]);
	if (run->options->arguments.count == 1 &&
	    explain_function(run, run->options->arguments.items[0]))
		return run->exit;
	if (!run_schemas(run))
		return run->exit;
	if (run->options->arguments.count == 0)
		return list_types(run);
	rest = run->options->arguments.items[0];
	type = split_type(run, &rest);
	schema = schema_find(run->schemas, type);
	if (!schema)
		return unknown(run, type);
	if (rest.length > 0)
		return explain_property(run, schema, rest);
	buf_init(&out, &run->arena);
	print_type(&out, schema);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
