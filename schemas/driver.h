#ifndef EFFC_SCHEMAS_DRIVER_H
#define EFFC_SCHEMAS_DRIVER_H

#include "base/diag.h"
#include "base/error.h"
#include "base/value.h"
#include "scope.h"

/*
 * A driver says how one resource type is created, read, updated and deleted
 * with the service's own API, as data: schemas/drivers/<Service>.<Type>.yaml,
 * documented in docs/drivers.md.  This header is the part that the compiler
 * and the planner use; the steps are in schemas/steps.h, for the interpreter
 * in executor/driver/.
 */
struct str_list {
	struct str *items;
	size_t count;
};

/* How the physical name is made and what the service allows. */
struct name_rule {
	/* "QueueName"; empty: the type has no name of the user's choice */
	struct str property;
	uint32_t max_length;
	struct str alphabet;		/* characters allowed besides letters and digits: "-_." */
	bool lower;			/* lower-case only (buckets) */
	bool fold;			/* the service ignores case (IAM) */
	/* buckets: 8 hex digits of SHA-256(account, region) are added */
	bool unique_globally;
	struct str part;		/* what is added for this type as a part, e.g. "-role" */
	struct str suffix_if;		/* property that, when true, ... */
	struct str suffix;		/* ... puts this last: ".fifo" */
};

/*
 * Who made a thing that we found.  TAG: the instance stands in a tag.  KEY: a
 * client-chosen key carries it (statement id).  DESCRIPTION: it stands in the
 * description.  PARENT: whoever owns the parent owns it.  GROUP: whoever owns
 * the tagged group it is in.
 */
enum owner_kind { OWNER_TAG, OWNER_KEY, OWNER_DESCRIPTION, OWNER_PARENT, OWNER_GROUP };

/*
 * How a create whose reply was lost is found again.  NAME: its key was chosen, and a
 * second create is refused.  ADOPT: its key was chosen, and a second create takes over
 * what is there, so that whose it is is asked before.  TAG: the service chose its id,
 * and a tag says which it is.  CONTENT: what stands in its parent tells.  TOKEN: the
 * create is sent again with its token.
 */
enum recover_class {
	RECOVER_UNSAID, RECOVER_NAME, RECOVER_ADOPT, RECOVER_TAG, RECOVER_CONTENT, RECOVER_TOKEN,
};

enum compare_rule {
	COMPARE_EXACT,
	COMPARE_SET,			/* a list whose order means nothing */
	COMPARE_KEYED,			/* a list of objects identified by one field */
	COMPARE_JSON,			/* text that is JSON: by value */
	/* an IAM policy document: single = list of one, sets of actions */
	COMPARE_POLICY,
	COMPARE_FOLD,			/* text without regard to case */
	COMPARE_IGNORE,			/* never drift (what AWS changes by itself) */
};
struct compare {
	struct str path;		/* property path */
	enum compare_rule rule;
	struct str key;			/* KEYED */
};

enum guard { GUARD_NONE, GUARD_SOFT, GUARD_HARD };

struct known_attribute {
	struct str attribute;
	struct str template;		/* "arn:{partition}:sqs:{region}:{account}:{QueueName}" */
};

struct volatile_rule {
	struct str property;		/* when this changes, ... */
	struct str_list attributes;	/* ... these are unknown until applied */
};

struct weak_rule {
	struct str property;		/* path; existence of what it names is not checked by AWS */
	struct str document;		/* where that is said */
};

/* What a change of something that was there before costs, though nothing is replaced. */
struct cost_rule {
	struct str path;		/* "GlobalSecondaryIndexes.Projection" */
	struct str text;
};

/* A property that the service could take and this driver does not: refused, never left out. */
struct unsupported_rule {
	struct str path;		/* "Code.ZipFile" */
	struct str reason;
	struct span span;
};

