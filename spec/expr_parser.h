#ifndef EFFC_SPEC_EXPR_PARSER_H
#define EFFC_SPEC_EXPR_PARSER_H

#include "expr.h"

/*
 * The inside of the expression parser: a cursor over the decoded bytes of one
 * string, whose offsets lead every mistake back into the source.
 */
struct expr_parser {
	struct arena *arena;
	const struct value *v;
	struct str text;
	size_t at;
	struct diags *diags;
	size_t count;			/* of expressions so far */
	bool damaged;
};

#define expr_error(p, start, end, ...) \
	((p)->damaged = true, \
	 diag_error((p)->diags, value_text_span((p)->v, (start), (end)), __VA_ARGS__))

int expr_peek(const struct expr_parser *p, size_t ahead);
bool expr_is_word_start(int c);
bool expr_is_word(int c);
void expr_blanks(struct expr_parser *p);
/* "'x'" or "the end of the text". */
struct str expr_found(const struct expr_parser *p);
/* Bytes of the character at the cursor; 0 at the end. */
size_t expr_character(const struct expr_parser *p);

/* What may stand between "${" and "}".  NULL after a mistake. */
struct expr *expr_read_operand(struct expr_parser *p);

#endif
