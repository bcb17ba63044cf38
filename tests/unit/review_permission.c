#include "planner_kit.h"

#include "review/glob.h"
#include "review/permission_rows.h"
#include "schemas/permissions.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

/* ---- globs ---- */

static const struct glob_case {
	const char *general, *special;
	bool contains, overlap;
} glob_cases[] = {
	{ "*", "s3:*", true, true },
	{ "s3:*", "*", false, true },
	{ "s3:get*", "s3:getobject", true, true },
	{ "s3:getobject", "s3:get*", false, true },
	{ "s3:get*", "s3:put*", false, false },
	{ "a?", "a*", false, true },
	{ "a*", "a?", true, true },
	{ "?*", "*?", true, true },
	{ "*?", "?*", true, true },
	{ "a*?", "a?", true, true },
	{ "a?*", "a*a", true, true },
	{ "*a*", "*ba*", true, true },
	{ "*ab*", "*a*b*", false, true },
	{ "*a*b*", "*ab*", true, true },
	{ "??*", "?*?", true, true },
	{ "??*", "?*", false, true },
	{ "a*b", "b*a", false, false },
	{ "a*", "*a", false, true },
	{ "", "", true, true },
	{ "", "*", false, true },
	{ "*", "", true, true },
	{ "arn:*:table/a*", "arn:x:table/ab", true, true },
	{ "arn:*:table/a*", "arn:x:*:table/ab?", true, true },
	{ "*aaaaaaaa?", "*a*a*a*a*a*a*a*a*a*a*", false, true },
};

START_TEST(test_globs)
{
	const struct glob_case *c = &glob_cases[_i];
	struct str general = str_from_c(c->general), special = str_from_c(c->special);

	ck_assert_msg(glob_contains(general, special) == c->contains, "'%s' contains '%s'?",
		      c->general, c->special);
	ck_assert_msg(glob_overlap(general, special) == c->overlap, "'%s' meets '%s'?",
		      c->general, c->special);
	ck_assert_msg(glob_overlap(special, general) == c->overlap, "'%s' meets '%s'?",
		      c->special, c->general);
}
END_TEST

/* ---- chance ---- */

static uint32_t seed;

static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void start_chance(void)
{
	const char *given = getenv("EFFC_SEED");

	seed = given ? (uint32_t)strtoul(given, NULL, 10) : 20261130u;
	printf("EFFC_SEED=%u\n", seed);
}

static struct str random_text(const char *letters, size_t length)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	for (size_t i = 0; i < length; i++)
		buf_add_char(&b, letters[chance((uint32_t)strlen(letters))]);
	return buf_str(&b);
}

/* Every text of a few letters: what a glob takes is what it says. */
START_TEST(test_globs_against_their_texts)
{
	static const char letters[] = "abz";

	start_chance();
	for (int round = 0; round < 600; round++) {
		struct str g = random_text("ab*?", chance(5)), s = random_text("ab*?", chance(5));
		bool all = true, some = false;

		for (size_t length = 0; length <= 6; length++) {
			size_t texts = 1;

			for (size_t i = 0; i < length; i++)
				texts *= 3;
			for (size_t n = 0; n < texts; n++) {
				char text[8];
				struct str t = { text, length };

				for (size_t i = 0, rest = n; i < length; i++, rest /= 3)
					text[i] = letters[rest % 3];
				if (!str_matches(s, t))
					continue;
				all = all && str_matches(g, t);
				some = some || str_matches(g, t);
			}
		}
		ck_assert_msg(glob_contains(g, s) == all, "'%.*s' contains '%.*s'? %d", STR_ARG(g),
			      STR_ARG(s), all);
		ck_assert_msg(glob_overlap(g, s) == some, "'%.*s' meets '%.*s'? %d", STR_ARG(g),
			      STR_ARG(s), some);
	}
}
END_TEST

/* ---- two documents of one role ---- */

static struct permission_delta difference(const char *before, const char *after)
{
	static struct str sources[1];
	struct subtraction s = { .a = &kit.arena, .account = STR("111122223333"),
				 .sources = sources };
	struct grant_reader reader = {
		.a = &kit.arena, .scope = STR("may r"), .principal = STR("of:r"),
		.principal_shown = STR("r"), .resource = STR("*"), .resource_shown = STR("*"),
	};
	struct permission_delta delta;
	struct value document;

	sources[0] = STR("r");
	document = kit_json(&kit, before);
	grants_read(&reader, &document, &s.before);
	document = kit_json(&kit, after);
	grants_read(&reader, &document, &s.after);
	permission_rows(&s, &delta);
	return delta;
}

