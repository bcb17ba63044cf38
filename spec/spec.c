#include "spec.h"

#include "toml.h"

/* Documents merged into one tree.  Members of one document only are shared with it. */
struct merge {
	struct arena *arena;
	const struct sources *sources;
	struct diags *diags;
	unsigned error_count;
};

static bool defines(const struct toml_member *m)
{
	return m->how == TOML_HEADER || m->how == TOML_DOTTED;
}

static bool can_merge(const struct toml_member *a, const struct toml_member *b)
{
	return a->member.value.kind == VALUE_MAP && b->member.value.kind == VALUE_MAP &&
	       a->how != TOML_VALUE && b->how != TOML_VALUE && !(defines(a) && defines(b));
}

static void refuse_twice(struct merge *m, struct str key, const struct toml_member *have,
			 const struct toml_member *more)
{
	struct place first = span_place(m->sources, have->member.key_span);
	bool damaged = (have->member.value.marks | more->member.value.marks) & VALUE_DAMAGED;

	if ((damaged && have->member.value.kind == VALUE_NULL) ||
	    m->error_count++ >= TOML_ERROR_LIMIT)
		return;
	diag_error(m->diags, more->member.key_span, "E0302 '%.*s' is already %s in %.*s, line %u",
		   STR_ARG(toml_shown(key)),
		   have->member.value.kind == VALUE_MAP ? "defined" : "set", STR_ARG(first.path),
		   first.line);
	diag_help(m->diags, "a block stands in one file; rename or remove one of the two");
}

static struct toml_member *own(struct merge *m, void **slot)
{
	const struct toml_member *shared = *slot;
	const struct map *from = &shared->member.value.map;
	struct toml_member *copy;

	if (shared->owned)
		return *slot;
	copy = arena_new(m->arena, struct toml_member);
	*copy = *shared;
	copy->owned = true;
	copy->member.value.map = (struct map){ 0 };
	for (uint32_t i = 0; i < from->count; i++)
		*map_put(m->arena, &copy->member.value.map, from->entries[i].key) =
			from->entries[i].value;
	*slot = copy;
	return copy;
}

static void merge_into(struct merge *m, struct value *into, const struct value *from)
{
	into->marks |= from->marks;
	for (uint32_t i = 0; i < from->map.count; i++) {
		struct str key = from->map.entries[i].key;
		struct toml_member *more = from->map.entries[i].value;
		void **slot = map_put(m->arena, &into->map, key);
		struct toml_member *have = *slot;

		if (!have) {
			*slot = more;
		} else if (can_merge(have, more)) {
			have = own(m, slot);
			if (defines(more)) {
				have->how = more->how;
				have->line = more->line;
				have->member.key_span = more->member.key_span;
				have->member.value.span = more->member.value.span;
			}
			merge_into(m, &have->member.value, &more->member.value);
		} else {
			refuse_twice(m, key, have, more);
			have->member.value.marks |= VALUE_DAMAGED;
		}
	}
}

/* An unreadable file leaves an empty, damaged document. */
static void read_one(struct arena *a, const struct files *files, struct sources *sources,
		     struct str path, struct document *doc, struct diags *d)
{
	struct str text = { 0 };
	struct error err;

	doc->path = path;
	doc->root = value_map();
	doc->damaged = true;
	doc->root.marks = VALUE_DAMAGED;
	if (!str_ends(path, STR(".toml"))) {
		doc->file = SPAN_NOWHERE;
		diag_error(d, SPAN_NONE, "E0303 '%.*s': only '.toml' files can be read yet",
			   STR_ARG(path));
		return;
	}
	if (!files->read(files->context, a, path, SPEC_FILE_LIMIT, &text, &err)) {
		doc->file = SPAN_NOWHERE;
		diag_error(d, SPAN_NONE, "E0304 %s", err.text);
		return;
	}
	doc->file = sources_add(a, sources, path, text);
	toml_parse_tree(a, text, doc->file, doc, d);
}

bool spec_read(struct arena *a, const struct files *files, struct sources *sources,
	       const struct str *paths, size_t path_count, struct spec *out, struct diags *d)
{
	size_t errors = d->error_count;
	struct merge m = { .arena = a, .sources = sources, .diags = d };

	*out = (struct spec){
		.sources = sources,
		.documents = arena_array(a, struct document, path_count),
		.document_count = path_count,
		.root = value_map(),
		.folder = path_count ? path_folder(paths[0]) : STR("."),
	};
	for (size_t i = 0; i < path_count; i++) {
		read_one(a, files, sources, paths[i], &out->documents[i], d);
		if (i == 0)
			out->root.span = out->documents[0].root.span;
		merge_into(&m, &out->root, &out->documents[i].root);
	}
	return d->error_count == errors;
}

/* The spec's path in one folder; false and err if there are two.  Empty if there is none. */
static bool find_in(struct arena *a, const struct files *files, struct str folder,
		    struct str *path, struct error *err)
{
	static const char *const names[] = {
		"effortless.toml", "effortless.yaml", "effortless.json",
	};

	*path = (struct str){ 0 };
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct str candidate = path_join(a, folder, str_from_c(names[i]));

		if (files->kind(files->context, candidate) != FILE_REGULAR)
			continue;
		if (path->length)
			return error_set(err, ERROR_IO,
					 "both '%.*s' and '%.*s' exist: keep one, or use -f",
					 STR_ARG(*path), STR_ARG(candidate));
		*path = candidate;
	}
	return true;
}

bool spec_find(struct arena *a, const struct files *files, struct str folder, struct str *path,
	       struct error *err)
{
	struct str start = folder;

	for (;;) {
		struct str above = path_folder(folder);

		if (!find_in(a, files, folder, path, err))
			return false;
		if (path->length)
			break;
		if (str_equal(above, folder))
			return error_set(err, ERROR_IO,
					 "no effortless.toml in '%.*s' or a folder above",
					 STR_ARG(start));
		folder = above;
	}
	if (str_ends(*path, STR(".toml")))
		return true;
	return error_set(err, ERROR_IO, "'%.*s': only effortless.toml can be read yet",
			 STR_ARG(*path));
}
