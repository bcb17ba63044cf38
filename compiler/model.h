#ifndef EFFC_COMPILER_MODEL_H
#define EFFC_COMPILER_MODEL_H

#include "base/diag.h"
#include "base/value.h"
#include "address.h"
#include "lifecycle.h"
#include "name.h"
#include "schemas/schema.h"
#include "spec/spec.h"

/*
 * The checked model: what the user wants, as AWS resources only.  Handler
 * blocks are lowered to parts, defaults are filled in, names chosen, every
 * reference bound to the resource it names.  What is still an expression in a
 * property is an attribute of another resource (EXPR_ATTRIBUTE).
 */

/* Code that has to be packed for a property {"Bundle": digest}, filled in by the bundle stage. */
struct bundle_request {
	struct str path;		/* file or folder, from the spec's folder on */
	struct str entry;		/* the file that must be among them; empty: not known */
	struct str *files;		/* further files and folders */
	size_t file_count;
	struct span span;
};

struct resource {
	struct address address;
	struct str kind;		/* "table", "queue", …; empty for a raw block */
	const struct schema *schema;
	struct value properties;	/* MAP; the planner adds effortless:instance */
	bool known;			/* they hold no expression: nobody has to look for one */
	struct name_request name;	/* how its physical name is made; property empty: none */
	struct scope scope;
	const struct bundle_request *bundle;	/* NULL: it has no code */
	enum guard guard;		/* what deleting or replacing it would need */
	bool retain;
	uint32_t *depends_on;		/* explicit edges besides those of references */
	size_t depends_count;
	const struct lifecycle *lifecycle;	/* NULL: nothing besides the properties */
	struct span span;		/* the block's header */
};

struct output {
	struct str name, description;
	struct value value;
	struct span span;
};

/* [target.NAME]: another place for blocks than the stack's own. */
struct target {
	struct scope scope;
	struct str role_arn, profile;	/* whose rights reach it; empty: the stack's own */
	struct span span;
};

/* Something that others made: read while planning, never changed. */
struct existing_use {
	struct str name;		/* attribute, property or output; its first step */
	struct span span;		/* of the first reference that asks for it */
};
struct existing {
	/* As the second step of the references to it, which stay EXPR_REFERENCE: existing.NAME.x */
	struct str name;		/* "zone", "zone['a']", "module.cdn.zone" */
	const struct schema *schema;	/* NULL: the outputs of another stack */
	struct value properties;	/* MAP: what it is found by; may hold ${account} */
	struct str project, stage;	/* of another stack */
	struct scope scope;
	struct existing_use *uses;
	size_t use_count, use_capacity;
	struct span span;
};

/* [check.ID]: what must hold, see compiler/assertion.c. */
struct assertion {
	struct str name;
	struct value condition;		/* a boolean, or an expression */
	struct value message;		/* a string, or an expression */
	bool warning;			/* if it does not hold, only say so */
	struct span span;
};

/* [policy.ID]: what a plan may not do, see compiler/policy.c.  An empty list: any. */
struct rule {
	struct str name;
	struct str within;		/* "module.cdn.": it judges what is in there; or empty */
	struct str_list actions;	/* as the planner names them */
	struct str_list types, addresses;	/* globs */
	struct str_list properties;	/* paths, "*" for any one step */
	struct value values;		/* LIST of scalars that such a property would get */
	struct str message;
	bool warns;			/* else it denies */
	struct span span;
};

/* [project] state, or the stage's own. */
struct state_place {
	struct str bucket;		/* empty: a file beside the spec */
	struct str prefix;		/* without '/' at its ends; may be empty */
	struct str region;		/* of the bucket */
	struct str owner;		/* account that the bucket must belong to; empty: ours */
	struct str kms_key;		/* empty: as the bucket encrypts by itself */
};

struct model {
	struct schemas *schemas;	/* that it was checked against; NULL: made by hand */
	struct str project, stage;
	struct scope scope;		/* the stack's own; account empty if not pinned */
	bool account_pinned;
	struct state_place state;
	struct value tags;		/* MAP: [project] tags */
	struct resource *resources;	/* sorted by address */
	size_t resource_count;
	struct output *outputs;		/* in the order written */
	size_t output_count;
	struct target *targets;
	size_t target_count;
	struct existing *existing;
	size_t existing_count;
	struct map existing_by_name;	/* name -> struct existing */
	struct setting *settings;
	size_t setting_count;
	struct assertion *assertions;	/* those whose condition is still open */
	size_t assertion_count;
	struct rule *rules;
	size_t rule_count;
	struct map by_address;		/* text -> struct resource */
	const struct sources *sources;
};

/* --var NAME=TEXT, or EFF_VAR_NAME. */
struct given_variable {
	struct str name, text;
	bool flag;			/* of the command line, where every name must be known */
};

/* One value in effect, and where it comes from; see config.c. */
struct setting {
	struct str owner, key;		/* "project", "var" or an address; "stream.batch_size" */
	struct value value;
	struct str origin;		/* "--region", "[stage.prod]", "block", "built in" */
	struct span span;		/* of its key; SPAN_NOWHERE: it stands in no file */
};

/* How the caller came by what it says: "--stage", "EFF_STAGE"; for settings. */
struct option_origins {
	struct str stage, region, environment_region;
};

struct compile_options {
	struct str stage;		/* empty: "dev" */
	struct str region;		/* --region, else empty */
	struct str environment_region;	/* AWS_REGION etc. or the profile's; the last resort */
	struct str account;		/* known from elsewhere (state, STS); empty if not */
	const struct given_variable *variables;
	size_t variable_count;
	const struct files *files;	/* for file() and its like; NULL: there are none */
	bool settings;			/* they are wanted, too */
	struct option_origins origins;
	struct str today;		/* "2026-11-20", for runtimes that end; empty: not asked */
};

/* [a-z][a-z0-9]*; a key of [stage] that is no such name is a pattern over names. */
bool stage_name_is_valid(struct str name);

/* False if there were mistakes, all of them in d. */
bool model_compile(struct arena *a, const struct spec *spec, struct schemas *schemas,
		   const struct compile_options *options, struct model *out, struct diags *d);

/* "/effc/net/prod/out/": where a stack publishes its outputs. */
struct str outputs_folder(struct arena *a, struct str project, struct str stage);

/* Says that it does not hold, as a mistake or a warning at its line. */
void assertion_report(struct diags *d, const struct assertion *as, struct str message);
/* As far as it may be shown. */
struct str assertion_message(const struct value *v);

/* Index of a resource by address text; UINT32_MAX if there is none. */
uint32_t model_find(const struct model *m, struct str address);

/* The value with every expression as the text that a user would write: "${orders.Arn}". */
struct value model_value(struct arena *a, const struct model *m, const struct value *v);

/* For `effc debug model`: one resource after the other, properties as JSON. */
void model_print(struct buf *out, const struct model *m);

#endif
