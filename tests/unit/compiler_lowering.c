#include "compiler_case.h"

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\naccount = \"111122223333\"\n"
#define HANDLER "handler = \"src/a.js#f\"\n"

/* Blocks and the properties that they become; path "" of a missing property is "". */
static const struct {
	const char *text, *address, *path, *json;
} cases[] = {
	/* queue */
	{ HEAD "[queue.a]", "a", "QueueName", "\"shop-dev-a\"" },
	{ HEAD "[queue.a]", "a", "VisibilityTimeout", "" },
	{ HEAD "[queue.a]\nfifo = true\ndead_letter = { after = 2, retention = \"1d\" }",
	  "a", "QueueName", "\"shop-dev-a.fifo\"" },
	{ HEAD "[queue.a]\nfifo = true\ndead_letter = { after = 2, retention = \"1d\" }",
	  "a/dlq", "QueueName", "\"shop-dev-a-dlq.fifo\"" },
	{ HEAD "[queue.a]\nfifo = true\ndead_letter = { after = 2, retention = \"1d\" }",
	  "a/dlq", "MessageRetentionPeriod", "86400" },
	{ HEAD "[queue.a]\nfifo = true\ndead_letter = { after = 2 }", "a/dlq", "FifoQueue", "true" },
	{ HEAD "[queue.a]\nfifo = true", "a", "ContentBasedDeduplication", "true" },
	{ HEAD "[queue.a]\ndelay = \"5s\"\nretention = \"4d\"", "a", "MessageRetentionPeriod",
	  "345600" },
	{ HEAD "[queue.a]\n" HANDLER "timeout = \"1m\"", "a", "VisibilityTimeout", "360" },
	{ HEAD "[queue.a]\n" HANDLER "batch_size = 50\nwindow = \"3s\"", "a/mapping", "BatchSize",
	  "50" },
	{ HEAD "[queue.a]\n" HANDLER, "a/mapping", "EventSourceArn", "\"${a.Arn}\"" },
	{ HEAD "[queue.a]\n" HANDLER, "a/role", "Policies.0.PolicyDocument.Statement.0.Resource",
	  "[\"${a.Arn}\"]" },
	/* table */
	{ HEAD "[table.t]\npartition_key = \"id:binary\"\nbilling = \"provisioned\"\n"
	  "read_capacity = 5\nwrite_capacity = 6\nindex.i = { partition_key = \"n:number\", "
	  "projection = [\"x\"] }", "t", "GlobalSecondaryIndexes",
	  "[{\"IndexName\":\"i\",\"KeySchema\":[{\"AttributeName\":\"n\",\"KeyType\":\"HASH\"}],"
	  "\"Projection\":{\"ProjectionType\":\"INCLUDE\",\"NonKeyAttributes\":[\"x\"]},"
	  "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":5,\"WriteCapacityUnits\":6}}]" },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\nstream = { view = \"keys_only\" }", "t",
	  "StreamSpecification", "{\"StreamViewType\":\"KEYS_ONLY\"}" },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\nmemory = \"1GB\"\n"
	  "stream = { handler = \"src/a.js#f\", retries = 5, parallel = 2, start = \"trim_horizon\" }",
	  "t/mapping", "StartingPosition", "\"TRIM_HORIZON\"" },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\nmemory = \"1GB\"\n"
	  "stream = { handler = \"src/a.js#f\" }", "t/function", "MemorySize", "1024" },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\nstream = { handler = \"src/a.js#f\" }",
	  "t/mapping", "DestinationConfig", "" },
	/* functions: block over its kind's defaults over every function's */
	{ HEAD "[defaults.function]\nmemory = 512\ntimeout = \"5s\"\n[defaults.queue]\n"
	  "timeout = \"6s\"\n[queue.a]\n" HANDLER "memory = 1024", "a/function", "MemorySize",
	  "1024" },
	{ HEAD "[defaults.function]\nmemory = 512\ntimeout = \"5s\"\n[defaults.queue]\n"
	  "timeout = \"6s\"\n[queue.a]\n" HANDLER, "a/function", "Timeout", "6" },
	{ HEAD "[defaults.function]\nmemory = 512\nenv = { A = \"1\", B = \"2\" }\n[function.f]\n"
	  HANDLER "env = { B = \"3\", C = 4, D = true }", "f", "Environment.Variables",
	  "{\"EFF_PROJECT\":\"shop\",\"EFF_STAGE\":\"dev\",\"EFF_HANDLER\":\"f\",\"A\":\"1\","
	  "\"B\":\"3\",\"C\":\"4\",\"D\":\"true\"}" },
	{ HEAD "[function.f]\n" HANDLER, "f", "Handler", "\"src/a.f\"" },
	{ HEAD "[function.f]\nhandler = \"pkg/mod.fn\"\nruntime = \"python3.13\"", "f", "Handler",
	  "\"pkg/mod.fn\"" },
	{ HEAD "[function.f]\nhandler = \"build/bootstrap\"\nruntime = \"provided.al2023\"", "f",
	  "Handler", "\"bootstrap\"" },
	{ HEAD "[function.f]\n" HANDLER "log_retention = \"forever\"", "f/logs", "RetentionInDays",
	  "" },
	{ HEAD "[function.f]\n" HANDLER "concurrency = 0", "f", "ReservedConcurrentExecutions",
	  "0" },
	{ HEAD "[function.f]\n" HANDLER "tracing = true", "f/role",
	  "Policies.0.PolicyDocument.Statement.1",
	  "{\"Sid\":\"Tracing\",\"Effect\":\"Allow\",\"Action\":[\"xray:PutTelemetryRecords\","
	  "\"xray:PutTraceSegments\"],\"Resource\":[\"*\"]}" },
	{ HEAD "[function.f]\n" HANDLER "permissions = [{ actions = [\"ses:SendEmail\"], "
	  "resources = [\"arn:${partition}:ses:${region}:${account}:identity/x\"], "
	  "conditions = { Bool = { \"aws:SecureTransport\" = \"true\" } } }]", "f/role",
	  "Policies.0.PolicyDocument.Statement.1",
	  "{\"Sid\":\"Permission1\",\"Effect\":\"Allow\",\"Action\":[\"ses:SendEmail\"],"
	  "\"Resource\":[\"arn:aws:ses:eu-west-1:111122223333:identity/x\"],"
	  "\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"true\"}}}" },
	/* dependencies */
	{ HEAD "[table.t]\npartition_key = \"id:string\"\n[function.f]\n" HANDLER
	  "deps = [{ on = \"t\", as = \"db\", allow = [\"GetItem\", \"dynamodb:Query\"], "
	  "leading_keys = [\"U#1\"], attributes = [\"id\"] }]", "f/role",
	  "Policies.0.PolicyDocument.Statement.1",
	  "{\"Sid\":\"DepDb\",\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\","
	  "\"dynamodb:Query\"],\"Resource\":[\"${t.Arn}\",\"${t.Arn}/index/*\"],\"Condition\":"
	  "{\"ForAllValues:StringEquals\":{\"dynamodb:LeadingKeys\":[\"U#1\"],"
	  "\"dynamodb:Attributes\":[\"id\"]},\"Null\":{\"dynamodb:LeadingKeys\":\"false\","
	  "\"dynamodb:Attributes\":\"false\"},\"StringEqualsIfExists\":{\"dynamodb:Select\":"
	  "\"SPECIFIC_ATTRIBUTES\"}}}" },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\n[function.f]\n" HANDLER
	  "deps = [{ on = \"t\", allow = \"read\", leading_keys = [\"U\"] }]", "f/role",
	  "Policies.0.PolicyDocument.Statement.1.Action",
	  "[\"dynamodb:BatchGetItem\",\"dynamodb:ConditionCheckItem\",\"dynamodb:GetItem\","
	  "\"dynamodb:Query\"]" },
	{ HEAD "[function.f]\n" HANDLER "[function.g]\n" HANDLER "deps = [\"f\"]", "g",
	  "Environment.Variables.EFF_FUNCTION_f", "\"${f.FunctionName}\"" },
	{ HEAD "[http.h]\nmethod = \"GET\"\npath = \"/\"\nauth = \"iam\"\n" HANDLER
	  "[http.i]\nmethod = \"ANY\"\npath = \"/{x+}\"\nauth = \"none\"\nfunction = \"h\"\n"
	  "[function.g]\n" HANDLER "deps = [\"i\"]", "g/role",
	  "Policies.0.PolicyDocument.Statement.1.Resource", "[\"${h.Arn}\"]" },
	{ HEAD "[AWS.SNS.Topic.t]\n[AWS.S3.Bucket.b]\n[function.f]\n" HANDLER "deps = [\"t\", \"b\"]",
	  "f/role", "Policies.0.PolicyDocument.Statement.2.Resource",
	  "[\"${b.Arn}\",\"${b.Arn}/*\"]" },
	{ HEAD "[function.f]\n" HANDLER "params = { a = \"x\", b = \"/shared/y\" }", "f/role",
	  "Policies.0.PolicyDocument.Statement.1.Resource",
	  "[\"arn:aws:ssm:eu-west-1:111122223333:parameter/shop/dev/x\","
	  "\"arn:aws:ssm:eu-west-1:111122223333:parameter/shared/y\"]" },
	/* http */
	{ HEAD "[http.h]\nmethod = \"GET\"\npath = \"/a/{id}\"\nauth = \"iam\"\n" HANDLER, "h/route",
	  "AuthorizationType", "\"AWS_IAM\"" },
	{ HEAD "[http.h]\nmethod = \"GET\"\npath = \"/a/{id}\"\nauth = \"iam\"\n" HANDLER,
	  "h/permission", "SourceArn",
	  "\"arn:aws:execute-api:eu-west-1:111122223333:${stage/api.ApiId}/*/GET/a/{id}\"" },
	{ HEAD "[http.h]\nmethod = \"ANY\"\npath = \"/{x+}\"\nauth = \"none\"\n" HANDLER,
	  "h/permission", "SourceArn",
	  "\"arn:aws:execute-api:eu-west-1:111122223333:${stage/api.ApiId}/*/*/{x+}\"" },
	{ HEAD "[defaults.http]\nauth = \"none\"\n[function.f]\n" HANDLER "[http.h]\n"
	  "method = \"GET\"\npath = \"/a\"\nfunction = \"f\"", "h/integration", "IntegrationUri",
	  "\"${f.Arn}\"" },
	{ HEAD "[defaults.function]\ntimeout = \"15m\"\n[http.h]\nmethod = \"GET\"\npath = \"/a\"\n"
	  "auth = \"none\"\n" HANDLER, "h", "Timeout", "29" },
	/* roles of the project */
	{ "[project]\nname = \"shop\"\nregion = \"cn-north-1\"\nrole_path = \"/app/\"\n"
	  "permissions_boundary = \"arn:${partition}:iam::${account}:policy/b\"\n[function.f]\n"
	  HANDLER, "f/role", "PermissionsBoundary", "\"arn:aws-cn:iam::${account}:policy/b\"" },
	{ "[project]\nname = \"shop\"\nregion = \"cn-north-1\"\nrole_path = \"/app/\"\n[function.f]\n"
	  HANDLER, "f/role", "Path", "\"/app/\"" },
	/* tags: ours, the project's, the block's, the raw property's */
	{ HEAD "tags = { a = \"1\", b = \"2\" }\n[queue.q]\ntags = { b = \"3\" }", "q", "Tags.6",
	  "{\"Key\":\"b\",\"Value\":\"3\"}" },
	{ HEAD "tags = { a = \"1\" }\n[AWS.SQS.Queue.q]\ntags = { b = \"3\" }\n"
	  "Tags = [{ Key = \"b\", Value = \"4\" }, { Key = \"c\", Value = \"5\" }]", "q", "Tags.6",
	  "{\"Key\":\"b\",\"Value\":\"4\"}" },
	{ HEAD "[AWS.SSM.Parameter.p]\nType = \"String\"\nValue = \"x\"\nTags = { a = \"b\" }", "p",
	  "Tags.a", "\"b\"" },
	/* stages */
	{ HEAD "[queue.q]\ndelay = \"1s\"\nretention = \"1d\"\n[stage.dev.queue.q]\ndelay = \"2s\"\n"
	  "unset = [\"retention\"]\n[stage.\"d*\".queue.q]\ndelay = \"3s\"\n"
	  "[stage.\"*\".queue.q]\ndelay = \"4s\"\nvisibility_timeout = \"9s\"", "q", "DelaySeconds",
	  "2" },
	{ HEAD "[queue.q]\nretention = \"1d\"\n[stage.dev.queue.q]\nunset = [\"retention\"]\n"
	  "[stage.\"*\".queue.q]\nvisibility_timeout = \"9s\"", "q", "VisibilityTimeout", "9" },
	{ HEAD "[queue.q]\nretention = \"1d\"\n[stage.dev.queue.q]\nunset = [\"retention\"]", "q",
	  "MessageRetentionPeriod", "" },
	{ HEAD "[function.f]\n" HANDLER "[stage.dev.defaults.function]\nmemory = 512", "f",
	  "MemorySize", "512" },
	{ HEAD "[local]\nx = \"a\"\n[stage.dev.local]\nx = \"b\"\n[AWS.SQS.Queue.q]\n"
	  "QueueName = \"${local.x}-${stage}\"", "q", "QueueName", "\"b-dev\"" },
	{ HEAD "[function.f]\n" HANDLER "deps = [\"a\"]\n[queue.a]\n[queue.b]\n"
	  "[stage.dev.function.f]\nappend.deps = [\"b\"]", "f",
	  "Environment.Variables.EFF_QUEUE_b", "\"${b.QueueUrl}\"" },
	{ HEAD "[AWS.SNS.Topic.t]\nDisplayName = \"x\"\n[stage.dev.AWS.SNS.Topic.t]\n"
	  "DisplayName = \"y\"", "t", "DisplayName", "\"y\"" },
	{ "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n[stage.dev]\nregion = \"us-east-1\"\n"
	  "account = \"222233334444\"\n[function.f]\n" HANDLER, "f/role", "RoleName",
	  "\"shop-dev-f-us-east-1-role\"" },
	/* references */
	{ HEAD "[local]\na = { b = [\"x\", { c = 5 }] }\n[AWS.SQS.Queue.q]\n"
	  "DelaySeconds = \"${local.a.b[1].c}\"", "q", "DelaySeconds", "5" },
	{ HEAD "[queue.q]\n[AWS.SSM.Parameter.p]\nType = \"String\"\n"
	  "Value = \"${q.url} ${q/queue.QueueName} $${x} ${account}\"", "p", "Value",
	  "\"${q.QueueUrl} ${q.QueueName} $${x} 111122223333\"" },
	/* escape hatch: also for names */
	{ HEAD "[queue.q]\n" HANDLER "[queue.q.aws.queue]\nQueueName = \"mine\"\n"
	  "KmsMasterKeyId = \"alias/x\"\n[queue.q.aws.mapping]\nScalingConfig.MaximumConcurrency = 5",
	  "q/mapping", "ScalingConfig", "{\"MaximumConcurrency\":5}" },
	{ HEAD "[queue.q]\n[queue.q.aws.queue]\nQueueName = \"mine\"", "q", "QueueName",
	  "\"mine\"" },
	/* a name that is cut keeps its end */
	{ HEAD "[function.aFunctionWithAVeryLongNameThatDoesNotFitAtAllIntoSixtyFourLetters]\n"
	  HANDLER,
	  "aFunctionWithAVeryLongNameThatDoesNotFitAtAllIntoSixtyFourLetters/logs",
	  "LogGroupName",
	  "\"/aws/lambda/shop-dev-aFunctionWithAVeryLongNameThatDoesNotFitAtAllI-0785c018\"" },
};

