#ifndef EFFC_BASE_UTF8_H
#define EFFC_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * The first character of some bytes: how many it takes, or 0 if they are not
 * well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
 */
size_t utf8_decode(const char *data, size_t length, uint32_t *codepoint);

#endif
