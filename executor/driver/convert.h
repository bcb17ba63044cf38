#ifndef EFFC_DRIVER_CONVERT_H
#define EFFC_DRIVER_CONVERT_H

#include "eval.h"

/*
 * Single values from the form that a property has to the one that a call has,
 * and back.  Marks go along.  What has the wanted form already is taken as it
 * is; what cannot be converted fails.
 */
enum eval_result convert_to_text(struct eval *e, const struct value *in, struct value *out);
enum eval_result convert_to_int(struct eval *e, const struct value *in, struct value *out);
enum eval_result convert_to_bool(struct eval *e, const struct value *in, struct value *out);
enum eval_result convert_to_json(struct eval *e, const struct value *in, struct value *out);
/* Text in percent form (IAM) is decoded first. */
enum eval_result convert_from_json(struct eval *e, const struct value *in, struct value *out);
/* Seconds to "2030-01-31T00:00:00Z". */
enum eval_result convert_to_time(struct eval *e, const struct value *in, struct value *out);
enum eval_result convert_tags(struct eval *e, const struct value *in, bool as_map,
			      struct value *out);
enum eval_result convert_zip(struct eval *e, const struct value *in, struct value *out);

#endif