START_TEST(lowers)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, str_from_c(cases[_i].text));
	unit_str_eq(case_messages(&k), "");
	case_property(&k, cases[_i].address, cases[_i].path, cases[_i].json);
	case_close(&k);
}
END_TEST

static const struct {
	const char *text, *address;
	enum guard guard;
} guards[] = {
	{ HEAD "[table.t]\npartition_key = \"id:string\"", "t", GUARD_HARD },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\nprotect = false", "t", GUARD_NONE },
	{ HEAD "[queue.q]", "q", GUARD_SOFT },
	{ HEAD "[queue.q]\nprotect = true", "q", GUARD_HARD },
	{ HEAD "[queue.q]\n" HANDLER "protect = true", "q/role", GUARD_NONE },
	{ HEAD "[queue.q]\n" HANDLER "protect = \"all\"", "q/role", GUARD_HARD },
	{ HEAD "[queue.q]\n" HANDLER, "q/logs", GUARD_NONE },
	{ HEAD "[AWS.Logs.LogGroup.l]", "l", GUARD_HARD },
	{ HEAD "[queue.q]\n[stage.dev]\nprotect = \"all\"", "q", GUARD_HARD },
	{ HEAD "[queue.q]\n[stage.dev]\nprotect = \"hard\"", "q", GUARD_NONE },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\n[stage.dev]\nprotect = \"none\"", "t",
	  GUARD_NONE },
	{ HEAD "[table.t]\npartition_key = \"id:string\"\n[stage.prod]\nprotect = \"none\"", "t",
	  GUARD_HARD },
};

