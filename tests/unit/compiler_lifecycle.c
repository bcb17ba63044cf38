#include "compiler_case.h"

/* ignore_changes and replace_when as a spec writes them. */

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"

static struct compiler_case k;

static void setup(void) { case_open(&k); }
static void teardown(void) { case_close(&k); }

static const struct {
	const char *text, *messages;
} mistakes[] = {
	{ HEAD "[AWS.SQS.Queue.jobs]\n"
	  "ignore_changes = [\"VisibilityTimeout\", \"Tags[team]\", \"RedrivePolicy\", \"*\"]\n", "" },
	{ HEAD "[AWS.SQS.Queue.jobs]\n"
	  "ignore_changes = [\"VisibilityTimout\"]\n",
	  "5:19: 'VisibilityTimout' of 'ignore_changes': AWS::SQS::Queue has no 'VisibilityTimout' | "
	  "did you mean 'VisibilityTimeout'?" },
	{ HEAD "[AWS.SQS.Queue.jobs]\n"
	  "ignore_changes = [\"Arn\", \"RedrivePolicy.x\", \"VisibilityTimeout.x\"]\n",
	  "5:19: 'Arn' of 'ignore_changes' is set by AWS alone: there is nothing to ignore\n"
	  "5:26: 'RedrivePolicy.x' of 'ignore_changes' goes into a document, which can only be "
	  "ignored as a whole\n"
	  "5:45: 'VisibilityTimeout.x' of 'ignore_changes' goes below something that has no parts" },
	{ HEAD "[AWS.SQS.Queue.jobs]\n"
	  "ignore_changes = [\"Tags.team\", \"Tags[\", \"\", \"Tags.\", \".x\", \"Tags[a]x\"]\n",
	  "5:19: 'Tags.team' of 'ignore_changes' goes into a list: name an item, as in Tags[team]\n"
	  "5:32: 'Tags[' of 'ignore_changes' is no path of properties\n"
	  "5:41: '' of 'ignore_changes' is no path of properties\n"
	  "5:45: 'Tags.' of 'ignore_changes' is no path of properties\n"
	  "5:54: '.x' of 'ignore_changes' is no path of properties\n"
	  "5:60: 'Tags[a]x' of 'ignore_changes' is no path of properties" },
	{ HEAD "[AWS.DynamoDB.Table.t]\n"
	  "KeySchema = [{ AttributeName = \"id\", KeyType = \"HASH\" }]\n"
	  "AttributeDefinitions = [{ AttributeName = \"id\", AttributeType = \"S\" }]\n"
	  "BillingMode = \"PAY_PER_REQUEST\"\n"
	  "ignore_changes = [\"ProvisionedThroughput.ReadCapacityUnits\", \"KeySchema[id].KeyType\", "
	  "\"GlobalSecondaryIndexes[*].Projection\"]\n",
	  "8:62: 'KeySchema[id].KeyType' of 'ignore_changes' names an item of what has no named items: "
	  "ignore it whole" },
	/* A part by its name, the thing itself without. */
	{ HEAD "[function.report]\nhandler = \"src/report.js#run\"\n"
	  "ignore_changes = [\"MemorySize\", \"function.Timeout\", \"role.Description\", "
	  "\"Environment.Variables.FEATURE_*\"]\n", "" },
	{ HEAD "[function.report]\nhandler = \"src/report.js#run\"\n"
	  "ignore_changes = [\"rol.Description\", \"role.Descripton\", \"memory\"]\n",
	  "6:19: function 'report' has no part 'rol' | did you mean 'role'?\n"
	  "6:38: 'role.Descripton' of 'ignore_changes': AWS::IAM::Role has no 'Descripton' | did you "
	  "mean 'Description'?\n"
	  "6:57: function 'report' has no part 'memory' | a path is of AWS's properties, behind a "
	  "part's name of that part's: \"role.Description\"" },
	{ HEAD "[AWS.SSM.Parameter.p]\nType = \"String\"\nValue = \"x\"\n"
	  "ignore_changes = \"Value\"\n",
	  "7:18: 'ignore_changes' must be a list of strings, not string | put it in brackets: "
	  "[\"Value\"]" },
	{ HEAD "[AWS.SQS.Queue.a]\n[AWS.SQS.Queue.b]\n"
	  "replace_when = [\"${a.Arn}\", \"${stage}\", 3]\n", "" },
	{ HEAD "[AWS.SQS.Queue.a]\n[AWS.SQS.Queue.b]\n"
	  "replace_when = \"${a.Arn}\"\n",
	  "6:16: 'replace_when' must be known before anything is made | only what the spec itself "
	  "tells can stand here: variables, locals, 'stage', keys of 'for_each' and the like" },
	{ HEAD "[AWS.SQS.Queue.b]\nreplace_when = [\"${c.Arn}\"]\n",
	  "5:20: there is no block 'c'" },
	/* What it names comes first, so it may not wait for it. */
	{ HEAD "[AWS.SQS.Queue.a]\nQueueName = \"${b.QueueName}-a\"\n"
	  "[AWS.SQS.Queue.b]\nreplace_when = [\"${a.Arn}\"]\n",
	  "5:16: these resources wait for each other: a -> b -> a | the references stand at "
	  "effortless.toml:5:16, effortless.toml:7:20" },
	/* The shortest way round, though a longer one begins earlier; each reference is told. */
	{ HEAD "[AWS.SQS.Queue.a]\nQueueName = \"${b.QueueName}-a\"\n"
	  "[AWS.SQS.Queue.b]\nQueueName = \"${c.QueueName}-b\"\n"
	  "[AWS.SQS.Queue.c]\nQueueName = \"${d.QueueName}-c\"\ndepends_on = [\"b\"]\n"
	  "[AWS.SQS.Queue.d]\nQueueName = \"${a.QueueName}-d\"\n",
	  "7:16: these resources wait for each other: b -> c -> b | the references stand at "
	  "effortless.toml:7:16, effortless.toml:10:15" },
	/* Two knots are two mistakes. */
	{ HEAD "[AWS.SQS.Queue.a]\nQueueName = \"${b.QueueName}-a\"\n"
	  "[AWS.SQS.Queue.b]\nQueueName = \"${a.QueueName}-b\"\n"
	  "[AWS.SQS.Queue.c]\nQueueName = \"${d.QueueName}-c\"\n"
	  "[AWS.SQS.Queue.d]\nQueueName = \"${c.QueueName}-d\"\n",
	  "5:16: these resources wait for each other: a -> b -> a | the references stand at "
	  "effortless.toml:5:16, effortless.toml:7:16\n"
	  "9:16: these resources wait for each other: c -> d -> c | the references stand at "
	  "effortless.toml:9:16, effortless.toml:11:16" },
	{ HEAD "[AWS.SQS.Queue.a]\nrenamed_from = 3\n",
	  "5:16: 'renamed_from' must be an address, a list of them, or with 'for_each' a table of keys "
	  "and addresses | what the state has it under: \"orders\", \"private['a']\", "
	  "\"module.cdn.site\"" },
	{ HEAD "[AWS.SQS.Queue.a]\nrenamed_from = [\"b\", \"not an address\"]\n",
	  "5:22: 'not an address' is no address | what the state has it under: \"orders\", "
	  "\"private['a']\", \"module.cdn.site\"" },
	{ HEAD "[AWS.SQS.Queue.a]\nrenamed_from = { x = \"b\" }\n",
	  "5:16: 'renamed_from' is a table of keys only where 'for_each' is" },
	{ HEAD "[AWS.ApiGatewayV2.Route.r]\nApiId = \"a\"\nRouteKey = \"GET /\"\n"
	  "import = \"r\"\n[AWS.SQS.Queue.a]\nimport = \"a|b\"\n[AWS.SQS.Queue.b]\nimport = \"\"\n"
	  "[queue.c]\nimport = \"mine\"\n",
	  "7:10: 'r' identifies no AWS::ApiGatewayV2::Route | write its ApiId|RouteId\n"
	  "9:10: 'a|b' identifies no AWS::SQS::Queue | write its QueueName\n"
	  "11:10: '' identifies no AWS::SQS::Queue | write its QueueName" },
	{ HEAD "[defaults.queue]\nimport = \"x\"\n",
	  "5:1: 'import' cannot stand in [defaults.queue]" },
	{ HEAD "[defaults.queue]\nrenamed_from = \"x\"\n",
	  "5:1: 'renamed_from' cannot stand in [defaults.queue]" },
};

