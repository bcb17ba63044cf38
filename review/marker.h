#ifndef EFFC_REVIEW_MARKER_H
#define EFFC_REVIEW_MARKER_H

#include "review.h"

/*
 * What a comment keeps of its plan for the next one, in two hidden lines:
 *
 *	<!-- effc:plan v1 stack=shop/prod digest=9f2c… counts=1,0,1,0,3,2,0 -->
 *	<!-- effc:actions v1 d:Xq3kV9aB1c x:… u:…~ -->
 *
 * counts: of each harm.  Actions: a group a harm, ten characters an action: six of its
 * address, four of what is done.  A group that ends with ~ has more than it shows.
 */
#define MARKER_ID 6
#define MARKER_CONTENT 4
#define MARKER_ENTRY (MARKER_ID + MARKER_CONTENT)

struct marker {
	struct str stack, digest;
	size_t counts[HARMS];
	struct str groups[HARMS];	/* entries behind each other */
	bool cut[HARMS];
};

/* Of a review: entries for the worst entries_most actions. */
void marker_make(struct arena *a, const struct review *review, size_t entries_most,
		 struct marker *out);
/* The first six characters of an entry. */
struct str marker_id(struct arena *a, struct str address);
/* False: it does not begin with two whole lines as above.  Anybody may have written text. */
bool marker_parse(struct str text, struct marker *out);
void marker_print(struct buf *out, const struct marker *marker);

#endif
