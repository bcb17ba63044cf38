#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "executor/driver/op.h"

/*
 * Runs single operations of drivers against the emulator, over our own client:
 *
 *	op-run URL < requests > results
 *
 * A request is a line of JSON: {type, kind, properties, previous, attributes,
 * observed, instance, token, sent_before, bundle}.  The result tells how it
 * ended and every call with its reply.  Waits are not slept through.
 */
#define LINE_LIMIT (4 * 1024 * 1024)
#define TRIES 3

struct runner {
	struct arena *arena;		/* of one operation */
	struct schemas *schemas;
	struct aws_client client;
	struct transport *transport;
	struct value talk;
	struct str bundle;
};

static struct value member(const struct value *v, const char *key)
{
	const struct value *m = value_get_c(v, key);

	return m ? *m : value_null();
}

static void put(struct arena *a, struct value *map, const char *key, struct value v)
{
	value_set(a, map, str_from_c(key), v);
}

/* The request's bundle is base64, so that a line can carry it. */
static bool take_bundle(void *context, struct arena *a, struct str digest, struct str *bytes,
			struct error *err)
{
	const struct runner *r = context;

	if (!base64_decode(a, r->bundle, bytes))
		return error_set(err, ERROR_PARSE, "no bundle '%.*s'", STR_ARG(digest));
	return true;
}

static bool exchange(struct runner *r, const struct call *call, struct reply *reply,
		     struct error *err)
{
	const struct credentials who = { .access_key_id = STR("test"),
					 .secret_access_key = STR("test") };
	struct transport *t = r->transport;
	struct http_request request;
	struct transport_done done;

	if (!aws_request(r->arena, &r->client, call, &who, 1700000000, &request, err))
		return false;
	t->submit(t->context, r->arena, &request);
	while (!t->poll(t->context, 1000, &done)) {
		if (!t->in_flight(t->context))
			return error_set(err, ERROR_NETWORK, "no reply");
	}
	return aws_reply(r->arena, &r->client, call, &done.response, 1700000000, reply, err);
}

/* A zip is no text. */
static struct value readable(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_STRING && !str_is_utf8(v->string))
		return value_string(STR("(bytes)"));
	if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key, readable(a, &m->value));
		}
	}
	return out;
}

static void note_call(struct runner *r, const struct call *call, const struct reply *reply)
{
	struct value entry = value_map(), got = value_map();

	put(r->arena, &entry, "send", value_string(call->operation));
	put(r->arena, &entry, "input", readable(r->arena, &call->input));
	if (reply->class != REPLY_OK) {
		put(r->arena, &got, "code", value_string(reply->code));
		put(r->arena, &got, "message", value_string(reply->message));
		put(r->arena, &got, "status", value_int(reply->status));
		put(r->arena, &entry, "error", got);
	} else {
		put(r->arena, &entry, "reply", reply->body);
	}
	value_append(r->arena, &r->talk, entry);
}

static bool send_call(struct runner *r, const struct call *call, struct reply *reply,
		      struct error *err)
{
	for (int i = 0; i < TRIES; i++) {
		if (!exchange(r, call, reply, err))
			return false;
		if (reply->class == REPLY_OK || reply->class == REPLY_ERROR)
			break;
	}
	note_call(r, call, reply);
	return true;
}

static struct step run(struct runner *r, struct op *op, struct error *err)
{
	int64_t now_ms = 0;
	struct step step = op_next(op, NULL, now_ms);

	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		struct reply reply = { 0 };

		now_ms += 10;
		if (step.kind == STEP_WAIT) {
			struct value entry = value_map();

			put(r->arena, &entry, "wait", value_int(step.wait_ms));
			value_append(r->arena, &r->talk, entry);
			now_ms += step.wait_ms;
			step = op_next(op, NULL, now_ms);
			continue;
		}
		if (!send_call(r, &step.call, &reply, err))
			return (struct step){ .kind = STEP_FAIL };
		step = op_next(op, &reply, now_ms);
	}
	return step;
}

static enum op_kind kind_of(struct str name)
{
	static const char *const kinds[] = { "read", "find", "create", "update", "delete" };

