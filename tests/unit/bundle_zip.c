#include "bundle/bundle.h"

#include <string.h>
#include <zip.h>

#include "unit.h"

static struct arena arena;
static struct files *files;

static void start(void)
{
	arena_init(&arena);
	files = files_memory(&arena);
	files_memory_add(&arena, files, STR("p/src/b.js"), STR("exports.b = 2;\n"));
	files_memory_add(&arena, files, STR("p/src/a.js"), STR("exports.a = 1;\n"));
	files_memory_add(&arena, files, STR("p/src/deep/c.js"), STR("exports.c = 3;\n"));
	files_memory_add(&arena, files, STR("p/src/.secret"), STR("no"));
	files_memory_add(&arena, files, STR("p/templates/mail.txt"), STR("hello\n"));
	files_memory_add(&arena, files, STR("outside.js"), STR("no"));
}

static void end(void)
{
	arena_release(&arena);
}

static struct bundle scan(struct str path, const struct str *more, size_t more_count)
{
	struct bundle b;
	struct error err = { 0 };

	ck_assert_msg(bundle_scan(&arena, files, STR("p"), path, more, more_count, &b, &err), "%s",
		      err.text);
	return b;
}

START_TEST(files_are_sorted_and_hidden_ones_left_out)
{
	struct str more[] = { STR_INIT("templates"), STR_INIT("src/a.js") };
	struct bundle b = scan(STR("src"), more, 2);

	ck_assert_uint_eq(b.file_count, 4);
	unit_str_eq(b.files[0].path, "src/a.js");
	unit_str_eq(b.files[1].path, "src/b.js");
	unit_str_eq(b.files[2].path, "src/deep/c.js");
	unit_str_eq(b.files[3].path, "templates/mail.txt");
	ck_assert_uint_eq(b.digest.length, 64);
}
END_TEST

START_TEST(digest_follows_content_and_path)
{
	struct str first = scan(STR("src"), NULL, 0).digest;
	struct str moved;

	ck_assert(str_equal(first, scan(STR("./src/"), NULL, 0).digest));
	files_memory_add(&arena, files, STR("p/lib/a.js"), STR("exports.a = 1;\n"));
	files_memory_add(&arena, files, STR("p/lib/b.js"), STR("exports.b = 2;\n"));
	files_memory_add(&arena, files, STR("p/lib/deep/c.js"), STR("exports.c = 3;\n"));
	moved = scan(STR("lib"), NULL, 0).digest;
	ck_assert(!str_equal(first, moved));
	files_memory_add(&arena, files, STR("p/lib/deep/c.js"), STR("exports.c = 4;\n"));
	ck_assert(!str_equal(moved, scan(STR("lib"), NULL, 0).digest));
}
END_TEST

START_TEST(zip_has_the_same_bytes_and_reads_back)
{
	struct bundle b = scan(STR("src"), NULL, 0);
	struct error err = { 0 };
	struct str one, two;
	zip_error_t error;
	zip_source_t *source;
	zip_t *archive;
	zip_file_t *file;
	char text[64] = "";

	ck_assert_msg(bundle_zip(&arena, files, &b, &one, &err), "%s", err.text);
	ck_assert(bundle_zip(&arena, files, &b, &two, &err));
	ck_assert(str_equal(one, two));
	zip_error_init(&error);
	source = zip_source_buffer_create(one.data, one.length, 0, &error);
	archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error);
	ck_assert_msg(archive != NULL, "%s", zip_error_strerror(&error));
	ck_assert_int_eq(zip_get_num_entries(archive, 0), 3);
	file = zip_fopen(archive, "src/deep/c.js", 0);
	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(zip_fread(file, text, sizeof(text) - 1), 15);
	ck_assert_str_eq(text, "exports.c = 3;\n");
	zip_fclose(file);
	zip_discard(archive);
}
END_TEST

static const struct {
	struct str path;
	const char *says;
} refused[] = {
	{ STR_INIT("missing"), "'missing' does not exist" },
	{ STR_INIT("../outside.js"), "is not inside the project" },
	{ STR_INIT("/etc"), "is not inside the project" },
	{ STR_INIT("src/../../outside.js"), "is not inside the project" },
};

START_TEST(refuses_what_is_not_there_or_not_ours)
{
	struct bundle b;
	struct error err = { 0 };

	ck_assert(!bundle_scan(&arena, files, STR("p"), refused[_i].path, NULL, 0, &b, &err));
	ck_assert_msg(strstr(err.text, refused[_i].says) != NULL, "%s: %s", refused[_i].path.data,
		      err.text);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, start, end);
	tcase_add_test(tc, files_are_sorted_and_hidden_ones_left_out);
	tcase_add_test(tc, digest_follows_content_and_path);
	tcase_add_test(tc, zip_has_the_same_bytes_and_reads_back);
	tcase_add_loop_test(tc, refuses_what_is_not_there_or_not_ours, 0,
			    sizeof(refused) / sizeof(*refused));
}

int main(void)
{
	return unit_run("bundle", fill);
}