struct driver {
	struct str type;
	uint32_t version;		/* raised when the meaning of its state changes */
	struct str api;			/* wire service */
	bool global;			/* region is not part of its identity */
	struct name_rule name;
	struct str_list key;		/* properties and attributes that address it in calls */
	bool key_is_chosen;		/* every part of key is a property: found by reading it */
	enum owner_kind owner;
	struct str owner_property;	/* TAG: tag property; KEY, DESCRIPTION: the property */
	enum recover_class recover;
	/* attribute that the service compares before it changes something; empty: none */
	struct str revision;
	struct str revision_moved;	/* code of its refusal */
	struct str_list replace;	/* beyond the facts' create_only; paths */
	/* the facts say create_only, and are wrong; each cites why in the file */
	struct str_list in_place;
	struct str_list stable;		/* attributes that an update cannot change */
	struct known_attribute *known;
	size_t known_count;
	struct volatile_rule *volatiles;
	size_t volatile_count;
	struct weak_rule *weak;
	size_t weak_count;
	struct cost_rule *costs;
	size_t cost_count;
	struct str lock;		/* template; writers with the same text go one at a time */
	/* properties that together may exist once: forces delete-first */
	struct str_list unique;
	/* property naming the parent; replacing it recreates this */
	struct str parent;
	/* set again when what they name was replaced, though the text stays */
	struct str_list rebind;
	struct compare *compares;
	size_t compare_count;
	enum guard guard;
	struct str_list write_only;	/* never read back: never drift */
	struct str_list secret;
	/* what it learns: identifiers, read-only ones, ones of its own */
	struct str_list attributes;
	struct unsupported_rule *unsupported;
	size_t unsupported_count;
	/* attributes whose outside change is drift ("CodeSha256") */
	struct str_list watch;
	struct value defaults;		/* MAP: what AWS assumes when a property is absent */
	int64_t consistency_ms;		/* how long a create may stay invisible to reads */
	int64_t recreate_wait_ms;	/* how long a deleted name stays burnt */
	struct str returns;		/* AWS itself makes again what has a name that begins so */
	int64_t leaving_ms;		/* how long one being deleted is in a new one's way */
	int64_t latency_ms;		/* typical time of a create, for the critical path */
	/* what uses it may be refused so long after it was made, usually */
	int64_t usable_ms;
	bool async_delete;
	const struct driver_steps *steps;	/* schemas/steps.h */
};

/*
 * source: the YAML as a value.  Everything that can be checked without other
 * files is: keys, kinds, expressions.  wire may be NULL; with it every
 * operation and path is checked as well.  Mistakes go to d.
 */
struct wire_service;
struct schemas;
bool driver_parse(struct arena *a, const struct value *source, struct driver *out,
		  struct diags *d) ATTR_CHECKED;
/*
 * Every operation, input member and output path exists in the wire facts, every property in the
 * type's facts.
 */
bool driver_check(const struct driver *driver, const struct value *source, struct schemas *all,
		  struct diags *d) ATTR_CHECKED;

/*
 * The attribute, as far as it can be told from the properties: a string, an
 * unknown with its known prefix, or false if the driver does not know it.
 */
bool driver_known(struct arena *a, const struct driver *driver, const struct scope *scope,
		  const struct value *properties, struct str attribute, struct value *out);

/*
 * {partition} {dns} {region} {account} {Property} {Property|default} replaced; unknown where a
 * part is.
 */
struct value driver_fill(struct arena *a, struct str template, const struct scope *scope,
			 const struct value *properties);

/*
 * Why a property (a dotted path, or the path of something above it) is refused; NULL if it is
 * not.
 */
const struct unsupported_rule *driver_unsupported(const struct driver *driver, struct str path);

bool str_list_has(const struct str_list *list, struct str item);

/* Rates, error classes and quirks of a service. */
struct quota_rule {
	struct str operation;		/* "*": shared by all without a rule of their own */
	double per_second;
	double burst;
};
struct service_rules {
	struct str service;
	struct quota_rule *quotas;
	size_t quota_count;
	struct str_list throttle_codes;		/* besides the general ones */
	struct str_list not_throttle_codes;	/* general ones that mean something else here */
	struct str_list transient_codes;
};

#endif
