#ifndef EFFC_COMPILER_BUILD_H
#define EFFC_COMPILER_BUILD_H

#include "base/value.h"
#include "spec/expr.h"

/*
 * Values that the compiler makes itself: properties of parts, policies,
 * references.  A span of what the user wrote goes along, so that a mistake
 * found later points at its cause.
 */
struct compiler;

/* Sets a member with the place of its key. */
void member_put(struct arena *a, struct value *map, struct str key, struct span key_span,
		struct value item);
/* "Environment.Variables.X" from the top, tables made where they are missing. */
void path_set(struct arena *a, struct value *map, const char *path, struct value item);

struct value text_value(const char *text);		/* a constant */
struct value text_value_at(struct str text, struct span span);

/* An attribute (or dotted path) of the part at that address. */
struct value reference_value(struct arena *a, struct span span, struct str address,
			     const char *attribute);
/* ${account}: its digits once they are known, else resolved while planning. */
struct value account_value(struct compiler *c);
struct value region_value(struct compiler *c);
struct value partition_value(struct compiler *c);

/* The parts as one text; plain if all of them are. */
struct value join_values(struct arena *a, struct span span, const struct value *parts,
			 size_t count);
#define JOIN(a, span, ...) \
	join_values((a), (span), (const struct value[]){ __VA_ARGS__ }, \
		    sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value))
/* arn:PARTITION:service:REGION:ACCOUNT:rest, rest being more parts. */
struct value arn_value(struct compiler *c, struct span span, const char *service,
		       const struct value *rest, size_t count);
#define ARN(c, span, service, ...) \
	arn_value((c), (span), (service), (const struct value[]){ __VA_ARGS__ }, \
		  sizeof((const struct value[]){ __VA_ARGS__ }) / sizeof(struct value))

#endif
