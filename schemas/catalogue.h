#ifndef EFFC_SCHEMAS_CATALOGUE_H
#define EFFC_SCHEMAS_CATALOGUE_H

#include "base/hash.h"
#include "blob.h"
#include "schema.h"

/*
 * The inside of struct schemas, shared by schema.c and overlay.c.  The maps
 * hold what was decoded so far; what an overlay brings is put there too and so
 * is found before the blob is asked.  Documents of the blob are named
 * "type/AWS::SQS::Queue", "driver/AWS::SQS::Queue", "wire/sqs", "service/sqs",
 * "actions/sqs" and "runtimes".
 */
struct schemas {
	struct arena *arena;
	struct blob blob;
	struct map types;		/* name -> struct schema */
	struct map drivers;		/* type -> struct driver */
	struct map wires;		/* service -> struct wire_service */
	struct map services;		/* service -> struct service_rules */
	struct map actions;		/* service -> struct service_actions, see actions.h */
	struct map runtimes;		/* name -> struct runtime_rule */
	bool runtimes_read;
	struct str *type_names;		/* NULL: not made yet */
	size_t type_count;
	struct sha256 overlay;		/* of what was laid over */
	bool has_overlay;
};

/* False: none of that name. */
bool catalogue_document(struct schemas *s, struct str folder, struct str name, struct value *out);
/* As schema_find(), for whoever lays a driver over. */
struct schema *catalogue_type(struct schemas *s, struct str type);
/* NULL: none. */
const struct driver *catalogue_driver(struct schemas *s, struct str type);

#endif
