#include "driver_kit.h"

#include "base/fs.h"
#include "base/json.h"

/*
 * What was recorded on the emulator (tests/emulator/test_drivers.py), said
 * again without it: every call must be the same, and so must what is learned.
 */
static const char *const types[] = {
	"ApiGatewayV2.Api", "ApiGatewayV2.Integration", "ApiGatewayV2.Route", "ApiGatewayV2.Stage",
	"DynamoDB.Table", "IAM.Role", "Lambda.EventSourceMapping", "Lambda.Function",
	"Lambda.Permission", "Logs.LogGroup", "S3.Bucket", "SNS.Topic", "SQS.Queue",
	"SSM.Parameter", "Scheduler.Schedule", "Scheduler.ScheduleGroup",
};

struct talk {
	struct driver_kit kit;
	struct str rest;
	const char *name;
	size_t line;
};

static struct value talk_line(struct talk *t)
{
	struct error err = { 0 };
	struct str line;
	struct value v;

	ck_assert_msg(str_split(&t->rest, '\n', &line), "%s ends early", t->name);
	t->line++;
	ck_assert_msg(json_parse(&t->kit.arena, line, SPAN_NOWHERE, &v, &err), "%s:%zu: %s",
		      t->name, t->line, err.text);
	return v;
}

static struct value part(const struct value *v, const char *key)
{
	const struct value *found = value_get_c(v, key);

	return found ? *found : value_null();
}

static void same(struct talk *t, const char *what, struct value got, struct value want)
{
	ck_assert_msg(value_equal(&got, &want), "%s:%zu: %s\ngot  %.*s\nwant %.*s", t->name,
		      t->line, what, STR_ARG(json_text(&t->kit.arena, &got)),
		      STR_ARG(json_text(&t->kit.arena, &want)));
}

static void begin(struct talk *t, const struct value *request)
{
	static const char *const kinds[] = { "read", "find", "create", "update", "delete" };
	struct op_input *in = &t->kit.input;
	int kind = 0;

	kit_type(&t->kit, str_to_c(&t->kit.arena, value_get_str(request, "type")));
	in->properties = part(request, "properties");
	in->previous = part(request, "previous");
	in->attributes = part(request, "attributes");
	in->instance = value_get_str(request, "instance");
	in->sent_before = value_get_c(request, "sent_before") != NULL;
	while (!str_equal_c(value_get_str(request, "kind"), kinds[kind]))
		kind++;
	t->kit.op = op_new(&t->kit.arena, (enum op_kind)kind, in);
}

static struct reply reply_of(const struct value *line)
{
	const struct value *error = value_get_c(line, "error");
	struct reply reply = { .class = REPLY_OK, .status = 200, .body = part(line, "reply") };

	if (error) {
		reply.class = REPLY_ERROR;
		reply.status = 400;
		reply.code = value_get_str(error, "code");
		reply.message = value_get_str(error, "message");
	}
	return reply;
}

static struct step go_on(struct talk *t, const struct step *step, const struct value *line)
{
	struct reply reply;

	if (step->kind == STEP_WAIT) {
		same(t, "wait", value_int(step->wait_ms), part(line, "wait"));
		t->kit.now_ms += step->wait_ms;
		return op_next(t->kit.op, NULL, t->kit.now_ms);
	}
	same(t, "operation", value_string(step->call.operation), part(line, "send"));
	same(t, "input", step->call.input, part(line, "input"));
	reply = reply_of(line);
	return op_next(t->kit.op, &reply, t->kit.now_ms);
}

static void say(struct talk *t)
{
	struct value line = talk_line(t), request = part(&line, "op");
	const struct op_result *result;
	struct step step;

	begin(t, &request);
	step = op_next(t->kit.op, NULL, t->kit.now_ms);
	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		line = talk_line(t);
		step = go_on(t, &step, &line);
	}
	line = talk_line(t);
	result = op_result(t->kit.op);
	same(t, "end", value_string(step.kind == STEP_DONE ? STR("done") : STR("fail")),
	     part(&line, "ended"));
	same(t, "attributes", result->attributes, part(&line, "attributes"));
	same(t, "observed", result->observed, part(&line, "observed"));
	same(t, "owner", value_string(result->owner), part(&line, "owner"));
}

START_TEST(repeats)
{
	const char *folder = getenv("EFFC_SRCDIR");
	struct talk t = { .name = types[_i] };
	struct error err = { 0 };
	struct str path;

	kit_init(&t.kit);
	path = str_format(&t.kit.arena, "%s/tests/unit/talks/%s.jsonl", folder ? folder : ".",
			  t.name);
	ck_assert_msg(files_real()->read(NULL, &t.kit.arena, path, 1 << 20, &t.rest, &err), "%s",
		      err.text);
	while (t.rest.length)
		say(&t);
	ck_assert_uint_gt(t.line, 10);
	kit_release(&t.kit);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, repeats, 0, sizeof(types) / sizeof(types[0]));
}

int main(void)
{
	return unit_run("driver_talks", fill);
}
