#include "compiler_case.h"

/* What ties a spec to things outside of it: targets, existing things, outputs, checks. */

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"
#define EDGE HEAD "[target.edge]\nregion = \"us-east-1\"\n"

/* "line:column: message | help", sorted by place. */
static const struct {
	const char *text, *messages;
} mistakes[] = {
	{ HEAD "[queue.a]\n"
	  "[output.s]\n"
	  "value = \"${[for x in a.arn : x][0]}\"\n"
	  "[output.t]\n"
	  "value = \"${a.arn + 1}\"\n"
	  "export = true\n"
	  "[check.c]\n"
	  "condition = \"${a.arn}\"\n"
	  "message = \"x\"\n"
	  "[check.d]\n"
	  "condition = \"${a.arn != 'x'}\"\n"
	  "message = \"${a.arn}\"\n",
	  "6:22: 'for' goes over a list or a table, not an unknown text\n"
	  "8:12: '+': a number is needed, and text that begins with 'arn:aws:sqs:eu-west-1:' is "
	  "none\n"
	  "11:13: 'condition' of check 'c' must be true or false: a boolean is needed, and text "
	  "that begins with 'arn:aws:sqs:eu-west-1:' is none" },
	{ HEAD "[target.a]\n"
	  "profile = \"x\"\n"
	  "[target.b]\n"
	  "role_arn = \"arn:aws:iam::111122223333:user/x\"\n"
	  "[target.c]\n"
	  "role_arn = \"arn:aws:iam::111122223333:role/x\"\n"
	  "account = \"999988887777\"\n"
	  "[target.d]\n"
	  "region = \"cn-north-1\"\n"
	  "[target.e]\n"
	  "regoin = \"us-east-1\"\n"
	  "[target.\"a b\"]\n"
	  "[target]\n"
	  "f = 1\n",
	  "4:9: target 'a' has a 'profile' and no 'account' | ARNs are known, and nothing is sent "
	  "to another account, if it is written here\n"
	  "7:12: 'role_arn' must be the ARN of a role | "
	  "\"arn:aws:iam::111122223333:role/deploy\"\n"
	  "10:11: the role of target 'c' is of account 111122223333\n"
	  "11:9: target 'd' is in another partition, where the stack's credentials mean nothing\n"
	  "14:1: unknown key 'regoin' in target 'e' | did you mean 'region'?\n"
	  "15:9: 'a b' is no id | a letter, then letters, digits and '_'\n"
	  "17:5: [target.f] must be a table" },
	{ EDGE "[queue.far]\n"
	  "target = \"edge\"\n"
	  "[http.a]\n"
	  "target = \"egde\"\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "handler = \"a.js#a\"\n"
	  "deps = [\"far\"]\n"
	  "[http.b]\n"
	  "method = \"GET\"\n"
	  "path = \"/b\"\n"
	  "auth = \"none\"\n"
	  "handler = \"a.js#a\"\n"
	  "deps = [\"far\"]\n"
	  "[http.c]\n"
	  "target = \"edge\"\n"
	  "method = \"GET\"\n"
	  "path = \"/b\"\n"
	  "auth = \"none\"\n"
	  "function = \"b\"\n",
	  "9:10: there is no target 'egde' | did you mean 'edge'?\n"
	  "20:9: queue 'far' lives in us-east-1, and http 'b' in eu-west-1 | a handler reaches "
	  "what lives with it: give both the same 'target'\n"
	  "26:12: http 'b' lives in eu-west-1, and http 'c' in us-east-1 | a handler reaches "
	  "what lives with it: give both the same 'target'" },
	{ HEAD "[existing.AWS.SQS.Queue.a]\n"
	  "QueueName = \"a\"\n"
	  "VisibilityTimout = 3\n"
	  "[existing.AWS.SQS.Queue.b]\n"
	  "[existing.AWS.SQS.Qeue.c]\n"
	  "[existing.AWS.SQS.Queue.d]\n"
	  "QueueName = 3\n"
	  "tags = { a = \"b\" }\n"
	  "[existing.stack.e]\n"
	  "project = \"my net\"\n"
	  "stage = \"Prod\"\n"
	  "[existing.stack.f]\n"
	  "projct = \"net\"\n"
	  "[existing.AWS.EC2.VPC]\n"
	  "VpcId = \"vpc-1\"\n",
	  "6:1: AWS::SQS::Queue has no property 'VisibilityTimout'\n"
	  "7:25: existing.AWS.SQS.Queue 'b' needs 'QueueName' to be found\n"
	  "8:24: there is no type AWS::SQS::Qeue | did you mean [existing.AWS.SQS.Queue.c]?\n"
	  "10:13: 'QueueName' must be a string, not integer\n"
	  "11:1: 'tags' means nothing for what is only read\n"
	  "13:11: 'my net' is no name of a project | a letter, then letters, digits and hyphens, "
	  "40 at most\n"
	  "14:9: 'Prod' is no name of a stage\n"
	  "16:1: unknown key 'projct' in existing.stack 'f' | did you mean 'project'?\n"
	  "17:19: [existing.AWS.EC2.VPC] lacks the id of its block | write "
	  "[existing.AWS.EC2.VPC.ID], for example [existing.AWS.EC2.VPC.main]" },
	{ HEAD "[existing.AWS.SQS.Queue.a]\n"
	  "QueueName = \"a\"\n"
	  "[existing.stack.net]\n"
	  "project = \"net\"\n"
	  "[queue.own]\n"
	  "depends_on = [\"a\"]\n"
	  "[output.x]\n"
	  "value = [\"${a}\", \"${a.Url}\", \"${net}\", \"${existing.own.url}\", "
	  "\"${existing}\"]\n"
	  "[http.h]\n"
	  "method = \"GET\"\n"
	  "path = \"/\"\n"
	  "auth = \"none\"\n"
	  "handler = \"a.js#a\"\n"
	  "deps = [\"net\"]\n",
	  "9:15: existing.AWS.SQS.Queue 'a' is there already: nothing waits for it\n"
	  "11:13: existing.AWS.SQS.Queue 'a' is a block, and an attribute of it is needed | for "
	  "example 'a.Arn'\n"
	  "11:23: existing.AWS.SQS.Queue 'a' has no attribute 'Url'\n"
	  "11:33: existing.stack 'net' is a block, and an attribute of it is needed | the name of "
	  "one of its outputs: 'net.NAME'\n"
	  "11:52: there is no existing 'own'\n"
	  "11:66: 'existing' needs an id: 'existing.zone.Id'\n"
	  "17:9: nothing can depend on existing.stack 'net' | write 'permissions' and 'env' for "
	  "it" },
	{ HEAD "[existing.AWS.SQS.Queue.a]\n"
	  "QueueName = \"a\"\n"
	  "[AWS.SQS.Queue.b]\n"
	  "DelaySeconds = \"${a.Tags}\"\n"
	  "VisibilityTimeout = \"${a.Tags[0].Key}\"\n",
	  "7:16: 'DelaySeconds' must be a single value, and this is a list" },
	/* A name is taken only where its owner lives. */
	{ EDGE "[AWS.SQS.Queue.a]\n"
	  "QueueName = \"jobs\"\n"
	  "[AWS.SQS.Queue.b]\n"
	  "target = \"edge\"\n"
	  "QueueName = \"jobs\"\n"
	  "[AWS.IAM.Role.c]\n"
	  "RoleName = \"deploy\"\n"
	  "AssumeRolePolicyDocument = {}\n"
	  "[AWS.IAM.Role.d]\n"
	  "target = \"edge\"\n"
	  "RoleName = \"deploy\"\n"
	  "AssumeRolePolicyDocument = {}\n",
	  "14:15: 'c' and 'd' get the same name 'deploy' | the other one stands at "
	  "effortless.toml:11:15" },
};

