#ifndef EFFC_BASE_UTF8_H
#define EFFC_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The first character of some bytes: how many it takes, or 0 if they are not
 * well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
 */
size_t utf8_decode(const char *data, size_t length, uint32_t *codepoint);

/*
 * How many bytes from the front are plain: printable ASCII without '"' and '\\',
 * which stands for itself in the strings of JSON and of TOML.  Nearly all text is,
 * so readers and printers pass over it at once.
 */
size_t utf8_plain(const char *data, size_t length);

/* One character for one (Unicode's simple mappings), whatever the locale; others stay. */
uint32_t utf8_upper(uint32_t codepoint);
uint32_t utf8_lower(uint32_t codepoint);
uint32_t utf8_title(uint32_t codepoint);
bool utf8_is_blank(uint32_t codepoint);		/* Unicode's White_Space */

#endif
