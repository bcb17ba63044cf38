#ifndef EFFC_STORE_HISTORY_H
#define EFFC_STORE_HISTORY_H

#include "store.h"

/*
 * The history of a state that lives in a file: a folder beside it, a document a version.
 * A version is written once, durable before the run that it is of reports success, and
 * never changed; the oldest go when there are more than HISTORY_MOST or their bytes are
 * more than HISTORY_BYTES, but the newest HISTORY_LEAST stay whatever they weigh.
 */
#define HISTORY_MOST 100
#define HISTORY_LEAST 3
#define HISTORY_BYTES (256u << 20)
#define VERSION_LINEAGE_DIGITS 8	/* of the lineage, in an id */

/* "17-00112233" */
struct str version_id(struct arena *a, uint64_t serial, struct str lineage);
/* False if it is no id. */
bool version_parse(struct str id, struct version *out);
/* Newest first: by lineage (that of the version stored last goes first), then by serial. */
void versions_sort(struct version_vec *versions);
/* How many from the front may stay. */
size_t versions_kept(const struct version_vec *versions);

/* folder: it need not exist yet. */
bool history_keep(struct str folder, const struct state *state, const struct document_note *note,
		  struct error *err) ATTR_CHECKED;
bool history_list(struct arena *a, struct str folder, struct version_vec *out,
		  struct error *err) ATTR_CHECKED;
bool history_load(struct arena *a, struct str folder, struct str id, bool head,
		  struct state_document *out, struct error *err) ATTR_CHECKED;

#endif
