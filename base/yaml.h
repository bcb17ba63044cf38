#ifndef EFFC_BASE_YAML_H
#define EFFC_BASE_YAML_H

#include "diag.h"
#include "value.h"

/*
 * YAML (libyaml, whose only home is yaml.c) to values with spans: scalars by the
 * core schema of YAML 1.2 (so `on` and `yes` are strings), its tags, no key twice.
 * An alias shares what its anchor stands at, spans too.
 * Mistakes go to d.  After one in what the text means, reading goes on; after one
 * in its form, it ends.  Out holds what could be read; what could not, and what it
 * stands in, is VALUE_DAMAGED.
 */
enum yaml_option {
	YAML_DOCUMENTS = 1 << 0,	/* any number of documents: out is the list of them */
	YAML_ANY_TAG = 1 << 1,		/* those of no core type say nothing */
};

#define YAML_DEPTH_LIMIT 64
#define YAML_VALUE_LIMIT (1u << 18)	/* values with what aliases stand for */
#define YAML_MISTAKE_LIMIT 40

bool yaml_read(struct arena *a, struct str text, uint32_t file, unsigned options,
	       struct value *out, struct diags *d) ATTR_CHECKED;
/* Without options. */
bool yaml_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct diags *d) ATTR_CHECKED;

#endif