START_TEST(test_mistakes)
{
	case_compile(&k, str_from_c(mistakes[_i].text));
	unit_str_eq(case_messages(&k), mistakes[_i].messages);
}
END_TEST

START_TEST(test_paths_are_of_their_part)
{
	const struct lifecycle *life;

	case_compile(&k, STR(HEAD "[function.report]\nhandler = \"src/report.js#run\"\n"
		"ignore_changes = [\"role.Tags[team]\", \"Environment.Variables.A\"]\n"));
	ck_assert(k.good);
	life = case_resource(&k, "report/role")->lifecycle;
	ck_assert_uint_eq(life->ignore_count, 1);
	ck_assert_uint_eq(life->ignores[0].count, 2);
	unit_str_eq(life->ignores[0].steps[1].name, "team");
	unit_str_eq(life->ignores[0].steps[1].key, "Key");
	/* As a raw block would say it. */
	unit_str_eq(life->ignores[0].text, "Tags[team]");
	life = case_resource(&k, "report")->lifecycle;
	ck_assert_uint_eq(life->ignores[0].count, 3);
	ck_assert_ptr_null(case_resource(&k, "report/logs")->lifecycle);
}
END_TEST

/* Each key of a for_each, blocks of modules and overlays of stages have their own. */
START_TEST(test_for_each_and_overlay)
{
	k.options.stage = STR("prod");
	case_compile(&k, STR(HEAD "[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b\"]\n"
		"replace_when = [\"${each.key}\"]\n"
		"[stage.prod.AWS.SQS.Queue.q]\nignore_changes = [\"DelaySeconds\"]\n"));
	ck_assert_msg(k.good, "%.*s", STR_ARG(case_messages(&k)));
	ck_assert_uint_eq(case_resource(&k, "q['a']")->lifecycle->ignore_count, 1);
	unit_str_eq(case_resource(&k, "q['b']")->lifecycle->replace_when.list.items[0].string, "b");
}
END_TEST

