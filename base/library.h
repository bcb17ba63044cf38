#ifndef EFFC_BASE_LIBRARY_H
#define EFFC_BASE_LIBRARY_H

#include <stddef.h>

#include "attr.h"
#include "error.h"

/*
 * A shared library that is loaded when it is first needed, since most runs never need it and
 * starting should cost nothing.  Whoever wraps it has functions of the library's own names, which
 * go through pointers that are filled here.  Once loaded it stays.
 */
struct library_call {
	const char *name;		/* of the symbol */
	void *place;			/* of a pointer to a function */
};

struct library {
	const char *title;		/* "libzip", for errors */
	const char *const *names;	/* file names to try, in order; ends with NULL */
	const struct library_call *calls;
	size_t call_count;
	enum error_kind kind;		/* of an error: it is not installed, or lacks a symbol */
};
bool library_load(const struct library *library, struct error *err) ATTR_CHECKED;

#endif
