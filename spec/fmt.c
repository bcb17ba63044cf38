#include "fmt.h"

#include "document.h"

#define BLANK_LINES_MOST 2
#define INDENT 2

/* Two formats of one shape: only the signs differ. */
struct style {
	const char *equals;
	bool comma_at_end;		/* after the last item, where that has its line */
};

struct formatter {
	struct str text;
	const struct token *tokens;
	size_t count, at;
	const bool *wide;		/* of an opening bracket: its items have own lines */
	const struct style *style;
	struct buf *out;
	unsigned indent;
	unsigned newlines;		/* in the source since something was printed */
	bool commented;			/* the line being printed ended with a comment */
};

/* Behind the last token the line ends too. */
static enum token_kind kind_of(const struct formatter *f)
{
	return f->at < f->count ? f->tokens[f->at].kind : TOKEN_NEWLINE;
}

static bool is_opener(enum token_kind kind)
{
	return kind == TOKEN_OPEN_BRACKET || kind == TOKEN_OPEN_BRACE;
}

static bool is_closer(enum token_kind kind)
{
	return kind == TOKEN_CLOSE_BRACKET || kind == TOKEN_CLOSE_BRACE;
}

static void skip_blanks(struct formatter *f)
{
	while (f->at < f->count && kind_of(f) == TOKEN_BLANK)
		f->at++;
}

/* The token as it is written; a newline in it is one byte. */
static void copy_token(struct formatter *f)
{
	struct span span = f->tokens[f->at++].span;
	struct str text = str_slice(f->text, span.start, span.end), line;

	while (str_split(&text, '\n', &line)) {
		if (text.length && str_ends(line, STR("\r")))
			line.length--;
		buf_add(f->out, line);
		buf_add_c(f->out, text.length ? "\n" : "");
	}
	f->newlines = 0;
	f->commented = false;
}

/* So many newlines as the source has, within reason, then the indent. */
static void new_line(struct formatter *f, unsigned newlines)
{
	if (newlines > BLANK_LINES_MOST + 1)
		newlines = BLANK_LINES_MOST + 1;
	buf_add_repeat(f->out, '\n', newlines ? newlines : 1);
	buf_add_repeat(f->out, ' ', (size_t)f->indent * INDENT);
	f->newlines = 0;
	f->commented = false;
}

/* Comments at the ends of lines may stand in a column: the blanks before one stay. */
static size_t blanks_before(const struct formatter *f, uint32_t at)
{
	size_t count = 0;

	while (count < at && (f->text.data[at - count - 1] == ' ' ||
			      f->text.data[at - count - 1] == '\t'))
		count++;
	return count ? count : 1;
}

/* A comment, at the end of a line or on one of its own; first: nothing stands above. */
static void copy_comment(struct formatter *f, bool first)
{
	struct span span = f->tokens[f->at++].span;

	if (f->newlines || f->commented)
		new_line(f, first ? 1 : f->newlines);
	else if (f->out->length)
		buf_add_repeat(f->out, ' ', blanks_before(f, span.start));
	buf_add(f->out, str_trim(str_slice(f->text, span.start, span.end)));
	f->newlines = 0;
	f->commented = true;
}

static void format_value(struct formatter *f);

/* key = value, or a value. */
static void format_item(struct formatter *f)
{
	if (is_opener(kind_of(f))) {
		format_value(f);
		return;
	}
	copy_token(f);
	for (skip_blanks(f); kind_of(f) == TOKEN_DOT; skip_blanks(f)) {
		copy_token(f);
		skip_blanks(f);
		copy_token(f);
	}
	if (kind_of(f) != TOKEN_EQUALS)
		return;
	f->at++;
	buf_add_c(f->out, f->style->equals);
	skip_blanks(f);
	format_value(f);
}

/* Whether a comma follows, before anything else that is printed. */
static bool comma_follows(const struct formatter *f)
{
	size_t at = f->at;

	while (at < f->count && (f->tokens[at].kind == TOKEN_BLANK ||
				 f->tokens[at].kind == TOKEN_NEWLINE ||
				 f->tokens[at].kind == TOKEN_COMMENT))
		at++;
	return at < f->count && f->tokens[at].kind == TOKEN_COMMA;
}

static void format_wide(struct formatter *f)
{
	bool first = true;

	copy_token(f);
	f->indent++;
	for (; !is_closer(kind_of(f)); skip_blanks(f)) {
		if (kind_of(f) == TOKEN_NEWLINE) {
			f->newlines++;
			f->at++;
		} else if (kind_of(f) == TOKEN_COMMA || kind_of(f) == TOKEN_BLANK) {
			f->at++;
		} else if (kind_of(f) == TOKEN_COMMENT) {
			copy_comment(f, first);
			first = false;
		} else {
			new_line(f, first ? 1 : f->newlines);
			format_item(f);
			if (f->style->comma_at_end || comma_follows(f))
				buf_add_char(f->out, ',');
			first = false;
		}
	}
	f->indent--;
	if (!first)
		new_line(f, 1);
	copy_token(f);
}

