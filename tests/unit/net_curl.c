#include "unit.h"

#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include "executor/net/transport.h"
#include "loopback.h"

struct fixture {
	struct arena a;
	struct loopback *server;
	struct transport *transport;
	int wake[2];
};

static struct fixture f;

static void setup(void)
{
	struct transport_options options = { .connect_timeout_ms = 5000, .timeout_ms = 20000,
					     .max_connections_per_host = 4,
					     .max_response_bytes = 100000 };
	struct error err;

	unsetenv("http_proxy");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	arena_init(&f.a);
	f.server = loopback_start(&f.a);
	ck_assert_int_eq(pipe(f.wake), 0);
	options.wake_fd = f.wake[0];
	f.transport = transport_curl(&f.a, &options, &err);
	ck_assert_ptr_nonnull(f.transport);
}

static void teardown(void)
{
	f.transport->release(f.transport->context);
}

static struct http_request request_to(int port, const char *method, const char *path)
{
	return (struct http_request){
		.method = str_from_c(method),
		.url = str_format(&f.a, "http://127.0.0.1:%d%s", port, path),
	};
}

static uint64_t submit(const struct http_request *request)
{
	return f.transport->submit(f.transport->context, &f.a, request);
}

static struct http_response finish(uint64_t ticket)
{
	struct transport_done done;

	ck_assert(f.transport->poll(f.transport->context, 30000, &done));
	ck_assert_uint_eq(done.ticket, ticket);
	return done.response;
}

static struct http_response exchange(const char *method, const char *path, const char *body)
{
	struct http_request request = request_to(f.server->port, method, path);

	request.body = str_from_c(body);
	return finish(submit(&request));
}

static void check_lost(const struct http_response *r, bool acted, const char *text)
{
	ck_assert_int_eq(r->status, 0);
	ck_assert_msg(strstr(r->error.text, text), "'%s' lacks '%s'", r->error.text, text);
	ck_assert_int_eq(r->maybe_acted, acted);
	ck_assert_int_eq(r->error.kind, ERROR_NETWORK);
}

START_TEST(sends_what_it_is_given)
{
	struct http_header headers[] = {
		{ STR_INIT("Host"), STR_INIT("sqs.test") },
		{ STR_INIT("X-Empty"), { 0 } },
		{ STR_INIT("Authorization"), STR_INIT("AWS4 x") },
	};
	struct http_request request = request_to(f.server->port, "PUT",
						 "/echo/../b//c%2f?x=%7e&y='&z");
	struct http_response r;

	request.headers = headers;
	request.header_count = 3;
	request.body = STR("a\0b");
	r = finish(submit(&request));
	ck_assert_int_eq(r.status, 200);
	ck_assert(str_starts(r.body, STR("PUT /echo/../b//c%2f?x=%7e&y='&z HTTP/1.1\r\n")));
	ck_assert(str_contains(r.body, STR("\r\nHost: sqs.test\r\n")));
	ck_assert(str_contains(r.body, STR("\r\nX-Empty:\r\n")));
	ck_assert(str_contains(r.body, STR("\r\nContent-Length: 3\r\n")));
	ck_assert(str_ends(r.body, STR("\r\n\r\na\0b")));
	ck_assert(!str_contains(r.body, STR("Expect:")));
	ck_assert(!str_contains(r.body, STR("Content-Type:")));
	ck_assert(!str_contains(r.body, STR("Cookie")));
	unit_str_eq(http_header_get(&r, "x-odd-header"), "padded");
}
END_TEST

START_TEST(every_method)
{
	static const char *const methods[] = { "GET", "DELETE", "POST", "PATCH", "OPTIONS" };

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		struct http_response r = exchange(methods[i], "/echo", "");

		ck_assert_int_eq(r.status, 200);
		ck_assert(str_starts(r.body, str_from_c(methods[i])));
	}
	ck_assert(str_contains(exchange("DELETE", "/echo", "{}").body, STR("\r\n\r\n{}")));
	ck_assert_int_eq(f.server->connections, 1);
}
END_TEST

START_TEST(many_in_flight)
{
	enum { COUNT = 60 };
	bool seen[COUNT + 1] = { false };
	struct transport_done done;

	for (int i = 0; i < COUNT; i++) {
		struct http_request request = request_to(f.server->port, "POST", "/echo");

		request.body = str_format(&f.a, "number %d.", i);
		ck_assert_uint_eq(submit(&request), (uint64_t)i + 1);
	}
	ck_assert_uint_eq(f.transport->in_flight(f.transport->context), COUNT);
	for (int i = 0; i < COUNT; i++) {
		struct str want;

		ck_assert(f.transport->poll(f.transport->context, 30000, &done));
		ck_assert(done.ticket >= 1 && done.ticket <= COUNT && !seen[done.ticket]);
		seen[done.ticket] = true;
		want = str_format(&f.a, "number %d.", (int)done.ticket - 1);
		ck_assert(str_ends(done.response.body, want));
	}
	ck_assert(!f.transport->poll(f.transport->context, 30000, &done));
	ck_assert_int_le(f.server->connections, 4);
}
END_TEST

