#include "base/trace.h"
#include "bucket.h"

#define PUT_TRIES 4

struct str bucket_key(struct bucket *s, struct arena *a, const char *name)
{
	return str_format(a, "%.*s%s", STR_ARG(s->place.folder), name);
}

struct str bucket_title(struct arena *a, const struct bucket_place *place)
{
	struct str folder = place->folder;

	if (str_ends(folder, STR("/")))
		folder.length--;
	return str_format(a, "s3://%.*s/%.*s", STR_ARG(place->bucket), STR_ARG(folder));
}

static void set_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	if (text.length)
		value_set(a, map, str_from_c(key), value_string(text));
}

struct value bucket_input(struct bucket *s, struct arena *a, struct str key)
{
	struct value v = value_map();

	set_text(a, &v, "Bucket", s->place.bucket);
	set_text(a, &v, "Key", key);
	set_text(a, &v, "ExpectedBucketOwner", s->place.owner);
	return v;
}

struct value bucket_put_input(struct bucket *s, struct arena *a, struct str key, struct str text,
			      struct str etag)
{
	struct value v = bucket_input(s, a, key);

	set_text(a, &v, "Body", text);
	set_text(a, &v, "ContentType", STR("application/json"));
	set_text(a, &v, "IfMatch", etag);
	if (!etag.length)
		set_text(a, &v, "IfNoneMatch", STR("*"));
	if (s->place.kms_key.length)
		set_text(a, &v, "ServerSideEncryption", STR("aws:kms"));
	set_text(a, &v, "SSEKMSKeyId", s->place.kms_key);
	return v;
}

struct call bucket_call(struct bucket *s, enum object_call kind, struct value input)
{
	static const char *const operations[] = {
		[OBJECT_GET] = "GetObject",
		[OBJECT_PUT] = "PutObject",
		[OBJECT_DELETE] = "DeleteObject",
		[OBJECTS_LIST] = "ListObjectsV2",
	};

	return (struct call){
		.service = STR("s3"),
		.operation = str_from_c(operations[kind]),
		.input = input,
		.scope = &s->place.scope,
	};
}

bool bucket_exchange(struct bucket *s, struct arena *a, const struct call *call, struct reply *out,
		     int64_t *sent_ms, struct error *err)
{
	return remote_exchange(&s->remote, a, call, out, sent_ms, err) ||
	       error_context(err, "the state '%.*s'", STR_ARG(s->title));
}

bool bucket_refused(struct bucket *s, const struct call *call, const struct reply *reply,
		    struct error *err)
{
	struct arena scratch;
	struct buf text;
	const char *help = "";

	arena_init(&scratch);
	buf_init(&text, &scratch);
	aws_describe(&text, call, reply);
	if (str_equal_c(reply->code, "NoSuchBucket"))
		help = "; 'effc bootstrap' makes the bucket";
	else if (reply->status == 301 || str_equal_c(reply->code, "PermanentRedirect") ||
		 str_equal_c(reply->code, "AuthorizationHeaderMalformed"))
		help = "; the bucket is in another region: [project] state takes a table with "
		       "'url' and 'region'";
	else if (reply->status == 403)
		help = "; the credentials may not do this, or the bucket is another account's "
		       "than [project] state says";
	error_set(err, reply->class == REPLY_LOST ? ERROR_NETWORK : ERROR_AWS,
		  "the state '%.*s': %.*s%s", STR_ARG(s->title), STR_ARG(buf_str(&text)), help);
	arena_release(&scratch);
	return false;
}

static bool read_object(struct bucket *s, const struct call *call, const struct reply *reply,
			struct bucket_object *out, struct error *err)
{
	*out = (struct bucket_object){ 0 };
	if (reply->status == 404 && !str_equal_c(reply->code, "NoSuchBucket"))
		return true;
	if (reply->class != REPLY_OK)
		return bucket_refused(s, call, reply, err);
	out->found = true;
	out->text = value_get_str(&reply->body, "Body");
	out->etag = value_get_str(&reply->body, "ETag");
	return out->etag.length || error_set(err, ERROR_PARSE,
					     "the state '%.*s': an object without "
					     "an etag",
					     STR_ARG(s->title));
}

bool bucket_get(struct bucket *s, struct arena *a, struct str key, struct bucket_object *out,
		struct error *err)
{
	struct call call = bucket_call(s, OBJECT_GET, bucket_input(s, a, key));
	struct reply reply;

	return bucket_exchange(s, a, &call, &reply, NULL, err) &&
	       read_object(s, &call, &reply, out, err);
}

