#include "regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "attr.h"

#define PATTERN_BYTES_LIMIT 8192
#define MATCH_LIMIT 200000
#define DEPTH_LIMIT 200000
#define HEAP_LIMIT_KIB 16384

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *found;
};

static pcre2_code *compile(struct str pattern, struct error *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
			   PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C;
	PCRE2_UCHAR message[160];
	PCRE2_SIZE offset;
	pcre2_code *code;
	int status;

	code = pcre2_compile((PCRE2_SPTR)(pattern.data ? pattern.data : ""), pattern.length,
			     options, &status, &offset, NULL);
	if (!code) {
		pcre2_get_error_message(status, message, sizeof(message));
		error_set(err, ERROR_PARSE, "bad pattern '%.*s' at byte %zu: %s",
			  STR_ARG(pattern), (size_t)offset, (const char *)message);
	}
	return code;
}

struct regex *regex_new(struct str pattern, struct error *err)
{
	struct regex *r;
	pcre2_code *code;

	if (pattern.length > PATTERN_BYTES_LIMIT) {
		error_set(err, ERROR_LIMIT, "a pattern of %zu bytes is too long", pattern.length);
		return NULL;
	}
	code = compile(pattern, err);
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

void regex_free(struct regex *r)
{
	if (!r)
		return;
	pcre2_match_data_free(r->found);
	pcre2_match_context_free(r->limits);
	pcre2_code_free(r->code);
	free(r);
}

enum regex_result regex_match(const struct regex *r, struct str text)
{
	int status = pcre2_match(r->code, (PCRE2_SPTR)(text.data ? text.data : ""), text.length,
				 0, 0, r->found, r->limits);

	if (status >= 0)
		return REGEX_YES;
	return status == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_LIMIT;
}
