#ifndef EFFC_SPEC_FMT_H
#define EFFC_SPEC_FMT_H

#include "spec.h"

/*
 * The text of a spec in its normal form.  Order, comments, strings and numbers stay as
 * they are written, the blanks before a comment too; so do line breaks between
 * statements, and between the items of a list or table that takes several lines, which
 * then has an item a line.  What is normal: other blanks, indentation, commas at the
 * end, blank lines (two at most in a row), line ends.  A second time changes nothing,
 * and the tree is the same.
 */
bool fmt_is_known(struct str path);
/* By the end of the file's name.  False if the text has mistakes, which go to d. */
bool fmt_text(struct arena *a, struct str path, struct str text, uint32_t file, struct str *out,
	      struct diags *d);

#endif
