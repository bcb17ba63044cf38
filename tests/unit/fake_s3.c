#include "fake_s3.h"

#include <string.h>

#include "base/buf.h"

#define OWNER "123456789012"

struct fake_object {
	struct fake_object *next;
	struct str key, text;
	uint64_t etag;
	bool gone;
};

struct fake_exchange {
	struct fake_exchange *next;
	uint64_t ticket;
	struct arena *arena;
	struct http_response response;
};

/* ---- objects ---- */

struct fake_object *fake_s3_find(struct fake_s3 *f, struct str key)
{
	struct fake_object *o = f->objects;

	while (o && (o->gone || !str_equal(o->key, key)))
		o = o->next;
	return o;
}

static struct fake_object *put(struct fake_s3 *f, struct str key, struct str text)
{
	struct fake_object *o = fake_s3_find(f, key);

	if (!o) {
		o = arena_new(&f->arena, struct fake_object);
		*o = (struct fake_object){ .next = f->objects, .key = str_copy(&f->arena, key) };
		f->objects = o;
	}
	o->text = str_copy(&f->arena, text);
	o->etag = ++f->etag;
	f->puts++;
	return o;
}

static struct str key_of(struct fake_s3 *f, const char *name)
{
	return str_format(&f->arena, FAKE_FOLDER "%s", name);
}

struct str fake_s3_text(struct fake_s3 *f, const char *key)
{
	struct fake_object *o = fake_s3_find(f, key_of(f, key));

	return o ? o->text : (struct str){ 0 };
}

void fake_s3_set(struct fake_s3 *f, const char *key, struct str text)
{
	put(f, key_of(f, key), text);
}

void fake_s3_touch(struct fake_s3 *f, const char *key)
{
	struct fake_object *o = fake_s3_find(f, key_of(f, key));

	if (o)
		o->etag = ++f->etag;
}

unsigned fake_s3_count(struct fake_s3 *f, const char *prefix)
{
	struct str wanted = key_of(f, prefix);
	unsigned count = 0;

	for (const struct fake_object *o = f->objects; o; o = o->next)
		count += !o->gone && str_starts(o->key, wanted);
	return count;
}

struct fake_s3 *fake_s3_new(int64_t wall_ms)
{
	struct arena a;
	struct fake_s3 *f;

	arena_init(&a);
	f = arena_new(&a, struct fake_s3);
	f->clock = clock_virtual(wall_ms);
	f->arena = a;
	return f;
}

void fake_s3_free(struct fake_s3 *f)
{
	struct arena a = f->arena;

	arena_release(&a);
}

/* ---- one request ---- */

static struct str header(const struct http_request *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_equal_fold(r->headers[i].name, str_from_c(name)))
			return r->headers[i].value;
	return (struct str){ 0 };
}

static struct http_response answer(struct arena *a, long status, struct str text)
{
	return (struct http_response){ .status = status, .body = str_copy(a, text) };
}

static struct http_response refusal(struct arena *a, long status, const char *code)
{
	return answer(a, status,
		      str_format(a,
				 "<Error><Code>%s</Code><Message>no</Message>"
				 "</Error>",
				 code));
}

static struct http_response with_etag(struct arena *a, const struct fake_object *o, bool text)
{
	struct http_response r = answer(a, 200, text ? o->text : (struct str){ 0 });

	r.headers = arena_new(a, struct http_header);
	r.headers[0] = (struct http_header){ STR("ETag"), str_format(a, "\"%llu\"",
								     (unsigned long long)o->etag) };
	r.header_count = 1;
	return r;
}

static struct http_response list(struct fake_s3 *f, struct arena *a, struct str query)
{
	struct str prefix = str_slice(query, str_find(query, STR("prefix=")) + 7, query.length);
	struct buf out;

	prefix = str_replace(a, str_slice(prefix, 0, str_index(prefix, '&')), STR("%2F"), STR("/"));
	buf_init(&out, a);
	buf_add_c(&out, "<ListBucketResult><IsTruncated>false</IsTruncated>");
	for (const struct fake_object *o = f->objects; o; o = o->next)
		if (!o->gone && str_starts(o->key, prefix))
			buf_printf(&out,
				   "<Contents><Key>%.*s</Key><LastModified>2026-01-01T00:00:"
				   "00.000Z</LastModified><Size>%zu</Size></Contents>",
				   STR_ARG(o->key), o->text.length);
	buf_add_c(&out, "</ListBucketResult>");
	return answer(a, 200, buf_str(&out));
}

/* NULL: the condition holds. */
static const char *condition(struct arena *a, const struct http_request *r,
			     const struct fake_object *o, long *status)
{
	struct str match = header(r, "If-Match"), none = header(r, "If-None-Match");

	*status = 412;
	if (str_equal_c(none, "*"))
		return o ? "PreconditionFailed" : NULL;
	if (!match.length)
		return NULL;
	if (!o)
		*status = 404;
	if (!o)
		return "NoSuchKey";
	return str_equal(match, str_format(a, "\"%llu\"", (unsigned long long)o->etag)) ?
		       NULL :
		       "PreconditionFailed";
}

static struct http_response serve(struct fake_s3 *f, struct arena *a, const struct http_request *r)
{
	struct str url = r->url, path, key, query;
	struct fake_object *o;
	const char *refused;
	long status;

