#include "driver_kit.h"

#include "base/json.h"

static struct driver_kit k;

static void setup(void)
{
	kit_init(&k);
}

static void teardown(void)
{
	kit_release(&k);
}

#define MAKE_QUEUE "{'QueueName': 'q', 'VisibilityTimeout': 60, 'Tags': [{'Key': 'a', 'Value': 'b'}]}"
#define GONE "! AWS.SimpleQueueService.NonExistentQueue no such queue\n"

static void queue(void)
{
	kit_type(&k, "AWS::SQS::Queue");
	k.input.properties = kit_json(&k, MAKE_QUEUE);
}

START_TEST(create_sends_texts_and_our_tag)
{
	queue();
	kit_run(&k, OP_CREATE,
		"> CreateQueue {'QueueName': 'q', 'Attributes': {'VisibilityTimeout': '60'},"
		" 'tags': {'a': 'b', 'effortless:instance': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}}\n"
		"< {'QueueUrl': 'https://q'}\n"
		"= done\n");
	kit_equal(&k, k.result->attributes,
		  "{'QueueUrl': 'https://q', 'QueueName': 'q',"
		  " 'Arn': 'arn:aws:sqs:eu-west-1:123456789012:q'}");
	ck_assert_int_eq(k.result->found, OP_NOT_LOOKED);
}
END_TEST

START_TEST(name_still_burnt)
{
	queue();
	kit_run(&k, OP_CREATE,
		"> CreateQueue\n! QueueDeletedRecently wait\n"
		"~ 1000\n> CreateQueue\n! QueueDeletedRecently wait\n"
		"~ 2000\n> CreateQueue\n< {'QueueUrl': 'https://q'}\n= done\n");
}
END_TEST

START_TEST(retry_has_an_end)
{
	struct step step;
	struct reply reply = { .class = REPLY_ERROR, .status = 400,
			       .code = STR("QueueDeletedRecently"), .message = STR("wait") };
	int waits = 0;

	queue();
	k.op = op_new(&k.arena, OP_CREATE, &k.input);
	step = op_next(k.op, NULL, 0);
	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		waits += step.kind == STEP_WAIT;
		k.now_ms += step.wait_ms;
		step = op_next(k.op, step.kind == STEP_SEND ? &reply : NULL, k.now_ms);
	}
	ck_assert_int_eq(step.kind, STEP_FAIL);
	ck_assert_int_le(k.now_ms, 75000);
	ck_assert_int_ge(waits, 8);
	ck_assert(!op_result(k.op)->maybe_exists);
	unit_str_eq(op_result(k.op)->failure.code, "QueueDeletedRecently");
}
END_TEST

#define OURS "'effortless:instance': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'"
#define THEIRS "'effortless:instance': 'ffff', 'effortless:project': 'blog', 'effortless:stage': 'dev'"
#define READ_QUEUE(tags) "> GetQueueUrl {'QueueName': 'q'}\n< {'QueueUrl': 'u'}\n" READ_KNOWN(tags)
/* Of one that was made before the URL is known. */
#define READ_KNOWN(tags) \
	"> GetQueueAttributes\n< {'Attributes': {'QueueArn': 'arn', 'VisibilityTimeout': '60'}}\n" \
	"> ListQueueTags\n< {'Tags': {" tags "}}\n"

START_TEST(exists_and_is_ours)
{
	queue();
	k.input.sent_before = true;
	kit_run(&k, OP_CREATE, "> CreateQueue\n! QueueNameExists other attributes\n"
		READ_QUEUE(OURS) "= done\n");
	ck_assert_int_eq(k.result->found, OP_FOUND);
	unit_str_eq(value_get_str(&k.result->attributes, "QueueUrl"), "u");
}
END_TEST

START_TEST(exists_and_is_not_ours)
{
	queue();
	kit_run(&k, OP_CREATE, "> CreateQueue\n! QueueNameExists other attributes\n"
		READ_QUEUE(THEIRS)
		"= fail the name is taken by instance ffff of project 'blog', stage 'dev'\n");
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	ck_assert(!k.result->maybe_exists);
}
END_TEST

