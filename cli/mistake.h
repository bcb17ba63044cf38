#ifndef EFFC_CLI_MISTAKE_H
#define EFFC_CLI_MISTAKE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/str.h"

/*
 * The pages of docs/mistakes/ for `effc explain`, embedded one behind the other.
 * A page begins with "# E0412: title".
 *
 * Codes are taken as people type them: "E0412", "e412", "412", "W0417".
 */

/* May this word be a code, or the beginning of one: "E", "E04"? */
bool mistake_is_code(struct str word);
/* The page; empty if there is none. */
struct str mistake_page(struct str word);
/* Adds a page for a terminal: prose as it is, code and output indented. */
void mistake_print(struct buf *out, struct str page);
/* Adds "E0412  title" of each page whose code begins so; false if there is none. */
bool mistake_list(struct buf *out, struct str word);

#endif
