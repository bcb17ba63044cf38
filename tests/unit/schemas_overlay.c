#include "unit.h"

#include "base/fs.h"
#include "schemas/blob.h"
#include "schemas/schema.h"

/*
 * A user's folder over the embedded facts, in memory.  The driver's own text
 * is tested elsewhere; here one that datac accepted is laid over again.
 */
#define THING \
	"{\"AWS::My::Thing\":{\"id\":[\"Name\"],\"properties\":{\"Name\":{\"type\":\"string\"}}}}"

static struct arena arena;
static struct schemas *all;
static struct files *folder;
static struct sources sources;
static struct diags d;

static void open_all(void)
{
	struct error err = { 0 };

	arena_init(&arena);
	sources = (struct sources){ 0 };
	diags_init(&d, &arena);
	folder = files_memory(&arena);
	all = schemas_open(&arena, schemas_embedded(), &err);
	ck_assert_msg(all != NULL, "%s", err.text);
}

static void close_all(void)
{
	arena_release(&arena);
}

static bool lay(void)
{
	return schemas_overlay(all, folder, STR("mine"), &sources, &d);
}

static void add(const char *path, const char *text)
{
	files_memory_add(&arena, folder, str_from_c(path), str_from_c(text));
}

static const char *said(void)
{
	struct buf b;

	buf_init(&b, &arena);
	diags_print(&b, &d, &sources, false);
	return str_to_c(&arena, buf_str(&b));
}

START_TEST(adds_a_type)
{
	struct str before = schemas_digest(all, &arena);
	const struct schema *s;
	const struct str *names;
	size_t count, after;

	(void)schemas_types(all, &count);
	add("mine/types/My.json", THING);
	ck_assert_msg(lay(), "%s", said());
	s = schema_find(all, STR("AWS::My::Thing"));
	ck_assert(s != NULL && s->tier == TIER_CLOUD_CONTROL);
	names = schemas_types(all, &after);
	ck_assert_uint_eq(after, count + 1);
	for (size_t i = 1; i < after; i++)
		ck_assert_int_lt(str_compare(names[i - 1], names[i]), 0);
	ck_assert(!str_equal(before, schemas_digest(all, &arena)));
}
END_TEST

START_TEST(takes_the_place_of_a_type)
{
	const struct schema *s;
	size_t count, after;

	(void)schemas_types(all, &count);
	add("mine/types/EC2.json", "{\"AWS::EC2::VPC\":{\"id\":[\"Name\"],\"properties\":"
	    "{\"Name\":{\"type\":\"string\"}}}}");
	ck_assert_msg(lay(), "%s", said());
	s = schema_find(all, STR("AWS::EC2::VPC"));
	ck_assert(schema_property(s, STR("Name")) != NULL && !schema_property(s, STR("VpcId")));
	(void)schemas_types(all, &after);
	ck_assert_uint_eq(after, count);
}
END_TEST

START_TEST(adds_a_service)
{
	add("mine/wire/mine.json",
	    "{\"metadata\":{\"protocol\":\"json\"},\"operations\":{\"Do\":{}}}");
	add("mine/wire/notes.txt", "not read");
	ck_assert_msg(lay(), "%s", said());
	ck_assert(wire_operation_find(schemas_wire(all, STR("mine")), STR("Do")) != NULL);
	ck_assert(wire_operation_find(schemas_wire(all, STR("sqs")), STR("CreateQueue")) != NULL);
}
END_TEST

START_TEST(adds_operations_to_a_service)
{
	const struct wire_service *sns;

	add("mine/wire/sns.json",
	    "{\"metadata\":{\"protocol\":\"query\"},\"operations\":{\"Subscribe\":{},"
	    "\"AddPermission\":{\"http\":{\"method\":\"PUT\"}}}}");
	ck_assert_msg(lay(), "%s", said());
	sns = schemas_wire(all, STR("sns"));
	ck_assert(wire_operation_find(sns, STR("Subscribe")) != NULL);
	ck_assert(wire_operation_find(sns, STR("DeleteTopic"))->input != NULL);
	unit_str_eq(wire_operation_find(sns, STR("AddPermission"))->method, "PUT");
}
END_TEST

START_TEST(may_be_laid_twice)
{
	struct str first;

	add("mine/types/My.json", THING);
	ck_assert(lay());
	first = schemas_digest(all, &arena);
	ck_assert(lay());
	ck_assert(!str_equal(first, schemas_digest(all, &arena)));
	ck_assert(schema_find(all, STR("AWS::My::Thing")) != NULL);
}
END_TEST

static const struct {
	const char *path, *text, *said;
} refused[] = {
	{ "mine/types/My.json", "{",
	  "mine/types/My.json:1:1: error: invalid JSON at line 1, column 2" },
	{ "mine/types/My.json", "[]",
	  "mine/types/My.json:1:1: error: expected an object of types" },
	{ "mine/types/My.json", "{\"A\":\n {\"properties\":{},\n  \"x\":1}}",
	  "mine/types/My.json:3:3: error: type 'A': unknown key 'x'" },
	{ "mine/types/SQS.json",
	  "{\"AWS::SQS::Queue\":{\"id\":[\"Name\"],\"properties\":"
	  "{\"Name\":{\"type\":\"string\"}}}}",
	  "SQS.json:1:1: error: the driver of 'AWS::SQS::Queue' that is built in does not" },
	{ "mine/wire/sns.json",
	  "{\"metadata\":{\"protocol\":\"query\"},\"operations\":{\"CreateTopic\":{}}}",
	  "sns.json:1:1: error: the driver of 'AWS::SNS::Topic' that is built in does not" },
	{ "mine/wire/sns.json", "{\"metadata\":{\"protocol\":\"json\"}}",
	  "mine/wire/sns.json:1:1: error: service 'sns' speaks another protocol" },
	{ "mine/wire/my.json", "{}", "mine/wire/my.json:1:1: error: service 'my': no metadata" },
	{ "mine/drivers/A.B.yaml", "a: [", "mine/drivers/A.B.yaml:1:" },
	{ "mine/drivers/A.B.yaml", "type: AWS::No::Such\n", "mine/drivers/A.B.yaml:1:" },
	{ "mine", "a file", "error: no folder 'mine' of schemas" },
};

START_TEST(says_where_it_is_wrong)
{
	add(refused[_i].path, refused[_i].text);
	ck_assert_msg(!lay(), "accepted: %s", refused[_i].text);
	ck_assert_msg(strstr(said(), refused[_i].said) != NULL, "said: %s\nwant: %s", said(),
		      refused[_i].said);
}
END_TEST

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, adds_a_type);
	tcase_add_test(tc, takes_the_place_of_a_type);
	tcase_add_test(tc, adds_a_service);
	tcase_add_test(tc, adds_operations_to_a_service);
	tcase_add_test(tc, may_be_laid_twice);
	tcase_add_loop_test(tc, says_where_it_is_wrong, 0, COUNT_OF(refused));
}

int main(void)
{
	return unit_run("schemas_overlay", fill);
}
