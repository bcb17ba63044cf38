#include "unit.h"

#include "base/yaml.h"
#include "schemas/schema.h"
#include "schemas/steps.h"

/* A sound driver; each case breaks one thing of it. */
static const char *const sound =
	"type: AWS::SQS::Queue\n"
	"api: sqs\n"
	"name: {property: QueueName, max: 80, alphabet: '-_', suffix: .fifo, if: FifoQueue}\n"
	"key: [QueueName]\n"
	"owner: {tag: Tags}\n"
	"attributes: [QueueUrl, Arn]\n"
	"stable: [QueueUrl, Arn]\n"
	"known: {Arn: 'arn:{partition}:sqs:{region}:{account}:{QueueName}'}\n"
	"guard: soft\n"
	"recreate: 60\n"
	"lens:\n"
	"  settings: {int: [VisibilityTimeout], json: [RedrivePolicy]}\n"
	"common: {absent: QueueDoesNotExist}\n"
	"wait:\n"
	"  there: {call: GetQueueUrl, in: {QueueName: $QueueName}, until: {.QueueUrl: present}}\n"
	"read:\n"
	"- {call: GetQueueUrl, in: {QueueName: $QueueName}, out: {same: [QueueUrl]}}\n"
	"- {call: GetQueueAttributes, in: {QueueUrl: $QueueUrl, AttributeNames: [All]},"
	" out: {'*': lens(settings .Attributes)}}\n"
	"create:\n"
	"- {call: CreateQueue, in: {QueueName: $QueueName, Attributes: lens(settings $),"
	" tags: tagmap($Tags)}, out: {QueueUrl: .QueueUrl}, exists: QueueNameExists,"
	" retry: [{code: QueueDeletedRecently, for: 75}], wait: there}\n"
	"update:\n"
	"- {props: [VisibilityTimeout, RedrivePolicy], call: SetQueueAttributes,"
	" in: {QueueUrl: $QueueUrl, Attributes: lens(settings $changed)}}\n"
	"tags: {set: TagQueue, unset: UntagQueue, in: {QueueUrl: $QueueUrl}, as: map}\n"
	"delete:\n"
	"- {call: DeleteQueue, in: {QueueUrl: $QueueUrl}}\n"
	"unsupported: {ContentBasedDeduplication: no, DeduplicationScope: no, DelaySeconds: no,"
	" FifoQueue: no, FifoThroughputLimit: no, KmsDataKeyReusePeriodSeconds: no, KmsMasterKeyId: no,"
	" MaximumMessageSize: no, MessageRetentionPeriod: no, ReceiveMessageWaitTimeSeconds: no,"
	" RedriveAllowPolicy: no, SqsManagedSseEnabled: no}\n";

static struct arena arena;
static struct schemas *schemas;
static struct sources sources;

static void setup(void)
{
	struct error err = { 0 };

	arena_init(&arena);
	sources = (struct sources){ 0 };
	schemas = schemas_open(&arena, schemas_embedded(), &err);
	ck_assert_ptr_nonnull(schemas);
}

static void teardown(void)
{
	arena_release(&arena);
}

/* Reads and checks; the mistakes, one a line, as "line:column: text". */
static struct str mistakes_of(struct str text, struct driver *driver)
{
	uint32_t file = sources_add(&arena, &sources, STR("d.yaml"), text);
	struct value source;
	struct diags d;
	struct buf b;
	bool ok;

	diags_init(&d, &arena);
	ok = yaml_parse(&arena, text, file, &source, &d) &&
	     driver_parse(&arena, &source, driver, &d) &&
	     driver_check(driver, &source, schemas, &d);
	ck_assert_int_eq(ok, d.error_count == 0);
	diags_sort(&d);
	buf_init(&b, &arena);
	for (size_t i = 0; i < d.count; i++) {
		struct place place = span_place(&sources, d.items[i].span);

		buf_printf(&b, "%u:%u: %.*s\n", place.line, place.column,
			   STR_ARG(d.items[i].text));
		if (d.items[i].help.length)
			buf_printf(&b, "  %.*s\n", STR_ARG(d.items[i].help));
	}
	return buf_str(&b);
}

