#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/regex.h"
#include "actions.h"
#include "blob.h"
#include "catalogue.h"
#include "load.h"
#include "overrides.h"
#include "permissions.h"
#include "rules.h"
#include "types.h"

/*
 * The compiler of data, run while building: reads facts, overrides and
 * drivers, checks everything against everything, and writes the blob that the
 * program embeds.  Mistakes are printed as compilers do.
 */
struct options {
	struct str types, wire, drivers, overrides, out;
};

struct datac {
	struct arena *a;
	struct sources sources;
	struct diags d;
	struct loader loader;
	struct map types;		/* name -> struct value */
	struct loaded_vec wires, drivers;
	struct value services, runtimes, actions;
	struct VEC_OF(struct blob_item) items;
	bool ok;
};

static void fail(struct datac *c)
{
	c->ok = false;
}

static void add_item(struct datac *c, const char *folder, struct str name, const struct value *v)
{
	struct blob_item *item = vec_push(c->a, &c->items);

	item->name = str_format(c->a, "%s%.*s", folder, STR_ARG(name));
	item->document = json_text(c->a, v);
}

static struct value load_override(struct datac *c, const struct options *o, const char *file)
{
	struct loaded one = { .value = value_map() };

	if (!load_file(&c->loader, path_join(c->a, o->overrides, str_from_c(file)), &one))
		fail(c);
	return one.value.kind == VALUE_MAP ? one.value : value_map();
}

/* "SQS" is the file of "AWS::SQS::Queue". */
static bool belongs(struct str type, struct str file)
{
	struct str rest = str_slice(type, 5, type.length);

	return str_starts(type, STR("AWS::")) && str_starts(rest, file) &&
	       str_starts(str_slice(rest, file.length, rest.length), STR("::"));
}

static void load_types(struct datac *c, const struct options *o)
{
	struct loaded_vec files = { 0 };

	if (!load_folder(&c->loader, o->types, STR(".json"), &files))
		fail(c);
	for (size_t i = 0; i < files.count; i++) {
		struct value *all = &files.items[i].value;

		for (uint32_t k = 0; all->kind == VALUE_MAP && k < all->map.count; k++) {
			struct member *m = all->map.entries[k].value;
			struct str name = all->map.entries[k].key;

			if (!belongs(name, files.items[i].name) || map_has(&c->types, name)) {
				diag_error(&c->d, m->key_span, "type '%.*s' does not belong here",
					   STR_ARG(name));
				fail(c);
			}
			*map_put(c->a, &c->types, name) = &m->value;
		}
	}
}

/* ---- a pattern that cannot be read is taken away by an override, with the reason */

static void check_patterns(struct datac *c, const struct value *fields);

static void check_pattern(struct datac *c, const struct value *shape)
{
	const struct value *pattern = value_get_c(shape, "pattern");
	struct error err = { 0 };
	struct regex *regex;

	if (pattern && pattern->kind == VALUE_STRING) {
		regex = regex_new(regex_from_dialects(c->a, pattern->string), &err);
		if (!regex) {
			diag_error(&c->d, pattern->span, "%s", err.text);
			fail(c);
		}
		regex_free(regex);
	}
	if (value_get_c(shape, "of"))
		check_pattern(c, value_get_c(shape, "of"));
	check_patterns(c, value_get_c(shape, "properties"));
}

static void check_patterns(struct datac *c, const struct value *fields)
{
	for (uint32_t i = 0; fields && fields->kind == VALUE_MAP && i < fields->map.count; i++)
		check_pattern(c, &((struct member *)fields->map.entries[i].value)->value);
}

static void check_all_patterns(struct datac *c, const struct value *facts)
{
	const struct value *definitions = value_get_c(facts, "definitions");

	check_patterns(c, value_get_c(facts, "properties"));
	for (uint32_t i = 0;
	     definitions && definitions->kind == VALUE_MAP && i < definitions->map.count; i++)
		check_patterns(c, &((struct member *)definitions->map.entries[i].value)->value);
}

static void check_types(struct datac *c)
{
	for (uint32_t i = 0; i < c->types.count; i++) {
		struct schema *schema = arena_new(c->a, struct schema);
		struct value *facts = c->types.entries[i].value;

		if (!type_parse(c->a, c->types.entries[i].key, facts, schema, &c->d))
			fail(c);
		check_all_patterns(c, facts);
		add_item(c, "type/", c->types.entries[i].key, facts);
	}
}

