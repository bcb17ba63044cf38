#include "fake_aws.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "unit.h"

#define LATE_MS 10000

struct fake_exchange {
	struct fake_exchange *next;
	uint64_t ticket;
	struct arena *arena;
	int64_t at_ms;
	bool changes;
	struct http_response response;
};

static int64_t now(const struct fake *f)
{
	return f->clock->now_ms(f->clock->context);
}

/* ---- things ---- */

static bool exists(const struct fake *f, const struct fake_thing *t)
{
	return !t->gone && t->made_at_ms <= now(f);
}

static bool is_visible(const struct fake *f, const struct fake_thing *t)
{
	return exists(f, t) && now(f) - t->made_at_ms >= f->invisible_ms;
}

struct fake_thing *fake_find(const struct fake *f, char kind, struct str key)
{
	struct fake_thing *t = f->things;

	while (t && (t->kind != kind || !str_equal(t->key, key) || !exists(f, t)))
		t = t->next;
	return t;
}

unsigned fake_count(const struct fake *f, char kind)
{
	unsigned count = 0;

	for (const struct fake_thing *t = f->things; t; t = t->next)
		count += t->kind == kind && exists(f, t);
	return count;
}

static struct fake_thing *make(struct fake *f, char kind, struct str key, const struct value *fields)
{
	struct fake_thing *t = arena_new(&f->arena, struct fake_thing);

	*t = (struct fake_thing){
		.next = f->things, .kind = kind, .key = str_copy(&f->arena, key),
		.fields = value_copy(&f->arena, fields), .made_at_ms = now(f),
	};
	f->things = t;
	return t;
}

struct fake_thing *fake_add(struct fake *f, char kind, const char *key, const char *fields_json)
{
	struct value fields;
	struct error err = { 0 };

	ck_assert_msg(json_parse(&f->arena, str_from_c(fields_json), SPAN_NOWHERE, &fields, &err), "%s",
		      err.text);
	return make(f, kind, str_from_c(key), &fields);
}

static int compare_lines(const void *a, const void *b)
{
	return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Ids and instances differ from one world to the next: only that they are there counts. */
static struct str without_ids(struct arena *a, struct str text)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < text.length; i++) {
		size_t hex = 0;

		while (i + hex < text.length && hex < 32 &&
		       strchr("0123456789abcdef", text.data[i + hex]))
			hex++;
		if (hex == 32) {
			buf_add_c(&out, "(instance)");
			i += 31;
		} else if (str_starts(str_slice(text, i, text.length), STR("c-"))) {
			buf_add_c(&out, "(id)");
			while (i + 1 < text.length && strchr("c-0123456789", text.data[i + 1]))
				i++;
		} else {
			buf_add_char(&out, text.data[i]);
		}
	}
	return buf_str(&out);
}

struct str fake_snapshot(struct arena *a, const struct fake *f)
{
	VEC(struct str) lines = { 0 };

	for (const struct fake_thing *t = f->things; t; t = t->next)
		if (exists(f, t))
			*vec_push(a, &lines) = without_ids(a, str_format(a, "%c %.*s %.*s", t->kind,
				STR_ARG(t->kind == 'C' ? STR("") : t->key),
				STR_ARG(json_text_canonical(a, &t->fields))));
	if (lines.count)
		qsort(lines.items, lines.count, sizeof(struct str), compare_lines);
	return str_join(a, STR("\n"), lines.items, lines.count);
}

/* ---- the service ---- */

struct answer {
	long status;
	struct value body;
	const char *code;		/* of an error */
};

static struct answer refuse(const char *code)
{
	return (struct answer){ 400, value_map(), code };
}

static struct answer give(const struct value *body)
{
	return (struct answer){ 200, *body, NULL };
}

static bool is_used(const struct fake *f, char user, const char *member, struct str key)
{
	for (const struct fake_thing *t = f->things; t; t = t->next)
		if (t->kind == user && exists(f, t) && str_equal(value_get_str(&t->fields, member), key))
			return true;
	return false;
}

