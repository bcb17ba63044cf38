#ifndef EFFC_SCHEMAS_STEPS_H
#define EFFC_SCHEMAS_STEPS_H

#include "base/value.h"
#include "driver.h"

/*
 * A driver's steps, compiled: what docs/drivers.md describes, as the
 * interpreter in executor/driver/ walks it.  Nothing here is text to be parsed
 * again: expressions are small trees, paths are lists of parts, and whatever
 * could be wrong was refused by driver_parse() and driver_check().  Everything
 * lives in the arena of the driver and never changes.
 */

#define DRIVER_PATH_LIMIT 24

/* "Table.Indexes[].Status", "Events[0]": fields, every item, one item. */
enum path_kind { PATH_FIELD, PATH_EACH, PATH_INDEX };
struct path_part {
	enum path_kind kind;
	struct str field;
	size_t index;
};
struct term_path {
	struct path_part *parts;
	size_t count;
};

/*
 * An expression.  It gives a value or nothing; what is given nothing is left
 * out of the call.
 */
enum term_kind {
	TERM_LITERAL,
	/* $Name.path: property, attribute or one of the names below */
	TERM_NAME,
	TERM_REPLY,			/* .path: in the reply at hand */
	TERM_CALL,			/* function(arguments).path */
	/* {Member: term, "*": map}; nothing if all its terms give nothing */
	TERM_RECORD,
	TERM_LIST,			/* [term]; items that give nothing are left out */
};

/* What $name can be besides a property or an attribute; all lower case. */
enum term_name {
	NAME_PROPERTY,			/* property, else attribute */
	NAME_ALL,			/* $: all properties */
	NAME_OLD,			/* $old: all properties before the change */
	/* $changed: those of the step's props that changed; removed ones null */
	NAME_CHANGED,
	NAME_ITEM, NAME_ADDED, NAME_REMOVED,	/* of `each` */
	NAME_INSTANCE, NAME_TOKEN, NAME_ACCOUNT, NAME_REGION, NAME_PARTITION,
};

enum term_function {
	/* lens(name x): by the lens, towards the service in `in`, back in `out` */
	FUNCTION_LENS,
	FUNCTION_JSON,			/* value <-> JSON text */
	FUNCTION_TEXT,			/* number or boolean <-> text, as the other side has it */
	FUNCTION_TAG_LIST,		/* tags in either form -> [{Key, Value}] */
	FUNCTION_TAG_MAP,		/* tags in either form -> {key: value} */
	FUNCTION_KEYS,			/* keys of tags in either form, or of a map */
	/* merge(tags removed added): tags of the service with a change made */
	FUNCTION_MERGE,
	FUNCTION_FIRST,			/* the first argument that gives something */
	/* is(x literal...): true if x is one of them, false if another */
	FUNCTION_IS,
	/* unless(x y literal...): x, or nothing if y is one of them */
	FUNCTION_UNLESS,
	FUNCTION_NONEMPTY,		/* nothing for "", [] and {} */
	FUNCTION_CONTAINS,		/* contains(text part): true or false */
	FUNCTION_FIND,			/* find(list Field x): the item whose Field is x */
	/* kept(Property): items of the list that were there before */
	FUNCTION_KEPT,
	FUNCTION_FILL,			/* fill("arn:{partition}:x:{Name}") */
	FUNCTION_TIME,			/* ISO text <-> seconds since 1970 */
	FUNCTION_ALL,			/* all(list...): one behind the other */
	FUNCTIONS,
};

struct term {
	enum term_kind kind;
	struct span span;
	struct value literal;		/* LITERAL */
	enum term_name name;		/* NAME; for PROPERTY the first part of path is its name */
	enum term_function function;	/* CALL */
	const struct lens *lens;	/* CALL of FUNCTION_LENS */
	struct term *items;		/* arguments, record's or list's terms */
	struct str *names;		/* RECORD: member of each item */
	size_t count;
	struct term_path path;
};

/* How a property's parts map to the members of a call, in both directions. */
enum lens_conversion {
	LENS_SAME,
	LENS_INT,			/* integer <-> decimal text */
	LENS_BOOL,			/* boolean <-> "true", "false" */
	LENS_NUMBER,			/* decimal text <-> integer */
	LENS_JSON,			/* value <-> JSON text */
	LENS_TIME,			/* ISO text <-> seconds */
	LENS_TAGS,			/* property's tags <-> [{Key, Value}] */
	LENS_PRESENT,			/* true <-> empty structure, false <-> nothing */
	LENS_ZIP,			/* digest -> bytes of the bundle; never read back */
	LENS_LENS,			/* another lens */
};
struct lens_entry {
	enum lens_conversion conversion;
	const struct lens *lens;	/* LENS_LENS */
	struct term_path property, member;
	struct span span;
};
/* A group that the service wants only for two or more: a single one stands beside it. */
struct lens_single {
	struct term_path group;		/* "Filter.And" */
	struct str list;		/* "Tags": a list in it whose single item ... */
	struct str item;		/* ... is called "Tag" */
};
struct lens {
	struct str name;
	struct span span;
	struct lens_entry *entries;
	size_t count;
	bool has_unset;
	struct value unset;		/* sent for a property that was removed */
	struct term_path *fill_paths;	/* set to the value where nothing else was */
	struct value *fill_values;
	size_t fill_count;
	struct lens_single *singles;
	size_t single_count;
};

/*
 * Every part must hold.  A path with "[]" asks it of every item, none included.
 * NEW and OLD ask whether one of the step's props is there after, or was before.
 */
