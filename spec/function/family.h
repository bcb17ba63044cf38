#ifndef EFFC_SPEC_FUNCTION_FAMILY_H
#define EFFC_SPEC_FUNCTION_FAMILY_H

#include "spec/convert.h"
#include "spec/function.h"

/* The inside of function.c: the families and what their functions share. */
struct family {
	const struct function *functions;	/* sorted by name */
	size_t count;
};
/* Parameters: one that must be given, one that may, any number of them. */
#define P(n, t) { .name = (n), .type = (t) }
#define OPTIONAL(n, t) { .name = (n), .type = (t), .optional = true }
#define REST(n, t) { .name = (n), .type = (t), .variadic = true }
#define NULLABLE(n, t) { .name = (n), .type = (t), .null = true }
#define NULLABLE_REST(n, t) { .name = (n), .type = (t), .variadic = true, .null = true }
#define FAMILY(functions) { (functions), sizeof(functions) / sizeof(*(functions)) }

extern const struct family character_family, conversion_family, date_family, encoding_family,
	 file_family, format_family, hash_family, ip_family, list_family,
	map_family, number_family, regex_family, set_family, string_family;

/* The most that one call may make. */
#define FUNCTION_ITEMS_MOST 100000

/* Given and not null. */
bool argument_is_given(const struct function_call *c, size_t index);
/* A whole number of 64 bits; else reports. */
bool argument_whole(struct function_call *c, size_t index, int64_t *out);
/* The beginning of a text, for a message.  function_fail() itself withholds what is secret. */
struct str text_shown(struct str s);
struct str argument_shown(const struct function_call *c, size_t index);
struct value fail_too_long(struct function_call *c);	/* text */
struct value fail_too_many(struct function_call *c);	/* items */
/* The text, unless it grew past its limit. */
struct value finish_text(struct function_call *c, const struct buf *b);

/* The result hangs on v, which is unknown or open. */
struct value result_waits(struct function_call *c, const struct value *v);
bool value_waits(const struct value *v);		/* v itself is unknown or open */
/* The marks of a value and of all that is in it. */
uint32_t marks_within(const struct value *v);
/* The first unknown or open part, open ones first; NULL: all is known. */
const struct value *waiting_part(const struct value *v);

/* As Terraform's jsonencode() has it; all of v is known. */
struct str function_json(struct arena *a, const struct value *v);
/* A file's bytes, by the path that an argument is; false after a report. */
bool function_read(struct function_call *c, size_t index, struct str *out);
struct value function_csvdecode(struct function_call *c);
struct value function_yamlencode(struct function_call *c);
/* Text that only equal values have in common; all of v is known. */
struct str function_key(struct arena *a, const struct value *v);
/* The items in their order, each once; all of them are known. */
struct value function_set(struct arena *a, const struct value *list);
/* The items with one type of all; false after a report. */
bool argument_unify(struct function_call *c, size_t index, struct value *out);

#endif
