#include "bucket.h"

/*
 * The manifest is read before the state: a state that an apply puts meanwhile has a later
 * serial, and then the manifest is seen to be done with.
 */
struct reading {
	struct bucket *s;
	struct arena *a;
	struct bucket_object manifest_object, state_object;
	struct batch manifest;
	bool live;			/* there is a manifest that goes on from this state */
	uint64_t segments;		/* that are there */
};

struct str bucket_segment_key(struct bucket *s, struct arena *a, struct str run, uint64_t number)
{
	return str_format(a, "%.*sjournal/%.*s/%llu.json", STR_ARG(s->place.folder), STR_ARG(run),
			  (unsigned long long)number);
}

/* A token is hexadecimal, so that it is a part of a key and nothing else. */
static bool is_token(struct str run)
{
	for (size_t i = 0; i < run.length; i++) {
		char c = run.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return run.length > 0 && run.length <= 64;
}

static bool read_manifest(struct reading *r, struct error *err)
{
	struct str key = bucket_key(r->s, r->a, "manifest.json");

	if (!bucket_get(r->s, r->a, key, &r->manifest_object, err))
		return false;
	if (!r->manifest_object.found)
		return true;
	if (!batch_read(r->a, r->manifest_object.text, key, &r->manifest, err))
		return false;
	if (r->manifest.number || !is_token(r->manifest.run))
		return error_set(err, ERROR_CORRUPT, "'%.*s' is no manifest", STR_ARG(key));
	return true;
}

static bool read_state(struct reading *r, struct error *err)
{
	struct bucket *s = r->s;
	struct str key = bucket_key(s, r->a, "state.json");
	struct state_document document;

	s->now = (struct state){ .outputs = value_map() };
	s->state_etag = (struct str){ 0 };
	if (!bucket_get(s, r->a, key, &r->state_object, err))
		return false;
	if (!r->state_object.found)
		return !r->manifest_object.found ||
		       error_set(err, ERROR_CORRUPT,
				 "the state '%.*s' is gone, but its manifest is there: an older "
				 "version of state.json is in the bucket, if that is versioned",
				 STR_ARG(s->title));
	arena_release(&s->state_arena);
	arena_init(&s->state_arena);
	/* It stays as long as what is read of it. */
	if (!document_read(&s->state_arena, str_copy(&s->state_arena, r->state_object.text), key,
			   &document, err))
		return false;
	s->now = document.state;
	s->state_etag = str_copy(s->arena, r->state_object.etag);
	return true;
}

/* A state that is older than what its manifest goes on from was put back by hand. */
static bool judge_manifest(struct reading *r, struct error *err)
{
	const struct batch *m = &r->manifest;
	const struct state *now = &r->s->now;

	if (!r->manifest_object.found)
		return true;
	r->live = m->base == now->serial && str_equal(m->lineage, now->lineage);
	if (r->live || m->base < now->serial)
		return true;
	return error_set(err, ERROR_CORRUPT,
			 "the state '%.*s' is version %llu, but an apply goes on from version "
			 "%llu: an older copy was put back. Put back version %llu, or remove "
			 "manifest.json beside it if that apply does not count",
			 STR_ARG(r->s->title), (unsigned long long)now->serial,
			 (unsigned long long)m->base, (unsigned long long)m->base);
}

static bool apply_batch(struct reading *r, const struct batch *b, struct str name,
			struct error *err)
{
	struct bucket *s = r->s;

	for (size_t i = 0; i < b->writes.count; i++)
		if (!write_apply(&s->state_arena, b->writes.items[i], b->number == 0, &s->now, err))
			return error_context(err, "'%.*s'", STR_ARG(name));
	s->after = str_copy(s->arena, b->digest);
	return true;
}

static bool read_segment(struct reading *r, const struct bucket_object *object, struct str key,
			 struct error *err)
{
	struct bucket *s = r->s;
	struct arena scratch;
	struct batch b;
	bool good;

	arena_init(&scratch);
	good = batch_read(&scratch, object->text, key, &b, err) &&
	       ((b.number == r->segments + 1 && str_equal(b.run, r->manifest.run) &&
		 str_equal(b.after, s->after)) ||
		error_set(err, ERROR_CORRUPT, "'%.*s' does not follow the one before",
			  STR_ARG(key))) &&
	       apply_batch(r, &b, key, err);
	arena_release(&scratch);
	return good;
}

/* Some at once; *more: all of them were there. */
static bool read_segments(struct reading *r, bool *more, struct error *err)
{
	struct bucket_object objects[SEGMENTS_AT_ONCE];
	struct str keys[SEGMENTS_AT_ONCE];
	struct arena scratch;
	bool good;

	arena_init(&scratch);
	for (size_t i = 0; i < SEGMENTS_AT_ONCE; i++)
		keys[i] = bucket_segment_key(r->s, &scratch, r->manifest.run, r->segments + 1 + i);
	good = bucket_get_all(r->s, &scratch, keys, SEGMENTS_AT_ONCE, objects, err);
	*more = good;
	for (size_t i = 0; good && *more && i < SEGMENTS_AT_ONCE; i++) {
		*more = objects[i].found;
		good = !*more || read_segment(r, &objects[i], keys[i], err);
		r->segments += good && *more;
	}
	arena_release(&scratch);
	return good;
}

static bool replay(struct reading *r, struct error *err)
{
	bool more = true;

	if (!r->live)
		return true;
	if (!apply_batch(r, &r->manifest, STR("manifest.json"), err))
		return false;
	while (more)
		if (!read_segments(r, &more, err))
			return false;
	return true;
}

/*
 * Who holds the lease puts together what is left of a run that died, and puts the state of
 * one that may live anew: then whatever that one still writes counts for nothing.
 */
static bool settle(struct reading *r, struct error *err)
{
	struct bucket *s = r->s;

	if (!s->locked || s->applying)
		return true;
	if (r->state_object.found && (r->live || s->taken_over) && !bucket_commit(s, err))
		return false;
	if (r->manifest_object.found)
		bucket_clear(s, r->manifest.run, r->segments, r->manifest_object.etag);
	s->taken_over = false;
	return true;
}

static bool load_now(struct bucket *s, struct arena *a, struct error *err)
{
	struct reading r = { .s = s, .a = a };

	return read_manifest(&r, err) && read_state(&r, err) && judge_manifest(&r, err) &&
	       replay(&r, err) && settle(&r, err);
}

bool bucket_load(void *context, struct arena *a, struct state *out, struct error *err)
{
	struct bucket *s = context;
	struct state_document document;
	struct arena scratch;
	bool good;

	*out = (struct state){ .outputs = value_map() };
	arena_init(&scratch);
	good = load_now(s, &scratch, err);
	arena_release(&scratch);
	if (!good || !s->now.lineage.length)
		return good;
	if (!document_read(a, document_write(a, &s->now, NULL), s->title, &document, err))
		return false;
	*out = document.state;
	return true;
}
