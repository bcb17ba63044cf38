#ifndef EFFC_EXECUTOR_NET_LIBCURL_H
#define EFFC_EXECUTOR_NET_LIBCURL_H

#include "base/error.h"

/*
 * libcurl, loaded when the first transport is made.  It comes with thirty other
 * libraries, and the system takes longer to link those than effc takes to check
 * a usual spec; what sends nothing (check, fmt, an offline plan, completion in
 * a shell) need not wait for them.  libcurl.c has a function of the same name for
 * each of libcurl's that curl.c calls, so that curl.c is written as always, and
 * checked by the compiler as always.
 */

/* False and err if it is not there, or too old.  Before any other call; again is no harm. */
bool libcurl_load(struct error *err) ATTR_CHECKED;

#endif