START_TEST(exists_but_is_invisible_for_a_while)
{
	queue();
	kit_run(&k, OP_CREATE, "> CreateQueue\n! QueueNameExists other attributes\n"
		"> GetQueueUrl\n" GONE "~ 1000\n" READ_QUEUE(OURS) "= done\n");
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(exists_and_stays_invisible)
{
	struct step step;
	struct reply exists = { .class = REPLY_ERROR, .status = 400,
				.code = STR("QueueNameExists") };
	struct reply gone = { .class = REPLY_ERROR, .status = 400,
			      .code = STR("AWS.SimpleQueueService.NonExistentQueue") };

	queue();
	k.op = op_new(&k.arena, OP_CREATE, &k.input);
	step = op_next(k.op, NULL, 0);
	step = op_next(k.op, &exists, 0);
	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		k.now_ms += step.wait_ms;
		step = op_next(k.op, step.kind == STEP_SEND ? &gone : NULL, k.now_ms);
	}
	ck_assert_int_eq(step.kind, STEP_FAIL);
	ck_assert(op_result(k.op)->maybe_exists);
}
END_TEST

START_TEST(untagged_after_a_crash_is_ours_where_tags_come_second)
{
	const char *read = "> GetBucketLocation\n< {}\n> GetBucketTagging\n! NoSuchTagSet none\n= done\n";

	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	kit_run(&k, OP_FIND, read);
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	k.input.sent_before = true;
	kit_run(&k, OP_FIND, read);
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(bucket_of_another_account)
{
	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	kit_run(&k, OP_FIND, "> GetBucketLocation {'Bucket': 'b', 'ExpectedBucketOwner': '123456789012'}\n"
		"! AccessDenied no\n= done\n");
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	unit_str_eq(k.result->owner, "another account");
}
END_TEST

START_TEST(location_constraint_by_region)
{
	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	k.scope.region = STR("us-east-1");
	kit_run(&k, OP_CREATE, "> CreateBucket {'Bucket': 'b'}\n< {}\n"
		"> GetBucketTagging\n! NoSuchTagSet none\n"
		"> PutBucketTagging {'Bucket': 'b', 'ExpectedBucketOwner': '123456789012', 'Tagging': {'TagSet':"
		" [{'Key': 'effortless:instance', 'Value': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}}\n< {}\n= done\n");
}
END_TEST

START_TEST(bucket_tags_of_others_stay)
{
	kit_type(&k, "AWS::S3::Bucket");
	k.input.previous = kit_json(&k, "{'BucketName': 'b', 'Tags': [{'Key': 'old', 'Value': '1'}]}");
	k.input.properties = kit_json(&k, "{'BucketName': 'b', 'Tags': [{'Key': 'new', 'Value': '2'}]}");
	kit_run(&k, OP_UPDATE, "> GetBucketTagging\n"
		"< {'TagSet': [{'Key': 'theirs', 'Value': 'x'}, {'Key': 'old', 'Value': '1'}]}\n"
		"> PutBucketTagging {'Bucket': 'b', 'ExpectedBucketOwner': '123456789012', 'Tagging': {'TagSet':"
		" [{'Key': 'theirs', 'Value': 'x'}, {'Key': 'new', 'Value': '2'},"
		" {'Key': 'effortless:instance', 'Value': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}}\n< {}\n= done\n");
}
END_TEST

/* ---- looking by list ---- */

static void integration(void)
{
	kit_type(&k, "AWS::ApiGatewayV2::Integration");
	k.input.properties = kit_json(&k, "{'ApiId': 'x', 'IntegrationType': 'AWS_PROXY', 'Description': 'mine'}");
}

START_TEST(description_carries_the_instance)
{
	integration();
	kit_run(&k, OP_CREATE, "> CreateIntegration {'ApiId': 'x', 'IntegrationType': 'AWS_PROXY',"
		" 'Description': 'mine effortless:instance=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}\n"
		"< {'IntegrationId': 'i'}\n= done\n");
	kit_equal(&k, k.result->attributes, "{'IntegrationId': 'i', 'ApiId': 'x'}");
}
END_TEST

START_TEST(found_on_the_second_page)
{
	integration();
	kit_run(&k, OP_FIND,
		"> GetIntegrations {'ApiId': 'x'}\n"
		"< {'Items': [{'IntegrationId': 'h', 'Description': 'effortless:instance=bb'}], 'NextToken': 't'}\n"
		"> GetIntegrations {'ApiId': 'x', 'NextToken': 't'}\n"
		"< {'Items': [{'IntegrationId': 'i', 'Description': 'mine effortless:instance="
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}\n"
		"> GetIntegration {'ApiId': 'x', 'IntegrationId': 'i'}\n"
		"< {'IntegrationType': 'AWS_PROXY', 'Description': 'mine effortless:instance="
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}\n= done\n");
	ck_assert_int_eq(k.result->found, OP_FOUND);
	unit_str_eq(value_get_str(&k.result->attributes, "IntegrationId"), "i");
	unit_str_eq(value_get_str(&k.result->observed, "Description"), "mine");
}
END_TEST

