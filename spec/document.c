#include "document.h"

#include "toml.h"

/* How a text is read, by the end of its file's name. */
static const struct {
	struct str suffix;
	bool (*parse)(struct arena *a, struct str text, uint32_t file, struct document *out,
		      struct diags *d);
} readers[] = {
	{ STR_INIT(".toml"), toml_parse_tree },
	{ STR_INIT(".yaml"), yaml_spec_parse },
	{ STR_INIT(".yml"), yaml_spec_parse },
	{ STR_INIT(".json"), json_spec_parse },
};
#define READER_COUNT (sizeof(readers) / sizeof(*readers))

bool document_is_readable(struct str path)
{
	for (size_t i = 0; i < READER_COUNT; i++) {
		if (str_ends(path, readers[i].suffix))
			return true;
	}
	return false;
}

bool document_parse(struct arena *a, struct str path, struct str text, uint32_t file,
		    struct document *out, struct diags *d)
{
	for (size_t i = 0; i < READER_COUNT; i++) {
		if (str_ends(path, readers[i].suffix))
			return readers[i].parse(a, text, file, out, d);
	}
	BUG("a document of no known format");
}

static void damage(struct document *document)
{
	document->damaged = true;
	document->root.marks |= VALUE_DAMAGED;
}

bool document_begin(struct str text, uint32_t file, struct document *out, struct diags *d)
{
	out->file = file;
	out->root = value_map();
	out->root.span = (struct span){ file, 0, 0 };
	out->tokens = (struct token_vec){ 0 };
	out->damaged = false;
	if (text.length <= SPEC_FILE_LIMIT) {
		out->root.span.end = (uint32_t)text.length;
		return true;
	}
	diag_error(d, out->root.span, "E0103 the file is larger than %u MB",
		   SPEC_FILE_LIMIT >> 20);
	damage(out);
	return false;
}

static bool holds_only_tables(const struct value *map)
{
	for (uint32_t i = 0; i < map->map.count; i++) {
		const struct member *member = map->map.entries[i].value;

		if (member->value.kind != VALUE_MAP)
			return false;
	}
	return map->map.count > 0;
}

struct value *document_set(struct arena *a, struct value *map, struct str key,
			   struct span key_span, struct value value)
{
	struct toml_member *member = arena_new(a, struct toml_member);

	member->member.key_span = key_span;
	member->member.value = value;
	if (value.kind == VALUE_MAP)
		member->how = holds_only_tables(&value) ? TOML_IMPLICIT : TOML_HEADER;
	*map_put(a, &map->map, key) = member;
	return &member->member.value;
}

bool document_end(struct document *out, const struct value *read, bool good, struct diags *d)
{
	struct span all = out->root.span;

	out->damaged = !good;
	if (read->kind == VALUE_MAP) {
		out->root = *read;
		out->root.span = all;
		return good;
	}
	if (!(read->marks & VALUE_DAMAGED)) {
		diag_error(d, read->span, "E0139 a spec is a table of sections, not a %s",
			   read->kind == VALUE_INT ? "number" : value_kind_name(read->kind));
		diag_help(d, "it begins with 'project', a table with a name and a region");
	}
	damage(out);
	return false;
}
