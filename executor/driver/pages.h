#ifndef EFFC_DRIVER_PAGES_H
#define EFFC_DRIVER_PAGES_H

#include "base/vec.h"
#include "op.h"

/*
 * Many resources from the pages of one call (`bulk` of a driver), as a pull machine like
 * an op.  What it finds is given to the resources' own reads, which then leave out the
 * steps that it stands for:
 *
 *	bulk_saves(&input, bulk)	worth anything for this one?
 *	bulk_ask(a, &input, bulk, &ask)	what would be asked, and by what its item is known
 *	pages_next(&pages, a, reply)	until it is done; then members[].found
 *	input.served = ...		op_new(a, OP_READ, &input)
 *
 * It ends early where pages bring too few of ours: an account full of other people's things
 * costs at most a tenth more than reading each of ours.
 */
struct served {
	const struct driver_bulk *bulk;
	struct value item;
};
#define SERVED_MOST 32

struct bulk_ask {
	struct value input;		/* MAP: of the call, without keys and page token */
	struct str key;
};

struct page_member {
	struct str key;
	size_t saves;
	bool found;
	struct value item;		/* in the arena `keep` */
	struct page_member *next;	/* of the same key */
};

struct pages {
	/* ---- set by the caller ---- */
	const struct driver *driver;
	const struct driver_bulk *bulk;
	const struct scope *scope;
	struct value input;
	struct page_member *members;
	size_t count;
	struct arena *keep;
	/* ---- inside ---- */
	struct map by_key;		/* text -> struct page_member */
	struct value asked;		/* MAP */
	struct str token;
	size_t pages, found, saved, total;
	bool begun;
	bool complete;			/* whatever was not found is not there */
};

/* How many calls of its read an item would make needless; 0: the bulk is nothing for it. */
size_t bulk_saves(const struct op_input *input, const struct driver_bulk *bulk);
/*
 * Whether what is in none of the pages is not there: only for what a create refuses to make
 * twice, since pages may lag behind.
 */
bool bulk_tells_absence(const struct op_input *input, const struct driver_bulk *bulk);
/* False if something of it is not known. */
bool bulk_ask(struct arena *a, const struct op_input *input, const struct driver_bulk *bulk,
	      struct bulk_ask *out);
/* Properties that reading it leaves out, since the spec does not manage them. */
struct name_vec VEC_OF(struct str);
void bulk_unread(struct arena *a, const struct op_input *input, struct name_vec *out);
/* SEND or DONE: a refusal ends it, since everything can be read directly. */
struct step pages_next(struct pages *p, struct arena *a, const struct reply *last);

#endif
