#include "reading.h"

/*
 * [module.X] source: the folder of a module, whose document is a tree of its
 * own.  Each folder is read once, however many modules use it.  A folder that
 * leads back to itself would never end, so it is reported here.
 */
#define MODULE_DEPTH_MOST 16

struct walk {
	struct reading *r;
	struct str folders[MODULE_DEPTH_MOST];	/* that lead to where we are */
	unsigned depth;
};

static void follow_tree(struct walk *w, const struct value *root, struct str folder);

bool path_in_project(struct reading *r, const struct value *written, struct str from,
		     struct str *out)
{
	struct str path = written->string;

	if (str_contains(path, STR("${")) || str_contains(path, STR("%{"))) {
		diag_error(r->d, written->span, "E0336 files are found before anything is "
			   "computed, so no expression can stand here");
		diag_help(r->d, "write the path itself; a module takes values through 'with'");
		return false;
	}
	if (path.length && path.data[0] != '/' &&
	    path_normalize(r->arena, path_join(r->arena, from, path), out))
		return true;
	diag_error(r->d, written->span, "E0341 '%.*s' is outside of the project's folder",
		   STR_ARG(path));
	diag_help(r->d, "a relative path that stays below the folder of the spec");
	return false;
}

static void report_cycle(const struct walk *w, const struct value *source, struct str folder)
{
	struct buf way;
	unsigned i = 0;

	buf_init(&way, w->r->arena);
	while (i < w->depth && !str_equal(w->folders[i], folder))
		i++;
	for (; i < w->depth; i++)
		buf_printf(&way, "%.*s -> ", STR_ARG(w->folders[i]));
	diag_error(w->r->d, source->span, "E0346 the modules use each other: %.*s%.*s",
		   STR_ARG(buf_str(&way)), STR_ARG(folder));
}

static struct spec_module *read_module(struct reading *r, const struct value *source,
				       struct str folder)
{
	struct spec_module *module = arena_new(r->arena, struct spec_module);
	struct str path;
	struct error err;

	*module = (struct spec_module){ .folder = folder, .root = value_map() };
	module->root.marks = VALUE_DAMAGED;
	*map_put(r->arena, &r->spec->modules, folder) = module;
	if (!spec_find_in(r->arena, r->files, path_join(r->arena, r->spec->folder, folder),
			  &path, &err)) {
		diag_error(r->d, source->span, "E0345 %s", err.text);
	} else if (!path.length) {
		diag_error(r->d, source->span, "E0345 there is no effortless.toml in '%.*s'",
			   STR_ARG(folder));
	} else {
		module->root.marks = 0;
		document_add(r, path, &module->root);
		module->root.span = r->documents.items[r->documents.count - 1].root.span;
	}
	return module;
}

static void follow_source(struct walk *w, const struct value *source, struct str from)
{
	struct reading *r = w->r;
	struct spec_module *module;
	struct str folder;

	if (!str_starts(source->string, STR("./")) && !str_starts(source->string, STR("../"))) {
		diag_error(r->d, source->span, "E0344 the source of a module is a folder that "
			   "begins with './' or '../'");
		diag_help(r->d, "for example \"./modules/cdn\"");
		return;
	}
	if (!path_in_project(r, source, from, &folder))
		return;
	if (str_equal(folder, STR("."))) {
		diag_error(r->d, source->span, "E0346 the spec cannot be a module of itself");
		return;
	}
	module = map_get(&r->spec->modules, folder);
	if (module && module->busy) {
		report_cycle(w, source, folder);
		return;
	}
	if (w->depth == MODULE_DEPTH_MOST) {
		diag_error(r->d, source->span, "E0347 modules nest deeper than %d",
			   MODULE_DEPTH_MOST);
		return;
	}
	if (module)
		return;
	module = read_module(r, source, folder);
	module->busy = true;
	w->folders[w->depth++] = folder;
	follow_tree(w, &module->root, folder);
	w->depth--;
	module->busy = false;
}

static void follow_modules(struct walk *w, const struct value *tree, struct str folder)
{
	const struct value *modules = value_get_c(tree, "module");

	for (uint32_t i = 0; modules && modules->kind == VALUE_MAP && i < modules->map.count; i++) {
		const struct member *m = modules->map.entries[i].value;
		const struct value *source = value_get_c(&m->value, "source");

		if (source && source->kind == VALUE_STRING && !(source->marks & VALUE_DAMAGED))
			follow_source(w, source, folder);
	}
}

static void follow_tree(struct walk *w, const struct value *root, struct str folder)
{
	const struct value *stages = value_get_c(root, "stage");

	follow_modules(w, root, folder);
	for (uint32_t i = 0; stages && stages->kind == VALUE_MAP && i < stages->map.count; i++) {
		const struct member *m = stages->map.entries[i].value;

		follow_modules(w, &m->value, folder);
	}
}

void modules_follow(struct reading *r)
{
	struct walk w = { .r = r };

	follow_tree(&w, &r->spec->root, STR("."));
}

const struct spec_module *spec_module(struct arena *a, const struct spec *spec, struct str from,
				      struct str source)
{
	struct str folder;

	if (!path_normalize(a, path_join(a, from, source), &folder))
		return NULL;
	return map_get(&spec->modules, folder);
}
