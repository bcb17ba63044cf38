#include "fake_s3.h"
#include "store_fixture.h"

/*
 * The store in S3, against a bucket in memory: what is written is read, one run writes at a
 * time, and whatever fails, dies or comes too late at any request, nothing is lost that a run
 * was told is durable, and nobody who lost the lease writes.
 */
#define ROWS 3
#define LINES 70 /* more than a segment has */

struct life {
	struct fake_run run;
	struct store *store;
	struct state state;
	struct error err;
	const char *name;		/* of its rows */
	bool begun;			/* the intent is durable */
	uint64_t serial;		/* when it ended well */
};

static void life_open(struct life *l, struct fake_s3 *f, const char *name)
{
	*l = (struct life){ .name = name };
	fake_run_open(&l->run, f);
	l->store = fake_run_store(&l->run, false);
	l->run.session.store = l->store;
}

static void life_close(struct life *l)
{
	l->store->close(l->store->context);
	fake_run_close(&l->run);
}

static struct row *life_row(struct life *l, int number, enum row_status status)
{
	struct arena *a = &l->run.arena;
	struct row *row = row_new(a, str_format(a, "%s%d", l->name, number).data, number);

	row->status = status;
	return row;
}

static void put(struct life *l, struct row *row, const char *journal)
{
	/* As an apply does: before it sends a call, it says so. */
	row->sent = l->begun;
	struct store_write w = { .put = row, .journal = str_from_c(journal) };

	l->store->submit(l->store->context, &w, 1);
}

static bool take(struct life *l)
{
	struct store *s = l->store;

	return s->lock(s->context, &test_owner, l->run.session.clock, &l->err) &&
	       s->load(s->context, &l->run.arena, &l->state, &l->err) &&
	       (l->state.lineage.length ||
		(s->create(s->context, STR("shop"), STR("dev"), STR(LINEAGE), &l->err) &&
		 s->load(s->context, &l->run.arena, &l->state, &l->err)));
}

/* A turn of the loop, a second later. */
static bool turn(struct life *l)
{
	const struct clock *clock = l->run.session.clock;
	int64_t wake_ms;

	clock->sleep_ms(clock->context, 1000);
	return l->store->tend(l->store->context, &wake_ms, &l->err) &&
	       l->store->holds(l->store->context, &l->err);
}

static bool apply(struct life *l)
{
	struct store *s = l->store;
	struct value outputs = value_map();
	struct store_write w = { .outputs = &outputs };

	for (int i = 0; i < ROWS; i++)
		put(l, life_row(l, i, ROW_CREATING), "{\"what\":\"intent\"}");
	if (!s->begin(s->context, &l->err))
		return false;
	/* Nothing is sent by who does not hold the lease. */
	if (!s->holds(s->context, &l->err))
		return false;
	l->begun = true;
	for (int i = 0; i < ROWS; i++) {
		for (int k = 0; k < LINES / ROWS; k++)
			put(l, life_row(l, i, ROW_CREATING), "{\"what\":\"begin\"}");
		put(l, life_row(l, i, ROW_CREATED), "{\"what\":\"done\"}");
		for (int k = 0; k < 5; k++)
			if (!turn(l))
				return false;
	}
	value_set(&l->run.arena, &outputs, str_from_c(l->name), value_int(1));
	s->submit(s->context, &w, 1);
	if (!s->finish(s->context, &l->err))
		return false;
	l->serial = s->serial(s->context);
	return true;
}

static bool live(struct life *l)
{
	return take(l) && apply(l);
}

/* What a reader sees: "error: ..." if it cannot. */
static struct str seen(struct fake_s3 *f, struct arena *a, struct state *state)
{
	struct fake_run run;
	struct error err = { 0 };
	struct store *s;
	struct str text;

	fake_run_open(&run, f);
	s = fake_run_store(&run, true);
	text = s->load(s->context, a, state, &err) ? state_text(a, state) :
						     str_format(a, "error: %s", err.text);
	s->close(s->context);
	fake_run_close(&run);
	return text;
}

static const struct row *row_of(const struct state *s, const char *name, int number)
{
	char address[16];

	snprintf(address, sizeof(address), "%s%d", name, number);
	return state_find(s, str_from_c(address));
}

