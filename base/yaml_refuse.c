#include "yaml_scalar.h"

#include <string.h>

/*
 * libyaml's words are those of the grammar.  The slips that people make are told
 * from the text around the place instead.
 */
static int byte_at(const struct yaml_refusal *r, uint32_t at)
{
	return at < r->text.length ? (unsigned char)r->text.data[at] : -1;
}

static struct span span_of(const struct yaml_refusal *r, uint32_t start, uint32_t end)
{
	return (struct span){ r->file, start, end };
}

static uint32_t line_start(const struct yaml_refusal *r, uint32_t at)
{
	while (at > 0 && byte_at(r, at - 1) != '\n')
		at--;
	return at;
}

static bool says(const struct yaml_refusal *r, const char *words)
{
	return strstr(r->problem, words) != NULL;
}

/* A tab in what the line is indented by. */
static bool refuse_tab(const struct yaml_refusal *r, struct diags *d)
{
	uint32_t at = line_start(r, r->at);

	while (byte_at(r, at) == ' ')
		at++;
	if (byte_at(r, at) != '\t')
		return false;
	diag_error(d, span_of(r, at, at + 1), "E0130 a tab cannot indent in YAML");
	diag_help(d, "indent with blanks");
	return true;
}

static bool is_word(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

/* "key:value" alone on its line. */
static bool refuse_joined(const struct yaml_refusal *r, uint32_t line, struct diags *d)
{
	uint32_t start = line, end;

	while (byte_at(r, start) == ' ')
		start++;
	for (end = start; is_word(byte_at(r, end)); end++)
		;
	if (end == start || byte_at(r, end) != ':' || byte_at(r, end + 1) <= ' ' ||
	    byte_at(r, end + 1) == ':' || byte_at(r, end + 1) == '/')
		return false;
	diag_error(d, span_of(r, start, end + 1), "E0131 a blank is missing after '%.*s:'",
		   (int)(end - start), r->text.data + start);
	diag_help(d, "write '%.*s: ...'", (int)(end - start), r->text.data + start);
	return true;
}

/* The line, and the one above: what stands there reads as text that goes on. */
static bool refuse_key(const struct yaml_refusal *r, struct diags *d)
{
	uint32_t line = line_start(r, r->at);

	if (!says(r, "mapping values are not allowed") && !says(r, "could not find expected ':'"))
		return false;
	if (line > 0 && refuse_joined(r, line_start(r, line - 1), d))
		return true;
	if (refuse_joined(r, line, d) || refuse_joined(r, line_start(r, r->begun), d))
		return true;
	if (!says(r, "mapping values"))
		return false;
	diag_error(d, span_of(r, r->at, r->at + 1), "E0140 text with ': ' in it needs quotes");
	diag_help(d, "or does the line above lack its ':'?");
	return true;
}

static bool refuse_text(const struct yaml_refusal *r, struct diags *d)
{
	int byte = byte_at(r, r->at);
	uint32_t at = r->at;

	if (byte != '{' && at > 0 && byte_at(r, at - 1) == '*')
		byte = byte_at(r, --at);
	if (byte == '{' && at > 0 && byte_at(r, at - 1) == '$') {
		diag_error(d, span_of(r, at - 1, at + 1), "E0117 an expression needs quotes");
		diag_help(d, "write it in double quotes, and strings in it in single ones");
		return true;
	}
	if (byte != '@' && byte != '`' && byte != '%' && byte != '*')
		return false;
	diag_error(d, span_of(r, at, at + 1), "E0140 text that begins with '%c' needs quotes",
		   byte);
	return true;
}

static bool refuse_unclosed(const struct yaml_refusal *r, struct diags *d)
{
	int opener = byte_at(r, r->begun);
	uint32_t at = r->at;

	while (byte_at(r, at) == ' ' || byte_at(r, at) == '\n' || byte_at(r, at) == '\r')
		at++;
	if (opener == '"' || opener == '\'') {
		if (!says(r, "unexpected end of stream"))
			return false;
		diag_error(d, span_of(r, r->begun, r->begun + 1), "E0123 string is never closed");
		diag_help(d, "end it with %c", opener);
		return true;
	}
	if ((opener != '[' && opener != '{') || byte_at(r, at) >= 0)
		return false;
	diag_error(d, span_of(r, r->begun, r->begun + 1), "E0124 %s is never closed",
		   opener == '[' ? "list" : "table");
	diag_help(d, "add '%c'", opener == '[' ? ']' : '}');
	return true;
}

void yaml_refuse(const struct yaml_refusal *r, struct diags *d)
{
	struct span span = span_of(r, r->at, r->at < r->text.length ? r->at + 1 : r->at);

	if (refuse_tab(r, d) || refuse_text(r, d) || (r->context && refuse_unclosed(r, d)) ||
	    refuse_key(r, d))
		return;
	if (!r->context) {
		diag_error(d, span, "E0160 invalid YAML: %s", r->problem);
		return;
	}
	diag_error(d, span, "E0160 invalid YAML: %s, %s", r->context, r->problem);
	if (strstr(r->context, "block mapping") || strstr(r->context, "block collection"))
		diag_help(d, "is the line indented as those that it belongs to?");
}
