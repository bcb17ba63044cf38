#include "driver_kit.h"

/*
 * Where the obvious code is wrong: what AWS refuses for a while, what is on its
 * way out, what holds data.  Each names the page of AWS's documents that says so.
 */
static struct driver_kit k;

static void setup(void)
{
	kit_init(&k);
}

static void teardown(void)
{
	kit_release(&k);
}

/* ---- S3 User Guide, "Deleting a bucket", "Deleting object versions from a versioning-enabled bucket" ---- */

#define LIST "> ListObjectVersions {'MaxKeys': 1000, 'Bucket': 'b', 'ExpectedBucketOwner': '123456789012'}\n"
#define EMPTIED "< {}\n> DeleteBucket\n< {}\n= done\n"

static void bucket(bool allowed)
{
	kit_type(&k, "AWS::S3::Bucket");
	k.input.properties = kit_json(&k, "{'BucketName': 'b'}");
	k.input.data_loss = allowed;
}

START_TEST(bucket_is_emptied_in_pages)
{
	bucket(true);
	kit_run(&k, OP_DELETE,
		LIST "< {'Versions': [{'Key': 'x', 'VersionId': '1'}, {'Key': 'x', 'VersionId': 'null'}],"
		" 'DeleteMarkers': [{'Key': 'y', 'VersionId': '2'}]}\n"
		"> DeleteObjects {'Bucket': 'b', 'ExpectedBucketOwner': '123456789012', 'Delete': {'Quiet': true,"
		" 'Objects': [{'Key': 'x', 'VersionId': '1'}, {'Key': 'x', 'VersionId': 'null'},"
		" {'Key': 'y', 'VersionId': '2'}]}}\n< {}\n"
		LIST "< {'DeleteMarkers': [{'Key': 'z', 'VersionId': '3'}]}\n"
		"> DeleteObjects\n< {}\n" LIST EMPTIED);
}
END_TEST

START_TEST(bucket_that_is_full)
{
	bucket(false);
	kit_run(&k, OP_DELETE, "> DeleteBucket\n! BucketNotEmpty it has objects\n"
		"= fail --allow-data-loss with its address deletes them\n");
}
END_TEST

START_TEST(bucket_with_locked_objects)
{
	bucket(true);
	kit_run(&k, OP_DELETE,
		LIST "< {'Versions': [{'Key': 'x', 'VersionId': '1'}]}\n"
		"> DeleteObjects\n< {'Errors': [{'Key': 'x', 'Code': 'AccessDenied',"
		" 'Message': 'Access Denied because object protected by object lock.'}]}\n"
		"= fail left some of what is in it: Access Denied because object protected by object lock.\n");
}
END_TEST

START_TEST(bucket_that_never_ends)
{
	struct reply page = { .class = REPLY_OK, .status = 200, .body = kit_json(&k,
		"{'Versions': [{'Key': 'x', 'VersionId': '1'}]}") };
	struct step step;
	unsigned deleted = 0;

	bucket(true);
	k.op = op_new(&k.arena, OP_DELETE, &k.input);
	step = op_next(k.op, NULL, 0);
	while (step.kind == STEP_SEND) {
		deleted += str_equal(step.call.operation, STR("DeleteObjects"));
		step = op_next(k.op, &page, 0);
	}
	ck_assert_int_eq(step.kind, STEP_FAIL);
	ck_assert_uint_eq(deleted, 1000);
	ck_assert(str_contains(str_from_c(op_result(k.op)->error.text), STR("apply again to go on")));
}
END_TEST

START_TEST(bucket_gone_while_it_is_emptied)
{
	bucket(true);
	kit_run(&k, OP_DELETE, LIST "! NoSuchBucket gone\n> DeleteBucket\n! NoSuchBucket gone\n= done\n");
}
END_TEST

/* ---- DynamoDB Developer Guide, "Enable Time to Live (TTL)": one change an hour ---- */

