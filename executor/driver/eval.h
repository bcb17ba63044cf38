#ifndef EFFC_DRIVER_EVAL_H
#define EFFC_DRIVER_EVAL_H

#include "base/error.h"
#include "base/value.h"
#include "schemas/steps.h"

/*
 * What a driver's expressions see, and what they give: a value, nothing, or a
 * failure with err set (a reply of the wrong form, a bundle that cannot be
 * built).  Towards the service in `in`, back from it in `out`: `reading` says
 * which, for the functions that turn around.
 */
enum eval_result { EVAL_VALUE, EVAL_NOTHING, EVAL_FAILED };

#define EVAL_STEPS_LIMIT 2000000	/* of one op: lenses that multiply end here */

struct eval {
	struct arena *arena;
	size_t steps;
	const struct driver *driver;
	const struct scope *scope;
	bool reading;
	struct value properties, old;	/* MAPs */
	struct value attributes;	/* MAP */
	struct value changed;		/* MAP: of the step at hand; removed ones null */
	struct value clear;		/* MAP: of the step at hand */
	bool clears;			/* a property that is gone gives its cleared value */
	struct value reply, item;
	struct value added, removed;	/* of tags, in the property's form */
	struct str instance, token;
	bool (*artifact)(void *context, struct arena *a, struct str digest, struct str *bytes,
			 struct error *err);
	void *artifact_context;
	struct error *err;
};

enum eval_result eval_term(struct eval *e, const struct term *t, struct value *out);

/* What a template may name: attributes, properties, the instance. */
struct value eval_names(struct eval *e);

/* Whether all of them hold; props: those of the step, for NEW and OLD. */
enum eval_result eval_conditions(struct eval *e, const struct conditions *c,
				 const struct str_list *props, bool *holds);

/* ---- lenses (lens.c) ---- */

enum eval_result lens_apply(struct eval *e, const struct lens *lens, const struct value *in,
			    struct value *out);

/* ---- tags (tags.c): either form to either, keys as they are ---- */

#define INSTANCE_TAG STR("effortless:instance")

bool tags_to_map(struct arena *a, const struct value *tags, struct value *out);
struct value tags_from_map(struct arena *a, const struct value *map, bool as_map);
/* tags without the keys of removed, with those of added put over them; a list. */
struct value tags_merge(struct arena *a, const struct value *tags, const struct value *removed,
			const struct value *added);

/* ---- comparison (diff.c): what counts as the same, by the driver's rules ---- */

bool property_same(struct arena *a, const struct driver *driver, struct str property,
		   const struct value *x, const struct value *y);
/* For repairs: everything wanted is there; what the service added does not count. */
bool property_covered(struct arena *a, const struct driver *driver, struct str property,
		      const struct value *wanted, const struct value *observed);
/*
 * Items of a list by what tells them apart: a field's text, else the item itself. Borrows the
 * items.
 */
struct item_index {
	struct map items;		/* text of the key -> const struct value * */
	struct str field;		/* empty: the item itself */
};
void item_index_make(struct arena *a, const struct driver *driver, struct str property,
		     const struct value *list, struct item_index *out);
/* The item with the same key, or NULL. */
const struct value *item_find(struct arena *a, const struct item_index *index,
			      const struct value *item);
const struct remake_rule *remake_find(const struct driver *driver, struct str property);
bool fields_same(struct arena *a, const struct driver *driver, struct str property,
		 const struct str_list *fields, const struct value *x, const struct value *y);

#endif
