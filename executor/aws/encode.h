#ifndef EFFC_AWS_ENCODE_H
#define EFFC_AWS_ENCODE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

/*
 * Percent-encoding as AWS signs it (RFC 3986: all but letters, digits and
 * "-._~"), for URIs, form bodies and canonical requests alike.
 */
void percent_add(struct buf *out, struct str s, bool keep_slash);
struct str percent_encode(struct arena *a, struct str s, bool keep_slash);
/* What is no "%xx" stays as it is; "+" is no blank. */
struct str percent_decode(struct arena *a, struct str s);

#endif
