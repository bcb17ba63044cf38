#ifndef EFFC_SCHEMAS_DRIVER_CHECK_H
#define EFFC_SCHEMAS_DRIVER_CHECK_H

#include "base/diag.h"
#include "schema.h"
#include "steps.h"

/*
 * The inside of driver_check(): what an expression can give is a type, known
 * roughly, or exactly from the type's facts or the service's.  Where the two
 * meet (a property in a member, a member in a property) they are held against
 * each other, part by part.  driver_check.c walks the driver, driver_terms.c
 * types expressions, driver_types.c compares.
 */
#define CHECK_DEPTH_LIMIT 16
#define CHECK_LENS_LIMIT 50000		/* entries looked at: lenses in lenses multiply */

enum rough { ROUGH_ANY, ROUGH_TEXT, ROUGH_NUMBER, ROUGH_BOOL, ROUGH_TIME, ROUGH_BLOB, ROUGH_LIST,
	     ROUGH_RECORD };

struct term_type {
	enum rough rough;
	const struct shape *shape;	/* of a property; NULL: none */
	const struct wire_shape *wire;	/* of a member; NULL: none */
	/* of the property, without "[]": "GlobalSecondaryIndexes.IndexName" */
	struct str path;
	bool whole;			/* all properties */
};

struct checker {
	struct arena *arena;
	struct diags *d;
	struct schemas *all;
	const struct driver *driver;
	const struct schema *schema;
	const struct wire_service *wire;
	size_t lens_entries;
	struct map handled;		/* properties that a create or update sends */
	/* Of the call at hand. */
	const struct driver_step *step;	/* NULL: not in one */
	const struct wire_shape *reply;	/* what .path is in; NULL: nothing to look into */
	bool reply_any;			/* .path is in something without facts */
	struct term_type item;
	bool reading;
	struct str filled;		/* member that the interpreter gives; empty: none */
};

/* ---- driver_check.c ---- */

/* `in` against the operation's input.  Leaves the call's own reply in c->reply. */
void call_check(struct checker *c, const struct driver_call *call);
void outs_check(struct checker *c, const struct driver_outs *outs);
void facts_check(struct checker *c, const struct driver_outs *facts);
void check_paths(struct checker *c, const struct str_list *paths, const char *key,
		 struct span span);

/* ---- check_bulk.c ---- */

void bulk_check(struct checker *c, const struct driver_bulk *bulk);

/* ---- driver_types.c ---- */
struct term_type type_rough(enum rough rough);
struct term_type type_of_shape(const struct shape *shape, struct str path);
struct term_type type_of_wire(const struct wire_shape *wire);
const char *type_name(const struct term_type *type);

/* Steps into a type; mistakes go to d with the span. */
struct term_type type_at(struct checker *c, struct term_type from, const struct term_path *path,
			 size_t start, struct span span);
/* A value of one where the other is wanted; what: "member 'X'", "property 'Y'". */
void type_fits(struct checker *c, const struct term_type *given, const struct term_type *wanted,
	       const char *what, struct str name, struct span span);
/* The lens between a property's type and a member's. */
void lens_check(struct checker *c, const struct lens *lens, const struct term_type *property,
		const struct term_type *member, struct span span, unsigned depth);

/* ---- driver_terms.c ---- */
struct term_type term_type(struct checker *c, const struct term *t);
/* The term where the type is wanted. */
void term_check(struct checker *c, const struct term *t, const struct term_type *wanted,
		const char *what, struct str name);
/* Every "{Name}" of a template is a property, an attribute or a word of the scope. */
void template_check(struct checker *c, struct str template, struct span span);
void property_used(struct checker *c, struct str name);

#endif
