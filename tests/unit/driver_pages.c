#include "driver_kit.h"

#include "executor/driver/pages.h"
#include "schemas/steps.h"

#define MEMBERS 20

static struct driver_kit k;
static struct pages pages;
static struct page_member members[MEMBERS];

static void setup(void)
{
	kit_init(&k);
	kit_type(&k, "AWS::Lambda::Function");
	memset(members, 0, sizeof(members));
	for (int i = 0; i < MEMBERS; i++) {
		members[i].key = str_format(&k.arena, "f%d", i);
		members[i].saves = 1;
	}
	pages = (struct pages){
		.driver = k.driver, .bulk = &k.driver->steps->bulks[0], .scope = &k.scope,
		.input = value_map(), .members = members, .count = MEMBERS, .keep = &k.arena,
	};
}

static void teardown(void)
{
	kit_release(&k);
}

static struct step reply(const char *json)
{
	struct reply last = { .class = REPLY_OK, .body = kit_json(&k, json) };

	return pages_next(&pages, &k.arena, &last);
}

static size_t found(void)
{
	size_t count = 0;

	for (int i = 0; i < MEMBERS; i++)
		count += members[i].found;
	return count;
}

START_TEST(pages_until_all_are_found)
{
	struct step step = pages_next(&pages, &k.arena, NULL);

	unit_str_eq(step.call.operation, "ListFunctions");
	ck_assert(!step.mutates);
	pages.count = 2;
	step = reply("{'Functions': [{'FunctionName': 'x'}, {'FunctionName': 'f1', 'Timeout': 3}],"
		     " 'NextMarker': 'm1'}");
	ck_assert_int_eq(step.kind, STEP_SEND);
	unit_str_eq(value_get_str(&step.call.input, "Marker"), "m1");
	step = reply("{'Functions': [{'FunctionName': 'f0'}], 'NextMarker': 'm2'}");
	ck_assert_int_eq(step.kind, STEP_DONE);
	kit_equal(&k, members[1].item, "{'FunctionName': 'f1', 'Timeout': 3}");
	ck_assert_uint_eq(found(), 2);
}
END_TEST

