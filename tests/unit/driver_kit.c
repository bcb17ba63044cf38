#include "driver_kit.h"

#include "base/json.h"
#include "base/yaml.h"

static bool give_bytes(void *context, struct arena *a, struct str digest, struct str *bytes,
		       struct error *err)
{
	(void)context;
	(void)a;
	if (str_equal(digest, STR("broken")))
		return error_set(err, ERROR_IO, "handler.js is gone");
	*bytes = STR("(bytes)");
	return true;
}

void kit_init(struct driver_kit *k)
{
	struct error err = { 0 };

	*k = (struct driver_kit){ 0 };
	arena_init(&k->arena);
	k->schemas = schemas_open(&k->arena, schemas_embedded(), &err);
	ck_assert_msg(k->schemas != NULL, "%s", err.text);
	k->scope = (struct scope){ .partition = STR("aws"), .account = STR("123456789012"),
				   .region = STR("eu-west-1") };
	k->input = (struct op_input){
		.schemas = k->schemas, .scope = &k->scope,
		.instance = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), .token = STR("token"),
		.properties = value_map(), .attributes = value_map(), .artifact = give_bytes,
	};
}

void kit_release(struct driver_kit *k)
{
	arena_release(&k->arena);
}

void kit_type(struct driver_kit *k, const char *type)
{
	k->input.schema = schema_find(k->schemas, str_from_c(type));
	ck_assert_msg(k->input.schema != NULL, "no facts of %s", type);
	k->driver = k->input.driver = k->input.schema->driver;
	ck_assert_msg(k->driver != NULL, "no driver of %s", type);
}

void kit_yaml(struct driver_kit *k, const char *yaml)
{
	struct driver *driver = arena_new(&k->arena, struct driver);
	struct value source;
	struct diags d;

	diags_init(&d, &k->arena);
	if (!yaml_parse(&k->arena, str_from_c(yaml), SPAN_NOWHERE, &source, &d) ||
	    !driver_parse(&k->arena, &source, driver, &d))
		ck_abort_msg("%.*s", STR_ARG(d.items[0].text));
	k->driver = k->input.driver = driver;
}

struct value kit_json(struct driver_kit *k, const char *json)
{
	struct str text = str_replace(&k->arena, str_from_c(json), STR("'"), STR("\""));
	struct error err = { 0 };
	struct value v;

	if (!json_parse(&k->arena, text, SPAN_NOWHERE, &v, &err))
		ck_abort_msg("%s in %.*s", err.text, STR_ARG(text));
	return v;
}

void kit_equal(struct driver_kit *k, struct value got, const char *json)
{
	struct value want = kit_json(k, json);

	ck_assert_msg(value_equal(&got, &want), "got  %.*s\nwant %.*s",
		      STR_ARG(json_text(&k->arena, &got)), STR_ARG(json_text(&k->arena, &want)));
}

static struct str step_text(struct driver_kit *k, const struct step *step)
{
	switch (step->kind) {
	case STEP_SEND:
		return str_format(&k->arena, "> %.*s %.*s", STR_ARG(step->call.operation),
				  STR_ARG(json_text(&k->arena, &step->call.input)));
	case STEP_WAIT:
		return str_format(&k->arena, "~ %lld", (long long)step->wait_ms);
	case STEP_DONE:
		return STR("= done");
	case STEP_FAIL:
		return str_format(&k->arena, "= fail %s", op_result(k->op)->error.text);
	}
	return STR("?");
}

static bool step_matches(struct driver_kit *k, const struct step *step, struct str line)
{
	struct str rest = str_slice(line, 2, line.length), name, wanted;

	switch (step->kind) {
	case STEP_SEND:
		name = str_slice(rest, 0, str_index(rest, ' '));
		wanted = str_slice(rest, name.length + 1, rest.length);
		if (line.data[0] != '>' || !str_equal(name, step->call.operation))
			return false;
		if (wanted.length) {
			struct value v = kit_json(k, str_to_c(&k->arena, wanted));

			return value_equal(&v, &step->call.input);
		}
		return true;
	case STEP_WAIT:
	case STEP_DONE:
		return str_equal(step_text(k, step), line);
	case STEP_FAIL:
		return str_starts(line, STR("= fail")) &&
		       str_contains(step_text(k, step), str_slice(line, 7, line.length));
	}
	return false;
}

static struct reply reply_of(struct driver_kit *k, struct str line)
{
	struct str rest = str_slice(line, 2, line.length);
	struct reply reply = { .request_id = STR("r1") };

	if (line.length && line.data[0] == '<') {
		reply.class = REPLY_OK;
		reply.status = 200;
		reply.body = kit_json(k, str_to_c(&k->arena, rest));
		return reply;
	}
	ck_assert_msg(line.length && line.data[0] == '!', "no reply in '%.*s'", STR_ARG(line));
	reply.class = REPLY_ERROR;
	reply.status = 400;
	reply.code = str_slice(rest, 0, str_index(rest, ' '));
	reply.message = str_slice(rest, reply.code.length + 1, rest.length);
	return reply;
}

static struct str next_line(struct str *script)
{
	struct str line = { 0 };

	while (str_split(script, '\n', &line)) {
		line = str_trim(line);
		if (line.length)
			return line;
	}
	return (struct str){ 0 };
}

void kit_run(struct driver_kit *k, enum op_kind kind, const char *text)
{
	struct str script = str_from_c(text);
	struct step step;

	k->op = op_new(&k->arena, kind, &k->input);
	k->result = op_result(k->op);
	step = op_next(k->op, NULL, k->now_ms);
	for (;;) {
		struct str line = next_line(&script);
		struct reply reply;

		ck_assert_msg(step_matches(k, &step, line), "got  %.*s\nwant %.*s",
			      STR_ARG(step_text(k, &step)), STR_ARG(line));
		if (step.kind == STEP_DONE || step.kind == STEP_FAIL)
			break;
		k->now_ms += step.kind == STEP_WAIT ? step.wait_ms : 0;
		if (step.kind == STEP_SEND)
			reply = reply_of(k, next_line(&script));
		step = op_next(k->op, step.kind == STEP_SEND ? &reply : NULL, k->now_ms);
	}
	ck_assert_msg(!next_line(&script).length, "it ended early");
}