	for (int i = 0; i < 5; i++) {
		if (str_equal_c(name, kinds[i]))
			return (enum op_kind)i;
	}
	BUG("unknown kind '%.*s'", STR_ARG(name));
}

static struct value result_value(struct runner *r, const struct op *op, enum step_kind kind,
				 const struct error *err)
{
	static const char *const found[] = { "not looked", "found", "absent", "foreign" };
	const struct op_result *result = op_result(op);
	struct value out = value_map();

	put(r->arena, &out, "ended", value_string(kind == STEP_DONE ? STR("done") : STR("fail")));
	put(r->arena, &out, "found", value_string(str_from_c(found[result->found])));
	put(r->arena, &out, "owner", value_string(result->owner));
	put(r->arena, &out, "attributes", result->attributes);
	put(r->arena, &out, "observed", result->observed);
	put(r->arena, &out, "maybe_exists", value_bool(result->maybe_exists));
	put(r->arena, &out, "error", value_string(str_from_c(
		kind == STEP_DONE ? "" : err->text[0] ? err->text : result->error.text)));
	put(r->arena, &out, "talk", r->talk);
	return out;
}

static struct value one(struct runner *r, const struct value *request)
{
	const struct scope scope = { .partition = STR("aws"), .account = STR("123456789012"),
				     .region = STR("eu-west-1") };
	const struct schema *schema = schema_find(r->schemas, value_get_str(request, "type"));
	struct value sent_before = member(request, "sent_before");
	struct error err = { 0 };
	struct op_input input = {
		.schema = schema, .driver = schema ? schema->driver : NULL,
		.schemas = r->schemas, .scope = &scope,
		.instance = value_get_str(request, "instance"),
		.token = value_get_str(request, "token"),
		.properties = member(request, "properties"),
		.previous = member(request, "previous"),
		.attributes = member(request, "attributes"),
		.observed = member(request, "observed"),
		.sent_before = sent_before.kind == VALUE_BOOL && sent_before.boolean,
		.artifact = take_bundle, .artifact_context = r,
	};
	struct op *op;
	struct step step;

	r->talk = value_list(NULL, 0);
	r->bundle = value_get_str(request, "bundle");
	op = op_new(r->arena, kind_of(value_get_str(request, "kind")), &input);
	step = run(r, op, &err);
	return result_value(r, op, step.kind, &err);
}

static int serve(struct runner *r)
{
	char *line = malloc(LINE_LIMIT);
	struct error err;

	CHECK(line);
	while (fgets(line, LINE_LIMIT, stdin)) {
		struct arena a;
		struct value request, result;
		struct buf out;

		arena_init(&a);
		r->arena = &a;
		if (!json_parse(&a, str_from_c(line), SPAN_NOWHERE, &request, &err)) {
			fprintf(stderr, "op-run: %s\n", err.text);
			return EXIT_FAILURE;
		}
		result = one(r, &request);
		buf_init(&out, &a);
		json_print_wire(&out, &result);
		printf("%.*s\n", STR_ARG(buf_str(&out)));
		fflush(stdout);
		arena_release(&a);
	}
	free(line);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct transport_options options = { .connect_timeout_ms = 5000, .timeout_ms = 60000,
					     .max_connections_per_host = 2,
					     .max_response_bytes = 16 * 1024 * 1024, .wake_fd = -1 };
	struct runner r = { 0 };
	struct error err;
	struct arena a;
	int code;

	if (argc != 2) {
		fprintf(stderr, "usage: op-run URL\n");
		return EXIT_FAILURE;
	}
	arena_init(&a);
	r.schemas = schemas_open(&a, schemas_embedded(), &err);
	r.transport = transport_curl(&a, &options, &err);
	if (!r.schemas || !r.transport) {
		fprintf(stderr, "op-run: %s\n", err.text);
		return EXIT_FAILURE;
	}
	r.client = (struct aws_client){ .schemas = r.schemas,
					.endpoints.override_url = str_from_c(argv[1]),
					.user_agent = STR("op-run") };
	code = serve(&r);
	r.transport->release(r.transport->context);
	arena_release(&a);
	return code;
}