START_TEST(foreign_pages_cost_a_tenth_at_most)
{
	struct step step = pages_next(&pages, &k.arena, NULL);
	int asked = 0;

	for (; step.kind == STEP_SEND; asked++) {
		struct str json = str_format(&k.arena, "{'Functions': [{'FunctionName': 'x%d'}],"
					     " 'NextMarker': 'm%d'}", asked, asked);

		step = reply(str_to_c(&k.arena, json));
	}
	ck_assert_int_eq(asked, 1 + MEMBERS / 10);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

static const char *const hostile[] = {
	"{}", "{'Functions': 7}", "{'Functions': {'FunctionName': 'f1'}, 'NextMarker': 'm'}",
	"{'Functions': ['f1', null, [], {'FunctionName': 7}, {'FunctionName': {}}]}",
	"{'Functions': [{'functionName': 'f1'}], 'NextMarker': ''}",
	"{'Functions': [], 'NextMarker': 7}", "{'Functions': [], 'NextMarker': {'a': 'b'}}",
};

START_TEST(hostile_pages_find_nothing)
{
	(void)pages_next(&pages, &k.arena, NULL);
	ck_assert_int_eq(reply(hostile[_i]).kind, STEP_DONE);
	ck_assert_uint_eq(found(), 0);
}
END_TEST

START_TEST(pages_that_repeat_themselves_end)
{
	struct step step = pages_next(&pages, &k.arena, NULL);

	/* The same thing twice is one. */
	step = reply("{'Functions': [{'FunctionName': 'f1'}, {'FunctionName': 'f1'}],"
		     " 'NextMarker': 'm'}");
	ck_assert_int_eq(step.kind, STEP_SEND);
	step = reply("{'Functions': [{'FunctionName': 'f2'}], 'NextMarker': 'm'}");
	ck_assert_int_eq(step.kind, STEP_DONE);
	ck_assert_uint_eq(found(), 2);
}
END_TEST

START_TEST(refusals_end_them)
{
	struct reply last = { .class = REPLY_ERROR, .code = STR("AccessDeniedException") };

	(void)pages_next(&pages, &k.arena, NULL);
	ck_assert_int_eq(pages_next(&pages, &k.arena, &last).kind, STEP_DONE);
}
END_TEST

START_TEST(keys_and_what_they_begin_with)
{
	struct step step;

	kit_type(&k, "AWS::SSM::Parameter");
	pages.driver = k.driver;
	pages.bulk = &k.driver->steps->bulks[0];
	pages.count = 2;
	step = pages_next(&pages, &k.arena, NULL);
	kit_equal(&k, step.call.input, "{'Names': ['f0', 'f1']}");
	pages = (struct pages){ .scope = &k.scope, .members = members, .count = 2,
				.keep = &k.arena, .input = kit_json(&k, "{'limit': 50}") };
	kit_type(&k, "AWS::Logs::LogGroup");
	members[0].key = STR("/aws/lambda/shop-a");
	members[1].key = STR("/aws/lambda/shop-b");
	pages.driver = k.driver;
	pages.bulk = &k.driver->steps->bulks[0];
	step = pages_next(&pages, &k.arena, NULL);
	kit_equal(&k, step.call.input,
		  "{'limit': 50, 'logGroupNamePrefix': '/aws/lambda/shop-'}");
}
END_TEST

#define FUNCTION "{'FunctionName': 'f', 'FunctionArn': 'arn', 'CodeSha256': 'c', 'MemorySize': 256}"

/* What a function's pages and the tagging service's told of it. */
static void serve(struct served *served, const char *properties, const char *item)
{
	const struct driver_steps *steps = k.driver->steps;

	k.input.properties = kit_json(&k, properties);
	k.input.attributes = kit_json(&k, "{'Arn': 'arn'}");
	served[0] = (struct served){ &steps->bulks[0], kit_json(&k, item) };
	served[1] = (struct served){ &steps->bulks[1],
				     kit_json(&k, "{'Tags': [{'Key': 'a', 'Value': 'b'}]}") };
	k.input.served = served;
	k.input.served_count = 2;
}

START_TEST(a_read_takes_what_was_told)
{
	struct served served[2];

	serve(served, "{'FunctionName': 'f', 'MemorySize': 256, 'Tags': [{'Key': 'a', 'Value': 'c'}]}",
	      FUNCTION);
	kit_run(&k, OP_READ, "= done\n");
	ck_assert(k.result->served);
	ck_assert_int_eq(k.result->found, OP_FOUND);
	kit_equal(&k, *value_get_c(&k.result->observed, "MemorySize"), "256");
	kit_equal(&k, *value_get_c(&k.result->observed, "Tags"), "[{'Key': 'a', 'Value': 'b'}]");
	unit_str_eq(value_get_str(&k.result->attributes, "CodeSha256"), "c");
	/* Looking whether a name is free, or whose it is, asks itself. */
	kit_run(&k, OP_FIND, "> GetFunction\n! ResourceNotFoundException none\n= done\n");
}
END_TEST

START_TEST(what_no_item_tells_is_asked_for)
{
	struct served served[2];

	serve(served, "{'FunctionName': 'f', 'ReservedConcurrentExecutions': 5}", FUNCTION);
	kit_run(&k, OP_READ,
		"> GetFunction\n< {'Configuration': " FUNCTION ","
		" 'Concurrency': {'ReservedConcurrentExecutions': 5}}\n= done\n");
	ck_assert(!k.result->served);
	kit_equal(&k, *value_get_c(&k.result->observed, "ReservedConcurrentExecutions"), "5");
	/* Tags, where the tagging service did not answer. */
	serve(served, "{'FunctionName': 'f', 'Tags': []}", FUNCTION);
	k.input.served_count = 1;
	kit_run(&k, OP_READ,
		"> GetFunction\n< {'Configuration': " FUNCTION ", 'Tags': {'a': 'b'}}\n= done\n");
	ck_assert(!k.result->served);
}
END_TEST

START_TEST(items_that_cannot_be_read_are_nothing)
{
	struct served served[2];

	serve(served, "{'FunctionName': 'f', 'MemorySize': 256}", "{'FunctionName': 'f'}");
	k.input.attributes = value_map();
	kit_run(&k, OP_READ, "> GetFunction\n< {'Configuration': " FUNCTION "}\n= done\n");
	ck_assert(!k.result->served);
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(what_it_saves)
{
	const struct driver_steps *steps = k.driver->steps;
	struct bulk_ask ask;

	k.input.properties = kit_json(&k, "{'FunctionName': 'f'}");
	ck_assert_uint_eq(bulk_saves(&k.input, &steps->bulks[0]), 1);
	/* Nobody manages tags. */
	ck_assert_uint_eq(bulk_saves(&k.input, &steps->bulks[1]), 0);
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'ReservedConcurrentExecutions': 5}");
	ck_assert_uint_eq(bulk_saves(&k.input, &steps->bulks[0]), 0);
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Tags': [{'Key': 'effortless:project',"
				      " 'Value': 'shop'}, {'Key': 'effortless:stage', 'Value': 'dev'}]}");
	ck_assert_uint_eq(bulk_saves(&k.input, &steps->bulks[1]), 1);
	ck_assert(!bulk_ask(&k.arena, &k.input, &steps->bulks[1], &ask));	/* no ARN yet */
	k.input.attributes = kit_json(&k, "{'Arn': 'arn:f'}");
	ck_assert(bulk_ask(&k.arena, &k.input, &steps->bulks[1], &ask));
	unit_str_eq(ask.key, "arn:f");
	kit_equal(&k, ask.input, "{'TagFilters': [{'Key': 'effortless:project', 'Values': ['shop']},"
		  " {'Key': 'effortless:stage', 'Values': ['dev']}], 'ResourcesPerPage': 100}");
	/* Of things without the tags of a stage the whole account would come. */
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Tags': [{'Key': 'a', 'Value': 'b'}]}");
	ck_assert(!bulk_ask(&k.arena, &k.input, &steps->bulks[1], &ask));
}
END_TEST

