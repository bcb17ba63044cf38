#ifndef EFFC_SCHEMAS_RULES_H
#define EFFC_SCHEMAS_RULES_H

#include "schema.h"

/* One service of overrides/services.yaml. */
bool service_rules_parse(struct arena *a, struct str service, const struct value *source,
			 struct service_rules *out, struct diags *d) ATTR_CHECKED;

/* overrides/runtimes.yaml, into a map of struct runtime_rule. */
bool runtimes_parse(struct arena *a, const struct value *source, struct map *out,
		    struct diags *d) ATTR_CHECKED;

#endif
