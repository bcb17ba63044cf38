#include "fake_s3.h"
#include "store_fixture.h"

/*
 * What holds of every store: what is committed is loaded, one run writes at a time, one that
 * lost its lease writes no more, an intent that was durable outlives its run, the serial only
 * grows, and a version is what the state was.  The same tests over a file and over a bucket.
 */
enum { FILE_STORE, BUCKET_STORE, STORES };

struct home {
	int kind;
	struct store_place file;
	struct fake_s3 *s3;
	const struct clock *clock;
};

struct user {
	struct home *place;
	struct fake_run run;
	struct store *store;
	struct arena *arena;
	struct state state;
	struct error err;
	bool dead;
};

static void place_open(struct home *p, int kind)
{
	*p = (struct home){ .kind = kind };
	place_init(&p->file);
	p->s3 = fake_s3_new(1000000);
	p->clock = p->s3->clock;
}

static void place_close(struct home *p)
{
	fake_s3_free(p->s3);
	place_release(&p->file);
}

static void user_open(struct user *u, struct home *p, bool read_only)
{
	*u = (struct user){ .place = p };
	fake_run_open(&u->run, p->s3);
	u->arena = &u->run.arena;
	u->store = p->kind == BUCKET_STORE ?
			   fake_run_store(&u->run, read_only) :
			   store_sqlite(u->arena, p->file.path, read_only, NULL, &u->err);
	ck_assert_msg(u->store != NULL, "%s", u->err.text);
	u->run.session.store = u->store;
}

static void user_close(struct user *u)
{
	u->store->close(u->store->context);
	fake_run_close(&u->run);
}

/* Without letting anything go that it holds in a bucket; the kernel lets go of a file. */
static void user_die(struct user *u)
{
	u->run.door.dead = true;
	u->run.interrupted = 2;
	user_close(u);
}

static bool take(struct user *u)
{
	struct store *s = u->store;

	return s->lock(s->context, &test_owner, u->place->clock, &u->err) &&
	       s->load(s->context, u->arena, &u->state, &u->err) &&
	       (u->state.lineage.length ||
		(s->create(s->context, STR("shop"), STR("dev"), STR(LINEAGE), &u->err) &&
		 s->load(s->context, u->arena, &u->state, &u->err)));
}

static void must_take(struct user *u)
{
	ck_assert_msg(take(u), "%s", u->err.text);
}

static bool begin(struct user *u)
{
	struct store *s = u->store;
	uint64_t durable;

	return s->begin ? s->begin(s->context, &u->err) : s->poll(s->context, &durable, &u->err);
}

static bool finish(struct user *u)
{
	struct store *s = u->store;
	uint64_t durable;

	return s->finish ? s->finish(s->context, &u->err) : s->poll(s->context, &durable, &u->err);
}

static void put(struct user *u, const char *address, enum row_status status, bool sent)
{
	struct row *row = row_new(u->arena, address, 1);
	struct store_write w = { .put = row, .journal = STR("{\"what\":\"a test\"}") };

	row->status = status;
	row->sent = sent;
	u->store->submit(u->store->context, &w, 1);
}

static struct str seen(struct home *p, struct arena *a, struct state *state)
{
	struct user u;
	struct str text;

	user_open(&u, p, true);
	ck_assert_msg(u.store->load(u.store->context, a, state, &u.err), "%s", u.err.text);
	text = state_text(a, state);
	user_close(&u);
	return text;
}

START_TEST(what_is_committed_is_loaded) {
	struct value outputs = value_map();
	struct scope pin = { .account = STR("123456789012"), .region = STR("eu-west-1") };
	struct store_write last[2] = { { .remove = STR("b") },
				       { .outputs = &outputs, .pin = &pin } };
	struct arena a;
	struct home p;
	struct user u;
	struct state state;
	uint64_t durable;

	arena_init(&a);
	place_open(&p, _i);
	unit_str_eq(seen(&p, &a, &state), "   0 pin /\n{}");
	user_open(&u, &p, false);
	must_take(&u);
	put(&u, "b", ROW_CREATED, true);
	put(&u, "a/dlq", ROW_CREATED, true);
	ck_assert(u.store->poll(u.store->context, &durable, &u.err));
	put(&u, "a", ROW_CREATED, true);
	last[0].tombstone = (struct tombstone){ STR("b"), 7 };
	value_set(&a, &outputs, STR("url"), value_string(STR("https://x")));
	u.store->submit(u.store->context, last, 2);
	ck_assert(u.store->poll(u.store->context, &durable, &u.err));
	user_close(&u);
	seen(&p, &a, &state);
	ck_assert_uint_eq(state.serial, 3);
	ck_assert_uint_eq(state.row_count, 2);
	ck_assert_uint_eq(state.tombstones[0].generation, 7);
	unit_str_eq(state.pin.account, "123456789012");
	unit_str_eq(value_get_str(&state.outputs, "url"), "https://x");
	ck_assert(state_find(&state, STR("a/dlq")) && !state_find(&state, STR("b")));
	place_close(&p);
	arena_release(&a);
}
END_TEST

