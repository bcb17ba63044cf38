#include "planner_kit.h"

#include "base/hash.h"
#include "review/saved.h"

static struct kit kit;

static void setup(void) { kit_init(&kit); }
static void teardown(void) { kit_release(&kit); }

#define KEY STR("a key")

static struct saved sample(void)
{
	return (struct saved){
		.bound = kit_json(&kit,
			"{\"program\":\"1\",\"data\":\"d\",\"key\":\"k\",\"project\":\"shop\","
			"\"stage\":\"dev\",\"account\":\"1\",\"region\":\"r\",\"lineage\":\"l\","
			"\"serial\":12,\"variables\":{\"size\":\"v1\"},\"files\":{\"a.toml\":\"f1\"},"
			"\"code\":{\"api\":\"c1\"},\"wanted\":{\"api\":\"w1\",\"orders\":\"w2\"},"
			"\"existing\":{\"zone\":{\"Id\":\"Z1\",\"Key\":\"hmac:1\"}},"
			"\"live\":{\"orders\":{\"is\":\"found\",\"Mode\":\"m1\",\"Size\":\"s1\"},"
			"\"api\":{\"is\":\"absent\"}},\"digest\":\"p1\"}"),
		.options = kit_json(&kit, "{\"destroy\":false,\"refresh\":\"all\",\"region\":\"\","
				    "\"allow_data_loss\":[\"orders\"],\"take_over\":[],\"target\":[],\"replace\":[]}"),
		.renderings = kit_json(&kit, "{\"text\":\"one\\ntwo\",\"text_verbose\":\"three\","
				       "\"json\":\"{}\",\"markdown\":\"#\"}"),
	};
}

static struct str written(void)
{
	struct saved saved = sample();

	return saved_write(&kit.arena, &saved, KEY);
}

static bool reads(struct str text, struct saved *out, struct error *err)
{
	*err = (struct error){ 0 };
	return saved_read(&kit.arena, text, out, err);
}

START_TEST(test_round_trip)
{
	struct saved want = sample(), got;
	struct error err;

	ck_assert(reads(written(), &got, &err));
	ck_assert(value_equal(&want.bound, &got.bound));
	ck_assert(value_equal(&want.options, &got.options));
	ck_assert(value_equal(&want.renderings, &got.renderings));
	ck_assert(saved_is_ours(&got, KEY));
	ck_assert(!saved_is_ours(&got, STR("another")));
	ck_assert(str_equal(written(), saved_write(&kit.arena, &got, KEY)));
}
END_TEST

START_TEST(test_cut_anywhere_is_refused)
{
	struct str text = written();

	for (size_t length = 0; length < text.length; length++) {
		struct saved got;
		struct error err;

		ck_assert_msg(!reads(str_slice(text, 0, length), &got, &err), "cut at %zu", length);
		ck_assert(err.text[0]);
	}
}
END_TEST

START_TEST(test_flipped_anywhere_is_refused)
{
	struct str text = written();

	for (size_t i = 0; i < text.length; i++) {
		char *bytes = str_to_c(&kit.arena, text);
		struct saved got;
		struct error err;

		bytes[i] = (char)(bytes[i] ^ (1 << (i % 8)));
		ck_assert_msg(!reads(str_of(bytes, text.length), &got, &err), "flipped at %zu", i);
		ck_assert(err.text[0]);
	}
}
END_TEST

/* A file as somebody else would make it, its sum right and its mac not. */
static struct str forged(const char *from, const char *to)
{
	struct str text = str_replace(&kit.arena, written(), str_from_c(from), str_from_c(to));
	size_t end = str_find(text, STR("sha256 "));

	text = str_slice(text, 0, end);
	return str_format(&kit.arena, "%.*ssha256 %.*s\n", STR_ARG(text),
			  STR_ARG(sha256_hex(&kit.arena, text)));
}

START_TEST(test_forged_is_not_ours)
{
	struct saved got;
	struct error err;

	ck_assert(reads(forged("[\"orders\"]", "[\"all\"]"), &got, &err));
	ck_assert(!saved_is_ours(&got, KEY));
}
END_TEST

static const struct {
	const char *from, *to, *says;
} foreign[] = {
	{ "effc saved plan 1\n", "effc saved plan 2\n", "it has format 2 of a newer effc" },
	{ "effc saved plan 1\n", "effc saved plan x\n", "names no format" },
	{ "effc saved plan 1\n", "PK\x03\x04", "it is no saved plan of effc" },
	{ "\"serial\":12", "\"serial\":\"12\"", "its member 'bound.serial'" },
	{ "\"serial\":12", "\"serial\":-1", "its member 'bound.serial'" },
	{ "\"size\":\"v1\"", "\"size\":1", "its member 'bound.variables'" },
	{ "\"zone\":{", "\"zone\":[], \"z\":{", "its member 'bound.existing'" },
	{ "\"destroy\":false", "\"destroy\":null", "its member 'options.destroy'" },
	{ "\"refresh\":", "\"fresh\":", "its member 'options.refresh'" },
	{ "\"refresh\":", "\"more\":1,\"refresh\":", "its part 'options'" },
	{ "\"renderings\":{", "\"renderings\":1,\"x\":{", "its part 'renderings'" },
	{ "\"json\":\"{}\"", "\"json\":\"\\u001b[2J\"", "its rendering 'json' has control" },
	{ "{\"bound\"", "[\"bound\"", "it is damaged" },
};

