#include "compiler_case.h"

/* Addresses round-trip; names fit what a service allows and say what is wrong. */
static const struct {
	const char *text, *module, *id, *key, *part;
} addresses[] = {
	{ "orders", "", "orders", NULL, "" },
	{ "createOrder/role", "", "createOrder", NULL, "role" },
	{ "stage/api_stage", "", "stage", NULL, "api_stage" },
	{ "private['a']", "", "private", "a", "" },
	{ "private['eu-west-1.a_b']/role", "", "private", "eu-west-1.a_b", "role" },
	{ "module.cdn.site", "cdn", "site", NULL, "" },
	{ "module.cdn.inner.site['x']/logs", "cdn.inner", "site", "x", "logs" },
};

START_TEST(addresses_parse)
{
	struct arena a;
	struct address address;

	arena_init(&a);
	ck_assert(address_parse(&a, str_from_c(addresses[_i].text), &address));
	unit_str_eq(address.module, addresses[_i].module);
	unit_str_eq(address.id, addresses[_i].id);
	ck_assert(address.has_key == (addresses[_i].key != NULL));
	unit_str_eq(address.key, addresses[_i].key ? addresses[_i].key : "");
	unit_str_eq(address.part, addresses[_i].part);
	unit_str_eq(address_text(&a, &address), addresses[_i].text);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *given, *plain;
} shown[] = {
	{ "table.orders", "orders" },
	{ "http.createOrder/role", "createOrder/role" },
	{ "table.orders['a.b']/logs", "orders['a.b']/logs" },
	{ "queue.ord*", "ord*" },
	{ "module.cdn.bucket.site['x']", "module.cdn.site['x']" },
	{ "AWS.SQS.Queue.failed", "failed" },
	{ "orders", "orders" },
	{ "stage/api", "stage/api" },
	{ "orders['table.x']", "orders['table.x']" },
	{ "module.cdn", "module.cdn" },
	{ "module.cdn.site", "module.cdn.site" },
	{ "tables.orders", "tables.orders" },
	{ "table.*", "table.*" },
	{ "table.", "table." },
	{ ".", "." },
	{ "", "" },
};

START_TEST(addresses_are_taken_as_shown)
{
	struct arena a;

	arena_init(&a);
	unit_str_eq(address_plain(&a, str_from_c(shown[_i].given)), shown[_i].plain);
	arena_release(&a);
}
END_TEST

static const char *const no_addresses[] = {
	"", "/", "a/", "/a", "1a", "a b", "a['']", "a[x]", "a['x'", "a['x']y", "a['x']/", "a[0]",
	"module.x", "modul.x.y", "module..x", "a.b", "a/b/c", "a['x/y']", "a['x']['y']",
	"a['012345678901234567890123456789012']", "a['x']/1", "]", "a]['", "a['\xff']",
};

START_TEST(addresses_refuse)
{
	struct arena a;
	struct address address;

	arena_init(&a);
	ck_assert_msg(!address_parse(&a, str_from_c(no_addresses[_i]), &address), "'%s'",
		      no_addresses[_i]);
	arena_release(&a);
}
END_TEST

/* Texts of a small alphabet: what parses prints back the same, and nothing crashes. */
START_TEST(addresses_round_trip)
{
	static const char *const pieces[] = {
		"a", "Z9", "_", ".", "/", "['", "']", "module.", "-", "x", "\xc3\xa9", "[", "'",
	};
	const struct random *r = random_seeded(7);
	struct arena a;
	size_t parsed = 0;

	arena_init(&a);
	for (int i = 0; i < 20000; i++) {
		struct address address, again;
		struct buf text;

		buf_init(&text, &a);
		for (uint64_t n = random_below(r, 8); n > 0; n--)
			buf_add_c(&text, pieces[random_below(r, 13)]);
		if (!address_parse(&a, buf_str(&text), &address))
			continue;
		parsed++;
		ck_assert(str_equal(address_text(&a, &address), buf_str(&text)));
		ck_assert(address_parse(&a, address_text(&a, &address), &again));
		ck_assert(address_equal(&address, &again));
	}
	ck_assert_msg(parsed > 500, "%zu", parsed);
	arena_release(&a);
}
END_TEST

START_TEST(addresses_sort)
{
	static const char *const sorted[] = {
		"a", "a/role", "a['x']", "a['x']/role", "a['y']", "b", "module.m.a",
	};
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < sizeof(sorted) / sizeof(*sorted); i++) {
		for (size_t j = 0; j < sizeof(sorted) / sizeof(*sorted); j++) {
			struct address left, right;
			int order;

			ck_assert(address_parse(&a, str_from_c(sorted[i]), &left));
			ck_assert(address_parse(&a, str_from_c(sorted[j]), &right));
			order = address_compare(&left, &right);
			ck_assert_msg((order < 0) == (i < j) && (order > 0) == (i > j),
				      "%s %s", sorted[i], sorted[j]);
		}
	}
	arena_release(&a);
}
END_TEST

