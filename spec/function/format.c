#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/regex.h"

#include "family.h"

/*
 * format() and formatlist(): "%[flags][width][.precision][[index]]verb", as Go's
 * fmt has them for the verbs b d e E f g G o q s t v x X.
 */
#define WIDTH_MOST 10000
#define PRECISION_MOST 100

struct directive {
	struct str text;		/* as written */
	bool minus, plus, space, zero, sharp;
	int width, precision;		/* -1: not given */
	size_t argument;		/* of the call */
	char verb;
};

struct formatter {
	struct function_call *call;
	const struct value *args;	/* for the verbs */
	size_t count, next, used;
	struct buf out;
};

static bool fail(struct formatter *f, const struct directive *d, const char *why)
{
	function_fail(f->call, 0, "E0269 '%.*s' in the format: %s", STR_ARG(text_shown(d->text)),
		      why);
	return false;
}

static bool fail_argument(struct formatter *f, const struct directive *d, const char *needed)
{
	const struct value *v = &f->args[d->argument];
	const char *what = value_kind_name(v->kind);

	function_fail(f->call, d->argument + 1, "E0269 '%.*s' takes %s, not %s%s",
		      STR_ARG(text_shown(d->text)), needed, v->kind == VALUE_NULL ? "" :
		      v->kind == VALUE_INT ? "an " : "a ", what);
	return false;
}

static bool read_number(struct str s, size_t *at, int most, int *out)
{
	int number = 0;

	if (*at == s.length || s.data[*at] < '0' || s.data[*at] > '9')
		return false;
	for (; *at < s.length && s.data[*at] >= '0' && s.data[*at] <= '9'; ++*at)
		number = number > most ? number : number * 10 + s.data[*at] - '0';
	*out = number;
	return true;
}

static void read_flags(struct directive *d, struct str s, size_t *at)
{
	for (; *at < s.length; ++*at) {
		switch (s.data[*at]) {
		case '-':
			d->minus = true;
			break;
		case '+':
			d->plus = true;
			break;
		case ' ':
			d->space = true;
			break;
		case '0':
			d->zero = true;
			break;
		case '#':
			d->sharp = true;
			break;
		default:
			return;
		}
	}
}

/* s starts with the percent sign. */
static bool read_directive(struct formatter *f, struct str s, struct directive *d)
{
	size_t at = 1;
	int index = 0;

	*d = (struct directive){ .width = -1, .precision = -1 };
	read_flags(d, s, &at);
	read_number(s, &at, WIDTH_MOST, &d->width);
	if (at < s.length && s.data[at] == '.') {
		at++;
		d->precision = 0;
		read_number(s, &at, PRECISION_MOST, &d->precision);
	}
	if (at < s.length && s.data[at] == '[') {
		at++;
		if (!read_number(s, &at, 1000, &index) || !index || at == s.length ||
		    s.data[at] != ']')
			index = -1;
		at++;
	}
	d->text = str_slice(s, 0, at + 1);
	if (index < 0)
		return fail(f, d, "an argument's number is written [1]");
	if (at >= s.length || !strchr("bdeEfgGoqstvxX", s.data[at]))
		return fail(f, d, "the verbs are b d e E f g G o q s t v x X");
	if (d->width > WIDTH_MOST || d->precision > PRECISION_MOST)
		return fail(f, d, "it is too wide");
	d->verb = s.data[at];
	d->argument = index ? (size_t)index - 1 : f->next;
	f->next = d->argument + 1;
	f->used = f->next > f->used ? f->next : f->used;
	return d->argument < f->count || fail(f, d, "there is no argument for it");
}

static size_t count_characters(struct str s, size_t most, size_t *bytes)
{
	struct regex *characters = regex_new_characters();
	size_t count = 0;

	for (*bytes = 0; *bytes < s.length && count < most; count++)
		*bytes += regex_character(characters, str_slice(s, *bytes, s.length));
	regex_free(characters);
	return count;
}

/* sign: bytes at the front that zeros go behind. */
static void add_padded(struct formatter *f, const struct directive *d, struct str s, size_t sign,
		       bool zeros)
{
	size_t bytes, count = count_characters(s, SIZE_MAX, &bytes);
	size_t pad = d->width > 0 && (size_t)d->width > count ? (size_t)d->width - count : 0;

	if (zeros && !d->minus) {
		buf_add(&f->out, str_slice(s, 0, sign));
		buf_add_repeat(&f->out, '0', pad);
		buf_add(&f->out, str_slice(s, sign, s.length));
		return;
	}
	if (!d->minus)
		buf_add_repeat(&f->out, ' ', pad);
	buf_add(&f->out, s);
	if (d->minus)
		buf_add_repeat(&f->out, ' ', pad);
}

