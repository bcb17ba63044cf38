#ifndef EFFC_CLI_READS_H
#define EFFC_CLI_READS_H

#include "base/fs.h"
#include "base/value.h"

/*
 * A door to the files that remembers what was read through it: a saved plan is bound to every
 * file that the spec was made of, whoever asked for it.
 */
struct reads {
	struct files files;		/* the door */
	const struct files *under;
	struct arena *arena;
	struct map digests;		/* path -> struct str, SHA-256 of its bytes */
};

void reads_init(struct reads *r, struct arena *a, const struct files *under);
/*
 * Path -> keyed digest.  folder: of the spec; what lies elsewhere is named by the last part of
 * its path, and by how many of that name there were before.
 */
struct value reads_digests(struct arena *a, const struct reads *r, struct str folder,
			   struct str key);

#endif
