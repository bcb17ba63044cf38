#include "diag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats.h"

void diags_init(struct diags *d, struct arena *a)
{
	*d = (struct diags){ .arena = a };
}

ATTR_PRINTF(2, 0)
static struct str format_text(struct arena *a, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	CHECK(length >= 0);
	text = arena_alloc(a, (size_t)length + 1, 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return str_of(text, (size_t)length);
}

/* How much of a format is a code and its space. */
static size_t code_length(const char *format)
{
	if (format[0] != 'E' && format[0] != 'W')
		return 0;
	for (size_t i = 1; i < DIAG_CODE_SIZE; i++) {
		if (format[i] < '0' || format[i] > '9')
			return 0;
	}
	return format[DIAG_CODE_SIZE] == ' ' ? DIAG_CODE_SIZE + 1 : 0;
}

ATTR_PRINTF(4, 0)
static void add(struct diags *d, enum severity severity, struct span span, const char *format,
		va_list args)
{
	struct diag diag = { .severity = severity, .span = span };
	size_t skip = code_length(format);

	if (skip)
		memcpy(diag.code, format, DIAG_CODE_SIZE);
	diag.text = format_text(d->arena, format + skip, args);
	*vec_push(d->arena, d) = diag;
	if (severity == SEVERITY_ERROR)
		d->error_count++;
}

void diag_error(struct diags *d, struct span span, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(d, SEVERITY_ERROR, span, format, args);
	va_end(args);
}

void diag_error_v(struct diags *d, struct span span, const char *format, va_list args)
{
	add(d, SEVERITY_ERROR, span, format, args);
}

void diag_warning(struct diags *d, struct span span, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(d, SEVERITY_WARNING, span, format, args);
	va_end(args);
}

void diag_help(struct diags *d, const char *format, ...)
{
	va_list args;

	CHECK(d->count);
	va_start(args, format);
	d->items[d->count - 1].help = format_text(d->arena, format, args);
	va_end(args);
}

void diag_sensitive(struct diags *d)
{
	CHECK(d->count);
	d->items[d->count - 1].sensitive = true;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
	const struct diag *a = left, *b = right;
	int order = compare_numbers(a->span.file, b->span.file);

	stats.comparisons++;
	if (!order)
		order = compare_numbers(a->span.start, b->span.start);
	if (!order)
		order = str_compare(a->text, b->text);
	if (!order)
		order = compare_numbers(a->span.end, b->span.end);
	if (!order)
		order = compare_numbers(a->severity, b->severity);
	return order ? order : str_compare(a->help, b->help);
}

static bool same(const struct diag *a, const struct diag *b)
{
	return a->span.file == b->span.file && a->span.start == b->span.start &&
	       a->severity == b->severity && str_equal(a->text, b->text);
}

void diags_sort(struct diags *d)
{
	size_t kept = 0;

	if (!d->count)
		return;
	qsort(d->items, d->count, sizeof(*d->items), compare);
	d->error_count = 0;
	for (size_t i = 0; i < d->count; i++) {
		if (kept && same(&d->items[kept - 1], &d->items[i])) {
			d->items[kept - 1].sensitive |= d->items[i].sensitive;
			if (!d->items[kept - 1].help.length)
				d->items[kept - 1].help = d->items[i].help;
			continue;
		}
		d->items[kept++] = d->items[i];
		d->error_count += d->items[i].severity == SEVERITY_ERROR;
	}
	d->count = kept;
}
