#include "executor_kit.h"

#include <string.h>

#include "executor/gate.h"
#include "executor/ratelimit.h"
#include "executor/schedule.h"

/* The loop by itself: order, rates, waits, memory; jobs here are three lines of machine. */
#define HEAD "[project]\nname = \"toy\"\nregion = \"eu-west-1\"\n"

static struct fake *fake;
static struct arena arena;
static struct str path;
static struct world world;

static void setup(void)
{
	arena_init(&arena);
	fake = fake_new();
	path = folder_new(&arena);
	world_open(&world, fake, path, HEAD);
}

static void teardown(void)
{
	world_close(&world);
	folder_remove(&arena, path);
	fake_free(fake);
	arena_release(&arena);
}

/* ---- rates ---- */

START_TEST(a_bucket_gives_its_burst_then_its_rate)
{
	struct bucket b = { .base = 10, .rate = 10, .burst = 5, .tokens = 5 };

	for (int i = 0; i < 5; i++)
		ck_assert(bucket_take(&b, 0));
	ck_assert(!bucket_take(&b, 0));
	ck_assert_int_eq(bucket_at_ms(&b), 100);
	ck_assert(bucket_take(&b, 100));
	ck_assert_int_eq(bucket_at_ms(&b), 200);
	ck_assert(!bucket_take(&b, 199));
	ck_assert(bucket_take(&b, 200));
	ck_assert(!bucket_take(&b, 200));
	ck_assert_int_eq(bucket_at_ms(&b), 300);
	ck_assert(bucket_take(&b, 10000));
	ck_assert(b.tokens <= 5);
}
END_TEST

START_TEST(a_throttled_bucket_slows_and_recovers)
{
	struct bucket b = { .base = 16, .rate = 16, .burst = 16, .tokens = 16 };

	bucket_throttled(&b, 0);
	bucket_throttled(&b, 10);
	ck_assert(b.rate == 8 && b.tokens <= 0);
	bucket_throttled(&b, 2000);
	ck_assert(b.rate == 4);
	for (int i = 0; i < 100; i++)
		bucket_throttled(&b, 4000 + i * 2000);
	ck_assert(b.rate > 0.1 && b.rate < 0.3);
	for (int i = 0; i < 30; i++)
		bucket_served(&b);
	ck_assert(b.rate == 16);
}
END_TEST

START_TEST(operations_share_what_has_no_rule_of_its_own)
{
	struct quota_rule quotas[] = { { STR("*"), 15, 15 }, { STR("Invoke"), 100, 1000 } };
	struct service_rules rules = { .service = STR("x"), .quotas = quotas, .quota_count = 2 };
	struct scope here = { .region = STR("eu-west-1") }, there = { .region = STR("us-east-1") };
	struct ratelimit r = { .arena = &arena };
	struct bucket *shared = ratelimit_bucket(&r, &rules, STR("Create"), &here, 0);

	ck_assert(shared == ratelimit_bucket(&r, &rules, STR("Delete"), &here, 5));
	ck_assert(shared != ratelimit_bucket(&r, &rules, STR("Invoke"), &here, 5));
	ck_assert(shared != ratelimit_bucket(&r, &rules, STR("Create"), &there, 5));
	ck_assert(shared->rate == 15);
}
END_TEST

/* ---- order ---- */

START_TEST(a_heap_sorts)
{
	struct heap h = { .before = job_is_urgent };
	struct job *jobs = arena_array(&arena, struct job, 500), *last = NULL, *job;

	for (size_t i = 0; i < 500; i++) {
		jobs[i].weight_ms = (int64_t)(i * 7919 % 50);
		jobs[i].label = str_format(&arena, "job%zu", i * 104729 % 500);
		heap_add(&arena, &h, &jobs[i]);
	}
	for (size_t i = 0; i < 500; i++) {
		job = heap_take(&h);
		ck_assert(job && (!last || !job_is_urgent(job, last)));
		last = job;
	}
	ck_assert(!heap_take(&h));
}
END_TEST

struct probe {
	struct job job;
	int waits;			/* before it calls; -1: once, until it is woken */
	unsigned calls;			/* still to make */
	unsigned unlocks;		/* as many calls are made when it gives its lock */
	struct probe *wakes;
	bool dropped, failed, absent;
};

static struct step probe_next(struct job *job, const struct reply *last, int64_t now_ms ATTR_UNUSED)
{
	struct probe *p = job->context;
	struct step step = { .kind = STEP_DONE };
	struct value *name;