START_TEST(none_matches)
{
	integration();
	kit_run(&k, OP_FIND, "> GetIntegrations\n< {'Items': [{'IntegrationId': 'h'}]}\n= done\n");
	ck_assert_int_eq(k.result->found, OP_ABSENT);
	kit_run(&k, OP_FIND, "> GetIntegrations\n! NotFoundException no such api\n= done\n");
	ck_assert_int_eq(k.result->found, OP_ABSENT);
	kit_run(&k, OP_FIND, "> GetIntegrations\n< {}\n= done\n");
	ck_assert_int_eq(k.result->found, OP_ABSENT);
}
END_TEST

START_TEST(deleted_without_ever_knowing_its_id)
{
	integration();
	kit_run(&k, OP_DELETE, "> GetIntegrations\n< {'Items': []}\n= done\n");
	kit_run(&k, OP_DELETE,
		"> GetIntegrations\n< {'Items': [{'IntegrationId': 'i', 'Description':"
		" 'effortless:instance=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}]}\n"
		"> DeleteIntegration {'ApiId': 'x', 'IntegrationId': 'i'}\n< {}\n= done\n");
}
END_TEST

START_TEST(pages_that_do_not_end)
{
	integration();
	kit_run(&k, OP_FIND, "> GetIntegrations\n< {'Items': [], 'NextToken': 't'}\n"
		"> GetIntegrations\n< {'Items': [], 'NextToken': 't'}\n= fail its pages do not end\n");
	kit_run(&k, OP_FIND, "> GetIntegrations\n< {'Items': [], 'NextToken': 7}\n= fail its pages do not end\n");
}
END_TEST