static void check_wires(struct datac *c, const struct options *o)
{
	if (!load_folder(&c->loader, o->wire, STR(".json"), &c->wires))
		fail(c);
	for (size_t i = 0; i < c->wires.count; i++) {
		struct wire_service *wire = arena_new(c->a, struct wire_service);
		const struct loaded *file = &c->wires.items[i];
		struct error err = { 0 };

		if (!wire_service_parse(c->a, file->name, &file->value, wire, &err)) {
			diag_error(&c->d, file->span, "%s", err.text);
			fail(c);
		}
		add_item(c, "wire/", file->name, &file->value);
	}
}

/* "AWS::SQS::Queue" is in SQS.Queue.yaml. */
static bool is_named(const struct loaded *file, struct str type)
{
	struct str plain = str_slice(type, 5, type.length);
	size_t colon = str_index(plain, ':');

	return file->name.length + 1 == plain.length &&
	       str_starts(file->name, str_slice(plain, 0, colon)) &&
	       str_ends(plain, str_slice(file->name, colon + 1, file->name.length)) &&
	       file->name.data[colon] == '.';
}

static void parse_drivers(struct datac *c, const struct options *o)
{
	struct map seen = { 0 };

	if (!load_folder(&c->loader, o->drivers, STR(".yaml"), &c->drivers))
		fail(c);
	for (size_t i = 0; i < c->drivers.count; i++) {
		struct driver *driver = arena_new(c->a, struct driver);
		const struct loaded *file = &c->drivers.items[i];

		if (!driver_parse(c->a, &file->value, driver, &c->d)) {
			fail(c);
			continue;
		}
		if (!is_named(file, driver->type) || !map_has(&c->types, driver->type) ||
		    map_has(&seen, driver->type)) {
			diag_error(&c->d, file->span, "a driver of '%.*s' does not belong here",
				   STR_ARG(driver->type));
			fail(c);
			continue;
		}
		*map_put(c->a, &seen, driver->type) = driver;
		add_item(c, "driver/", driver->type, &file->value);
	}
}

static void check_rules(struct datac *c)
{
	struct service_rules rules;
	struct map runtimes = { 0 };

	for (uint32_t i = 0; i < c->services.map.count; i++) {
		const struct member *m = c->services.map.entries[i].value;

		if (!service_rules_parse(c->a, c->services.map.entries[i].key, &m->value, &rules,
					 &c->d))
			fail(c);
		add_item(c, "service/", c->services.map.entries[i].key, &m->value);
	}
	for (uint32_t i = 0; i < c->actions.map.count; i++) {
		const struct member *m = c->actions.map.entries[i].value;
		struct service_actions actions;

		if (!service_actions_parse(c->a, c->actions.map.entries[i].key, &m->value, &actions,
					   &c->d))
			fail(c);
		add_item(c, "actions/", c->actions.map.entries[i].key, &m->value);
	}
	if (!runtimes_parse(c->a, &c->runtimes, &runtimes, &c->d))
		fail(c);
	add_item(c, "runtimes", STR(""), &c->runtimes);
}

/* ---- with everything in one place: what refers to what */

static void check_reference(struct datac *c, struct schemas *s, const struct value *refers)
{
	struct str text = refers->kind == VALUE_STRING ? refers->string : STR("");
	size_t dot = str_index(text, '.');
	const struct schema *target = schema_find(s, str_slice(text, 0, dot));

	if (!target || dot == text.length ||
	    schema_property_path(target, str_slice(text, dot + 1, text.length)))
		return;
	diag_error(&c->d, refers->span, "no such attribute: '%.*s'", STR_ARG(text));
	fail(c);
}

static void check_fields(struct datac *c, struct schemas *s, const struct value *fields);

static void check_shape(struct datac *c, struct schemas *s, const struct value *shape)
{
	const struct value *refers = value_get_c(shape, "refers");

	for (size_t i = 0; refers && refers->kind == VALUE_LIST && i < refers->list.count; i++)
		check_reference(c, s, &refers->list.items[i]);
	if (value_get_c(shape, "of"))
		check_shape(c, s, value_get_c(shape, "of"));
	check_fields(c, s, value_get_c(shape, "properties"));
}

static void check_fields(struct datac *c, struct schemas *s, const struct value *fields)
{
	for (uint32_t i = 0; fields && fields->kind == VALUE_MAP && i < fields->map.count; i++)
		check_shape(c, s,
			    &((const struct member *)fields->map.entries[i].value)->value);
}

