#ifndef EFFC_COMPILER_ADDRESS_H
#define EFFC_COMPILER_ADDRESS_H

#include "base/buf.h"
#include "base/str.h"

/*
 * The name of a resource in specs, state, flags, JSON and guards: module path,
 * id, key, part: `orders`, `createOrder/role`, `private['a']`,
 * `module.cdn['eu'].site`.  Always this struct; text is made only to show or store it.
 */
struct address {
	struct str module;		/* "cdn", "cdn['eu'].inner"; empty: the top */
	struct str id;
	struct str key;			/* of for_each; has_key tells */
	bool has_key;
	struct str part;		/* empty: the primary part */
};

/* False if the text is no address. */
bool address_parse(struct arena *a, struct str text, struct address *out);
/*
 * What people copy from a plan or a reference is taken as an address, too: "table.orders",
 * "module.cdn.bucket.site" and "AWS.SQS.Queue.failed" are `orders`, `module.cdn.site` and
 * `failed`, since no id is a block's kind.  What is no such text comes back as it is.
 */
struct str address_plain(struct arena *a, struct str given);
void address_print(struct buf *out, const struct address *address);
struct str address_text(struct arena *a, const struct address *address);
bool address_equal(const struct address *a, const struct address *b);
/* By module, id, key, part: the order of every list that people read. */
int address_compare(const struct address *a, const struct address *b);
/* A block's id: [A-Za-z][A-Za-z0-9_]* and not reserved. */
bool id_is_valid(struct str id);
/* The same without regard to what is reserved. */
bool id_is_word(struct str id);
bool id_is_reserved(struct str id);

#endif