START_TEST(what_an_apply_leaves) {
	struct fake_s3 *f = fake_s3_new(1000000);
	struct state state;
	struct life l;

	unit_str_eq(seen(f, &f->arena, &state), "   0 pin /\n{}");
	life_open(&l, f, "a");
	ck_assert_msg(live(&l), "%s", l.err.text);
	life_close(&l);
	seen(f, &f->arena, &state);
	ck_assert_uint_eq(state.row_count, ROWS);
	ck_assert_uint_eq(state.serial, l.serial);
	ck_assert_int_eq(row_of(&state, "a", 2)->status, ROW_CREATED);
	/* Nothing but the state and a lease that nobody holds. */
	ck_assert_uint_eq(fake_s3_count(f, ""), 2);
	ck_assert(str_contains(fake_s3_text(f, "lease.json"), STR("\"held\":false")));
	fake_s3_free(f);
}
END_TEST

static void first_beats(void *context)
{
	ck_assert(turn(context));
}

START_TEST(a_second_run_is_refused_while_the_first_lives) {
	struct fake_s3 *f = fake_s3_new(1000000);
	struct life first, second;
	const struct clock *clock = f->clock;
	int64_t began_ms;

	life_open(&first, f, "a");
	ck_assert(take(&first));
	life_open(&second, f, "b");
	/* It beats while the second looks. */
	second.run.door.hook_at = 4;
	second.run.door.hook = first_beats;
	second.run.door.hook_context = &first;
	clock->sleep_ms(clock->context, LEASE_BEAT_MS);
	began_ms = clock->now_ms(clock->context);
	ck_assert(!take(&second));
	ck_assert_msg(strstr(second.err.text, "is being changed by effc apply of a test on box "
					      "(process 7), since 1970-01-01 00:16:40 UTC"),
		      "%s", second.err.text);
	ck_assert_int_lt(clock->now_ms(clock->context) - began_ms, LEASE_BEATS * LEASE_BEAT_MS);
	ck_assert_msg(apply(&first), "%s", first.err.text);
	life_close(&second);
	life_close(&first);
	fake_s3_free(f);
}
END_TEST

START_TEST(a_frozen_run_that_wakes_up_writes_nothing) {
	struct fake_s3 *f = fake_s3_new(1000000);
	const struct clock *clock = f->clock;
	struct life first, second;
	struct state state;
	struct str before;
	uint64_t durable;

	life_open(&first, f, "a");
	ck_assert(take(&first));
	for (int i = 0; i < ROWS; i++)
		put(&first, life_row(&first, i, ROW_CREATING), "");
	ck_assert(first.store->begin(first.store->context, &first.err));
	clock->sleep_ms(clock->context, 1000);
	life_open(&second, f, "b");
	ck_assert_msg(live(&second), "%s", second.err.text);
	before = seen(f, &f->arena, &state);
	/* Its intents came into the state, as what may have been sent. */
	ck_assert_uint_eq(state.row_count, 2 * ROWS);
	ck_assert(row_of(&state, "a", 1)->sent);
	ck_assert_int_eq(row_of(&state, "a", 1)->status, ROW_CREATING);

	ck_assert(!first.store->holds(first.store->context, &first.err));
	ck_assert_msg(strstr(first.err.text, "was taken from this run by effc apply of a test"),
		      "%s", first.err.text);
	put(&first, life_row(&first, 0, ROW_CREATED), "");
	ck_assert(!first.store->finish(first.store->context, &first.err));
	ck_assert(first.store->poll(first.store->context, &durable, &first.err));
	life_close(&first);
	unit_str_eq(seen(f, &f->arena, &state), before.data);
	life_close(&second);
	unit_str_eq(seen(f, &f->arena, &state), before.data);
	fake_s3_free(f);
}
END_TEST

