#ifndef EFFC_SPEC_JSON_TEXT_H
#define EFFC_SPEC_JSON_TEXT_H

#include "document.h"
#include "toml.h"

/*
 * The inside of the JSON reader of specs: recursive descent, one pass.  The grammar is
 * RFC 8259's.  A slip that leaves no doubt about what was meant (a comment, a trailing
 * comma, single quotes) is reported and read as meant; where there is doubt, `lost` is
 * set, every function returns, and what is open is damaged.
 */
struct json {
	struct arena *arena;
	struct str text;		/* well-formed UTF-8 */
	uint32_t file;
	uint32_t at;
	struct diags *diags;
	unsigned mistakes;
	bool lost;
};

#define JSON_MISTAKE(j, start, end, ...) do { \
	if (json_counts(j)) \
		diag_error((j)->diags, json_span((j), (start), (end)), __VA_ARGS__); \
} while (0)
#define JSON_HELP(j, ...) do { \
	if ((j)->mistakes <= TOML_ERROR_LIMIT) \
		diag_help((j)->diags, __VA_ARGS__); \
} while (0)

/* Counts a mistake; false past the limit. */
bool json_counts(struct json *j);
struct span json_span(const struct json *j, uint32_t start, uint32_t end);
int json_byte(const struct json *j, uint32_t at);
struct str json_slice(const struct json *j, uint32_t start, uint32_t end);
struct value json_damaged(const struct json *j, uint32_t start, uint32_t end);

/* json_string.c: at a quote of either kind */
struct value json_read_string(struct json *j);

#endif