bool bucket_get_all(struct bucket *s, struct arena *a, const struct str *keys, size_t count,
		    struct bucket_object *out, struct error *err)
{
	struct call *calls = arena_array(a, struct call, count);
	struct reply *replies = arena_array(a, struct reply, count);

	for (size_t i = 0; i < count; i++)
		calls[i] = bucket_call(s, OBJECT_GET, bucket_input(s, a, keys[i]));
	if (!remote_exchange_all(&s->remote, a, calls, count, replies, err))
		return error_context(err, "the state '%.*s'", STR_ARG(s->title));
	for (size_t i = 0; i < count; i++)
		if (!read_object(s, &calls[i], &replies[i], &out[i], err))
			return false;
	return true;
}

bool bucket_is_other(const struct reply *reply)
{
	return reply->status == 412 || reply->status == 409 ||
	       (reply->status == 404 && !str_equal_c(reply->code, "NoSuchBucket"));
}

/* What was refused or got no answer may have been done by an earlier try: the bytes tell. */
static enum bucket_put look_again(struct bucket *s, struct arena *a, struct str key,
				  struct str text, struct str etag, struct str *new_etag,
				  bool *again, struct error *err)
{
	struct bucket_object there;

	*again = false;
	if (!bucket_get(s, a, key, &there, err))
		return BUCKET_PUT_FAILED;
	if (there.found && str_equal(there.text, text)) {
		*new_etag = str_copy(s->arena, there.etag);
		return BUCKET_PUT;
	}
	*again = there.found ? str_equal(there.etag, etag) : !etag.length;
	return BUCKET_PUT_OTHER;
}

enum bucket_put bucket_put(struct bucket *s, struct str key, struct str text, struct str etag,
			   struct str *new_etag, int64_t *sent_ms, struct error *err)
{
	enum bucket_put result = BUCKET_PUT_FAILED;
	struct error why = { 0 };
	bool again = true;

	for (int i = 0; again && i < PUT_TRIES; i++) {
		struct arena scratch;
		struct reply reply;
		struct call call;

		arena_init(&scratch);
		call = bucket_call(s, OBJECT_PUT, bucket_put_input(s, &scratch, key, text, etag));
		again = false;
		if (!bucket_exchange(s, &scratch, &call, &reply, i ? NULL : sent_ms, &why)) {
			result = BUCKET_PUT_FAILED;
		} else if (reply.class == REPLY_OK) {
			*new_etag = str_copy(s->arena, value_get_str(&reply.body, "ETag"));
			result = BUCKET_PUT;
		} else if (bucket_is_other(&reply) || reply.class == REPLY_LOST) {
			result = look_again(s, &scratch, key, text, etag, new_etag, &again, &why);
			if (again)
				bucket_refused(s, &call, &reply, &why);
			if (again && i + 1 == PUT_TRIES)
				result = BUCKET_PUT_FAILED;
		} else {
			bucket_refused(s, &call, &reply, &why);
			result = BUCKET_PUT_FAILED;
		}
		arena_release(&scratch);
	}
	if (result == BUCKET_PUT_FAILED)
		error_set(err, why.kind, "%s", why.text);
	if (result == BUCKET_PUT && !new_etag->length) {
		error_set(err, ERROR_PARSE, "the service gave no etag for '%.*s'", STR_ARG(key));
		return BUCKET_PUT_FAILED;
	}
	return result;
}

static struct call delete_call(struct bucket *s, struct arena *a, struct str key, struct str etag)
{
	struct value input = bucket_input(s, a, key);

	set_text(a, &input, "IfMatch", etag);
	return bucket_call(s, OBJECT_DELETE, input);
}

void bucket_delete(struct bucket *s, struct str key, struct str etag)
{
	bucket_delete_all(s, &key, 1, etag);
}

void bucket_delete_all(struct bucket *s, const struct str *keys, size_t count, struct str etag)
{
	struct arena scratch;
	struct error ignored = { 0 };
	struct reply *replies;
	struct call *calls;

	arena_init(&scratch);
	calls = arena_array(&scratch, struct call, count);
	replies = arena_array(&scratch, struct reply, count);
	for (size_t i = 0; i < count; i++)
		calls[i] = delete_call(s, &scratch, keys[i], i ? (struct str){ 0 } : etag);
	if (!remote_exchange_all(&s->remote, &scratch, calls, count, replies, &ignored))
		trace(TRACE_JOURNAL, "what is done with was not removed: %s", ignored.text);
	arena_release(&scratch);
}
