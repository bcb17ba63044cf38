#include "bootstrap.h"

#include "base/json.h"

/*
 * The bucket of the state: every version of an object is kept for a while, everything is
 * encrypted, nobody from outside may read it, and nobody may speak to it in the clear.
 */
#define OLD_DAYS 90
#define OLD_KEPT 20 /* of them stay, however old */
#define POLICY_ID "EffcTlsOnly"
#define RULE_ID "effc-old-versions"

static bool find_bucket(struct boot *b, struct error *err)
{
	struct reply reply;

	if (!boot_ask(b, "s3", "HeadBucket", value_map(), NULL, &reply, err) &&
	    reply.status != 404) {
		if (reply.status == 403)
			return error_set(err, ERROR_AWS,
					 "the bucket '%.*s' is there, and is not account %.*s's or "
					 "may not be looked at: names of buckets are unique in the "
					 "world, so take another",
					 STR_ARG(b->place.bucket), STR_ARG(b->place.owner));
		if (reply.status == 301 || reply.status == 400)
			return error_set(
				err, ERROR_AWS,
				"the bucket '%.*s' is not in %.*s: say its region, state = "
				"{ url = \"s3://...\", region = \"...\" }",
				STR_ARG(b->place.bucket), STR_ARG(b->place.scope.region));
		return false;
	}
	b->is_new = reply.status == 404;
	return true;
}

static void make_bucket(struct boot *b)
{
	struct str region = b->place.scope.region;
	struct value input = value_map();

	if (!str_equal_c(region, "us-east-1"))
		input = boot_value(
			b, "{\"CreateBucketConfiguration\":{\"LocationConstraint\":\"%.*s\"}}",
			STR_ARG(region));
	boot_step(b, STR("make the bucket"), "s3", "CreateBucket", input);
}

static bool keep_versions(struct boot *b, struct error *err)
{
	struct reply reply = { 0 };

	if (!b->is_new && !boot_ask(b, "s3", "GetBucketVersioning", value_map(), NULL, &reply, err))
		return false;
	if (!b->is_new && str_equal_c(value_get_str(&reply.body, "Status"), "Enabled"))
		return true;
	boot_step(b, STR("keep the versions of its objects"), "s3", "PutBucketVersioning",
		  boot_value(b, "{\"VersioningConfiguration\":{\"Status\":\"Enabled\"}}"));
	return true;
}

static bool is_closed(const struct reply *reply)
{
	static const char *const names[] = { "BlockPublicAcls", "IgnorePublicAcls",
					     "BlockPublicPolicy", "RestrictPublicBuckets" };
	const struct value *all = value_get_c(&reply->body, "PublicAccessBlockConfiguration");

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const struct value *v =
			all && all->kind == VALUE_MAP ? value_get_c(all, names[i]) : NULL;

		if (!v || v->kind != VALUE_BOOL || !v->boolean)
			return false;
	}
	return true;
}

static bool close_to_public(struct boot *b, struct error *err)
{
	struct reply reply = { 0 };

	if (!b->is_new && !boot_ask(b, "s3", "GetPublicAccessBlock", value_map(),
				    "NoSuchPublicAccessBlockConfiguration", &reply, err))
		return false;
	if (!b->is_new && reply.class == REPLY_OK && is_closed(&reply))
		return true;
	boot_step(b, STR("close it to the public"), "s3", "PutPublicAccessBlock",
		  boot_value(b, "{\"PublicAccessBlockConfiguration\":{\"BlockPublicAcls\":true,"
				"\"IgnorePublicAcls\":true,\"BlockPublicPolicy\":true,"
				"\"RestrictPublicBuckets\":true}}"));
	return true;
}

/* Encrypted otherwise is encrypted as well, but for a key that the spec names. */
static bool encrypt(struct boot *b, struct error *err)
{
	struct str key = b->place.kms_key;
	struct reply reply = { 0 };
	struct value input;

	if (!b->is_new && !boot_ask(b, "s3", "GetBucketEncryption", value_map(),
				    "ServerSideEncryptionConfigurationNotFoundError", &reply, err))
		return false;
	if (!b->is_new && reply.class == REPLY_OK &&
	    (!key.length || str_contains(json_text(&b->run->arena, &reply.body), key)))
		return true;
	input = boot_value(
		b,
		"{\"ServerSideEncryptionConfiguration\":{\"Rules\":[{"
		"\"ApplyServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"%s\"%s%.*s%s},"
		"\"BucketKeyEnabled\":%s}]}}",
		key.length ? "aws:kms" : "AES256", key.length ? ",\"KMSMasterKeyID\":\"" : "",
		STR_ARG(key), key.length ? "\"" : "", key.length ? "true" : "false");
	boot_step(b,
		  key.length ? STR("encrypt it with the key that the spec names") :
			       STR("encrypt what is in it"),
		  "s3", "PutBucketEncryption", input);
	return true;
}

