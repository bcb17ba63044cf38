#include "toml.h"

static void refuse_rest(struct toml *p, const struct value *last)
{
	uint32_t length = toml_character(p, p->at);

	if (!length) {
		toml_bad_character(p, p->at, "the document");
		return;
	}
	toml_error(p, p->at, p->at + length,
		   "E0106 expected the end of the line after the %s, found %.*s",
		   last ? "value" : "header", STR_ARG(toml_found(p)));
	if (toml_peek(p, 0) == '/' || toml_peek(p, 0) == ';')
		toml_help(p, "a comment begins with '#'");
	else if (last && p->at == last->span.end)
		toml_help_quotes(p, last);
}

/* The rest of a statement's line: a comment at most. */
static void finish_line(struct toml *p, struct value *last)
{
	bool unreadable = last && last->kind == VALUE_NULL;

	if (p->at_next)
		return;
	toml_blanks(p);
	if (p->lost || !toml_at_line_end(p)) {
		if (!p->lost && !p->quiet && !unreadable)
			refuse_rest(p, last);
		/* A quotation mark inside the string may have ended it too early. */
		if (last)
			last->marks |= VALUE_DAMAGED;
		toml_recover(p);
	}
	toml_line_end(p);
}

static void read_pair(struct toml *p)
{
	struct toml_member *place;
	struct value value;

	if (!toml_read_key(p) || !toml_read_equals(p)) {
		p->lost = true;
		finish_line(p, NULL);
		return;
	}
	if (p->table_depth + p->key_count > SPEC_DEPTH_LIMIT) {
		const struct span *last = &p->keys[p->key_count - 1].span;

		toml_error(p, last->start, last->end, "E0105 tables nested deeper than %d levels",
			   SPEC_DEPTH_LIMIT);
		p->lost = true;
		finish_line(p, NULL);
		return;
	}
	place = toml_place(p, p->table);
	value = toml_read_value(p, p->table_depth + p->key_count);
	finish_line(p, &value);
	if (place)
		place->member.value = value;
}

static bool read_header_end(struct toml *p, bool of_tables)
{
	uint32_t start = p->at;

	toml_blanks(p);
	if (toml_peek(p, 0) == ']' && (!of_tables || toml_peek(p, 1) == ']')) {
		toml_take(p, TOKEN_CLOSE_BRACKET, p->at + 1);
		if (of_tables)
			toml_take(p, TOKEN_CLOSE_BRACKET, p->at + 1);
		return true;
	}
	toml_error(p, start, start + 1, "E0107 expected '%s' at the end of the header, found %.*s",
		   of_tables ? "]]" : "]", STR_ARG(toml_found(p)));
	if (!toml_at_line_end(p) && toml_peek(p, 0) != ']')
		toml_help(p, "a name of more than letters, digits, '_' and '-' needs quotes");
	/* Just the bracket is missing: what was meant is plain. */
	if (toml_peek(p, 0) == ']')
		toml_take(p, TOKEN_DAMAGED, p->at + 1);
	return toml_at_line_end(p);
}

static void read_header(struct toml *p)
{
	uint32_t start = p->at;
	bool of_tables = toml_peek(p, 1) == '[';

	toml_take(p, TOKEN_OPEN_BRACKET, p->at + 1);
	if (of_tables)
		toml_take(p, TOKEN_OPEN_BRACKET, p->at + 1);
	toml_blanks(p);
	if (toml_peek(p, 0) == ']') {
		toml_error(p, start, p->at + 1, "E0110 a header needs a name");
		p->lost = true;
	}
	if (p->lost || !toml_read_key(p) || !read_header_end(p, of_tables)) {
		p->lost = true;
		toml_open_nowhere(p);
	} else {
		toml_open_table(p, toml_span(p, start, p->at), of_tables);
	}
	finish_line(p, NULL);
}

/* A bracket that closes what was reported as never closed. */
static bool skip_closer(struct toml *p)
{
	int byte = toml_peek(p, 0);

	if (!p->closer_expected || (byte != ']' && byte != '}'))
		return false;
	toml_take(p, TOKEN_DAMAGED, toml_eol(p, p->at));
	toml_line_end(p);
	p->closer_expected = false;
	return true;
}

static void read_statement(struct toml *p)
{
	toml_blanks(p);
	if (toml_at_line_end(p)) {
		toml_line_end(p);
		return;
	}
	p->statement_damaged = p->quiet = p->lost = p->at_next = false;
	p->open = 0;
	p->margin = p->at - p->line_start;
	if (skip_closer(p))
		return;
	if (toml_peek(p, 0) == '[')
		read_header(p);
	else
		read_pair(p);
	if (p->statement_damaged)
		p->table->marks |= VALUE_DAMAGED;
}

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

static bool too_large(struct toml *p)
{
	if (p->text.length <= SPEC_FILE_LIMIT)
		return false;
	diag_error(p->diags, toml_span(p, 0, 0), "E0304 the file is larger than %u MB",
		   SPEC_FILE_LIMIT >> 20);
	p->damaged = true;
	p->root->marks |= VALUE_DAMAGED;
	return true;
}

static bool parse(struct arena *a, struct str text, uint32_t file, bool with_tokens,
		  struct document *out, struct diags *d)
{
	struct toml p = {
		.arena = a, .text = text, .file = file, .line = 1, .diags = d,
		.tokens = with_tokens ? &out->tokens : NULL, .root = &out->root,
		.table = &out->root,
	};

	for (int byte = 0; byte < 256; byte++)
		p.bare[byte] = toml_has(&toml_bare, byte);
	out->file = file;
	out->root = value_map();
	out->tokens = (struct token_vec){ 0 };
	if (!too_large(&p)) {
		out->root.span = toml_span(&p, 0, (uint32_t)text.length);
		if (str_starts(text, STR(BYTE_ORDER_MARK)))
			toml_take(&p, TOKEN_BLANK, sizeof(BYTE_ORDER_MARK) - 1);
		p.line_start = p.at;
		while (p.at < text.length && !p.full)
			read_statement(&p);
		toml_take(&p, TOKEN_DAMAGED, (uint32_t)text.length);
	}
	out->damaged = p.damaged;
	return !p.damaged;
}

bool toml_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		struct diags *d)
{
	return parse(a, text, file, true, out, d);
}

bool toml_parse_tree(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d)
{
	return parse(a, text, file, false, out, d);
}
