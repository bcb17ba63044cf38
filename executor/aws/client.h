#ifndef EFFC_AWS_CLIENT_H
#define EFFC_AWS_CLIENT_H

#include "aws.h"

/* aws_request and aws_reply once the facts are found, for tests that bring their own. */
bool request_make(struct arena *a, const struct aws_client *client,
		  const struct wire_service *service, const struct wire_operation *operation,
		  const struct call *call, const struct credentials *who, int64_t now_s,
		  struct http_request *out, struct error *err) ATTR_CHECKED;

/* Sees whether our clock is off, and learns by how much. */
void skew_learn(struct aws_client *client, const struct http_response *response, int64_t now_s,
		struct reply *reply);

#endif