/* "+ r s3:GetObject on b/x (wildcard action)"; one row a line. */
static struct str told(const struct permission_delta *delta)
{
	struct buf b;

	buf_init(&b, &kit.arena);
	for (size_t i = 0; i < delta->count; i++) {
		const struct permission_row *row = &delta->rows[i];

		buf_printf(&b, "%s%s %.*s ", i ? "\n" : "", row->wider ? "+" : "-",
			   STR_ARG(row->principal));
		buf_add(&b, str_join(&kit.arena, STR(", "), row->actions.items,
				     row->actions.count));
		buf_add_c(&b, " on ");
		buf_add(&b, str_join(&kit.arena, STR(", "), row->on.items, row->on.count));
		for (int n = 0; n < NOTES; n++)
			if (row->notes & (1u << n))
				buf_printf(&b, " [%s]", permission_note_text(
					   (enum permission_note)(1u << n), row->wider));
		if (row->condition.length)
			buf_printf(&b, " if %.*s", STR_ARG(row->condition));
	}
	return buf_str(&b);
}

#define ALLOW(actions, resources) \
	"{\"Effect\":\"Allow\",\"Action\":" actions ",\"Resource\":" resources "}"
#define DENY(actions, resources) \
	"{\"Effect\":\"Deny\",\"Action\":" actions ",\"Resource\":" resources "}"
#define IF(actions, resources, condition) \
	"{\"Effect\":\"Allow\",\"Action\":" actions ",\"Resource\":" resources \
	",\"Condition\":" condition "}"
#define POLICY(statements) "{\"Statement\":[" statements "]}"

static const struct document_case {
	const char *before, *after, *rows;
} document_cases[] = {
	{ POLICY(ALLOW("\"s3:GetObject\"", "\"b/x\"")), POLICY(ALLOW("[\"s3:getobject\"]", "[\"b/x\"]")),
	  "" },
	{ POLICY(""), POLICY(ALLOW("[\"s3:PutObject\",\"s3:GetObject\"]", "[\"b/x\",\"b/y\"]")),
	  "+ r s3:GetObject, s3:PutObject on b/x, b/y" },
	{ POLICY(ALLOW("\"s3:*\"", "\"b/*\"")), POLICY(ALLOW("\"s3:GetObject\"", "\"b/x\"")),
	  "- r s3:* on b/* [wildcard action]" },
	{ POLICY(ALLOW("\"s3:GetObject\"", "\"b/x\"")), POLICY(ALLOW("\"s3:*\"", "\"*\"")),
	  "+ r s3:* on * [wildcard action] [wildcard resource]" },
	{ POLICY(ALLOW("\"s3:*\"", "\"*\"") "," DENY("\"s3:Put*\"", "\"b/*\"")),
	  POLICY(ALLOW("\"s3:*\"", "\"*\"")), "+ r s3:Put* on b/* [no longer denied]" },
	{ POLICY(ALLOW("\"s3:*\"", "\"*\"")),
	  POLICY(ALLOW("\"s3:*\"", "\"*\"") "," DENY("\"s3:Put*\"", "\"b/*\"")),
	  "- r s3:Put* on b/* [denied]" },
	{ POLICY(DENY("\"s3:*\"", "\"*\"")),
	  POLICY(DENY("\"s3:*\"", "\"*\"") "," ALLOW("\"s3:GetObject\"", "\"b\"")), "" },
	{ POLICY(IF("\"s3:GetObject\"", "\"b\"", "{\"StringEquals\":{\"k\":\"1\"}}")),
	  POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")),
	  "+ r s3:GetObject on b [condition removed or changed]" },
	{ POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")),
	  POLICY(IF("\"s3:GetObject\"", "\"b\"", "{\"StringEquals\":{\"k\":\"1\"}}")),
	  "- r s3:GetObject on b [on a new condition]" },
	{ POLICY(""), POLICY(ALLOW("\"iam:PassRole\"", "\"arn:aws:iam::111122223333:role/x\"")),
	  "+ r iam:PassRole on arn:aws:iam::111122223333:role/x [passes a role]" },
	{ POLICY(""), POLICY(ALLOW("\"sts:AssumeRole\"", "\"arn:aws:iam::999999999999:role/x\"")),
	  "+ r sts:AssumeRole on arn:aws:iam::999999999999:role/x [another account]" },
	{ POLICY(""), POLICY(ALLOW("\"kms:Decrypt\"", "\"k\"")), "+ r kms:Decrypt on k [decrypts]" },
	{ POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")),
	  POLICY("{\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\"],\"Resource\":\"*\"}"),
	  "+ r all but iam:* on * [wildcard action] [wildcard resource]" },
	{ POLICY("{\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\"],\"Resource\":\"*\"}"),
	  POLICY(ALLOW("\"s3:*\"", "\"*\"")),
	  "- r all but iam:* on * [wildcard action] [wildcard resource]" },
	{ POLICY("{\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\",\"s3:*\"],\"Resource\":\"*\"}"),
	  POLICY("{\"Effect\":\"Allow\",\"NotAction\":[\"iam:*\"],\"Resource\":\"*\"}"),
	  "+ r all but iam:* on * [wildcard action] [wildcard resource]" },
	{ POLICY(""), "{\"Statement\":{\"Effect\":\"Permit\"}}",
	  "+ (see the policy) (a policy in another form) on * [not looked into]" },
	{ "\"not a policy\"", "\"not a policy\"", "" },
};

