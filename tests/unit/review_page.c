#include "html_check.h"
#include "planner_kit.h"

#include "review/layout.h"
#include "review/page.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str page(void)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	review_print_html(&b, &kit.review);
	return buf_str(&b);
}

static size_t count_of(struct str text, const char *part)
{
	size_t count = 0, length = strlen(part);

	for (size_t at; (at = str_find(text, str_from_c(part))) < text.length; count++)
		text = str_slice(text, at + length, text.length);
	return count;
}

static void is_well_formed(struct str text)
{
	size_t at;
	const char *wrong = html_check(&kit.arena, text, &at);

	ck_assert_msg(!wrong, "%s: %.*s", wrong, 60, text.data + at - 1);
}

START_TEST(test_the_check_itself)
{
	static const char *const wrong[] = {
		"<p>a & b</p>", "<p>&nbsp;</p>", "<img src=x>", "<p><b></p></b>", "<p>", "</p>",
		"<p>\x1b</p>", "<p>a<", "<style>a</style><script>b</script><script",
	};
	size_t at;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		ck_assert_msg(html_check(&kit.arena, str_from_c(wrong[i]), &at), "%s", wrong[i]);
	is_well_formed(STR("<style>a>b{}</style><p>a &lt; <b>b</b></p><script>1<2&&x</script>\n"));
}
END_TEST

static void four(void)
{
	kit_add(&kit, "api", kit.thing, "{\"Size\":512,\"Note\":\"@orders.Arn\"}");
	kit_add(&kit, "legacy", kit.thing, "{\"Note\":\"@orders.Arn\"}");
	kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"id\"}")->guard = GUARD_HARD;
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "api", kit.thing, "{\"Size\":1024,\"Note\":\"@orders.Arn\"}");
	kit_add(&kit, "fresh", kit.thing, "{\"Note\":\"@api.Arn\"}");
	kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"tenant\"}")->guard = GUARD_HARD;
	ck_assert(kit_plan(&kit));
}

START_TEST(test_every_action_has_its_line)
{
	struct str text;
	size_t data, deleted, created;

	four();
	text = page();
	is_well_formed(text);
	ck_assert_uint_eq(count_of(text, "<details id="), 4);
	data = str_find(text, STR(">orders</span>"));
	deleted = str_find(text, STR(">legacy</span>"));
	created = str_find(text, STR(">fresh</span>"));
	ck_assert_msg(data < deleted && deleted < created, "%zu %zu %zu", data, deleted, created);
	ck_assert_uint_eq(count_of(text, "class=\"row data\" open"), 1);
	ck_assert_uint_eq(count_of(text, "class=\"node "), 4);
	ck_assert_uint_eq(count_of(text, "--allow-data-loss orders"), 1);
	ck_assert_uint_eq(count_of(text, "default-src 'none'; style-src 'sha256-"), 1);
}
END_TEST

START_TEST(test_the_same_plan_gives_the_same_bytes)
{
	struct str first;

	four();
	first = page();
	unit_str_eq(page(), str_to_c(&kit.arena, first));
}
END_TEST

START_TEST(test_nothing_to_do)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_settle(&kit);
	ck_assert(kit_plan(&kit));
	is_well_formed(page());
	ck_assert_uint_eq(count_of(page(), "<svg"), 0);
	ck_assert(str_contains(page(), STR("1 unchanged</b>, nothing to do")));
}
END_TEST

START_TEST(test_secrets_are_not_shown)
{
	kit_add(&kit, "a", kit.thing, "{\"Environment\":{\"Variables\":{\"KEY\":\"hunter2\"}}}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"AKIAIOSFODNN7EXAMPLE\"}");
	ck_assert(kit_plan(&kit));
	ck_assert(!str_contains(page(), STR("hunter2")));
	ck_assert(!str_contains(page(), STR("AKIAIOSFODNN7EXAMPLE")));
}
END_TEST

