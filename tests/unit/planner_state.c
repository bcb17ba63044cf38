#include "unit.h"

#include <signal.h>

#include "base/clock.h"
#include "base/json.h"
#include "planner/state.h"

static struct arena arena;

static void setup(void) { arena_init(&arena); }
static void teardown(void) { arena_release(&arena); }

static struct row *row_at(const char *address)
{
	struct row *row = arena_new(&arena, struct row);

	ck_assert(address_parse(&arena, str_from_c(address), &row->address));
	row->type = STR("AWS::SQS::Queue");
	row->scope = (struct scope){ { 0 }, STR("aws"), STR("111122223333"), STR("eu-west-1") };
	row->properties = value_map();
	return row;
}

/* ---- rows and their order ---- */

START_TEST(test_rows_are_found_and_sorted)
{
	static const char *const addresses[] = { "c", "a", "b/role", "b", "a", "z" };
	struct state state = { 0 };
	struct row *again;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		state_put(&arena, &state, row_at(addresses[i]));
	ck_assert_uint_eq(state.row_count, 5);
	state_sort(&state);
	unit_str_eq(state.rows[0]->address.id, "a");
	unit_str_eq(state.rows[1]->address.id, "b");
	unit_str_eq(state.rows[2]->address.part, "role");
	unit_str_eq(state.rows[4]->address.id, "z");
	again = row_at("b");
	state_put(&arena, &state, again);
	ck_assert_ptr_eq(state_find(&state, STR("b")), again);
	ck_assert_ptr_eq(state.rows[1], again);
	ck_assert(state_remove(&state, STR("b")));
	ck_assert(!state_remove(&state, STR("b")));
	ck_assert_ptr_null(state_find(&state, STR("b")));
	ck_assert_uint_eq(state.row_count, 4);
	unit_str_eq(state.rows[1]->address.part, "role");
	state_put(&arena, &state, row_at("b"));
	state_sort(&state);
	unit_str_eq(state.rows[1]->address.id, "b");
	ck_assert(state.rows[1]->address.part.length == 0);
}
END_TEST

START_TEST(test_many_rows_in_any_order)
{
	const struct random *random = random_seeded(7);
	struct state state = { 0 };

	for (int i = 0; i < 3000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "r%d", (int)random_below(random, 1000));
		state_put(&arena, &state, row_at(str_to_c(&arena, str_from_c(name))));
		snprintf(name, sizeof(name), "r%d", (int)random_below(random, 1000));
		if (i % 3 == 0)
			state_remove(&state, str_from_c(name));
	}
	state_sort(&state);
	for (size_t i = 1; i < state.row_count; i++)
		ck_assert_int_lt(address_compare(&state.rows[i - 1]->address,
						 &state.rows[i]->address), 0);
	for (size_t i = 0; i < state.row_count; i++) {
		struct str text = address_text(&arena, &state.rows[i]->address);

		ck_assert_ptr_eq(state_find(&state, text), state.rows[i]);
	}
}
END_TEST

START_TEST(test_instance_depends_on_every_part)
{
	struct scope scope = { { 0 }, STR("aws"), STR("111122223333"), STR("eu-west-1") };
	struct scope account = scope, region = scope;
	struct str base = instance_id(&arena, STR("l"), &scope, STR("orders"), 0);

	account.account = STR("111122223334");
	region.region = STR("eu-west-2");
	ck_assert_uint_eq(base.length, 32);
	ck_assert(str_equal(base, instance_id(&arena, STR("l"), &scope, STR("orders"), 0)));
	ck_assert(!str_equal(base, instance_id(&arena, STR("m"), &scope, STR("orders"), 0)));
	ck_assert(!str_equal(base, instance_id(&arena, STR("l"), &account, STR("orders"), 0)));
	ck_assert(!str_equal(base, instance_id(&arena, STR("l"), &region, STR("orders"), 0)));
	ck_assert(!str_equal(base, instance_id(&arena, STR("l"), &scope, STR("order"), 0)));
	ck_assert(!str_equal(base, instance_id(&arena, STR("l"), &scope, STR("orders"), 1)));
}
END_TEST

/* ---- the codec ---- */

static struct value random_value(const struct random *random, int depth)
{
	struct value v = value_map();
	uint64_t kind = random_below(random, depth > 0 ? 7 : 5);