static void format_narrow(struct formatter *f)
{
	bool brace = kind_of(f) == TOKEN_OPEN_BRACE, first = true;

	copy_token(f);
	for (skip_blanks(f); !is_closer(kind_of(f)); skip_blanks(f)) {
		if (kind_of(f) == TOKEN_COMMA) {
			f->at++;
			continue;
		}
		buf_add_c(f->out, !first ? ", " : brace ? " " : "");
		format_item(f);
		first = false;
	}
	buf_add_c(f->out, brace && !first ? " " : "");
	copy_token(f);
}

static void format_value(struct formatter *f)
{
	if (!is_opener(kind_of(f)))
		copy_token(f);
	else if (f->wide[f->at])
		format_wide(f);
	else
		format_narrow(f);
}

/* "[a.b]", "[[a]]": its words without blanks. */
static void format_header(struct formatter *f)
{
	for (; kind_of(f) != TOKEN_NEWLINE && kind_of(f) != TOKEN_COMMENT; skip_blanks(f))
		copy_token(f);
}

/* headers: a bracket at the beginning of a line begins one. */
static void format_statements(struct formatter *f, bool headers)
{
	for (; f->at < f->count; skip_blanks(f)) {
		if (kind_of(f) == TOKEN_BLANK) {
			f->at++;
		} else if (kind_of(f) == TOKEN_NEWLINE) {
			f->newlines++;
			f->at++;
		} else if (kind_of(f) == TOKEN_COMMENT) {
			f->newlines = f->out->length ? f->newlines : 0;
			copy_comment(f, false);
		} else {
			if (f->out->length)
				new_line(f, f->newlines);
			if (headers && kind_of(f) == TOKEN_OPEN_BRACKET)
				format_header(f);
			else
				format_item(f);
		}
	}
	if (f->out->length)
		buf_add_char(f->out, '\n');
}

/* An opening bracket is wide if a newline stands right inside of it. */
static bool *find_wide(struct arena *a, const struct token_vec *tokens)
{
	bool *wide = arena_array(a, bool, tokens->count + 1);
	struct { size_t *items; size_t count, capacity; } open = { 0 };

	for (size_t i = 0; i < tokens->count; i++) {
		enum token_kind kind = tokens->items[i].kind;

		if (is_opener(kind))
			*vec_push(a, &open) = i;
		else if (is_closer(kind) && open.count)
			open.count--;
		else if (kind == TOKEN_NEWLINE && open.count)
			wide[open.items[open.count - 1]] = true;
	}
	return wide;
}

/* JSON is of the same shape: its colon stands where TOML has '='. */
static enum token_kind json_kind(char c)
{
	switch (c) {
	case '{': return TOKEN_OPEN_BRACE;
	case '}': return TOKEN_CLOSE_BRACE;
	case '[': return TOKEN_OPEN_BRACKET;
	case ']': return TOKEN_CLOSE_BRACKET;
	case ',': return TOKEN_COMMA;
	case ':': return TOKEN_EQUALS;
	case '"': return TOKEN_STRING;
	case '\n': return TOKEN_NEWLINE;
	case ' ': case '\t': case '\r': return TOKEN_BLANK;
	default: return TOKEN_INTEGER;	/* any word */
	}
}

/* Of a text without mistakes. */
static void json_tokens(struct arena *a, struct str text, uint32_t file, struct token_vec *out)
{
	for (uint32_t at = 0; at < text.length;) {
		enum token_kind kind = json_kind(text.data[at]);
		uint32_t start = at++;

		if (kind == TOKEN_STRING) {
			for (; text.data[at] != '"'; at++)
				at += text.data[at] == '\\';
			at++;
		}
		while (kind == TOKEN_INTEGER && at < text.length &&
		       json_kind(text.data[at]) == TOKEN_INTEGER)
			at++;
		*vec_push(a, out) = (struct token){ kind, { file, start, at } };
	}
}

static const struct style toml_style = { .equals = " = ", .comma_at_end = true };
static const struct style json_style = { .equals = ": " };

bool fmt_is_known(struct str path)
{
	return str_ends(path, STR(".toml")) || str_ends(path, STR(".json"));
}

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

bool fmt_text(struct arena *a, struct str path, struct str text, uint32_t file, struct str *out,
	      struct diags *d)
{
	bool json = str_ends(path, STR(".json"));
	struct document document = { 0 };
	struct formatter f = { .text = text, .style = json ? &json_style : &toml_style };
	struct buf made;

	CHECK(fmt_is_known(path));
	if (json ? !json_spec_parse(a, text, file, &document, d)
		 : !toml_parse(a, text, file, &document, d))
		return false;
	if (json)
		json_tokens(a, text, file, &document.tokens);
	buf_init(&made, a);
	f.tokens = document.tokens.items;
	f.count = document.tokens.count;
	/* An editor's mark is no part of the text. */
	f.at = str_starts(text, STR(BYTE_ORDER_MARK));
	f.wide = find_wide(a, &document.tokens);
	f.out = &made;
	format_statements(&f, !json);
	*out = buf_str(&made);
	return true;
}
