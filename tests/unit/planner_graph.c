#include "planner_kit.h"

#include "base/clock.h"
#include "base/stats.h"
#include "planner/digraph.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static uint32_t node_of(const char *address, enum node_kind kind)
{
	for (uint32_t i = 0; i < kit.plan.node_count; i++) {
		const struct node *node = &kit.plan.nodes[i];

		if (node->kind == kind &&
		    str_equal_c(kit.plan.actions[node->action].address, address))
			return i;
	}
	ck_abort_msg("no node for %s", address);
}

static bool waits(uint32_t node, uint32_t other)
{
	for (size_t i = 0; i < kit.plan.nodes[node].after_count; i++) {
		if (kit.plan.nodes[node].after[i] == other)
			return true;
	}
	return false;
}

START_TEST(test_references_order_makes_and_removals)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"List\":[\"@b.Id\"]}");
	ck_assert(kit_plan(&kit));
	ck_assert(waits(node_of("b", NODE_MAKE), node_of("a", NODE_MAKE)));
	ck_assert(waits(node_of("c", NODE_MAKE), node_of("b", NODE_MAKE)));
	ck_assert_int_eq(kit.plan.nodes[node_of("a", NODE_MAKE)].weight_ms, 300);
	ck_assert_int_eq(kit.plan.nodes[node_of("c", NODE_MAKE)].weight_ms, 100);
	kit_apply(&kit);
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	ck_assert(waits(node_of("a", NODE_REMOVE), node_of("b", NODE_REMOVE)));
	ck_assert(waits(node_of("b", NODE_REMOVE), node_of("c", NODE_REMOVE)));
	ck_assert_uint_eq(kit.plan.nodes[node_of("c", NODE_REMOVE)].after_count, 0);
}
END_TEST

START_TEST(test_old_goes_after_its_users_moved)
{
	uint32_t old;

	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"a\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"b\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	ck_assert(kit_plan(&kit));
	old = node_of("a", NODE_REMOVE);
	ck_assert(waits(old, node_of("a", NODE_MAKE)));
	ck_assert(waits(old, node_of("b", NODE_MAKE)));
	ck_assert(waits(node_of("b", NODE_MAKE), node_of("a", NODE_MAKE)));
}
END_TEST

START_TEST(test_dropped_thing_goes_after_its_user_let_go)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "b", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	ck_assert(waits(node_of("a", NODE_REMOVE), node_of("b", NODE_MAKE)));
}
END_TEST

START_TEST(test_weak_reference_orders)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Arn\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(waits(node_of("b", NODE_MAKE), node_of("a", NODE_MAKE)));
}
END_TEST

