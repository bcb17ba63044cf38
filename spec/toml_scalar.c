#include "toml.h"

#include <math.h>
#include <stdlib.h>

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(int c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* An unquoted ${...} is one word, so that its message says what it is. */
static uint32_t expression_end(const struct toml *p, uint32_t at)
{
	struct str line = toml_text(p, at, toml_eol(p, at));
	size_t end = str_index(line, '}');

	return end < line.length ? at + (uint32_t)end + 1 : at + 2;
}

uint32_t toml_word_end(const struct toml *p)
{
	uint32_t end = p->at;

	if (toml_byte(p, end) == '$' && toml_byte(p, end + 1) == '{')
		end = expression_end(p, end);
	end = toml_skip(p, end, &toml_between, false);
	/* "2026-01-01 10:00" is one value. */
	if (end - p->at == 10 && toml_byte(p, end) == ' ' && is_digit(toml_byte(p, end + 1)) &&
	    is_digit(toml_byte(p, end + 2)) && toml_byte(p, end + 3) == ':' &&
	    toml_like_datetime(toml_text(p, p->at, end)))
		end = toml_skip(p, end + 1, &toml_between, false);
	return end;
}

static bool is_plain_number(struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (!is_digit(c) && c != '_' && c != '.' && c != '+' && c != '-')
			return false;
	}
	return true;
}

/* The number without its '_'; false if one stands elsewhere than between two digits. */
static bool strip(struct str text, char *out, size_t *length)
{
	bool hex = str_starts(text, STR("0x"));
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] != '_') {
			out[count++] = text.data[i];
			continue;
		}
		if (i == 0 || i + 1 == text.length)
			return false;
		if (hex ? hex_digit(text.data[i - 1]) > 15 || hex_digit(text.data[i + 1]) > 15
			: !is_digit(text.data[i - 1]) || !is_digit(text.data[i + 1]))
			return false;
	}
	out[count] = '\0';
	*length = count;
	return true;
}

enum number_kind { NUMBER_NONE, NUMBER_INTEGER, NUMBER_FLOAT, NUMBER_RADIX };

static size_t count_digits(struct str s, size_t at)
{
	size_t start = at;

	while (at < s.length && is_digit(s.data[at]))
		at++;
	return at - start;
}

static bool has_at(struct str s, size_t at, char c)
{
	return at < s.length && s.data[at] == c;
}

static unsigned radix_of(struct str s)
{
	if (str_starts(s, STR("0x")))
		return 16;
	if (str_starts(s, STR("0o")))
		return 8;
	return str_starts(s, STR("0b")) ? 2 : 0;
}

/* What the stripped text is; problem says what is wrong where that is known. */
static enum number_kind classify(struct str s, const char **problem)
{
	size_t at = s.length && (s.data[0] == '+' || s.data[0] == '-') ? 1 : 0;
	struct str rest = str_slice(s, at, s.length);
	enum number_kind kind = NUMBER_INTEGER;
	size_t count;

	if (str_equal_c(rest, "inf") || str_equal_c(rest, "nan"))
		return NUMBER_FLOAT;
	if (!at && radix_of(s))
		return NUMBER_RADIX;
	count = count_digits(s, at);
	if (!count)
		return NUMBER_NONE;
	if (count > 1 && s.data[at] == '0')
		*problem = "a number does not begin with 0";
	at += count;
	if (has_at(s, at, '.')) {
		kind = NUMBER_FLOAT;
		count = count_digits(s, ++at);
		if (!count)
			*problem = "digits are missing after '.'";
		at += count;
	}
	if (has_at(s, at, 'e') || has_at(s, at, 'E')) {
		kind = NUMBER_FLOAT;
		at++;
		if (has_at(s, at, '+') || has_at(s, at, '-'))
			at++;
		count = count_digits(s, at);
		if (!count)
			return NUMBER_NONE;
		at += count;
	}
	return at == s.length ? kind : NUMBER_NONE;
}

