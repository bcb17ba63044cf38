#ifndef EFFC_CLI_BOOTSTRAP_H
#define EFFC_CLI_BOOTSTRAP_H

#include "run.h"

/*
 * What a team needs before its first apply: steps that are found out first, shown, and
 * carried out once somebody agreed.  Whatever is there already is left as it is.
 */
struct boot;
struct boot_step {
	struct str says;		/* "make the bucket 'x' in eu-west-1" */
	struct call call;		/* what it takes; no service: carry_out does it */
	bool (*carry_out)(struct boot *b, struct error *err);
};

struct boot {
	struct run *run;
	struct bucket_place place;
	bool is_new;			/* the bucket is not there yet */
	struct boot_steps VEC_OF(struct boot_step) steps;
	struct str_list told;		/* what to do with what was made */
};

/* From a format, as JSON; what is put in must be harmless there. */
struct value boot_value(struct boot *b, const char *format, ...) ATTR_PRINTF(2, 3);
/* Asks; true if it was answered, be it by the refusal that is named. */
bool boot_ask(struct boot *b, const char *service, const char *operation, struct value input,
	      const char *refusal, struct reply *out, struct error *err) ATTR_CHECKED;
void boot_step(struct boot *b, struct str says, const char *service, const char *operation,
	       struct value input);
void boot_tell(struct boot *b, struct str text);

/* Each finds out what is to be done. */
bool boot_bucket(struct boot *b, struct error *err) ATTR_CHECKED; /* bootstrap_bucket.c */
bool boot_roles(struct boot *b, struct error *err) ATTR_CHECKED; /* bootstrap_roles.c */
bool boot_move(struct boot *b, struct error *err) ATTR_CHECKED; /* bootstrap_move.c */

#endif
