#include "saved.h"

#include "base/hash.h"
#include "base/json.h"
#include "planner/revision.h"

#define MAGIC "effc saved plan "
#define HEX_DIGITS (2 * SHA256_BYTES)

/* ---- what must be in it ---- */

enum form { FORM_TEXT, FORM_NUMBER, FORM_FLAG, FORM_LIST, FORM_TEXTS, FORM_TABLES };
struct member_form {
	const char *name;
	enum form form;
};

static const struct member_form bound_members[] = {
	{ "program", FORM_TEXT }, { "data", FORM_TEXT }, { "key", FORM_TEXT },
	{ "project", FORM_TEXT }, { "stage", FORM_TEXT }, { "account", FORM_TEXT },
	{ "region", FORM_TEXT }, { "lineage", FORM_TEXT }, { "serial", FORM_NUMBER },
	{ "variables", FORM_TEXTS }, { "files", FORM_TEXTS }, { "code", FORM_TEXTS },
	{ "wanted", FORM_TEXTS }, { "existing", FORM_TABLES }, { "live", FORM_TABLES },
	{ "digest", FORM_TEXT },
};
static const struct member_form option_members[] = {
	{ "destroy", FORM_FLAG }, { "refresh", FORM_TEXT }, { "region", FORM_TEXT },
	{ "allow_data_loss", FORM_LIST }, { "take_over", FORM_LIST },
	{ "target", FORM_LIST }, { "replace", FORM_LIST },
};
static const struct member_form rendering_members[] = {
	{ "text", FORM_TEXT }, { "text_verbose", FORM_TEXT }, { "json", FORM_TEXT },
	{ "markdown", FORM_TEXT },
};
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static bool all_are(const struct value *v, enum value_kind kind)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (member->value.kind != kind)
			return false;
	}
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (v->list.items[i].kind != kind)
			return false;
	}
	return true;
}

static bool has_form(const struct value *v, enum form form)
{
	switch (form) {
	case FORM_TEXT:
		return v->kind == VALUE_STRING;
	case FORM_NUMBER:
		return v->kind == VALUE_INT && v->integer >= 0;
	case FORM_FLAG:
		return v->kind == VALUE_BOOL;
	case FORM_LIST:
		return v->kind == VALUE_LIST && all_are(v, VALUE_STRING);
	case FORM_TEXTS:
		return v->kind == VALUE_MAP && all_are(v, VALUE_STRING);
	case FORM_TABLES:
		return v->kind == VALUE_MAP && all_are(v, VALUE_MAP);
	}
	BUG("form %d", (int)form);
}

/* Exactly these members. */
static bool take_section(const struct value *body, const char *name,
			 const struct member_form *members, size_t count, struct value *out,
			 struct error *err)
{
	const struct value *section = value_get_c(body, name);

	if (!section || section->kind != VALUE_MAP || section->map.count != count)
		return error_set(err, ERROR_CORRUPT, "its part '%s' is not what this effc writes",
				 name);
	for (size_t i = 0; i < count; i++) {
		const struct value *v = value_get_c(section, members[i].name);

		if (!v || !has_form(v, members[i].form))
			return error_set(err, ERROR_CORRUPT,
					 "its member '%s.%s' is not what this effc writes", name,
					 members[i].name);
	}
	*out = *section;
	return true;
}

/* ---- the text ---- */

static void add_section(struct buf *out, const char *before, const char *name,
			const struct value *section, const struct member_form *members,
			size_t count)
{
	buf_printf(out, "%s\"%s\":{", before, name);
	for (size_t i = 0; i < count; i++) {
		const struct value *v = value_get_c(section, members[i].name);

		CHECK(v && has_form(v, members[i].form));
		buf_printf(out, "%s\"%s\":", i ? ",\n  " : "\n  ", members[i].name);
		json_print_canonical(out, v);
	}
	buf_add_char(out, '}');
}

struct str saved_write(struct arena *a, const struct saved *saved, struct str key)
{
	struct buf out;

