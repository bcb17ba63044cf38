#ifndef EFFC_SPEC_TOML_H
#define EFFC_SPEC_TOML_H

#include "spec.h"

/*
 * The inside of the TOML reader: recursive descent over bytes, one pass.  Only
 * toml_take() moves on, and it leaves a token behind, so the tokens cover the
 * text whatever goes wrong.
 *
 * A mistake is reported where it is found; then the reader goes on as if what
 * was meant had been written.  Where it cannot tell, it sets `lost`: every
 * function returns, and the statement's rest is skipped without a word.
 */

/* How a member of a table came about: what may still be added to it. */
enum toml_how {
	TOML_VALUE,			/* scalar, array, inline table: closed */
	TOML_IMPLICIT,			/* a table that a longer header passed through */
	TOML_DOTTED,			/* a table made by a dotted key */
	TOML_HEADER,			/* a table with its header */
	TOML_TABLES,			/* a list made by [[headers]] */
};

/* What the maps of the reader hold; the member comes first, so it passes as one. */
struct toml_member {
	struct member member;
	uint32_t line;			/* of its key */
	uint8_t how;			/* enum toml_how */
	bool owned;			/* made by the merge of documents */
};

struct toml_key {
	struct str name;
	struct span span;
};

struct toml {
	struct arena *arena;
	struct str text;
	uint32_t file;
	uint32_t at;
	uint32_t line, line_start;
	uint32_t margin;		/* column of the statement, from 0 */
	uint32_t open;			/* brackets and braces around `at` */
	struct token_vec *tokens;	/* NULL: nobody asks for them */
	struct diags *diags;
	unsigned error_count;
	struct value *root;
	struct value *table;		/* of the last header */
	unsigned table_depth;
	struct toml_key keys[SPEC_DEPTH_LIMIT];		/* the key last read */
	unsigned key_count;
	bool damaged;			/* the document */
	bool statement_damaged;
	bool quiet;			/* an unclosed string hides what is missing after it */
	bool lost;			/* skip to the statement's end */
	bool at_next;			/* what was open ended where the next statement begins */
	bool closer_expected;		/* its closing bracket may stand alone on a line below */
	bool unclosed[2];		/* no further """ or ''' in the text */
	bool full;			/* too many mistakes, the rest is not read */
	bool bare[256];			/* toml_bare, a byte for each, since keys abound */
};

#define TOML_ERROR_LIMIT 40

/* Counts a mistake and marks the statement; false past the limit. */
bool toml_damage(struct toml *p);
#define toml_error(p, start, end, ...) do { \
	if (toml_damage(p)) \
		diag_error((p)->diags, toml_span((p), (start), (end)), __VA_ARGS__); \
} while (0)
#define toml_help(p, ...) do { \
	if (!(p)->full) \
		diag_help((p)->diags, __VA_ARGS__); \
} while (0)

/* A set of bytes, a bit for each. */
struct toml_set {
	uint32_t bits[8];
};
extern const struct toml_set toml_bare;		/* what bare keys are of */
extern const struct toml_set toml_blank;
extern const struct toml_set toml_between;	/* what no number, date or bare word holds */

static inline struct span toml_span(const struct toml *p, uint32_t start, uint32_t end)
{
	uint32_t most = (uint32_t)p->text.length;

	return (struct span){ p->file, start < most ? start : most, end < most ? end : most };
}

static inline int toml_byte(const struct toml *p, uint32_t at)
{
	return at < p->text.length ? (unsigned char)p->text.data[at] : -1;
}

/* The byte so far ahead, or -1 at the end. */
static inline int toml_peek(const struct toml *p, uint32_t ahead)
{
	return toml_byte(p, p->at + ahead);
}

static inline struct str toml_text(const struct toml *p, uint32_t start, uint32_t end)
{
	return str_slice(p->text, start, end);
}

static inline bool toml_has(const struct toml_set *set, int byte)
{
	return byte >= 0 && set->bits[byte >> 5] >> (byte & 31) & 1;
}