START_TEST(reads_every_key)
{
	struct driver driver;
	const struct driver_steps *steps;

	unit_str_eq(mistakes_of(str_from_c(sound), &driver), "");
	steps = driver.steps;
	unit_str_eq(driver.name.property, "QueueName");
	unit_str_eq(driver.name.suffix, ".fifo");
	ck_assert(driver.key_is_chosen);
	ck_assert_int_eq(driver.owner, OWNER_TAG);
	ck_assert_int_eq(driver.guard, GUARD_SOFT);
	ck_assert_int_eq(driver.recreate_wait_ms, 60000);
	ck_assert_int_eq(driver.consistency_ms, 10000);
	ck_assert(!driver.async_delete);
	ck_assert_uint_eq(steps->read.count, 2);
	/* Untagging and tagging come from `tags`. */
	ck_assert_uint_eq(steps->update.count, 3);
	ck_assert_int_eq(steps->update.items[1].each, EACH_UNSET);
	ck_assert_int_eq(steps->create.items[0].call.retry.items[0].for_ms, 75000);
	unit_str_eq(steps->create.items[0].wait->name, "there");
	unit_str_eq(steps->read.items[0].call.absent.items[0].code, "QueueDoesNotExist");
	ck_assert_ptr_nonnull(driver_unsupported(&driver, STR("FifoQueue")));
	ck_assert_ptr_nonnull(driver_unsupported(&driver, STR("FifoQueue.X")));
	ck_assert_ptr_null(driver_unsupported(&driver, STR("FifoQueueX")));
}
END_TEST

#define BULK(match, instead, more) \
	"bulk: [{call: ListQueues, items: .QueueUrls, match: " match ", instead: " instead more "}]\n"