static struct value merged(struct fake *f, const struct value *old, const struct value *in)
{
	struct value out = value_map();
	const struct value *both[] = { old, in };

	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; both[i] && k < both[i]->map.count; k++)
			value_set(&f->arena, &out, both[i]->map.entries[k].key,
				  ((struct member *)both[i]->map.entries[k].value)->value);
	return value_copy(&f->arena, &out);
}

static struct answer create(struct fake *f, char kind, const struct value *in)
{
	struct str key = value_get_str(in, "Name");
	struct value fields = merged(f, NULL, in);
	struct fake_thing *old;

	if (kind == 'C') {
		if (!fake_find(f, 'B', value_get_str(in, "BoxName")))
			return refuse("ValidationException");
		key = str_format(&f->arena, "c-%u", ++f->next_id);
		value_set(&f->arena, &fields, STR("CrateId"), value_string(key));
	}
	if (kind == 'L' && !fake_find(f, 'C', value_get_str(in, "Text")))
		return refuse("ValidationException");
	if (kind == 'B')
		value_set(&f->arena, &fields, STR("Arn"), value_string(str_format(&f->arena,
			"arn:aws:toy:eu-west-1:123456789012:box/%.*s", STR_ARG(key))));
	old = fake_find(f, kind, key);
	if (old && kind == 'B')
		return refuse("ExistsException");
	if (old)
		old->fields = merged(f, &old->fields, &fields);
	else
		old = make(f, kind, key, &fields);
	return give(&old->fields);
}

static struct answer list(struct fake *f, struct arena *a, const struct value *in)
{
	struct value items = value_list(NULL, 0), body = value_map();

	for (const struct fake_thing *t = f->things; t; t = t->next)
		if (t->kind == 'C' && is_visible(f, t) &&
		    str_equal(value_get_str(&t->fields, "BoxName"), value_get_str(in, "BoxName")))
			value_append(a, &items, t->fields);
	value_set(a, &body, STR("Items"), items);
	return give(&body);
}

/* A crate is told with its revision, which is none of its fields. */
static struct answer tell(struct fake *f, const struct fake_thing *t)
{
	struct value fields = merged(f, NULL, &t->fields);

	if (t->kind == 'C')
		value_set(&f->arena, &fields, STR("Revision"),
			  value_string(str_format(&f->arena, "r%u", t->revision)));
	return give(&fields);
}

static bool is_moved(const struct fake *f, const struct fake_thing *t, const struct value *in)
{
	struct str said = value_get_str(in, "Revision");

	(void)f;
	return t->kind == 'C' && said.length &&
	       (unsigned)strtoul(said.data + 1, NULL, 10) != t->revision;
}

static struct answer update(struct fake *f, struct fake_thing *t, const struct value *in)
{
	struct value fields = merged(f, &t->fields, in);

	if (is_moved(f, t, in))
		return refuse("MovedException");
	map_remove(&fields.map, STR("Revision"));
	t->fields = fields;
	t->revision++;
	return tell(f, t);
}

static struct answer act(struct fake *f, struct arena *a, struct str operation, const struct value *in)
{
	char kind = str_ends(operation, STR("Box")) ? 'B' :
		    str_ends(operation, STR("Label")) ? 'L' : 'C';
	struct str key = value_get_str(in, kind == 'C' ? "CrateId" : "Name");
	struct fake_thing *t = fake_find(f, kind, key);

	if (str_equal_c(operation, "ListCrates"))
		return list(f, a, in);
	if (str_starts(operation, STR("Create")) || str_starts(operation, STR("Put")))
		return create(f, kind, in);
	if (!t)
		return refuse("NotFoundException");
	if (str_starts(operation, STR("Describe")))
		return is_visible(f, t) ? tell(f, t) : refuse("NotFoundException");
	if (str_starts(operation, STR("Update")))
		return update(f, t, in);
	if ((kind == 'B' && is_used(f, 'C', "BoxName", key)) ||
	    (kind == 'C' && is_used(f, 'L', "Text", key)))
		return refuse("InUseException");
	t->gone = true;
	return (struct answer){ 200, value_map(), NULL };
}

