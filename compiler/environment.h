#ifndef EFFC_COMPILER_ENVIRONMENT_H
#define EFFC_COMPILER_ENVIRONMENT_H

#include "function.h"

/* EFF_PROJECT, EFF_STAGE, EFF_HANDLER, then `env`; `params` as paths, and the right to them. */
void environment_begin(struct function *f);
void environment_add(struct function *f);
void parameters_add(struct function *f);
bool environment_check(struct compiler *c, const struct value *v, struct str where);
bool parameters_check(struct compiler *c, const struct value *v, struct str where);

#endif
