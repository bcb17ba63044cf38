#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

static struct str printed(enum graph_format format)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	review_print_graph(&b, &kit.plan, format);
	return buf_str(&b);
}

static void has(struct str text, const char *part)
{
	ck_assert_msg(str_contains(text, str_from_c(part)), "no '%s' in\n%.*s", part,
		      STR_ARG(text));
}

static void has_not(struct str text, const char *part)
{
	ck_assert_msg(!str_contains(text, str_from_c(part)), "'%s' in\n%.*s", part,
		      STR_ARG(text));
}

/* One that stays, one of each that does not, and the edges of what goes. */
static void four(void)
{
	kit_add(&kit, "api", kit.thing, "{\"Size\":512,\"Text\":\"@orders.Arn\"}");
	kit_add(&kit, "legacy", kit.thing, "{\"Text\":\"@orders.Arn\"}");
	kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "api", kit.thing, "{\"Size\":1024,\"Text\":\"@orders.Arn\"}");
	kit_add(&kit, "fresh", kit.thing, "{\"Text\":\"@api.Arn\"}");
	kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"id\"}");
	ck_assert(kit_plan(&kit));
}

START_TEST(test_json)
{
	four();
	unit_str_eq(printed(GRAPH_JSON),
		    "{\"format_version\":\"1.0\",\n \"project\":\"shop\",\n \"stage\":\"dev\",\n"
		    " \"region\":\"eu-west-1\",\n \"nodes\":[\n"
		    "  {\"address\":\"api\",\"label\":\"api\",\"type\":\"Test::Kit::Thing\","
		    "\"action\":\"update\",\"name\":\"shop-dev-api\"},\n"
		    "  {\"address\":\"fresh\",\"label\":\"fresh\",\"type\":\"Test::Kit::Thing\","
		    "\"action\":\"create\",\"name\":\"shop-dev-fresh\"},\n"
		    "  {\"address\":\"legacy\",\"label\":\"legacy\",\"type\":\"Test::Kit::Thing\","
		    "\"action\":\"delete\",\"name\":\"shop-dev-legacy\"},\n"
		    "  {\"address\":\"orders\",\"label\":\"orders\",\"type\":\"Test::Kit::Thing\","
		    "\"action\":\"none\",\"name\":\"shop-dev-orders\"}\n"
		    " ],\n \"edges\":[\n"
		    "  {\"from\":\"api\",\"to\":\"orders\"},\n"
		    "  {\"from\":\"fresh\",\"to\":\"api\"},\n"
		    "  {\"from\":\"legacy\",\"to\":\"orders\"}\n ]}\n");
}
END_TEST

START_TEST(test_drawings)
{
	four();
	has(printed(GRAPH_DOT), "n0 [label=\"api\\nTest::Kit::Thing\\nupdate\"");
	has(printed(GRAPH_DOT), "\tn0 -> n3;\n\tn1 -> n0;\n\tn2 -> n3;\n}\n");
	has(printed(GRAPH_MERMAID), "  n2[\"legacy<br/>Test::Kit::Thing<br/>delete\"]:::delete\n");
	has(printed(GRAPH_MERMAID), "  n0 --> n3\n  n1 --> n0\n  n2 --> n3\n");
	has(printed(GRAPH_MERMAID), "  classDef unchanged ");
	has_not(printed(GRAPH_MERMAID), "  classDef replace ");
}
END_TEST

/* Text of a state or of a type that a user brought may hold anything. */
START_TEST(test_hostile_text_is_no_syntax)
{
	static const char hostile[] = "\"]; x -> y <b>&lt;`\\N#35;%%{\n\x1b[31m\xe2\x80\xae\xff";
	struct str dot, mermaid;

	kit.thing->type = str_from_c(hostile);
	kit_add(&kit, "api", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	dot = printed(GRAPH_DOT);
	has(dot, "api\\n\\\"]; x -> y <b>&amp;lt;`\\\\N#35;%%{\\\\x0a\\\\x1b[31m\\\\u{202e}\\\\xff"
	    "\\ncreate\"");
	mermaid = printed(GRAPH_MERMAID);
	has(mermaid, "  n0[\"api<br/>#34;#93;#59; x -#62; y #60;b#62;#38;lt#59;#96;#92;N#35;35#59;"
	    "#37;#37;#123;#92;x0a#92;x1b#91;31m#92;u#123;202e#125;#92;xff<br/>create\"]:::create\n");
	has_not(mermaid, "\x1b");
}
END_TEST

START_TEST(test_nothing)
{
	ck_assert(kit_plan(&kit));
	has(printed(GRAPH_JSON), "\"nodes\":[],\n \"edges\":[]}\n");
	has(printed(GRAPH_MERMAID), "flowchart LR\n");
	has(printed(GRAPH_DOT), "{\n");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_json);
	tcase_add_test(tc, test_drawings);
	tcase_add_test(tc, test_hostile_text_is_no_syntax);
	tcase_add_test(tc, test_nothing);
}

int main(void)
{
	return unit_run("graph", fill);
}
