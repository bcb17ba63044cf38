#include "run.h"

#include "bundle/bundle.h"

struct packed {
	struct bundle bundle;
	struct str zip;			/* made when first asked for */
	bool zipped;
};

/* The code of a resource, scanned once for all that share it. */
static const struct bundle *scan_code(struct run *run, struct map *scanned,
				      const struct bundle_request *request, struct error *err)
{
	struct str key = str_join(&run->arena, STR("\n"), request->files, request->file_count);
	struct packed *packed;

	key = str_format(&run->arena, "%.*s\n%.*s", STR_ARG(request->path), STR_ARG(key));
	packed = map_get(scanned, key);
	if (packed)
		return &packed->bundle;
	packed = arena_new(&run->arena, struct packed);
	if (!bundle_scan(&run->arena, run->doors->files, run->spec.folder, request->path,
			 request->files, request->file_count, &packed->bundle, err))
		return NULL;
	*map_put(&run->arena, scanned, key) = packed;
	*map_put(&run->arena, &run->bundles, packed->bundle.digest) = packed;
	return &packed->bundle;
}

static bool has_entry(const struct bundle *bundle, struct str entry, struct error *err)
{
	if (entry.length == 0)
		return true;
	for (size_t i = 0; i < bundle->file_count; i++)
		if (str_equal(bundle->files[i].path, entry))
			return true;
	return error_set(err, ERROR_IO, "there is no file '%.*s'", STR_ARG(entry));
}

static void bundle_code(struct run *run, struct map *scanned, struct resource *resource)
{
	struct error err = { 0 };
	const struct bundle *bundle = scan_code(run, scanned, resource->bundle, &err);
	struct value code = value_map();

	if (!bundle || !has_entry(bundle, resource->bundle->entry, &err)) {
		diag_error(&run->diags, resource->bundle->span, "E0544 cannot pack the code: %s",
			   err.text);
		return;
	}
	value_set(&run->arena, &code, STR("Bundle"), value_string(bundle->digest));
	value_set(&run->arena, &resource->properties, STR("Code"), code);
}

bool run_bundle(struct run *run)
{
	struct map scanned = { 0 };

	for (size_t i = 0; i < run->model.resource_count; i++) {
		if (run->model.resources[i].bundle)
			bundle_code(run, &scanned, &run->model.resources[i]);
	}
	if (run_report(run, true))
		return true;
	run->exit = EXIT_ERROR;
	return false;
}

bool run_artifact(void *context, struct arena *a, struct str digest, struct str *bytes,
		  struct error *err)
{
	struct run *run = context;
	struct packed *packed = map_get(&run->bundles, digest);

	(void)a;
	if (!packed)
		return code_from_cache(run, digest, bytes, err);
	if (!packed->zipped &&
	    !bundle_zip(&run->arena, run->doors->files, &packed->bundle, &packed->zip, err))
		return false;
	if (!packed->zipped)
		code_keep(run, digest, packed->zip);
	packed->zipped = true;
	*bytes = packed->zip;
	return true;
}
