#ifndef EFFC_SPEC_DOCUMENT_H
#define EFFC_SPEC_DOCUMENT_H

#include "spec.h"

/*
 * One file's text to one tree, whatever it is written in.  All readers leave the same
 * tree: its maps hold struct toml_member, there is no null, no key stands twice, nothing
 * nests deeper than SPEC_DEPTH_LIMIT, and every value knows its bytes.
 */

/* By the end of its name: .toml, .yaml, .yml or .json. */
bool document_is_readable(struct str path);
/* Of such a file.  False if there were mistakes; root holds what could be read. */
bool document_parse(struct arena *a, struct str path, struct str text, uint32_t file,
		    struct document *out, struct diags *d);

/* yaml_reader.c, json_reader.c: as toml_parse_tree */
bool yaml_spec_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d);
bool json_spec_parse(struct arena *a, struct str text, uint32_t file, struct document *out,
		     struct diags *d);

/* What these two share.  An empty table, unless the text is too large: then false. */
bool document_begin(struct str text, uint32_t file, struct document *out, struct diags *d);
/*
 * A member of a map of the tree.  Where documents are merged, a table that holds more
 * than tables is the block, which stands in one file; others are sections.
 */
struct value *document_set(struct arena *a, struct value *map, struct str key,
			   struct span key_span, struct value value);
/* The document is whatever was read; false, with a mistake said, if that is no table. */
bool document_end(struct document *out, const struct value *read, bool good, struct diags *d);

#endif
