#ifndef EFFC_SPEC_EXPR_PARSER_H
#define EFFC_SPEC_EXPR_PARSER_H

#include "expr.h"

/*
 * The inside of the expression parser: a cursor over the decoded bytes of one
 * string, whose offsets lead every mistake back into the source.  Whoever
 * reads something returns NULL (or false) after a mistake, which is reported;
 * the text behind the whole "${...}" is then read on.
 */
struct expr_parser {
	struct arena *arena;
	const struct value *v;
	struct str text;
	size_t at;
	struct diags *diags;
	size_t count;			/* of nodes so far */
	unsigned depth;
	bool damaged;
	const struct expr_name *names;	/* of the `for`s around, innermost first */
};

struct expr_name {
	struct str name;
	const struct expr_name *next;
};

#define expr_error(p, start, end, ...) \
	((p)->damaged = true, \
	 diag_error((p)->diags, value_text_span((p)->v, (start), (end)), __VA_ARGS__))

/* ---- expr_cursor.c ---- */

/* The byte so far ahead, or -1 behind the end. */
static inline int expr_peek(const struct expr_parser *p, size_t ahead)
{
	return ahead < p->text.length - p->at ? (unsigned char)p->text.data[p->at + ahead] : -1;
}

static inline bool expr_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static inline bool expr_is_word_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* As in HCL, a hyphen is part of a name: subtraction needs a blank before it. */
static inline bool expr_is_word(int c)
{
	return expr_is_word_start(c) || expr_is_digit(c) || c == '-';
}

void expr_blanks(struct expr_parser *p);
/* "'x'" or "the end of the text". */
struct str expr_found(const struct expr_parser *p);
/* Bytes of the character at the cursor; 0 at the end. */
size_t expr_character(const struct expr_parser *p);
/* Of the word at the cursor, which moves behind it. */
struct str expr_word(struct expr_parser *p);
/* The word there is just this one. */
bool expr_at_word(const struct expr_parser *p, const char *word);
/* Behind blanks and that text; false (reported) if something else is there. */
bool expr_expect(struct expr_parser *p, const char *text);
/* True if blanks and that text were there: now the cursor is behind them. */
bool expr_accept(struct expr_parser *p, const char *text);
/* Where the '}' that belongs to "${" or "%{" at `open` ends; the end of the text without one. */
size_t expr_end(const struct expr_parser *p, size_t open);

/* One nested deeper: false (reported) where it is too deep.  Then leave. */
bool expr_enter(struct expr_parser *p);
void expr_leave(struct expr_parser *p);
struct expr *expr_node(struct expr_parser *p, enum expr_kind kind, size_t start);
/* The node ends at the cursor and has its children. */
const struct expr *expr_finish(struct expr_parser *p, struct expr *e, size_t start);
const struct expr *expr_literal(struct expr_parser *p, struct value literal, size_t start);

/* ---- expr_operators.c, expr_operand.c, expr_braces.c, expr_text.c ---- */

/* Any expression, from the cursor on. */
const struct expr *expr_read(struct expr_parser *p);
/* What operators stand between: a value with what stands behind it. */
const struct expr *expr_read_operand(struct expr_parser *p);
/* [...] and {...} */
const struct expr *expr_read_brackets(struct expr_parser *p);
const struct expr *expr_read_braces(struct expr_parser *p);
/* The head of a `for` up to its collection; its names go to *loop and, in *names, to p->names. */
struct expr_names {
	struct expr_name key, value;
};
bool expr_read_for(struct expr_parser *p, struct expr_for *loop, struct expr_names *names);
/* "..." or '...' with all that may stand in it. */
const struct expr *expr_read_string(struct expr_parser *p);
/* How many steps stand at "${" if nothing but names and dots do up to the brace; else 0. */
size_t expr_count_names(const struct expr_parser *p);
/* These; then the cursor is behind the brace. */
void expr_read_steps(struct expr_parser *p, struct expr_step *steps, size_t count);
/* The whole text as a template: plain if it is a LITERAL with nothing special in it. */
const struct expr *expr_read_text(struct expr_parser *p, bool *plain);

#endif