static const struct {
	const char *from, *to, *mistake;
} broken[] = {
	/* keys */
	{ "guard: soft", "gaurd: soft", "unknown key 'gaurd' in a driver\n  did you mean 'guard'?" },
	{ "guard: soft", "guard: medium", "'guard' must be none, soft or hard" },
	{ "recreate: 60", "recreate: -1", "'recreate' must be from 0 to" },
	{ "recreate: 60", "recreate: 1e99", "'recreate' must be from 0 to" },
	{ "recreate: 60", "recreate: [60]", "'recreate' must be a number" },
	{ "owner: {tag: Tags}", "owner: {tag: Tags, key: X}", "'owner' is one {how: Property}" },
	{ "owner: {tag: Tags}\n", "", "has no 'owner'" },
	{ "guard: soft", "guard: soft\nrecover: luck", "not 'luck'" },
	{ "guard: soft", "guard: soft\nrecover: content", "no 'list' to find it in" },
	{ "guard: soft", "guard: soft\nrecover: content", "no 'parent' to be found in" },
	{ "guard: soft", "guard: soft\nrevision: {attribute: X}", "'revision' needs" },
	{ "guard: soft", "guard: soft\nrevision: {attribute: X, moved: Y}",
	  "'revision': 'X' is not in 'attributes'" },
	{ "call: DeleteQueue, in", "cal: DeleteQueue, in", "unknown key 'cal' in a step" },
	{ "wait: there", "wait: their", "no such wait" },
	{ "- {call: DeleteQueue, in", "- {drain: .QueueUrls, call: DeleteQueue, in",
	  "'drain' needs 'get' and no 'each'" },
	{ "- {call: DeleteQueue, in", "- {get: ListQueues, drain: .QueueUrls, call: DeleteQueue, in",
	  "'drain' and 'partly' come together" },
	{ "- {call: DeleteQueue, in",
	  "- {get: GetQueueUrl, drain: .QueueUrl, partly: .X, call: DeleteQueue, in",
	  "'drain' is no list" },
	{ "recreate: 60", "costs: {Visibility: it costs}",
	  "'costs': AWS::SQS::Queue has no property 'Visibility'" },
	{ "- {call: DeleteQueue, in", "- {allowed: 1, call: DeleteQueue, in", "'allowed' must be" },
	{ "for: 75", "fore: 75", "unknown key 'fore' in a retry" },
	{ "retry: [{code: QueueDeletedRecently, for: 75}]", "retry: QueueDeletedRecently",
	  "a retry must be a map" },
	{ "props: [VisibilityTimeout, RedrivePolicy], ", "", "a step of 'update' needs 'props'" },
	{ "as: map", "as: text", "'as' must be 'list' or 'map'" },
	{ "unset: UntagQueue, ", "", "'set' and 'unset' come together" },
	{ "delete:\n- {call: DeleteQueue, in: {QueueUrl: $QueueUrl}}\n", "",
	  "a driver needs 'read', 'create' and 'delete'" },
	{ "RedrivePolicy]}\n", "RedrivePolicy]}\nfacts: {}\n", "unknown key 'facts' in a driver" },
	{ "out: {same: [QueueUrl]}}", "out: {same: [QueueUrl]}, facts: {size: .QueueUrl}}",
	  "unknown key 'size' in 'facts'" },
	{ "out: {same: [QueueUrl]}}", "out: {same: [QueueUrl]}, facts: {items: .}}",
	  "fact 'items' is" },
	/* bulk */
	{ "create:\n", "bulk: {}\ncreate:\n", "'bulk' must be a list of calls" },
	{ "create:\n", "bulk: [{call: ListQueues}]\ncreate:\n", "'bulk' needs 'call' and 'items'" },
	{ "create:\n", "bulk: [{call: ListQueues, items: .QueueUrls}]\ncreate:\n",
	  "'bulk' needs one 'match'" },
	{ "create:\n", BULK("{$QueueName: $QueueUrl}", "{GetQueueUrl: []}", "") "create:\n",
	  "'match' needs a path of an item" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueURL: []}", "") "create:\n",
	  "no step of 'read' calls 'GetQueueURL'" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueUrl: [Tag]}", "") "create:\n",
	  "'instead': AWS::SQS::Queue has no property 'Tag'" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{}", "") "create:\n",
	  "'bulk' needs 'out', or a step that it stands for" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueUrl: []}", ", as: X") "create:\n",
	  "'as': no item is a 'X' of the reply to GetQueueUrl" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueUrl: []}", ", prefix: Prefix")
	  "create:\n", "ListQueues has no member 'Prefix'" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueUrl: []}", ", batch: {Names: 0}")
	  "create:\n", "'batch' is one {InputMember: how many at most}" },
	{ "create:\n", BULK("{.Url: $QueueUrl}", "{GetQueueUrl: []}", ", api: nothing") "create:\n",
	  "there are no wire facts of service 'nothing'" },
	{ "as: map}", "as: map, arn: $ARN}", "'ARN' is no property of AWS::SQS::Queue" },
	{ "- {call: GetQueueUrl, in", "- {learns: [Url], call: GetQueueUrl, in",
	  "'learns': 'Url' is not in 'attributes'" },
	/* expressions */
	{ "tagmap($Tags)", "tagmpa($Tags)", "no such function in expression 'tagmpa($Tags)'" },
	{ "tagmap($Tags)", "tagmap($Tags $Tags)", "too many arguments" },
	{ "tagmap($Tags)", "tagmap()", "too few arguments" },
	{ "tagmap($Tags)", "tagmap($Tags", "'(' without ')'" },
	{ "tagmap($Tags)", "$tags", "no such name" },
	{ "tagmap($Tags)", "$Tags.", "'.' without a name" },
	{ "tagmap($Tags)", "'$Tags[x]'", "'[' without ']'" },
	{ "tagmap($Tags)", "$Tags $Tags", "unexpected text after the end" },
	{ "lens(settings $)", "lens(setings $)", "no such lens" },
	{ "int: [VisibilityTimeout]", "integer: [VisibilityTimeout]",
	  "'integer' is no conversion and no lens further up" },
	{ "until: {.QueueUrl: present}", "until: {QueueUrl: present}", "is no expression" },
	/* facts of the service */
	{ "call: DeleteQueue, in", "call: DropQueue, in", "sqs has no operation 'DropQueue'" },
	{ "api: sqs", "api: squirrel", "there are no wire facts of service 'squirrel'" },
	{ "type: AWS::SQS::Queue", "type: AWS::SQS::Heap", "there are no facts of type 'AWS::SQS::Heap'" },
	{ "call: DeleteQueue, in: {QueueUrl", "call: DeleteQueue, in: {QueueURL",
	  "DeleteQueueRequest has no member 'QueueURL'" },
	{ "call: DeleteQueue, in: {QueueUrl: $QueueUrl}", "call: DeleteQueue, in: {}",
	  "DeleteQueue needs member 'QueueUrl'" },
	{ "AttributeNames: [All]", "AttributeNames: All", "is a list, and is given a text" },
	{ "AttributeNames: [All]", "AttributeNames: [Alls]", "'Alls' is no value of 'AttributeNames'" },
	{ "out: {QueueUrl: .QueueUrl}", "out: {QueueUrl: .Queue}", "CreateQueueResult has no 'Queue'" },
	{ "lens(settings .Attributes)", "lens(settings .Attribute)", "has no 'Attribute'" },
	{ "until: {.QueueUrl: present}", "until: {.Url: present}", "has no 'Url'" },
	/* facts of the type */
	{ "int: [VisibilityTimeout]", "int: [VisibilityTimeuot]", "the type has no 'VisibilityTimeuot'" },
	{ "key: [QueueName]", "key: [QueueNam]", "'key': AWS::SQS::Queue has no property 'QueueNam'" },
	{ "{QueueName: $QueueName, Attributes", "{QueueName: $Queue, Attributes",
	  "'Queue' is no property of AWS::SQS::Queue and no attribute" },
	{ "{QueueName: $QueueName, Attributes", "{QueueName: $Tags, Attributes",
	  "member 'QueueName' is a text, and is given a list" },
	{ "int: [VisibilityTimeout]", "same: [VisibilityTimeout]",
	  "member 'VisibilityTimeout' is a text, and is given a number" },
	{ "{QueueName}'", "{Queue}'", "unknown '{Queue}' in a template" },
	{ "attributes: [QueueUrl, Arn]", "attributes: [QueueUrl]",
	  "attribute 'Arn' is neither in 'attributes' nor in 'unsupported'" },
	{ "DelaySeconds: no,", "", "property 'DelaySeconds' is neither sent by a call nor in 'unsupported'" },
	{ "props: [VisibilityTimeout, RedrivePolicy]", "props: [VisibilityTimeout]",
	  "property 'RedrivePolicy' can change, and no step of 'update' has it in 'props'" },
	{ "stable: [QueueUrl, Arn]", "stable: [QueueUrl, Url]", "'stable': 'Url' is not in 'attributes'" },
	{ "as: map}", "as: map, form: map}", "'tags': the property's form is a list" },
};

