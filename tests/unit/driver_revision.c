#include "driver_kit.h"

static struct driver_kit k;

static void setup(void)
{
	kit_init(&k);
}

static void teardown(void)
{
	kit_release(&k);
}

/* The one that it is meant for: the last that was told, once the change before is done. */
START_TEST(a_change_says_its_revision)
{
	kit_type(&k, "AWS::Lambda::Function");
	k.input.properties = kit_json(&k, "{'FunctionName': 'f', 'Timeout': 4, "
				      "'Architectures': ['arm64'], 'Code': {'S3Bucket': 'b', 'S3Key': 'k2'}}");
	k.input.previous = kit_json(&k, "{'FunctionName': 'f', 'Timeout': 3, "
				    "'Architectures': ['arm64'], 'Code': {'S3Bucket': 'b', 'S3Key': 'k1'}}");
	k.input.attributes = kit_json(&k, "{'Arn': 'a', 'RevisionId': 'r1'}");
	kit_run(&k, OP_UPDATE,
		"> UpdateFunctionCode {'FunctionName': 'f', 'S3Bucket': 'b', 'S3Key': 'k2', "
		"'Architectures': ['arm64'], 'RevisionId': 'r1'}\n"
		"< {'RevisionId': 'r2'}\n"
		"> GetFunctionConfiguration\n"
		"< {'State': 'Active', 'LastUpdateStatus': 'Successful', 'RevisionId': 'r3'}\n"
		"> UpdateFunctionConfiguration {'FunctionName': 'f', 'Timeout': 4, 'RevisionId': 'r3'}\n"
		"! PreconditionFailedException the revision moved\n"
		"= fail PreconditionFailedException\n");
	unit_str_eq(k.result->failure.code, "PreconditionFailedException");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_change_says_its_revision);
}

int main(void)
{
	return unit_run("driver revision", fill);
}
