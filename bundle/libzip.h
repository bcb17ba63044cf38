#ifndef EFFC_BUNDLE_LIBZIP_H
#define EFFC_BUNDLE_LIBZIP_H

#include "base/error.h"

/*
 * libzip, loaded when the first code is packed.  It comes with the largest library
 * there is, for ciphers that we never use, and linking those is half of what starting
 * takes.  As with libcurl, libzip.c has a function of the same name for each one that
 * zip.c calls.
 */

/* False and err if it is not there, or too old.  Before any other call; again is no harm. */
bool libzip_load(struct error *err) ATTR_CHECKED;

#endif