START_TEST(mistakes)
{
	struct str text = str_from_c(sound), changed, got;
	struct driver driver;

	changed = str_replace(&arena, text, str_from_c(broken[_i].from), str_from_c(broken[_i].to));
	ck_assert_msg(!str_equal(text, changed), "nothing to replace: %s", broken[_i].from);
	got = mistakes_of(changed, &driver);
	ck_assert_msg(str_contains(got, str_from_c(broken[_i].mistake)), "got  %.*s\nwant %s",
		      STR_ARG(got), broken[_i].mistake);
}
END_TEST

START_TEST(mistakes_have_their_place)
{
	struct str text = str_replace(&arena, str_from_c(sound), STR("call: DropQueue"), STR("x"));
	struct driver driver;

	text = str_replace(&arena, text, STR("guard: soft"), STR("guard: medium"));
	text = str_replace(&arena, text, STR("tagmap($Tags)"), STR("tagmap($tags)"));
	unit_str_eq(mistakes_of(text, &driver),
		    "9:8: 'guard' must be none, soft or hard\n"
		    "20:87: no such name in expression 'tagmap($tags)'\n");
}
END_TEST

START_TEST(nothing_is_too_deep)
{
	struct driver driver;
	struct buf b;

	buf_init(&b, &arena);
	for (int i = 0; i < 60; i++)
		buf_add_c(&b, "first(");
	buf_add_c(&b, "$Tags");
	buf_add_repeat(&b, ')', 60);
	ck_assert(str_contains(mistakes_of(str_replace(&arena, str_from_c(sound),
						       STR("tagmap($Tags)"), buf_str(&b)),
					   &driver), STR("too deep nesting")));
	buf_init(&b, &arena);
	buf_add_c(&b, "$Tags");
	for (int i = 0; i < 60; i++)
		buf_add_c(&b, ".a");
	ck_assert(str_contains(mistakes_of(str_replace(&arena, str_from_c(sound),
						       STR("tagmap($Tags)"), buf_str(&b)),
					   &driver), STR("too deep a path")));
}
END_TEST

START_TEST(fills_templates)
{
	struct scope scope = { .partition = STR("aws-cn"), .account = STR("1"), .region = STR("r") };
	struct value properties = value_map(), v;

	value_set(&arena, &properties, STR("Name"), value_string(STR("n")));
	value_set(&arena, &properties, STR("Id"), value_unknown(&arena, STR("later"), STR("ab")));
	v = driver_fill(&arena, STR("{partition}:{region}:{account}:{Name}{Path|/}{dns}"), &scope,
			&properties);
	unit_str_eq(v.string, "aws-cn:r:1:n/amazonaws.com.cn");
	v = driver_fill(&arena, STR("x:{Id}:{Name}"), &scope, &properties);
	ck_assert_int_eq(v.kind, VALUE_UNKNOWN);
	unit_str_eq(v.unknown->prefix, "x:ab");
	unit_str_eq(v.unknown->reason, "later");
	scope.account = STR("");
	v = driver_fill(&arena, STR("x:{account}"), &scope, &properties);
	ck_assert_int_eq(v.kind, VALUE_UNKNOWN);
	unit_str_eq(v.unknown->prefix, "x:");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, reads_every_key);
	tcase_add_loop_test(tc, mistakes, 0, sizeof(broken) / sizeof(broken[0]));
	tcase_add_test(tc, mistakes_have_their_place);
	tcase_add_test(tc, nothing_is_too_deep);
	tcase_add_test(tc, fills_templates);
}

int main(void)
{
	return unit_run("driver_format", fill);
}
