#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str_list list(const char *text)
{
	struct str rest = str_from_c(text), word;
	struct str_list out = { arena_array(&kit.arena, struct str, 8), 0 };

	while (text && str_split(&rest, ' ', &word))
		out.items[out.count++] = word;
	return out;
}

/*
 * Of a created, b updated (Size 1 to 2, Note gone, an environment variable), c replaced (Mode),
 * d deleted, e left as it is.
 */
static void world(void)
{
	kit_add(&kit, "b", kit.thing, "{\"Size\":1,\"Note\":\"n\",\"Nested\":{\"Id\":\"i\"}}");
	kit_add(&kit, "c", kit.thing, "{\"Mode\":\"x\",\"Description\":\"open\"}");
	kit_add(&kit, "d", kit.child, "{}");
	kit_add(&kit, "e", kit.thing, "{\"Size\":2}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Size\":2,\"Set\":[\"p\",\"q\"]}");
	kit_add(&kit, "b", kit.thing, "{\"Size\":2,\"Nested\":{\"Id\":\"i\"},"
		"\"Environment\":{\"Variables\":{\"KEY\":\"v\"}}}");
	kit_add(&kit, "c", kit.thing, "{\"Mode\":\"y\",\"Description\":\"open\"}");
	kit_add(&kit, "e", kit.thing, "{\"Size\":2}");
}

static const struct {
	const char *actions, *types, *addresses, *properties, *values, *within;
	const char *falls;		/* "a b:Size": what falls under it, and for which property */
} rules[] = {
	{ NULL, NULL, NULL, NULL, "[]", "", "a b c d" },
	{ "create", NULL, NULL, NULL, "[]", "", "a" },
	{ "update metadata", NULL, NULL, NULL, "[]", "", "b" },
	{ "replace", NULL, NULL, NULL, "[]", "", "c" },
	{ "delete", NULL, NULL, NULL, "[]", "", "c d" },
	{ NULL, "Test::Kit::*", NULL, NULL, "[]", "", "a b c d" },
	{ NULL, "Test::Kit::Child", NULL, NULL, "[]", "", "d" },
	{ NULL, "test::*", NULL, NULL, "[]", "", "" },
	{ NULL, NULL, "b [c] e", NULL, "[]", "", "b" },
	{ NULL, NULL, "?", NULL, "[]", "module.x.", "" },
	{ NULL, NULL, NULL, "Size", "[]", "", "a:Size b:Size" },
	{ NULL, NULL, NULL, "Size Note", "[2]", "", "a:Size b:Size" },
	{ NULL, NULL, NULL, "Size", "[1]", "", "" },
	{ NULL, NULL, NULL, "Size", "[\"2\"]", "", "" },
	{ NULL, NULL, NULL, "Note", "[]", "", "b:Note" },
	{ NULL, NULL, NULL, "Note", "[\"n\"]", "", "" },
	{ NULL, NULL, NULL, "Nested", "[]", "", "" },
	{ NULL, NULL, NULL, "Set", "[\"q\"]", "", "a:Set[]" },
	{ NULL, NULL, NULL, "Mode", "[]", "", "c:Mode" },
	{ NULL, NULL, NULL, "Mode", "[\"x\"]", "", "" },
	/* A replacement makes it as it is, changed or not. */
	{ NULL, NULL, NULL, "Description", "[]", "", "" },
	{ NULL, NULL, NULL, "Description", "[\"open\"]", "", "c:Description" },
	{ NULL, NULL, NULL, "Environment", "[]", "", "b:Environment.Variables.KEY" },
	{ NULL, NULL, NULL, "Environment.*.KEY", "[]", "", "b:Environment.Variables.KEY" },
	{ NULL, NULL, NULL, "Environment.*.OTHER", "[]", "", "" },
	{ "update", NULL, "a c", "Size", "[2]", "", "" },
};

static struct rule rule_of(size_t i)
{
	return (struct rule){
		.name = STR("r"), .message = STR("no"), .actions = list(rules[i].actions),
		.types = list(rules[i].types), .addresses = list(rules[i].addresses),
		.properties = list(rules[i].properties), .values = kit_json(&kit, rules[i].values),
		.within = str_from_c(rules[i].within), .span = SPAN_NONE,
	};
}

