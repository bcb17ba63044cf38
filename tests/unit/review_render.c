#include "planner_kit.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* A digest in the text is of everything else: it is cut out so that the rest can be compared. */
static struct str without_digest(struct str text)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	for (struct str line; str_split(&text, '\n', &line);) {
		for (size_t i = 0; i + 8 <= line.length; i++) {
			if (str_equal(str_slice(line, i, i + 8), STR("   plan ")))
				line = str_slice(line, 0, i);
		}
		buf_add(&b, line);
		buf_add_char(&b, '\n');
	}
	return buf_str(&b);
}

static void shows(bool verbose, const char *want)
{
	struct str text = without_digest(kit_text(&kit, verbose));

	for (size_t i = 0; i < kit.plan.action_count; i++) {
		if (kit.plan.actions[i].kind == ACTION_REPLACE)
			text = str_replace(&kit.arena, text, kit.plan.actions[i].name, STR("NAME"));
	}
	unit_str_eq(text, want);
}

static void place(struct resource *r, const char *kind)
{
	r->kind = str_from_c(kind);
}

START_TEST(test_sections_by_harm)
{
	place(kit_add(&kit, "api", kit.thing, "{\"Size\":512}"), "http");
	place(kit_add(&kit, "legacy", kit.thing, "{}"), "queue");
	kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"id\"}")->guard = GUARD_HARD;
	place(kit_add(&kit, "same", kit.thing, "{}"), "queue");
	kit_settle(&kit);
	kit_row(&kit, "legacy")->source = STR("effortless.toml:88:1");
	kit_row(&kit, "orders")->source = STR("effortless.toml:41:1");
	kit_model(&kit);
	place(kit_add(&kit, "api", kit.thing, "{\"Size\":1024}"), "http");
	place(kit_add(&kit, "nightly", kit.thing, "{}"), "schedule");
	place(kit_add(&kit, "orders", kit.thing, "{\"Mode\":\"tenant\"}"), "table");
	kit.model.resources[2].guard = GUARD_HARD;
	place(kit_add(&kit, "same", kit.thing, "{}"), "queue");
	ck_assert(kit_plan(&kit));
	shows(false,
	      "shop/dev  1 to replace, 1 to delete, 1 to update, 1 to create, 1 unchanged\n"
	      "\n"
	      "  DATA AT RISK\n"
	      "  +/- table.orders      Mode \"id\" -> \"tenant\"  effortless.toml:41\n"
	      "      destroys all data in it (not counted)\n"
	      "      Mode cannot change after creation; its name becomes NAME\n"
	      "      to avoid it: leave Mode as it is, or add another block and move the data "
	      "first\n"
	      "\n"
	      "  DELETE\n"
	      "  -   legacy            Test::Kit::Thing\n"
	      "      it is no longer in the spec (it was at effortless.toml:88)\n"
	      "\n"
	      "  CHANGE\n"
	      "  ~   http.api          Size 512 -> 1024\n"
	      "  +   schedule.nightly  Test::Kit::Thing\n"
	      "\n"
	      "blocked: table.orders is protected because it holds data\n"
	      "  allow once: --allow-data-loss orders\n");
}
END_TEST

START_TEST(test_nothing_to_do)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_settle(&kit);
	shows(false, "shop/dev  1 unchanged, nothing to do\n");
}
END_TEST

START_TEST(test_destroy)
{
	place(kit_add(&kit, "a", kit.thing, "{}"), "queue");
	kit_settle(&kit);
	kit.options.destroy = true;
	ck_assert(kit_plan(&kit));
	shows(false,
	      "shop/dev  destroy: 1 to delete\n"
	      "\n"
	      "  DELETE\n"
	      "  -   queue.a  Test::Kit::Thing\n");
}
END_TEST

/* A block that goes takes several rows with it: why stands once, below the last of them. */
START_TEST(test_a_reason_of_several_rows_stands_once)
{
	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{}");
	kit_add(&kit, "c", kit.thing, "{}");
	kit_settle(&kit);
	kit_row(&kit, "a")->source = STR("effortless.toml:8:1");
	kit_row(&kit, "b")->source = STR("effortless.toml:8:1");
	kit_row(&kit, "c")->source = STR("effortless.toml:9:1");
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	shows(false,
	      "shop/dev  3 to delete\n"
	      "\n"
	      "  DELETE\n"
	      "  -   a  Test::Kit::Thing\n"
	      "  -   b  Test::Kit::Thing\n"
	      "      it is no longer in the spec (it was at effortless.toml:8)\n"
	      "  -   c  Test::Kit::Thing\n"
	      "      it is no longer in the spec (it was at effortless.toml:9)\n");
}
END_TEST