START_TEST(test_documents)
{
	const struct document_case *c = &document_cases[_i];
	struct permission_delta delta = difference(c->before, c->after);

	unit_str_eq(told(&delta), c->rows);
}
END_TEST

/* ---- random documents, against what an evaluation says ---- */

static const char *const actions[] = { "s:a", "s:ab", "s:b", "t:a", "t:c" };
static const char *const resources[] = { "x", "x/1", "x/2", "y", "y/1" };
static const char *const action_globs[] = { "s:a", "s:ab", "t:c", "s:a*", "s:*", "?:a", "*" };
static const char *const resource_globs[] = { "x", "x/1", "y/1", "x*", "x/?", "*/1", "*" };

static void add_random_list(struct buf *out, const char *const *globs, size_t count)
{
	uint32_t items = 1 + chance(2);

	buf_add_char(out, '[');
	for (uint32_t i = 0; i < items; i++)
		buf_printf(out, "%s\"%s\"", i ? "," : "", globs[chance((uint32_t)count)]);
	buf_add_char(out, ']');
}

static void add_random_statement(struct buf *out)
{
	buf_printf(out, "{\"Effect\":\"%s\",\"%s\":", chance(4) ? "Allow" : "Deny",
		   chance(6) ? "Action" : "NotAction");
	add_random_list(out, action_globs, COUNT_OF(action_globs));
	buf_printf(out, ",\"%s\":", chance(6) ? "Resource" : "NotResource");
	add_random_list(out, resource_globs, COUNT_OF(resource_globs));
	if (!chance(3))
		buf_printf(out, ",\"Condition\":{\"StringEquals\":{\"k%u\":\"1\"}}", chance(2));
	buf_add_char(out, '}');
}

static const char *random_policy(void)
{
	uint32_t count = chance(4);
	struct buf b;

	buf_init(&b, &kit.arena);
	buf_add_c(&b, "{\"Statement\":[");
	for (uint32_t i = 0; i < count; i++) {
		buf_add_c(&b, i ? "," : "");
		add_random_statement(&b);
	}
	buf_add_c(&b, "]}");
	return b.data;
}

struct access {
	struct str action, resource;
	unsigned holds;			/* bits: k0, k1 */
};

static bool list_takes(const struct value *list, struct str text)
{
	for (size_t i = 0; i < list->list.count; i++)
		if (str_matches(list->list.items[i].string, text))
			return true;
	return false;
}

static bool part_takes(const struct value *statement, const char *name, const char *not_name,
		       struct str text)
{
	const struct value *list = value_get_c(statement, name);

	return list ? list_takes(list, text) : !list_takes(value_get_c(statement, not_name), text);
}

static bool condition_holds(const struct value *condition, unsigned holds)
{
	const struct value *keys = condition ? value_get_c(condition, "StringEquals") : NULL;

	if (!keys)
		return true;
	return holds & (value_get_c(keys, "k0") ? 1u : 2u);
}

static bool allows(const char *policy, const struct access *x)
{
	struct value document = kit_json(&kit, policy);
	const struct value *all = value_get_c(&document, "Statement");
	bool allowed = false;

	for (size_t i = 0; i < all->list.count; i++) {
		const struct value *s = &all->list.items[i];

		if (!part_takes(s, "Action", "NotAction", x->action) ||
		    !part_takes(s, "Resource", "NotResource", x->resource) ||
		    !condition_holds(value_get_c(s, "Condition"), x->holds))
			continue;
		if (str_equal_c(value_get_str(s, "Effect"), "Deny"))
			return false;
		allowed = true;
	}
	return allowed;
}

