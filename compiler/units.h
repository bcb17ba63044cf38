#ifndef EFFC_COMPILER_UNITS_H
#define EFFC_COMPILER_UNITS_H

#include <stdint.h>

#include "base/str.h"

/*
 * Durations and sizes as handler blocks write them: a whole number and its
 * unit ("30s", "5m", "2h", "4d"; "512MB", "1GB").  False if the text is none
 * or does not fit.
 */
bool duration_parse(struct str text, int64_t *seconds);
bool megabytes_parse(struct str text, int64_t *megabytes);

#endif
