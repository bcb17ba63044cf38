#include "planner_kit.h"

#include <stdlib.h>
#include <time.h>

#include "markdown_check.h"

/* Plans as comments: what stays at any size, what changed since, and that no text gets out. */

#define MANY 10000
#define SHOWN_BYTES 3000
#define RENDER_LIMIT_MS 2000		/* of a sanitized build on a busy machine; far from square */

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str markdown(size_t max_bytes, struct str previous)
{
	struct review_markdown options = { .max_bytes = max_bytes, .previous = previous };
	const char *wrong;
	struct buf b;
	size_t line;

	buf_init(&b, &kit.arena);
	review_print_markdown(&b, &kit.review, &options);
	wrong = markdown_check(buf_str(&b), &line);
	ck_assert_msg(!wrong, "line %zu: %s\n%.*s", line, wrong,
		      STR_ARG(str_slice(buf_str(&b), 0, SHOWN_BYTES)));
	ck_assert_uint_le(b.length, max_bytes);
	return buf_str(&b);
}

static struct str usual(void)
{
	return markdown(MARKDOWN_USUAL_BYTES, (struct str){ 0 });
}

static void has(struct str text, const char *part)
{
	ck_assert_msg(str_contains(text, str_from_c(part)), "'%s' is not in\n%.*s", part,
		      STR_ARG(str_slice(text, 0, SHOWN_BYTES)));
}

static void lacks(struct str text, const char *part)
{
	ck_assert_msg(!str_contains(text, str_from_c(part)), "'%s' is in\n%.*s", part,
		      STR_ARG(str_slice(text, 0, SHOWN_BYTES)));
}

/* ---- ten thousand changes ---- */

static const char *numbered(const char *name, int i)
{
	return str_to_c(&kit.arena, str_format(&kit.arena, "%s%05d", name, i));
}

