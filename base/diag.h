#ifndef EFFC_BASE_DIAG_H
#define EFFC_BASE_DIAG_H

#include <stdarg.h>
#include <stdint.h>

#include "arena.h"
#include "buf.h"
#include "str.h"
#include "vec.h"

/*
 * The user's mistakes: collected by every stage, each with the bytes it is
 * about, sorted by place and printed once at the end.
 *
 *	diag_error(d, value->span, "E0412 unknown key '%.*s' in %.*s", ...);
 *	diag_help(d, "did you mean '%.*s'?", ...);		belongs to the last one added
 *
 * Lower case, no full stop, problem first, names in single quotes, then what
 * would be right; the smallest span.  diag_sensitive withholds the excerpt of the
 * source.  Control characters and what is no UTF-8 are shown harmlessly.
 *
 * A format may begin with the code of its kind of mistake, E and four digits (W: a
 * warning), then a space.  docs/mistakes/ has a page for each code.
 */

/* Bytes [start, end) of a source.  Line and column are worked out only when printed. */
struct span {
	uint32_t file;			/* index into struct sources; SPAN_NOWHERE: none */
	uint32_t start, end;
};
#define SPAN_NOWHERE UINT32_MAX
#define SPAN_NONE ((struct span){ SPAN_NOWHERE, 0, 0 })

struct source {
	struct str path;		/* as shown to the user */
	struct str text;
	struct source_index *index;	/* where lines start: made when first asked for */
};

struct sources VEC_OF(struct source);

/* Adds a file's text; returns its index for spans.  path and text must live in the arena. */
uint32_t sources_add(struct arena *a, struct sources *s, struct str path, struct str text);

struct place {
	struct str path;
	uint32_t line, column;		/* from 1; column in characters of UTF-8 */
};
/* Empty path for SPAN_NONE. */
struct place span_place(const struct sources *s, struct span span);
/* "path:line:column", or empty. */
struct str span_text(struct arena *a, const struct sources *s, struct span span);
/* The whole line, without its end, in which a span of a known file starts; *start: its offset. */
struct str span_line(const struct sources *s, struct span span, uint32_t *start);

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

#define DIAG_CODE_SIZE 5

struct diag {
	enum severity severity;
	char code[DIAG_CODE_SIZE + 1];	/* "E0412"; empty: none */
	struct span span;
	struct str text;
	struct str help;		/* empty: none */
	bool sensitive;			/* the excerpt is not shown */
};

struct diags {
	struct arena *arena;
	struct diag *items;
	size_t count, capacity;
	size_t error_count;
};

void diags_init(struct diags *d, struct arena *a);
void diag_error(struct diags *d, struct span span, const char *format, ...) ATTR_PRINTF(3, 4);
void diag_error_v(struct diags *d, struct span span, const char *format, va_list args)
	ATTR_PRINTF(3, 0);
void diag_warning(struct diags *d, struct span span, const char *format, ...) ATTR_PRINTF(3, 4);
void diag_help(struct diags *d, const char *format, ...) ATTR_PRINTF(2, 3);
void diag_sensitive(struct diags *d);

/* By file, start, then text; equal ones once. */
void diags_sort(struct diags *d);

/*
 * As compilers do: "path:line:column: error[E0412]: text", the line, carets, help.
 * Sorts first.  The first 50 of a file are shown, errors before warnings; the
 * rest is counted.
 */
void diags_print(struct buf *out, struct diags *d, const struct sources *s, bool colour);
/* A JSON array of {severity, code, path, line, column, end_line, end_column, message, help}. */
void diags_print_json(struct buf *out, struct diags *d, const struct sources *s);

#endif