START_TEST(redirect_is_not_followed)
{
	struct http_response r = exchange("GET", "/redirect", "");

	ck_assert_int_eq(r.status, 302);
	unit_str_eq(http_header_get(&r, "Location"), "/echo");
	ck_assert_int_eq(f.server->requests, 1);
}
END_TEST

START_TEST(interim_reply_is_passed_over)
{
	struct http_response r = exchange("POST", "/interim", "x");

	ck_assert_int_eq(r.status, 200);
	ck_assert_uint_eq(http_header_get(&r, "X-Interim").length, 0);
}
END_TEST

START_TEST(refused_connection)
{
	struct http_request request = request_to(loopback_free_port(), "POST", "/echo");
	struct http_response r = finish(submit(&request));

	check_lost(&r, false, "refused");
}
END_TEST

START_TEST(half_a_reply)
{
	struct http_response r = exchange("POST", "/half", "x");

	check_lost(&r, true, "in the middle");
}
END_TEST

START_TEST(closed_without_reply)
{
	struct http_response r = exchange("POST", "/close", "x");

	check_lost(&r, true, "without a reply");
}
END_TEST

/* libcurl would send it again by itself, and the service might act twice. */
START_TEST(kept_connection_breaks_and_nothing_is_sent_twice)
{
	struct http_response r = exchange("POST", "/drop", "first");

	ck_assert_int_eq(r.status, 200);
	r = exchange("POST", "/drop", "second");
	ck_assert_int_eq(r.status, 0);
	ck_assert(r.maybe_acted);
	ck_assert_int_eq(f.server->requests, 2);
}
END_TEST

START_TEST(time_out)
{
	struct http_request request = request_to(f.server->port, "POST", "/hang");
	struct http_response r;

	request.timeout_ms = 200;
	r = finish(submit(&request));
	check_lost(&r, true, "timed out");
	ck_assert_int_lt(r.elapsed_ms, 10000);
}
END_TEST

START_TEST(too_large)
{
	struct http_response r = exchange("GET", "/large", "");

	ck_assert_int_eq(r.status, 0);
	ck_assert_int_eq(r.error.kind, ERROR_LIMIT);
	ck_assert(strstr(r.error.text, "larger than 100000 bytes"));
}
END_TEST

START_TEST(poll_comes_back_in_time)
{
	struct http_request request = request_to(f.server->port, "GET", "/hang");
	struct transport_done done;
	uint64_t ticket = submit(&request);

	ck_assert(!f.transport->poll(f.transport->context, 50, &done));
	ck_assert_uint_eq(f.transport->in_flight(f.transport->context), 1);
	f.transport->cancel(f.transport->context, ticket);
	ck_assert_uint_eq(f.transport->in_flight(f.transport->context), 0);
	ck_assert(!f.transport->poll(f.transport->context, 30000, &done));
}
END_TEST

static void on_alarm(int number)
{
	char byte = (char)number;

	if (write(f.wake[1], &byte, 1) != 1)
		_exit(1);
}

START_TEST(signal_wakes)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value = { .tv_usec = 100000 } };
	struct http_request request = request_to(f.server->port, "GET", "/hang");
	const struct clock *clock = clock_real();
	struct transport_done done;
	int64_t start_ms = clock->now_ms(clock->context);
	char byte;

	submit(&request);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	ck_assert(!f.transport->poll(f.transport->context, 30000, &done));
	ck_assert_int_lt(clock->now_ms(clock->context) - start_ms, 15000);
	ck_assert_int_eq(read(f.wake[0], &byte, 1), 1);
}
END_TEST

START_TEST(control_bytes_are_refused)
{
	struct http_header bad = { STR_INIT("X-A"), STR_INIT("b\r\nX-C: d") };
	struct http_request request = request_to(f.server->port, "GET", "/echo");
	struct http_response r;

	request.headers = &bad;
	request.header_count = 1;
	r = finish(submit(&request));
	check_lost(&r, false, "control byte");
	request = request_to(f.server->port, "GET", "/a b");
	r = finish(submit(&request));
	check_lost(&r, false, "blank");
	request.url = STR("file:///etc/passwd");
	r = finish(submit(&request));
	check_lost(&r, false, "not an http");
	ck_assert_int_eq(f.server->requests, 0);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, sends_what_it_is_given);
	tcase_add_test(tc, every_method);
	tcase_add_test(tc, many_in_flight);
	tcase_add_test(tc, redirect_is_not_followed);
	tcase_add_test(tc, interim_reply_is_passed_over);
	tcase_add_test(tc, refused_connection);
	tcase_add_test(tc, half_a_reply);
	tcase_add_test(tc, closed_without_reply);
	tcase_add_test(tc, kept_connection_breaks_and_nothing_is_sent_twice);
	tcase_add_test(tc, time_out);
	tcase_add_test(tc, too_large);
	tcase_add_test(tc, poll_comes_back_in_time);
	tcase_add_test(tc, signal_wakes);
	tcase_add_test(tc, control_bytes_are_refused);
}

int main(void)
{
	return unit_run("net_curl", fill);
}