enum condition_subject { CONDITION_TERM, CONDITION_NEW, CONDITION_OLD };
enum condition_test { TEST_PRESENT, TEST_ABSENT, TEST_IS, TEST_IS_NOT };
struct condition {
	enum condition_subject subject;
	enum condition_test test;
	struct term term;
	struct term *alternatives;	/* IS, IS_NOT */
	size_t count;
	struct span span;
};
struct conditions {
	struct condition *items;
	size_t count;
};

/* A refusal: its code, and texts of which the message must contain one (none: any message). */
struct refusal {
	struct str code;
	struct str_list match;
	int64_t for_ms;			/* retry: how long in all */
};
struct refusals {
	struct refusal *items;
	size_t count;
};

struct driver_out {
	struct str name;		/* property path, attribute, "*" for all of a map */
	struct term_path path;
	bool append;			/* "Policies[]" */
	struct term term;
	struct span span;
};
struct driver_outs {
	struct driver_out *items;
	size_t count;
};

struct driver_call {
	struct str operation;		/* empty: no call */
	struct span span;
	struct term in;			/* RECORD */
	struct str page_in;		/* input member of the page token; empty: one page */
	struct term_path page_out;
	struct refusals absent;		/* the thing is gone */
	struct refusals none;		/* read: this part of it is not set up */
	struct refusals ok;		/* counts as done */
	struct refusals exists;		/* create: something has that name */
	struct refusals foreign;	/* read: it is somebody else's */
	struct refusals retry;
	struct refusals say;		/* match[0] is an explanation */
	struct driver_outs out;
};

enum each_kind { EACH_NONE, EACH_PUT, EACH_ADDED, EACH_CHANGED, EACH_REMOVED, EACH_ALL, EACH_SET,
		 EACH_UNSET, EACH_REPLY };

struct wait_rule {
	struct str name;
	struct span span;
	struct driver_call call;
	struct conditions until;	/* none: until it is absent */
	struct conditions fail;
	struct term_path why;		/* what a failed one says of itself; no parts: nothing */
	int64_t every_ms, cap_ms, for_ms;
	double backoff;
};

/* What is fetched for every item of a reply, in `read`. */
struct driver_nested {
	struct term each;
	struct driver_call call;
};

struct driver_step {
	struct span span;
	/* update: one of them changed; read: one of them is managed */
	struct str_list props;
	/* update, delete: on properties; read: on the reply, before `out` */
	struct conditions when;
	/* read: what of the reply is it; nothing: it is not there */
	struct term at;
	bool has_at;
	enum each_kind each;
	struct str each_property;
	struct str_list fields;		/* EACH_CHANGED: only where one of these differs */
	struct term each_term;		/* EACH_REPLY: list in the reply to get */
	struct value clear;		/* MAP: what to send for a property that was removed */
	const struct driver_call *get;	/* sent first; the call's terms see its reply */
	struct driver_call call;
	const struct driver_call *unset;	/* instead of call, where all props are gone */
	const struct driver_nested *nested;
	const struct wait_rule *wait;
	struct str_list then;		/* create: update steps of these, from nothing */
	struct driver_outs facts;	/* read: what is told of its data, by driver_fact_names */
	/* read: needless for what was seen before, if these attributes are known */
	struct str_list learns;
	bool risk;			/* read: only of data that a plan would take away */
	bool allowed;			/* delete: only where the loss of data is allowed */
	/* delete: list in the reply to get; while it has items, the call and then get again */
	struct term drain;
	bool has_drain;
	struct term partly;		/* with drain: text in the call's reply: not all was done */
	bool has_partly;
};

/* How much data is in a thing and how safe it is; NULL at the end. */
extern const char *const driver_fact_names[];

struct driver_step_list {
	struct driver_step *items;
	size_t count;
};

/* How a thing is found whose id the service chose. */
struct driver_list {
	struct driver_call call;	/* out: what is taken of the item */
	struct term items;
	struct conditions match;	/* on the item: .path is in it */
};

/*
 * Many of a type from the pages of one call, instead of steps of `read` for each.
 * Resources whose inputs are the same share the pages, whatever their types.
 */
struct driver_instead {
	struct str operation;		/* of the step */
	struct str_list except;		/* properties that no item tells: then the step is made */
};
struct driver_bulk {
	struct span span;
	struct str api;			/* the driver's own, or another service */
	struct driver_call call;	/* out: of an item */
	struct str batch;		/* input member that lists the keys; empty: none */
	size_t batch_most;
	struct str prefix;		/* input member for what all keys begin with; empty: none */
	struct term items;		/* list in the reply */
	struct term item_key, key;	/* of an item (.path), of a resource; both text */
	struct str_list props;		/* told; only where the spec manages one */
	struct driver_instead *instead;
	size_t instead_count;
	struct str as;			/* the member of a reply that an item stands for in `out` */
	struct driver_outs facts;
};

/* Which fields of a keyed list's items cannot change: such an item is removed and added. */
struct remake_rule {
	struct str property;
	struct str_list fields;
};

struct driver_steps {
	struct driver_list *list;	/* NULL: found by its key */
	struct driver_step_list read, create, update, remove;
	struct driver_bulk *bulks;
	size_t bulk_count;
	struct lens *lenses;
	size_t lens_count;
	struct wait_rule *waits;
	size_t wait_count;
	struct refusals absent;		/* of `common`: the thing is not there */
	struct remake_rule *remakes;
	size_t remake_count;
	struct str tags;		/* the property with tags; empty: none */
	bool tags_are_map;		/* the property's form */
};

/* Compiled paths as text again, for messages. */
struct str term_path_text(struct arena *a, const struct term_path *path);

#endif