START_TEST(reports)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, str_from_c(mistakes[_i].text));
	unit_str_eq(case_messages(&k), mistakes[_i].messages);
	ck_assert(!k.good);
	case_close(&k);
}
END_TEST

static void compile(struct compiler_case *k, const char *text)
{
	case_open(k);
	case_compile(k, str_from_c(text));
	unit_str_eq(case_messages(k), "");
	ck_assert(k->good);
}

START_TEST(targets_have_their_own)
{
	struct compiler_case k;

	compile(&k, EDGE "[local]\n"
		"here = \"${region}\"\n"
		"[http.a]\n"
		"method = \"GET\"\n"
		"path = \"/a\"\n"
		"auth = \"none\"\n"
		"handler = \"a.js#a\"\n"
		"[http.b]\n"
		"target = \"edge\"\n"
		"method = \"GET\"\n"
		"path = \"/a\"\n"
		"auth = \"none\"\n"
		"handler = \"a.js#a\"\n"
		"env = { OWN = \"${region}\", LOCAL = \"${local.here}\" }\n"
		"[output.a]\n"
		"value = \"${region} ${b.url}\"\n");
	unit_str_eq(case_resource(&k, "b")->scope.region, "us-east-1");
	unit_str_eq(case_resource(&k, "b/role")->scope.target, "edge");
	unit_str_eq(case_resource(&k, "a")->scope.region, "eu-west-1");
	unit_str_eq(case_resource(&k, "stage/edge_api")->scope.region, "us-east-1");
	case_property(&k, "b/route", "ApiId", "\"${stage/edge_api.ApiId}\"");
	case_property(&k, "a/route", "ApiId", "\"${stage/api.ApiId}\"");
	case_property(&k, "b", "FunctionName", "\"shop-dev-b\"");
	case_property(&k, "b/role", "RoleName", "\"shop-dev-b-us-east-1-role\"");
	case_property(&k, "b", "Environment.Variables.OWN", "\"us-east-1\"");
	case_property(&k, "b", "Environment.Variables.LOCAL", "\"eu-west-1\"");
	case_property(&k, "b", "Tags.2.Value", "\"us-east-1\"");
	case_property(&k, "a", "Tags.2.Value", "\"eu-west-1\"");
	case_close(&k);
}
END_TEST

