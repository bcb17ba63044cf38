#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text that was cut may end within a character. */
static void drop_partial_character(char *text)
{
	size_t length = strlen(text), start = length;

	while (start && ((unsigned char)text[start - 1] & 0xC0) == 0x80)
		start--;
	if (start && (unsigned char)text[start - 1] >= 0xC0 &&
	    !str_is_utf8(str_of(text + start - 1, length - start + 1)))
		text[start - 1] = '\0';
}

bool error_set(struct error *err, enum error_kind kind, const char *format, ...)
{
	char text[sizeof(err->text)];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	drop_partial_character(text);
	err->kind = kind;
	memcpy(err->text, text, sizeof(text));
	return false;
}

/* Adds what fits. */
static void append(struct error *err, const char *text)
{
	size_t length = strlen(err->text), count = strlen(text);

	if (count > sizeof(err->text) - 1 - length)
		count = sizeof(err->text) - 1 - length;
	memcpy(err->text + length, text, count);
	err->text[length + count] = '\0';
}

bool error_context(struct error *err, const char *format, ...)
{
	struct error inner;
	char context[sizeof(inner.text)];
	va_list args;

	if (!err)
		return false;
	va_start(args, format);
	vsnprintf(context, sizeof(context), format, args);
	va_end(args);
	inner = *err;
	err->text[0] = '\0';
	append(err, context);
	append(err, ": ");
	append(err, inner.text);
	drop_partial_character(err->text);
	return false;
}