START_TEST(guarded)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, str_from_c(guards[_i].text));
	unit_str_eq(case_messages(&k), "");
	ck_assert_int_eq(case_resource(&k, guards[_i].address)->guard, guards[_i].guard);
	case_close(&k);
}
END_TEST

static bool depends(const struct compiler_case *k, const struct resource *r, const char *on)
{
	for (size_t i = 0; i < r->depends_count; i++) {
		if (r->depends_on[i] == model_find(&k->model, str_from_c(on)))
			return true;
	}
	return false;
}

/* Every part of a block comes after what it depends on; retain is of the thing itself. */
START_TEST(meta)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, STR(HEAD "[queue.q]\n" HANDLER "depends_on = [\"t\", \"f/role\"]\n"
			     "retain = true\n[queue.t]\n[function.f]\n" HANDLER
			     "[queue.gone]\nwhen = false\n"));
	unit_str_eq(case_messages(&k), "");
	ck_assert(depends(&k, case_resource(&k, "q"), "t"));
	ck_assert(depends(&k, case_resource(&k, "q/mapping"), "f/role"));
	ck_assert_uint_eq(case_resource(&k, "t")->depends_count, 0);
	ck_assert(case_resource(&k, "q")->retain && !case_resource(&k, "q/role")->retain);
	ck_assert_uint_eq(model_find(&k.model, STR("gone")), UINT32_MAX);
	case_close(&k);
}
END_TEST