START_TEST(test_verbose_lists_properties)
{
	struct str text;

	kit_add(&kit, "a", kit.thing,
		"{\"Size\":1,\"Environment\":{\"Variables\":{\"TOKEN\":\"hunter2\"}}}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	ck_assert(kit_plan(&kit));
	text = kit_text(&kit, true);
	ck_assert(str_contains(text, STR("Size = 1")));
	ck_assert(str_contains(text, STR("Name = \"shop-dev-a\"")));
	ck_assert(str_contains(text, STR("Note = (known after apply)")));
	ck_assert(str_contains(text, STR("Environment = {\"Variables\":\"(sensitive)\"}")));
	ck_assert(!str_contains(text, STR("hunter2")));
}
END_TEST

/* ---- nothing that is secret gets out ---- */

static void all_renderings(struct buf *b)
{
	buf_init(b, &kit.arena);
	review_print_text(b, &kit.review, false, false);
	review_print_text(b, &kit.review, true, true);
	review_print_json(b, &kit.review);
	review_print_nodes(b, &kit.plan);
}

START_TEST(test_environment_is_never_shown)
{
	struct buf b;

	kit_add(&kit, "a", kit.thing, "{\"Environment\":{\"Variables\":{\"A\":\"hunter2\","
		"\"GONE\":\"hunter3\",\"KEPT\":\"hunter4\"}}}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Environment\":{\"Variables\":{\"A\":\"hunter5\","
		"\"NEW\":\"hunter6\",\"KEPT\":\"hunter4\"}}}");
	kit_touch(&kit, "a", "Environment", "{\"Variables\":{\"KEPT\":\"hunter7\"}}");
	ck_assert(kit_plan(&kit));
	all_renderings(&b);
	ck_assert(!str_contains(buf_str(&b), STR("hunter")));
	ck_assert(str_contains(buf_str(&b), STR("Environment.Variables.A (changed)")));
	ck_assert(str_contains(buf_str(&b), STR("Environment.Variables.NEW (set)")));
	ck_assert(str_contains(buf_str(&b), STR("Environment.Variables.GONE (removed)")));
}
END_TEST

START_TEST(test_what_the_driver_calls_secret_is_never_shown)
{
	struct driver driver = *kit.thing->driver;
	struct str secret = STR("Nested.Value");
	struct buf b;

	driver.secret = (struct str_list){ &secret, 1 };
	driver.compare_count = 0;
	kit.thing->driver = &driver;
	kit_add(&kit, "a", kit.thing, "{\"Nested\":{\"Id\":\"x\",\"Value\":\"hunter2\"}}");
	ck_assert(kit_plan(&kit));
	all_renderings(&b);
	kit_apply(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Nested\":{\"Id\":\"x\",\"Value\":\"hunter3\"}}");
	ck_assert(kit_plan(&kit));
	review_print_json(&b, &kit.review);
	review_print_text(&b, &kit.review, false, true);
	ck_assert(!str_contains(buf_str(&b), STR("hunter")));
	ck_assert(str_contains(buf_str(&b), STR("Nested.Value (changed)")));
}
END_TEST

START_TEST(test_marked_values_are_never_shown)
{
	struct value secret = value_string(STR("hunter2"));
	struct resource *r = kit_add(&kit, "a", kit.thing, "{}");
	struct buf b;

	secret.marks = VALUE_SECRET;
	value_set(&kit.arena, &r->properties, STR("Note"), secret);
	ck_assert(kit_plan(&kit));
	all_renderings(&b);
	ck_assert(!str_contains(buf_str(&b), STR("hunter")));
}
END_TEST

/* ---- hostile text ---- */

START_TEST(test_control_characters_do_not_reach_the_terminal)
{
	struct str text;

	kit_add(&kit, "a", kit.thing, "{}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing,
		"{\"Note\":\"\\u001b[31mred\\u202e\\u0085\\r\\n+   fake\"}");
	ck_assert(kit_plan(&kit));
	text = kit_text(&kit, true);
	for (size_t i = 0; i < text.length; i++)
		ck_assert(text.data[i] == '\n' || (unsigned char)text.data[i] >= 0x20);
	ck_assert(!str_contains(text, STR("\xe2\x80\xae")));
	ck_assert(!str_contains(text, STR("\xc2\x85")));
	ck_assert(str_contains(text, STR("\\u{202e}")));
	ck_assert(!str_contains(text, STR("\n+   fake")));
}
END_TEST

START_TEST(test_foreign_owner_is_shown_harmlessly)
{
	kit_live(&kit, "a")->seen = SEEN_FOREIGN;
	kit_live(&kit, "a")->owner = STR("project '\x1b[2J'");
	kit_add(&kit, "a", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	ck_assert(str_contains(kit_text(&kit, false), STR("conflict: a: 'shop-dev-a' exists")));
	ck_assert(str_contains(kit_text(&kit, false), STR("project '\\x1b[2J'")));
}
END_TEST

START_TEST(test_long_values_are_cut_between_characters)
{
	struct str text;

	kit_add(&kit, "a", kit.thing, "{\"Note\":\"x\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Note\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}");
	ck_assert(kit_plan(&kit));
	text = kit_text(&kit, false);
	ck_assert(str_contains(text, STR("..")));
	ck_assert(!str_contains(text, STR("\\x")));
	ck_assert(str_is_utf8(text));
}
END_TEST

START_TEST(test_of_long_documents_only_the_difference_is_shown)
{
	kit_add(&kit, "a", kit.thing, "{\"Policy\":{\"Statement\":[{\"Effect\":\"Allow\","
		"\"Action\":[\"sqs:SendMessage\",\"sqs:GetQueueUrl\"],\"Resource\":\"arn:one\"}]}}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Policy\":{\"Statement\":[{\"Action\":[\"sqs:*\","
		"\"sqs:GetQueueUrl\"],\"Effect\":\"Allow\",\"Resource\":\"arn:two\"}]}}");
	ck_assert(kit_plan(&kit));
	shows(false,
	      "shop/dev  1 to update\n"
	      "\n"
	      "  CHANGE\n"
	      "  ~   a  Policy -\"sqs:SendMessage\" -\"arn:one\" +\"sqs:*\" +\"arn:two\"\n");
}
END_TEST

START_TEST(test_colour_only_if_asked)
{
	struct buf b;

	kit_add(&kit, "a", kit.thing, "{}");
	ck_assert(kit_plan(&kit));
	ck_assert(!str_contains(kit_text(&kit, true), STR("\x1b")));
	buf_init(&b, &kit.arena);
	review_print_text(&b, &kit.review, true, false);
	ck_assert(str_contains(buf_str(&b), STR("\x1b[32m+  \x1b[0m")));
}
END_TEST

/* ---- what looks like a credential ---- */

static const struct { const char *text; bool leaks; } credentials[] = {
	{ "AKIAABCDEFGHIJKLMNOP", true },
	{ "key=ASIAABCDEFGHIJKLMNOP;", true },
	{ "ghp_abcdefghijklmnopqrstuvwxyz0123456789", true },
	{ "xoxb-123456789012-abcdefghij", true },
	{ "-----BEGIN RSA PRIVATE KEY-----", true },
	{ "-----BEGIN PUBLIC KEY-----", false },
	{ "AKIA", false },
	{ "MAKIAABCDEFGHIJKLMNOP", false },
	{ "arn:aws:iam::111122223333:role/shop-dev-api-role", false },
	{ "sha256 of 9f2c41d09f2c41d09f2c41d09f2c41d0", false },
	{ "", false },
};

START_TEST(test_credentials_are_withheld)
{
	const char *text = credentials[_i].text;
	struct buf b;

	kit_add(&kit, "a", kit.thing, "{\"Note\":\"before\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, str_to_c(&kit.arena, str_format(&kit.arena,
		"{\"Note\":\"%s\"}", text)));
	kit_add(&kit, "b", kit.thing, str_to_c(&kit.arena, str_format(&kit.arena,
		"{\"List\":[\"%s\",\"kept\"]}", text)));
	ck_assert(kit_plan(&kit));
	all_renderings(&b);
	ck_assert(str_contains(buf_str(&b), STR("kept")));
	if (text[0])
		ck_assert(str_contains(buf_str(&b), str_from_c(text)) != credentials[_i].leaks);
}
END_TEST

