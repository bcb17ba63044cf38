#include "store_fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "executor/store/db.h"

/* Who may write to the local store: one at a time, and nobody who lost the right. */

static struct store *opened(struct store_place *p)
{
	struct error err = { 0 };
	struct store *s = store_sqlite(&p->arena, p->path, false, NULL, &err);

	ck_assert_msg(s != NULL, "%s", err.text);
	return s;
}

static void take(struct store *s)
{
	struct error err = { 0 };

	ck_assert_msg(s->lock(s->context, &test_owner, test_clock(), &err), "%s", err.text);
}

static struct lease holder(struct store_place *p)
{
	struct error err = { 0 };
	struct store *s = store_sqlite(&p->arena, p->path, true, NULL, &err);
	struct lease lease;

	ck_assert_msg(s && s->holder(s->context, &p->arena, &lease, &err), "%s", err.text);
	s->close(s->context);
	return lease;
}

START_TEST(each_holder_has_a_higher_number)
{
	struct store_place p;
	struct store *s;

	place_init(&p);
	ck_assert(!holder(&p).held && !holder(&p).epoch);
	for (uint64_t n = 1; n <= 5; n++) {
		s = n == 1 ? store_make(&p, NULL) : opened(&p);
		take(s);
		ck_assert(holder(&p).held);
		ck_assert_uint_eq(holder(&p).epoch, n);
		unit_str_eq(holder(&p).owner.user, "a test");
		s->close(s->context);
		ck_assert(!holder(&p).held);
		ck_assert_uint_eq(holder(&p).epoch, n);
		unit_str_eq(holder(&p).owner.user, "a test");
	}
	place_release(&p);
}
END_TEST

START_TEST(who_lost_it_writes_no_more)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *first, *other;
	struct lease_owner who = test_owner;

	place_init(&p);
	first = store_make(&p, NULL);
	ck_assert(store_put(first, row_new(&p.arena, "a", 1), &err));
	ck_assert(first->holds(first->context, &err));
	other = opened(&p);
	who.user = STR("a second");
	ck_assert(other->revoke(other->context, &who, test_clock(), &err));
	ck_assert(!first->holds(first->context, &err));
	ck_assert_msg(strstr(err.text, "taken from this run by effc apply of a second"), "%s",
		      err.text);
	take(other);
	ck_assert(store_put(other, row_new(&p.arena, "b", 1), &err));
	ck_assert(!store_put(first, row_new(&p.arena, "a", 2), &err));
	ck_assert_int_eq(err.kind, ERROR_REFUSED);
	/* What it leaves behind harms nobody. */
	first->close(first->context);
	ck_assert(other->holds(other->context, &err) && holder(&p).held);
	ck_assert(store_put(other, row_new(&p.arena, "c", 1), &err));
	other->close(other->context);
	place_release(&p);
}
END_TEST

/* The file of an older effc, which had no numbers. */
static void make_old(struct store_place *p, struct str *text)
{
	struct error err = { 0 };
	struct meta meta = { 0 };
	struct store *s = store_make(p, NULL);
	struct db *db = s->context;
	enum error_kind kind;

	ck_assert(store_put(s, row_new(&p->arena, "a", 1), &err));
	*text = load_text(&p->arena, p->path, &kind);
	ck_assert(meta_read(db, &p->arena, STATE_SCHEMA_VERSION, &meta, &err));
	meta.schema_version = 1;
	ck_assert(meta_write(db, &meta, false, &err) &&
		  db_exec(db, "DROP TABLE lease; PRAGMA user_version = 1", "write", &err));
	s->close(s->context);
}

