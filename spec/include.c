#include "reading.h"

/*
 * [project] include: patterns of files that belong to the spec as if they were
 * given with -f.  `*` and `?` stand for what is inside one name.  Only folders
 * that a pattern names are looked into, so that no tree of packages is walked.
 */
#define FILES_MOST 10000

struct search {
	struct reading *r;
	const struct value *pattern;
	VEC(struct str) found;
	bool failed;
};

static bool is_wild(struct str name)
{
	return str_index(name, '*') < name.length || str_index(name, '?') < name.length;
}

/* A name that begins with a dot is hidden from a leading wildcard. */
static bool name_matches(struct str glob, struct str name)
{
	if (str_starts(name, STR(".")) && !str_starts(glob, STR(".")))
		return false;
	return str_matches(glob, name);
}

static void search_in(struct search *s, struct str folder, struct str rest);

static void search_entry(struct search *s, struct str path, enum file_kind kind, struct str rest)
{
	if (rest.length && kind == FILE_FOLDER)
		search_in(s, path, rest);
	else if (!rest.length && kind == FILE_REGULAR && s->found.count < FILES_MOST)
		*vec_push(s->r->arena, &s->found) = path;
}

/* The first name of rest is looked for in folder; what is behind it in what was found. */
static void search_in(struct search *s, struct str folder, struct str rest)
{
	struct reading *r = s->r;
	struct file_info_vec entries;
	struct error err;
	struct str name, path;

	str_split(&rest, '/', &name);
	if (!is_wild(name)) {
		path = path_join(r->arena, folder, name);
		search_entry(s, path, r->files->kind(r->files->context, path), rest);
		return;
	}
	if (!r->files->entries(r->files->context, r->arena, folder, &entries, &err)) {
		if (!s->failed && r->files->kind(r->files->context, folder) == FILE_FOLDER) {
			s->failed = true;
			diag_error(r->d, s->pattern->span, "E0304 %s", err.text);
		}
		return;
	}
	for (size_t i = 0; i < entries.count; i++)
		if (name_matches(name, entries.items[i].path))
			search_entry(s, path_join(r->arena, folder, entries.items[i].path),
				     entries.items[i].kind, rest);
}

static void include_pattern(struct reading *r, const struct value *pattern)
{
	struct search s = { .r = r, .pattern = pattern };
	struct str path;

	if (!path_in_project(r, pattern, STR("."), &path))
		return;
	if (str_contains(path, STR("**"))) {
		diag_error(r->d, pattern->span, "E0340 'include' does not know '**'");
		diag_help(r->d, "name each folder: [\"infra/*.toml\", \"infra/network/*.toml\"]");
		return;
	}
	search_in(&s, r->spec->folder, path);
	if (!s.found.count && !s.failed)
		diag_error(r->d, pattern->span, "E0342 no file matches '%.*s'",
			   STR_ARG(pattern->string));
	if (s.found.count == FILES_MOST)
		diag_error(r->d, pattern->span, "E0319 '%.*s' matches %d files or more",
			   STR_ARG(pattern->string), FILES_MOST);
	for (size_t i = 0; i < s.found.count; i++) {
		if (path_normalize(r->arena, s.found.items[i], &path) && map_has(&r->paths, path))
			continue;
		document_add(r, s.found.items[i], &r->spec->root);
	}
}

void includes_follow(struct reading *r)
{
	size_t given = r->documents.count;

	for (size_t i = 0; i < given; i++) {
		const struct value *project = value_get_c(&r->documents.items[i].root, "project");
		const struct value *include = value_get_c(project, "include");

		for (size_t k = 0; include && include->kind == VALUE_LIST &&
				   k < include->list.count; k++)
			if (include->list.items[k].kind == VALUE_STRING)
				include_pattern(r, &include->list.items[k]);
	}
}