static void former(const char *address, const char *want)
{
	const struct lifecycle *life = case_resource(&k, address)->lifecycle;
	struct str text = STR("nothing");

	if (life)
		text = str_join(&k.arena, STR(" "), life->renamed_from.items,
				life->renamed_from.count);
	unit_str_eq(text, want);
}

START_TEST(test_former_addresses)
{
	case_compile(&k, STR(HEAD
		"[function.report]\nhandler = \"src/report.js#run\"\nrenamed_from = \"summary\"\n"
		"[AWS.IAM.Role.own]\nrenamed_from = \"other/role\"\n"
		"AssumeRolePolicyDocument = { Version = \"2012-10-17\", Statement = [] }\n"
		"[AWS.SQS.Queue.q]\nfor_each = [\"a\", \"b\"]\nrenamed_from = \"old\"\n"
		"[AWS.SQS.Queue.k]\nfor_each = [\"a\", \"b\"]\nrenamed_from = { a = \"single\" }\n"
		"[AWS.SQS.Queue.m]\nrenamed_from = [\"x\", \"module.cdn.m\", \"y['k']\"]\n"));
	ck_assert_msg(k.good, "%.*s", STR_ARG(case_messages(&k)));
	former("report", "summary");
	former("report/role", "summary/role");
	former("report/logs", "summary/logs");
	former("own", "other/role");
	former("q['a']", "old['a']");
	former("q['b']", "old['b']");
	former("k['a']", "single");
	former("k['b']", "nothing");
	former("m", "x module.cdn.m y['k']");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_mistakes, 0, sizeof(mistakes) / sizeof(mistakes[0]));
	tcase_add_test(tc, test_paths_are_of_their_part);
	tcase_add_test(tc, test_for_each_and_overlay);
	tcase_add_test(tc, test_former_addresses);
}

int main(void)
{
	return unit_run("lifecycle", fill);
}