	if (last)
		p->absent = str_equal_c(last->code, "NotFoundException");
	if (p->waits < 0) {
		p->waits = 0;
		return (struct step){ .kind = STEP_WAIT, .wait_ms = -1 };
	}
	if (p->unlocks && p->calls == p->unlocks)
		loop_unlock(world.session.loop, job);
	if (p->waits) {
		p->waits--;
		return (struct step){ .kind = STEP_WAIT, .wait_ms = 1000 };
	}
	if (!p->calls)
		return step;
	p->calls--;
	step.kind = STEP_SEND;
	step.call = (struct call){ .service = STR("toy"), .operation = STR("DescribeBox"),
				   .scope = &world.model.scope, .input = value_map() };
	if (job->verb.length)
		step.call.operation = STR("Unheard");
	name = value_set(&job->arena, &step.call.input, STR("Name"), value_string(job->label));
	ck_assert(name->kind == VALUE_STRING);
	return step;
}

static void probe_ended(struct job *job, bool dropped)
{
	struct probe *p = job->context;

	p->dropped = dropped;
	p->failed = job->failure.kind != ERROR_NONE;
}

static void probe_add(struct probe *p, const char *label, int64_t weight_ms)
{
	p->job.label = str_from_c(label);
	p->job.weight_ms = weight_ms;
	p->job.context = p;
	p->job.next = probe_next;
	p->job.ended = probe_ended;
	loop_add(world.session.loop, &p->job);
}

START_TEST(the_longest_path_goes_first)
{
	struct probe probes[4] = { { .calls = 1 }, { .calls = 1 }, { .calls = 1 }, { .calls = 1 } };

	world.session.loop->parallel = 1;
	probe_add(&probes[0], "c", 10);
	probe_add(&probes[1], "b", 10);
	probe_add(&probes[2], "d", 30);
	probe_add(&probes[3], "a", 20);
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	unit_str_eq(buf_str(&fake->log), "DescribeBox d\nDescribeBox a\nDescribeBox b\nDescribeBox c\n");
	for (int i = 0; i < 4; i++)
		ck_assert(probes[i].absent);
}
END_TEST

START_TEST(a_wait_holds_no_place)
{
	struct probe slow = { .calls = 1, .waits = 100 }, fast = { .calls = 3 };
	int64_t before_ms = fake->clock->now_ms(fake->clock->context);

	world.session.loop->parallel = 1;
	probe_add(&slow, "slow", 100);
	probe_add(&fast, "fast", 1);
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	unit_str_eq(buf_str(&fake->log), "DescribeBox fast\nDescribeBox fast\nDescribeBox fast\n"
			  "DescribeBox slow\n");
	ck_assert_int_ge(fake->clock->now_ms(fake->clock->context) - before_ms, 100000);
}
END_TEST

START_TEST(what_cannot_be_sent_ends_its_job_only)
{
	struct probe good = { .calls = 1 }, bad = { .calls = 1 };

	probe_add(&good, "good", 1);
	probe_add(&bad, "bad", 1);
	bad.job.verb = STR("unknown");
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	ck_assert(!good.failed && bad.failed && !bad.dropped);
	ck_assert_msg(strstr(bad.job.failure.text, "Unheard"), "%s", bad.job.failure.text);
}
END_TEST

START_TEST(an_interrupt_drops_waits)
{
	struct probe waits = { .calls = 1, .waits = 1000000 }, fresh = { .calls = 1 };

	probe_add(&waits, "waits", 1);
	probe_add(&fresh, "fresh", 0);
	world.interrupted = _i + 1;
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_INTERRUPTED);
	ck_assert(waits.dropped && fresh.dropped && !fresh.job.opened);
	ck_assert_uint_eq(fake->calls, 0);
}
END_TEST

START_TEST(a_rate_is_kept)
{
	struct probe *probes = arena_array(&arena, struct probe, 600);
	int64_t before_ms = fake->clock->now_ms(fake->clock->context), spent_ms;

	for (int i = 0; i < 600; i++) {
		probes[i].calls = 1;
		probe_add(&probes[i], "box", 1);
	}
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	spent_ms = fake->clock->now_ms(fake->clock->context) - before_ms;
	/* A burst of 200, then 100 a second. */
	ck_assert_int_ge(spent_ms, 3900);
	ck_assert_int_le(spent_ms, 4500);
	ck_assert_uint_eq(fake->calls, 600);
}
END_TEST

/* The most urgent that waits for a token gets the next one, whoever came first. */
START_TEST(tokens_go_to_the_longest_path)
{
	struct probe *probes = arena_array(&arena, struct probe, 203);
	struct str log;

	for (int i = 0; i < 200; i++) {
		probes[i].calls = 1;
		probe_add(&probes[i], "burst", 1000);
	}
	for (int i = 200; i < 203; i++) {
		static const char *const labels[] = { "late", "early", "first" };

		probes[i].calls = 1;
		probe_add(&probes[i], labels[i - 200], i);
	}
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	log = buf_str(&fake->log);
	log = str_slice(log, log.length - strlen("DescribeBox first\nDescribeBox early\n"
						 "DescribeBox late\n"), log.length);
	unit_str_eq(log, "DescribeBox first\nDescribeBox early\nDescribeBox late\n");
}
END_TEST

