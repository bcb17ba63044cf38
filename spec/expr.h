#ifndef EFFC_SPEC_EXPR_H
#define EFFC_SPEC_EXPR_H

#include "base/diag.h"
#include "base/fs.h"
#include "base/value.h"

struct function;

/*
 * Expressions inside strings: "${orders.arn}", "${project}-${stage}".  A string
 * that is exactly one expression keeps the expression's type; anything else is
 * a template, which is text.  `$${` and `%%{` stand for themselves.  The grammar
 * is HCL's, and strings in expressions may have single quotes too.
 *
 * A name may have hyphens, and the first one of a reference a "/part":
 * ${createOrder/role.RoleId}.  A slash is part of the name only if it stands
 * directly behind the name and a letter directly behind it; a blank on either
 * side, or a digit or parenthesis behind it, makes it a division:
 * ${local.bytes/1024}, ${a / b}.
 */
enum expr_kind {
	EXPR_LITERAL,			/* any value; items of a list or map may be open */
	EXPR_REFERENCE,			/* as written: var.x, orders.arn, private['a'].SubnetId */
	EXPR_ATTRIBUTE,			/* a reference bound by the compiler to a resource */
	EXPR_TEMPLATE,			/* parts joined as text */
	EXPR_LIST,			/* parts as items */
	EXPR_OBJECT,
	EXPR_UNARY,			/* left is the operand */
	EXPR_BINARY,
	EXPR_CONDITION,
	EXPR_FOR,
	EXPR_INDEX,			/* left[right]; of a plain reference they are steps of it */
	EXPR_CALL,
};

enum expr_operator {
	OPERATOR_NOT, OPERATOR_NEGATE,	/* unary */
	OPERATOR_OR, OPERATOR_AND, OPERATOR_EQUAL, OPERATOR_DIFFERENT,
	OPERATOR_LESS, OPERATOR_AT_MOST, OPERATOR_MORE, OPERATOR_AT_LEAST,
	OPERATOR_ADD, OPERATOR_SUBTRACT, OPERATOR_MULTIPLY, OPERATOR_DIVIDE, OPERATOR_MODULO,
};

struct expr_step {
	bool index;			/* ['key'] or [0]; else .name */
	struct str name;		/* the name or the key */
	int64_t number;			/* of [0]; name is NULL then */
	struct span span;
};

struct expr_item {
	const struct expr *key, *value;
};

enum for_form { FOR_LIST, FOR_OBJECT, FOR_TEXT, FOR_SPLAT };
struct expr_for {
	enum for_form form;		/* FOR_TEXT: the directive; FOR_SPLAT: its key is none */
	bool group;			/* FOR_OBJECT: "..." collects the values of equal keys */
	struct str key_name;		/* empty: none */
	struct str value_name;		/* of FOR_SPLAT "*", which no user can write */
	const struct expr *collection, *key, *value;
	const struct expr *filter;	/* NULL: all */
};

struct expr {
	enum expr_kind kind;
	bool directive;			/* EXPR_CONDITION: written as %{ if } */
	bool dot;			/* EXPR_INDEX: written as .name */
	bool expand;			/* EXPR_CALL: "..." behind the last argument */
	uint16_t depth;			/* see expr_measure */
	uint32_t weight;
	/*
	 * EXPR_REFERENCE: where its first word is looked up.  0: where the string
	 * stands that it is in.  What a lookup leaves open must have another.
	 */
	uint32_t scope;
	struct span span;		/* the bytes inside the string's source */
	union {
		struct value literal;
		struct {
			struct expr_step *steps;	/* first the word, with its "/part" */
			size_t step_count;
		};
		struct {
			uint32_t resource;		/* index in the model */
			struct str attribute;		/* or property, dotted path */
		};
		struct {
			const struct expr **parts;	/* EXPR_TEMPLATE, EXPR_LIST, EXPR_CALL */
			size_t part_count;
			const struct function *function;	/* EXPR_CALL */
		};
		struct {
			struct expr_item *items;	/* EXPR_OBJECT */
			size_t item_count;
		};
		struct {
			enum expr_operator operator;
			const struct expr *left, *right;
		};
		struct {
			const struct expr *condition, *yes, *no;
		};
		struct expr_for *loop;
	};
};