START_TEST(an_intent_outlives_its_run) {
	struct arena a;
	struct home p;
	struct user u;
	struct state state;
	const struct row *row;
	uint64_t serial;

	arena_init(&a);
	place_open(&p, _i);
	user_open(&u, &p, false);
	must_take(&u);
	put(&u, "q", ROW_CREATING, false);
	put(&u, "r", ROW_CREATING, false);
	ck_assert(begin(&u));
	put(&u, "q", ROW_CREATING, true);
	serial = u.state.serial;
	user_die(&u);
	user_open(&u, &p, false);
	must_take(&u);
	row = state_find(&u.state, STR("q"));
	ck_assert(row && row->status == ROW_CREATING);
	/* In a bucket what was begun is not known so soon: then all of it may have been. */
	ck_assert(p.kind == FILE_STORE || row->sent);
	ck_assert(state_find(&u.state, STR("r")));
	ck_assert_uint_gt(u.state.serial, serial);
	serial = u.state.serial;
	put(&u, "q", ROW_CREATED, true);
	put(&u, "r", ROW_CREATED, true);
	ck_assert(begin(&u) && finish(&u));
	user_close(&u);
	seen(&p, &a, &state);
	ck_assert_uint_gt(state.serial, serial);
	ck_assert_int_eq(state_find(&state, STR("r"))->status, ROW_CREATED);
	place_close(&p);
	arena_release(&a);
}
END_TEST

/* Its heart goes on while another looks. */
static void beat(void *context)
{
	struct user *u = context;

	u->place->clock->sleep_ms(u->place->clock->context, LEASE_BEAT_MS);
	ck_assert(session_tend(&u->run.session, &u->err));
}

START_TEST(one_writes_at_a_time) {
	struct home p;
	struct user first, second;
	struct arena a;
	struct state state;

	arena_init(&a);
	place_open(&p, _i);
	user_open(&first, &p, false);
	must_take(&first);
	put(&first, "q", ROW_CREATING, false);
	ck_assert(begin(&first));
	user_open(&second, &p, false);
	second.run.door.hook_at = 3;
	second.run.door.hook = beat;
	second.run.door.hook_context = &first;
	ck_assert(!take(&second));
	ck_assert_int_eq(second.err.kind, ERROR_REFUSED);
	ck_assert_msg(strstr(second.err.text, "is being changed by effc apply of a test on box "
					      "(process 7), since 1970-01-01 00:16:40 UTC"),
		      "%s", second.err.text);
	ck_assert(first.store->holds(first.store->context, &first.err));
	put(&first, "q", ROW_CREATED, true);
	ck_assert_msg(finish(&first), "%s", first.err.text);
	user_close(&first);
	second.run.door.hook_at = 0;
	must_take(&second);
	put(&second, "s", ROW_CREATED, true);
	ck_assert(begin(&second) && finish(&second));
	user_close(&second);
	seen(&p, &a, &state);
	ck_assert_uint_eq(state.row_count, 2);
	place_close(&p);
	arena_release(&a);
}
END_TEST

START_TEST(who_lost_it_writes_no_more) {
	struct home p;
	struct user first, second;
	struct arena a;
	struct state state;
	struct lease lease;
	struct str before;

	arena_init(&a);
	place_open(&p, _i);
	user_open(&first, &p, false);
	must_take(&first);
	put(&first, "q", ROW_CREATING, false);
	ck_assert(begin(&first));
	user_open(&second, &p, false);
	ck_assert(second.store->holder(second.store->context, second.arena, &lease, &second.err));
	ck_assert(lease.held && lease.epoch == 1 && lease.owner.pid == 7);
	ck_assert_msg(
		second.store->revoke(second.store->context, &test_owner, p.clock, &second.err),
		"%s", second.err.text);
	must_take(&second);
	put(&second, "r", ROW_CREATED, true);
	ck_assert(begin(&second) && finish(&second));
	before = seen(&p, &a, &state);
	p.clock->sleep_ms(p.clock->context, LEASE_BEATS * LEASE_BEAT_MS);
	ck_assert(!first.store->holds(first.store->context, &first.err));
	ck_assert_int_eq(first.err.kind, ERROR_REFUSED);
	put(&first, "q", ROW_CREATED, true);
	ck_assert(!finish(&first));
	user_close(&first);
	unit_str_eq(seen(&p, &a, &state), before.data);
	ck_assert(second.store->holder(second.store->context, second.arena, &lease, &second.err));
	ck_assert(lease.held && lease.epoch == 3);
	user_close(&second);
	place_close(&p);
	arena_release(&a);
}
END_TEST

