#ifndef EFFC_BASE_YAML_SCALAR_H
#define EFFC_BASE_YAML_SCALAR_H

#include "diag.h"
#include "value.h"

/*
 * The parts of the YAML reader that libyaml is no part of.  Private to base/.
 */

/*
 * What a scalar without quotes means by the core schema of YAML 1.2: null, a
 * boolean, an integer, a float, or else a string, which borrows the text.
 */
struct value yaml_plain_scalar(struct arena *a, struct str text);
/* The same with a core tag such as !!int; false if the text is none. */
bool yaml_tagged_scalar(struct arena *a, struct str text, struct str tag, struct value *out);
#define YAML_TAGS "tag:yaml.org,2002:"
bool yaml_is_scalar_tag(struct str tag);

/*
 * Sets where a string's text stands in the source: its first byte and, where the
 * source says it differently (escapes, folded lines, indented blocks), each one.
 * [start, end) is the scalar as it is written, with its quotes or its '|'.
 */
void yaml_place_text(struct arena *a, struct str source, uint32_t start, uint32_t end,
		     struct value *v);

/* Counts a mistake before it is said; false if there were too many, which is said instead. */
struct yaml_reader;
bool yaml_counts(struct yaml_reader *r, struct span span);
/* True unless that ends the reading. */
#define YAML_MISTAKE(r, span, ...) \
	(yaml_counts((r), (span)) && (diag_error((r)->diags, (span), __VA_ARGS__), true))
/* False: nothing more is read after it. */
#define YAML_STOP(r, span, ...) \
	((r)->mistakes++, diag_error((r)->diags, (span), __VA_ARGS__), false)

/* One diagnostic for text that libyaml refuses. */
struct yaml_refusal {
	struct str text;
	uint32_t file;
	uint32_t at;			/* where it went wrong */
	uint32_t begun;			/* where what it was reading began */
	const char *problem, *context;	/* libyaml's words; context may be NULL */
};
void yaml_refuse(const struct yaml_refusal *refusal, struct diags *d);

#endif