START_TEST(test_foreign)
{
	struct saved got;
	struct error err;

	ck_assert(!reads(forged(foreign[_i].from, foreign[_i].to), &got, &err));
	ck_assert_msg(str_contains(str_from_c(err.text), str_from_c(foreign[_i].says)), "%s",
		      err.text);
}
END_TEST

static const struct {
	const char *from, *to, *says;
} moves[] = {
	{ "", "", "" },
	{ "\"program\":\"1\"", "\"program\":\"2\"", "the version of effc: it was '1' and is '2'" },
	{ "\"account\":\"1\"", "\"account\":\"2\"", "the account: it was '1' and is '2'" },
	{ "\"key\":\"k\"", "\"key\":\"q\"",
	  "the key that hides secrets of this stage: it was 'k' and is 'q'" },
	{ "\"lineage\":\"l\"", "\"lineage\":\"\"",
	  "the state is not the one that was planned with: there is none" },
	{ "\"serial\":12", "\"serial\":14", "the state moved on: its serial was 12 and is 14" },
	{ "\"f1\"", "\"f2\"", "file 'a.toml' changed" },
	{ "\"a.toml\":\"f1\"", "\"b.toml\":\"f1\"",
	  "file 'a.toml' is not read any more\nfile 'b.toml' is read now and was not then" },
	{ "\"v1\"", "\"v2\"", "variable 'size' has another value" },
	{ "\"size\":\"v1\"", "", "variable 'size' was given then and is not now: give it again" },
	{ "\"c1\"", "\"c2\"", "the code of 'api' changed" },
	{ "\"w2\"", "\"w3\"", "what is wanted of 'orders' changed" },
	{ "\"Z1\"", "\"Z2\"", "existing 'zone': its Id was \"Z1\" and is \"Z2\"" },
	{ "\"hmac:1\"", "\"hmac:2\"", "existing 'zone': its Key is another" },
	{ "\"Mode\":\"m1\",\"Size\"", "\"Mode\":\"m2\",\"Colour\"",
	  "'orders' changed live: Mode, Size, Colour" },
	{ "\"is\":\"absent\"", "\"is\":\"foreign\"", "'api' was absent and is foreign now" },
	{ ",\"api\":{\"is\":\"absent\"}", "", "'api' was absent and is not looked at now" },
	{ "\"p1\"", "\"p2\"", "the plan comes out otherwise: it was 'p1' and is 'p2'" },
};

START_TEST(test_moved)
{
	struct saved then = sample();
	struct str text = json_text(&kit.arena, &then.bound);
	struct moved moved = { 0 };
	struct value now;

	text = str_replace(&kit.arena, text, str_from_c(moves[_i].from), str_from_c(moves[_i].to));
	now = kit_json(&kit, str_to_c(&kit.arena, text));
	saved_compare(&kit.arena, &then.bound, &now, &moved);
	unit_str_eq(str_join(&kit.arena, STR("\n"), moved.items, moved.count), moves[_i].says);
}
END_TEST

/* Before the plan is made, what only it tells is not missed. */
START_TEST(test_not_known_yet)
{
	struct saved then = sample();
	struct value now = then.bound;
	struct moved moved = { 0 };

	now.map = map_copy(&kit.arena, &now.map, 0);
	ck_assert(map_remove(&now.map, STR("live")) && map_remove(&now.map, STR("digest")) &&
		  map_remove(&now.map, STR("wanted")) && map_remove(&now.map, STR("account")));
	saved_compare(&kit.arena, &then.bound, &now, &moved);
	ck_assert_uint_eq(moved.count, 0);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_round_trip);
	tcase_add_test(tc, test_cut_anywhere_is_refused);
	tcase_add_test(tc, test_flipped_anywhere_is_refused);
	tcase_add_test(tc, test_forged_is_not_ours);
	tcase_add_loop_test(tc, test_foreign, 0, sizeof(foreign) / sizeof(*foreign));
	tcase_add_loop_test(tc, test_moved, 0, sizeof(moves) / sizeof(*moves));
	tcase_add_test(tc, test_not_known_yet);
}

int main(void)
{
	return unit_run("saved", fill);
}