static struct str hostile(void)
{
	static const char *const pieces[] = {
		"<script>", "</script>", "<img src=x onerror=alert(1)>", "\"", "'", "&", "&lt;", ">",
		"-->", "]]>", "\n", "\t", "\x1b[31m", "\xe2\x80\xae", "\xff", "\xed\xa0\x80", "\0", "a",
		"style=", "</details>", "</svg>", "javascript:", "{\"a\":\"<b>\"}", "`", "\\",
	};
	struct buf b;

	buf_init(&b, &kit.arena);
	for (int i = rand() % 12; i >= 0; i--)
		buf_add_c(&b, pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))]);
	return buf_str(&b);
}

static const char *hostile_properties(void)
{
	struct str text;
	struct buf b;

	do
		text = hostile();
	while (!str_is_utf8(text));
	buf_init(&b, &kit.arena);
	buf_add_c(&b, "{\"Note\":");
	json_print_string(&b, text);
	buf_add_c(&b, ",\"Set\":[");
	json_print_string(&b, text);
	buf_add_c(&b, "],\"Rules\":[{\"Id\":");
	json_print_string(&b, text);
	buf_printf(&b, ",\"Value\":\"%d\"}]}", rand());
	return str_to_c(&kit.arena, buf_str(&b));
}

START_TEST(test_hostile_text_is_no_markup)
{
	/* The number of the run, which is told where it fails, is its seed. */
	srand((unsigned)_i + 1);
	kit_add(&kit, "api", kit.thing, hostile_properties());
	kit_add(&kit, "gone", kit.thing, hostile_properties())->guard = GUARD_HARD;
	kit_settle(&kit);
	kit_row(&kit, "gone")->source = hostile();
	kit_row(&kit, "gone")->type = hostile();
	kit_row(&kit, "gone")->identifier = hostile();
	kit_row(&kit, "gone")->name = hostile();
	kit_model(&kit);
	kit_add(&kit, "api", kit.thing, hostile_properties());
	kit_add(&kit, "taken", kit.thing, "{}");
	*kit_live(&kit, "taken") = (struct observed){ .seen = SEEN_FOREIGN, .owner = hostile() };
	ck_assert(kit_plan(&kit));
	is_well_formed(page());
}
END_TEST

/* ---- plans of all sizes ---- */

/* A chain. */
static void many(int count)
{
	for (int i = 0; i < count; i++) {
		struct str address = str_format(&kit.arena, "r%05d", i);
		struct resource *r = kit_add(&kit, str_to_c(&kit.arena, address), kit.thing,
			i ? str_to_c(&kit.arena, str_format(&kit.arena, "{\"Note\":\"@r%05d.Arn\"}", i - 1)) : "{}");

		r->kind = i % 2 ? STR("queue") : (struct str){ 0 };
	}
	ck_assert(kit_plan(&kit));
}

START_TEST(test_few_are_drawn_each)
{
	many(60);
	ck_assert_uint_eq(count_of(page(), "class=\"node "), 60);
	ck_assert_uint_eq(count_of(page(), "class=\"edge\""), 59);
	ck_assert(str_contains(page(), STR("All 60 resources.")));
	is_well_formed(page());
}
END_TEST

START_TEST(test_many_are_put_together)
{
	many(61);
	ck_assert(str_contains(page(), STR("Those of a block are one box.")));
	ck_assert_uint_eq(count_of(page(), "class=\"node "), 61);
}
END_TEST

START_TEST(test_a_great_many_are_a_few_boxes)
{
	struct str text;

	many(10000);
	text = page();
	ck_assert(str_contains(text, STR("Those of a type are one box")));
	ck_assert_uint_eq(count_of(text, "class=\"node "), 1);
	ck_assert(str_contains(text, STR("10000 resources: 10000 create")));
	ck_assert(str_contains(text, STR("What each of them sets is left out")));
	ck_assert_uint_eq(count_of(text, "<details id="), 10000);
}
END_TEST

/* ---- the layout ---- */

static struct layout random_layout(unsigned seed, size_t nodes, size_t edges, bool circles)
{
	struct graph_edge *list = arena_array(&kit.arena, struct graph_edge, edges);
	struct layout layout;