static struct str verdicts(void)
{
	struct buf out;

	buf_init(&out, &kit.arena);
	for (size_t i = 0; i < kit.plan.verdict_count; i++) {
		const struct verdict *v = &kit.plan.verdicts[i];

		buf_printf(&out, "%s%.*s%s%.*s", i ? " " : "",
			   STR_ARG(kit.plan.actions[v->action].address), v->path.length ? ":" : "",
			   STR_ARG(v->path));
	}
	return buf_str(&out);
}

START_TEST(test_falls_under)
{
	struct rule rule = rule_of(_i);

	world();
	kit.model.rules = &rule;
	kit.model.rule_count = 1;
	ck_assert(kit_plan(&kit));
	unit_str_eq(verdicts(), rules[_i].falls);
	ck_assert_uint_eq(kit.plan.denied, kit.plan.verdict_count);
	rule.warns = true;
	ck_assert(kit_plan(&kit));
	unit_str_eq(verdicts(), rules[_i].falls);
	ck_assert_uint_eq(kit.plan.denied, 0);
}
END_TEST

/* What draws up what to look at is no plan yet; a stage that is taken down is. */
START_TEST(test_when_it_is_judged)
{
	struct rule rule = rule_of(4);

	world();
	kit.model.rules = &rule;
	kit.model.rule_count = 1;
	kit.options.draft = true;
	ck_assert(kit_plan(&kit));
	ck_assert_uint_eq(kit.plan.verdict_count, 0);
	kit.options = (struct plan_options){ .destroy = true, .secret_key = kit.options.secret_key };
	ck_assert(kit_plan(&kit));
	unit_str_eq(verdicts(), "b c d e");
}
END_TEST

/* Neither a secret nor what is not known can be tried out by a rule. */
START_TEST(test_what_has_no_value)
{
	struct rule rule = rule_of(11);
	struct resource *a;

	rule.values = kit_json(&kit, "[2]");
	a = kit_add(&kit, "a", kit.thing, "{\"Size\":2}");
	((struct member *)a->properties.map.entries[0].value)->value.marks |= VALUE_SECRET;
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	kit.model.rules = &rule;
	kit.model.rule_count = 1;
	ck_assert(kit_plan(&kit));
	unit_str_eq(verdicts(), "");
	rule.values = value_list(NULL, 0);
	ck_assert(kit_plan(&kit));
	unit_str_eq(verdicts(), "a:Size b:Note");
}
END_TEST

START_TEST(test_said)
{
	struct rule all[2] = { rule_of(1), rule_of(4) };
	struct buf json, page;

	world();
	all[0].warns = true;
	all[0].name = STR("w\033");
	kit.model.rules = all;
	kit.model.rule_count = 2;
	ck_assert(kit_plan(&kit));
	ck_assert(str_contains(kit_text(&kit, false),
			       STR("\ndenied: policy 'r' (): no\n  replace c\n  delete d\n"
				   "\nwarning: policy 'w\\x1b' (): no\n  create a\n")));
	buf_init(&page, &kit.arena);
	review_print_html(&page, &kit.review);
	ck_assert(str_contains(buf_str(&page), STR("<b>denied</b> policy r (): no\n<ul>\n"
						  "<li>replace c</li>\n<li>delete d</li>")));
	buf_init(&json, &kit.arena);
	review_print_json(&json, &kit.review);
	ck_assert(str_contains(buf_str(&json), STR(
		"\"policies\":[\n"
		"  {\"policy\":\"r\",\"level\":\"deny\",\"message\":\"no\",\"matches\":["
		"{\"address\":\"c\",\"action\":\"replace\"},{\"address\":\"d\",\"action\":\"delete\"}]},\n"
		"  {\"policy\":\"w\\u001b\",\"level\":\"warn\",\"message\":\"no\",\"matches\":["
		"{\"address\":\"a\",\"action\":\"create\"}]}\n ]")));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_falls_under, 0, sizeof(rules) / sizeof(*rules));
	tcase_add_test(tc, test_when_it_is_judged);
	tcase_add_test(tc, test_what_has_no_value);
	tcase_add_test(tc, test_said);
}

int main(void)
{
	return unit_run("judge", fill);
}
