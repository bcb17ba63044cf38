#include "compiler_case.h"

/* The sample of the language's description, whole: names, parts, permissions are golden. */
static struct str read_file(struct arena *a, const char *name)
{
	struct str text, path = str_format(a, "%s/tests/golden/compile/%s",
					   getenv("EFFC_SRCDIR"), name);
	const struct files *files = files_real();
	struct error err;

	ck_assert_msg(files->read(files->context, a, path, 1 << 20, &text, &err), "%s", err.text);
	return text;
}

START_TEST(compiles)
{
	struct compiler_case k;
	struct buf out;

	case_open(&k);
	k.options.today = STR("2026-11-20");
	case_compile(&k, read_file(&k.arena, "shop.toml"));
	unit_str_eq(case_messages(&k), "");
	ck_assert(k.good);
	buf_init(&out, &k.arena);
	model_print(&out, &k.model);
	if (getenv("EFFC_ACCEPT")) {
		struct str path = str_format(&k.arena, "%s/tests/golden/compile/shop.model",
					     getenv("EFFC_SRCDIR"));

		ck_assert(file_replace(path, buf_str(&out), 0644, NULL));
	}
	unit_str_eq(buf_str(&out), str_to_c(&k.arena, read_file(&k.arena, "shop.model")));
	case_close(&k);
}
END_TEST

/* The overlay of prod: its names, its protection, point-in-time recovery. */
START_TEST(compiles_prod)
{
	struct compiler_case k;

	case_open(&k);
	k.options.stage = STR("prod");
	case_compile(&k, read_file(&k.arena, "shop.toml"));
	unit_str_eq(case_messages(&k), "");
	case_property(&k, "orders", "TableName", "\"shop-prod-orders\"");
	case_property(&k, "orders", "PointInTimeRecoverySpecification",
		      "{\"PointInTimeRecoveryEnabled\":true}");
	ck_assert_int_eq(case_resource(&k, "orders")->guard, GUARD_HARD);
	ck_assert_int_eq(case_resource(&k, "expenses")->guard, GUARD_HARD);
	ck_assert_int_eq(case_resource(&k, "createOrder/logs")->guard, GUARD_NONE);
	case_close(&k);
}
END_TEST

static void suite_fill(TCase *tc)
{
	tcase_add_test(tc, compiles);
	tcase_add_test(tc, compiles_prod);
}

int main(void)
{
	return unit_run("compiler_sample", suite_fill);
}
