#include "transport.h"

#include <curl/curl.h>

#include "base/buf.h"
#include "base/trace.h"
#include "base/vec.h"
#include "libcurl.h"

#define CONNECT_TIMEOUT_MS 10000
#define TIMEOUT_MS 60000
#define RESPONSE_LIMIT_BYTES ((size_t)64 << 20)
#define HEADER_LIMIT_BYTES ((size_t)256 << 10)
#define HEADER_LIMIT_COUNT 512
#define CONNECTIONS_PER_HOST 32

struct http_header_vec VEC_OF(struct http_header);

/* One request on its way, in the arena of its submitter; linked by its transport. */
struct exchange {
	struct exchange *next, *previous;
	uint64_t ticket;
	CURL *easy;			/* NULL once finished */
	struct curl_slist *lines;
	struct arena *arena;
	struct str unsent;		/* of the body */
	struct buf body;
	struct http_header_vec headers;
	size_t header_bytes;
	bool too_large;
	int64_t started_ms;
	struct http_response response;
	char detail[CURL_ERROR_SIZE];
};

struct exchange_list {
	struct exchange *first, *last;
	size_t count;
};

struct curl_transport {
	struct transport base;
	struct transport_options options;
	char *ca_bundle;
	CURLM *multi;
	uint64_t last_ticket;
	struct exchange_list flying, finished;
};

static void list_add(struct exchange_list *list, struct exchange *x)
{
	x->next = NULL;
	x->previous = list->last;
	if (list->last)
		list->last->next = x;
	else
		list->first = x;
	list->last = x;
	list->count++;
}

static void list_remove(struct exchange_list *list, struct exchange *x)
{
	if (x->previous)
		x->previous->next = x->next;
	else
		list->first = x->next;
	if (x->next)
		x->next->previous = x->previous;
	else
		list->last = x->previous;
	list->count--;
}

static struct exchange *list_find(const struct exchange_list *list, uint64_t ticket)
{
	struct exchange *x = list->first;

	while (x && x->ticket != ticket)
		x = x->next;
	return x;
}

/* ---- what libcurl calls ---- */

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
	struct exchange *x = context;

	buf_add(&x->body, str_of(data, size * count));
	if (x->body.overflow) {
		x->too_large = true;
		return 0;
	}
	return size * count;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
	struct exchange *x = context;
	struct str line = str_of(data, size * count);
	size_t colon = str_index(line, ':');
	struct http_header *header;

	x->header_bytes += line.length;
	if (x->header_bytes > HEADER_LIMIT_BYTES || x->headers.count >= HEADER_LIMIT_COUNT) {
		x->too_large = true;
		return 0;
	}
	if (str_starts(line, STR("HTTP/")))
		x->headers.count = 0;	/* an interim reply came before */
	if (colon == line.length)
		return size * count;
	header = vec_push(x->arena, &x->headers);
	header->name = str_copy(x->arena, str_trim(str_slice(line, 0, colon)));
	header->value = str_copy(x->arena, str_trim(str_slice(line, colon + 1, line.length)));
	return size * count;
}

/*
 * The body goes out by a callback that cannot be rewound: so libcurl does not
 * send a request a second time by itself when a kept connection breaks, and
 * whoever knows what the request does decides.
 */
static size_t on_send(char *out, size_t size, size_t count, void *context)
{
	struct exchange *x = context;
	size_t n = size * count < x->unsent.length ? size * count : x->unsent.length;

	if (n > 0)
		memcpy(out, x->unsent.data, n);
	x->unsent = str_slice(x->unsent, n, x->unsent.length);
	return n;
}

/* ---- starting ---- */

static bool text_is_clean(struct str s)
{
	for (size_t i = 0; i < s.length; i++)
		if ((unsigned char)s.data[i] < 0x20 || s.data[i] == 0x7f)
			return false;
	return true;
}

static bool request_check(const struct http_request *r, struct error *err)
{
	if (!str_starts(r->url, STR("http://")) && !str_starts(r->url, STR("https://")))
		return error_set(err, ERROR_NETWORK, "not an http or https URL: '%.*s'",
				 STR_ARG(r->url));
	if (!text_is_clean(r->url) || str_contains(r->url, STR(" ")))
		return error_set(err, ERROR_NETWORK, "a blank or control byte in a URL");
	if (r->method.length == 0 || !text_is_clean(r->method))
		return error_set(err, ERROR_NETWORK, "a request without a method");
	for (size_t i = 0; i < r->header_count; i++) {
		const struct http_header *h = &r->headers[i];

		if (h->name.length == 0 || !text_is_clean(h->name) || !text_is_clean(h->value))
			return error_set(err, ERROR_NETWORK,
					 "a control byte in request header '%.*s'",
					 STR_ARG(h->name));
	}
	return true;
}

