#include "catalogue.h"
#include "load.h"
#include "types.h"

/*
 * A user's folder.  Types and services come first, since drivers are checked
 * against them; what has the name of something built in takes its place.
 */
struct laying {
	struct schemas *s;
	struct loader loader;
	struct sha256_stream digest;
	struct loaded_vec drivers;	/* for the second round */
	struct map laid, touched; /* types with a driver here; types and services with facts here */
	bool ok;
};

static struct loaded_vec read_part(struct laying *l, struct str folder, const char *part,
				   struct str ending)
{
	struct str path = path_join(l->s->arena, folder, str_from_c(part));
	const struct files *files = l->loader.files;
	struct loaded_vec out = { 0 };

	if (files->kind(files->context, path) != FILE_FOLDER)
		return out;
	if (!load_folder(&l->loader, path, ending, &out))
		l->ok = false;
	for (size_t i = 0; i < out.count; i++) {
		sha256_add(&l->digest,
			   str_format(l->s->arena, "%s/%.*s %zu\n", part,
				      STR_ARG(out.items[i].name), out.items[i].text.length));
		sha256_add(&l->digest, out.items[i].text);
	}
	return out;
}

static void lay_type(struct laying *l, struct loaded *file, struct str name,
		     const struct value *facts)
{
	struct schema *schema = arena_new(l->s->arena, struct schema);

	if (!type_parse(l->s->arena, name, facts, schema, l->loader.d)) {
		l->ok = false;
		return;
	}
	schema->driver = catalogue_driver(l->s, name);
	if (schema->driver)
		schema->tier = TIER_NATIVE;
	*map_put(l->s->arena, &l->s->types, name) = schema;
	*map_put(l->s->arena, &l->touched, name) = file;
}

static void lay_types(struct laying *l, struct loaded_vec files)
{
	for (size_t i = 0; i < files.count; i++) {
		const struct value *all = &files.items[i].value;

		if (all->kind != VALUE_MAP) {
			diag_error(l->loader.d, files.items[i].span, "expected an object of types");
			l->ok = false;
			continue;
		}
		for (uint32_t k = 0; k < all->map.count; k++)
			lay_type(l, &files.items[i], all->map.entries[k].key,
				 &((const struct member *)all->map.entries[k].value)->value);
	}
}

/* Operations are added to those of the service built in, or take the place of one. */
static bool join(struct laying *l, const struct loaded *file, struct wire_service *wire)
{
	const struct wire_service *before = schemas_wire(l->s, file->name);

	if (!before)
		return true;
	if (wire->protocol != before->protocol ||
	    !str_equal(wire->target_prefix, before->target_prefix) ||
	    !str_equal(wire->json_version, before->json_version)) {
		diag_error(l->loader.d, file->span,
			   "service '%.*s' speaks another protocol than the one built in",
			   STR_ARG(file->name));
		return false;
	}
	for (uint32_t i = 0; i < before->operations.count; i++) {
		const struct map_entry *e = &before->operations.entries[i];

		if (!map_has(&wire->operations, e->key))
			*map_put(l->s->arena, &wire->operations, e->key) = e->value;
	}
	return true;
}

static void lay_wires(struct laying *l, struct loaded_vec files)
{
	for (size_t i = 0; i < files.count; i++) {
		struct wire_service *wire = arena_new(l->s->arena, struct wire_service);
		struct error err = { 0 };

		if (!wire_service_parse(l->s->arena, files.items[i].name, &files.items[i].value,
					wire, &err)) {
			diag_error(l->loader.d, files.items[i].span, "%s", err.text);
			l->ok = false;
		} else if (join(l, &files.items[i], wire)) {
			*map_put(l->s->arena, &l->s->wires, files.items[i].name) = wire;
			*map_put(l->s->arena, &l->touched, files.items[i].name) = &files.items[i];
		} else {
			l->ok = false;
		}
	}
}

static void lay_driver(struct laying *l, const struct loaded *file)
{
	struct driver *driver = arena_new(l->s->arena, struct driver);
	struct schema *schema;

	if (!driver_parse(l->s->arena, &file->value, driver, l->loader.d)) {
		l->ok = false;
		return;
	}
	schema = catalogue_type(l->s, driver->type);
	if (!schema) {
		diag_error(l->loader.d, file->span, "a driver of '%.*s', which has no facts",
			   STR_ARG(driver->type));
		l->ok = false;
		return;
	}
	*map_put(l->s->arena, &l->s->drivers, driver->type) = driver;
	*map_put(l->s->arena, &l->laid, driver->type) = driver;
	schema->driver = driver;
	schema->tier = TIER_NATIVE;
	*vec_push(l->s->arena, &l->drivers) = *file;
}

static void check_drivers(struct laying *l)
{
	for (size_t i = 0; i < l->drivers.count; i++) {
		const struct value *source = &l->drivers.items[i].value;
		const struct driver *driver = catalogue_driver(l->s, value_get_str(source, "type"));

		CHECK(driver);
		if (!driver_check(driver, source, l->s, l->loader.d))
			l->ok = false;
	}
}

/* A driver built in must still find its types and operations, though some were replaced. */
static void check_built_in(struct laying *l, struct str type)
{
	const struct driver *driver = catalogue_driver(l->s, type);
	const struct loaded *file = map_get(&l->touched, type);
	struct value source;
	struct diags d;

	if (!file)
		file = map_get(&l->touched, driver->api);
	if (!file || map_has(&l->laid, type))
		return;
	if (!catalogue_document(l->s, STR("driver/"), type, &source))
		BUG("no driver of '%.*s'", STR_ARG(type));
	diags_init(&d, l->s->arena);
	if (driver_check(driver, &source, l->s, &d))
		return;
	diag_error(l->loader.d, file->span,
		   "the driver of '%.*s' that is built in does not fit: %.*s", STR_ARG(type),
		   STR_ARG(d.items[0].text));
	l->ok = false;
}

static void check_all_built_in(struct laying *l)
{
	for (uint32_t i = 0; i < l->s->blob.count; i++) {
		struct str name = blob_name(&l->s->blob, i);

		if (str_starts(name, STR("driver/")))
			check_built_in(l, str_slice(name, 7, name.length));
	}
}

bool schemas_overlay(struct schemas *s, const struct files *files, struct str folder,
		     struct sources *sources, struct diags *d)
{
	struct laying l = { .s = s, .loader = { s->arena, files, sources, d }, .ok = true };
	struct loaded_vec drivers;

	if (files->kind(files->context, folder) != FILE_FOLDER) {
		diag_error(d, SPAN_NONE, "no folder '%.*s' of schemas", STR_ARG(folder));
		return false;
	}
	sha256_begin(&l.digest);
	if (s->has_overlay)
		sha256_add(&l.digest, str_of((const char *)s->overlay.bytes, SHA256_BYTES));
	lay_types(&l, read_part(&l, folder, "types", STR(".json")));
	lay_wires(&l, read_part(&l, folder, "wire", STR(".json")));
	drivers = read_part(&l, folder, "drivers", STR(".yaml"));
	for (size_t i = 0; i < drivers.count; i++)
		lay_driver(&l, &drivers.items[i]);
	check_drivers(&l);
	if (l.ok)
		check_all_built_in(&l);
	s->overlay = sha256_end(&l.digest);
	s->has_overlay = true;
	s->type_names = NULL;
	return l.ok;
}
