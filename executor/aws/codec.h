#ifndef EFFC_AWS_CODEC_H
#define EFFC_AWS_CODEC_H

#include "aws.h"
#include "base/buf.h"
#include "base/vec.h"

/*
 * The inside of the wire formats.  Each protocol is one file that walks a
 * shape and a value together; what they share is here: how a member is called
 * on the wire, how a scalar looks as text, and the limits.  The value's own
 * depth bounds every walk, since shapes may be recursive.
 */
#define WIRE_DEPTH_LIMIT 100

struct http_header_vec VEC_OF(struct http_header);

struct codec {
	struct arena *a;
	const struct wire_service *service;
	const struct wire_operation *operation;
	struct error *err;
	unsigned depth;
};

/* One level down; false past the limit.  The caller does depth-- when it is through. */
bool codec_enter(struct codec *c);

/* Its name in JSON, XML, headers and queries. */
struct str member_label(const struct wire_member *m);
bool member_is_flat(const struct wire_member *m);
/* In replies the URI holds nothing, so its members stand in the body too. */
bool member_is_read_from_body(const struct wire_member *m);
enum wire_timestamp member_time(const struct wire_member *m, enum wire_timestamp otherwise);
/* NULL if absent or null. */
const struct value *value_given(const struct value *map, struct str key);
/* False, with its name, if a structure's value has a member that the facts do not. */
bool members_check(struct codec *c, const struct wire_shape *shape, const struct value *v);
/* A value of the kind that the shape wants, or false with a message. */
bool shape_accepts(struct codec *c, const struct wire_shape *shape, const struct value *v);

/* ---- scalar.c ---- */

bool shape_is_scalar(const struct wire_shape *shape);
/* The text of a string, number, boolean, timestamp or blob (base64). */
bool scalar_text(struct codec *c, const struct wire_shape *shape, enum wire_timestamp format,
		 const struct value *v, struct str *out);
/* The reverse, for text from XML and headers. */
bool scalar_read(struct codec *c, const struct wire_shape *shape, struct str text,
		 struct value *out);
/* Epoch seconds from a number, ISO 8601 or RFC 822 text: an integer where there is no fraction. */
bool time_read(struct str text, struct value *out);
/* unix, ISO 8601 or RFC 822; v is a number, or text in any of them. */
bool time_text(struct arena *a, enum wire_timestamp format, const struct value *v,
	       struct str *out);
/* A decimal number that is the whole text. */
bool number_read(struct arena *a, struct str text, double *out);

/* ---- json.c ---- */

/* body_only leaves out the members that stand in the URI or in headers. */
bool json_write(struct codec *c, struct buf *out, const struct wire_shape *shape,
		const struct value *v, bool body_only);
bool json_read(struct codec *c, const struct wire_shape *shape, const struct value *json,
	       bool body_only, struct value *out);

/* ---- query.c ---- */

bool query_write(struct codec *c, struct buf *out, const struct wire_shape *shape,
		 const struct value *v);

/* ---- xml_write.c, xml_read.c ---- */

struct xml_root {
	struct str name, uri, prefix;
};
bool xml_write(struct codec *c, struct buf *out, struct xml_root root,
	       const struct wire_shape *shape, const struct value *v, bool body_only);
struct xml_node;
bool xml_read(struct codec *c, const struct wire_shape *shape, const struct xml_node *node,
	      bool body_only, struct value *out);

/* ---- rest_write.c, rest_read.c ---- */

bool rest_write(struct codec *c, const struct value *input, struct wire_request *out);
/* The member that is the whole body, or NULL. */
const struct wire_member *payload_of(const struct wire_shape *shape);
/* The body is bytes or text as it is, and not JSON or XML. */
bool payload_is_raw(const struct wire_shape *shape);
/* Adds the members that stand in headers and in the status. */
bool rest_read_head(struct codec *c, const struct wire_shape *shape,
		    const struct http_response *response, struct value *out);
/* root: of an XML body; NULL for others and for none. */
bool rest_read(struct codec *c, const struct wire_shape *shape,
	       const struct http_response *response, const struct xml_node *root,
	       struct value *out);

/* ---- errors.c ---- */

enum reply_class error_class(long status, struct str code, const struct service_rules *rules);
int64_t retry_after_ms(const struct http_response *response);

void header_put(struct arena *a, struct http_header_vec *headers, struct str name,
		struct str value);
bool header_put_new(struct arena *a, struct http_header_vec *headers, const char *name,
		    struct str value);

#endif