START_TEST(ids)
{
	ck_assert(id_is_valid(STR("createOrder")) && id_is_valid(STR("a_1")));
	ck_assert(!id_is_valid(STR("")) && !id_is_valid(STR("1a")) && !id_is_valid(STR("a-b")));
	ck_assert(!id_is_valid(STR("table")) && !id_is_valid(STR("Stage")));
	ck_assert(id_is_reserved(STR("effc")) && !id_is_reserved(STR("orders")));
}
END_TEST

#define SIXTY "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const struct {
	struct name_rule rule;
	struct name_request request;
	const char *generation, *name;
} names[] = {
	{ { .max_length = 64, .alphabet = STR_INIT("-_") }, { .base = STR_INIT("shop-dev-a_b") },
	  "", "shop-dev-a_b" },
	{ { .max_length = 64, .alphabet = STR_INIT("-_") }, { .base = STR_INIT("shop-dev-a") },
	  "1f2e3d", "shop-dev-a-1f2e3d" },
	{ { .max_length = 64, .alphabet = STR_INIT("-") },
	  { .base = STR_INIT("shop-dev-a_b"), .suffix = STR_INIT("-role") }, "1f2e3d",
	  "shop-dev-a-b-1f2e3d-role" },
	{ { .max_length = 64, .alphabet = STR_INIT("-"), .lower = true },
	  { .base = STR_INIT("shop-dev-aB") }, "", "shop-dev-ab" },
	{ { .max_length = 80, .alphabet = STR_INIT("-_") },
	  { .base = STR_INIT("shop-dev-a"), .suffix = STR_INIT(".fifo") }, "", "shop-dev-a.fifo" },
	{ { .max_length = 60, .alphabet = STR_INIT("-") }, { .base = STR_INIT(SIXTY) }, "", SIXTY },
	{ { .max_length = 64, .alphabet = STR_INIT("-") },
	  { .base = STR_INIT(SIXTY), .suffix = STR_INIT("-role") }, "",
	  "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghij-fee64634-role" },
	{ { .max_length = 64, .alphabet = STR_INIT("-") },
	  { .base = STR_INIT(SIXTY), .suffix = STR_INIT("-role") }, "1f2e3d",
	  "abcdefghijabcdefghijabcdefghijabcdefghijabc-fee64634-1f2e3d-role" },
	{ { .max_length = 63, .alphabet = STR_INIT("-."), .lower = true, .unique_globally = true },
	  { .base = STR_INIT("shop-dev-photos") }, "", "shop-dev-photos-e30a8476" },
	{ { .max_length = 8, .alphabet = STR_INIT("-") },
	  { .base = STR_INIT("written by the user"), .fixed = true }, "1f2e3d",
	  "written by the user" },
};

START_TEST(names_make)
{
	struct scope scope = { .account = STR("111122223333"), .region = STR("eu-west-1") };
	struct arena a;
	struct str name;

	arena_init(&a);
	name = name_make(&a, &names[_i].rule, &names[_i].request, &scope,
			 str_from_c(names[_i].generation));
	unit_str_eq(name, names[_i].name);
	if (!names[_i].request.fixed)
		ck_assert(name.length <= names[_i].rule.max_length);
	arena_release(&a);
}
END_TEST

START_TEST(names_check)
{
	struct name_rule rule = { .max_length = 8, .alphabet = STR("-_") };
	struct name_rule lower = { .max_length = 8, .alphabet = STR("-"), .lower = true };
	struct str none = { 0 };
	struct arena a;

	arena_init(&a);
	unit_str_eq(name_check(&a, &rule, STR("a.fifo"), STR(".fifo")), "");
	unit_str_eq(name_check(&a, &rule, STR("a"), STR(".fifo")), "has to end with '.fifo'");
	unit_str_eq(name_check(&a, &rule, STR("a-B_9"), none), "");
	unit_str_eq(name_check(&a, &rule, STR(""), none), "is empty");
	unit_str_eq(name_check(&a, &rule, STR("123456789"), none), "is 9 characters long, 8 are allowed");
	unit_str_eq(name_check(&a, &rule, STR("a b"), none), "has ' ', which is not allowed");
	unit_str_eq(name_check(&a, &rule, STR("a\xc3\xa9"), none), "has '\xc3\xa9', which is not allowed");
	unit_str_eq(name_check(&a, &lower, STR("aB"), none), "has 'B', which is not allowed");
	arena_release(&a);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_loop_test(tc, addresses_parse, 0, sizeof(addresses) / sizeof(*addresses));
	tcase_add_loop_test(tc, addresses_are_taken_as_shown, 0, sizeof(shown) / sizeof(*shown));
	tcase_add_loop_test(tc, addresses_refuse, 0, sizeof(no_addresses) / sizeof(*no_addresses));
	tcase_add_test(tc, addresses_round_trip);
	tcase_add_test(tc, addresses_sort);
	tcase_add_test(tc, ids);
	tcase_add_loop_test(tc, names_make, 0, sizeof(names) / sizeof(*names));
	tcase_add_test(tc, names_check);
}

int main(void)
{
	return unit_run("compiler_names", suite_fill);
}
