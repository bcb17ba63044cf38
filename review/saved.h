#ifndef EFFC_REVIEW_SAVED_H
#define EFFC_REVIEW_SAVED_H

#include "base/vec.h"
#include "review.h"

/*
 * A plan in a file: what a reviewer saw, and what it was made from, so that exactly this is
 * carried out later or nothing.  docs/saved-plan.md has the format.  The same plan gives the
 * same bytes.  The file is hostile when it is read: whatever is wrong with it is an error.
 */
#define SAVED_FORMAT 1
#define SAVED_LIMIT_BYTES (1u << 30)

/* Three MAPs; saved_read has checked that every member is there and of its kind. */
struct saved {
	struct value bound;		/* what must be the same when it is applied */
	struct value options;		/* how it was asked for */
	struct value renderings;	/* name -> text */
	struct str body, mac;		/* as read: what the mac is of, and it */
};

/* key: the stage's own; only its holders can make a file that saved_is_ours. */
struct str saved_write(struct arena *a, const struct saved *saved, struct str key);
/* text is borrowed. */
bool saved_read(struct arena *a, struct str text, struct saved *out,
		struct error *err) ATTR_CHECKED;
bool saved_is_ours(const struct saved *saved, struct str key);

struct moved VEC_OF(struct str);
/*
 * What differs between what the file is bound to and the same members as they are now, a text
 * for a person each.  Members that `now` lacks are not known yet and not compared.
 */
void saved_compare(struct arena *a, const struct value *then, const struct value *now,
		   struct moved *out);

#endif