START_TEST(a_broken_lease_is_lost) {
	struct fake_s3 *f = fake_s3_new(1000000);
	const struct clock *clock = f->clock;
	struct life first, second;
	struct state state;
	struct lease lease;

	life_open(&first, f, "a");
	ck_assert(take(&first));
	put(&first, life_row(&first, 0, ROW_CREATING), "");
	ck_assert(first.store->begin(first.store->context, &first.err));
	life_open(&second, f, "b");
	ck_assert(second.store->holder(second.store->context, &second.run.arena, &lease,
				       &second.err));
	ck_assert(lease.held && lease.epoch == 1);
	ck_assert_msg(second.store->revoke(second.store->context, &test_owner, clock, &second.err),
		      "%s", second.err.text);
	ck_assert(second.store->holder(second.store->context, &second.run.arena, &lease,
				       &second.err));
	ck_assert(!lease.held && lease.epoch == 2);
	/* Before its next beat it does not know; its state counts for nothing all the same. */
	put(&first, life_row(&first, 0, ROW_CREATED), "");
	ck_assert(!first.store->finish(first.store->context, &first.err));
	clock->sleep_ms(clock->context, 2 * LEASE_BEAT_MS);
	ck_assert(!first.store->holds(first.store->context, &first.err));
	seen(f, &f->arena, &state);
	ck_assert_int_eq(row_of(&state, "a", 0)->status, ROW_CREATING);
	ck_assert_msg(live(&second), "%s", second.err.text);
	life_close(&first);
	life_close(&second);
	fake_s3_free(f);
}
END_TEST

/* What could not be looked up is not sent before what it takes to look it up is durable. */
START_TEST(an_open_intent_is_waited_for)
{
	struct fake_s3 *f = fake_s3_new(1000000);
	struct store_write w[2] = { { 0 } };
	struct state state;
	struct life l;
	struct store *s;
	struct row *known;
	uint64_t durable = 0, ticket;

	life_open(&l, f, "a");
	ck_assert(take(&l));
	s = l.store;
	w[0].put = life_row(&l, 0, ROW_CREATING);
	w[1].put = life_row(&l, 1, ROW_CREATING);
	w[1].open = true;
	s->submit(s->context, w, 2);
	ck_assert(s->begin(s->context, &l.err) && s->poll(s->context, &durable, &l.err));
	l.begun = true;
	seen(f, &f->arena, &state);
	ck_assert(row_of(&state, "a", 0)->sent && !row_of(&state, "a", 1)->sent);
	put(&l, life_row(&l, 0, ROW_CREATING), "");
	w[0] = (struct store_write){ .put = life_row(&l, 0, ROW_CREATING) };
	ck_assert_uint_le(s->submit(s->context, w, 1), durable);
	known = life_row(&l, 1, ROW_CREATING);
	known->sent = true;
	w[1] = (struct store_write){ .put = known };
	ticket = s->submit(s->context, w + 1, 1);
	ck_assert(s->poll(s->context, &durable, &l.err));
	ck_assert_uint_gt(ticket, durable);
	for (int i = 0; i < 3 && durable < ticket; i++) {
		ck_assert(session_tend(&l.run.session, &l.err));
		ck_assert(s->poll(s->context, &durable, &l.err));
	}
	ck_assert_uint_ge(durable, ticket);
	seen(f, &f->arena, &state);
	ck_assert(row_of(&state, "a", 1)->sent);
	life_close(&l);
	fake_s3_free(f);
}
END_TEST

/* ---- faults ---- */

/* The next run, after the first died or failed: converges, and loses no intent that was durable. */
static void next_run(struct fake_s3 *f, const struct life *l, unsigned n)
{
	struct state before, state;
	struct life next;
	struct str text = seen(f, &f->arena, &before);

	ck_assert_msg(!str_starts(text, STR("error")), "request %u: %s", n, text.data);
	life_open(&next, f, "z");
	ck_assert_msg(live(&next), "request %u: %s", n, next.err.text);
	life_close(&next);
	text = seen(f, &f->arena, &state);
	ck_assert_msg(!str_starts(text, STR("error")), "request %u: %s", n, text.data);
	ck_assert_uint_gt(state.serial, before.serial);
	ck_assert_int_eq(row_of(&state, "z", 0)->status, ROW_CREATED);
	for (int i = 0; i < ROWS && l->begun; i++) {
		const struct row *row = row_of(&state, l->name, i);

		ck_assert_msg(row && (row->sent || row->status == ROW_CREATED),
			      "request %u: the intent of %d is lost", n, i);
		if (l->serial)
			ck_assert_int_eq(row->status, ROW_CREATED);
	}
	ck_assert_uint_eq(fake_s3_count(f, "manifest"), 0);
}

