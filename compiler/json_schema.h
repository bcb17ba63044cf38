#ifndef EFFC_COMPILER_JSON_SCHEMA_H
#define EFFC_COMPILER_JSON_SCHEMA_H

#include "base/buf.h"
#include "schemas/schema.h"

/*
 * A JSON Schema (draft 7, which the editors read) of effortless.toml: sections,
 * kinds of blocks and their keys from the tables that the compiler itself
 * checks with, and every resource type from the catalogue.  It says less than
 * `effc check`, and never more: a place that takes an expression takes any text with
 * "${" or "%{" in it.
 *
 * services: only the types of these ("SQS", "S3") are in it; count 0: all.
 */
void json_schema_print(struct buf *out, struct schemas *schemas, const struct str *services,
		       size_t count);

#endif
