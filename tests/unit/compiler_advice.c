#include "compiler_case.h"

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"

/* One mistake is said once, with what was meant, and hides no other one. */
static const struct {
	const char *text, *messages;
} cases[] = {
	/* [project] */
	{ "[projct]\n"
	  "name = \"shop\"\n"
	  "region = \"eu-west-1\"\n"
	  "[queue.q]\n",
	  "1:2: unknown table 'projct' at the top | did you mean 'project'?" },
	{ "[[project]]\n"
	  "name = \"shop\"\n",
	  "1:3: 'project' must be a table | write [project]" },
	{ "name = \"shop\"\n"
	  "region = \"eu-west-1\"\n"
	  "[queue.q]\n",
	  "1:1: unknown key 'name' at the top | it belongs under [project]\n"
	  "2:1: unknown key 'region' at the top | it belongs under [project]" },
	{ "name = \"shop\"\n"
	  "region = \"eu-west-1\"\n"
	  "[project]\n"
	  "tags = { a = 5, b = [] }\n",
	  "1:1: unknown key 'name' at the top | it belongs under [project]\n"
	  "2:1: unknown key 'region' at the top | it belongs under [project]\n"
	  "4:21: 'b' in 'tags' must be a string, not list" },
	/* Lists of tables */
	{ HEAD "[[table.orders]]\n"
	  "partition_key = \"id:string\"\n"
	  "[output.o]\n"
	  "value = \"${orders.arn}\"\n",
	  "4:1: table 'orders' must be a table | write [table.orders]" },
	{ HEAD "[[AWS.SQS.Queue.q]]\n"
	  "DelaySeconds = 1\n"
	  "[[http.h]]\n"
	  "[[AWS.SQS.Queue.r]]\n",
	  "4:1: AWS.SQS.Queue 'q' must be a table | write [AWS.SQS.Queue.q]\n"
	  "6:1: http 'h' must be a table | write [http.h]\n"
	  "7:1: AWS.SQS.Queue 'r' must be a table | write [AWS.SQS.Queue.r]" },
	/* References */
	{ HEAD "[queue.q]\n"
	  "[output.o]\n"
	  "value = \"${q.arn.x.y}\"\n",
	  "6:18: 'arn' is text and has no parts | write 'q.arn'" },
	{ HEAD "[queue.q]\n"
	  "[output.o]\n"
	  "value = [\"${HOME}\", \"${projct}\", \"${locl.x}\", \"${Q}\", \"${HOME.x}\"]\n",
	  "6:13: there is no block 'HOME' | for a shell's own variable write $${HOME}\n"
	  "6:24: there is no block 'projct' | did you mean 'project'?\n"
	  "6:37: there is no block 'locl' | did you mean 'local'?\n"
	  "6:50: there is no block 'Q' | did you mean 'q'?\n"
	  "6:58: there is no block 'HOME'" },
	/* What follows from a mistake is none of its own */
	{ HEAD "[AWS.EC2.VPC.v]\n"
	  "CidrBlock = \"10.0.0.0/16\"\n"
	  "[AWS.EC2.Subnet.s]\n"
	  "VpcId = \"${v.VpcId}\"\n"
	  "CidrBlock = \"${cidrsubnet('10.0.0.0/16', 40, 1)}\"\n",
	  "8:42: a prefix of 16 bits can grow by 0 to 16 bits" },
	{ HEAD "[function.f]\n"
	  "handler = \"a.js#main\"\n"
	  "url = true\n"
	  "[output.o]\n"
	  "value = \"${f.url}\"\n",
	  "6:1: 'url' is not supported yet | use an [http.ID] block" },
	{ HEAD "[stage.\"[d]ev\".queue.x]\n",
	  "4:8: '[d]ev' is no name of a stage | lower-case letters and digits; "
	  "'*' and '?' match several" },
	{ HEAD "[queue.p]\n"
	  "[AWS.SQS.Queue.p]\n"
	  "for_each = [\"a\"]\n"
	  "[output.o]\n"
	  "value = \"${p.a.Arn}\"\n",
	  "5:16: the id 'p' is taken by queue 'p' | it stands at effortless.toml:4:8" },
	{ HEAD "[queue.a]\n"
	  "[check.d]\n"
	  "condition = \"${1 == 2}\"\n"
	  "message = \"false ${a.url}\"\n"
	  "[check.e]\n"
	  "condition = \"${1 == 2}\"\n"
	  "message = \"${a.url}\"\n",
	  "5:8: check 'd' does not hold: false ...\n"
	  "8:8: check 'e' does not hold: its message is not known" },
	{ HEAD "[existing.stack.base]\n"
	  "[output.o]\n"
	  "value = \"${base.vpc}\"\n",
	  "4:17: 'base' is reserved and cannot be an id" },
	{ HEAD "[module.m]\n"
	  "source = \"./nomod\"\n"
	  "with = { a = 1 }\n"
	  "[output.o]\n"
	  "value = \"${module.m.x}\"\n"
	  "[output.all]\n"
	  "value = \"${module.m}\"\n",
	  "5:10: there is no effortless.toml in 'nomod'" },
	/* Raw blocks */
	{ HEAD "[AWS.SQS.q]\n"
	  "DelaySeconds = 1\n"
	  "[AWS.DynamoDB.orders]\n"
	  "[AWS.EC2.VCP]\n"
	  "CidrBlock = \"10.0.0.0/16\"\n"
	  "[AWS.Nothing.at]\n"
	  "x = 1\n"
	  "[output.o]\n"
	  "value = \"${q.Arn} ${orders.Arn}\"\n",
	  "4:10: [AWS.SQS.q] lacks the type of its block | write [AWS.SQS.TYPE.q], for example "
	  "[AWS.SQS.Queue.q]\n"
	  "6:15: [AWS.DynamoDB.orders] lacks the type of its block | write "
	  "[AWS.DynamoDB.TYPE.orders], for example [AWS.DynamoDB.Table.orders]\n"
	  "7:10: [AWS.EC2.VCP] lacks the id of its block | write [AWS.EC2.VPC.ID], for example "
	  "[AWS.EC2.VPC.main]\n"
	  "9:14: [AWS.Nothing.at] lacks the type of its block | a raw block is "
	  "[AWS.Service.Type.id], for example [AWS.EC2.VPC.main]" },
	/* Keys of tables */
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "env = { A = { b = 1 } }\n"
	  "params = { p = 1 }\n"
	  "files = [1]\n",
	  "6:13: 'A' in 'env' must be a string, not table\n"
	  "7:16: 'p' in 'params' must be a string, not integer\n"
	  "8:10: an entry of 'files' must be a string, not integer" },
	/* Ids that cannot be */
	{ HEAD "[AWS.SNS.Topic.topic]\n"
	  "[queue.var]\n"
	  "[queue.project]\n"
	  "[queue.a-b]\n"
	  "[queue.q]\n"
	  "[queue.Q]\n"
	  "depends_on = [\"topic\", \"a-b\"]\n"
	  "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "deps = [\"topic\", \"a-b\", \"var\", \"Q\"]\n"
	  "depends_on = [\"topic\", \"a-b\", \"Q\"]\n"
	  "[output.o]\n"
	  "value = [\"${topic.Arn}\", \"${var.arn}\", \"${project.url}\", \"${Q.arn}\"]\n",
	  "4:16: 'topic' is reserved and cannot be an id\n"
	  "5:8: 'var' is reserved and cannot be an id\n"
	  "6:8: 'project' is reserved and cannot be an id\n"
	  "7:8: 'a-b' is no id | write 'a_b': a letter, then letters, digits and '_'\n"
	  "9:8: the id 'Q' is taken by queue 'q', ignoring case | it stands at "
	  "effortless.toml:8:8" },
	/* All in one run */
	{ HEAD "[http.h]\n"
	  "method = \"FETCH\"\n"
	  "path = \"/a\"\n"
	  "[http.i]\n"
	  "method = \"GET\"\n"
	  "path = \"/b\"\n"
	  "auht = \"none\"\n"
	  "handlr = \"src/a.js#f\"\n",
	  "4:7: http 'h' needs 'auth' | \"none\" or \"iam\", here or in [defaults.http]\n"
	  "4:7: http 'h' needs 'handler', or 'function' with another block's id\n"
	  "5:10: 'method' cannot be 'FETCH' | did you mean 'PATCH'?\n"
	  "10:1: unknown key 'auht' in http 'i' | did you mean 'auth'?\n"
	  "11:1: unknown key 'handlr' in http 'i' | did you mean 'handler'?" },
	{ HEAD "[function.f]\n"
	  "handler = \"src/a.js#f\"\n"
	  "deps = [5]\n"
	  "[function.g]\n"
	  "handler = 5\n"
	  "[function.g.aws.rol]\n"
	  "X = 1\n"
	  "[output.o]\n"
	  "value = [\"${f/rol.Arn}\", \"${f/role.Arn}\", \"${g/rol.Arn}\", \"${g/role.Arn}\", "
	  "\"${g.arm}\", \"${g.arn}\"]\n",
	  "6:9: an entry of 'deps' is an id or a table | \"orders\", or { on = \"orders\", "
	  "allow = \"read\" }\n"
	  "8:11: 'handler' must be a string, not integer\n"
	  "9:17: function 'g' has no part 'rol' | did you mean 'role'?\n"
	  "12:13: function 'f' has no part 'rol' | did you mean 'f/role'?\n"
	  "12:46: function 'g' has no part 'rol' | did you mean 'g/role'?\n"
	  "12:81: function 'g' has no attribute 'arm' | did you mean 'arn'?" },
	{ HEAD "[function.f]\n"
	  "handler = 5\n"
	  "deps = [5, \"a\"]\n"
	  "env = { A = \"${b.arn}\" }\n"
	  "[schedule.s]\n"
	  "every = \"rate(1 day)\"\n"
	  "deps = [\"c\"]\n"
	  "[http.h]\n"
	  "method = \"GET\"\n"
	  "path = \"/a\"\n"
	  "auth = \"none\"\n"
	  "deps = [\"d\"]\n"
	  "[queue.q]\n"
	  "handler = []\n"
	  "deps = [\"e\"]\n"
	  "env = { A = \"${g.arn}\" }\n",
	  "5:11: 'handler' must be a string, not integer\n"
	  "6:9: an entry of 'deps' is an id or a table | \"orders\", or { on = \"orders\", "
	  "allow = \"read\" }\n"
	  "6:12: there is no block 'a'\n"
	  "7:16: there is no block 'b'\n"
	  "8:11: schedule 's' needs 'handler'\n"
	  "10:9: there is no block 'c'\n"
	  "11:7: http 'h' needs 'handler', or 'function' with another block's id\n"
	  "15:9: there is no block 'd'\n"
	  "17:11: 'handler' must be a string, not list\n"
	  "18:9: there is no block 'e'\n"
	  "19:16: there is no block 'g'" },
	{ HEAD "[queue.q]\n"
	  "delay = 5\n"
	  "batch_size = 5\n"
	  "[table.t]\n"
	  "sort_key = 5\n"
	  "billing = \"provisioned\"\n"
	  "memory = 512\n",
	  "5:9: 'delay' needs a unit | write \"5s\" for seconds (units: s m h d)\n"
	  "6:1: 'batch_size' needs a handler\n"
	  "7:8: table 't' needs 'partition_key' | for example \"orderId:string\"\n"
	  "8:12: 'sort_key' must be a string, not integer\n"
	  "9:11: provisioned billing needs 'read_capacity'\n"
	  "9:11: provisioned billing needs 'write_capacity'\n"
	  "10:1: 'memory' needs a handler of the table's stream" },
};