START_TEST(owner_by_group)
{
	const char *read = "> GetSchedule\n< {'Arn': 'a', 'GroupName': 'g'}\n= done\n";

	kit_type(&k, "AWS::Scheduler::Schedule");
	k.input.properties = kit_json(&k, "{'Name': 's', 'GroupName': 'g'}");
	kit_run(&k, OP_FIND, read);
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	k.input.sent_before = true;
	kit_run(&k, OP_FIND, read);
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(read_tells_the_mark_of_another)
{
	const char *theirs = "> GetScheduleGroup\n< {'Arn': 'a'}\n> ListTagsForResource\n"
			     "< {'Tags': [{'Key': 'effortless:instance', 'Value': 'other'}]}\n"
			     "= done\n";
	const char *bare = "> GetScheduleGroup\n< {'Arn': 'a'}\n> ListTagsForResource\n"
			   "< {'Tags': []}\n= done\n";

	kit_type(&k, "AWS::Scheduler::ScheduleGroup");
	k.input.properties = kit_json(&k, "{'Name': 'g', 'Tags': []}");
	kit_run(&k, OP_READ, theirs);
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	kit_run(&k, OP_READ, bare);
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(denied_is_not_foreign_of_what_was_seen)
{
	const char *denied = "> GetBucketLocation\n! AccessDenied no\n";

	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	kit_run(&k, OP_FIND, str_to_c(&k.arena, str_format(&k.arena, "%s= done\n", denied)));
	ck_assert_int_eq(k.result->found, OP_FOREIGN);
	k.input.attributes = kit_json(&k, "{'Arn': 'arn:aws:s3:::b'}");
	kit_run(&k, OP_FIND, str_to_c(&k.arena, str_format(&k.arena, "%s= fail AccessDenied\n", denied)));
	ck_assert_int_ne(k.result->found, OP_FOREIGN);
}
END_TEST

START_TEST(denied_tells_what_is_missing)
{
	kit_type(&k, "AWS::SQS::Queue");
	k.input.properties = kit_json(&k, "{'QueueName': 'q', 'Tags': [{'Key': 'a', 'Value': 'b'}]}");
	kit_run(&k, OP_READ, "> GetQueueUrl\n! AccessDenied no\n= fail it needs sqs:GetQueueUrl on "
		"arn:aws:sqs:eu-west-1:123456789012:q (effc plan --iam prints all that a plan needs)\n");
	kit_run(&k, OP_CREATE, "> CreateQueue\n! AccessDenied no\n= fail it needs sqs:CreateQueue on "
		"arn:aws:sqs:eu-west-1:123456789012:q, and sqs:TagQueue on arn:aws:sqs:eu-west-1:123456789012:q\n");
	kit_type(&k, "AWS::Scheduler::Schedule");
	k.input.properties = kit_json(&k, "{'Name': 's', 'Target': {'Arn': 'x', 'RoleArn': 'arn:aws:iam::1:role/r'}}");
	kit_run(&k, OP_CREATE, "> CreateSchedule\n! AccessDeniedException not authorized to perform: iam:PassRole\n"
		"= fail it needs iam:PassRole on arn:aws:iam::1:role/r (effc\n");
	kit_run(&k, OP_CREATE, "> CreateSchedule\n! ThrottledOften no\n= fail ThrottledOften: no\n");
	ck_assert(!str_contains(str_from_c(k.result->error.text), STR("it needs")));
}
END_TEST

START_TEST(statement_by_key)
{
	kit_type(&k, "AWS::Lambda::Permission");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Action': 'lambda:InvokeFunction',"
				      " 'Principal': 'sns.amazonaws.com'}");
	kit_run(&k, OP_FIND, "> GetPolicy {'FunctionName': 'f'}\n"
		"< {'Policy': '{\\'Statement\\': [{\\'Sid\\': \\'other\\'}]}'}\n= done\n");
	ck_assert_int_eq(k.result->found, OP_ABSENT);
	kit_run(&k, OP_CREATE, "> AddPermission {'FunctionName': 'f', 'Action': 'lambda:InvokeFunction',"
		" 'Principal': 'sns.amazonaws.com', 'StatementId': 'effc-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}\n"
		"< {}\n= done\n");
	unit_str_eq(value_get_str(&k.result->attributes, "Id"), "effc-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}
END_TEST

/* ---- waits ---- */

#define TABLE(status, index) \
	"< {'Table': {'TableArn': 'a', 'TableStatus': '" status "', 'GlobalSecondaryIndexes': [" \
	"{'IndexName': 'i', 'IndexStatus': '" index "'}]}}\n"

static void table(void)
{
	kit_type(&k, "AWS::DynamoDB::Table");
	k.input.properties = kit_json(&k, "{'TableName': 't', 'KeySchema': [], 'AttributeDefinitions': []}");
}

START_TEST(waits_until_all_is_active)
{
	table();
	kit_run(&k, OP_CREATE,
		"> CreateTable\n< {'TableDescription': {'TableArn': 'a'}}\n"
		"> DescribeTable\n! ResourceNotFoundException not yet\n~ 1000\n"
		"> DescribeTable\n" TABLE("CREATING", "CREATING") "~ 1250\n"
		"> DescribeTable\n" TABLE("ACTIVE", "CREATING") "~ 1562\n"
		"> DescribeTable\n" TABLE("ACTIVE", "ACTIVE") "= done\n");
}
END_TEST

START_TEST(wait_that_fails)
{
	table();
	kit_run(&k, OP_CREATE, "> CreateTable\n< {'TableDescription': {'TableArn': 'a'}}\n"
		"> DescribeTable\n" TABLE("INACCESSIBLE_ENCRYPTION_CREDENTIALS", "ACTIVE")
		"= fail it will not become active\n");
	ck_assert(k.result->maybe_exists);
	unit_str_eq(value_get_str(&k.result->attributes, "Arn"), "a");
}
END_TEST

START_TEST(wait_that_takes_too_long)
{
	struct value body = kit_json(&k, "{'Table': {'TableStatus': 'CREATING'}}");
	struct reply reply = { .class = REPLY_OK, .body = body };
	struct step step;

	table();
	k.op = op_new(&k.arena, OP_CREATE, &k.input);
	step = op_next(k.op, NULL, 0);
	reply.body = kit_json(&k, "{'TableDescription': {'TableArn': 'a'}}");
	step = op_next(k.op, &reply, 0);
	reply.body = body;
	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		ck_assert_int_le(step.wait_ms, 10000);
		k.now_ms += step.wait_ms;
		step = op_next(k.op, step.kind == STEP_SEND ? &reply : NULL, k.now_ms);
	}
	ck_assert_int_eq(step.kind, STEP_FAIL);
	ck_assert_int_le(k.now_ms, 3600000);
}
END_TEST

START_TEST(delete_waits_until_it_is_gone)
{
	table();
	kit_run(&k, OP_DELETE, "> DeleteTable {'TableName': 't'}\n< {}\n"
		"> DescribeTable\n" TABLE("DELETING", "DELETING") "~ 1000\n"
		"> DescribeTable\n! ResourceNotFoundException gone\n= done\n");
	kit_run(&k, OP_DELETE, "> DeleteTable\n! ResourceNotFoundException gone\n= done\n");
	kit_run(&k, OP_DELETE, "> DeleteTable\n! ResourceInUseException Table is being deleted: t\n"
		"> DescribeTable\n! ResourceNotFoundException gone\n= done\n");
}
END_TEST

START_TEST(role_not_assumable_yet)
{
	kit_type(&k, "AWS::Lambda::Function");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Role': 'r', 'Code': {'Bundle': '00'}}");
	kit_run(&k, OP_CREATE,
		"> CreateFunction\n! InvalidParameterValueException The role defined for the function"
		" cannot be assumed by Lambda.\n~ 1000\n"
		"> CreateFunction\n! InvalidParameterValueException Uploaded file must be a non-empty zip\n"
		"= fail Uploaded file must be a non-empty zip\n");
	ck_assert(!k.result->maybe_exists);
}
END_TEST

START_TEST(bundle_that_cannot_be_built)
{
	kit_type(&k, "AWS::Lambda::Function");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Role': 'r', 'Code': {'Bundle': 'broken'}}");
	kit_run(&k, OP_CREATE, "= fail handler.js is gone\n");
}
END_TEST

/* ---- updates ---- */

START_TEST(indexes_one_at_a_time)
{
	const char *active = "> DescribeTable\n< {'Table': {'TableStatus': 'ACTIVE'}}\n";
	struct buf script;

	table();
	k.input.previous = kit_json(&k, "{'TableName': 't', 'KeySchema': [], 'AttributeDefinitions': [],"
		" 'BillingMode': 'PROVISIONED', 'GlobalSecondaryIndexes': [{'IndexName': 'a', 'KeySchema': [1]},"
		" {'IndexName': 'b', 'KeySchema': [1], 'ProvisionedThroughput': {'ReadCapacityUnits': 1}},"
		" {'IndexName': 'c', 'KeySchema': [1]}]}");
	k.input.properties = kit_json(&k, "{'TableName': 't', 'KeySchema': [], 'AttributeDefinitions': [],"
		" 'BillingMode': 'PROVISIONED', 'GlobalSecondaryIndexes': [{'IndexName': 'd', 'KeySchema': [3]},"
		" {'IndexName': 'b', 'KeySchema': [1], 'ProvisionedThroughput': {'ReadCapacityUnits': 5}},"
		" {'IndexName': 'c', 'KeySchema': [2]}]}");
	buf_init(&script, &k.arena);
	buf_printf(&script, "> UpdateTable {'TableName': 't', 'GlobalSecondaryIndexUpdates':"
		   " [{'Delete': {'IndexName': 'a'}}]}\n< {}\n%s", active);
	buf_printf(&script, "> UpdateTable {'TableName': 't', 'GlobalSecondaryIndexUpdates':"
		   " [{'Delete': {'IndexName': 'c'}}]}\n< {}\n%s", active);
	buf_printf(&script, "> UpdateTable {'TableName': 't', 'GlobalSecondaryIndexUpdates': [{'Update':"
		   " {'IndexName': 'b', 'ProvisionedThroughput': {'ReadCapacityUnits': 5}}}]}\n< {}\n%s",
		   active);
	buf_printf(&script, "> UpdateTable {'TableName': 't', 'AttributeDefinitions': [],"
		   " 'GlobalSecondaryIndexUpdates': [{'Create': {'IndexName': 'd', 'KeySchema': [3]}}]}\n"
		   "< {}\n%s", active);
	buf_printf(&script, "> UpdateTable {'TableName': 't', 'AttributeDefinitions': [],"
		   " 'GlobalSecondaryIndexUpdates': [{'Create': {'IndexName': 'c', 'KeySchema': [2]}}]}\n"
		   "< {}\n%s= done\n", active);
	kit_run(&k, OP_UPDATE, str_to_c(&k.arena, buf_str(&script)));
}
END_TEST

START_TEST(stream_view_goes_off_and_on)
{
	table();
	k.input.previous = kit_json(&k, "{'TableName': 't', 'StreamSpecification': {'StreamViewType': 'KEYS_ONLY'}}");
	k.input.properties = kit_json(&k, "{'TableName': 't', 'StreamSpecification': {'StreamViewType': 'NEW_IMAGE'}}");
	kit_run(&k, OP_UPDATE,
		"> UpdateTable {'TableName': 't', 'StreamSpecification': {'StreamEnabled': false}}\n< {}\n"
		"> DescribeTable\n< {'Table': {'TableStatus': 'UPDATING'}}\n~ 1000\n"
		"> DescribeTable\n< {'Table': {'TableStatus': 'ACTIVE'}}\n"
		"> UpdateTable {'TableName': 't', 'StreamSpecification': {'StreamEnabled': true,"
		" 'StreamViewType': 'NEW_IMAGE'}}\n< {'TableDescription': {'LatestStreamArn': 's2'}}\n"
		"> DescribeTable\n< {'Table': {'TableStatus': 'ACTIVE'}}\n= done\n");
	unit_str_eq(value_get_str(&k.result->attributes, "StreamArn"), "s2");
}
END_TEST

START_TEST(removed_properties_are_cleared)
{
	queue();
	k.input.attributes = kit_json(&k, "{'QueueUrl': 'u'}");
	k.input.previous = kit_json(&k, "{'QueueName': 'q', 'KmsMasterKeyId': 'k', 'DelaySeconds': 9}");
	k.input.properties = kit_json(&k, "{'QueueName': 'q'}");
	kit_run(&k, OP_UPDATE, "> SetQueueAttributes {'QueueUrl': 'u', 'Attributes':"
		" {'KmsMasterKeyId': '', 'DelaySeconds': '0'}}\n< {}\n= done\n");
}
END_TEST

START_TEST(repair_sends_what_is_missing_only)
{
	queue();
	k.input.attributes = kit_json(&k, "{'QueueUrl': 'u'}");
	k.input.observed = kit_json(&k, "{'VisibilityTimeout': 60, 'DelaySeconds': 0, 'Tags': []}");
	kit_run(&k, OP_UPDATE, "> TagQueue {'QueueUrl': 'u', 'Tags': {'a': 'b'}}\n< {}\n= done\n");
	k.input.observed = kit_json(&k, "{'VisibilityTimeout': 30, 'Tags': [{'Key': 'a', 'Value': 'b'}]}");
	kit_run(&k, OP_UPDATE, "> SetQueueAttributes {'QueueUrl': 'u', 'Attributes':"
		" {'VisibilityTimeout': '60'}}\n< {}\n= done\n");
}
END_TEST

START_TEST(rebind_sets_again)
{
	struct str role = STR("Role");

	kit_type(&k, "AWS::Lambda::Function");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Role': 'r', 'Timeout': 3}");
	k.input.previous = k.input.properties;
	k.input.attributes = kit_json(&k, "{'Arn': 'a'}");
	k.input.rebind = (struct str_list){ &role, 1 };
	kit_run(&k, OP_UPDATE, "> UpdateFunctionConfiguration {'FunctionName': 'f', 'Role': 'r'}\n< {}\n"
		"> GetFunctionConfiguration\n< {'State': 'Active', 'LastUpdateStatus': 'InProgress'}\n~ 500\n"
		"> GetFunctionConfiguration\n< {'State': 'Active', 'LastUpdateStatus': 'Successful'}\n= done\n");
}
END_TEST

START_TEST(tags_of_others_are_not_reported)
{
	queue();
	k.input.attributes = kit_json(&k, "{'QueueUrl': 'u'}");
	kit_run(&k, OP_READ, READ_KNOWN("'aws:cloud': '1', 'theirs': 'x', 'a': 'b', " OURS) "= done\n");
	kit_equal(&k, *value_get_c(&k.result->observed, "Tags"), "[{'Key': 'a', 'Value': 'b'}]");
}
END_TEST

START_TEST(what_is_not_managed_is_not_read)
{
	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	kit_run(&k, OP_READ, "> GetBucketLocation\n< {}\n= done\n");
	k.input.properties = kit_json(&k, "{'BucketName': 'b', 'CorsConfiguration': {}}");
	kit_run(&k, OP_READ, "> GetBucketLocation\n< {}\n> GetBucketCors\n! NoSuchCORSConfiguration none\n= done\n");
	ck_assert_int_eq(k.result->found, OP_FOUND);
	ck_assert_ptr_null(value_get_c(&k.result->observed, "CorsConfiguration"));
}
END_TEST

START_TEST(what_a_list_named_is_not_visible_yet)
{
	kit_type(&k, "AWS::IAM::Role");
	k.input.properties = kit_json(&k, "{'RoleName': 'r', 'Policies': []}");
	kit_run(&k, OP_READ,
		"> GetRole\n< {'Role': {'RoleName': 'r', 'Path': '/', 'Arn': 'a', 'RoleId': 'i',"
		" 'AssumeRolePolicyDocument': '{}'}}\n"
		"> ListRolePolicies\n< {'PolicyNames': ['p']}\n"
		"> GetRolePolicy\n! NoSuchEntity not yet\n~ 1000\n"
		"> GetRolePolicy\n< {'PolicyName': 'p', 'PolicyDocument': '{}'}\n= done\n");
	ck_assert_int_eq(k.result->found, OP_FOUND);
}
END_TEST

START_TEST(parts_of_what_is_not_visible_yet)
{
	kit_type(&k, "AWS::IAM::Role");
	k.input.properties = kit_json(&k, "{'RoleName': 'r', 'AssumeRolePolicyDocument': 'd',"
				      " 'ManagedPolicyArns': ['p']}");
	kit_run(&k, OP_CREATE,
		"> CreateRole\n< {'Role': {'Arn': 'a', 'RoleId': 'i'}}\n"
		"> AttachRolePolicy {'RoleName': 'r', 'PolicyArn': 'p'}\n! NoSuchEntity no role r\n~ 1000\n"
		"> AttachRolePolicy\n< {}\n= done\n");
}
END_TEST

/* ---- hostile drivers and replies ---- */

START_TEST(lenses_that_multiply)
{
	struct buf b;

	buf_init(&b, &k.arena);
	buf_add_c(&b, "type: A\napi: a\nkey: [N]\nowner: {parent: N}\nlens:\n  l0: {same: [N]}\n");
	for (int i = 1; i < 60; i++)
		buf_printf(&b, "  l%d: {l%d: [{P: A}, {P: B}, {P: C}, {P: D}]}\n", i, i - 1);
	buf_add_c(&b, "read:\n- {call: R}\ncreate:\n- {call: C, in: {X: lens(l59 $)}}\n"
		  "delete:\n- {call: D}\n");
	kit_yaml(&k, str_to_c(&k.arena, buf_str(&b)));
	buf_init(&b, &k.arena);
	for (int i = 0; i < 60; i++)
		buf_add_c(&b, "{'P': ");
	buf_add_c(&b, "{'N': 1}");
	buf_add_repeat(&b, '}', 60);
	k.input.properties = kit_json(&k, str_to_c(&k.arena, buf_str(&b)));
	kit_run(&k, OP_CREATE, "= fail is too much work\n");
}
END_TEST

static const struct {
	const char *type, *properties, *script;
} hostile[] = {
	{ "AWS::SQS::Queue", MAKE_QUEUE, "> GetQueueUrl\n< {}\n= fail the reply has no 'QueueUrl'\n" },
	{ "AWS::SQS::Queue", MAKE_QUEUE,
	  "> GetQueueUrl\n< {'QueueUrl': 'u'}\n> GetQueueAttributes\n< {'Attributes': [1]}\n"
	  "= fail map\n" },
	{ "AWS::SQS::Queue", MAKE_QUEUE,
	  "> GetQueueUrl\n< {'QueueUrl': 'u'}\n> GetQueueAttributes\n"
	  "< {'Attributes': {'DelaySeconds': 'soon'}}\n= fail whole number\n" },
	{ "AWS::SQS::Queue", MAKE_QUEUE,
	  "> GetQueueUrl\n< {'QueueUrl': 'u'}\n> GetQueueAttributes\n"
	  "< {'Attributes': {'RedrivePolicy': '{'}}\n= fail JSON\n" },
	{ "AWS::SQS::Queue", MAKE_QUEUE,
	  "> GetQueueUrl\n< {'QueueUrl': 'u'}\n> GetQueueAttributes\n< {'Attributes': {'QueueArn': 'a'}}\n"
	  "> ListQueueTags\n< {'Tags': 'none'}\n= fail a list of tags\n" },
	{ "AWS::DynamoDB::Table", "{'TableName': 't'}",
	  "> DescribeTable\n< {}\n= fail the reply has no 'Arn'\n" },
	{ "AWS::DynamoDB::Table", "{'TableName': 't'}",
	  "> DescribeTable\n< {'Table': 'x'}\n= fail the reply has no 'Arn'\n" },
	{ "AWS::Logs::LogGroup", "{'LogGroupName': 'g'}",
	  "> DescribeLogGroups\n< {'logGroups': {'g': 1}}\n= done\n" },
	{ "AWS::Lambda::Permission", "{'FunctionName': 'f'}",
	  "> GetPolicy\n< {'Policy': '[}'}\n= fail JSON\n" },
	{ "AWS::Scheduler::ScheduleGroup", "{'Name': 'g'}",
	  "> GetScheduleGroup\n< {'Arn': 'a', 'CreationDate': 1e300}\n= fail a time since 1970\n" },
};

START_TEST(hostile_replies)
{
	kit_type(&k, hostile[_i].type);
	k.input.properties = kit_json(&k, hostile[_i].properties);
	kit_run(&k, OP_READ, hostile[_i].script);
}
END_TEST

START_TEST(unknown_is_never_sent)
{
	struct value unknown;

	queue();
	unknown = value_unknown(&k.arena, STR("later"), STR(""));
	value_set(&k.arena, &k.input.properties, STR("KmsMasterKeyId"), unknown);
	kit_run(&k, OP_CREATE, "= fail CreateQueue\n");
}
END_TEST

START_TEST(secrets_go_out_in_clear_and_stay_marked)
{
	struct value secret = value_string(STR("s3cret"));
	struct step step;

	secret.marks |= VALUE_SECRET;
	kit_type(&k, "AWS::SSM::Parameter");
	k.input.properties = kit_json(&k, "{'Name': '/p', 'Type': 'String'}");
	value_set(&k.arena, &k.input.properties, STR("Value"), secret);
	k.op = op_new(&k.arena, OP_CREATE, &k.input);
	step = op_next(k.op, NULL, 0);
	unit_str_eq(value_get_str(&step.call.input, "Value"), "s3cret");
	ck_assert(value_get_c(&step.call.input, "Value")->marks & VALUE_SECRET);
	unit_str_eq(step.call.token, "token");
	ck_assert(step.mutates);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, create_sends_texts_and_our_tag);
	tcase_add_test(tc, name_still_burnt);
	tcase_add_test(tc, retry_has_an_end);
	tcase_add_test(tc, exists_and_is_ours);
	tcase_add_test(tc, exists_and_is_not_ours);
	tcase_add_test(tc, exists_but_is_invisible_for_a_while);
	tcase_add_test(tc, exists_and_stays_invisible);
	tcase_add_test(tc, untagged_after_a_crash_is_ours_where_tags_come_second);
	tcase_add_test(tc, bucket_of_another_account);
	tcase_add_test(tc, location_constraint_by_region);
	tcase_add_test(tc, bucket_tags_of_others_stay);
	tcase_add_test(tc, description_carries_the_instance);
	tcase_add_test(tc, found_on_the_second_page);
	tcase_add_test(tc, none_matches);
	tcase_add_test(tc, deleted_without_ever_knowing_its_id);
	tcase_add_test(tc, pages_that_do_not_end);
	tcase_add_test(tc, owner_by_group);
	tcase_add_test(tc, read_tells_the_mark_of_another);
	tcase_add_test(tc, denied_is_not_foreign_of_what_was_seen);
	tcase_add_test(tc, denied_tells_what_is_missing);
	tcase_add_test(tc, statement_by_key);
	tcase_add_test(tc, waits_until_all_is_active);
	tcase_add_test(tc, wait_that_fails);
	tcase_add_test(tc, wait_that_takes_too_long);
	tcase_add_test(tc, delete_waits_until_it_is_gone);
	tcase_add_test(tc, role_not_assumable_yet);
	tcase_add_test(tc, bundle_that_cannot_be_built);
	tcase_add_test(tc, indexes_one_at_a_time);
	tcase_add_test(tc, stream_view_goes_off_and_on);
	tcase_add_test(tc, removed_properties_are_cleared);
	tcase_add_test(tc, repair_sends_what_is_missing_only);
	tcase_add_test(tc, rebind_sets_again);
	tcase_add_test(tc, tags_of_others_are_not_reported);
	tcase_add_test(tc, what_is_not_managed_is_not_read);
	tcase_add_test(tc, what_a_list_named_is_not_visible_yet);
	tcase_add_test(tc, parts_of_what_is_not_visible_yet);
	tcase_add_test(tc, lenses_that_multiply);
	tcase_add_loop_test(tc, hostile_replies, 0, sizeof(hostile) / sizeof(hostile[0]));
	tcase_add_test(tc, unknown_is_never_sent);
	tcase_add_test(tc, secrets_go_out_in_clear_and_stay_marked);
}

int main(void)
{
	return unit_run("driver_turns", fill);
}
