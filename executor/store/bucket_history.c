#include "bucket.h"
#include "history.h"

#define ENDING ".json"

/* The versions of a state, an object each, beside what the bucket keeps of its own. */

static struct str version_key(struct bucket *s, struct arena *a, struct str id)
{
	return str_format(a, "%.*shistory/%.*s" ENDING, STR_ARG(s->place.folder), STR_ARG(id));
}

/* What has another name is not ours, and left alone. */
static void add_object(struct bucket *s, struct arena *a, const struct value *object,
		       struct version_vec *out)
{
	struct str prefix = bucket_key(s, a, "history/"), key = value_get_str(object, "Key"), name;
	const struct value *when = value_get_c(object, "LastModified");
	const struct value *size = value_get_c(object, "Size");
	struct version version;

	if (!str_starts(key, prefix) || !str_ends(key, STR(ENDING)))
		return;
	name = str_slice(key, prefix.length, key.length - (sizeof(ENDING) - 1));
	if (!version_parse(str_copy(a, name), &version))
		return;
	if (when && when->kind == VALUE_INT)
		version.wall_ms = when->integer * 1000;
	if (size && size->kind == VALUE_INT && size->integer > 0)
		version.bytes = (uint64_t)size->integer;
	*vec_push(a, out) = version;
}

static bool list_page(struct bucket *s, struct arena *a, struct str *token, struct version_vec *out,
		      struct error *err)
{
	struct value input = bucket_input(s, a, (struct str){ 0 });
	const struct value *objects;
	struct reply reply;
	struct call call;

	value_set(a, &input, STR("Prefix"), value_string(bucket_key(s, a, "history/")));
	if (token->length)
		value_set(a, &input, STR("ContinuationToken"), value_string(*token));
	call = bucket_call(s, OBJECTS_LIST, input);
	if (!bucket_exchange(s, a, &call, &reply, NULL, err))
		return false;
	if (reply.class != REPLY_OK)
		return bucket_refused(s, &call, &reply, err);
	objects = value_get_c(&reply.body, "Contents");
	for (size_t i = 0; objects && objects->kind == VALUE_LIST && i < objects->list.count; i++)
		add_object(s, a, &objects->list.items[i], out);
	*token = value_get_str(&reply.body, "NextContinuationToken");
	return true;
}

bool bucket_history(void *context, struct arena *a, struct version_vec *out, struct error *err)
{
	struct str token = { 0 };

	*out = (struct version_vec){ 0 };
	do {
		if (!list_page(context, a, &token, out, err))
			return false;
	} while (token.length);
	versions_sort(out);
	return true;
}

static void forget_oldest(struct bucket *s, struct arena *a)
{
	struct version_vec all;

	if (!bucket_history(s, a, &all, NULL))
		return;
	for (size_t i = versions_kept(&all); i < all.count; i++)
		bucket_delete(s, version_key(s, a, all.items[i].id), (struct str){ 0 });
}

bool bucket_keep(void *context, const struct state *state, const struct document_note *note,
		 struct error *err)
{
	struct bucket *s = context;
	struct arena scratch;
	enum bucket_put result;
	struct str etag, key;

	CHECK(!s->read_only && s->locked);
	arena_init(&scratch);
	key = version_key(s, &scratch, version_id(&scratch, state->serial, state->lineage));
	result = bucket_put(s, key, document_write(&scratch, state, note), (struct str){ 0 }, &etag,
			    NULL, err);
	if (result == BUCKET_PUT_OTHER)
		error_set(err, ERROR_REFUSED, "there is another version '%.*s' already",
			  STR_ARG(key));
	if (result == BUCKET_PUT)
		forget_oldest(s, &scratch);
	arena_release(&scratch);
	return result == BUCKET_PUT || error_context(err, "the history");
}

bool bucket_load_version(void *context, struct arena *a, struct str id, bool head,
			 struct state_document *out, struct error *err)
{
	struct bucket *s = context;
	struct bucket_object object;
	struct version said;
	struct str key;

	if (!version_parse(id, &said))
		return error_set(err, ERROR_IO, "'%.*s' is no version of the history", STR_ARG(id));
	key = version_key(s, a, id);
	if (!bucket_get(s, a, key, &object, err))
		return false;
	if (!object.found)
		return error_set(err, ERROR_IO, "there is no version '%.*s'", STR_ARG(key));
	if (head ? !document_read_head(a, object.text, key, out, err) :
		   !document_read(a, object.text, key, out, err))
		return false;
	return (out->state.serial == said.serial && str_starts(out->state.lineage, said.lineage)) ||
	       error_set(err, ERROR_CORRUPT,
			 "the state '%.*s' is damaged: it is another version "
			 "under this one's name",
			 STR_ARG(key));
}

/* ---- restoring ---- */

/* Under a name of its own: it may be all that is left of something. */
static bool put_aside(struct bucket *s, struct arena *a, const struct bucket_object *there,
		      struct error *err)
{
	struct str key = str_format(a, "%.*sdamaged/%.*s" ENDING, STR_ARG(s->place.folder),
				    STR_ARG(s->lease.token));
	struct state_document document;
	struct str etag;

	if (!there->found || document_read(a, there->text, key, &document, NULL))
		return true;
	return bucket_put(s, key, there->text, (struct str){ 0 }, &etag, NULL, err) !=
	       BUCKET_PUT_FAILED;
}

static bool restore(struct bucket *s, struct arena *a, const struct state *state, struct error *err)
{
	struct bucket_object there, manifest;
	struct state_document document;
	struct str key = bucket_key(s, a, "state.json");

	if (!bucket_holds(s, err) || !bucket_get(s, a, key, &there, err) ||
	    !bucket_get(s, a, bucket_key(s, a, "manifest.json"), &manifest, err) ||
	    !put_aside(s, a, &there, err))
		return false;
	if (!document_read(&s->state_arena, document_write(&s->state_arena, state, NULL), key,
			   &document, err))
		return false;
	s->now = document.state;
	s->now.serial--;
	s->state_etag = str_copy(s->arena, there.etag);
	if (!bucket_commit(s, err))
		return false;
	/* Of an apply that goes on from another state: it counts for nothing now. */
	if (manifest.found)
		bucket_delete(s, bucket_key(s, a, "manifest.json"), manifest.etag);
	return true;
}

bool bucket_restore(void *context, const struct state *state, struct error *err)
{
	struct bucket *s = context;
	struct arena scratch;
	bool good;

	CHECK(!s->read_only && s->locked && state->serial > 1);
	arena_init(&scratch);
	good = restore(s, &scratch, state, err);
	arena_release(&scratch);
	return good;
}