static void lines_add(struct exchange *x, const char *line)
{
	struct curl_slist *grown = curl_slist_append(x->lines, line);

	CHECK(grown);
	x->lines = grown;
}

static void headers_set(struct exchange *x, const struct http_request *r)
{
	bool has_type = false, has_accept = false;

	for (size_t i = 0; i < r->header_count; i++) {
		const struct http_header *h = &r->headers[i];
		struct buf line;

		has_type = has_type || str_equal_fold(h->name, STR("Content-Type"));
		has_accept = has_accept || str_equal_fold(h->name, STR("Accept"));
		if (str_equal_fold(h->name, STR("Content-Length")))
			continue;	/* libcurl's own, from the body */
		buf_init(&line, x->arena);
		buf_add(&line, h->name);
		buf_add_c(&line, h->value.length > 0 ? ": " : ";");
		buf_add(&line, h->value);
		lines_add(x, line.data);
	}
	if (!has_type)
		lines_add(x, "Content-Type:");
	if (!has_accept)
		lines_add(x, "Accept:");
	lines_add(x, "Expect:");
	curl_easy_setopt(x->easy, CURLOPT_HTTPHEADER, x->lines);
}

static void method_set(struct exchange *x, const struct http_request *r)
{
	bool get = str_equal_c(r->method, "GET"), head = str_equal_c(r->method, "HEAD");
	bool bare = str_equal_c(r->method, "DELETE") || str_equal_c(r->method, "OPTIONS");

	if (head && r->body.length == 0) {
		curl_easy_setopt(x->easy, CURLOPT_NOBODY, 1L);
	} else if ((get || bare) && r->body.length == 0) {
		curl_easy_setopt(x->easy, CURLOPT_HTTPGET, 1L);
	} else {
		curl_easy_setopt(x->easy, CURLOPT_POST, 1L);
		curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.length);
		curl_easy_setopt(x->easy, CURLOPT_READFUNCTION, on_send);
		curl_easy_setopt(x->easy, CURLOPT_READDATA, x);
	}
	if (!head && !(get && r->body.length == 0))
		curl_easy_setopt(x->easy, CURLOPT_CUSTOMREQUEST, str_to_c(x->arena, r->method));
}

static long timeout_or(int64_t value_ms, long otherwise)
{
	if (value_ms <= 0)
		return otherwise;
	return value_ms > INT32_MAX ? INT32_MAX : (long)value_ms;
}

#if LIBCURL_VERSION_NUM >= 0x075500
static void protocols_set(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
}
#else
static void protocols_set(CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
}
#endif

