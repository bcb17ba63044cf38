#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"

#define PATTERN_BYTES_LIMIT 8192
#define MATCH_LIMIT 200000
#define MATCH_FLOOR 500
#define WALK_BYTES_MOST (1u << 30)
#define DEPTH_LIMIT 200000
#define HEAP_LIMIT_KIB 16384
/* To compile it costs as much as a hundred matches or two. */
#define USES_FEW 200

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *found;
	unsigned uses;
	bool compiled;
};

#define SCHEMA_OPTIONS (PCRE2_MATCH_INVALID_UTF | PCRE2_ALT_BSUX)

static pcre2_code *compile(struct str pattern, uint32_t options, struct error *err)
{
	PCRE2_UCHAR message[160];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int status;

	options |= PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C;
	code = pcre2_compile((PCRE2_SPTR)(pattern.data ? pattern.data : ""), pattern.length,
			     options, &status, &offset, NULL);
	if (!code) {
		pcre2_get_error_message(status, message, sizeof(message));
		error_set(err, ERROR_PARSE, "bad pattern '%.*s' at byte %zu: %s",
			  STR_ARG(pattern), (size_t)offset, (const char *)message);
	}
	return code;
}

static struct regex *new_regex(struct str pattern, uint32_t options, struct error *err)
{
	struct regex *r;
	pcre2_code *code;

	if (pattern.length > PATTERN_BYTES_LIMIT) {
		error_set(err, ERROR_LIMIT, "a pattern of %zu bytes is too long", pattern.length);
		return NULL;
	}
	code = compile(pattern, options, err);
	if (!code)
		return NULL;
	r = calloc(1, sizeof(*r));
	CHECK(r);
	r->code = code;
	r->limits = pcre2_match_context_create(NULL);
	CHECK(r->limits);
	r->found = pcre2_match_data_create(1, NULL);
	CHECK(r->found);
	pcre2_set_match_limit(r->limits, MATCH_LIMIT);
	pcre2_set_depth_limit(r->limits, DEPTH_LIMIT);
	pcre2_set_heap_limit(r->limits, HEAP_LIMIT_KIB);
	return r;
}

struct regex *regex_new(struct str pattern, struct error *err)
{
	return new_regex(pattern, SCHEMA_OPTIONS, err);
}

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_data_free(r->found);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r);
}

static int match(struct regex *r, struct str text, uint32_t options)
{
	return pcre2_match(r->code, (PCRE2_SPTR)(text.data ? text.data : ""), text.length, 0,
			   options, r->found, r->limits);
}

enum regex_result regex_match(struct regex *r, struct str text)
{
	int status;

	/* Where the machine or its keepers do not allow it, nothing changes. */
	if (r->uses++ == USES_FEW)
		r->compiled = pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE) == 0;
	status = r->compiled ? pcre2_jit_match(r->code, (PCRE2_SPTR)(text.data ? text.data : ""),
					       text.length, 0, 0, r->found, r->limits)
			     : match(r, text, 0);
	if (status == PCRE2_ERROR_JIT_STACKLIMIT)
		status = match(r, text, PCRE2_NO_JIT);
	if (status >= 0)
		return REGEX_YES;
	return status == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

/* What stands behind a backslash in RE2 and means the same here. */
static bool is_shared_escape(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
		return strchr("aftnrdDsSwWpPbBAzQEx", c) != NULL;
	return c == '0' || c < '1' || c > '9';
}

/* Behind "(?": flags, a name, or a plain group. */
static bool is_shared_group(struct str rest)
{
	size_t at = 0;

	if (str_starts(rest, STR("P<")))
		return true;
	if (str_starts(rest, STR("<")))
		return rest.length > 1 && rest.data[1] != '=' && rest.data[1] != '!';
	while (at < rest.length && strchr("imsU-", rest.data[at]))
		at++;
	return at < rest.length && (rest.data[at] == ':' || (at && rest.data[at] == ')'));
}

/* Bytes of the item at the cursor, or 0 if RE2 does not have it. */
static size_t re2_item(struct str rest, bool in_class)
{
	char c = rest.data[0], next = rest.length > 1 ? rest.data[1] : 0;

	if (c == '\\')
		return rest.length > 1 && is_shared_escape(next) ? 2 : 0;
	if (in_class)
		return 1;
	if (c == '(' && next == '?')
		return is_shared_group(str_slice(rest, 2, rest.length)) ? 2 : 0;
	if (c == '(' && next == '*')
		return 0;
	if ((c == '*' || c == '+' || c == '?' || c == '}') && next == '+')
		return 0;
	return 1;
}

