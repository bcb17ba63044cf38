#ifndef EFFC_SCHEMAS_BLOB_H
#define EFFC_SCHEMAS_BLOB_H

#include "base/buf.h"
#include "base/error.h"
#include "base/hash.h"

/*
 * Many named documents in one run of bytes that is used where it lies: a
 * header, an index sorted by name, the names, the documents.  datac writes it,
 * the program embeds it.  Everything is little-endian:
 *
 *	 0  "effcdata"
 *	 8  u32 version, u32 count, u32 end of the names, u32 size of it all
 *	24  u32 CRC-32 of bytes 28 to the end of the names
 *	28  SHA-256 over the documents
 *	60  count times: u32 name, u32 its length, u32 document, u32 its length, u32 its CRC-32
 *
 * Opening looks at the header alone: thousands of documents cost no start of
 * the program anything.  Nothing outside is ever read, whatever the index says; a
 * document is checked when it is taken.
 */
struct blob {
	struct str bytes;
	uint32_t count;
	struct sha256 digest;
};

struct blob_item {
	struct str name, document;
};

/* items are sorted by name and have no doubles.  The same items give the same bytes. */
struct str blob_write(struct arena *a, const struct blob_item *items, size_t count);

bool blob_open(struct str bytes, struct blob *out, struct error *err) ATTR_CHECKED;
/* Reads all of it: the index is in order and without gaps, every document as it was written. */
bool blob_verify(const struct blob *b, struct error *err) ATTR_CHECKED;
struct str blob_name(const struct blob *b, uint32_t index);
/* UINT32_MAX if there is none. */
uint32_t blob_find(const struct blob *b, struct str name);
/* False if its bytes are not those that were written. */
bool blob_take(const struct blob *b, uint32_t index, struct str *document) ATTR_CHECKED;

#endif
