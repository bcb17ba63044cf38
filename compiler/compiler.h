#ifndef EFFC_COMPILER_COMPILER_H
#define EFFC_COMPILER_COMPILER_H

#include "keys.h"
#include "model.h"
#include "module.h"
#include "spec/expr.h"

/*
 * One compilation, for the files of this folder and of kind/.  The order:
 *
 *	overlay.c	the stage's overlays are merged over the blocks
 *	project.c	[project], region, account, the stage's protection
 *	module.c	what each module declares; variable.c, each.c
 *	words.c		${project}, ${local.x}, ... become what they stand for
 *	block.c		every block is found, its id, keys and defaults checked
 *	kind/		handler blocks become parts; raw.c: a raw block is one part
 *	finish.c	escape hatches, names, tags, guards; parts are sorted by address
 *	reference.c	${orders.arn} is bound to its resource
 *	check.c		every property against its schema
 *	rules.c, cycle.c	what a schema cannot say
 *
 * A mistake marks its block damaged; what a damaged block lacks is no error.
 */
struct kind;

struct block {
	struct str id;
	const struct each *each;	/* which one of a for_each; NULL: it has none */
	bool keyed;			/* what the header of a for_each declares; */
	struct map instances;		/* and the blocks that it makes: key -> struct block */
	struct value *as_map;		/* of a keyed one: ${private}, made when asked for */
	struct module *module;
	struct str title;		/* "queue 'orders'", for messages */
	const struct kind *kind;	/* NULL: a raw block */
	struct str type;		/* of the thing itself; raw: as written */
	const struct schema *schema;	/* of a raw block; NULL if there is none */
	struct value body;		/* MAP: as written, overlays merged, words bound */
	struct value config;		/* MAP: body over the defaults of its kind */
	const struct scope *scope;	/* where it lives: the stack's, or its target's */
	struct span span;		/* its id in the header */
	bool damaged;
	bool closed;			/* its body is known to hold nothing open */
	bool absent;			/* when = false */
	bool contested;			/* a second header has its id: either may be meant */
	bool optioned;			/* may have keys of ours: a raw block mostly has none */
	const struct value *unread;	/* what it says is looked at once its part is made, */
					/* while it is at hand; NULL: that has been done */
	bool existing;			/* made by others, see existing.c: no part is made of it */
	bool misplaced;			/* its target is none: where it lives is not known */
	struct part *primary;		/* the thing itself; NULL until emitted */
	struct block *stands_for;	/* the block whose function this one calls; NULL: its own */
	struct part **parts;
	size_t part_count, part_capacity;
};
struct block_vec VEC_OF(struct block *);

/* What the tags of every part of a type begin with; checked with the first of the parts. */
struct shared_tags {
	const struct schema *schema;
	struct str region;
	bool third;			/* its items have a third member */
	struct map map;			/* for the types whose tags are a table; */
	struct value *items;		/* for the others, {Key, Value} */
	uint32_t count, handler;	/* handler: index of the one that differs */
	bool checked, open;		/* open: one of them holds what is not known yet */
};

#define PART_ADDED_MOST 2		/* properties that are added later: a name, tags */

/* A resource on its way into the model. */
struct part {
	struct resource resource;
	struct block *block;		/* NULL: the stage's own */
	struct str name;		/* "role"; of the primary part "table", "function", ... */
	const char *name_tail;		/* "-dlq": behind the id in its name; NULL: nothing */
	const struct part *named_after;	/* its name is name_prefix and that one's */
	const char *name_prefix;
	bool name_reported;		/* its name was refused: no second mistake by its schema */
	struct shared_tags *tags;	/* its tags begin with these; NULL: with its own */
	bool lowered;			/* made by a block; false: a raw block itself */
	bool finished;			/* see part_finish */
	struct span *depends_spans;	/* of the entries of resource.depends_on */
	uint32_t index;			/* in the model, once sorted */
	size_t first_edge, edge_count;	/* in c->edges */
};

#define PATTERNS_RECENT 16

/* Of a reference in a part's properties: it waits for another one. */
struct part_edge {
	uint32_t to;			/* index in the model */
	struct span span;
};

enum protect { PROTECT_DEFAULT, PROTECT_ALL, PROTECT_HARD, PROTECT_NONE };

