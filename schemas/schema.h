#ifndef EFFC_SCHEMAS_SCHEMA_H
#define EFFC_SCHEMAS_SCHEMA_H

#include "base/diag.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/value.h"
#include "driver.h"
#include "wire.h"

/*
 * What an AWS resource type is.  The facts of all types, the wire facts of the
 * services and the drivers are compiled by datac into one blob that the
 * program embeds: a sorted index over documents, each decoded when it is first
 * asked for, so that start-up costs nothing and a run pays for what it uses.
 * A folder of a user's own (--schemas DIR: its types, wire and drivers folders,
 * JSON and YAML as ours) is laid over it and checked by the same code.
 */
enum property_kind {
	PROPERTY_STRING, PROPERTY_INTEGER, PROPERTY_NUMBER, PROPERTY_BOOLEAN,
	PROPERTY_LIST, PROPERTY_MAP,	/* free keys */
	PROPERTY_OBJECT,		/* fixed fields */
	PROPERTY_JSON,			/* anything: policy documents */
};

/* "This property takes that attribute of that type." */
struct property_reference {
	struct str type;		/* "AWS::IAM::Role" */
	struct str attribute;		/* "Arn"; empty: its Ref */
};

/* What must hold of an object's properties together. */
enum constraint_kind {
	CONSTRAINT_ONE,			/* exactly one of the groups is complete */
	CONSTRAINT_ANY,			/* at least one is */
	CONSTRAINT_NEEDS,		/* where 'with' is given, all of the only group are */
	CONSTRAINT_EXCLUDES,		/* where it is given, none of them is */
};

struct constraint {
	enum constraint_kind kind;
	struct str_list *groups;
	size_t count;
	struct str with;
	struct str_list is;		/* only where 'with' is one of these texts; empty: any */
};

struct constraints {
	struct constraint *items;
	size_t count;
};

enum text_format { FORMAT_FREE, FORMAT_IPV4_NETWORK, FORMAT_IPV6_NETWORK };

struct shape {
	enum property_kind kind;
	struct str name;		/* of an object: the definition's name */
	struct shape *element;		/* list and map */
	struct map fields;		/* object: name -> struct property */
	struct constraints constraints;	/* object */
	struct str *enums;		/* of an integer: as text */
	size_t enum_count;
	bool any_case;			/* the enum's case does not count */
	enum text_format format;
	struct str pattern;		/* as AWS writes it (base/regex.h); empty: none */
	struct str key_pattern;		/* map: what its keys look like; empty: anything */
	bool has_min, has_max;		/* of the number, the text's length, the list's count */
	double min, max;
	bool unordered, unique;		/* list */
	struct str_list unique_by;	/* list of objects: no two agree in all of these */
};

struct property {
	struct str name;
	struct shape *shape;
	bool required, create_only, maybe_create_only, read_only, write_only, deprecated;
	struct property_reference *references;
	size_t reference_count;
};

enum tier { TIER_NATIVE, TIER_CLOUD_CONTROL, TIER_NONE };

struct schema {
	struct str type;		/* "AWS::SQS::Queue" */
	struct map properties;		/* name -> struct property, read-only ones too; sorted */
	struct str *identifiers;	/* primary identifier's property names */
	size_t identifier_count;
	struct str ref_property;	/* what CloudFormation's Ref gives; empty: the identifier */
	struct str tag_property;	/* "Tags"; empty: not taggable */
	bool tags_are_map;		/* {k: v}, else [{Key, Value}] */
	struct constraints constraints;	/* of its own properties */
	struct str ends, closed;	/* days: its service ends, takes nobody new; or empty */
	struct str arn_template;	/* may be empty */
	bool stateful;			/* holds data */
	const struct permission_rule *permissions;	/* permissions.h */
	size_t permission_count;
	enum tier tier;
	struct str refusal;		/* TIER_NONE: why */
	const struct driver *driver;	/* NULL unless TIER_NATIVE */
};

struct schemas;

/* The blob is borrowed for the life of the result (it is mapped, not copied). */
struct schemas *schemas_open(struct arena *a, struct str blob, struct error *err);
struct str schemas_embedded(void);		/* the blob of this program */
/* Reads all of it, which schemas_open() does not: false if any bit is not as it was written. */
bool schemas_verify(struct str blob, struct error *err) ATTR_CHECKED;
/*
 * Lays a user's folder over it.  A type or driver takes the place of the one
 * built in; a service keeps the operations that are not given anew.  Mistakes
 * go to d with their places.
 */
bool schemas_overlay(struct schemas *s, const struct files *files, struct str folder,
		     struct sources *sources, struct diags *d) ATTR_CHECKED;

/* NULL: no such type.  Decoding a document of the blob cannot fail (datac checked it). */
const struct schema *schema_find(struct schemas *s, struct str type);
/* All type names, sorted; for suggestions. */
const struct str *schemas_types(struct schemas *s, size_t *count);
/* NULL: no facts of that service. */
const struct wire_service *schemas_wire(struct schemas *s, struct str service);
/* Rates and error classes of a service (schemas/overrides/services.yaml); never NULL. */
const struct service_rules *schemas_service(struct schemas *s, struct str service);
/* Digest over the blob and overlay, for `effc version` and saved plans. */
struct str schemas_digest(struct schemas *s, struct arena *a);

const struct property *schema_property(const struct schema *s, struct str name);
/*
 * By dotted path into objects ("StreamSpecification.StreamViewType").  Lists
 * and maps are entered by "[]" or ".*", lists by an index and maps by any key
 * too.  Gives the innermost property that has a name: for "Tags[]" it is Tags,
 * and below free-form JSON it is the property that holds that.
 */
const struct property *schema_property_path(const struct schema *s, struct str path);

/* Lambda runtimes and their end dates (schemas/overrides/runtimes.yaml). NULL: unknown runtime. */
struct runtime_rule {
	struct str name;		/* "nodejs24.x" */
	struct str deprecated, blocked;	/* "2026-04-30"; empty: no date */
};
const struct runtime_rule *schemas_runtime(struct schemas *s, struct str name);

#endif