/* "all but a, b" takes what none of them does. */
static bool told_takes(const struct str_list *texts, struct str text)
{
	for (size_t i = 0; i < texts->count; i++) {
		struct str rest = texts->items[i], part;
		bool except = str_starts(rest, STR("all but ")), any = false;

		if (except)
			rest = str_slice(rest, 8, rest.length);
		while (str_split(&rest, ',', &part))
			any = any || str_matches(str_trim(part), text);
		if (any != except)
			return true;
	}
	return false;
}

static bool is_told(const struct permission_delta *delta, bool wider, const struct access *x)
{
	for (size_t i = 0; i < delta->count; i++) {
		const struct permission_row *row = &delta->rows[i];
		struct value condition = row->condition.length ?
					 kit_json(&kit, row->condition.data) : value_null();

		if (row->wider == wider && told_takes(&row->actions, x->action) &&
		    told_takes(&row->on, x->resource) &&
		    condition_holds(row->condition.length ? &condition : NULL, x->holds))
			return true;
	}
	return false;
}

static void check_access(const char *before, const char *after,
			 const struct permission_delta *delta, const struct access *x)
{
	bool was = allows(before, x), is = allows(after, x);

	if (was != is)
		ck_assert_msg(is_told(delta, is, x), "%s %.*s on %.*s (%u) is not told\n%s\n%s",
			      is ? "wider" : "narrower", STR_ARG(x->action), STR_ARG(x->resource),
			      x->holds, before, after);
}

/* Whatever an evaluation of both documents finds allowed anew, or no more, is told. */
START_TEST(test_no_change_is_missed)
{
	start_chance();
	for (int round = 0; round < 600; round++) {
		uint32_t at = seed;
		const char *before = random_policy(), *after = random_policy();
		struct permission_delta delta = difference(before, after);
		struct permission_delta same = difference(before, before);

		if (same.count)
			printf("EFFC_SEED=%u\n", at);
		ck_assert_msg(same.count == 0, "%s differs from itself", before);
		for (size_t i = 0; i < COUNT_OF(actions) * COUNT_OF(resources) * 4; i++) {
			struct access x = {
				str_from_c(actions[i / 4 % COUNT_OF(actions)]),
				str_from_c(resources[i / 4 / COUNT_OF(actions)]), i % 4,
			};

			check_access(before, after, &delta, &x);
		}
		if (round % 50 == 0) {
			teardown();
			setup();
		}
	}
}
END_TEST

/* Where every name is exact, nothing is told that did not change. */
START_TEST(test_nothing_is_made_up)
{
	start_chance();
	for (int round = 0; round < 300; round++) {
		const char *policies[2];
		struct permission_delta delta;

		for (int k = 0; k < 2; k++) {
			struct buf b;

			buf_init(&b, &kit.arena);
			buf_printf(&b, "{\"Statement\":[");
			for (uint32_t i = 0, count = chance(4); i < count; i++)
				buf_printf(&b, "%s" ALLOW("[\"%s\"]", "[\"%s\"]"), i ? "," : "",
					   actions[chance(5)], resources[chance(5)]);
			buf_add_c(&b, "]}");
			policies[k] = b.data;
		}
		delta = difference(policies[0], policies[1]);
		for (size_t i = 0; i < delta.count; i++) {
			const struct permission_row *row = &delta.rows[i];

			for (size_t n = 0; n < row->actions.count * row->on.count; n++) {
				struct access x = { row->actions.items[n % row->actions.count],
						    row->on.items[n / row->actions.count], 0 };

				ck_assert(allows(policies[row->wider ? 1 : 0], &x));
				ck_assert(!allows(policies[row->wider ? 0 : 1], &x));
			}
		}
	}
}
END_TEST

/* One action on thousands of things is one row. */
START_TEST(test_many_resources)
{
	struct permission_delta delta;
	struct buf b;

	buf_init(&b, &kit.arena);
	buf_add_c(&b, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"s:a\",\"Resource\":[");
	for (int i = 0; i < 4000; i++)
		buf_printf(&b, "%s\"r%d\"", i ? "," : "", i);
	buf_add_c(&b, "]}}");
	delta = difference(POLICY(""), b.data);
	ck_assert_uint_eq(delta.count, 1);
	ck_assert_uint_eq(delta.rows[0].on.count, 4000);
	delta = difference(b.data, b.data);
	ck_assert_uint_eq(delta.count, 0);
}
END_TEST

/* No text passes for the end of another: both things are told. */
START_TEST(test_hostile_names)
{
	struct permission_delta delta;

	delta = difference(POLICY(""), POLICY(IF("\"s:a\"", "\"x\\n{}\"", "{\"A\":{\"b\":\"c\"}}") ","
					      ALLOW("\"s:b\"", "\"x\"")));
	ck_assert_uint_eq(delta.count, 2);
	delta = difference(POLICY(""), POLICY(ALLOW("\"s:a\\nx\"", "\"y\"") "," ALLOW("\"s:a\"", "\"x\\ny\"")));
	ck_assert_uint_eq(delta.count, 2);
}
END_TEST

