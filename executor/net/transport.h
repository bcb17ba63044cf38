#ifndef EFFC_NET_TRANSPORT_H
#define EFFC_NET_TRANSPORT_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/str.h"

/*
 * The door to the network: send requests, get replies, many at once, on one
 * thread.  The real one is libcurl's multi interface (transport_curl); tests
 * bring one that answers from a script.  Nobody above waits on a socket.
 */
struct http_header {
	struct str name, value;
};

struct http_request {
	struct str method;
	struct str url;			/* absolute; the path and query go out as they stand */
	struct http_header *headers;
	size_t header_count;
	struct str body;
	int64_t timeout_ms;		/* whole exchange; 0: the transport's default */
};

struct http_response {
	long status;			/* 0: no reply, see error */
	struct http_header *headers;	/* names as received */
	size_t header_count;
	struct str body;
	struct error error;		/* set if status is 0 */
	bool maybe_acted;		/* no reply, but the request may have reached the service */
	int64_t elapsed_ms;
};

/* Empty if there is none; names compare without case. */
struct str http_header_get(const struct http_response *r, const char *name);

struct transport_done {
	uint64_t ticket;
	struct http_response response;	/* lives in the arena given to submit */
};

struct transport {
	void *context;
	/* Starts an exchange. request is borrowed until it is done. The reply will live in a. */
	uint64_t (*submit)(void *context, struct arena *a, const struct http_request *request);
	/*
	 * The next finished exchange: true and *out.  Waits up to wait_ms while
	 * something is in flight; false when time is up, a signal came or nothing
	 * is in flight (then it returns at once).
	 */
	bool (*poll)(void *context, int64_t wait_ms, struct transport_done *out);
	size_t (*in_flight)(void *context);
	/* Drops an exchange; its ticket is never reported. */
	void (*cancel)(void *context, uint64_t ticket);
	void (*release)(void *context);
};

struct transport_options {
	struct str ca_bundle;		/* file; empty: the system's */
	int64_t connect_timeout_ms, timeout_ms;
	size_t max_connections_per_host;
	size_t max_response_bytes;
	int wake_fd;			/* readable ends a poll early; -1: none */
	const struct clock *clock;
};
/* NULL and err if libcurl cannot start.  Release with ->release. */
struct transport *transport_curl(struct arena *a, const struct transport_options *options,
				 struct error *err);

#endif