START_TEST(existing_things_are_asked)
{
	struct compiler_case k;
	const struct existing *x;

	compile(&k, EDGE "[existing.AWS.SQS.Queue.jobs]\n"
		"QueueName = \"${project}-jobs\"\n"
		"target = \"edge\"\n"
		"[existing.AWS.EC2.VPC.main]\n"
		"VpcId = \"vpc-01234567\"\n"
		"when = false\n"
		"[existing.stack.net]\n"
		"project = \"net\"\n"
		"[queue.own]\n"
		"handler = \"a.js#a\"\n"
		"target = \"edge\"\n"
		"deps = [\"jobs\"]\n"
		"env = { A = \"${jobs.Arn}\", B = \"${existing.net.vpcId}\" }\n");
	ck_assert_uint_eq(k.model.existing_count, 2);
	x = &k.model.existing[0];
	unit_str_eq(x->name, "jobs");
	unit_str_eq(x->scope.region, "us-east-1");
	unit_str_eq(json_text(&k.arena, &x->properties), "{\"QueueName\":\"shop-jobs\"}");
	ck_assert_uint_eq(x->use_count, 2);
	x = &k.model.existing[1];
	unit_str_eq(x->project, "net");
	unit_str_eq(x->stage, "dev");
	ck_assert_uint_eq(x->use_count, 1);
	unit_str_eq(x->uses[0].name, "vpcId");
	case_property(&k, "own/function", "Environment.Variables.A", "\"${existing.jobs.Arn}\"");
	case_property(&k, "own/function", "Environment.Variables.EFF_QUEUE_jobs",
		      "\"${existing.jobs.QueueUrl}\"");
	case_close(&k);
}
END_TEST

