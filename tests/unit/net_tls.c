#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "executor/net/transport.h"

/*
 * TLS with a private CA: keys made on the spot by the openssl program, which
 * is the server too.  Skipped where there is none.
 */
struct fixture {
	struct arena a;
	char folder[64];
	pid_t server;
	int port;
};

static struct fixture f;

/* Runs a program in the folder; its output goes to *out if that is given. */
static pid_t start(char *const argv[], int *out)
{
	int pipe_fds[2] = { -1, -1 }, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	pid_t pid;

	ck_assert_int_ge(null, 0);
	if (out)
		ck_assert_int_eq(pipe(pipe_fds), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid > 0) {
		close(null);
		if (out) {
			close(pipe_fds[1]);
			*out = pipe_fds[0];
		}
		return pid;
	}
	dup2(null, 0);
	dup2(out ? pipe_fds[1] : null, 1);
	dup2(null, 2);
	if (chdir(f.folder) == 0)
		execvp(argv[0], argv);
	_exit(127);
}

static bool run(char *const argv[])
{
	int status = 0;

	return waitpid(start(argv, NULL), &status, 0) > 0 && WIFEXITED(status) &&
	       WEXITSTATUS(status) == 0;
}

#define RUN(...) run((char *const[]){ __VA_ARGS__, NULL })
#define TEXT(literal) ((char[]){ literal })

static bool make_keys(void)
{
	return RUN(TEXT("openssl"), TEXT("req"), TEXT("-x509"), TEXT("-newkey"), TEXT("ec"),
		   TEXT("-pkeyopt"), TEXT("ec_paramgen_curve:prime256v1"), TEXT("-nodes"),
		   TEXT("-keyout"), TEXT("ca.key"), TEXT("-out"), TEXT("ca.pem"),
		   TEXT("-subj"), TEXT("/CN=test CA"), TEXT("-days"), TEXT("2")) &&
	       RUN(TEXT("openssl"), TEXT("req"), TEXT("-newkey"), TEXT("ec"),
		   TEXT("-pkeyopt"), TEXT("ec_paramgen_curve:prime256v1"), TEXT("-nodes"),
		   TEXT("-keyout"), TEXT("server.key"), TEXT("-out"), TEXT("server.csr"),
		   TEXT("-subj"), TEXT("/CN=127.0.0.1"),
		   TEXT("-addext"), TEXT("subjectAltName=IP:127.0.0.1")) &&
	       RUN(TEXT("openssl"), TEXT("x509"), TEXT("-req"), TEXT("-in"), TEXT("server.csr"),
		   TEXT("-CA"), TEXT("ca.pem"), TEXT("-CAkey"), TEXT("ca.key"),
		   TEXT("-CAcreateserial"), TEXT("-out"), TEXT("server.pem"),
		   TEXT("-days"), TEXT("2"), TEXT("-copy_extensions"), TEXT("copy"));
}

/* "ACCEPT 127.0.0.1:43211" */
static int read_port(int fd)
{
	char text[256];
	size_t length = 0;

	while (length < sizeof(text)) {
		struct str all, line;
		int64_t port;

		if (read(fd, text + length, 1) != 1)
			return 0;
		if (text[length++] != '\n')
			continue;
		all = str_of(text, length - 1);
		line = str_slice(all, str_last_index(all, ':') + 1, all.length);
		if (str_starts(all, STR("ACCEPT")))
			return str_to_int(str_trim(line), &port) ? (int)port : 0;
		length = 0;
	}
	return 0;
}

static bool setup(void)
{
	char *argv[] = { TEXT("openssl"), TEXT("s_server"), TEXT("-accept"), TEXT("127.0.0.1:0"),
			 TEXT("-cert"), TEXT("server.pem"), TEXT("-key"), TEXT("server.key"),
			 TEXT("-www"), NULL };
	int out;

	arena_init(&f.a);
	snprintf(f.folder, sizeof(f.folder), "%s", "net_tls-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(f.folder));
	if (!RUN(TEXT("openssl"), TEXT("version")) || !make_keys()) {
		fprintf(stderr, "net_tls: skipped: no openssl program that makes keys\n");
		return false;
	}
	f.server = start(argv, &out);
	f.port = read_port(out);
	ck_assert_int_gt(f.port, 0);
	return true;
}

static void teardown(void)
{
	static const char *const names[] = { "ca.key", "ca.pem", "ca.srl", "server.csr",
					     "server.key", "server.pem" };

	if (f.server > 0) {
		kill(f.server, SIGTERM);
		waitpid(f.server, NULL, 0);
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(str_to_c(&f.a, str_format(&f.a, "%s/%s", f.folder, names[i])));
	rmdir(f.folder);
	arena_release(&f.a);
}

static struct http_response get(struct str ca_bundle)
{
	struct transport_options options = { .ca_bundle = ca_bundle, .timeout_ms = 20000,
					     .wake_fd = -1 };
	struct http_request request = { .method = STR_INIT("GET") };
	struct transport *t;
	struct transport_done done;
	struct error err;

	t = transport_curl(&f.a, &options, &err);
	ck_assert_ptr_nonnull(t);
	request.url = str_format(&f.a, "https://127.0.0.1:%d/", f.port);
	t->submit(t->context, &f.a, &request);
	ck_assert(t->poll(t->context, 30000, &done));
	t->release(t->context);
	return done.response;
}

START_TEST(private_ca)
{
	struct http_response r;

	unsetenv("https_proxy");
	unsetenv("HTTPS_PROXY");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	unsetenv("SSL_CERT_FILE");
	if (setup()) {
		r = get(str_format(&f.a, "%s/ca.pem", f.folder));
		ck_assert_msg(r.status == 200, "status %ld: %s", r.status, r.error.text);
		ck_assert_uint_gt(r.body.length, 0);

		r = get((struct str){ 0 });
		ck_assert_int_eq(r.status, 0);
		ck_assert_msg(strstr(r.error.text, "not trusted"), "%s", r.error.text);
		ck_assert(!r.maybe_acted);

		r = get(str_format(&f.a, "%s/nothing.pem", f.folder));
		ck_assert_int_eq(r.status, 0);
		ck_assert_msg(strstr(r.error.text, "CA bundle"), "%s", r.error.text);
		ck_assert(!r.maybe_acted);
	}
	teardown();
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, private_ca);
}

int main(void)
{
	return unit_run("net_tls", fill);
}
