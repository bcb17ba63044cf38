#ifndef EFFC_TESTS_WALK_SPEC_H
#define EFFC_TESTS_WALK_SPEC_H

#include "walk_aws.h"

/*
 * The spec of a random walk: a wish for each of some addresses, written into the
 * kit's model, and the edits of it.  References go to earlier addresses, but for
 * weak ones.
 */
enum { REF_ROLE, REF_MODE, REF_PARENT, REF_LIST, REF_VARIABLE, REF_NOTE, REF_COUNT };
enum { TYPE_THING, TYPE_FIXED, TYPE_CHILD, TYPE_KEYED, TYPE_DESCRIBED, TYPE_COUNT };

/* A block of the spec.  Numbers pick one of a few values, 0 mostly none. */
struct wish {
	bool present, retain;
	uint8_t type, guard, region, name;
	uint8_t size, swap, rules, fixed, policy, set, note, text, wait, code, nested, place, tag;
	uint32_t key;
	uint8_t former;			/* renamed_from: that slot and one more; 0: none */
	struct ref { int8_t to; uint8_t attribute; } refs[REF_COUNT];	/* to: -1 for none */
};

struct world {
	struct walk w;
	struct wish wishes[WALK_SLOTS], settled[WALK_SLOTS];
	bool touched[WALK_SLOTS];
	unsigned slots;
	uint32_t next_key;
	bool clean;			/* since it was settled, no run ended badly */
};

extern struct world world;

struct str slot_address(unsigned slot);
unsigned slot_of(struct str address);
const struct schema *wish_schema(const struct wish *wish);
/* As the spec writes it; resolved: with what its references stand for now. */
struct str wish_text(const struct wish *wish, bool resolved);
void write_model(void);

void random_wish(unsigned slot);
/* Some blocks, and what makes them a valid spec; touched: what was edited. */
void edit_some(void);
void drop_bad_wishes(void);
void change_outside(void);
void delete_outside(void);

#endif