static void table_ttl(const char *before, const char *now)
{
	char text[256];

	kit_type(&k, "AWS::DynamoDB::Table");
	snprintf(text, sizeof(text), "{'TableName': 't', 'TimeToLiveSpecification':"
		 " {'AttributeName': '%s', 'Enabled': true}}", before);
	k.input.previous = kit_json(&k, text);
	snprintf(text, sizeof(text), "{'TableName': 't', 'TimeToLiveSpecification':"
		 " {'AttributeName': '%s', 'Enabled': true}}", now);
	k.input.properties = kit_json(&k, text);
}

#define TTL_OFF "> UpdateTimeToLive {'TableName': 't', 'TimeToLiveSpecification':" \
	" {'Enabled': false, 'AttributeName': 'a'}}\n"
#define TTL_IS(status) "> DescribeTimeToLive\n< {'TimeToLiveDescription': {'TimeToLiveStatus': '" status "'}}\n"

START_TEST(ttl_attribute_goes_off_waits_and_on)
{
	table_ttl("a", "b");
	kit_run(&k, OP_UPDATE, TTL_OFF "< {}\n" TTL_IS("DISABLING") "~ 2000\n" TTL_IS("DISABLED")
		"> UpdateTimeToLive {'TableName': 't', 'TimeToLiveSpecification':"
		" {'Enabled': true, 'AttributeName': 'b'}}\n< {}\n= done\n");
}
END_TEST

START_TEST(ttl_twice_within_an_hour)
{
	table_ttl("a", "b");
	kit_run(&k, OP_UPDATE, TTL_OFF
		"! ValidationException Time to live has been modified multiple times within a fixed interval\n"
		"= fail apply again in an hour\n");
	kit_run(&k, OP_UPDATE, TTL_OFF "! ValidationException something else\n= fail something else\n");
	ck_assert(!str_contains(str_from_c(k.result->error.text), STR("an hour")));
}
END_TEST

/* ---- DynamoDB API Reference, CreateTable: ResourceInUseException ---- */

START_TEST(table_name_that_is_being_deleted)
{
	kit_type(&k, "AWS::DynamoDB::Table");
	k.input.properties = kit_json(&k, "{'TableName': 't'}");
	kit_run(&k, OP_CREATE,
		"> CreateTable\n! ResourceInUseException Attempt to change a resource which is still in use:"
		" Table is being deleted: t\n~ 1000\n"
		"> CreateTable\n< {'TableDescription': {'TableArn': 'arn'}}\n"
		"> DescribeTable\n< {'Table': {'TableStatus': 'ACTIVE'}}\n= done\n");
}
END_TEST

/* ---- Lambda API Reference, DeleteEventSourceMapping: its state is Deleting for some seconds ---- */

static void mapping(void)
{
	kit_type(&k, "AWS::Lambda::EventSourceMapping");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'EventSourceArn': 'q'}");
}

#define CONFLICT "> CreateEventSourceMapping\n! ResourceConflictException it exists\n"
#define MAPPINGS(items) "> ListEventSourceMappings {'FunctionName': 'f', 'EventSourceArn': 'q'}\n" \
	"< {'EventSourceMappings': [" items "]}\n"
#define MAPPING_IS(state) "> GetEventSourceMapping\n< {'UUID': 'm', 'State': '" state "'}\n"

START_TEST(mapping_while_its_predecessor_goes)
{
	mapping();
	kit_run(&k, OP_CREATE, CONFLICT MAPPINGS("{'UUID': 'old', 'State': 'Deleting'}") "~ 4000\n"
		CONFLICT MAPPINGS("{'UUID': 'old', 'State': 'Deleting'}") "~ 4000\n"
		"> CreateEventSourceMapping\n< {'UUID': 'm', 'EventSourceMappingArn': 'arn'}\n"
		MAPPING_IS("Creating") "~ 1000\n" MAPPING_IS("Enabled") "= done\n");
	unit_str_eq(value_get_str(&k.result->attributes, "Id"), "m");
}
END_TEST