/* ---- numbers in words ---- */

static const struct { int64_t number; const char *count, *bytes; } numbers[] = {
	{ 0, "0", "0 B" },
	{ 999, "999", "999 B" },
	{ 1000, "1000", "1.0 kB" },
	{ 9999, "9999", "9.9 kB" },
	{ 10000, "10.0 k", "10.0 kB" },
	{ 1204411, "1.2 M", "1.2 MB" },
	{ 3402110222, "3.4 G", "3.4 GB" },
	{ INT64_MAX, "922337 T", "922 PB" },
};

/* As a table that is lost has them. */
START_TEST(test_numbers_are_taken_in_at_a_glance)
{
	struct value facts = value_map();
	struct str text;

	kit_add(&kit, "a", kit.thing, "{}")->guard = GUARD_HARD;
	kit_settle(&kit);
	value_set(&kit.arena, &facts, STR("items"), value_int(numbers[_i].number));
	value_set(&kit.arena, &facts, STR("size_bytes"), value_int(numbers[_i].number));
	kit_live(&kit, "a")->facts = facts;
	kit_model(&kit);
	ck_assert(kit_plan(&kit));
	text = kit_text(&kit, false);
	ck_assert_msg(str_contains(text, str_format(&kit.arena, "destroys %s items%s (%s)",
						    numbers[_i].count, _i ? "" :
						    " when last counted", numbers[_i].bytes)),
		      "%.*s", STR_ARG(text));
}
END_TEST

