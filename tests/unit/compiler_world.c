#include "compiler_case.h"

/* What ties a spec to things outside of it: targets, existing things, outputs, checks. */

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"
#define EDGE HEAD "[target.edge]\nregion = \"us-east-1\"\n"

/* "line:column: message | help", sorted by place. */
static const struct {
	const char *text, *messages;
} mistakes[] = {
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
	  "[target.stage]\n"
	  "[target]\n"
	  "f = 1\n",
	  "4:9: target 'a' has a 'profile' and no 'account' | ARNs are known, and nothing is sent "
	  "to another account, if it is written here\n"
	  "7:12: 'role_arn' must be the ARN of a role | "
	  "\"arn:aws:iam::111122223333:role/deploy\"\n"
	  "10:11: the role of target 'c' is of account 111122223333\n"
	  "11:9: target 'd' is in another partition, where the stack's credentials mean nothing\n"
	  "14:1: unknown key 'regoin' in target 'e' | did you mean 'region'?\n"
	  "15:9: 'stage' is no id | a letter, then letters, digits and '_'\n"
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

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, reports, 0, sizeof(mistakes) / sizeof(*mistakes));
	tcase_add_test(tc, targets_have_their_own);
}

int main(void)
{
	return unit_run("compiler_world", suite_fill);
}