	path = str_slice(url, sizeof("http://s3.test/bucket") - 1, url.length);
	query = str_slice(path, str_index(path, '?'), path.length);
	key = str_slice(path, 1, str_index(path, '?'));
	ck_assert_msg(str_starts(url, STR("http://s3.test/bucket")), "%.*s", STR_ARG(url));
	if (!str_equal_c(header(r, "x-amz-expected-bucket-owner"), OWNER))
		return refusal(a, 403, "AccessDenied");
	if (str_equal_c(r->method, "GET") && str_contains(query, STR("list-type=2")))
		return list(f, a, query);
	o = fake_s3_find(f, key);
	if (str_equal_c(r->method, "GET"))
		return o ? with_etag(a, o, true) : refusal(a, 404, "NoSuchKey");
	refused = condition(a, r, o, &status);
	if (refused)
		return refusal(a, status, refused);
	if (str_equal_c(r->method, "PUT"))
		return with_etag(a, put(f, key, r->body), false);
	ck_assert(str_equal_c(r->method, "DELETE"));
	if (o)
		o->gone = true;
	return answer(a, 204, (struct str){ 0 });
}

/* ---- a door ---- */

static struct http_response lost(bool maybe_acted)
{
	struct http_response r = { .maybe_acted = maybe_acted };

	error_set(&r.error, ERROR_NETWORK, "the connection broke");
	return r;
}

static bool is_write(const struct http_request *r)
{
	return !str_equal_c(r->method, "GET");
}

static struct http_response at_fault(struct fake_door *d, struct arena *a,
				     const struct http_request *r)
{
	struct http_response done;

	switch (d->fault) {
	case BUCKET_LOSE_BEFORE:
		return lost(true);
	case BUCKET_UNAVAILABLE:
		return refusal(a, 503, "SlowDown");
	case BUCKET_CONFLICT:
		return is_write(r) ? refusal(a, 409, "ConditionalRequestConflict") :
				     refusal(a, 500, "InternalError");
	case BUCKET_LOSE_AFTER:
	case BUCKET_DIE_AFTER:
	case BUCKET_FAIL_AFTER:
		done = serve(d->s3, a, r);
		ck_assert(done.status);
		d->dead = d->fault == BUCKET_DIE_AFTER;
		return d->fault == BUCKET_FAIL_AFTER ? refusal(a, 500, "InternalError") :
						       lost(true);
	case BUCKET_DIE_BEFORE:
		d->dead = true;
		return lost(true);
	case BUCKET_FAULT_NONE:
	case BUCKET_FAULTS:
		break;
	}
	return serve(d->s3, a, r);
}

static void run_hook(struct fake_door *d)
{
	d->hook_at = 0;
	d->hook(d->hook_context);
}

static uint64_t submit(void *context, struct arena *a, const struct http_request *request)
{
	struct fake_door *d = context;
	struct fake_exchange *e = arena_new(a, struct fake_exchange);
	unsigned number = ++d->requests;

	if (d->hook_at == number && !d->hook_after)
		run_hook(d);
	*e = (struct fake_exchange){ .ticket = ++d->ticket, .arena = a };
	if (d->dead)
		e->response = lost(true);
	else if (d->fault_at == number)
		e->response = at_fault(d, a, request);
	else
		e->response = serve(d->s3, a, request);
	e->next = d->flying;
	d->flying = e;
	if (d->hook_at == number && d->hook_after)
		run_hook(d);
	return e->ticket;
}

static bool poll(void *context, int64_t wait_ms, struct transport_done *out)
{
	struct fake_door *d = context;
	struct fake_exchange **last = &d->flying;

	(void)wait_ms;
	if (!d->flying)
		return false;
	while ((*last)->next)
		last = &(*last)->next;
	*out = (struct transport_done){ .ticket = (*last)->ticket, .response = (*last)->response };
	*last = NULL;
	return true;
}

static size_t in_flight(void *context)
{
	return ((struct fake_door *)context)->flying != NULL;
}

static void cancel(void *context, uint64_t ticket)
{
	struct fake_exchange **e = &((struct fake_door *)context)->flying;

	while (*e && (*e)->ticket != ticket)
		e = &(*e)->next;
	if (*e)
		*e = (*e)->next;
}

static void release(void *context)
{
	(void)context;
}

/* ---- a run ---- */

static struct str values[] = { STR_INIT("AKID"), STR_INIT("secret") };

void fake_run_open(struct fake_run *r, struct fake_s3 *f)
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY" };
	struct error err = { 0 };
	struct schemas *schemas;

	memset(r, 0, sizeof(*r));
	arena_init(&r->arena);
	r->door = (struct fake_door){
		.s3 = f,
		.transport = { .submit = submit,
			       .poll = poll,
			       .in_flight = in_flight,
			       .cancel = cancel,
			       .release = release },
	};
	r->door.transport.context = &r->door;
	for (int i = 0; i < 2; i++)
		*map_put(&r->arena, &r->environment.variables, str_from_c(names[i])) = &values[i];
	r->environment.files = files_memory(&r->arena);
	schemas = schemas_open(&r->arena, schemas_embedded(), &err);
	ck_assert_msg(schemas != NULL, "%s", err.text);
	r->session = (struct session){
		.arena = &r->arena,
		.schemas = schemas,
		.transport = &r->door.transport,
		.clock = f->clock,
		.random = random_real(),
		.environment = &r->environment,
		.client = { .schemas = schemas,
			    .endpoints = { .override_url = STR("http://s3.test") } },
		.interrupted = &r->interrupted,
	};
	ck_assert_msg(session_start(&r->session, &err), "%s", err.text);
}

struct store *fake_run_store(struct fake_run *r, bool read_only)
{
	const struct bucket_place place = {
		.bucket = STR("bucket"),
		.folder = STR(FAKE_FOLDER),
		.owner = STR(OWNER),
		.scope = { .partition = STR("aws"),
			   .account = STR(OWNER),
			   .region = STR("eu-west-1") },
	};
	struct remote remote = session_remote(&r->session);

	return store_bucket(&r->arena, &remote, &place, r->session.clock, r->session.random,
			    read_only);
}

void fake_run_close(struct fake_run *r)
{
	arena_release(&r->arena);
}
