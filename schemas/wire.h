#ifndef EFFC_SCHEMAS_WIRE_H
#define EFFC_SCHEMAS_WIRE_H

#include "base/error.h"
#include "base/map.h"
#include "base/value.h"

/*
 * Wire facts: how a service's operations look on the network.  Read from the
 * JSON form of the public AWS service models (metadata, operations, shapes)
 * with the prose left out, see schemas/wire/.  The generic client writes
 * requests and reads replies from nothing but these facts, and datac checks
 * every driver against them.
 */
enum wire_protocol { WIRE_JSON, WIRE_QUERY, WIRE_EC2, WIRE_REST_JSON, WIRE_REST_XML };

enum wire_kind {
	WIRE_STRUCTURE, WIRE_LIST, WIRE_MAP, WIRE_STRING, WIRE_BLOB, WIRE_BOOLEAN,
	WIRE_INTEGER, WIRE_LONG, WIRE_FLOAT, WIRE_DOUBLE, WIRE_TIMESTAMP, WIRE_CHARACTER,
};

enum wire_location {
	WIRE_BODY, WIRE_URI, WIRE_QUERYSTRING, WIRE_HEADER, WIRE_HEADERS, WIRE_STATUS_CODE,
};

enum wire_timestamp { WIRE_TIME_DEFAULT, WIRE_TIME_UNIX, WIRE_TIME_ISO8601, WIRE_TIME_RFC822 };

struct wire_member {
	struct str name;		/* what callers say */
	struct str location_name;	/* what stands on the wire; empty: name */
	struct str query_name;		/* ec2 */
	struct wire_shape *shape;
	enum wire_location location;
	enum wire_timestamp timestamp;
	struct str xml_namespace, xml_prefix;
	bool required, flattened, xml_attribute, idempotency_token, streaming, host_label,
		jsonvalue;
};

struct wire_shape {
	struct str name;
	enum wire_kind kind;
	struct map members;		/* structure: name -> struct wire_member, in order */
	struct wire_member *item;	/* list: the item; map: the value */
	struct wire_member *key;	/* map */
	struct str payload;		/* structure: the member that is the whole body */
	struct str location_name;
	struct str xml_namespace, xml_prefix;
	struct str error_code;		/* exception with a code of its own; empty: name */
	int error_status;		/* 0: none given */
	enum wire_timestamp timestamp;
	bool flattened, streaming, exception, document, is_union, eventstream;
	bool sensitive;			/* never shown in traces */
	struct str_list_wire { struct str *items; size_t count; } enums;
};

struct wire_operation {
	struct str name;
	struct str method, uri;		/* "/2015-03-31/functions/{FunctionName}?x=y" */
	struct wire_shape *input;	/* NULL: none */
	struct wire_shape *output;
	struct str input_name;		/* XML root element; empty: none */
	struct str input_namespace, input_prefix;
	struct str output_wrapper;	/* query: resultWrapper */
	struct wire_shape **errors;
	size_t error_count;
	bool unsigned_call;		/* authtype none */
	bool checksum_required;		/* a body digest must be sent */
	struct str host_prefix;
	/* Paging: input and output members; empty more_token: one page. */
	struct str page_input_token, page_output_token, page_more, page_result, page_limit_key;
};

struct wire_service {
	struct str name;		/* as drivers say it: "sqs" */
	enum wire_protocol protocol;
	struct str json_version, target_prefix, api_version;
	struct str endpoint_prefix, signing_name, service_id;
	struct str xml_namespace;
	bool query_compatible; /* awsQueryCompatible: the code stands in x-amzn-query-error */
	bool global;			/* one endpoint for the partition */
	bool raw_signing;		/* path signed as it stands, body's digest in a header */
	struct map operations;		/* name -> struct wire_operation */
	struct map shapes;		/* name -> struct wire_shape */
};

/*
 * json: {"metadata":…, "operations":…, "shapes":…, "pagination":{Operation:{…}}}.
 * Unknown protocols, missing shapes and too deep nesting fail with err.
 */
bool wire_service_parse(struct arena *a, struct str name, const struct value *json,
			struct wire_service *out, struct error *err) ATTR_CHECKED;

const struct wire_operation *wire_operation_find(const struct wire_service *s, struct str name);

/*
 * The member at a path such as "Table.GlobalSecondaryIndexes[].IndexStatus"
 * ("[]" steps into a list, ".x" into a structure, ".*" or any key into a map's
 * values); a leading "." is allowed, the empty path is from itself, and below a
 * free-form document every path exists.  NULL if the facts have no such path.
 * For checking drivers.
 */
const struct wire_shape *wire_path(const struct wire_shape *from, struct str path);

#endif