/* ---- what may hold statements of others, too ---- */

static bool has_id(const struct value *list, const char *key, const char *id)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.count; i++)
		if (list->list.items[i].kind == VALUE_MAP &&
		    str_equal_c(value_get_str(&list->list.items[i], key), id))
			return true;
	return false;
}

static struct value list_with(struct boot *b, const struct value *list, struct value item)
{
	struct value out = value_list(NULL, 0);

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.count; i++)
		value_append(&b->run->arena, &out, list->list.items[i]);
	value_append(&b->run->arena, &out, item);
	return out;
}

static bool ask_tls(struct boot *b, struct error *err)
{
	struct arena *a = &b->run->arena;
	struct value policy = boot_value(b, "{\"Version\":\"2012-10-17\"}"), statement;
	struct value input = value_map();
	struct reply reply = { 0 };

	if (!b->is_new &&
	    !boot_ask(b, "s3", "GetBucketPolicy", value_map(), "NoSuchBucketPolicy", &reply, err))
		return false;
	if (!b->is_new && reply.class == REPLY_OK &&
	    (!json_parse(a, value_get_str(&reply.body, "Policy"), SPAN_NOWHERE, &policy, err) ||
	     policy.kind != VALUE_MAP))
		return error_context(err, "the policy of the bucket");
	if (has_id(value_get_c(&policy, "Statement"), "Sid", POLICY_ID))
		return true;
	statement = boot_value(b,
			       "{\"Sid\":\"" POLICY_ID "\",\"Effect\":\"Deny\",\"Principal\":\"*\","
			       "\"Action\":\"s3:*\",\"Resource\":[\"arn:%.*s:s3:::%.*s\","
			       "\"arn:%.*s:s3:::%.*s/*\"],\"Condition\":{\"Bool\":"
			       "{\"aws:SecureTransport\":\"false\"}}}",
			       STR_ARG(b->place.scope.partition), STR_ARG(b->place.bucket),
			       STR_ARG(b->place.scope.partition), STR_ARG(b->place.bucket));
	value_set(a, &policy, STR("Statement"),
		  list_with(b, value_get_c(&policy, "Statement"), statement));
	value_set(a, &input, STR("Policy"), value_string(json_text(a, &policy)));
	boot_step(b, STR("refuse what comes without TLS"), "s3", "PutBucketPolicy", input);
	return true;
}

static bool forget_old(struct boot *b, struct error *err)
{
	struct arena *a = &b->run->arena;
	struct value input = value_map(), all = value_map(), rule;
	struct reply reply = { 0 };

	if (!b->is_new && !boot_ask(b, "s3", "GetBucketLifecycleConfiguration", value_map(),
				    "NoSuchLifecycleConfiguration", &reply, err))
		return false;
	if (has_id(value_get_c(&reply.body, "Rules"), "ID", RULE_ID))
		return true;
	rule = boot_value(b,
			  "{\"ID\":\"" RULE_ID "\",\"Status\":\"Enabled\",\"Filter\":{\"Prefix\":"
			  "\"\"},\"NoncurrentVersionExpiration\":{\"NoncurrentDays\":%d,"
			  "\"NewerNoncurrentVersions\":%d},\"AbortIncompleteMultipartUpload\":"
			  "{\"DaysAfterInitiation\":7}}",
			  OLD_DAYS, OLD_KEPT);
	value_set(a, &all, STR("Rules"), list_with(b, value_get_c(&reply.body, "Rules"), rule));
	value_set(a, &input, STR("LifecycleConfiguration"), all);
	boot_step(b,
		  str_format(a,
			     "forget versions that are older than %d days, but for the last %d "
			     "of each object",
			     OLD_DAYS, OLD_KEPT),
		  "s3", "PutBucketLifecycleConfiguration", input);
	return true;
}

bool boot_bucket(struct boot *b, struct error *err)
{
	if (!find_bucket(b, err))
		return false;
	if (b->is_new)
		make_bucket(b);
	return keep_versions(b, err) && close_to_public(b, err) && encrypt(b, err) &&
	       ask_tls(b, err) && forget_old(b, err);
}
