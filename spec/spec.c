#include "spec.h"

#include "document.h"
#include "reading.h"
#include "toml.h"

/* Documents are merged into one tree; members of one document only are shared with it. */

static bool defines(const struct toml_member *m)
{
	return m->how == TOML_HEADER || m->how == TOML_DOTTED;
}

static bool can_merge(const struct toml_member *a, const struct toml_member *b)
{
	return a->member.value.kind == VALUE_MAP && b->member.value.kind == VALUE_MAP &&
	       a->how != TOML_VALUE && b->how != TOML_VALUE && !(defines(a) && defines(b));
}

static void refuse_twice(struct reading *r, struct str key, const struct toml_member *have,
			 const struct toml_member *more)
{
	struct place first = span_place(r->spec->sources, have->member.key_span);
	bool damaged = (have->member.value.marks | more->member.value.marks) & VALUE_DAMAGED;

	if ((damaged && have->member.value.kind == VALUE_NULL) ||
	    r->repeats++ >= TOML_ERROR_LIMIT)
		return;
	diag_error(r->d, more->member.key_span, "E0302 '%.*s' is already %s in %.*s, line %u",
		   STR_ARG(toml_shown(key)),
		   have->member.value.kind == VALUE_MAP ? "defined" : "set", STR_ARG(first.path),
		   first.line);
	if (str_equal_c(key, "project"))
		diag_help(r->d, "[project] stands in one file, with all that is included");
	else
		diag_help(r->d, "a block stands in one file; rename or remove one of the two");
}

static struct toml_member *own(struct reading *r, void **slot)
{
	const struct toml_member *shared = *slot;
	const struct map *from = &shared->member.value.map;
	struct toml_member *copy;

	if (shared->owned)
		return *slot;
	copy = arena_new(r->arena, struct toml_member);
	*copy = *shared;
	copy->owned = true;
	copy->member.value.map = (struct map){ 0 };
	for (uint32_t i = 0; i < from->count; i++)
		*map_put(r->arena, &copy->member.value.map, from->entries[i].key) =
			from->entries[i].value;
	*slot = copy;
	return copy;
}

static void merge_into(struct reading *r, struct value *into, const struct value *from)
{
	into->marks |= from->marks;
	for (uint32_t i = 0; i < from->map.count; i++) {
		struct str key = from->map.entries[i].key;
		struct toml_member *more = from->map.entries[i].value;
		void **slot = map_put(r->arena, &into->map, key);
		struct toml_member *have = *slot;

		if (!have) {
			*slot = more;
		} else if (can_merge(have, more)) {
			have = own(r, slot);
			if (defines(more)) {
				have->how = more->how;
				have->line = more->line;
				have->member.key_span = more->member.key_span;
				have->member.value.span = more->member.value.span;
			}
			merge_into(r, &have->member.value, &more->member.value);
		} else {
			refuse_twice(r, key, have, more);
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
	if (!document_is_readable(path)) {
		doc->file = SPAN_NOWHERE;
		diag_error(d, SPAN_NONE, "E0303 '%.*s': a spec is a .toml, .yaml or .json file",
			   STR_ARG(path));
		return;
	}
	if (!files->read(files->context, a, path, SPEC_FILE_LIMIT, &text, &err)) {
		doc->file = SPAN_NOWHERE;
		if (err.kind == ERROR_LIMIT)
			diag_error(d, SPAN_NONE, "E0103 the file '%.*s' is larger than %u MB",
				   STR_ARG(path), SPEC_FILE_LIMIT >> 20);
		else
			diag_error(d, SPAN_NONE, "E0304 %s", err.text);
		return;
	}
	doc->file = sources_add(a, sources, path, text);
	document_parse(a, path, text, doc->file, doc, d);
}

void document_add(struct reading *r, struct str path, struct value *root)
{
	struct document *doc = vec_push(r->arena, &r->documents);
	struct str plain;

	*map_put(r->arena, &r->paths,
		 path_normalize(r->arena, path, &plain) ? plain : path) = r;
	read_one(r->arena, r->files, r->spec->sources, path, doc, r->d);
	if (r->documents.count == 1)
		root->span = doc->root.span;
	merge_into(r, root, &doc->root);
}

bool spec_read(struct arena *a, const struct files *files, struct sources *sources,
	       const struct str *paths, size_t path_count, struct spec *out, struct diags *d)
{
	size_t errors = d->error_count;
	struct reading r = { .arena = a, .files = files, .spec = out, .d = d };

	*out = (struct spec){
		.sources = sources,
		.root = value_map(),
		.folder = path_count ? path_folder(paths[0]) : STR("."),
	};
	for (size_t i = 0; i < path_count; i++)
		document_add(&r, paths[i], &out->root);
	includes_follow(&r);
	modules_follow(&r);
	out->documents = r.documents.items;
	out->document_count = r.documents.count;
	return d->error_count == errors;
}

bool spec_find_in(struct arena *a, const struct files *files, struct str folder,
		  struct str *path, struct error *err)
{
	static const char *const names[] = {
		"effortless.toml", "effortless.yaml", "effortless.yml", "effortless.json",
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

		if (!spec_find_in(a, files, folder, path, err))
			return false;
		if (path->length)
			return true;
		if (str_equal(above, folder))
			return error_set(err, ERROR_IO,
					 "no effortless.toml in '%.*s' or a folder above",
					 STR_ARG(start));
		folder = above;
	}
}