static bool radix_value(struct str s, int64_t *out, const char **problem)
{
	unsigned radix = radix_of(s);
	int64_t number = 0;

	if (s.length == 2)
		*problem = "its digits are missing";
	for (size_t i = 2; i < s.length; i++) {
		int digit = hex_digit(s.data[i]);

		if (digit >= (int)radix) {
			*problem = "it has a digit that is too large";
			return false;
		}
		if (number > (INT64_MAX - digit) / (int64_t)radix) {
			*problem = "it does not fit 64 bits";
			return false;
		}
		number = number * radix + digit;
	}
	*out = number;
	return !*problem;
}

static double float_value(const char *text)
{
	bool negative = text[0] == '-';
	const char *digits = text + (negative || text[0] == '+');

	if (digits[0] == 'n')
		return NAN;
	if (digits[0] == 'i')
		return negative ? -INFINITY : INFINITY;
	return strtod(text, NULL);
}

#define PLAIN_DIGITS_MOST 18

/* Nearly all numbers are digits alone, and fit. */
static bool read_plain(struct str text, struct value *out)
{
	int64_t number = 0;

	if (text.length > PLAIN_DIGITS_MOST || (text.length > 1 && text.data[0] == '0'))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (!is_digit(text.data[i]))
			return false;
		number = number * 10 + (text.data[i] - '0');
	}
	*out = value_int(number);
	return true;
}

/* False if it is no number; then problem is set if it was meant to be one. */
static bool read_number(struct arena *a, struct str text, struct value *out, const char **problem)
{
	char small[64];
	char *digits = text.length < sizeof(small) ? small : arena_array(a, char, text.length + 1);
	size_t length;
	struct str s;

	if (!strip(text, digits, &length)) {
		if (is_plain_number(text))
			*problem = "'_' stands only between two digits";
		return false;
	}
	s = str_of(digits, length);
	switch (classify(s, problem)) {
	case NUMBER_NONE:
		*problem = NULL;
		return false;
	case NUMBER_FLOAT:
		*out = value_float(float_value(digits));
		if (!*problem && isinf(out->number) && !str_ends(s, STR("inf")))
			*problem = "it is too large for a float";
		return !*problem;
	case NUMBER_RADIX:
		*out = value_int(0);
		return radix_value(s, &out->integer, problem);
	case NUMBER_INTEGER:
		*out = value_int(0);
		if (!*problem && !str_to_int(s.data[0] == '+' ? str_slice(s, 1, length) : s,
					     &out->integer))
			*problem = "it does not fit 64 bits";
		return !*problem;
	}
	return false;
}

/* Words of other formats, with what TOML wants instead. */
static const char *foreign_word(struct str word)
{
	static const struct {
		struct str word;
		const char *help;
	} words[] = {
		{ STR_INIT("true"), "write true" },
		{ STR_INIT("false"), "write false" },
		{ STR_INIT("yes"), "write true, or \"yes\" for the text" },
		{ STR_INIT("on"), "write true, or \"on\" for the text" },
		{ STR_INIT("no"), "write false, or \"no\" for the text" },
		{ STR_INIT("off"), "write false, or \"off\" for the text" },
		{ STR_INIT("null"), "leave the key out: there is no null" },
		{ STR_INIT("nil"), "leave the key out: there is no null" },
		{ STR_INIT("none"), "leave the key out, or write \"none\" for the text" },
		{ STR_INIT("undefined"), "leave the key out: there is no null" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_equal_fold(words[i].word, word))
			return words[i].help;
	}
	return NULL;
}

/* The text that was meant to be quoted: with its blanks, up to a comma, bracket or comment. */
static struct str meant_text(const struct toml *p, uint32_t start, uint32_t end)
{
	uint32_t eol = toml_eol(p, start);
	struct str text;

	while (end < eol && toml_byte(p, end) != '#' && toml_byte(p, end) != '"' &&
	       toml_byte(p, end) != '\'' && toml_byte(p, end) != '=' && toml_byte(p, end) != '\\' &&
	       (!p->open || (toml_byte(p, end) != ',' && toml_byte(p, end) != ']' &&
			     toml_byte(p, end) != '}')))
		end++;
	text = str_trim(toml_text(p, start, end));
	if (!toml_is_clean(p, start, start + (uint32_t)text.length) ||
	    str_contains(text, STR("\\")) || str_contains(text, STR("`")))
		return (struct str){ 0 };
	return toml_shown(text);
}