START_TEST(bundles)
{
	const struct bundle_request *bundle;
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, STR(HEAD "[function.f]\nhandler = \"./src//a.js#f\"\n"
			     "files = [\"data/x.json\"]\n[function.g]\nhandler = \"a.mjs#g\"\n"));
	unit_str_eq(case_messages(&k), "");
	bundle = case_resource(&k, "f")->bundle;
	unit_str_eq(bundle->path, "src");
	ck_assert_uint_eq(bundle->file_count, 1);
	unit_str_eq(bundle->files[0], "data/x.json");
	ck_assert_uint_eq(span_place(&k.sources, bundle->span).line, 6);
	unit_str_eq(case_resource(&k, "g")->bundle->path, "a.mjs");
	case_close(&k);
}
END_TEST

/* Two functions may call each other: variables name what need not exist yet. */
START_TEST(mutual)
{
	struct compiler_case k;

	case_open(&k);
	case_compile(&k, STR(HEAD "[function.f]\n" HANDLER "deps = [\"g\"]\n[function.g]\n" HANDLER
			     "deps = [\"f\"]\n[table.t]\npartition_key = \"id:string\"\n"
			     "deps = [\"t\"]\nstream = { handler = \"src/a.js#f\" }\n"));
	unit_str_eq(case_messages(&k), "");
	case_close(&k);
}
END_TEST

START_TEST(regions)
{
	struct compiler_case k;

	case_open(&k);
	k.options.environment_region = STR("us-gov-west-1");
	case_compile(&k, STR("[project]\nname = \"shop\"\n[queue.q]\n"));
	unit_str_eq(case_messages(&k), "");
	unit_str_eq(k.model.scope.partition, "aws-us-gov");
	unit_str_eq(k.model.scope.account, "");
	ck_assert(!k.model.account_pinned);
	case_close(&k);
	case_open(&k);
	k.options.region = STR("us-east-1");
	k.options.account = STR("444455556666");
	case_compile(&k, STR("[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n[queue.q]\n"));
	unit_str_eq(k.model.scope.region, "us-east-1");
	unit_str_eq(k.model.scope.account, "444455556666");
	ck_assert(!k.model.account_pinned);
	case_close(&k);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, lowers, 0, sizeof(cases) / sizeof(*cases));
	tcase_add_loop_test(tc, guarded, 0, sizeof(guards) / sizeof(*guards));
	tcase_add_test(tc, meta);
	tcase_add_test(tc, bundles);
	tcase_add_test(tc, mutual);
	tcase_add_test(tc, regions);
}

int main(void)
{
	return unit_run("compiler_lowering", suite_fill);
}