/* Lists that would be millions of grants are told as one. */
START_TEST(test_enormous_statement)
{
	struct permission_delta delta;
	struct buf b;

	buf_init(&b, &kit.arena);
	buf_add_c(&b, "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[");
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "%s\"s:a%d\"", i ? "," : "", i);
	buf_add_c(&b, "],\"Resource\":[");
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "%s\"r%d\"", i ? "," : "", i);
	buf_add_c(&b, "]}}");
	delta = difference(POLICY(""), b.data);
	ck_assert_uint_eq(delta.count, 1);
	delta = difference(b.data, b.data);
	ck_assert_uint_eq(delta.count, 0);
}
END_TEST

/* ---- of a plan ---- */

static struct permission_rule rules[] = {
	{ .kind = PERMISSION_IDENTITY, .at = STR_INIT("Settings") },
	{ .kind = PERMISSION_TRUST, .at = STR_INIT("Trust") },
};

static void bear_permissions(void)
{
	kit.thing->permissions = rules;
	kit.thing->permission_count = COUNT_OF(rules);
}

START_TEST(test_of_a_plan)
{
	struct permission_delta delta;

	bear_permissions();
	kit_add(&kit, "one", kit.thing,
		"{\"Settings\":" POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")) "}");
	ck_assert(kit_plan(&kit));
	permission_delta_make(&kit.arena, &kit.plan, &delta);
	unit_str_eq(told(&delta), "+ one s3:GetObject on b");
	unit_str_eq(delta.rows[0].address, "one");
	kit_settle(&kit);
	kit_model(&kit);
	kit_add(&kit, "one", kit.thing,
		"{\"Settings\":" POLICY(ALLOW("\"s3:PutObject\"", "\"b\"")) "}");
	ck_assert(kit_plan(&kit));
	permission_delta_make(&kit.arena, &kit.plan, &delta);
	unit_str_eq(told(&delta), "+ one s3:PutObject on b\n- one s3:GetObject on b");
}
END_TEST

/* What was widened behind its back is taken away again, and the plan says so. */
START_TEST(test_of_what_moved_outside)
{
	struct permission_delta delta;

	bear_permissions();
	kit_add(&kit, "one", kit.thing,
		"{\"Settings\":" POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")) "}");
	kit_settle(&kit);
	kit_touch(&kit, "one", "Settings",
		  POLICY(ALLOW("\"s3:GetObject\"", "\"b\"") "," ALLOW("\"s3:*\"", "\"c\"")));
	kit_model(&kit);
	kit_add(&kit, "one", kit.thing,
		"{\"Settings\":" POLICY(ALLOW("\"s3:GetObject\"", "\"b\"")) "}");
	ck_assert(kit_plan(&kit));
	permission_delta_make(&kit.arena, &kit.plan, &delta);
	unit_str_eq(told(&delta), "- one s3:* on c [wildcard action]");
}
END_TEST

/* What is not known yet is named by what it is of; a replacement keeps its name. */
START_TEST(test_of_what_is_made)
{
	struct permission_delta delta;

	bear_permissions();
	kit_add(&kit, "a", kit.fixed, "{\"Key\":\"k\"}");
	kit_add(&kit, "one", kit.thing,
		"{\"Settings\":{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\","
		"\"Resource\":\"@a.Arn\"}]}}");
	ck_assert(kit_plan(&kit));
	permission_delta_make(&kit.arena, &kit.plan, &delta);
	ck_assert_uint_eq(delta.count, 1);
	ck_assert_uint_eq(delta.wider, 1);
	unit_str_eq(delta.rows[0].on.items[0], "a");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, test_globs, 0, COUNT_OF(glob_cases));
	tcase_add_test(tc, test_globs_against_their_texts);
	tcase_add_loop_test(tc, test_documents, 0, COUNT_OF(document_cases));
	tcase_add_test(tc, test_no_change_is_missed);
	tcase_add_test(tc, test_nothing_is_made_up);
	tcase_add_test(tc, test_enormous_statement);
	tcase_add_test(tc, test_many_resources);
	tcase_add_test(tc, test_hostile_names);
	tcase_add_test(tc, test_of_a_plan);
	tcase_add_test(tc, test_of_what_moved_outside);
	tcase_add_test(tc, test_of_what_is_made);
}

int main(void)
{
	return unit_run("review_permission", fill);
}