	srand(seed);
	for (size_t i = 0; i < edges; i++) {
		uint32_t from = (uint32_t)rand() % (uint32_t)nodes, to = (uint32_t)rand() % (uint32_t)nodes;

		list[i] = circles || from < to ? (struct graph_edge){ from, to } :
						 (struct graph_edge){ to, from };
	}
	layout_make(&kit.arena, nodes, list, edges, &layout);
	return layout;
}

static bool overlap(const struct box *a, const struct box *b)
{
	return a->x < b->x + BOX_WIDTH && b->x < a->x + BOX_WIDTH && a->y < b->y + BOX_HEIGHT &&
	       b->y < a->y + BOX_HEIGHT;
}

static void boxes_lie_apart(const struct layout *layout, size_t nodes)
{
	for (size_t i = 0; i < nodes; i++) {
		const struct box *box = &layout->boxes[i];

		ck_assert(box->x >= 0 && box->y >= 0);
		ck_assert(box->x + BOX_WIDTH <= layout->width && box->y + BOX_HEIGHT <= layout->height);
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(!overlap(box, &layout->boxes[k]), "%zu over %zu", i, k);
	}
}

START_TEST(test_layout_of_random_graphs)
{
	unsigned seed = (unsigned)_i + 1;
	size_t nodes = 1 + seed % 90, edges = seed * 7 % 200;
	struct layout layout = random_layout(seed, nodes, edges, false);
	struct layout again = random_layout(seed, nodes, edges, false);

	boxes_lie_apart(&layout, nodes);
	ck_assert(!memcmp(layout.boxes, again.boxes, nodes * sizeof(*layout.boxes)));
	/* Users stand on the left, and a line starts and ends at its boxes. */
	for (size_t i = 0; i < layout.route_count; i++) {
		const struct route *route = &layout.routes[i];
		const struct box *from = &layout.boxes[route->from], *to = &layout.boxes[route->to];
		const struct point *last = &route->points[route->point_count - 1];

		ck_assert(from->x < to->x);
		ck_assert_int_eq(route->points[0].x, from->x + BOX_WIDTH);
		ck_assert_int_eq(route->points[0].y, from->y + BOX_HEIGHT / 2);
		ck_assert_int_eq(last->x, to->x);
		ck_assert_int_eq(last->y, to->y + BOX_HEIGHT / 2);
		ck_assert_uint_eq(route->point_count % 2, 0);
	}
}
END_TEST

START_TEST(test_layout_of_circles_ends)
{
	struct layout layout = random_layout((unsigned)_i + 1, 40, 120, true);

	boxes_lie_apart(&layout, 40);
}
END_TEST

/* a -> b -> c, and a -> c that follows from them. */
START_TEST(test_an_implied_edge_is_left_out)
{
	const struct graph_edge edges[] = { { 0, 1 }, { 0, 2 }, { 1, 2 }, { 0, 2 }, { 1, 1 } };
	struct layout layout;

	layout_make(&kit.arena, 3, edges, 5, &layout);
	ck_assert_uint_eq(layout.route_count, 2);
	ck_assert_uint_eq(layout.routes[0].to, 1);
	ck_assert_uint_eq(layout.routes[1].from, 1);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_the_check_itself);
	tcase_add_test(tc, test_every_action_has_its_line);
	tcase_add_test(tc, test_the_same_plan_gives_the_same_bytes);
	tcase_add_test(tc, test_nothing_to_do);
	tcase_add_test(tc, test_secrets_are_not_shown);
	tcase_add_loop_test(tc, test_hostile_text_is_no_markup, 0, 60);
	tcase_add_test(tc, test_few_are_drawn_each);
	tcase_add_test(tc, test_many_are_put_together);
	tcase_add_test(tc, test_a_great_many_are_a_few_boxes);
	tcase_add_loop_test(tc, test_layout_of_random_graphs, 0, 40);
	tcase_add_loop_test(tc, test_layout_of_circles_ends, 0, 10);
	tcase_add_test(tc, test_an_implied_edge_is_left_out);
}

int main(void)
{
	return unit_run("page", fill);
}