/* Of one string: nodes, nesting, steps of a reference. */
#define EXPR_COUNT_LIMIT 10000
#define EXPR_NEST_LIMIT 64
#define EXPR_STEP_LIMIT 64
/* What folding may make of several, each in the next; nodes and about a node for 16 bytes. */
#define EXPR_DEPTH_LIMIT 512
#define EXPR_WEIGHT_LIMIT 200000
/* The longest text that a template may become. */
#define EXPR_TEXT_LIMIT (1u << 20)
/* Steps of evaluation that a stage should allow for all it evaluates, besides one a node. */
#define EXPR_STEP_BUDGET 10000000

/*
 * Looks into a string value: out is the same string (escapes undone) or a
 * VALUE_EXPR with v's span.  False after a mistake (reported).
 */
bool expr_parse(struct arena *a, const struct value *v, struct value *out, struct diags *d);

/* Deep: every string in v.  Keys are never expressions. */
bool expr_parse_all(struct arena *a, const struct value *v, struct value *out, struct diags *d);

/* Sets depth and weight of a node that was made by hand, from its children. */
void expr_measure(struct expr *e);
/* How many values, nodes and (in 16s) bytes there are in a value; how deep they are nested. */
void value_measure(const struct value *v, uint32_t *weight, unsigned *depth);

/* A name of a `for`, or an argument of a template: it goes before every reference of scope 0. */
struct expr_variable {
	struct str name;
	struct value value;
	const struct expr_variable *next;
};

struct expr_scope {
	void *context;
	/*
	 * What a reference stands for: a value, a VALUE_UNKNOWN, or a VALUE_EXPR, which
	 * leaves it open; a null marked damaged after a report to d (which may be NULL).
	 * *used comes with the number of all steps; an answer for fewer of them sets it,
	 * and the others are applied to the answer.  Of an open reference those become
	 * steps, and it is asked for again if the answer was another reference; then it
	 * must be used whole.
	 */
	struct value (*lookup)(void *context, struct arena *a, const struct expr *reference,
			       size_t *used, struct diags *d);
	size_t *budget;			/* steps left; never NULL */
	const struct expr_variable *variables;
	const struct files *files;	/* for functions that read; NULL: there are none */
	struct str root;		/* the project's folder, which their paths never leave */
	struct str folder;		/* where their paths start, from root on */
};

/*
 * Evaluates as far as it can be known.  Where a lookup leaves a reference open,
 * what needs it stays an expression, with all else in it worked out; where it
 * answers an unknown, the result is an unknown with the first reason, with its
 * type and the beginning of its text as far as they are known.  Lists and maps
 * may hold such items.  Secret marks stick.  After a mistake (reported; d may be
 * NULL) the result is a null marked damaged, and damaged operands are silent.
 */
struct value expr_evaluate(struct arena *a, const struct expr *e, const struct expr_scope *scope,
			   struct diags *d);
/*
 * Deep copy with every VALUE_EXPR evaluated; shares what has none.  A member
 * whose expression became null is left out.
 */
struct value value_evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
			    struct diags *d);

/*
 * The same in place, of the members of a map that is the caller's own, and whose strings
 * are as they were written: what expr_parse_all would find in them is evaluated as soon
 * as it is found.  True if nothing in it stays open (value_has_unknown).
 */
bool value_evaluate_members(struct arena *a, struct value *map, const struct expr_scope *scope,
			    struct diags *d);

/*
 * Calls visit for every EXPR_REFERENCE and EXPR_ATTRIBUTE below v, in order,
 * but not for names of a `for`; path is the dotted property path it stands under
 * ("Environment.Variables.X", a list item as "Rules[].Id").
 */
void expr_visit(struct arena *scratch, const struct value *v,
		void (*visit)(void *context, struct str path, const struct expr *e), void *context);

/* As a user would write it: "${orders.arn}".  Secrets in it are not shown. */
void expr_print(struct buf *out, const struct expr *e);
/* The same; attribute prints what stands for an EXPR_ATTRIBUTE. */
void expr_print_named(struct buf *out, const struct expr *e,
		      void (*attribute)(const void *context, struct buf *out, const struct expr *e),
		      const void *context);

#endif