struct compiler {
	struct arena *arena;		/* of the model and all that it points to */
	struct arena own;		/* of blocks, parts and what finds them: gone at the end */
	struct schemas *schemas;
	const struct compile_options *options;
	const struct spec *spec;
	struct diags *d;
	struct model *model;
	struct module *top;		/* the spec itself, also modules.items[0] */
	struct { struct module **items; size_t count, capacity; } modules;
	struct value settings;		/* MAP: the [stage.X] tables of the stage, merged */
	bool damaged;			/* part of the spec could not be read */
	struct str home_region;		/* [project] region: global names leave it out */
	struct map targets;		/* name -> struct target; NULL: one with mistakes */
	/* Of the block being read or made, else the stack's: what ${region} says. */
	const struct scope *scope;
	struct str role_path;
	struct value boundary;		/* permissions_boundary; NULL kind: none */
	enum protect protect;
	const struct each *each;	/* of the block being read; NULL: it has none */
	bool in_existing;		/* what is declared is made by others */
	unsigned depth;			/* of values that wait for each other, bounded */
	size_t expansion, copied;	/* values that names were copied into, bounded */
	struct map documents;		/* folder -> struct value: the roots of modules */
	size_t budget;			/* steps of evaluation that are left */
	struct block **block_list;	/* of all modules, those of a for_each one by one */
	bool too_many;			/* blocks: said once */
	size_t block_count, block_capacity;
	size_t assertion_capacity, rule_capacity;
	struct map parts;		/* address text -> struct part */
	struct part **part_list;	/* by index once sorted */
	size_t part_count, part_capacity;
	/* Found where references are bound, those of a part behind each other; for cycle.c. */
	struct { struct part_edge *items; size_t count, capacity; } edges;
	struct map shared_tags;		/* type and region -> struct shared_tags */
	struct shared_tags *last_tags;	/* the last one found */
	struct map patterns;		/* text -> struct pattern, see check_scalar.c */
	const struct pattern *patterns_recent[PATTERNS_RECENT];
	unsigned suggestions;		/* how many have been looked for, bounded */
};

/* ---- overlay.c, project.c ---- */

/* a with b over it: tables merge, the rest replaces.  Shares what it can. */
struct value table_merge(struct arena *a, const struct value *under, const struct value *over);
/* Sets the root of the top module and c->settings. */
void overlays_merge(struct compiler *c, const struct value *root);
/* The keys of one [stage.X] table. */
bool stage_table_check(struct compiler *c, const struct member *m, struct str name);
void project_read(struct compiler *c);
/* What may use locals: tags, permissions_boundary. */
void project_bind(struct compiler *c);
bool tags_are_valid(struct compiler *c, const struct value *v, struct str where);
bool project_is_valid(struct compiler *c, const struct value *v, struct str where);
bool region_is_valid(struct compiler *c, const struct value *v, struct str where);
bool account_is_valid(struct compiler *c, const struct value *v, struct str where);

/* ---- state_place.c ---- */

bool state_is_valid(struct compiler *c, const struct value *v, struct str where);
void state_read(struct compiler *c, const struct value *project);

/* ---- target.c ---- */

void targets_collect(struct compiler *c);
/* Where a block lives whose table is this, by its `target`; NULL after a report. */
const struct scope *target_scope(struct compiler *c, struct module *module,
				 const struct value *written);
/* True if they stand in one region of one account; else reports at span, where b names other. */
bool lives_with(struct compiler *c, const struct block *b, const struct block *other,
		struct span span);

/* ---- existing.c ---- */

void existing_collect(struct compiler *c, struct module *module, const struct value *all);
/* The keys that are ours, once its body and schema are there. */
void existing_check(struct compiler *c, struct block *b);
void existing_emit(struct compiler *c);
/* What e asks of the block with what stands behind its id; reported if it cannot be. */
struct value existing_ask(struct compiler *c, const struct block *b, const struct expr *e);
struct value existing_reference(struct compiler *c, const struct block *b, struct span span,
				const char *attribute);
bool is_existing_reference(const struct expr *e);
/* What such a reference asks for with its first three steps; NULL: the facts do not say. */
const struct property *existing_property(const struct compiler *c, const struct expr *e);
/* Once all references are bound. */
void existing_uses_find(struct compiler *c);

/* ---- declare.c, block.c: what is declared ---- */

/* Ids that are reserved or malformed, before anything refers to them. */
void refused_collect(struct compiler *c, struct module *module);
void blocks_collect(struct compiler *c, struct module *module);
void raw_collect(struct compiler *c, struct module *module, const struct value *services);
/* NULL if the id is none (reported). */
struct block *block_add(struct compiler *c, struct module *module, const struct member *m,
			struct str id, const struct kind *kind, struct str title, struct str type);
/* By its id, or "private['a']"; NULL: there is none. */
struct block *block_find(struct compiler *c, const struct module *module, struct str text);
/* What it says becomes its body, if it was left for later. */
void block_read_late(struct compiler *c, struct block *b);
/* One of a keyed block; NULL after a report. */
struct block *block_instance(struct compiler *c, struct block *b, struct str key,
			     struct span span);
/*
 * What "orders", "private['a']" or, for all keys, "private" name; false after a
 * report.  part NULL: no "/part" may stand behind it.
 */
bool blocks_named(struct compiler *c, const struct module *module, const struct value *text,
		  struct str *part, struct block_vec *out);
/* The same where only one will do; NULL after a report. */
struct block *block_named(struct compiler *c, const struct module *module,
			  const struct value *text);
void block_refuse(struct compiler *c, struct module *module, struct str id, struct span span);
/* Reports an id that is none, with a suggestion among the blocks and other words. */
void block_unknown(struct compiler *c, const struct module *module, struct span span,
		   struct str id, const char *words);