START_TEST(a_version_is_what_the_state_was) {
	struct document_note note = { .wall_ms = 5, .who = STR("effc apply of ann") };
	struct state_document document;
	struct version_vec all;
	struct home p;
	struct user u;
	struct arena a;
	struct state state;

	arena_init(&a);
	place_open(&p, _i);
	user_open(&u, &p, false);
	must_take(&u);
	for (int i = 0; i < 3; i++) {
		put(&u, "q", i ? ROW_UPDATED : ROW_CREATED, true);
		ck_assert(begin(&u) && finish(&u));
		ck_assert(u.store->load(u.store->context, u.arena, &state, &u.err));
		ck_assert_uint_eq(u.store->serial(u.store->context), state.serial);
		ck_assert_msg(u.store->keep(u.store->context, &state, &note, &u.err), "%s",
			      u.err.text);
	}
	ck_assert(u.store->history(u.store->context, u.arena, &all, &u.err) && all.count == 3);
	ck_assert(u.store->load_version(u.store->context, u.arena, all.items[2].id, false,
					&document, &u.err));
	ck_assert_int_eq(state_find(&document.state, STR("q"))->status, ROW_CREATED);
	document.state.serial = state.serial + 1;
	ck_assert_msg(u.store->restore(u.store->context, &document.state, &u.err), "%s",
		      u.err.text);
	user_close(&u);
	seen(&p, &a, &state);
	ck_assert_int_eq(state_find(&state, STR("q"))->status, ROW_CREATED);
	ck_assert_uint_eq(state.serial, document.state.serial);
	place_close(&p);
	arena_release(&a);
}
END_TEST

/* ---- a wall clock that jumps ---- */

static int64_t jumping_wall(void *context)
{
	static unsigned calls;
	const struct clock *steady = context;

	/* Ahead a day and back: nothing but what people read may depend on it. */
	return steady->wall_ms(steady->context) + (calls++ % 2 ? 0 : 86400000);
}

static int64_t steady_now(void *context)
{
	const struct clock *steady = context;

	return steady->now_ms(steady->context);
}

static void steady_sleep(void *context, int64_t wait_ms)
{
	const struct clock *steady = context;

	steady->sleep_ms(steady->context, wait_ms);
}

START_TEST(a_wall_clock_that_jumps_changes_nothing) {
	struct clock jumping = { .now_ms = steady_now,
				 .wall_ms = jumping_wall,
				 .sleep_ms = steady_sleep };
	union {
		const struct clock *from;
		void *to;
	} context;
	struct home p;
	struct user first, second;
	int64_t began_ms;

	place_open(&p, _i);
	context.from = p.clock;
	jumping.context = context.to;
	p.clock = &jumping;
	user_open(&first, &p, false);
	must_take(&first);
	for (int i = 0; i < 6; i++) {
		jumping.sleep_ms(jumping.context, LEASE_BEAT_MS / 2);
		ck_assert_msg(session_tend(&first.run.session, &first.err), "%s", first.err.text);
		ck_assert(first.store->holds(first.store->context, &first.err));
	}
	user_open(&second, &p, false);
	second.run.door.hook_at = 3;
	second.run.door.hook = beat;
	second.run.door.hook_context = &first;
	ck_assert(!take(&second));
	user_die(&first);
	/* Dead: taken over, by our own clock, not before the time of three beats. */
	began_ms = jumping.now_ms(jumping.context);
	must_take(&second);
	if (p.kind == BUCKET_STORE)
		ck_assert_int_ge(jumping.now_ms(jumping.context) - began_ms,
				 LEASE_BEATS * LEASE_BEAT_MS);
	user_close(&second);
	place_close(&p);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, what_is_committed_is_loaded, 0, STORES);
	tcase_add_loop_test(tc, an_intent_outlives_its_run, 0, STORES);
	tcase_add_loop_test(tc, one_writes_at_a_time, 0, STORES);
	tcase_add_loop_test(tc, who_lost_it_writes_no_more, 0, STORES);
	tcase_add_loop_test(tc, a_version_is_what_the_state_was, 0, STORES);
	tcase_add_loop_test(tc, a_wall_clock_that_jumps_changes_nothing, 0, STORES);
}

int main(void)
{
	return unit_run("both stores", fill);
}