static void refuse_word(struct toml *p, uint32_t start, uint32_t end)
{
	struct str word = toml_text(p, start, end), shown = toml_shown(word);
	struct str meant = meant_text(p, start, end);
	const char *help = foreign_word(word);
	uint32_t next = end;

	while (toml_byte(p, next) == ' ' || toml_byte(p, next) == '\t')
		next++;
	if (p->open && toml_byte(p, p->at) != '=' && toml_byte(p, next) == '=') {
		toml_error(p, start, end, "E0115 an array has values, no keys");
		toml_help(p, "write '{ %.*s = ... }'", STR_ARG(shown));
		return;
	}
	if (help)
		toml_error(p, start, end, "E0116 '%.*s' is no value of TOML", STR_ARG(shown));
	else if (str_starts(word, STR("${")))
		toml_error(p, start, end, "E0117 an expression needs quotes");
	else if (is_digit(word.data[0]))
		toml_error(p, start, end,
			   "E0118 '%.*s' is neither a number nor a date: text needs quotes",
			   STR_ARG(shown));
	else
		toml_error(p, start, end, "E0118 text needs quotes");
	if (help)
		toml_help(p, "%s", help);
	else if (meant.length)
		toml_help(p, "write \"%.*s\"", STR_ARG(meant));
}

static struct value refuse_byte(struct toml *p)
{
	uint32_t start = p->at;

	if (toml_character(p, start)) {
		toml_error(p, start, start + 1, "E0119 expected a value, found %.*s",
			   STR_ARG(toml_found(p)));
		if (toml_byte(p, start) == '=')
			toml_help(p, "one '=' is enough");
	} else {
		toml_bad_character(p, start, "a value");
	}
	toml_take(p, TOKEN_DAMAGED, start + 1);
	return toml_damaged_value(p, start, start + 1);
}

static struct value refuse_scalar(struct toml *p, uint32_t end, const char *problem)
{
	uint32_t start = p->at;
	struct str word = toml_shown(toml_text(p, start, end));

	for (uint32_t at = start; at < end; at++) {
		if (!toml_character(p, at) && toml_byte(p, at) < 0x80) {
			toml_bad_character(p, at, "a value");
			toml_take(p, TOKEN_DAMAGED, end);
			return toml_damaged_value(p, start, end);
		}
	}
	if (!toml_is_clean(p, start, end)) {
		toml_error(p, start, end, "E0101 a value that is not UTF-8");
		toml_help(p, "save the file as UTF-8");
	} else if (problem) {
		toml_error(p, start, end, "E0120 '%.*s' is no valid value: %s", STR_ARG(word),
			   problem);
		if (toml_byte(p, start) == '0' && str_starts(str_from_c(problem), STR("a number")))
			toml_help(p, "write \"%.*s\" if it is text, such as an account id",
				  STR_ARG(word));
	} else {
		refuse_word(p, start, end);
	}
	toml_take(p, TOKEN_DAMAGED, end);
	return toml_damaged_value(p, start, end);
}

struct value toml_read_scalar(struct toml *p)
{
	uint32_t start = p->at, end = toml_word_end(p);
	struct str word = toml_text(p, start, end);
	enum token_kind kind = TOKEN_BOOL;
	const char *problem = NULL;
	struct value v;

	if (end == start)
		return refuse_byte(p);
	if (read_plain(word, &v)) {
		kind = TOKEN_INTEGER;
	} else if (str_equal_c(word, "true") || str_equal_c(word, "false")) {
		v = value_bool(word.data[0] == 't');
	} else if (toml_like_datetime(word)) {
		v = (struct value){ .kind = VALUE_DATETIME };
		kind = TOKEN_DATETIME;
		if (!toml_datetime(p->arena, word, &v.datetime, &problem))
			return refuse_scalar(p, end, problem);
	} else {
		if (!read_number(p->arena, word, &v, &problem))
			return refuse_scalar(p, end, problem);
		kind = v.kind == VALUE_INT ? TOKEN_INTEGER : TOKEN_FLOAT;
	}
	v.span = toml_span(p, start, end);
	toml_take(p, kind, end);
	return v;
}