START_TEST(an_older_file_is_read_as_it_is_and_brought_forward_by_a_writer)
{
	struct store_place p;
	struct stat before, after;
	struct error err = { 0 };
	struct str wanted;
	struct store *s;
	enum error_kind kind;

	place_init(&p);
	make_old(&p, &wanted);
	ck_assert_int_eq(stat(p.path.data, &before), 0);
	unit_str_eq(load_text(&p.arena, p.path, &kind), wanted.data);
	ck_assert_int_eq(stat(p.path.data, &after), 0);
	ck_assert(before.st_size == after.st_size &&
		  before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	s = opened(&p);
	take(s);
	ck_assert_uint_eq(holder(&p).epoch, 2);
	unit_str_eq(load_text(&p.arena, p.path, &kind), wanted.data);
	ck_assert(store_put(s, row_new(&p.arena, "b", 1), &err));
	s->close(s->context);
	place_release(&p);
}
END_TEST

START_TEST(a_heartbeat_is_seen_by_others)
{
	struct store_place p;
	struct error err = { 0 };
	struct store *s;
	const struct clock *clock = clock_virtual(1000000);
	int64_t wake_ms = 0;

	place_init(&p);
	s = opened(&p);
	ck_assert(s->lock(s->context, &test_owner, clock, &err));
	ck_assert(s->tend(s->context, &wake_ms, &err));
	ck_assert_int_eq(wake_ms, LEASE_BEAT_MS);
	ck_assert_uint_eq(holder(&p).beat, 0);
	clock->sleep_ms(clock->context, LEASE_BEAT_MS);
	ck_assert(s->tend(s->context, &wake_ms, &err));
	ck_assert_int_eq(wake_ms, 2 * LEASE_BEAT_MS);
	ck_assert_uint_eq(holder(&p).beat, 1);
	ck_assert_int_eq(holder(&p).beat_s, 1010);
	ck_assert_int_eq(holder(&p).taken_s, 1000);
	s->close(s->context);
	place_release(&p);
}
END_TEST

static const char *const texts[] = {
	"", "{", "[]", "null", "{}", "{\"format\":2}", "{\"format\":1,\"epoch\":-1}",
	"{\"format\":1,\"epoch\":1,\"held\":1}", "effc apply of ada since 2026-01-01",
	"\x01\x02\xff", "{\"format\":1,\"epoch\":99999999999999999999,\"held\":true}",
};

START_TEST(what_is_no_lease_says_so)
{
	struct lease lease = { 0 };
	struct arena a;

	arena_init(&a);
	ck_assert(!lease_decode(&a, str_from_c(texts[_i]), &lease));
	arena_release(&a);
}
END_TEST

START_TEST(a_lease_survives_its_text_and_cannot_harm_a_terminal)
{
	struct lease lease = {
		.owner = { .user = STR("\x1b[31mada"), .host = STR("h"), .pid = 9,
			   .command = STR("apply"), .run = STR("https://ci.test/1") },
		.token = STR("t"), .epoch = 7, .beat = 3, .taken_s = 5, .beat_s = 9, .held = true,
	}, back;
	struct arena a;

	arena_init(&a);
	ck_assert(lease_decode(&a, lease_encode(&a, &lease), &back));
	unit_str_eq(lease_encode(&a, &back), lease_encode(&a, &lease).data);
	unit_str_eq(lease_text(&a, &back),
		    "effc apply of  [31mada on h (process 9), CI run https://ci.test/1, since "
		    "1970-01-01 00:00:05 UTC, last heard of at 1970-01-01 00:00:09 UTC");
	arena_release(&a);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, each_holder_has_a_higher_number);
	tcase_add_test(tc, who_lost_it_writes_no_more);
	tcase_add_test(tc, an_older_file_is_read_as_it_is_and_brought_forward_by_a_writer);
	tcase_add_test(tc, a_heartbeat_is_seen_by_others);
	tcase_add_loop_test(tc, what_is_no_lease_says_so, 0,
			    (int)(sizeof(texts) / sizeof(texts[0])));
	tcase_add_test(tc, a_lease_survives_its_text_and_cannot_harm_a_terminal);
}

int main(void)
{
	return unit_run("store leases", fill);
}