static void check_quotas(struct datac *c, struct schemas *s)
{
	for (uint32_t i = 0; i < c->services.map.count; i++) {
		struct str name = c->services.map.entries[i].key;
		const struct member *m = c->services.map.entries[i].value;
		const struct service_rules *rules = schemas_service(s, name);
		const struct wire_service *wire = schemas_wire(s, name);

		for (size_t k = 0; wire && k < rules->quota_count; k++) {
			struct str operation = rules->quotas[k].operation;

			if (str_equal(operation, STR("*")) || wire_operation_find(wire, operation))
				continue;
			diag_error(&c->d, m->key_span,
				   "%.*s: a quota of the unknown operation '%.*s'", STR_ARG(name),
				   STR_ARG(operation));
			fail(c);
		}
	}
}

static void check_together(struct datac *c, struct str blob)
{
	struct error err = { 0 };
	struct schemas *s = schemas_open(c->a, blob, &err);

	if (!s)
		BUG("%s", err.text);
	for (uint32_t i = 0; i < c->types.count; i++) {
		const struct value *facts = c->types.entries[i].value;
		const struct value *definitions = value_get_c(facts, "definitions");

		check_fields(c, s, value_get_c(facts, "properties"));
		for (uint32_t k = 0; definitions && k < definitions->map.count; k++)
			check_fields(c, s,
				     &((struct member *)definitions->map.entries[k].value)->value);
	}
	check_quotas(c, s);
	for (size_t i = 0; i < c->drivers.count; i++) {
		const struct value *source = &c->drivers.items[i].value;
		const struct driver *driver = catalogue_driver(s, value_get_str(source, "type"));

		CHECK(driver);
		if (!driver_check(driver, source, s, &c->d) ||
		    !service_actions_check(driver, source, s, &c->d))
			fail(c);
	}
}

static int by_name(const void *a, const void *b)
{
	return str_compare(((const struct blob_item *)a)->name,
			   ((const struct blob_item *)b)->name);
}

static struct str compile(struct datac *c, const struct options *o)
{
	struct value overrides, permissions;
	struct str blob;

	load_types(c, o);
	overrides = load_override(c, o, "types.yaml");
	permissions = load_override(c, o, "permissions.yaml");
	c->services = load_override(c, o, "services.yaml");
	c->runtimes = load_override(c, o, "runtimes.yaml");
	c->actions = load_override(c, o, "actions.yaml");
	if (!overrides_apply(c->a, &overrides, &c->types, &c->d))
		fail(c);
	if (!permissions_apply(c->a, &permissions, &c->types, &c->d))
		fail(c);
	check_types(c);
	check_wires(c, o);
	check_rules(c);
	parse_drivers(c, o);
	if (!c->ok)
		return STR("");
	qsort(c->items.items, c->items.count, sizeof(*c->items.items), by_name);
	blob = blob_write(c->a, c->items.items, c->items.count);
	check_together(c, blob);
	return blob;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	const struct { const char *name; struct str *to; } all[] = {
		{ "--types", &o->types }, { "--wire", &o->wire }, { "--drivers", &o->drivers },
		{ "--overrides", &o->overrides }, { "--out", &o->out },
	};
	int given = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++) {
			if (strcmp(argv[i], all[k].name) == 0) {
				*all[k].to = str_from_c(argv[i + 1]);
				given++;
			}
		}
	}
	return given == 5 && argc == 11;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct options o = { 0 };
	struct datac c = { .a = &arena, .ok = true };
	struct error err = { 0 };
	struct buf report;
	struct str blob;

	if (!read_options(argc, argv, &o)) {
		fputs("usage: datac --types DIR --wire DIR --drivers DIR --overrides DIR "
		      "--out FILE\n",
		      stderr);
		return 2;
	}
	arena_init(&arena);
	diags_init(&c.d, &arena);
	c.loader = (struct loader){ &arena, files_real(), &c.sources, &c.d };
	blob = compile(&c, &o);
	buf_init(&report, &arena);
	diags_print(&report, &c.d, &c.sources, false);
	fwrite(report.data ? report.data : "", 1, report.length, stderr);
	if (c.ok && !file_replace(o.out, blob, 0644, &err)) {
		fprintf(stderr, "datac: %s\n", err.text);
		fail(&c);
	}
	arena_release(&arena);
	return c.ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