START_TEST(mapping_whose_predecessor_stays)
{
	struct reply conflict = { .class = REPLY_ERROR, .status = 409,
				  .code = STR("ResourceConflictException") };
	struct reply list = { .class = REPLY_OK, .status = 200, .body = kit_json(&k,
		"{'EventSourceMappings': [{'UUID': 'old', 'State': 'Deleting'}]}") };
	struct step step;

	mapping();
	k.op = op_new(&k.arena, OP_CREATE, &k.input);
	step = op_next(k.op, NULL, 0);
	while (step.kind == STEP_SEND || step.kind == STEP_WAIT) {
		k.now_ms += step.wait_ms;
		step = op_next(k.op, step.kind == STEP_WAIT ? NULL : step.mutates ? &conflict : &list,
			       k.now_ms);
	}
	ck_assert_int_eq(step.kind, STEP_FAIL);
	ck_assert_int_ge(k.now_ms, 300000);
	ck_assert_int_le(k.now_ms, 310000);
}
END_TEST

START_TEST(mapping_in_transition_is_asked_again)
{
	mapping();
	k.input.attributes = kit_json(&k, "{'Id': 'm', 'EventSourceMappingArn': 'arn'}");
	k.input.previous = kit_json(&k, "{'FunctionName': 'f', 'EventSourceArn': 'q', 'BatchSize': 1}");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'EventSourceArn': 'q', 'BatchSize': 2}");
	kit_run(&k, OP_UPDATE, "> UpdateEventSourceMapping\n! ResourceInUseException it is in use\n~ 1000\n"
		"> UpdateEventSourceMapping\n< {}\n" MAPPING_IS("Updating") "~ 1000\n" MAPPING_IS("Enabled")
		"= done\n");
	kit_run(&k, OP_DELETE, "> DeleteEventSourceMapping\n! ResourceInUseException it is in use\n~ 1000\n"
		"> DeleteEventSourceMapping\n< {}\n" MAPPING_IS("Deleting") "~ 1000\n"
		"> GetEventSourceMapping\n! ResourceNotFoundException gone\n= done\n");
}
END_TEST

/* ---- IAM User Guide, "AWS JSON policy elements: Principal": a role made anew has another id ---- */

START_TEST(trust_in_a_role_made_anew_is_set_again)
{
	struct str trust = STR("AssumeRolePolicyDocument");

	kit_type(&k, "AWS::IAM::Role");
	k.input.previous = kit_json(&k, "{'RoleName': 'r', 'AssumeRolePolicyDocument': {'Statement': []}}");
	k.input.properties = k.input.previous;
	k.input.rebind = (struct str_list){ &trust, 1 };
	kit_run(&k, OP_UPDATE, "> UpdateAssumeRolePolicy\n! MalformedPolicyDocument Invalid principal in policy\n"
		"~ 1000\n> UpdateAssumeRolePolicy\n< {}\n= done\n");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, bucket_is_emptied_in_pages);
	tcase_add_test(tc, bucket_that_is_full);
	tcase_add_test(tc, bucket_with_locked_objects);
	tcase_add_test(tc, bucket_that_never_ends);
	tcase_add_test(tc, bucket_gone_while_it_is_emptied);
	tcase_add_test(tc, ttl_attribute_goes_off_waits_and_on);
	tcase_add_test(tc, ttl_twice_within_an_hour);
	tcase_add_test(tc, table_name_that_is_being_deleted);
	tcase_add_test(tc, mapping_while_its_predecessor_goes);
	tcase_add_test(tc, mapping_whose_predecessor_stays);
	tcase_add_test(tc, mapping_in_transition_is_asked_again);
	tcase_add_test(tc, trust_in_a_role_made_anew_is_set_again);
}

int main(void)
{
	return unit_run("driver_rough", fill);
}