	buf_init(&out, a);
	buf_printf(&out, MAGIC "%d\n", SAVED_FORMAT);
	add_section(&out, "{", "bound", &saved->bound, bound_members, COUNT(bound_members));
	add_section(&out, ",\n ", "options", &saved->options, option_members,
		    COUNT(option_members));
	add_section(&out, ",\n ", "renderings", &saved->renderings, rendering_members,
		    COUNT(rendering_members));
	buf_add_c(&out, "}\n");
	buf_printf(&out, "mac %.*s\n",
		   STR_ARG(revision_digest(a, key, "saved plan", buf_str(&out))));
	buf_printf(&out, "sha256 %.*s\n", STR_ARG(sha256_hex(a, buf_str(&out))));
	return buf_str(&out);
}

/* Takes the line "NAME digits" off the end of *text. */
static bool take_digest(struct str *text, const char *name, struct str *digits)
{
	size_t size = strlen(name) + 1 + HEX_DIGITS + 1, start;
	struct str line;

	if (text->length < size)
		return false;
	start = text->length - size;
	line = str_slice(*text, start, text->length - 1);
	if (text->data[text->length - 1] != '\n' || text->data[start - (start > 0)] != '\n' ||
	    !str_starts(line, str_from_c(name)) || line.data[strlen(name)] != ' ')
		return false;
	*digits = str_slice(line, strlen(name) + 1, line.length);
	*text = str_slice(*text, 0, start);
	return true;
}

static bool take_format(struct str *text, struct error *err)
{
	size_t magic = sizeof(MAGIC) - 1, end = str_index(*text, '\n');
	int64_t format;

	if (!str_starts(*text, STR(MAGIC)))
		return error_set(err, ERROR_PARSE, "it is no saved plan of effc");
	if (end == text->length || !str_to_int(str_slice(*text, magic, end), &format) ||
	    format < 1)
		return error_set(err, ERROR_CORRUPT, 
				 "it is damaged: its first line names no format");
	if (format > SAVED_FORMAT)
		return error_set(err, ERROR_PARSE,
				 "it has format %lld of a newer effc; this one reads format %d",
				 (long long)format, SAVED_FORMAT);
	*text = str_slice(*text, end + 1, text->length);
	return true;
}

/* Those that are printed as they are must not steer a terminal. */
static bool are_harmless(const struct value *renderings, struct error *err)
{
	for (uint32_t i = 0; i < renderings->map.count; i++) {
		struct str name = renderings->map.entries[i].key;
		const struct member *member = renderings->map.entries[i].value;
		struct str text = member->value.string;

		for (size_t k = 0; k < text.length && !str_starts(name, STR("text")); k++) {
			unsigned char c = (unsigned char)text.data[k];

			if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
				return error_set(err, ERROR_CORRUPT,
						 "its rendering '%.*s' has control characters",
						 STR_ARG(name));
		}
	}
	return true;
}

bool saved_read(struct arena *a, struct str text, struct saved *out, struct error *err)
{
	struct str rest = text, sum, json;
	struct value body;

	*out = (struct saved){ 0 };
	json = text;
	if (!take_format(&json, err))
		return false;
	if (!take_digest(&rest, "sha256", &sum) || !str_equal(sum, sha256_hex(a, rest)) ||
	    !take_digest(&rest, "mac", &out->mac))
		return error_set(err, ERROR_CORRUPT,
				 "it is damaged: it was cut short or changed after it was written");
	out->body = rest;
	json = str_slice(rest, (size_t)(json.data - text.data), rest.length);
	if (!json_parse(a, json, SPAN_NOWHERE, &body, err))
		return error_context(err, "it is damaged");
	return take_section(&body, "bound", bound_members, COUNT(bound_members), &out->bound,
			    err) &&
	       take_section(&body, "options", option_members, COUNT(option_members),
			    &out->options, err) &&
	       take_section(&body, "renderings", rendering_members, COUNT(rendering_members),
			    &out->renderings, err) &&
	       are_harmless(&out->renderings, err);
}

bool saved_is_ours(const struct saved *saved, struct str key)
{
	struct arena scratch;
	bool ours;

	arena_init(&scratch);
	ours = str_equal(saved->mac, revision_digest(&scratch, key, "saved plan", saved->body));
	arena_release(&scratch);
	return ours;
}
