#ifndef EFFC_BASE_YAML_H
#define EFFC_BASE_YAML_H

#include "diag.h"
#include "value.h"

/*
 * YAML (libyaml, whose only home is yaml.c) to values with spans: one
 * document, no aliases or tags, duplicate keys refused, scalars by the YAML
 * 1.2 core schema (so `on` and `yes` are strings).  Mistakes go to d.
 */
bool yaml_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct diags *d) ATTR_CHECKED;

#endif