	switch (kind) {
	case 0:
		return value_null();
	case 1:
		return value_bool(random_below(random, 2));
	case 2:
		return value_int((int64_t)random_below(random, UINT64_MAX));
	case 3:
		return value_float((double)random_below(random, 1000) / 8 + 0.0625);
	case 4:
		return value_string(str_format(&arena, "t\"\\\n\x01 %u \xc3\xa9",
					       (unsigned)random_below(random, 100)));
	case 5:
		v = value_list(NULL, 0);
		for (uint64_t i = random_below(random, 4); i > 0; i--)
			value_append(&arena, &v, random_value(random, depth - 1));
		return v;
	default:
		for (uint64_t i = random_below(random, 4); i > 0; i--)
			value_set(&arena, &v,
				  str_format(&arena, "K%u", (unsigned)random_below(random, 9)),
				  random_value(random, depth - 1));
		return v;
	}
}

static struct value random_map(const struct random *random)
{
	struct value v = value_map();

	for (int i = 0; i < 5; i++)
		value_set(&arena, &v, str_format(&arena, "P%d", i), random_value(random, 3));
	return v;
}

static struct row *random_row(const struct random *random, uint32_t generation, int older)
{
	struct row *row = row_at("module.cdn.orders['k.1']/role");

	row->generation = generation;
	row->status = (enum row_status)random_below(random, ROW_DELETING + 1);
	row->guard = (enum guard)random_below(random, GUARD_HARD + 1);
	row->instance = STR("00112233445566778899aabbccddeeff");
	if (random_below(random, 2))
		row->name = STR("shop-dev-orders");
	if (random_below(random, 2))
		row->identifier = STR("https://sqs/1/orders");
	if (random_below(random, 2))
		row->source = STR("effortless.toml:12:1");
	row->retain = random_below(random, 2);
	row->sent = random_below(random, 2);
	row->delete_first = random_below(random, 2);
	row->adopting = random_below(random, 2);
	row->driver_version = (uint32_t)random_below(random, 9);
	row->properties = random_map(random);
	if (random_below(random, 2))
		row->before = random_map(random);
	if (random_below(random, 2))
		row->baseline = random_map(random);
	row->attributes = random_map(random);
	if (random_below(random, 2)) {
		row->edges.items = arena_array(&arena, struct str, 2);
		row->edges.items[row->edges.count++] = STR("api");
		row->edges.items[row->edges.count++] = STR("stage/api");
	}
	if (random_below(random, 2)) {
		row->triggers.items = arena_array(&arena, struct str, 1);
		row->triggers.items[row->triggers.count++] =
			STR("00112233445566778899aabbccddeeff");
	}
	if (older)
		row->previous = random_row(random, generation - 1, older - 1);
	return row;
}

static void same_row(const struct row *a, const struct row *b)
{
	ck_assert(address_equal(&a->address, &b->address));
	ck_assert(str_equal(a->type, b->type));
	ck_assert(str_equal(a->scope.account, b->scope.account));
	ck_assert(str_equal(a->scope.region, b->scope.region));
	ck_assert(str_equal(a->identifier, b->identifier));
	ck_assert(str_equal(a->instance, b->instance));
	ck_assert(str_equal(a->name, b->name));
	ck_assert(str_equal(a->source, b->source));
	ck_assert_uint_eq(a->generation, b->generation);
	ck_assert_int_eq(a->status, b->status);
	ck_assert_int_eq(a->guard, b->guard);
	ck_assert_int_eq(a->retain, b->retain);
	ck_assert_int_eq(a->delete_first, b->delete_first);
	ck_assert_int_eq(a->sent, b->sent);
	ck_assert_int_eq(a->adopting, b->adopting);
	ck_assert_uint_eq(a->driver_version, b->driver_version);
	ck_assert_uint_eq(a->edges.count, b->edges.count);
	ck_assert_uint_eq(a->triggers.count, b->triggers.count);
	ck_assert(value_equal(&a->properties, &b->properties));
	ck_assert(value_equal(&a->before, &b->before));
	ck_assert(value_equal(&a->attributes, &b->attributes));
	ck_assert(value_equal(&a->baseline, &b->baseline));
	ck_assert_int_eq(!a->previous, !b->previous);
	if (a->previous)
		same_row(a->previous, b->previous);
}