START_TEST(test_weak_references_may_make_a_circle)
{
	kit_add(&kit, "a", kit.thing, "{\"Note\":\"@b.Arn\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Name\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.counts.create, 2);
	unit_str_eq(value_get_str(&kit.plan.resolved[0].properties, "Note"),
		    "arn:aws:kit:eu-west-1:111122223333:shop-dev-b");
	unit_str_eq(value_get_str(&kit.plan.resolved[1].properties, "Note"), "shop-dev-a");
	/* A replaced one is seen through the circle. */
	for (size_t i = 0; i < kit.plan.action_count; i++) {
		struct row *row = arena_new(&kit.arena, struct row);
		const struct action *act = &kit.plan.actions[i];

		row->address = kit.model.resources[act->want].address;
		row->type = kit.thing->type;
		row->scope = kit.model.scope;
		row->instance = act->instance;
		row->name = act->name;
		row->status = ROW_CREATED;
		row->properties = kit.plan.resolved[act->want].properties;
		row->attributes = value_map();
		row->edges = kit.plan.resolved[act->want].edges;
		state_put(&kit.arena, &kit.state, row);
	}
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Note\":\"@b.Arn\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Name\",\"Mode\":\"m\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "b"), "replace");
	ck_assert_str_eq(kit_kind(&kit, "a"), "update");
	ck_assert(str_starts(value_get_str(&kit.plan.resolved[0].properties, "Note"),
			     STR("arn:aws:kit:eu-west-1:111122223333:shop-dev-b-")));
}
END_TEST

START_TEST(test_hard_circle_is_told)
{
	kit_add(&kit, "a", kit.thing, "{\"Note\":\"@c.Id\"}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"Note\":\"@b.Id\"}");
	kit_add(&kit, "d", kit.thing, "{\"Note\":\"@a.Id\"}");
	ck_assert(!kit_plan(&kit));
	ck_assert(str_contains(kit.diags.items[0].text, STR("'a' -> 'c' -> 'b' -> 'a'")));
}
END_TEST

START_TEST(test_a_route_that_got_another_id)
{
	kit_add(&kit, "old", kit.fixed, "{\"Key\":\"GET /\"}");
	kit_add(&kit, "zuser", kit.thing, "{\"Note\":\"@old.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "new", kit.fixed, "{\"Key\":\"GET /\"}");
	kit_add(&kit, "zuser", kit.thing, "{\"Note\":\"@new.Id\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(waits(node_of("new", NODE_MAKE), node_of("old", NODE_REMOVE)));
	ck_assert(waits(node_of("zuser", NODE_MAKE), node_of("new", NODE_MAKE)));
	kit_settle(&kit);
}
END_TEST

START_TEST(test_a_fixed_name_that_moved)
{
	kit_add(&kit, "old", kit.thing, "{\"Name\":\"n\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "new", kit.thing, "{\"Name\":\"n\"}");
	kit_live(&kit, "new")->seen = SEEN_FOREIGN;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.counts.conflicts, 0);
	ck_assert_uint_eq(kit_action(&kit, "new")->conflict.length, 0);
	unit_str_eq(kit_action(&kit, "new")->reason, "it takes the place of 'old'");
	ck_assert(waits(node_of("new", NODE_MAKE), node_of("old", NODE_REMOVE)));
}
END_TEST

START_TEST(test_a_key_that_a_replacement_leaves)
{
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k1\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k2\"}");
	kit_add(&kit, "b", kit.fixed, "{\"Key\":\"k1\"}");
	ck_assert(kit_plan(&kit));
	ck_assert_str_eq(kit_kind(&kit, "a"), "replace");
	ck_assert(!kit_action(&kit, "a")->delete_first);
	unit_str_eq(kit_action(&kit, "b")->reason, "it takes the place of 'a'");
	ck_assert(waits(node_of("b", NODE_MAKE), node_of("a", NODE_REMOVE)));
	ck_assert(waits(node_of("a", NODE_REMOVE), node_of("a", NODE_MAKE)));
}
END_TEST

/* ---- any order respects every edge ---- */

#define WORLD 12

/* A random model: resource n refers to earlier ones, by one of several properties. */
static void random_model(const struct random *random)
{
	static const char *const properties[] = { "Note", "Role", "Mode", "Parent", "List" };

	kit_model(&kit);
	for (unsigned n = 0; n < WORLD; n++) {
		const struct schema *schemas[] = { kit.thing, kit.fixed, kit.child, kit.thing };
		struct buf b;

		if (random_below(random, 5) == 0)
			continue;
		buf_init(&b, &kit.arena);
		buf_printf(&b, "{\"Size\":%u,\"Key\":\"k%u\"", (unsigned)random_below(random, 2), n);
		if (random_below(random, 3) == 0)
			buf_add_c(&b, ",\"Swap\":\"x\"");
		for (size_t p = 0; p < 5; p++) {
			unsigned to = n ? (unsigned)random_below(random, n) : 0;
			bool id = random_below(random, 2);
			char address[8];

			snprintf(address, sizeof(address), "r%02u", to);
			if (random_below(random, 3) || !map_has(&kit.model.by_address,
								 str_from_c(address)))
				continue;
			buf_printf(&b, ",\"%s\":%s\"@%s.%s\"%s", properties[p],
				   p == 4 ? "[" : "", address, id ? "Id" : "Stream",
				   p == 4 ? "]" : "");
		}
		buf_add_c(&b, "}");
		kit_add(&kit, str_to_c(&kit.arena, str_format(&kit.arena, "r%02u", n)),
			schemas[n % 4], str_to_c(&kit.arena, buf_str(&b)));
	}
}

/* Removal of what a row needed comes after that row's own. */
static void check_removals(unsigned seed)
{
	for (uint32_t i = 0; i < kit.plan.node_count; i++) {
		const struct node *node = &kit.plan.nodes[i];

		for (size_t e = 0; node->kind == NODE_REMOVE && e < node->row->edges.count; e++) {
			const char *address = str_to_c(&kit.arena, node->row->edges.items[e]);
			const struct action *act = kit_action(&kit, address);

			if (!act || act->kind != ACTION_DELETE)
				continue;
			ck_assert_msg(waits(node_of(address, NODE_REMOVE), i),
				      "seed %u: %s goes before its user", seed, address);
		}
	}
}

START_TEST(test_random_worlds)
{
	unsigned seed = 1000 + (unsigned)_i;
	const struct random *random = random_seeded(seed);

	for (int round = 0; round < 12; round++) {
		random_model(random);
		ck_assert_msg(kit_plan(&kit), "seed %u", seed);
		for (uint32_t i = 0; i < kit.model.resource_count; i++) {
			const struct resolved *r = &kit.plan.resolved[i];

			if (r->action == NO_RESOURCE)
				continue;
			for (size_t e = 0; e < r->edges.count; e++) {
				const char *address = str_to_c(&kit.arena, r->edges.items[e]);
				const struct action *act = kit_action(&kit, address);

				if (!act || act->kind == ACTION_COLLECT)
					continue;
				ck_assert_msg(waits(node_of(str_to_c(&kit.arena, r->address),
							    NODE_MAKE),
						    node_of(address, NODE_MAKE)),
					      "seed %u round %d: %.*s does not wait for %s", seed,
					      round, STR_ARG(r->address), address);
			}
		}
		check_removals(seed);
		kit_apply(&kit);
		ck_assert(kit_plan(&kit));
		ck_assert_msg(!kit.plan.action_count, "seed %u round %d: %.*s", seed, round,
			      STR_ARG(kit_text(&kit, true)));
	}
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	kit_apply(&kit);
	ck_assert_uint_eq(kit.state.row_count, 0);
}
END_TEST

/* ---- the walk over a graph by itself ---- */

START_TEST(test_digraph_keeps_order_and_drops_little)
{
	const struct random *random = random_seeded(50 + (uint64_t)_i);
	struct digraph g = { .node_count = 40 };
	uint32_t order[40], place[40];
	struct cycle cycle;

	for (int i = 0; i < 120; i++) {
		uint32_t from = (uint32_t)random_below(random, 40);
		uint32_t to = (uint32_t)random_below(random, 40);

		/* Hard links go down only, so that they make no cycle. */
		if (from > to)
			digraph_link(&kit.arena, &g, from, to, LINK_HARD);
		else if (from < to && i % 3 == 0)
			digraph_link(&kit.arena, &g, from, to, LINK_SOFT);
	}
	ck_assert(digraph_order(&kit.arena, &g, order, &cycle));
	for (uint32_t i = 0; i < 40; i++)
		place[order[i]] = i;
	for (size_t i = 0; i < g.links.count; i++) {
		const struct link *link = &g.links.items[i];

		if (link->softness == LINK_HARD)
			ck_assert(!link->dropped);
		if (!link->dropped)
			ck_assert_uint_lt(place[link->to], place[link->from]);
	}
}
END_TEST

START_TEST(test_digraph_tells_a_cycle)
{
	struct digraph g = { .node_count = 5 };
	uint32_t order[5];
	struct cycle cycle = { 0 };

	digraph_link(&kit.arena, &g, 0, 1, LINK_HARD);
	digraph_link(&kit.arena, &g, 1, 2, LINK_HARD);
	digraph_link(&kit.arena, &g, 2, 3, LINK_HARD);
	digraph_link(&kit.arena, &g, 3, 1, LINK_HARD);
	ck_assert(!digraph_order(&kit.arena, &g, order, &cycle));
	ck_assert_uint_eq(cycle.count, 3);
	ck_assert_uint_eq(cycle.nodes[0], 1);
	ck_assert_uint_eq(cycle.nodes[2], 3);
}
END_TEST

/* A longer way round comes first by index; the shorter one is told. */
START_TEST(test_digraph_tells_the_shortest)
{
	struct digraph g = { .node_count = 8 };
	uint32_t order[8];
	struct cycle cycle = { 0 };

	for (uint32_t i = 0; i < 5; i++)
		digraph_link(&kit.arena, &g, i, i + 1, LINK_HARD);
	digraph_link(&kit.arena, &g, 5, 0, LINK_HARD);
	digraph_link(&kit.arena, &g, 4, 3, LINK_HARD);
	ck_assert(!digraph_order(&kit.arena, &g, order, &cycle));
	ck_assert_uint_eq(cycle.count, 2);
	ck_assert_uint_eq(cycle.nodes[0], 3);
	ck_assert_uint_eq(cycle.nodes[1], 4);
}
END_TEST

/* Against all simple ways, over small random graphs: nothing shorter is there. */
START_TEST(test_digraph_shortest_of_random)
{
	const struct random *random = random_seeded(4711);

	for (int round = 0; round < 300; round++) {
		size_t n = 2 + random_below(random, 7);
		struct digraph g = { .node_count = n };
		struct cycle cycle = { 0 };
		uint32_t order[8], reach[8][8], shortest = UINT32_MAX;

		memset(reach, 0, sizeof(reach));
		for (uint64_t k = random_below(random, 2 * n); k > 0; k--) {
			uint32_t from = (uint32_t)random_below(random, n);
			uint32_t to = (uint32_t)random_below(random, n);

			digraph_link(&kit.arena, &g, from, to, LINK_HARD);
			reach[from][to] = 1;
		}
		/* Floyd and Warshall. */
		for (size_t k = 0; k < n; k++)
			for (size_t i = 0; i < n; i++)
				for (size_t j = 0; j < n; j++)
					if (reach[i][k] && reach[k][j] &&
					    (!reach[i][j] ||
					     reach[i][k] + reach[k][j] < reach[i][j]))
						reach[i][j] = reach[i][k] + reach[k][j];
		for (size_t i = 0; i < n; i++)
			if (reach[i][i] && reach[i][i] < shortest)
				shortest = reach[i][i];
		ck_assert_int_eq(digraph_order(&kit.arena, &g, order, &cycle),
				 shortest == UINT32_MAX);
		if (shortest != UINT32_MAX)
			ck_assert_uint_eq(cycle.count, shortest);
	}
}
END_TEST

START_TEST(test_digraph_self)
{
	struct digraph g = { .node_count = 2 };
	uint32_t order[2];
	struct cycle cycle = { 0 };

	digraph_link(&kit.arena, &g, 1, 1, LINK_HARD);
	ck_assert(!digraph_order(&kit.arena, &g, order, &cycle));
	ck_assert_uint_eq(cycle.count, 1);
	ck_assert_uint_eq(cycle.nodes[0], 1);
}
END_TEST

/* A chain as long as the limit is walked without recursion. */
START_TEST(test_digraph_deep)
{
	struct digraph g = { .node_count = 200000 };
	uint32_t *order = arena_array(&kit.arena, uint32_t, g.node_count);
	struct cycle cycle;

	for (uint32_t i = 0; i + 1 < g.node_count; i++)
		digraph_link(&kit.arena, &g, i, i + 1, LINK_HARD);
	ck_assert(digraph_order(&kit.arena, &g, order, &cycle));
	ck_assert_uint_eq(order[0], 199999);
}
END_TEST

/* ---- growth ---- */

static struct stats work_of(unsigned count)
{
	struct stats before;

	kit_model(&kit);
	for (unsigned i = 0; i < count; i++) {
		char address[16], properties[160];

		snprintf(address, sizeof(address), "r%05u", i);
		snprintf(properties, sizeof(properties),
			 "{\"Size\":%u,\"Note\":\"@r%05u.Arn\",\"Set\":[\"a\",\"b\"],"
			 "\"Tags\":[{\"Key\":\"k\",\"Value\":\"v\"}]}", i % 7, i ? i - 1 : 0);
		kit_add(&kit, str_to_c(&kit.arena, str_from_c(address)), kit.thing,
			i ? str_to_c(&kit.arena, str_from_c(properties)) : "{}");
	}
	ck_assert(kit_plan(&kit));
	kit_apply(&kit);
	before = stats;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.action_count, 0);
	return (struct stats){
		.bytes_allocated = stats.bytes_allocated - before.bytes_allocated,
		.comparisons = stats.comparisons - before.comparisons,
		.probes = stats.probes - before.probes,
	};
}

START_TEST(test_growth_is_linear)
{
	struct stats small = work_of(1000), large;

	teardown();
	setup();
	large = work_of(10000);
	ck_assert_uint_gt(small.comparisons, 0);
	ck_assert_msg((double)large.comparisons <= 10.5 * (double)small.comparisons,
		      "%llu comparisons, then %llu", (unsigned long long)small.comparisons,
		      (unsigned long long)large.comparisons);
	ck_assert_msg((double)large.probes <= 10.5 * (double)small.probes, "%llu probes, then %llu",
		      (unsigned long long)small.probes, (unsigned long long)large.probes);
	ck_assert_msg((double)large.bytes_allocated <= 10.5 * (double)small.bytes_allocated,
		      "%llu bytes, then %llu", (unsigned long long)small.bytes_allocated,
		      (unsigned long long)large.bytes_allocated);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_references_order_makes_and_removals);
	tcase_add_test(tc, test_old_goes_after_its_users_moved);
	tcase_add_test(tc, test_dropped_thing_goes_after_its_user_let_go);
	tcase_add_test(tc, test_weak_reference_orders);
	tcase_add_test(tc, test_weak_references_may_make_a_circle);
	tcase_add_test(tc, test_hard_circle_is_told);
	tcase_add_test(tc, test_a_route_that_got_another_id);
	tcase_add_test(tc, test_a_fixed_name_that_moved);
	tcase_add_test(tc, test_a_key_that_a_replacement_leaves);
	tcase_add_loop_test(tc, test_random_worlds, 0, 40);
	tcase_add_loop_test(tc, test_digraph_keeps_order_and_drops_little, 0, 20);
	tcase_add_test(tc, test_digraph_tells_a_cycle);
	tcase_add_test(tc, test_digraph_tells_the_shortest);
	tcase_add_test(tc, test_digraph_shortest_of_random);
	tcase_add_test(tc, test_digraph_self);
	tcase_add_test(tc, test_digraph_deep);
	tcase_add_test(tc, test_growth_is_linear);
}

int main(void)
{
	return unit_run("graph", fill);
}