START_TEST(facts_are_numbers_whatever_the_service_calls_them)
{
	kit_type(&k, "AWS::SQS::Queue");
	k.input.properties = kit_json(&k, "{'QueueName': 'q'}");
	kit_run(&k, OP_READ,
		"> GetQueueUrl\n< {'QueueUrl': 'u'}\n"
		"> GetQueueAttributes\n< {'Attributes': {'QueueArn': 'arn', 'ApproximateNumberOfMessages':"
		" '40', 'ApproximateNumberOfMessagesNotVisible': '2'}}\n= done\n");
	kit_equal(&k, k.result->facts, "{'messages': 42}");
	ck_assert_ptr_null(value_get_c(&k.result->observed, "messages"));
	kit_run(&k, OP_READ,
		"> GetQueueUrl\n< {'QueueUrl': 'u'}\n"
		"> GetQueueAttributes\n< {'Attributes': {'QueueArn': 'arn', 'ApproximateNumberOfMessages':"
		" 'many', 'ApproximateNumberOfMessagesDelayed': '-2'}}\n= done\n");
	kit_equal(&k, k.result->facts, "{}");
	kit_type(&k, "AWS::DynamoDB::Table");
	k.input.properties = kit_json(&k, "{'TableName': 't'}");
	kit_run(&k, OP_READ,
		"> DescribeTable\n< {'Table': {'TableArn': 'a', 'ItemCount': 7, 'TableSizeBytes': 900}}\n"
		"= done\n");
	kit_equal(&k, k.result->facts, "{'items': 7, 'size_bytes': 900}");
	/* Only of data at risk. */
	k.input.at_risk = true;
	kit_run(&k, OP_READ,
		"> DescribeContinuousBackups\n< {'ContinuousBackupsDescription': {"
		"'PointInTimeRecoveryDescription': {'PointInTimeRecoveryStatus': 'DISABLED'}}}\n"
		"= done\n");
	kit_equal(&k, k.result->facts, "{'point_in_time_recovery': false}");
	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b', 'VersioningConfiguration': {}}");
	kit_run(&k, OP_READ, "> ListObjectVersions\n< {'DeleteMarkers': [{'Key': 'k'}]}\n= done\n");
	kit_equal(&k, k.result->facts, "{'empty': false}");
	kit_run(&k, OP_READ, "> ListObjectVersions\n< {'Name': 'b'}\n= done\n");
	kit_equal(&k, k.result->facts, "{'empty': true}");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, pages_until_all_are_found);
	tcase_add_test(tc, foreign_pages_cost_a_tenth_at_most);
	tcase_add_loop_test(tc, hostile_pages_find_nothing, 0, sizeof(hostile) / sizeof(hostile[0]));
	tcase_add_test(tc, pages_that_repeat_themselves_end);
	tcase_add_test(tc, refusals_end_them);
	tcase_add_test(tc, keys_and_what_they_begin_with);
	tcase_add_test(tc, a_read_takes_what_was_told);
	tcase_add_test(tc, what_no_item_tells_is_asked_for);
	tcase_add_test(tc, items_that_cannot_be_read_are_nothing);
	tcase_add_test(tc, what_it_saves);
	tcase_add_test(tc, facts_are_numbers_whatever_the_service_calls_them);
}

int main(void)
{
	return unit_run("driver_pages", fill);
}
