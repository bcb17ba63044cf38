#include "iam.h"

#include "build.h"

void policy_begin(struct policy *p)
{
	*p = (struct policy){ .statements = value_list(NULL, 0) };
}

/* Letters and digits of the wanted name, with a number where it is taken. */
static struct str sid_make(struct compiler *c, struct policy *p, struct str wanted)
{
	struct buf b;
	struct str sid;

	buf_init(&b, c->arena);
	for (size_t i = 0; i < wanted.length; i++) {
		char ch = wanted.data[i];

		if ((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		    (ch >= '0' && ch <= '9'))
			buf_add_char(&b, ch);
	}
	sid = buf_str(&b);
	for (unsigned i = 2; map_has(&p->sids, sid); i++)
		sid = str_format(c->arena, "%.*s%u", STR_ARG(buf_str(&b)), i);
	*map_put(c->arena, &p->sids, sid) = p;
	return sid;
}

void policy_add(struct compiler *c, struct policy *p, struct str sid, struct value actions,
		struct value resources, const struct value *condition)
{
	struct value s = value_map();

	value_set(c->arena, &s, STR("Sid"), value_string(sid_make(c, p, sid)));
	value_set(c->arena, &s, STR("Effect"), text_value("Allow"));
	value_set(c->arena, &s, STR("Action"), actions);
	value_set(c->arena, &s, STR("Resource"), resources);
	if (condition)
		value_set(c->arena, &s, STR("Condition"), *condition);
	value_append(c->arena, &p->statements, s);
}

void policy_allow(struct compiler *c, struct policy *p, const char *sid, const char *actions,
		  const struct value *resources, size_t count, const struct value *condition)
{
	struct value list = value_list(NULL, 0), targets = value_list(NULL, 0);
	struct str rest = str_from_c(actions), action;

	while (str_split(&rest, ' ', &action))
		value_append(c->arena, &list, value_string(action));
	for (size_t i = 0; i < count; i++)
		value_append(c->arena, &targets, resources[i]);
	policy_add(c, p, str_from_c(sid), list, targets, condition);
}

static struct value document(struct compiler *c, struct value statements)
{
	struct value out = value_map();

	value_set(c->arena, &out, STR("Version"), text_value("2012-10-17"));
	value_set(c->arena, &out, STR("Statement"), statements);
	return out;
}

struct value policy_document(struct compiler *c, const struct policy *p)
{
	return document(c, p->statements);
}

struct value trust_document(struct compiler *c, const char *service, const struct value *condition)
{
	struct value s = value_map(), list = value_list(NULL, 0), principal = value_map();

	value_set(c->arena, &principal, STR("Service"), text_value(service));
	value_set(c->arena, &s, STR("Effect"), text_value("Allow"));
	value_set(c->arena, &s, STR("Principal"), principal);
	value_set(c->arena, &s, STR("Action"), text_value("sts:AssumeRole"));
	if (condition)
		value_set(c->arena, &s, STR("Condition"), *condition);
	value_append(c->arena, &list, s);
	return document(c, list);
}

struct part *role_add(struct compiler *c, struct block *b, const char *name, struct value trust,
		      const struct policy *p)
{
	struct part *role = part_add(c, b, name, "AWS::IAM::Role");
	struct value inline_policy = value_map(), policies = value_list(NULL, 0);

	part_set(c, role, "AssumeRolePolicyDocument", trust);
	if (c->role_path.length)
		part_set(c, role, "Path", value_string(c->role_path));
	if (c->boundary.kind != VALUE_NULL)
		part_set(c, role, "PermissionsBoundary", c->boundary);
	if (!p->statements.list.count)
		return role;
	value_set(c->arena, &inline_policy, STR("PolicyName"), text_value("inline"));
	value_set(c->arena, &inline_policy, STR("PolicyDocument"), policy_document(c, p));
	value_append(c->arena, &policies, inline_policy);
	part_set(c, role, "Policies", policies);
	return role;
}

static const struct verb table_verbs[] = {
	{ "read", "BatchGetItem ConditionCheckItem GetItem Query Scan" },
	{ "write", "BatchWriteItem DeleteItem PutItem UpdateItem" },
};
static const struct verb queue_verbs[] = {
	{ "send", "SendMessage" },
	{ "consume", "ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage" },
};
static const struct verb function_verbs[] = { { "invoke", "InvokeFunction" } };
static const struct verb topic_verbs[] = { { "publish", "Publish" } };
static const struct verb bucket_verbs[] = {
	{ "read", "GetObject ListBucket" },
	{ "write", "DeleteObject PutObject" },
};

#define VERBS(array) .verbs = array, .verb_count = sizeof(array) / sizeof(*(array))

static const struct dependency_rule rules[] = {
	{ .type = "AWS::DynamoDB::Table", .variable = "TABLE", .named_by = "TableName",
	  .arn = "Arn", .suffixes = " /index/*", .service = "dynamodb", .usual = "read write",
	  VERBS(table_verbs),
	  .others = "DescribeTable PartiQLDelete PartiQLInsert PartiQLSelect PartiQLUpdate" },
	{ .type = "AWS::Lambda::Function", .variable = "FUNCTION", .named_by = "FunctionName",
	  .arn = "Arn", .suffixes = "", .service = "lambda", .usual = "invoke",
	  VERBS(function_verbs), .others = "GetFunctionConfiguration InvokeAsync" },
	{ .type = "AWS::S3::Bucket", .variable = "BUCKET", .named_by = "BucketName",
	  .arn = "Arn", .suffixes = " /*", .service = "s3", .usual = "read write",
	  VERBS(bucket_verbs),
	  .others = "AbortMultipartUpload GetObjectTagging GetObjectVersion "
		    "ListMultipartUploadParts PutObjectTagging" },
	{ .type = "AWS::SNS::Topic", .variable = "TOPIC", .named_by = "TopicArn",
	  .arn = "TopicArn", .suffixes = "", .service = "sns", .usual = "publish",
	  VERBS(topic_verbs), .others = "GetTopicAttributes" },
	{ .type = "AWS::SQS::Queue", .variable = "QUEUE", .named_by = "QueueUrl",
	  .arn = "Arn", .suffixes = "", .service = "sqs", .usual = "send",
	  VERBS(queue_verbs), .others = "GetQueueUrl PurgeQueue" },
};

const struct dependency_rule *dependency_find(struct str type)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (str_equal_c(type, rules[i].type))
			return &rules[i];
	}
	return NULL;
}
