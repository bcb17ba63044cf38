#ifndef EFFC_SPEC_EXPR_H
#define EFFC_SPEC_EXPR_H

#include "base/diag.h"
#include "base/value.h"

/*
 * Expressions inside strings: "${orders.arn}", "${project}-${stage}".  A string
 * that is exactly one expression keeps the expression's type; anything else is
 * a template of parts.  `$${` and `%%{` stand for themselves.  Operators and
 * functions will join as further kinds of node; today they are refused by name.
 */
enum expr_kind {
	EXPR_LITERAL,
	EXPR_REFERENCE,			/* as written: var.x, orders.arn, private['a'].SubnetId */
	EXPR_TEMPLATE,			/* parts joined as text */
	EXPR_ATTRIBUTE,			/* a reference bound by the compiler to a resource */
};

struct expr_step {
	bool index;			/* ['key'] or [0]; else .name */
	struct str name;		/* the name or the key */
	int64_t number;			/* of [0]; name is empty then */
	struct span span;
};

struct expr {
	enum expr_kind kind;
	struct span span;		/* the bytes inside the string's source */
	union {
		struct value literal;
		struct {
			struct expr_step *steps;	/* first the word, with its "/part" */
			size_t step_count;
			uint32_t scope;			/* whose names; by whoever leaves it open */
		};
		struct {
			struct expr **parts;
			size_t part_count;
		};
		struct {
			uint32_t resource;		/* index in the model */
			struct str attribute;		/* or property, dotted path */
		};
	};
};

/* Of one string; and the longest text that a template may become. */
#define EXPR_COUNT_LIMIT 1000
#define EXPR_STEP_LIMIT 64
#define EXPR_TEXT_LIMIT (1u << 20)

/*
 * Looks into a string value: out is the same string (escapes undone) or a
 * VALUE_EXPR with v's span.  False after a mistake (reported).
 */
bool expr_parse(struct arena *a, const struct value *v, struct value *out, struct diags *d);

/* Deep: every string in v.  Keys are never expressions. */
bool expr_parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d);

/* Says what references stand for.  Asked once for each; answers a value (maybe VALUE_UNKNOWN). */
struct expr_scope {
	void *context;
	struct value (*lookup)(void *context, struct arena *a, const struct expr *reference);
};

/*
 * Unknown parts make a template an unknown whose prefix is the text before
 * them; secret marks stick; null in a template is empty text; a null that is
 * the whole property removes it (the map's member is left out); numbers print
 * as HCL does.  A list or table inside a template cannot be text: unknown
 * callers see VALUE_NULL and *d tells (d may be NULL after compile).
 */
struct value expr_evaluate(struct arena *a, const struct expr *e, const struct expr_scope *scope,
			   struct diags *d);
/* Deep copy with every VALUE_EXPR evaluated; shares what has none. */
struct value value_evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
			    struct diags *d);

/*
 * Calls visit for every EXPR_REFERENCE and EXPR_ATTRIBUTE below v, in order;
 * path is the dotted property path it stands under ("Environment.Variables.X",
 * a list item as "Rules[].Id").
 */
void expr_visit(struct arena *scratch, const struct value *v,
		void (*visit)(void *context, struct str path, const struct expr *e), void *context);

/* As a user would write it: "${orders.arn}". */
void expr_print(struct buf *out, const struct expr *e);

#endif