/* c: created, d: deleted, r: replaced and at risk, u: updated; how many of each. */
static void plan_many(int created, int deleted, int risked, int updated)
{
	for (int i = 0; i < deleted; i++)
		kit_add(&kit, numbered("d", i), kit.thing, "{}");
	for (int i = 0; i < risked; i++)
		kit_add(&kit, numbered("r", i), kit.thing, "{\"Mode\":\"old\"}")->guard = GUARD_HARD;
	for (int i = 0; i < updated; i++)
		kit_add(&kit, numbered("u", i), kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_model(&kit);
	for (int i = 0; i < created; i++)
		kit_add(&kit, numbered("c", i), kit.thing, "{\"Size\":3}");
	for (int i = 0; i < risked; i++)
		kit_add(&kit, numbered("r", i), kit.thing, "{\"Mode\":\"new\"}")->guard = GUARD_HARD;
	for (int i = 0; i < updated; i++)
		kit_add(&kit, numbered("u", i), kit.thing, "{\"Size\":2}");
	ck_assert(kit_plan(&kit));
}

static void has_all(struct str text, const char *before, const char *name, int count)
{
	for (int i = 0; i < count; i++)
		has(text, str_to_c(&kit.arena, str_format(&kit.arena, "%s%s", before,
							  numbered(name, i))));
}

START_TEST(test_ten_thousand_changes_fit_with_all_that_is_lost)
{
	struct str text;

	plan_many(MANY - 1300, 200, 100, 1000);
	text = usual();
	has_all(text, "", "d", 200);
	has_all(text, "", "r", 100);
	has(text, "+ 8700 × Test::Kit::Thing");
	has(text, "creations counted by type");
	has(text, "data at risk** in 100 resources");
}
END_TEST

START_TEST(test_past_two_hundred_they_are_counted)
{
	struct str text;

	plan_many(10, 5000, 1500, 0);
	text = usual();
	has_all(text, "delete ", "d", 200);
	has_all(text, "replace ", "r", 200);
	lacks(text, "delete d00200");
	has(text, "and **4800 more**");
	has(text, "and **1300 more**");
	has(text, "the first 200 of each list");
	has(text, str_to_c(&kit.arena, kit.review.digest));
}
END_TEST

START_TEST(test_the_smallest_budget_holds)
{
	struct str text;

	plan_many(100, 500, 500, 100);
	text = markdown(MARKDOWN_LEAST_BYTES, (struct str){ 0 });
	has(text, "delete d00000");
	has(text, "replace r00000");
}
END_TEST

static int64_t render_ms(void)
{
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	usual();
	clock_gettime(CLOCK_MONOTONIC, &to);
	return (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000;
}

START_TEST(test_rendering_grows_with_its_plan_alone)
{
	plan_many(MANY - 3000, 1500, 500, 1000);
	ck_assert_int_le(render_ms(), RENDER_LIMIT_MS);
}
END_TEST

/* ---- what changed since ---- */

START_TEST(test_since_the_same)
{
	struct str before;

	kit_add(&kit, "a", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	before = usual();
	has(markdown(MARKDOWN_USUAL_BYTES, before), "Nothing changed since the previous plan.");
}
END_TEST

START_TEST(test_since_names_what_moved)
{
	struct str before, after;

	kit_add(&kit, "a", kit.thing, "{\"Size\":1,\"Mode\":\"x\"}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":1}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":2,\"Mode\":\"x\"}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2}");
	kit_add(&kit, "c", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	before = usual();
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":2,\"Mode\":\"y\"}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":3}");
	kit_add(&kit, "d", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	after = markdown(MARKDOWN_USUAL_BYTES, before);
	has(after, "Changes since the previous plan: **+1 replace**, −1 update. `a` was update, is "
	    "replace, `b` changes otherwise (update), `d` is new (create); 1 no longer in it.");
}
END_TEST

/* Whoever wrote it: a comment may be cut, quoted, or made to mislead. */
START_TEST(test_since_a_damaged_comment)
{
	static const char *const damaged[] = {
		"x", "<!-- effc:plan v1", "<!-- effc:plan v1 -->\n",
		"<!-- effc:plan v1 stack=shop/dev digest=00 counts=1,2 -->\n<!-- effc:actions v1 -->\n",
		"<!-- effc:plan v1 stack=shop/dev digest=0000000000000000000000000000000000000000000000"
		"000000000000000000 counts=0,0,0,0,0,1,0 -->\n<!-- effc:actions v1 c:AAAA -->\n",
		"<!-- effc:plan v1 stack=shop/dev digest=0000000000000000000000000000000000000000000000"
		"000000000000000000 counts=0,0,0,0,0,0,0 -->\n<!-- effc:actions v1 c:AAAAAAAAAA -->\n",
		"> <!-- effc:plan v1 stack=a/b -->",
	};

	kit_add(&kit, "a", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++)
		has(markdown(MARKDOWN_USUAL_BYTES, str_from_c(damaged[i])),
		    "The previous plan cannot be compared with");
}
END_TEST

START_TEST(test_since_every_cut_of_a_comment)
{
	struct str before;

	for (int i = 0; i < 12; i++)
		kit_add(&kit, numbered("n", i), kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	before = usual();
	for (size_t cut = 1; cut < before.length && cut < 400; cut++)
		markdown(MARKDOWN_USUAL_BYTES, str_slice(before, 0, cut));
	has(markdown(MARKDOWN_USUAL_BYTES, str_replace(&kit.arena, before, STR("\n"), STR("\r\n"))),
	    "Nothing changed");
	has(markdown(MARKDOWN_USUAL_BYTES, str_replace(&kit.arena, before, STR("shop/dev"),
						       STR("shop/prod"))), "of another stack");
}
END_TEST

/* ---- hostile text ---- */

static const char *const pieces[] = {
	"`", "``", "```", "~~~", "|", "\\", "\\|", "<", ">", "</details>", "<!--", "-->", "<code>",
	"</code>", "&#96;", "&amp;", "@octocat", "#12", "!7", "GH-3", "[a](http://x.example)", "![i](u)",
	"http://x.example", "www.x.example", "\n", "\r\n", "\t", "*", "_", "$x$", ":tada:", "# ",
	"| a | b |", "\x1b[31m", "\xe2\x80\xae", "\xff", "\xc3", "\xf0\x9f\x94\xb4", "deadbeef1",
	"/close", "- [ ] x", "plain words", " ", "", "'", "\"", "abcdefghij", "\xe2\x80\xa8",
};

static struct str hostile(void)
{
	struct buf b;
	int count = rand() % 8;

	buf_init(&b, &kit.arena);
	for (int i = 0; i < count; i++) {
		const char *piece = pieces[(size_t)rand() % (sizeof(pieces) / sizeof(*pieces))];

		for (int k = rand() % 40 ? 1 : 300; k > 0; k--)
			buf_add_c(&b, piece);
	}
	return buf_str(&b);
}

static struct value hostile_value(void)
{
	struct value v = value_map();

	if (rand() % 3)
		return value_string(hostile());
	value_set(&kit.arena, &v, hostile(), value_string(hostile()));
	return v;
}

static void spoil_item(struct review_item *item)
{
	struct str *const texts[] = {
		&item->label, &item->type, &item->place, &item->region, &item->name,
		&item->name_before, &item->identifier, &item->reason, &item->cascade,
		&item->address, &item->order, &item->loss, &item->remedy, &item->conflict,
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (texts[i]->length || rand() % 4 == 0)
			*texts[i] = hostile();
	}
	for (size_t i = 0; i < item->change_count; i++) {
		item->changes[i].path = hostile();
		item->changes[i].rule = hostile();
		item->changes[i].before = hostile_value();
		item->changes[i].after = hostile_value();
	}
	if (item->kind == ACTION_CREATE)
		value_set(&kit.arena, &item->properties, hostile(), hostile_value());
}

static void spoil_existing(struct review *review)
{
	struct review_existing *x = arena_new(&kit.arena, struct review_existing);

	*x = (struct review_existing){
		.name = hostile(), .type = hostile(), .project = hostile(), .stage = hostile(),
		.conflict = hostile(), .values = value_map(),
	};
	value_set(&kit.arena, &x->values, hostile(), hostile_value());
	review->existing = x;
	review->existing_count = 1;
}

static void spoil_permissions(struct review *review)
{
	struct permission_row *row = arena_new(&kit.arena, struct permission_row);
	struct str *names = arena_array(&kit.arena, struct str, 2);

	names[0] = hostile();
	names[1] = hostile();
	*row = (struct permission_row){
		.wider = rand() % 2, .everyone = rand() % 4 == 0, .principal = hostile(),
		.actions = { names, 2 }, .on = { names, 2 }, .condition = hostile(),
		.notes = (uint32_t)rand() % (1 << NOTES), .address = hostile(),
	};
	review->permissions.rows = row;
	review->permissions.count = review->permissions.wider = 1;
	review->permissions.public = (size_t)rand() % 2;
}

START_TEST(test_hostile_text_stays_in_its_place)
{
	const char *given = getenv("EFFC_SEED");
	unsigned seed = given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);
	struct str before;

	printf("EFFC_SEED=%u\n", seed);
	srand(seed);
	plan_many(4, 3, 3, 4);
	before = usual();
	for (int round = 0; round < 300; round++) {
		for (size_t i = 0; i < kit.review.item_count; i++)
			spoil_item(&kit.review.items[i]);
		spoil_existing(&kit.review);
		spoil_permissions(&kit.review);
		kit.review.project = hostile();
		kit.review.stage = hostile();
		kit.review.meant_stage = hostile();
		kit.review.new_stage = rand() % 2;
		kit.review.counts.conflicts = (size_t)rand() % 3;
		markdown(round % 2 ? MARKDOWN_LEAST_BYTES : MARKDOWN_USUAL_BYTES,
			 rand() % 2 ? before : hostile());
	}
}
END_TEST

/* The checker itself sees what gets out. */
START_TEST(test_the_checker_sees_what_gets_out)
{
	static const char *const bad[] = {
		"@octocat\n", "| a | b |\n", "#### `a` <b>\n", "http://x\n", "text `open\n",
		"<details><summary>[x](y)</summary>\n", "```diff\n+ a\n", "see #12\n", "a_b\n",
		"| a |\n|---|\n| b | c |\n", "```\n\x1b\n```\n", "<code>|</code>\n", "x.example\n",
	};
	struct str head;
	size_t line;

	ck_assert(kit_plan(&kit));
	head = usual();
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_msg(markdown_check(STR_JOIN(&kit.arena, head, str_from_c(bad[i])), &line),
			      "it takes %s", bad[i]);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, test_ten_thousand_changes_fit_with_all_that_is_lost);
	tcase_add_test(tc, test_past_two_hundred_they_are_counted);
	tcase_add_test(tc, test_the_smallest_budget_holds);
	tcase_add_test(tc, test_rendering_grows_with_its_plan_alone);
	tcase_add_test(tc, test_since_the_same);
	tcase_add_test(tc, test_since_names_what_moved);
	tcase_add_test(tc, test_since_a_damaged_comment);
	tcase_add_test(tc, test_since_every_cut_of_a_comment);
	tcase_add_test(tc, test_hostile_text_stays_in_its_place);
	tcase_add_test(tc, test_the_checker_sees_what_gets_out);
}

int main(void)
{
	return unit_run("markdown", fill);
}
