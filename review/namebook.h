#ifndef EFFC_REVIEW_NAMEBOOK_H
#define EFFC_REVIEW_NAMEBOOK_H

#include "planner/plan.h"

/*
 * What names and ARNs stand for: the resources of a plan, wanted, made before,
 * and replaced ones, so that a reader sees "table.orders" instead of an ARN.
 */
struct namebook {
	struct arena *a;
	const struct plan *plan;
	struct map addresses;		/* ARN, URL, or "type text" -> struct str */
};

void namebook_make(struct arena *a, const struct plan *plan, struct namebook *out);

/* "table.orders"; of a block's role the block itself. */
struct str namebook_label(const struct namebook *n, struct str address);
/* The same with ARNs in front as labels: "table.orders/index/x"; "${orders.Arn}" too. */
struct str namebook_show(const struct namebook *n, struct str text);
/* Address of what a property names; the text itself if it is nothing of ours. */
/* type: what it must be, where the facts do not say; else empty. */
struct str namebook_find(const struct namebook *n, const struct property *property,
			 struct str type, struct str text);
/*
 * The value with a text for what is not known yet: the expression as written,
 * "${orders.Arn}/index/x".  written: as in the model; NULL: nothing says it.
 */
struct value namebook_filled(const struct namebook *n, const struct value *v,
			  const struct value *written);

#endif
