#ifndef EFFC_COMPILER_MODULE_H
#define EFFC_COMPILER_MODULE_H

#include "base/map.h"
#include "base/value.h"

/*
 * Whose names a reference may use.  The spec itself is a module, and so is
 * every instance of what [module.X] names: it sees what its own document
 * declares, the values that `with` gives to its variables, and nothing else.
 *
 * Variables, locals and outputs are worked out when they are first asked for,
 * and so are the instances of a module, since a `for_each` may need an output
 * of another one.  What waits for itself that way is a mistake.
 */
struct block;
struct compiler;
struct member;

/* One key of a for_each: what ${each.key} and ${each.value} are. */
struct each {
	struct str key;
	struct value value;
};
struct each_vec VEC_OF(struct each);

enum work { WORK_NEW, WORK_BUSY, WORK_DONE };

struct variable;

/* A variable, local or output. */
struct named {
	const char *kind;		/* "local", "variable", "output" */
	struct str name;
	struct value written;
	struct span span;		/* of its name */
	struct module *module;		/* whose names stand in it; */
	const struct each *each;	/* and whose each; NULL: none */
	const struct variable *variable;	/* what it must be; NULL: anything */
	enum work state;
	struct value value;
	uint32_t weight;		/* values and bytes in it, about */
	struct part *published;		/* of an output; NULL: it is not */
};

/* [module.X], which makes one instance, or with for_each one for each key. */
struct call {
	struct str id;
	struct module *module;		/* in which it stands */
	const struct member *written;
	enum work state;
	bool keyed;			/* it has for_each */
	bool damaged;
	struct map instances;		/* key, or the empty text -> struct module */
};

struct module {
	struct module *parent;		/* NULL: the spec itself */
	const struct call *call;	/* NULL: the spec itself */
	const struct each *each;	/* of its call; NULL: none */
	uint32_t index;			/* in c->modules */
	unsigned depth;
	bool absent;			/* when = false: it has no blocks */
	struct str path;		/* as in addresses: "cdn['eu'].inner"; empty: the spec */
	struct str label;		/* the same in names: "cdn-eu-inner-", or empty */
	struct str tag;			/* the same in tags: "cdn:eu/inner/", or empty */
	struct str folder;		/* of its document, from the spec's own on; "." */
	struct value root;		/* MAP: its document with the overlays of the stage */
	bool raw_is_written;		/* strings of its raw blocks are still to be parsed */
	struct value config;		/* MAP: the keys of its call */
	struct map variables, locals, outputs;	/* name -> struct named */
	struct map calls;		/* id -> struct call */
	struct map blocks;		/* lower-case id -> struct block */
	struct map refused;		/* ids that cannot be: references to them are no mistake */
};

/* expr->scope of references that were left open in it; 0 is of those not looked up yet. */
static inline uint32_t module_scope(const struct module *module)
{
	return module->index + 1;
}

/* expr->scope of references that we make ourselves: their first word is a part's address. */
#define SCOPE_ADDRESSES UINT32_MAX

#define MODULE_DEPTH_MOST 16
#define NESTING_MOST 64			/* of names in names */
#define MODULES_MOST 10000
#define FOR_EACH_MOST 20000
#define BLOCKS_MOST 200000

/* ---- module.c ---- */

struct module *module_add(struct compiler *c);
/* What it declares, nothing of it worked out yet. */
void module_open(struct compiler *c, struct module *module);
/* A section that holds tables by names; NULL: it is not there, or no table (reported). */
const struct value *section_tables(struct compiler *c, const struct module *module,
				   const char *name);
/* All of it: values, blocks, and the modules in it. */
void module_fill(struct compiler *c, struct module *module);
/* The instances are there; false: they cannot be (reported).  span: of who asks. */
bool call_resolve(struct compiler *c, struct call *call, struct span span);

/* ---- each.c ---- */

/*
 * The keys of a for_each, in their order; false after a report.  title: of the
 * block that has it.
 */
bool each_read(struct compiler *c, struct module *module, const struct value *written,
	       struct str title, struct each_vec *out);

/* ---- variable.c ---- */

/* with: MAP of the values given by the call, or NULL for the spec itself. */
void variables_collect(struct compiler *c, struct module *module, const struct value *with);
/* The value as its variable wants it; damaged after a report. */
struct value variable_check(struct compiler *c, const struct named *named, struct value v);

/* ---- words.c ---- */

struct named *named_add(struct compiler *c, struct map *all, const char *kind, struct str name,
			struct module *module, const struct member *written);
/* False: it has no value (reported); span: of who asks. */
bool named_resolve(struct compiler *c, struct named *named, struct span span);
void named_resolve_all(struct compiler *c, const struct map *all);

#endif