static bool add_text(struct formatter *f, const struct directive *d)
{
	struct arena *a = f->call->arena;
	struct value text;
	struct str why;

	if (f->args[d->argument].kind == VALUE_NULL ||
	    !value_convert(a, &f->args[d->argument], &string_type, &text, &why))
		return fail_argument(f, d, "text");
	if (d->precision >= 0)
		count_characters(text.string, (size_t)d->precision, &text.string.length);
	if (d->verb == 'q')
		text.string = function_json(a, &text);
	add_padded(f, d, text.string, 0, d->zero);
	return true;
}

/* Text and numbers as they are, all else as JSON. */
static bool add_any(struct formatter *f, const struct directive *d)
{
	const struct value *v = &f->args[d->argument];
	struct arena *a = f->call->arena;
	struct value text = *v;
	struct str why;

	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP || v->kind == VALUE_NULL)
		text = value_string(function_json(a, v));
	else if (!value_convert(a, v, &string_type, &text, &why))
		return fail_argument(f, d, "a value");
	else if (d->sharp && v->kind == VALUE_STRING)
		text.string = function_json(a, v);
	add_padded(f, d, text.string, 0, d->zero);
	return true;
}

static bool add_bool(struct formatter *f, const struct directive *d)
{
	struct value v;
	struct str why;

	if (f->args[d->argument].kind == VALUE_NULL ||
	    !value_convert(f->call->arena, &f->args[d->argument], &bool_type, &v, &why))
		return fail_argument(f, d, "a boolean");
	buf_add_c(&f->out, v.boolean ? "true" : "false");
	return true;
}

static struct str digits_of(struct arena *a, uint64_t number, unsigned base, bool capitals,
			    int least)
{
	const char *digits = capitals ? "0123456789ABCDEF" : "0123456789abcdef";
	size_t room = 64 + (least > 0 ? (size_t)least : 0), at = room;
	char *text = arena_array(a, char, room);

	do
		text[--at] = digits[number % base];
	while ((number /= base) && at > 0);
	while (least > 0 && room - at < (size_t)least)
		text[--at] = '0';
	return str_of(text + at, room - at);
}

static bool add_integer(struct formatter *f, const struct directive *d, const struct value *v)
{
	unsigned base = d->verb == 'b' ? 2 : d->verb == 'o' ? 8 : d->verb == 'd' ? 10 : 16;
	const char *mark = !d->sharp || base == 10 ? "" : base == 2 ? "0b" : base == 8 ? "0" :
			   d->verb == 'X' ? "0X" : "0x";
	struct arena *a = f->call->arena;
	bool negative = number_of(v) < 0;
	const char *sign = negative ? "-" : d->plus ? "+" : d->space ? " " : "";
	struct str digits;
	struct buf b;

	buf_init(&b, a);
	if (v->kind == VALUE_INT) {
		digits = digits_of(a, negative ? 0 - (uint64_t)v->integer : (uint64_t)v->integer,
				   base, d->verb == 'X', d->precision);
	} else if (v->number == floor(v->number) && base == 10) {
		number_print(&b, fabs(v->number));
		digits = buf_str(&b);
	} else {
		return fail_argument(f, d, "an integer");
	}
	digits = str_format(a, "%s%s%.*s", sign, mark, STR_ARG(digits));
	add_padded(f, d, digits, strlen(sign) + strlen(mark), d->zero && d->precision < 0);
	return true;
}

/* "d.ddde+dd" with as many digits as the number has, at most 15. */
static struct str shortest(struct arena *a, double number, int *exponent)
{
	char text[32];
	int digits = 14;

	snprintf(text, sizeof(text), "%.14e", number);
	*exponent = (int)strtol(text + sizeof("d.dddddddddddddde") - 1, NULL, 10);
	while (digits > 0 && text[1 + digits] == '0')
		digits--;
	return str_format(a, "%.*e", digits, number);
}

/* Without a sign. */
static struct str float_text(struct arena *a, const struct directive *d, double number)
{
	int precision = d->precision >= 0 ? d->precision : 6, exponent;
	struct str text;
	struct buf b;