/* What others wait for at a lock ends before the job does, and the most urgent goes next. */
START_TEST(a_lock_goes_to_the_longest_path)
{
	struct probe probes[3] = { { .calls = 2, .unlocks = 1 }, { .calls = 1 }, { .calls = 1 } };

	for (int i = 0; i < 3; i++)
		probes[i].job.lock = STR("api/1");
	probe_add(&probes[0], "holder", 30);
	probe_add(&probes[1], "short", 10);
	probe_add(&probes[2], "long", 20);
	ck_assert_int_eq(loop_run(world.session.loop, &world.err), LOOP_DONE);
	unit_str_eq(buf_str(&fake->log), "DescribeBox holder\nDescribeBox holder\n"
			  "DescribeBox long\nDescribeBox short\n");
	ck_assert_uint_eq(fake->most_in_flight, 2);
}
END_TEST

static void wakes(struct job *job, bool dropped)
{
	struct probe *p = job->context;

	p->dropped = dropped;
	if (p->wakes->job.parked)
		loop_wake(world.session.loop, &p->wakes->job);
}

/* A wait without a time ends when another job says so, or with everything. */
START_TEST(a_parked_job_is_woken)
{
	struct probe waits = { .calls = 1, .waits = -1 }, other = { .calls = 1, .wakes = &waits };

	probe_add(&waits, "waits", 10);
	probe_add(&other, "other", 1);
	other.job.ended = wakes;
	world.interrupted = _i;
	ck_assert_int_eq(loop_run(world.session.loop, &world.err),
			 _i ? LOOP_INTERRUPTED : LOOP_DONE);
	ck_assert(waits.dropped == (_i > 0));
	if (!_i)
		unit_str_eq(buf_str(&fake->log), "DescribeBox other\nDescribeBox waits\n");
}
END_TEST

/* One asks for all of a type; when it was taken, the others go once they are as old as it was. */
START_TEST(one_asks_for_all)
{
	struct gates gates = { .arena = &arena, .loop = world.session.loop };
	struct job jobs[3] = { 0 };
	struct gate_pass passes[3];
	struct step step;

	for (int i = 0; i < 3; i++)
		passes[i] = (struct gate_pass){ .type = STR("T"), .job = &jobs[i],
						.fresh_ms = 1000 + i * 100, .usable_ms = 8000 };
	passes[2].fresh_ms = 0;
	ck_assert(!gate_holds(&gates, &passes[0], 1200, &step));
	ck_assert(gate_holds(&gates, &passes[1], 1200, &step));
	ck_assert(step.kind == STEP_WAIT && step.wait_ms < 0 && step.note.length);
	loop_park(world.session.loop, &jobs[1], true);
	/* What stands on nothing new is not held. */
	ck_assert(!gate_holds(&gates, &passes[2], 1200, &step));

	/* Refused: again when it usually can be used, then more often. */
	step = (struct step){ .kind = STEP_WAIT, .wait_ms = 1, .refused = STR("NotYet") };
	gate_saw(&gates, &passes[0], 1300, &step);
	ck_assert_int_eq(step.wait_ms, 7700);
	gate_saw(&gates, &passes[0], 9100, &step);
	ck_assert_int_eq(step.wait_ms, 500);
	gate_saw(&gates, &passes[0], 9700, &step);
	ck_assert_int_eq(step.wait_ms, 750);
	step = (struct step){ .kind = STEP_SEND, .mutates = true };
	gate_saw(&gates, &passes[0], 10500, &step);
	gate_left(&gates, &passes[0], true);
	ck_assert(!jobs[1].parked);
	ck_assert(gate_holds(&gates, &passes[1], 10500, &step));
	ck_assert_int_eq(step.wait_ms, 100);
	ck_assert(!gate_holds(&gates, &passes[1], 10600, &step));
	ck_assert_ptr_eq(heap_take(&world.session.loop->ready), &jobs[1]);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_bucket_gives_its_burst_then_its_rate);
	tcase_add_test(tc, a_throttled_bucket_slows_and_recovers);
	tcase_add_test(tc, operations_share_what_has_no_rule_of_its_own);
	tcase_add_test(tc, a_heap_sorts);
	tcase_add_test(tc, the_longest_path_goes_first);
	tcase_add_test(tc, a_wait_holds_no_place);
	tcase_add_test(tc, what_cannot_be_sent_ends_its_job_only);
	tcase_add_loop_test(tc, an_interrupt_drops_waits, 0, 2);
	tcase_add_test(tc, a_rate_is_kept);
	tcase_add_test(tc, one_asks_for_all);
	tcase_add_test(tc, tokens_go_to_the_longest_path);
	tcase_add_test(tc, a_lock_goes_to_the_longest_path);
	tcase_add_loop_test(tc, a_parked_job_is_woken, 0, 2);
}

int main(void)
{
	return unit_run("executor loop", fill);
}
