#include "schema.h"

#include <stdlib.h>

#include "base/json.h"
#include "base/stats.h"
#include "catalogue.h"
#include "rules.h"
#include "types.h"

struct schemas *schemas_open(struct arena *a, struct str blob, struct error *err)
{
	struct schemas *s = arena_new(a, struct schemas);

	s->arena = a;
	return blob_open(blob, &s->blob, err) ? s : NULL;
}

/*
 * A document of the blob as a value.  datac has read every one, so a document
 * that cannot be read is damage to the program itself.
 */
bool catalogue_document(struct schemas *s, struct str folder, struct str name, struct value *out)
{
	struct str path = str_format(s->arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(name));
	uint32_t index = blob_find(&s->blob, path);
	struct error err = { 0 };
	struct str text;

	if (index == UINT32_MAX)
		return false;
	if (!blob_take(&s->blob, index, &text))
		BUG("the embedded document '%.*s' is damaged", STR_ARG(path));
	stats.bytes_read += text.length;
	if (!json_parse(s->arena, text, SPAN_NOWHERE, out, &err))
		BUG("the embedded document '%.*s': %s", STR_ARG(path), err.text);
	return true;
}

static void expect_sound(bool ok, const struct diags *d, struct str name)
{
	if (!ok)
		BUG("embedded facts of '%.*s': %.*s", STR_ARG(name),
		    STR_ARG(d->count ? d->items[0].text : STR("unreadable")));
}

const struct driver *catalogue_driver(struct schemas *s, struct str type)
{
	struct driver *driver = map_get(&s->drivers, type);
	struct value source;
	struct diags d;

	if (driver || !catalogue_document(s, STR("driver/"), type, &source))
		return driver;
	diags_init(&d, s->arena);
	driver = arena_new(s->arena, struct driver);
	expect_sound(driver_parse(s->arena, &source, driver, &d), &d, type);
	*map_put(s->arena, &s->drivers, driver->type) = driver;
	return driver;
}

struct schema *catalogue_type(struct schemas *s, struct str type)
{
	struct schema *schema = map_get(&s->types, type);
	struct str name;
	struct value facts;
	struct diags d;

	if (schema || !catalogue_document(s, STR("type/"), type, &facts))
		return schema;
	diags_init(&d, s->arena);
	name = str_copy(s->arena, type);
	schema = arena_new(s->arena, struct schema);
	expect_sound(type_parse(s->arena, name, &facts, schema, &d), &d, name);
	schema->driver = catalogue_driver(s, name);
	if (schema->driver)
		schema->tier = TIER_NATIVE;
	*map_put(s->arena, &s->types, name) = schema;
	return schema;
}

const struct schema *schema_find(struct schemas *s, struct str type)
{
	return catalogue_type(s, type);
}

static int by_name(const void *a, const void *b)
{
	stats.comparisons++;
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void list_types(struct schemas *s)
{
	struct str *names =
		arena_array(s->arena, struct str, (size_t)s->blob.count + s->types.count + 1);
	size_t count = 0, kept = 0;

	for (uint32_t i = 0; i < s->blob.count; i++) {
		struct str name = blob_name(&s->blob, i);

		if (str_starts(name, STR("type/")))
			names[count++] = str_slice(name, 5, name.length);
	}
	for (uint32_t i = 0; i < s->types.count; i++)
		names[count++] = s->types.entries[i].key;
	/* The blob is sorted by its names. */
	if (s->types.count)
		qsort(names, count, sizeof(*names), by_name);
	for (size_t i = 0; i < count; i++) {
		if (!kept || !str_equal(names[kept - 1], names[i]))
			names[kept++] = names[i];
	}
	s->type_names = names;
	s->type_count = kept;
}

const struct str *schemas_types(struct schemas *s, size_t *count)
{
	if (!s->type_names)
		list_types(s);
	*count = s->type_count;
	return s->type_names;
}

const struct wire_service *schemas_wire(struct schemas *s, struct str service)
{
	struct wire_service *wire = map_get(&s->wires, service);
	struct error err = { 0 };
	struct value json;
	struct str name;

	if (wire || !catalogue_document(s, STR("wire/"), service, &json))
		return wire;
	name = str_copy(s->arena, service);
	wire = arena_new(s->arena, struct wire_service);
	if (!wire_service_parse(s->arena, name, &json, wire, &err))
		BUG("embedded wire facts of '%.*s': %s", STR_ARG(name), err.text);
	*map_put(s->arena, &s->wires, name) = wire;
	return wire;
}

const struct service_rules *schemas_service(struct schemas *s, struct str service)
{
	struct service_rules *rules = map_get(&s->services, service);
	struct value source = value_map();
	struct diags d;
	struct str name;

	if (rules)
		return rules;
	name = str_copy(s->arena, service);
	(void)catalogue_document(s, STR("service/"), name, &source);
	diags_init(&d, s->arena);
	rules = arena_new(s->arena, struct service_rules);
	expect_sound(service_rules_parse(s->arena, name, &source, rules, &d), &d, name);
	*map_put(s->arena, &s->services, name) = rules;
	return rules;
}

const struct runtime_rule *schemas_runtime(struct schemas *s, struct str name)
{
	struct value source;
	struct diags d;

	if (!s->runtimes_read && catalogue_document(s, STR("runtimes"), STR(""), &source)) {
		diags_init(&d, s->arena);
		expect_sound(runtimes_parse(s->arena, &source, &s->runtimes, &d), &d,
			     STR("runtimes"));
	}
	s->runtimes_read = true;
	return map_get(&s->runtimes, name);
}

struct str schemas_digest(struct schemas *s, struct arena *a)
{
	struct sha256_stream stream;
	struct sha256 both;

	if (!s->has_overlay)
		return hex_encode(a, s->blob.digest.bytes, SHA256_BYTES);
	sha256_begin(&stream);
	sha256_add(&stream, str_of((const char *)s->blob.digest.bytes, SHA256_BYTES));
	sha256_add(&stream, str_of((const char *)s->overlay.bytes, SHA256_BYTES));
	both = sha256_end(&stream);
	return hex_encode(a, both.bytes, SHA256_BYTES);
}

bool schemas_verify(struct str blob, struct error *err)
{
	struct blob b;

	return blob_open(blob, &b, err) && blob_verify(&b, err);
}