static bool is_re2(struct str pattern, struct error *err)
{
	bool in_class = false, quoted = false;
	size_t class_start = 0, size;

	for (size_t at = 0; at < pattern.length; at += size) {
		struct str rest = str_slice(pattern, at, pattern.length);
		char c = rest.data[0];

		size = 1;
		if (quoted || str_starts(rest, STR("\\Q"))) {
			quoted = !str_starts(rest, STR("\\E"));
			continue;
		}
		size = re2_item(rest, in_class);
		if (!size)
			return error_set(err, ERROR_PARSE, "bad pattern '%.*s' at byte %zu: "
					 "Terraform's patterns have no '%.*s'", STR_ARG(pattern),
					 at, STR_ARG(str_slice(rest, 0, 2)));
		if (c == '[' && !in_class) {
			in_class = true;
			class_start = at + (rest.length > 1 && rest.data[1] == '^');
		} else if (c == '[' && str_starts(rest, STR("[:"))) {
			size = str_find(rest, STR(":]"));
			size = size == rest.length ? 1 : size + 2;
		} else if (c == ']' && at > class_start + 1) {
			in_class = false;
		}
	}
	return true;
}

struct regex *regex_new_re2(struct str pattern, struct error *err)
{
	return is_re2(pattern, err) ? new_regex(pattern, 0, err) : NULL;
}

struct regex *regex_new_characters(void)
{
	struct regex *r = new_regex(STR("\\X"), 0, NULL);

	CHECK(r);
	return r;
}

size_t regex_group_count(const struct regex *r)
{
	uint32_t count = 0;

	pcre2_pattern_info(r->code, PCRE2_INFO_CAPTURECOUNT, &count);
	return count;
}

struct str regex_group_name(const struct regex *r, size_t group)
{
	uint32_t count = 0, size = 0;
	PCRE2_SPTR table = NULL;

	pcre2_pattern_info(r->code, PCRE2_INFO_NAMECOUNT, &count);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
	pcre2_pattern_info(r->code, PCRE2_INFO_NAMETABLE, &table);
	for (uint32_t i = 0; i < count; i++, table += size) {
		if (((size_t)table[0] << 8 | table[1]) == group)
			return str_from_c((const char *)table + 2);
	}
	return (struct str){ 0 };
}

/* One search from a place on; what no match takes long for gets shorter with each match. */
static enum regex_result search(struct arena *a, struct regex_walk *w, size_t from)
{
	const struct regex *r = w->regex;
	size_t groups = regex_group_count(r) + 1;
	pcre2_match_data *found = pcre2_match_data_create((uint32_t)groups, NULL);
	const PCRE2_SIZE *at;
	int status;

	CHECK(found);
	pcre2_set_match_limit(r->limits, MATCH_LIMIT / (uint32_t)(w->count + 1) + MATCH_FLOOR);
	status = pcre2_match(r->code, (PCRE2_SPTR)(w->text.data ? w->text.data : ""),
			     w->text.length, from, w->begun ? PCRE2_NO_UTF_CHECK : 0, found,
			     r->limits);
	at = pcre2_get_ovector_pointer(found);
	if (status >= 0) {
		w->groups = arena_array(a, struct regex_span, groups);
		for (size_t i = 0; i < groups; i++) {
			bool part = at[i * 2] != PCRE2_UNSET;

			w->groups[i].start = part ? at[i * 2] : SIZE_MAX;
			w->groups[i].end = part ? at[i * 2 + 1] : SIZE_MAX;
		}
	}
	pcre2_match_data_free(found);
	if (status >= 0)
		return REGEX_YES;
	return status == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}

static size_t step_over(struct str text, size_t at)
{
	do
		at++;
	while (at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80);
	return at;
}

enum regex_result regex_next(struct arena *a, struct regex_walk *w)
{
	size_t from = w->at;

	while (from <= w->text.length) {
		enum regex_result result = search(a, w, from);

		if (result != REGEX_YES)
			return result;
		/* Every search may pass over all of the text. */
		if (++w->count > 1 && w->count > WALK_BYTES_MOST / (w->text.length + 1))
			return REGEX_LIMIT;
		if (w->begun && w->groups[0].start == w->at && w->groups[0].end == w->at) {
			from = step_over(w->text, w->at);
			continue;
		}
		w->begun = true;
		w->at = w->groups[0].end;
		return REGEX_YES;
	}
	return REGEX_NO;
}

size_t regex_character(const struct regex *characters, struct str text)
{
	pcre2_match_data *found;
	size_t size = text.length > 0;
	unsigned char next = text.length > 1 ? (unsigned char)text.data[1] : 'a';

	/* Two bytes of ASCII are two characters, but for "\r\n". */
	if (!text.length || ((unsigned char)text.data[0] < 0x80 && text.data[0] != '\r' &&
			     next < 0x80))
		return size;
	found = pcre2_match_data_create(1, NULL);
	CHECK(found);
	if (pcre2_match(characters->code, (PCRE2_SPTR)text.data, text.length, 0,
			PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, found, characters->limits) >= 0)
		size = pcre2_get_ovector_pointer(found)[1];
	pcre2_match_data_free(found);
	return size;
}