/* ---- JSON ---- */

START_TEST(test_json)
{
	struct error err = { 0 };
	const struct value *actions, *a, *changes;
	struct value v;
	struct buf b;

	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"x\",\"Size\":1}");
	kit_add(&kit, "b", kit.thing, "{\"Role\":\"@a.Id\"}");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "a", kit.thing, "{\"Mode\":\"y\",\"Size\":1}");
	kit_add(&kit, "b", kit.thing, "{\"Role\":\"@a.Id\"}");
	kit_add(&kit, "c", kit.thing, "{\"Size\":3}");
	ck_assert(kit_plan(&kit));
	buf_init(&b, &kit.arena);
	review_print_json(&b, &kit.review);
	ck_assert_msg(json_parse(&kit.arena, buf_str(&b), SPAN_NOWHERE, &v, &err), "%s", err.text);
	unit_str_eq(value_get_str(&v, "format_version"), PLAN_FORMAT_VERSION);
	ck_assert_uint_eq(value_get_str(&v, "digest").length, 64);
	ck_assert_int_eq(value_path(&v, STR("counts.replace"))->integer, 1);
	actions = value_get_c(&v, "actions");
	ck_assert_uint_eq(actions->list.count, 3);
	a = &actions->list.items[0];
	unit_str_eq(value_get_str(a, "address"), "a");
	unit_str_eq(value_get_str(a, "action"), "replace");
	changes = value_get_c(a, "changes");
	unit_str_eq(value_get_str(&changes->list.items[0], "path"), "Mode");
	ck_assert(value_get_c(&changes->list.items[0], "replaces")->boolean);
	a = &actions->list.items[1];
	unit_str_eq(value_get_str(a, "cascade"), "a");
	ck_assert(value_path(a, STR("changes.0.after.unknown")));
	a = &actions->list.items[2];
	ck_assert_int_eq(value_path(a, STR("properties.Size"))->integer, 3);
}
END_TEST

START_TEST(test_empty_json)
{
	struct error err = { 0 };
	struct value v;
	struct buf b;

	ck_assert(kit_plan(&kit));
	buf_init(&b, &kit.arena);
	review_print_json(&b, &kit.review);
	ck_assert_msg(json_parse(&kit.arena, buf_str(&b), SPAN_NOWHERE, &v, &err), "%s", err.text);
	ck_assert_uint_eq(value_get_c(&v, "actions")->list.count, 0);
}
END_TEST

START_TEST(test_graph_lines)
{
	struct buf b;

	kit_add(&kit, "a", kit.thing, "{}");
	kit_add(&kit, "b", kit.thing, "{\"Note\":\"@a.Id\"}");
	ck_assert(kit_plan(&kit));
	buf_init(&b, &kit.arena);
	review_print_nodes(&b, &kit.plan);
	unit_str_eq(buf_str(&b),
		    "0 make create a generation 0 weight 200 ms after nothing\n"
		    "1 make create b generation 0 weight 100 ms after 0\n");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_sections_by_harm);
	tcase_add_test(tc, test_nothing_to_do);
	tcase_add_test(tc, test_destroy);
	tcase_add_test(tc, test_a_reason_of_several_rows_stands_once);
	tcase_add_test(tc, test_verbose_lists_properties);
	tcase_add_test(tc, test_environment_is_never_shown);
	tcase_add_test(tc, test_what_the_driver_calls_secret_is_never_shown);
	tcase_add_test(tc, test_marked_values_are_never_shown);
	tcase_add_test(tc, test_control_characters_do_not_reach_the_terminal);
	tcase_add_test(tc, test_foreign_owner_is_shown_harmlessly);
	tcase_add_test(tc, test_long_values_are_cut_between_characters);
	tcase_add_test(tc, test_of_long_documents_only_the_difference_is_shown);
	tcase_add_test(tc, test_colour_only_if_asked);
	tcase_add_loop_test(tc, test_credentials_are_withheld, 0,
			    sizeof(credentials) / sizeof(*credentials));
	tcase_add_loop_test(tc, test_numbers_are_taken_in_at_a_glance, 0,
			    sizeof(numbers) / sizeof(*numbers));
	tcase_add_test(tc, test_json);
	tcase_add_test(tc, test_empty_json);
	tcase_add_test(tc, test_graph_lines);
}

int main(void)
{
	return unit_run("render", fill);
}