START_TEST(test_round_trip)
{
	const struct random *random = random_seeded(20251120);

	for (int i = 0; i < 300; i++) {
		struct row *row = random_row(random, 9, (int)random_below(random, 4)), back;
		struct str text = row_encode(&arena, row);
		struct error err = { 0 };

		ck_assert_msg(row_decode(&arena, text, &back, &err), "%s: %.*s", err.text,
			      STR_ARG(text));
		same_row(row, &back);
		ck_assert(str_equal(text, row_encode(&arena, &back)));
	}
}
END_TEST

#define ROW(more) "{\"format\":1,\"address\":\"a\",\"type\":\"T\",\"scope\":{}," \
	"\"generation\":0,\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1" more "}"

static const struct { const char *text, *says; } bad_rows[] = {
	{ "", "a state row" },
	{ "[]", "format" },
	{ "{}", "format" },
	{ "{\"format\":\"1\"}", "format" },
	{ "{\"format\":4}", "newer effc" },
	{ "{\"format\":0}", "impossible" },
	{ "{\"format\":1}", "address" },
	{ ROW(",\"more\":1"), "known" },
	{ ROW(",\"name\":1"), "name" },
	{ ROW(",\"name\":\"\""), "name" },
	{ ROW(",\"sent\":false"), "sent" },
	{ ROW(",\"sent\":1"), "sent" },
	{ ROW(",\"properties\":[]"), "properties" },
	{ ROW(",\"edges\":[1]"), "edges" },
	{ ROW(",\"edges\":[\"no address\"]"), "edges" },
	{ ROW(",\"adopting\":true"), "format" },
	{ ROW(",\"triggers\":[\"00112233445566778899aabbccddeeff\"]"), "format" },
	{ "{\"format\":2,\"address\":\"a\",\"type\":\"T\",\"scope\":{},\"generation\":0,"
	  "\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1,"
	  "\"triggers\":[\"secret\"]}", "digest" },
	{ ROW(",\"previous\":[]"), "previous" },
	{ ROW(",\"previous\":{}"), "previous" },
	{ ROW(",\"previous\":[1]"), "object" },
	{ ROW(",\"previous\":[" ROW("") "]"), "known" },
	{ "{\"format\":1,\"address\":\"a b\",\"type\":\"T\",\"scope\":{},\"generation\":0,"
	  "\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1}", "address" },
	{ "{\"format\":1,\"address\":\"a\",\"type\":\"T\",\"scope\":{\"x\":\"y\"},\"generation\":0,"
	  "\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1}", "scope" },
	{ "{\"format\":1,\"address\":\"a\",\"type\":\"T\",\"scope\":{},\"generation\":-1,"
	  "\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1}", "generation" },
	{ "{\"format\":1,\"address\":\"a\",\"type\":\"T\",\"scope\":{},\"generation\":4294967296,"
	  "\"status\":\"created\",\"guard\":\"none\",\"driver_version\":1}", "generation" },
	{ "{\"format\":1,\"address\":\"a\",\"type\":\"T\",\"scope\":{},\"generation\":0,"
	  "\"status\":\"lost\",\"guard\":\"none\",\"driver_version\":1}", "status" },
};

START_TEST(test_bad_rows_are_refused)
{
	struct error err = { 0 };
	struct row row;

	ck_assert(!row_decode(&arena, str_from_c(bad_rows[_i].text), &row, &err));
	ck_assert_int_eq(err.kind, ERROR_CORRUPT);
	ck_assert_msg(str_contains(str_from_c(err.text), str_from_c(bad_rows[_i].says)),
		      "%s: %s", bad_rows[_i].text, err.text);
}
END_TEST

START_TEST(test_good_row_is_taken)
{
	struct error err = { 0 };
	struct row row;

	ck_assert_msg(row_decode(&arena, STR(ROW("")), &row, &err), "%s", err.text);
	ck_assert_int_eq(row.status, ROW_CREATED);
}
END_TEST

/* Each flipped byte is refused or reads as a row that writes itself the same. */
START_TEST(test_flips)
{
	struct str text = row_encode(&arena, random_row(random_seeded(3), 4, 2));
	char *flipped = str_to_c(&arena, text);

	for (size_t i = 0; i < text.length; i++) {
		struct row row, back;
		struct str again;

		flipped[i] ^= 0x04;
		if (row_decode(&arena, str_of(flipped, text.length), &row, NULL)) {
			again = row_encode(&arena, &row);
			ck_assert(row_decode(&arena, again, &back, NULL));
			same_row(&row, &back);
		}
		flipped[i] ^= 0x04;
	}
}
END_TEST

