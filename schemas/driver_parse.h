#ifndef EFFC_SCHEMAS_DRIVER_PARSE_H
#define EFFC_SCHEMAS_DRIVER_PARSE_H

#include "base/diag.h"
#include "steps.h"

/*
 * What the parts of the driver parser share: driver.c reads the keys of a
 * driver, driver_steps.c its steps and calls, driver_lens.c its lenses,
 * driver_expr.c its expressions, driver_keys.c single keys.  Every mistake
 * goes to d with its place and reading goes on; the one who counts is
 * driver_parse(), which compares the number of errors at its end.
 */
#define DRIVER_DEPTH_LIMIT 24
#define DRIVER_ITEMS_LIMIT 400		/* steps, entries, members of one list or map */
#define DRIVER_SECONDS_LIMIT (6 * 3600)

struct driver_parser {
	struct arena *arena;
	struct diags *d;
	struct driver *driver;
	struct driver_steps *steps;
	unsigned depth;
	/* `common`, laid under every call that does not say bare. */
	const struct value *common_in;
	struct refusals common_absent, common_retry;
};

/* ---- single keys (driver_keys.c); all of them take a missing key as "not given" ---- */

/* Refuses what is no map and keys that are not in the list, which ends with NULL. */
bool keys_known(struct driver_parser *p, const struct value *map, const char *what,
		const char *const *allowed);
struct str key_str(struct driver_parser *p, const struct value *map, const char *key);
bool key_bool(struct driver_parser *p, const struct value *map, const char *key);
int64_t key_ms(struct driver_parser *p, const struct value *map, const char *key,
	       double otherwise_s);
double key_number(struct driver_parser *p, const struct value *map, const char *key, double low,
		  double high, double otherwise);
/* One text or a list of texts. */
struct str_list key_str_list(struct driver_parser *p, const struct value *map, const char *key);
struct str_list value_str_list(struct driver_parser *p, const struct value *v, const char *what);

/* ---- expressions (driver_expr.c) ---- */

struct term term_parse(struct driver_parser *p, const struct value *v);
/* "A.B[].C" without a leading dot; false and a mistake if it is none. */
bool term_path_parse(struct driver_parser *p, struct str text, struct span span,
		     struct term_path *out);
/* Every entry of the record, those of `same` written out; adds to what *out has. */
void term_record_add(struct driver_parser *p, const struct value *map, struct term *out);

/* ---- lenses (driver_lens.c) ---- */

void lenses_parse(struct driver_parser *p, const struct value *v);
const struct lens *lens_find(const struct driver_steps *steps, struct str name);

/* ---- steps (driver_steps.c) and calls (driver_call.c) ---- */

enum step_place { PLACE_READ, PLACE_CREATE, PLACE_UPDATE, PLACE_DELETE };
/* Keys of a call and these, which end with NULL. */
const char *const *keys_joined(struct driver_parser *p, const char *const *extra);
void steps_parse(struct driver_parser *p, const struct value *v, enum step_place place,
		 struct driver_step_list *out);
void waits_parse(struct driver_parser *p, const struct value *v);
void list_parse(struct driver_parser *p, const struct value *v);
/* After `read` (driver_bulk.c).  tagging: the ARN by which the tagging service knows it. */
void bulks_parse(struct driver_parser *p, const struct value *v);
void tagging_parse(struct driver_parser *p, const struct value *arn);
void tags_parse(struct driver_parser *p, const struct value *v);

/* Keys of a call, NULL at the end; others may stand beside them in a step. */
extern const char *const call_keys[];
void call_parse(struct driver_parser *p, const struct value *v, struct driver_call *out);
/* facts: {items: expression}, on the reply. */
void facts_parse(struct driver_parser *p, const struct value *v, struct driver_outs *out);
void refusals_parse(struct driver_parser *p, const struct value *v, bool timed,
		    struct refusals *out);
void conditions_parse(struct driver_parser *p, const struct value *v, struct conditions *out);

#endif