/* Of every block; of a block that is lowered; of [project]; of [output.X]; of [target.X]. */
extern const struct key_set meta_keys, hatch_keys, project_keys, output_keys;
extern const struct key_set target_keys, variable_keys, module_keys, check_keys, policy_keys;
bool module_renamed_is_valid(struct compiler *c, const struct value *v, struct str where);
bool renamed_from_is_valid(struct compiler *c, const struct value *v, struct str where);
bool protect_is_valid(struct compiler *c, const struct value *v, struct str where);
/* Reports an id that is reserved or malformed. */
bool id_check(struct compiler *c, struct str id, struct span span);
/* The same for what only has a name: variables, locals, outputs. */
bool name_is_valid(struct compiler *c, struct str name, struct span span);


/* ---- part.c, raw.c, finish.c: what is made of it ---- */

/* b NULL: the stage's own.  The primary part's name gives the block's own address. */
struct part *part_add(struct compiler *c, struct block *b, const char *name, const char *type);
/* The block's part of that name; a primary part's own counts.  NULL: it has none. */
struct part *block_part(const struct block *b, struct str name);
struct address block_address(const struct block *b);
/* The same in the characters that tags may have: "cdn:eu/private:a". */
struct str block_label(struct compiler *c, const struct block *b);
/* What blocks of one place share: "stage/api", or "stage/edge_api" of those of a target. */
struct str stage_address(struct compiler *c, const struct scope *scope, const char *name);
/* ${stage/api.Attribute} of where the block being made lives. */
struct value stage_reference(struct compiler *c, struct span span, const char *name,
			     const char *attribute);
/* Sets a property by dotted path. */
void part_set(struct compiler *c, struct part *p, const char *path, struct value v);
struct value part_reference(struct compiler *c, const struct part *p, const char *attribute);
/* Of the thing itself, which need not be emitted yet. */
struct value block_reference(struct compiler *c, const struct block *b, struct span span,
			     const char *attribute);
/* Finds the type of a raw block; it is damaged if there is none. */
void raw_schema(struct compiler *c, struct block *b);
void raw_check(struct compiler *c, struct block *b);
/* A meta key of a raw block, not a property. */
bool raw_key_is_ours(struct str name);
bool raw_has_ours(const struct value *table);
/* One of the keys that every block may have; NULL if it is not written. */
const struct value *block_option(const struct block *b, const char *name);
void blocks_emit(struct compiler *c);
void hatches_apply(struct compiler *c);
void part_tag(struct compiler *c, struct part *p);
/* Names, tags, guards; whether something is to be bound.  Of one part, and of all the others. */
void part_finish(struct compiler *c, struct part *p);
void parts_finish(struct compiler *c);
void parts_sort(struct compiler *c);
void depends_bind(struct compiler *c);
/* ignore_changes, replace_when, renamed_from, import. */
void lifecycles_set(struct compiler *c);

/* ---- words.c, reference.c ---- */

/* What expressions of the spec are evaluated in. */
struct expr_scope compile_scope(struct compiler *c, void *context,
				struct value (*lookup)(void *context, struct arena *a,
						       const struct expr *e, size_t *used,
						       struct diags *d));

/* Words and locals become values; references to blocks stay. */
struct value words_bind(struct compiler *c, struct module *module, const struct value *v);
/*
 * The same of a map whose strings are as they were written; with room for what a part gets.
 * *closed: nothing in it stays open.
 */
struct value words_bind_written(struct compiler *c, struct module *module, const struct value *v,
				bool *closed);
/* Blocks with for_each become tables of their keys, so that what counts or lists them is known. */
struct value instances_bind(struct compiler *c, const struct value *v);
void references_bind(struct compiler *c);
/* What stands behind the id is something that the type has; title: whose it is, for the report. */
bool attribute_fits(struct compiler *c, const struct block *b, const struct schema *schema,
		    const struct expr *e, struct str title);
struct value resources_bind(struct compiler *c, const struct value *v);

/* ---- output.c, assertion.c ---- */

/* Before names are made: those that are published are parts. */
void outputs_publish(struct compiler *c);
void outputs_bind(struct compiler *c);
void assertions_collect(struct compiler *c);
void assertions_bind(struct compiler *c);

/* ---- policy.c ---- */

void policies_collect(struct compiler *c);

/* ---- config.c ---- */

void settings_collect(struct compiler *c);

/* ---- check.c, rules.c, cycle.c ---- */

void parts_check(struct compiler *c);
void patterns_release(struct compiler *c);
/* The part's name by itself and beside those seen before it. */
void part_check_name(struct compiler *c, struct arena *scratch, struct map *seen, struct part *p);
void rules_check(struct compiler *c);
void cycles_check(struct compiler *c);
/* True if a reference in that property of the part orders its target before it. */
bool reference_orders(const struct part *p, struct str path, const struct part *target,
		      struct str attribute);
/* The nearest candidate, or empty; after the first hundred questions no answer is looked for. */
struct str suggest(struct compiler *c, struct str word, const struct str *candidates, size_t count);
/* Adds to the last report how a value of another kind is to be written. */
void advise_kind(struct compiler *c, enum property_kind wanted, const struct value *v);

#endif
