#ifndef EFFC_SPEC_TOML_WRITE_H
#define EFFC_SPEC_TOML_WRITE_H

#include "base/buf.h"
#include "base/value.h"

struct expr;

/*
 * A tree as TOML 1.0, so that reading it gives the same tree: floats by the fewest
 * digits that read back, keys quoted where they must be.  Of each table first what is
 * no table, then its tables under headers of their own, both in the tree's order.
 * Lists of tables alone become [[headers]]; what stands deeper in lists, inline tables.
 *
 * Null has no form in TOML: members and items that are null are left out.  As in JSON,
 * a secret is "(secret)" and an unknown the table { unknown = reason }.
 */
struct toml_form {
	/* The text of an open expression, as it stands between quotes: "${orders.arn}". */
	void (*expression)(const void *context, struct buf *out, const struct expr *e);
	const void *context;
};

/*
 * form: NULL for data, which holds no expressions.  With a form the text is a spec:
 * where strings hold what would begin an expression, it is escaped.
 */
void toml_write(struct buf *out, const struct value *root, const struct toml_form *form);

#endif
