#ifndef EFFC_AWS_AWS_H
#define EFFC_AWS_AWS_H

#include "base/clock.h"
#include "base/error.h"
#include "base/fs.h"
#include "base/value.h"
#include "executor/net/transport.h"
#include "schemas/schema.h"
#include "schemas/scope.h"

/*
 * AWS's way to be spoken to, as pure functions: where an operation is called
 * (endpoints), how its input is written and its output read (wire formats,
 * from schemas/wire.h), how a request is signed (SigV4), what an error means.
 * Sending, waiting and retrying belong to the loop.
 */

struct credentials {
	struct str access_key_id;
	struct str secret_access_key;	/* never printed */
	struct str session_token;	/* may be empty; never printed */
	struct str account;		/* if the source says it */
	int64_t expires_at_s;		/* 0: never */
	struct str origin;		/* "environment", "profile 'x' in ~/.aws/credentials" */
};

/* ---- SigV4 (sigv4.c): pure; checked stage by stage against published vectors ---- */

struct sign_input {
	struct str method;
	struct str uri;			/* path and query exactly as they go out */
	const struct http_header *headers;
	size_t header_count;
	struct str body;
	struct str region, service;
	int64_t time_s;
	bool normalize_path, encode_path;	/* both false for S3 */
	bool sign_body;			/* adds x-amz-content-sha256 */
	struct str payload_hash;	/* instead of the body's digest, e.g. UNSIGNED-PAYLOAD */
	bool omit_session_token;
	bool in_query;			/* presigned */
	int64_t expires_in_s;
};
struct signature {
	struct str canonical_request, string_to_sign, signature;	/* the stages */
	struct str uri;					/* presigned: with the query added */
	struct http_header *headers;			/* all to send, the signature's included */
	size_t header_count;
};
bool sigv4_sign(struct arena *a, const struct sign_input *in, const struct credentials *who,
		struct signature *out, struct error *err) ATTR_CHECKED;

/* ---- wire formats (json.c query.c rest.c xml.c behind codec.c): pure ---- */

struct wire_request {
	struct str method;
	struct str uri;			/* path and query */
	struct str host_prefix;
	struct http_header *headers;
	size_t header_count;
	struct str body;
};
/* input: a MAP by the facts' member names; timestamps as integers or ISO text, blobs as bytes. */
bool wire_write(struct arena *a, const struct wire_service *service,
		const struct wire_operation *operation, const struct value *input,
		struct str idempotency_token, struct wire_request *out,
		struct error *err) ATTR_CHECKED;

/*
 * What a reply means.  Classes are decided from status, code and the service's
 * rules; drivers look at code and message.
 */
enum reply_class {
	REPLY_OK,
	REPLY_ERROR,			/* a refusal that a retry does not change */
	REPLY_THROTTLED,
	REPLY_TRANSIENT,		/* 5xx, connection refused before it was sent, time-outs */
	REPLY_LOST,			/* no answer, and the service may have acted */
	REPLY_EXPIRED,			/* credentials expired; refresh and sign again */
	REPLY_SKEWED,			/* our clock is off; *Date* header tells by how much */
};
struct reply {
	enum reply_class class;
	long status;
	struct value body;		/* MAP by the facts' member names; for errors its fields */
	struct str code;		/* "ResourceNotFoundException"; empty if OK or no reply */
	struct str error_name;		/* what the facts call it; may be empty */
	struct str message;
	struct str request_id;
	int64_t retry_after_ms;		/* 0: not said */
};
/*
 * The body of a reply has times as epoch seconds, blobs as bytes, NaN and the
 * infinities as text; an unknown variant of a union as SDK_UNKNOWN_MEMBER.
 * False and err: a 2xx whose body is not what the facts say, so it may have
 * acted.  rules may be NULL.
 */
bool wire_read(struct arena *a, const struct wire_service *service,
	       const struct wire_operation *operation, const struct service_rules *rules,
	       const struct http_response *response, struct reply *out,
	       struct error *err) ATTR_CHECKED;
/* Is it the error that a driver calls name: by its code or by the facts' name for it? */
bool reply_is(const struct reply *reply, struct str name);

/* ---- endpoints (endpoint.c) ---- */

struct endpoint {
	struct str url;			/* "https://sqs.eu-west-1.amazonaws.com" */
	struct str signing_region, signing_name;
};
struct endpoint_options {
	struct str override_url;	/* AWS_ENDPOINT_URL; empty: none */
	bool fips, dual_stack;
};
bool endpoint_find(struct arena *a, const struct wire_service *service, const struct scope *scope,
		   const struct endpoint_options *options, struct endpoint *out,
		   struct error *err) ATTR_CHECKED;

/* ---- a whole call: input to signed HTTP request ---- */

struct call {
	struct str service;		/* wire service name */
	struct str operation;
	struct value input;		/* MAP */
	struct str token;		/* for idempotency members; a retry repeats it */
	const struct scope *scope;
};
struct aws_client {
	struct schemas *schemas;
	struct endpoint_options endpoints;
	int64_t skew_s;			/* server clock minus ours */
	struct str user_agent;
};
bool aws_request(struct arena *a, const struct aws_client *client, const struct call *call,
		 const struct credentials *who, int64_t now_s, struct http_request *out,
		 struct error *err) ATTR_CHECKED;
bool aws_reply(struct arena *a, struct aws_client *client, const struct call *call,
	       const struct http_response *response, int64_t now_s, struct reply *out,
	       struct error *err) ATTR_CHECKED;

/*
 * One line for people: "lambda CreateFunction in eu-west-1: 400
 * InvalidParameterValueException: … (request 5f0c…)".  Never a secret.
 */
void aws_describe(struct buf *out, const struct call *call, const struct reply *reply);

/* ---- credentials (credentials.c, profile.c): a pull state machine, no I/O of its own ---- */

/* What cli/ read of the environment, so that this stays pure. */
struct aws_environment {
	struct map variables;		/* AWS_* and HOME: name -> struct str* */
	const struct files *files;
};
enum credentials_step { CREDENTIALS_SEND, CREDENTIALS_DONE, CREDENTIALS_FAILED };
struct credentials_machine;		/* environment, then profile files */
/* profile: named by the user, wins over the environment; empty: AWS_PROFILE or "default". */
struct credentials_machine *credentials_start(struct arena *a, const struct aws_environment *env,
					      struct str profile);
/* last: the reply to the request given before, or NULL.  SEND: *request is to be sent. */
enum credentials_step credentials_next(struct credentials_machine *m,
				       const struct http_response *last, int64_t now_s,
				       struct http_request *request, struct credentials *out,
				       struct error *err);
/*
 * Region by AWS_REGION, AWS_DEFAULT_REGION, then the profile's; empty if
 * nowhere.  err->kind is ERROR_NONE unless a profile file cannot be read.
 */
struct str region_find(struct arena *a, const struct aws_environment *env, struct str profile,
		       struct error *err);

/* The profile files, for credentials and for the conformance helper. */
struct profiles {
	struct map profiles;		/* name -> struct map* of property -> struct str* */
	struct map sso_sessions;
};
bool profiles_parse(struct arena *a, const struct str *config_file,
		    const struct str *credentials_file, struct profiles *out,
		    struct error *err) ATTR_CHECKED;
struct profile_location { struct str config, credentials, profile; };
void profiles_locate(struct arena *a, const struct aws_environment *env,
		     struct profile_location *out);

#endif
