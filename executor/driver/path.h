#ifndef EFFC_DRIVER_PATH_H
#define EFFC_DRIVER_PATH_H

#include "base/value.h"
#include "schemas/steps.h"

/*
 * Compiled paths over values.  A wrong container on the way is the same as
 * nothing there: what a reply must have is asked for where it is needed.
 */

/*
 * From the part `start` on. "[]" gives a list of what each item gives, without those that give
 * nothing.
 */
bool path_get(struct arena *a, const struct value *from, const struct term_path *path, size_t start,
	      struct value *out);

/*
 * Puts item at the path, making the maps on the way; "[0]" makes a list of
 * one, "[]" is no place to put something.  What stands on the way and is no
 * map is replaced.  `root` and its maps must be the caller's own (see
 * value_shallow).
 */
void term_path_set(struct arena *a, struct value *root, const struct term_path *path,
		   struct value item);

/* Removes the last part of a path of fields, and maps that it leaves empty; the same ownership. */
void path_remove(struct value *root, const struct term_path *path);

/* A map with the same members that can be changed without changing the first one. */
struct value value_shallow(struct arena *a, const struct value *map);

#endif