/* A row that is read late is the row that is read at once, and knows what it was applied with. */
START_TEST(test_unread_rows)
{
	const struct random *random = random_seeded(20261121);
	struct row last = { .unread = NULL };

	for (int i = 0; i < 300; i++) {
		struct row *row = random_row(random, 9, (int)random_below(random, 3)), late, early;
		struct value other = value_map();
		struct error err = { 0 };
		struct str text;

		row->before = value_null();
		text = row_encode(&arena, row);
		ck_assert_msg(row_read(&arena, text, &last, &late, &err), "%s", err.text);
		last = late;
		ck_assert(row_decode(&arena, text, &early, &err));
		ck_assert(late.unread && !early.unread);
		ck_assert(late.properties.kind == VALUE_NULL);
		value_set(&arena, &other, STR("Other"), value_int(1));
		ck_assert(!row_applied(&late, &other, NULL));
		ck_assert(!row_applied(&early, &early.properties, NULL));
		row_open(&late);
		ck_assert(!late.unread);
		same_row(&late, &early);
	}
}
END_TEST

START_TEST(test_applied_rows)
{
	struct row *row = row_at("a"), late;
	struct value properties = value_map(), secret = value_string(STR("(secret)"));
	struct error err = { 0 };

	value_set(&arena, &properties, STR("Size"), value_int(12));
	value_set(&arena, &properties, STR("Name"), value_string(STR("orders")));
	row->properties = properties;
	ck_assert(row_read(&arena, row_encode(&arena, row), NULL, &late, &err));
	ck_assert(row_applied(&late, &properties, NULL));
	value_replace(&arena, &properties, STR("Size"), value_int(1));
	ck_assert(!row_applied(&late, &properties, NULL));
	value_replace(&arena, &properties, STR("Size"), value_unknown(&arena, STR("later"), STR("")));
	ck_assert(!row_applied(&late, &properties, NULL));
	/* What shows as hidden is not what is hidden. */
	value_replace(&arena, &properties, STR("Size"), secret);
	row->properties = value_copy(&arena, &properties);
	ck_assert(row_read(&arena, row_encode(&arena, row), NULL, &late, &err));
	ck_assert(row_applied(&late, &properties, NULL));
	secret.marks = VALUE_SECRET;
	value_replace(&arena, &properties, STR("Size"), secret);
	ck_assert(!row_applied(&late, &properties, NULL));
}
END_TEST

START_TEST(test_secret_is_refused)
{
	struct row *row = row_at("a");
	struct value secret = value_string(STR("hunter2"));

	secret.marks = VALUE_SECRET;
	value_set(&arena, &row->properties, STR("Password"), secret);
	row_encode(&arena, row);
}
END_TEST

START_TEST(test_unknown_is_left_out)
{
	struct row *row = row_at("a"), back;
	struct error err = { 0 };

	value_set(&arena, &row->properties, STR("Url"), value_unknown(&arena, STR("later"), STR("")));
	value_set(&arena, &row->properties, STR("Size"), value_int(1));
	ck_assert(row_decode(&arena, row_encode(&arena, row), &back, &err));
	ck_assert_ptr_null(value_get_c(&back.properties, "Url"));
	ck_assert_ptr_nonnull(value_get_c(&back.properties, "Size"));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_rows_are_found_and_sorted);
	tcase_add_test(tc, test_many_rows_in_any_order);
	tcase_add_test(tc, test_instance_depends_on_every_part);
	tcase_add_test(tc, test_round_trip);
	tcase_add_loop_test(tc, test_bad_rows_are_refused, 0,
			    sizeof(bad_rows) / sizeof(bad_rows[0]));
	tcase_add_test(tc, test_good_row_is_taken);
	tcase_add_test(tc, test_flips);
	tcase_add_test(tc, test_unread_rows);
	tcase_add_test(tc, test_applied_rows);
	tcase_add_test_raise_signal(tc, test_secret_is_refused, SIGABRT);
	tcase_add_test(tc, test_unknown_is_left_out);
}

int main(void)
{
	return unit_run("state", fill);
}