START_TEST(existing_things_have_keys_and_overlays)
{
	struct compiler_case k;

	compile(&k, HEAD "[existing.AWS.SQS.Queue.many]\n"
		"for_each = { a = \"qa\", b = \"qb\" }\n"
		"QueueName = \"${each.value}\"\n"
		"[existing.stack.net]\n"
		"project = \"net\"\n"
		"[output.one]\n"
		"value = \"${existing.many['a'].Arn} ${net.x}\"\n"
		"[output.all]\n"
		"value = \"${values(many)[*].QueueUrl}\"\n"
		"[stage.dev.existing.AWS.SQS.Queue.many]\n"
		"QueueName = \"dev-${each.value}\"\n"
		"[stage.dev.existing.stack.net]\n"
		"stage = \"shared\"\n");
	ck_assert_uint_eq(k.model.existing_count, 3);
	unit_str_eq(k.model.existing[0].name, "many['a']");
	unit_str_eq(json_text(&k.arena, &k.model.existing[0].properties),
		    "{\"QueueName\":\"dev-qa\"}");
	ck_assert_uint_eq(k.model.existing[0].use_count, 2);
	ck_assert_uint_eq(k.model.existing[1].use_count, 1);
	unit_str_eq(k.model.existing[2].stage, "shared");
	case_close(&k);
}
END_TEST

START_TEST(outputs_are_published)
{
	static const struct { const char *written, *published; } texts[] = {
		{ "\"plain\"", "\"plain\"" },
		{ "\"12\"", "\"\\\"12\\\"\"" },
		{ "\"null\"", "\"\\\"null\\\"\"" },
		{ "\"012345678901\"", "\"012345678901\"" },
		{ "12", "\"12\"" },
		{ "true", "\"true\"" },
		{ "[\"a\", 1]", "\"[\\\"a\\\",1]\"" },
		{ "{ a = \"b\" }", "\"{\\\"a\\\":\\\"b\\\"}\"" },
	};
	struct compiler_case k;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf text;

		case_open(&k);
		buf_init(&text, &k.arena);
		buf_printf(&text, HEAD "[output.x]\nvalue = %s\nexport = true\n",
			   texts[i].written);
		case_compile(&k, buf_str(&text));
		unit_str_eq(case_messages(&k), "");
		case_property(&k, "stage/out_x", "Value", texts[i].published);
		case_property(&k, "stage/out_x", "Name", "\"/effc/shop/dev/out/x\"");
		ck_assert_int_eq(case_resource(&k, "stage/out_x")->guard, GUARD_NONE);
		case_close(&k);
	}
}
END_TEST

START_TEST(checks_are_asked_early)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, STR(HEAD "[check.a]\n"
		"condition = true\n"
		"message = \"fine\"\n"
		"[check.b]\n"
		"condition = false\n"
		"message = \"not in ${stage}\"\n"
		"level = \"warning\"\n"
		"[check.c]\n"
		"condition = \"${q.FifoQueue}\"\n"
		"message = \"no fifo\"\n"
		"[check.d]\n"
		"condition = \"${stage}\"\n"
		"message = \"text\"\n"
		"[queue.q]\n"));
	unit_str_eq(case_messages(&k), "7:8: warning: check 'b' does not hold: not in dev\n"
		    "15:13: 'condition' of check 'd' must be true or false, not string | for "
		    "example condition = \"${local.count < 10}\"");
	ck_assert_uint_eq(k.model.assertion_count, 1);
	unit_str_eq(k.model.assertions[0].name, "c");
	case_close(&k);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, reports, 0, sizeof(mistakes) / sizeof(*mistakes));
	tcase_add_test(tc, targets_have_their_own);
	tcase_add_test(tc, existing_things_are_asked);
	tcase_add_test(tc, existing_things_have_keys_and_overlays);
	tcase_add_test(tc, outputs_are_published);
	tcase_add_test(tc, checks_are_asked_early);
}

int main(void)
{
	return unit_run("compiler_world", suite_fill);
}