/* ---- replies ---- */

static void write_reply(struct fake *f, struct fake_exchange *x, const struct answer *answer)
{
	struct http_header *headers = arena_array(x->arena, struct http_header, 4);
	struct value body = answer->body;
	int64_t wall_s = f->clock->wall_ms(f->clock->context) / 1000;
	int64_t off_s = f->calls & 1 ? 1200 : -1200;
	bool skewed = answer->code && !strcmp(answer->code, "RequestTimeTooSkewed");
	struct utc t = utc_from_s(wall_s + (skewed ? off_s : 0));

	if (answer->code) {
		body = value_map();
		value_set(x->arena, &body, STR("__type"), value_string(str_from_c(answer->code)));
		value_set(x->arena, &body, STR("message"), value_string(STR("as it was set up")));
	}
	headers[0] = (struct http_header){ STR("x-amzn-RequestId"),
		str_format(x->arena, "request-%u", f->calls) };
	headers[1] = (struct http_header){ STR("Content-Type"), STR("application/x-amz-json-1.0") };
	headers[2] = (struct http_header){ STR("Date"), str_format(x->arena,
		"Mon, %02d Jan %04d %02d:%02d:%02d GMT", t.day, t.year, t.hour, t.minute, t.second) };
	headers[3] = (struct http_header){ STR("Retry-After"), STR("3") };
	x->response = (struct http_response){
		.status = answer->status, .headers = headers,
		.header_count = answer->status == 503 ? 4 : 3,
		.body = str_copy(x->arena, json_text(x->arena, &body)),
	};
}

static void lose(struct fake_exchange *x)
{
	x->response = (struct http_response){ .maybe_acted = true };
	error_set(&x->response.error, ERROR_NETWORK, "the connection was closed");
}

static bool is_mutation(struct str operation)
{
	return !str_starts(operation, STR("Describe")) && !str_starts(operation, STR("List"));
}

static enum fake_fault fault_now(struct fake *f, struct str operation)
{
	f->calls++;
	f->mutations += is_mutation(operation);
	if (!is_mutation(operation) && !f->fault_reads)
		return FAKE_NONE;
	f->counted++;
	if (!f->fault_at || f->counted < f->fault_at || f->counted >= f->fault_at + f->fault_count)
		return FAKE_NONE;
	return f->fault;
}

/* Done only later: nothing has it now, and then it is there. */
static void act_late(struct fake *f, struct fake_exchange *x, struct str operation,
		     const struct value *in)
{
	struct fake_thing *before = f->things;

	act(f, x->arena, operation, in);
	if (f->things != before)
		f->things->made_at_ms = now(f) + LATE_MS;
	lose(x);
}

static void answer_fault(struct fake *f, struct fake_exchange *x, struct str operation,
			 const struct value *in, enum fake_fault fault)
{
	static const struct answer refusals[] = {
		[FAKE_THROTTLE] = { 400, { 0 }, "ThrottlingException" },
		[FAKE_UNAVAILABLE] = { 503, { 0 }, "ServiceUnavailable" },
		[FAKE_EXPIRED] = { 400, { 0 }, "ExpiredTokenException" },
		[FAKE_SKEWED] = { 400, { 0 }, "RequestTimeTooSkewed" },
		[FAKE_REFUSE] = { 400, { 0 }, "ValidationException" },
		[FAKE_FAIL_AFTER] = { 500, { 0 }, "InternalFailure" },
	};
	struct answer answer;

	if (fault == FAKE_LOSE_LATE) {
		act_late(f, x, operation, in);
		return;
	}
	if (fault == FAKE_NONE || fault == FAKE_LOSE_AFTER || fault == FAKE_KILL_AFTER ||
	    fault == FAKE_FAIL_AFTER)
		answer = act(f, x->arena, operation, in);
	if (fault == FAKE_KILL_BEFORE || fault == FAKE_KILL_AFTER)
		f->on_kill(f->kill_context);
	if (fault == FAKE_NONE)
		write_reply(f, x, &answer);
	else if (fault < FAKE_FAIL_AFTER)
		lose(x);
	else
		write_reply(f, x, &refusals[fault]);
}

