#ifndef EFFC_BASE_BANNED_H
#define EFFC_BASE_BANNED_H

/*
 * Calls that must not compile: they overrun, hide errors or keep state.
 * config.h includes this everywhere.  The headers that declare the names come
 * first, since a poisoned name may not even be declared.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#if defined(__GNUC__)
#pragma GCC poison strcpy strcat strncpy strncat stpcpy sprintf vsprintf strtok strtok_r gets
#pragma GCC poison atoi atol atoll atof asctime ctime gmtime localtime tmpnam mktemp
#endif

#endif
