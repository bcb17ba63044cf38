#include "compiler_case.h"

#include "base/stats.h"

#define HEAD "[project]\nname = \"shop\"\nregion = \"eu-west-1\"\n"

static void open_text(struct compiler_case *k, struct buf *text)
{
	case_open(k);
	buf_init(text, &k->arena);
	buf_add_c(text, HEAD);
}

static void expect_one(struct compiler_case *k, struct buf *text, const char *message)
{
	struct str messages;

	case_compile(k, buf_str(text));
	messages = case_messages(k);
	ck_assert_msg(str_contains(messages, str_from_c(message)), "%.*s", STR_ARG(messages));
	ck_assert_uint_eq(k->diags.count, 1);
	case_close(k);
}

START_TEST(policy_size)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[function.f]\nhandler = \"src/a.js#f\"\npermissions = [");
	for (int i = 0; i < 30; i++) {
		buf_add_c(&text, "{ actions = [\"a:B\"], resources = [\"");
		buf_add_repeat(&text, 'x', 300);
		buf_printf(&text, "%d\"] },\n", i);
	}
	buf_add_c(&text, "]\n");
	expect_one(&k, &text, "the inline policies of 'f/role' take 1");
}
END_TEST

START_TEST(managed_policy_size)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[AWS.IAM.ManagedPolicy.p]\nPolicyDocument = { Statement = [\"");
	buf_add_repeat(&text, 'x', 6200);
	buf_add_c(&text, "\"] }\n");
	expect_one(&k, &text, "the policy of 'p' takes 62");
}
END_TEST

START_TEST(raw_routes)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[AWS.ApiGatewayV2.Api.api]\nName = \"x\"\nProtocolType = \"HTTP\"\n");
	for (int i = 0; i < 301; i++)
		buf_printf(&text, "[AWS.ApiGatewayV2.Route.r%d]\nApiId = \"${api.ApiId}\"\n"
			   "RouteKey = \"GET /r%d\"\n", i, i);
	expect_one(&k, &text, "an HTTP API has at most 300 routes");
}
END_TEST

START_TEST(environment_size)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[function.f]\nhandler = \"src/a.js#f\"\nenv = { A = \"");
	buf_add_repeat(&text, 'x', 4090);
	buf_add_c(&text, "\" }\n");
	expect_one(&k, &text, "the variables of 'f' take 4");
}
END_TEST

START_TEST(routes)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[function.f]\nhandler = \"src/a.js#f\"\n[defaults.http]\nauth = \"none\"\n");
	for (int i = 0; i < 301; i++)
		buf_printf(&text, "[http.h%d]\nmethod = \"GET\"\npath = \"/%d\"\nfunction = \"f\"\n",
			   i, i);
	expect_one(&k, &text, "an HTTP API has at most 300 routes");
}
END_TEST

/* Cut names keep their hash, so two long ids that begin alike do not meet. */
START_TEST(long_names)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	for (char c = 'a'; c < 'd'; c++) {
		buf_add_c(&text, "[function.");
		buf_add_repeat(&text, 'x', 200);
		buf_printf(&text, "%c]\nhandler = \"src/a.js#f\"\n", c);
	}
	case_compile(&k, buf_str(&text));
	unit_str_eq(case_messages(&k), "");
	case_close(&k);
}
END_TEST

/* Each local holds the one before twice: 2 to the 60th values if it were let. */
START_TEST(doubling_locals)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[queue.q]\n[local]\nl0 = \"${q.arn}\"\n");
	for (int i = 1; i < 60; i++)
		buf_printf(&text, "l%d = [\"${local.l%d}\", \"${local.l%d}\"]\n", i, i - 1, i - 1);
	expect_one(&k, &text, "variables and locals expand to more than");
}
END_TEST

START_TEST(doubling_texts)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[queue.q]\n[local]\nl0 = \"${q.arn}\"\n");
	for (int i = 1; i < 60; i++)
		buf_printf(&text, "l%d = \"${local.l%d}${local.l%d}\"\n", i, i - 1, i - 1);
	buf_add_c(&text, "[output.x]\nvalue = \"${local.l59}\"\n");
	expect_one(&k, &text, "put together, this expression becomes too large");
}
END_TEST

START_TEST(deep_locals)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	buf_add_c(&text, "[local]\n");
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "l%d = \"${local.l%d}\"\n", i, i + 1);
	buf_add_c(&text, "l5000 = \"x\"\n");
	case_compile(&k, buf_str(&text));
	ck_assert(!k.good);
	case_close(&k);
}
END_TEST

/* A chain as long as the spec needs no stack; closed, it is one cycle. */
START_TEST(long_chain)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "[AWS.SQS.Queue.q%d]\nKmsMasterKeyId = \"${q%d.QueueUrl}x\"\n", i,
			   (i + 1) % 5000);
	expect_one(&k, &text, "these resources wait for each other: q0 -> q1 -> q2");
}
END_TEST

/* Thousands of mistakes cost no more than thousands of blocks. */
START_TEST(many_mistakes)
{
	struct compiler_case k;
	struct buf text;

	open_text(&k, &text);
	for (int i = 0; i < 5000; i++)
		buf_printf(&text, "[AWS.SQS.Queue.q%d]\nKmsMasterKeyId = \"${nothing%d.Arn}\"\n"
			   "DelaySecods = 1\n", i, i);
	case_compile(&k, buf_str(&text));
	ck_assert_uint_eq(k.diags.count, 10000);
	case_close(&k);
}
END_TEST

static uint64_t probes_for(int count)
{
	struct compiler_case k;
	struct buf text;
	uint64_t before;

	open_text(&k, &text);
	for (int i = 0; i < count; i++)
		buf_printf(&text, "[queue.q%d]\ndelay = \"5s\"\n[AWS.SQS.Queue.r%d]\n"
			   "KmsMasterKeyId = \"${q%d.arn}\"\n", i, i, i);
	before = stats.probes + stats.bytes_allocated / 64;
	case_compile(&k, buf_str(&text));
	unit_str_eq(case_messages(&k), "");
	ck_assert_uint_eq(k.model.resource_count, 2 * (size_t)count);
	before = stats.probes + stats.bytes_allocated / 64 - before;
	case_close(&k);
	return before;
}

START_TEST(linear)
{
	uint64_t small = probes_for(500), large = probes_for(5000);

	ck_assert_msg(large < small * 11, "%llu and %llu", (unsigned long long)small,
		      (unsigned long long)large);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_test(tc, policy_size);
	tcase_add_test(tc, managed_policy_size);
	tcase_add_test(tc, raw_routes);
	tcase_add_test(tc, environment_size);
	tcase_add_test(tc, routes);
	tcase_add_test(tc, long_names);
	tcase_add_test(tc, doubling_locals);
	tcase_add_test(tc, doubling_texts);
	tcase_add_test(tc, deep_locals);
	tcase_add_test(tc, long_chain);
	tcase_add_test(tc, many_mistakes);
	tcase_add_test(tc, linear);
}

int main(void)
{
	return unit_run("compiler_limits", suite_fill);
}
