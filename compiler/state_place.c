#include <string.h>

#include "build.h"
#include "compiler.h"

/*
 * Where the state lives: "s3://bucket/prefix", or a table where the bucket is in another
 * region or account than one would think.
 */
#define SCHEME "s3://"
#define PREFIX_MOST 400

static bool is_bucket(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char ch = s.data[i];
		bool plain = (ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9');

		if (!plain && (i == 0 || i + 1 == s.length || (ch != '-' && ch != '.')))
			return false;
	}
	return s.length >= 3 && s.length <= 63;
}

static bool is_prefix(struct str s)
{
	struct str rest = s, part;

	if (s.length > PREFIX_MOST || str_ends(s, STR("/")))
		return false;
	while (s.length && str_split(&rest, '/', &part)) {
		if (!part.length || str_equal_c(part, ".") || str_equal_c(part, ".."))
			return false;
		for (size_t i = 0; i < part.length; i++) {
			char ch = part.data[i];

			if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') &&
			    !(ch >= '0' && ch <= '9') && ch != '-' && ch != '_' && ch != '.' &&
			    ch != '=')
				return false;
		}
	}
	return true;
}

/* "s3://bucket/a/b/" -> bucket, "a/b" */
static bool split_url(struct str url, struct str *bucket, struct str *prefix)
{
	struct str rest = str_slice(url, sizeof(SCHEME) - 1, url.length);

	if (!str_starts(url, STR(SCHEME)))
		return false;
	*bucket = str_slice(rest, 0, str_index(rest, '/'));
	*prefix = str_slice(rest, bucket->length + 1, rest.length);
	if (str_ends(*prefix, STR("/")))
		prefix->length--;
	return is_bucket(*bucket) && is_prefix(*prefix);
}

static bool url_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	struct str bucket, prefix;

	(void)where;
	if (v->kind == VALUE_STRING && split_url(v->string, &bucket, &prefix))
		return true;
	diag_error(c->d, v->span, "E0355 '%.*s' is no place for the state",
		   STR_ARG(v->kind == VALUE_STRING ? v->string : (struct str){ 0 }));
	diag_help(c->d, "a bucket and, if you like, a folder: \"s3://my-bucket/effc\"");
	return false;
}

static bool kms_key_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	bool good = v->kind == VALUE_STRING && v->string.length && v->string.length <= 512;

	(void)where;
	for (size_t i = 0; good && i < v->string.length; i++) {
		char ch = v->string.data[i];

		good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		       (ch >= '0' && ch <= '9') || strchr("-_:/", ch);
	}
	if (good)
		return true;
	diag_error(c->d, v->span, "E0355 '%.*s' is no key of KMS",
		   STR_ARG(v->kind == VALUE_STRING ? v->string : (struct str){ 0 }));
	diag_help(c->d, "write its ARN");
	return false;
}

static const struct key place_items[] = {
	{ .name = "url", .kind = KEY_TEXT, .required = true, .check = url_is_valid },
	{ .name = "region", .kind = KEY_TEXT, .check = region_is_valid },
	{ .name = "owner", .kind = KEY_ANY, .check = account_is_valid },
	{ .name = "kms_key", .kind = KEY_TEXT, .check = kms_key_is_valid },
};
static const struct key_set place_keys = KEY_SET(place_items);

bool state_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	const struct key_set *const sets[] = { &place_keys, NULL };

	if (v->kind != VALUE_MAP)
		return url_is_valid(c, v, where);
	return keys_check(c, v, v->span, STR("'state'"), sets, true);
}

void state_read(struct compiler *c, const struct value *project)
{
	const struct value *v = config_get(&c->settings, "state");
	struct state_place *out = &c->model->state;
	struct str url;

	if (!v)
		v = config_get(project, "state");
	if (!v || (v->kind != VALUE_STRING && v->kind != VALUE_MAP))
		return;
	url = v->kind == VALUE_STRING ? v->string : config_text(v, "url", "");
	if (!split_url(url, &out->bucket, &out->prefix)) {
		*out = (struct state_place){ 0 };
		return;
	}
	out->region = v->kind == VALUE_MAP ? config_text(v, "region", "") : (struct str){ 0 };
	if (!out->region.length)
		out->region = c->home_region;
	if (v->kind != VALUE_MAP)
		return;
	out->owner = config_text(v, "owner", "");
	out->kms_key = config_text(v, "kms_key", "");
}
