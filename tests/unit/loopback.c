#include "loopback.h"

#include <arpa/inet.h>
#include <check.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"

#define REQUEST_LIMIT 65536

struct connection {
	struct loopback *server;
	int fd;
	char text[REQUEST_LIMIT];
	size_t length;
	int served;
};

static void send_all(int fd, const char *data, size_t length)
{
	while (length > 0) {
		ssize_t n = send(fd, data, length, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		data += n;
		length -= (size_t)n;
	}
}

static void send_text(int fd, const char *text)
{
	send_all(fd, text, strlen(text));
}

static size_t body_length(struct str head)
{
	struct str rest = head, line;
	int64_t length = 0;

	while (str_split(&rest, '\n', &line))
		if (str_equal_fold(str_slice(line, 0, 15), STR("Content-Length:")))
			str_to_int(str_trim(str_slice(line, 15, line.length)), &length);
	return (size_t)length;
}

/* Bytes of the first whole request that was read, or 0. */
static size_t request_length(const struct connection *c)
{
	struct str text = str_of(c->text, c->length);

	for (size_t i = 0; i + 3 < c->length; i++) {
		size_t total;

		if (memcmp(c->text + i, "\r\n\r\n", 4) != 0)
			continue;
		total = i + 4 + body_length(str_slice(text, 0, i));
		return total <= c->length ? total : 0;
	}
	return 0;
}

static size_t receive_request(struct connection *c)
{
	size_t length;

	while ((length = request_length(c)) == 0) {
		ssize_t n = recv(c->fd, c->text + c->length, REQUEST_LIMIT - c->length, 0);

		if (n <= 0)
			return 0;
		c->length += (size_t)n;
	}
	return length;
}

static void send_reply(int fd, const char *status, const char *data, size_t length)
{
	char head[256];

	snprintf(head, sizeof(head),
		 "HTTP/1.1 %s\r\nContent-Length: %zu\r\nX-Odd-Header:  padded \r\n\r\n", status,
		 length);
	send_text(fd, head);
	send_all(fd, data, length);
}

static void send_large(int fd)
{
	char *data = calloc(1, 1 << 20);

	ck_assert_ptr_nonnull(data);
	send_reply(fd, "200 OK", data, 1 << 20);
	free(data);
}

/* False: the connection ends. */
static bool serve(struct connection *c, size_t length)
{
	struct str line = str_of(c->text, length);
	struct str path;

	line = str_slice(line, 0, str_index(line, '\n'));
	path = str_slice(line, str_index(line, ' ') + 1, line.length);
	if (str_starts(path, STR("/hang"))) {
		recv(c->fd, c->text, 1, 0);
		return false;
	}
	if (str_starts(path, STR("/close")) || (str_starts(path, STR("/drop")) && c->served > 0))
		return false;
	if (str_starts(path, STR("/half"))) {
		send_text(c->fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789");
		return false;
	}
	if (str_starts(path, STR("/interim")))
		send_text(c->fd, "HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n");
	if (str_starts(path, STR("/redirect")))
		send_text(c->fd, "HTTP/1.1 302 Found\r\nLocation: /echo\r\n"
			     "Content-Length: 0\r\n\r\n");
	else if (str_starts(path, STR("/large")))
		send_large(c->fd);
	else
		send_reply(c->fd, "200 OK", c->text, length);
	c->served++;
	return true;
}

static void *serve_connection(void *context)
{
	struct connection *c = context;
	size_t length;

	while ((length = receive_request(c)) > 0) {
		c->server->requests++;
		if (!serve(c, length))
			break;
		memmove(c->text, c->text + length, c->length - length);
		c->length -= length;
	}
	close(c->fd);
	free(c);
	return NULL;
}

static void *accept_all(void *context)
{
	struct loopback *server = context;
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	for (;;) {
		struct connection *c;
		pthread_t thread;
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			continue;
		c = calloc(1, sizeof(*c));
		c->server = server;
		c->fd = fd;
		server->connections++;
		if (pthread_create(&thread, &attributes, serve_connection, c) != 0)
			abort();
	}
	return NULL;
}

static int bound_socket(int *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	*port = ntohs(address.sin_port);
	return fd;
}

struct loopback *loopback_start(struct arena *a)
{
	struct loopback *server = arena_new(a, struct loopback);

	server->fd = bound_socket(&server->port);
	ck_assert_int_eq(listen(server->fd, 64), 0);
	ck_assert_int_eq(pthread_create(&server->thread, NULL, accept_all, server), 0);
	return server;
}

int loopback_free_port(void)
{
	int port, fd = bound_socket(&port);

	close(fd);
	return port;
}