START_TEST(every_request_fails_once) {
	enum bucket_fault fault = (enum bucket_fault)_i;
	bool dies = fault == BUCKET_DIE_BEFORE || fault == BUCKET_DIE_AFTER;
	unsigned most = 1;

	for (unsigned n = 1; n <= most; n++) {
		struct fake_s3 *f = fake_s3_new(1000000);
		struct life l;
		bool good;

		life_open(&l, f, "a");
		l.run.door.fault_at = n;
		l.run.door.fault = fault;
		good = live(&l);
		ck_assert_msg(good || dies, "request %u: %s", n, l.err.text);
		life_close(&l);
		if (l.run.door.requests > n)
			most = n + 1;
		ck_assert_uint_lt(n, 200);
		next_run(f, &l, n);
		fake_s3_free(f);
	}
	ck_assert_uint_gt(most, 12);
}
END_TEST

/* ---- two at once ---- */

struct race {
	struct fake_s3 *s3;
	struct life second;
	bool alive;			/* the first one's heart goes on while the second looks */
	bool won;
};

static void touch(void *context)
{
	struct race *r = context;

	fake_s3_touch(r->s3, "lease.json");
}

static void second_lives(void *context)
{
	struct race *r = context;

	life_open(&r->second, r->s3, "b");
	if (r->alive) {
		r->second.run.door.hook_at = 3;
		r->second.run.door.hook = touch;
		r->second.run.door.hook_context = r;
	}
	r->won = live(&r->second);
	life_close(&r->second);
}

static void judge(struct race *r, const struct life *first, bool first_won, unsigned n)
{
	struct state state;
	struct str text = seen(r->s3, &r->s3->arena, &state);

	ck_assert_msg(!str_starts(text, STR("error")), "request %u: %s", n, text.data);
	ck_assert_msg(first_won || r->won, "request %u: %s; %s", n, first->err.text,
		      r->second.err.text);
	if (r->won && first_won)
		ck_assert_uint_ne(first->serial, r->second.serial);
	for (int i = 0; i < ROWS; i++) {
		const struct row *a = row_of(&state, "a", i), *b = row_of(&state, "b", i);

		ck_assert_msg(!first_won || (a && a->status == ROW_CREATED), "request %u", n);
		ck_assert_msg(!r->won || (b && b->status == ROW_CREATED), "request %u", n);
		/* The loser changes nothing, but what was durable of its intent is kept. */
		ck_assert_msg(r->won || !b, "request %u", n);
		ck_assert_msg(first_won || !first->begun || (a && a->sent), "request %u", n);
	}
	next_run(r->s3, first, n);
}

/* The second lives its whole life within the n-th request of the first: before or after it acts. */
START_TEST(two_at_once) {
	unsigned most = 1;

	for (unsigned n = 1; n <= most; n++) {
		struct race r = { .s3 = fake_s3_new(1000000), .alive = _i & 1 };
		struct life first;
		bool won;

		life_open(&first, r.s3, "a");
		first.run.door.hook_at = n;
		first.run.door.hook_after = _i & 2;
		first.run.door.hook = second_lives;
		first.run.door.hook_context = &r;
		won = live(&first);
		life_close(&first);
		if (first.run.door.requests > n && !first.run.door.hook_at)
			most = n + 1;
		if (!first.run.door.hook_at)
			judge(&r, &first, won, n);
		fake_s3_free(r.s3);
		ck_assert_uint_lt(n, 200);
	}
	ck_assert_uint_gt(most, 12);
}
END_TEST

/* ---- bytes ---- */

static const char *const objects[] = { "state.json", "manifest.json", "lease.json" };

/* Left by a run that died in the middle of an apply. */
static void leave(struct fake_s3 *f)
{
	struct life l;

	life_open(&l, f, "a");
	ck_assert(live(&l));
	life_close(&l);
	life_open(&l, f, "b");
	ck_assert(take(&l));
	put(&l, life_row(&l, 0, ROW_CREATING), "");
	ck_assert(l.store->begin(l.store->context, &l.err));
	put(&l, life_row(&l, 0, ROW_CREATED), "");
	for (int i = 0; i < 4; i++)
		ck_assert(turn(&l));
	l.run.door.dead = true;
	l.run.interrupted = 2;
	life_close(&l);
	ck_assert_uint_eq(fake_s3_count(f, "journal/"), 1);
}