START_TEST(advises)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, str_from_c(cases[_i].text));
	unit_str_eq(case_messages(&k), cases[_i].messages);
	ck_assert(!k.good);
	case_close(&k);
}
END_TEST

static const struct {
	const char *every;
	bool good;
} schedules[] = {
	{ "rate(1 day)", true }, { "rate(1 minute)", true }, { "rate(2 days)", true },
	{ "rate(15 minutes)", true }, { "rate(11 hours)", true },
	{ "rate(1 days)", false }, { "rate(2 day)", false }, { "rate(0 days)", false },
	{ "rate(-1 days)", false }, { "rate(01 days)", false }, { "rate(1)", false },
	{ "rate(1  day)", false }, { "rate(1 week)", false }, { "rate()", false },
	{ "rate(99999999999999999999 days)", false },
	{ "cron(0 6 * * ? *)", true }, { "cron(0/15 8-18 ? * MON-FRI *)", true },
	{ "cron(0 10 L * ? *)", true }, { "cron(0 10 LW * ? *)", true },
	{ "cron(0 10 15W * ? *)", true }, { "cron(0 10 ? * 6#3 *)", true },
	{ "cron(0 10 ? * 6L *)", true }, { "cron(5,35 14 ? JAN,jul * 2026-2030)", true },
	{ "cron(*/5 * * * ? *)", true }, { "cron(0 6 * * ?)", false },
	{ "cron(0 6 * * ? * *)", false }, { "cron(60 6 * * ? *)", false },
	{ "cron(0 24 * * ? *)", false }, { "cron(0 6 * * * *)", false },
	{ "cron(0 6 ? * ? *)", false }, { "cron(? 6 * * ? *)", false },
	{ "cron(0 6 32 * ? *)", false }, { "cron(0 6 ? 13 1 *)", false },
	{ "cron(0 6 ? * 8 *)", false }, { "cron(0 6 ? * 6#6 *)", false },
	{ "cron(0 6 ? * FOO *)", false }, { "cron(L 6 * * ? *)", false },
	{ "cron(0  6 * * ? *)", false }, { "cron(0, 6 * * ? *)", false },
	{ "cron(1- 6 * * ? *)", false }, { "cron(/5 6 * * ? *)", false },
	{ "cron(0/ 6 * * ? *)", false }, { "cron(a b c d e f)", false },
	{ "cron(0 6 W * ? *)", false }, { "cron(0 6 ? * # *)", false },
	{ "at(2026-12-24T18:00:00)", true }, { "at(2028-02-29T00:00:00)", true },
	{ "at(2027-02-29T00:00:00)", false }, { "at(2026-13-24T18:00:00)", false },
	{ "at(2026-12-24T24:00:00)", false }, { "at(2026-12-24 18:00:00)", false },
	{ "at(2026-12-24T18:00:00Z)", false }, { "at(aaaa-bb-ccTdd:ee:ff)", false },
	{ "at(2026-04-31T18:00:00)", false }, { "(", false }, { ")", false }, { "", false },
};

START_TEST(checks_schedules)
{
	struct compiler_case k;
	struct str spec;

	case_open(&k);
	spec = str_format(&k.arena, HEAD "[schedule.s]\nhandler = \"src/a.js#f\"\n"
			  "every = \"%s\"\n", schedules[_i].every);
	case_compile(&k, spec);
	ck_assert_msg(k.good == schedules[_i].good, "%s: %.*s", schedules[_i].every,
		      STR_ARG(case_messages(&k)));
	ck_assert_uint_eq(k.diags.count, k.good ? 0 : 1);
	ck_assert(k.good || k.diags.items[0].help.length);
	case_close(&k);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, advises, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_loop_test(tc, checks_schedules, 0, sizeof(schedules) / sizeof(*schedules));
}

int main(void)
{
	return unit_run("compiler_advice", suite_fill);
}