/* Past those of a set, or past those of none. */
static inline uint32_t toml_skip(const struct toml *p, uint32_t at, const struct toml_set *set,
				 bool in)
{
	while (at < p->text.length && toml_has(set, (unsigned char)p->text.data[at]) == in)
		at++;
	return at;
}

/* For toml_take: the next bytes up to end as a token. */
void toml_keep(struct toml *p, enum token_kind kind, uint32_t end);
/* The lines up to end, where more than one newline may stand. */
void toml_count_lines(struct toml *p, uint32_t end);

/*
 * The next bytes up to end become a token.  Only a newline and what is damaged move
 * the line on; who takes a string of several lines counts them.
 */
static inline void toml_take(struct toml *p, enum token_kind kind, uint32_t end)
{
	CHECK(end >= p->at && end <= p->text.length);
	if (p->tokens)
		toml_keep(p, kind, end);
	if (kind == TOKEN_DAMAGED)
		toml_count_lines(p, end);
	if (kind == TOKEN_NEWLINE && end > p->at) {
		p->line++;
		p->line_start = end;
	}
	p->at = end;
}

static inline void toml_blanks(struct toml *p)
{
	toml_take(p, TOKEN_BLANK, toml_skip(p, p->at, &toml_blank, true));
}

bool toml_at_line_end(const struct toml *p);		/* newline, comment or end of the text */
/* Blanks, comments and newlines; true if it passed a newline. */
bool toml_trivia(struct toml *p);
/* Blanks, a comment and one newline, if they are next. */
bool toml_line_end(struct toml *p);
uint32_t toml_eol(const struct toml *p, uint32_t at);	/* where the line of `at` ends */

/* Bytes of the character at `at` if it may stand in text (newlines may not), else 0. */
uint32_t toml_character(const struct toml *p, uint32_t at);
/* Reports one that may not; returns how many bytes it takes. */
uint32_t toml_bad_character(struct toml *p, uint32_t at, const char *where);
bool toml_is_clean(const struct toml *p, uint32_t start, uint32_t end);
/* "'x'", "the end of the line": for "expected ..., found ..." */
struct str toml_found(const struct toml *p);
/* Short enough for a message. */
struct str toml_shown(struct str s);
/* Bytes of a typographic quotation mark, else 0. */
uint32_t toml_curly_quote(const struct toml *p, uint32_t at);

/* toml_recover.c */
/* The line at `at` is a header or a key with '=' that cannot belong to what is open. */
bool toml_is_statement(const struct toml *p, uint32_t line_start);
/* Damaged text up to the end of the statement, which may be lines below. */
void toml_recover(struct toml *p);
/* Damaged text up to the next comma, bracket or newline of this level. */
void toml_skip_item(struct toml *p);
/* The first line below that begins a statement, or the end of the text. */
uint32_t toml_next_statement(const struct toml *p, uint32_t at);

/* toml_key.c: a dotted key into p->keys.  False after a mistake. */
bool toml_read_key(struct toml *p);
/* One '=', or what people write for it. */
bool toml_read_equals(struct toml *p);

/* toml_table.c */
/* The place for the key in p->keys; NULL after a mistake. */
struct toml_member *toml_place(struct toml *p, struct value *table);
void toml_open_table(struct toml *p, struct span header, bool of_tables);
void toml_open_nowhere(struct toml *p);

/* toml_value.c: any value.  depth: how many containers it stands in. */
struct value toml_read_value(struct toml *p, unsigned depth);
/* After a complaint about what follows a string: the usual reason is a quotation mark in it. */
void toml_help_quotes(struct toml *p, const struct value *before);
struct value toml_damaged_value(struct toml *p, uint32_t start, uint32_t end);
/* toml_string.c, at a quote */
struct value toml_read_string(struct toml *p);
/* toml_scalar.c: numbers, true and false, dates */
struct value toml_read_scalar(struct toml *p);
uint32_t toml_word_end(const struct toml *p);
/* toml_datetime.c: false if the text has not this form; problem then says why, if known. */
bool toml_datetime(struct arena *a, struct str text, struct datetime *out, const char **problem);
bool toml_like_datetime(struct str text);

#endif