/* Refused in words by who would write; never a crash, never an apply on it. */
static void refused(struct fake_s3 *f, const char *object, struct str text, size_t at)
{
	struct life l;
	unsigned puts;

	fake_s3_set(f, object, text);
	life_open(&l, f, "z");
	puts = f->puts;
	ck_assert_msg(!take(&l), "%s, byte %zu", object, at);
	ck_assert_int_eq(l.err.kind, ERROR_CORRUPT);
	/* But for its lease. */
	ck_assert_uint_le(f->puts - puts, 1);
	life_close(&l);
}

START_TEST(damaged_bytes) {
	const char *object = objects[_i];
	struct fake_s3 *f = fake_s3_new(1000000);
	struct str text, lease, changed;
	char *bytes;

	leave(f);
	text = fake_s3_text(f, object);
	lease = fake_s3_text(f, "lease.json");
	ck_assert_uint_gt(text.length, 100);
	for (size_t i = 0; i < text.length; i += 1 + text.length / 97) {
		fake_s3_set(f, "lease.json", lease);
		refused(f, object, str_slice(text, 0, i), i);
		if (_i == 2)
			continue;
		bytes = str_to_c(&f->arena, text);
		bytes[i] = (char)(bytes[i] ^ 1);
		changed = str_of(bytes, text.length);
		fake_s3_set(f, "lease.json", lease);
		refused(f, object, changed, i);
	}
	fake_s3_free(f);
}
END_TEST

START_TEST(an_older_copy_is_not_gone_on_from) {
	struct fake_s3 *f = fake_s3_new(1000000);
	struct state state;
	struct str older;
	struct life l;

	life_open(&l, f, "a");
	ck_assert(live(&l));
	older = fake_s3_text(f, "state.json");
	life_close(&l);
	leave(f);
	fake_s3_set(f, "state.json", older);
	ck_assert(str_contains(seen(f, &f->arena, &state), STR("an older copy was put back")));
	fake_s3_free(f);
}
END_TEST

START_TEST(its_history) {
	struct fake_s3 *f = fake_s3_new(1000000);
	struct version_vec all;
	struct state_document document;
	struct document_note note = { .wall_ms = 5, .who = STR("effc apply of ann") };
	struct state state;
	struct life l;

	life_open(&l, f, "a");
	ck_assert(live(&l));
	for (int i = 0; i < 3; i++) {
		struct store *s = l.store;
		uint64_t durable;

		put(&l, life_row(&l, i, ROW_UPDATED), "");
		ck_assert(s->poll(s->context, &durable, &l.err));
		ck_assert(s->load(s->context, &l.run.arena, &state, &l.err));
		ck_assert_msg(s->keep(s->context, &state, &note, &l.err), "%s", l.err.text);
	}
	ck_assert(l.store->history(l.store->context, &l.run.arena, &all, &l.err));
	ck_assert_uint_eq(all.count, 3);
	ck_assert_uint_eq(all.items[0].serial, state.serial);
	ck_assert_msg(l.store->load_version(l.store->context, &l.run.arena, all.items[2].id, false,
					    &document, &l.err),
		      "%s", l.err.text);
	unit_str_eq(document.note.who, "effc apply of ann");
	ck_assert_int_eq(row_of(&document.state, "a", 1)->status, ROW_CREATED);
	fake_s3_set(f, "state.json", STR("rubbish"));
	document.state.serial = state.serial + 1;
	ck_assert_msg(l.store->restore(l.store->context, &document.state, &l.err), "%s",
		      l.err.text);
	life_close(&l);
	seen(f, &f->arena, &state);
	ck_assert_int_eq(row_of(&state, "a", 1)->status, ROW_CREATED);
	ck_assert_uint_eq(fake_s3_count(f, "damaged/"), 1);
	fake_s3_free(f);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, what_an_apply_leaves);
	tcase_add_test(tc, a_second_run_is_refused_while_the_first_lives);
	tcase_add_test(tc, a_frozen_run_that_wakes_up_writes_nothing);
	tcase_add_test(tc, a_broken_lease_is_lost);
	tcase_add_test(tc, an_open_intent_is_waited_for);
	tcase_add_loop_test(tc, every_request_fails_once, BUCKET_LOSE_BEFORE, BUCKET_FAULTS);
	tcase_add_loop_test(tc, two_at_once, 0, 4);
	tcase_add_loop_test(tc, damaged_bytes, 0, 3);
	tcase_add_test(tc, an_older_copy_is_not_gone_on_from);
	tcase_add_test(tc, its_history);
}

int main(void)
{
	return unit_run("store in S3", fill);
}