static void options_set(const struct curl_transport *t, struct exchange *x,
			const struct http_request *r)
{
	long total_ms = timeout_or(t->options.timeout_ms, TIMEOUT_MS);

	curl_easy_setopt(x->easy, CURLOPT_URL, str_to_c(x->arena, r->url));
	curl_easy_setopt(x->easy, CURLOPT_PATH_AS_IS, 1L);
	curl_easy_setopt(x->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(x->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(x->easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	curl_easy_setopt(x->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(x->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(x->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	curl_easy_setopt(x->easy, CURLOPT_TCP_KEEPALIVE, 1L);
	curl_easy_setopt(x->easy, CURLOPT_NOPROGRESS, 1L);
	curl_easy_setopt(x->easy, CURLOPT_CONNECTTIMEOUT_MS,
			 timeout_or(t->options.connect_timeout_ms, CONNECT_TIMEOUT_MS));
	curl_easy_setopt(x->easy, CURLOPT_TIMEOUT_MS, timeout_or(r->timeout_ms, total_ms));
	curl_easy_setopt(x->easy, CURLOPT_ERRORBUFFER, x->detail);
	curl_easy_setopt(x->easy, CURLOPT_PRIVATE, x);
	curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
	if (t->ca_bundle)
		curl_easy_setopt(x->easy, CURLOPT_CAINFO, t->ca_bundle);
	protocols_set(x->easy);
}

static int64_t now_ms(const struct curl_transport *t)
{
	const struct clock *clock = t->options.clock ? t->options.clock : clock_real();

	return clock->now_ms(clock->context);
}

static bool exchange_start(struct curl_transport *t, struct exchange *x,
			   const struct http_request *r)
{
	CURLMcode code;

	if (!request_check(r, &x->response.error))
		return false;
	x->easy = curl_easy_init();
	if (!x->easy)
		return error_set(&x->response.error, ERROR_NETWORK, "libcurl cannot start");
	x->unsent = r->body;
	options_set(t, x, r);
	method_set(x, r);
	headers_set(x, r);
	code = curl_multi_add_handle(t->multi, x->easy);
	if (code == CURLM_OK)
		return true;
	return error_set(&x->response.error, ERROR_NETWORK, "libcurl: %s",
			 curl_multi_strerror(code));
}

static void exchange_drop(struct curl_transport *t, struct exchange *x)
{
	if (x->easy) {
		curl_multi_remove_handle(t->multi, x->easy);
		curl_easy_cleanup(x->easy);
	}
	curl_slist_free_all(x->lines);
	x->easy = NULL;
	x->lines = NULL;
}

/* A presigned query holds secrets, so a trace ends before it. */
static struct str url_shown(struct str url)
{
	return str_slice(url, 0, str_index(url, '?'));
}

static uint64_t curl_submit(void *context, struct arena *a, const struct http_request *request)
{
	struct curl_transport *t = context;
	struct exchange *x = arena_new(a, struct exchange);
	size_t limit_bytes = t->options.max_response_bytes;

	x->arena = a;
	x->ticket = ++t->last_ticket;
	x->started_ms = now_ms(t);
	buf_init_limit(&x->body, a, limit_bytes > 0 ? limit_bytes : RESPONSE_LIMIT_BYTES);
	stats.requests++;
	if (trace_on(TRACE_HTTP)) {
		struct str url = url_shown(request->url);

		trace(TRACE_HTTP, "#%llu %.*s %.*s, %zu bytes", (unsigned long long)x->ticket,
		      STR_ARG(request->method), STR_ARG(url), request->body.length);
	}
	if (exchange_start(t, x, request)) {
		list_add(&t->flying, x);
	} else {
		exchange_drop(t, x);
		list_add(&t->finished, x);
	}
	return x->ticket;
}

/* ---- ending ---- */

static const char *failure_text(CURLcode code)
{
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
		return "the host name cannot be resolved";
	case CURLE_COULDNT_CONNECT:
		return "connection refused or unreachable";
	case CURLE_OPERATION_TIMEDOUT:
		return "timed out";
	case CURLE_PEER_FAILED_VERIFICATION:
		return "the server's TLS certificate is not trusted";
	case CURLE_SSL_CACERT_BADFILE:
		return "the CA bundle cannot be read";
	case CURLE_SSL_CONNECT_ERROR:
		return "the TLS handshake failed";
	case CURLE_GOT_NOTHING:
		return "the connection was closed without a reply";
	case CURLE_PARTIAL_FILE:
		return "the connection was closed in the middle of a reply";
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_FAIL_REWIND:
		return "the connection broke";
	default:
		return "the exchange failed";
	}
}

/* True unless nothing of the request can have reached the service. */
static bool may_have_acted(CURL *easy, CURLcode code)
{
	curl_off_t ready_us = 0;
	long sent_bytes = 0;

	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &sent_bytes);
	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_us);
	if (sent_bytes > 0)
		return true;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_RESOLVE_PROXY:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_URL_MALFORMAT:
	case CURLE_UNSUPPORTED_PROTOCOL:
		return false;
	case CURLE_OPERATION_TIMEDOUT:
		return ready_us > 0;
	default:
		return true;
	}
}

static void failure_set(struct exchange *x, CURLcode code)
{
	const char *detail = x->detail[0] ? x->detail : curl_easy_strerror(code);
	struct http_response *r = &x->response;

	r->maybe_acted = may_have_acted(x->easy, code);
	if (x->too_large)
		error_set(&r->error, ERROR_LIMIT, "the reply is larger than %zu bytes",
			  x->body.limit_bytes);
	else if (code == CURLE_SEND_FAIL_REWIND)
		error_set(&r->error, ERROR_NETWORK, "%s (before anything of a reply came)",
			  failure_text(code));
	else
		error_set(&r->error, ERROR_NETWORK, "%s (%s)", failure_text(code), detail);
}

static void exchange_finish(struct curl_transport *t, struct exchange *x, CURLcode code)
{
	struct http_response *r = &x->response;

	if (code == CURLE_OK) {
		curl_easy_getinfo(x->easy, CURLINFO_RESPONSE_CODE, &r->status);
		r->headers = x->headers.items;
		r->header_count = x->headers.count;
		r->body = buf_str(&x->body);
	} else {
		failure_set(x, code);
	}
	r->elapsed_ms = now_ms(t) - x->started_ms;
	exchange_drop(t, x);
	list_remove(&t->flying, x);
	list_add(&t->finished, x);
	if (r->status > 0)
		trace(TRACE_HTTP, "#%llu %ld, %zu bytes, %lld ms", (unsigned long long)x->ticket,
		      r->status, r->body.length, (long long)r->elapsed_ms);
	else
		trace(TRACE_HTTP, "#%llu failed%s: %s", (unsigned long long)x->ticket,
		      r->maybe_acted ? ", may have acted" : "", r->error.text);
}

static void collect(struct curl_transport *t)
{
	int running = 0, left = 0;
	CURLMsg *message;

	curl_multi_perform(t->multi, &running);
	while ((message = curl_multi_info_read(t->multi, &left))) {
		CURLcode code = message->data.result;
		char *owner = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
		exchange_finish(t, (struct exchange *)(void *)owner, code);
	}
}

static bool finished_take(struct curl_transport *t, struct transport_done *out)
{
	struct exchange *x = t->finished.first;

	if (!x)
		return false;
	list_remove(&t->finished, x);
	out->ticket = x->ticket;
	out->response = x->response;
	return true;
}

/* Real time whatever the clock of the options says: sockets know no other. */
static int64_t real_ms(void)
{
	return clock_real()->now_ms(clock_real()->context);
}

static bool curl_poll(void *context, int64_t wait_ms, struct transport_done *out)
{
	struct curl_transport *t = context;
	int64_t end_ms = real_ms() + wait_ms;
	struct curl_waitfd wake = { .fd = t->options.wake_fd, .events = CURL_WAIT_POLLIN };
	unsigned extra = t->options.wake_fd >= 0 ? 1 : 0;

	for (;;) {
		int64_t left_ms;
		int ready = 0;

		if (t->flying.count > 0)
			collect(t);
		if (finished_take(t, out))
			return true;
		left_ms = end_ms - real_ms();
		if (t->flying.count == 0 || left_ms <= 0)
			return false;
		wake.revents = 0;
		if (curl_multi_poll(t->multi, &wake, extra, left_ms > 1000 ? 1000 : (int)left_ms,
				    &ready) != CURLM_OK)
			return false;
		if (wake.revents) {
			collect(t);
			return finished_take(t, out);
		}
	}
}

static size_t curl_in_flight(void *context)
{
	const struct curl_transport *t = context;

	return t->flying.count + t->finished.count;
}

static void curl_cancel(void *context, uint64_t ticket)
{
	struct curl_transport *t = context;
	struct exchange *x = list_find(&t->flying, ticket);

	if (x) {
		exchange_drop(t, x);
		list_remove(&t->flying, x);
		return;
	}
	x = list_find(&t->finished, ticket);
	if (x)
		list_remove(&t->finished, x);
}

static void curl_release(void *context)
{
	struct curl_transport *t = context;

	for (struct exchange *x = t->flying.first; x; x = x->next)
		exchange_drop(t, x);
	curl_multi_cleanup(t->multi);
	curl_global_cleanup();
}

struct transport *transport_curl(struct arena *a, const struct transport_options *options,
				 struct error *err)
{
	struct curl_transport *t = arena_new(a, struct curl_transport);
	size_t per_host = options->max_connections_per_host;

	if (!libcurl_load(err))
		return NULL;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		error_set(err, ERROR_NETWORK, "libcurl cannot start");
		return NULL;
	}
	t->multi = curl_multi_init();
	if (!t->multi) {
		curl_global_cleanup();
		error_set(err, ERROR_NETWORK, "libcurl cannot start");
		return NULL;
	}
	if (per_host == 0 || per_host > 1000)
		per_host = CONNECTIONS_PER_HOST;
	curl_multi_setopt(t->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)per_host);
	curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)per_host * 4);
	t->options = *options;
	t->options.ca_bundle = str_copy(a, options->ca_bundle);
	if (options->ca_bundle.length > 0)
		t->ca_bundle = str_to_c(a, options->ca_bundle);
	t->base = (struct transport){ t, curl_submit, curl_poll, curl_in_flight, curl_cancel,
				      curl_release };
	return &t->base;
}
