#include "bucket.h"

static uint64_t serial(void *context)
{
	const struct bucket *s = context;

	return s->now.serial;
}

static void close_store(void *context)
{
	struct bucket *s = context;

	bucket_unlock(s);
	if (s->beat.busy)
		s->remote.cancel(s->remote.context, &s->beat.call);
	if (s->upload.busy)
		s->remote.cancel(s->remote.context, &s->upload.call);
	arena_release(&s->beat.arena);
	arena_release(&s->upload.arena);
	arena_release(&s->lines_arena);
	arena_release(&s->state_arena);
}

struct store *store_bucket(struct arena *a, const struct remote *remote,
			   const struct bucket_place *place, const struct clock *clock,
			   const struct random *random, bool read_only)
{
	struct bucket *s = arena_new(a, struct bucket);

	*s = (struct bucket){
		.arena = a,
		.remote = *remote,
		.place = *place,
		.clock = clock,
		.random = random,
		.read_only = read_only,
		.now = { .outputs = value_map() },
	};
	s->title = bucket_title(a, place);
	s->store = (struct store){
		.context = s,
		.load = bucket_load,
		.create = bucket_create,
		.lock = bucket_lock,
		.unlock = bucket_unlock,
		.holder = bucket_holder,
		.revoke = bucket_revoke,
		.tend = bucket_tend,
		.holds = bucket_holds,
		.submit = bucket_submit,
		.poll = bucket_poll,
		.begin = bucket_begin,
		.finish = bucket_finish,
		.close = close_store,
		.serial = serial,
		.keep = bucket_keep,
		.history = bucket_history,
		.load_version = bucket_load_version,
		.restore = bucket_restore,
	};
	arena_init(&s->beat.arena);
	arena_init(&s->upload.arena);
	arena_init(&s->lines_arena);
	arena_init(&s->state_arena);
	return &s->store;
}