/* ---- the transport ---- */

static struct str operation_of(const struct http_request *request)
{
	for (size_t i = 0; i < request->header_count; i++)
		if (str_equal_fold(request->headers[i].name, STR("X-Amz-Target")))
			return str_slice(request->headers[i].value, 4, request->headers[i].value.length);
	ck_abort_msg("a request without a target");
}

static uint64_t submit(void *context, struct arena *a, const struct http_request *request)
{
	struct fake *f = context;
	struct fake_exchange *x = arena_new(&f->arena, struct fake_exchange), **end = &f->flying;
	struct str operation = operation_of(request);
	struct error err = { 0 };
	struct value in;
	unsigned count = 1, changes = is_mutation(operation);

	ck_assert_msg(json_parse(a, request->body, SPAN_NOWHERE, &in, &err), "%s", err.text);
	buf_printf(&f->log, "%.*s %.*s\n", STR_ARG(operation),
		   STR_ARG(value_get(&in, STR("Name")) ? value_get_str(&in, "Name") :
			   value_get_str(&in, "BoxName")));
	*x = (struct fake_exchange){
		.ticket = ++f->last_ticket, .arena = a, .at_ms = now(f) + f->latency_ms,
		.changes = is_mutation(operation),
	};
	answer_fault(f, x, operation, &in, fault_now(f, operation));
	for (; *end; end = &(*end)->next) {
		count++;
		changes += (*end)->changes;
	}
	*end = x;
	if (x->changes && changes > f->most_changes)
		f->most_changes = changes;
	if (count > f->most_in_flight)
		f->most_in_flight = count;
	return x->ticket;
}

static bool poll(void *context, int64_t wait_ms, struct transport_done *out)
{
	struct fake *f = context;
	struct fake_exchange *x = f->flying;

	if (!x)
		return false;
	if (x->at_ms - now(f) > wait_ms) {
		f->clock->sleep_ms(f->clock->context, wait_ms);
		return false;
	}
	f->clock->sleep_ms(f->clock->context, x->at_ms - now(f));
	f->flying = x->next;
	*out = (struct transport_done){ x->ticket, x->response };
	return true;
}

static size_t in_flight(void *context)
{
	struct fake *f = context;
	size_t count = 0;

	for (struct fake_exchange *x = f->flying; x; x = x->next)
		count++;
	return count;
}

static void cancel(void *context, uint64_t ticket)
{
	struct fake *f = context;

	for (struct fake_exchange **x = &f->flying; *x; x = &(*x)->next)
		if ((*x)->ticket == ticket) {
			*x = (*x)->next;
			return;
		}
}

static void release(void *context)
{
	(void)context;
}

struct fake *fake_new(void)
{
	struct fake *f = calloc(1, sizeof(*f));

	ck_assert_ptr_nonnull(f);
	arena_init(&f->arena);
	f->clock = clock_virtual(1767607200000);	/* 2026-01-05 10:00:00 UTC, a Monday */
	f->latency_ms = 10;
	f->transport = (struct transport){
		.context = f, .submit = submit, .poll = poll, .in_flight = in_flight,
		.cancel = cancel, .release = release,
	};
	fake_clear(f);
	return f;
}

void fake_clear(struct fake *f)
{
	f->fault = FAKE_NONE;
	f->fault_at = f->fault_count = 0;
	f->fault_reads = false;
	f->calls = f->mutations = f->counted = f->most_in_flight = f->most_changes = 0;
	buf_init(&f->log, &f->arena);
	f->flying = NULL;
}

void fake_free(struct fake *f)
{
	arena_release(&f->arena);
	free(f);
}