	if (d->verb == 'f')
		return str_format(a, "%.*f", precision, number);
	if (d->verb == 'e' || d->verb == 'E')
		return str_format(a, "%.*e", precision, number);
	if (d->precision >= 0)
		return str_format(a, "%.*g", precision, number);
	text = shortest(a, number, &exponent);
	if (exponent < -4 || exponent >= 6)
		return text;
	buf_init(&b, a);
	number_print(&b, number);
	return buf_str(&b);
}

static bool add_float(struct formatter *f, const struct directive *d, const struct value *v)
{
	double number = number_of(v);
	const char *sign = number < 0 ? "-" : d->plus ? "+" : d->space ? " " : "";
	struct arena *a = f->call->arena;
	struct str text = float_text(a, d, fabs(number));

	text = str_format(a, "%s%.*s", sign, STR_ARG(text));
	if (d->verb == 'E' || d->verb == 'G')
		text = str_upper(a, text);
	add_padded(f, d, text, strlen(sign), d->zero);
	return true;
}

static bool add_number(struct formatter *f, const struct directive *d)
{
	struct value v;
	struct str why;

	if (f->args[d->argument].kind == VALUE_NULL ||
	    !value_convert(f->call->arena, &f->args[d->argument], &number_type, &v, &why))
		return fail_argument(f, d, "a number");
	return strchr("eEfgG", d->verb) ? add_float(f, d, &v) : add_integer(f, d, &v);
}

static bool add_directive(struct formatter *f, const struct directive *d)
{
	switch (d->verb) {
	case 'q':
	case 's':
		return add_text(f, d);
	case 'v':
		return add_any(f, d);
	case 't':
		return add_bool(f, d);
	default:
		return add_number(f, d);
	}
}

/* The format with these arguments; false after a report. */
static bool run(struct formatter *f, struct str format)
{
	struct directive d;

	buf_init_limit(&f->out, f->call->arena, EXPR_TEXT_LIMIT);
	f->next = f->used = 0;
	while (format.length && !f->out.overflow) {
		size_t percent = str_index(format, '%');

		buf_add(&f->out, str_slice(format, 0, percent));
		format = str_slice(format, percent, format.length);
		if (str_starts(format, STR("%%"))) {
			buf_add_char(&f->out, '%');
			format = str_slice(format, 2, format.length);
		} else if (format.length) {
			if (!read_directive(f, format, &d) || !add_directive(f, &d))
				return false;
			format = str_slice(format, d.text.length, format.length);
		}
	}
	if (f->out.overflow)
		fail_too_long(f->call);
	else if (f->used < f->count)
		function_fail(f->call, f->used + 1, "E0269 the format has no place for this");
	return !f->out.overflow && f->used >= f->count;
}

static struct value format(struct function_call *c)
{
	struct formatter f = { .call = c, .args = c->args + 1, .count = c->count - 1 };

	return run(&f, c->args[0].string) ? value_string(buf_str(&f.out)) : value_null();
}

/* How many texts: as many as the lists have items. */
static bool count_texts(struct function_call *c, size_t *out)
{
	bool any = false;

	*out = 1;
	for (size_t i = 1; i < c->count; i++) {
		const struct value *v = &c->args[i];

		if (v->kind != VALUE_LIST)
			continue;
		if (any && v->list.count != *out) {
			function_fail(c, i, "E0269 this list has %zu items and one before it %zu",
				      v->list.count, *out);
			return false;
		}
		any = true;
		*out = v->list.count;
	}
	return true;
}

static struct value formatlist(struct function_call *c)
{
	struct value *args = arena_array(c->arena, struct value, c->count);
	struct formatter f = { .call = c, .args = args, .count = c->count - 1 };
	struct value out = value_list(NULL, 0);
	size_t count, bytes = 0;

	if (!count_texts(c, &count))
		return value_null();
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 1; k < c->count; k++) {
			const struct value *v = &c->args[k];

			args[k - 1] = v->kind == VALUE_LIST ? v->list.items[i] : *v;
		}
		if (!run(&f, c->args[0].string))
			return value_null();
		bytes += f.out.length;
		if (bytes > EXPR_TEXT_LIMIT)
			return fail_too_long(c);
		value_append(c->arena, &out, value_string(buf_str(&f.out)));
	}
	return out;
}

static const struct function functions[] = {
	{ "format", { P("format", &string_type), NULLABLE_REST("values", NULL) }, &string_type,
	  .call = format, .summary = "a text with values put in where it has %d, %s and so on" },
	{ "formatlist", { P("format", &string_type), NULLABLE_REST("values", NULL) },
	  &strings_type, .call = formatlist,
	  .summary = "a list of texts, one for each item of the lists among the values" },
};

const struct family format_family = FAMILY(functions);
