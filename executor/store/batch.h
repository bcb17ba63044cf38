#ifndef EFFC_STORE_BATCH_H
#define EFFC_STORE_BATCH_H

#include "store.h"

/*
 * Writes of a run as one text with its digest last, as in document.h: the manifest, which
 * holds the whole intent of an apply, and the segments of its journal.  Each names the
 * digest of the one before, so that none can be left out or be another run's.
 */
struct batch {
	struct str lineage;
	uint64_t base;			/* serial of the state that it continues */
	struct str run;			/* token of the lease that it was written under */
	uint64_t number;		/* 0: the manifest */
	struct str after;		/* digest of the one before; empty for the manifest */
	struct str digest;		/* set by reading and writing */
	struct str_list writes;		/* as write_line makes them */
};

struct str write_line(struct arena *a, const struct store_write *w);
struct str batch_text(struct arena *a, struct batch *b);
/* name: for messages.  Refuses (ERROR_CORRUPT) what batch_text does not make. */
bool batch_read(struct arena *a, struct str text, struct str name, struct batch *out,
		struct error *err) ATTR_CHECKED;
/*
 * What a line says, onto the state; doubt: its call may have been sent, unless it is
 * open, for that it was not is recorded nowhere.  What it makes lives in a.
 */
bool write_apply(struct arena *a, struct str line, bool doubt, struct state *s,
		 struct error *err) ATTR_CHECKED;

#endif
