#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/fs.h"

#define LIMIT 1000000

static struct arena arena;
static struct error err;
static char folder[64];

static void setup(void)
{
	arena_init(&arena);
	snprintf(folder, sizeof(folder), "base_fs.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static struct str in_folder(const char *name)
{
	return path_join(&arena, str_from_c(folder), str_from_c(name));
}

static const char *const made[] = { "b",    "a/z",  "a/y",     "a",    "link",
				    "dead", "loop", "deep/er", "deep", "c" };

static void teardown(void)
{
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		const char *name = str_to_c(&arena, in_folder(made[i]));

		if (unlink(name) != 0)
			rmdir(name);
	}
	rmdir(str_to_c(&arena, in_folder("a")));
	rmdir(str_to_c(&arena, in_folder("deep")));
	ck_assert_int_eq(rmdir(folder), 0);
	arena_release(&arena);
}

static void write_file(const char *name, const char *text)
{
	ck_assert_msg(file_replace(in_folder(name), str_from_c(text), 0644, &err), "%s", err.text);
}

START_TEST(a_file_is_replaced_whole)
{
	const struct files *files = files_real();
	struct file_info_vec list;
	struct stat st;
	struct str text;

	write_file("b", "one");
	write_file("b", "two!");
	ck_assert(files->read(files->context, &arena, in_folder("b"), LIMIT, &text, &err));
	unit_str_eq(text, "two!");
	ck_assert(file_replace(in_folder("b"), STR(""), 0600, &err));
	ck_assert_int_eq(stat(str_to_c(&arena, in_folder("b")), &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_uint_eq((uint64_t)st.st_size, 0);
	/* Nothing is left beside it. */
	ck_assert(files->list(files->context, &arena, str_from_c(folder), &list, &err));
	ck_assert_uint_eq(list.count, 1);
}
END_TEST

static uint32_t mode_of(const char *name)
{
	struct stat st;

	ck_assert_int_eq(lstat(str_to_c(&arena, in_folder(name)), &st), 0);
	return (uint32_t)st.st_mode;
}

START_TEST(a_file_is_rewritten_as_it_is)
{
	const struct files *files = files_real();
	struct str text;

	write_file("b", "one");
	ck_assert_int_eq(chmod(str_to_c(&arena, in_folder("b")), 0666), 0);
	ck_assert_int_eq(symlink("b", str_to_c(&arena, in_folder("link"))), 0);
	ck_assert_msg(file_rewrite(in_folder("link"), STR("two"), &err), "%s", err.text);
	ck_assert(files->read(files->context, &arena, in_folder("b"), LIMIT, &text, &err));
	unit_str_eq(text, "two");
	ck_assert_uint_eq(mode_of("b") & 07777, 0666);
	ck_assert(S_ISLNK(mode_of("link")));
	ck_assert_int_eq(symlink("loop", str_to_c(&arena, in_folder("loop"))), 0);
	ck_assert(!file_rewrite(in_folder("loop"), STR("x"), &err));
	ck_assert(!file_rewrite(in_folder("c"), STR("x"), &err));
	ck_assert_int_eq(files->kind(files->context, in_folder("c")), FILE_NONE);
}
END_TEST

START_TEST(a_file_is_never_created_twice)
{
	const struct files *files = files_real();
	struct file_info_vec list;
	struct str text;

	ck_assert_msg(file_create(in_folder("b"), STR("one"), 0600, &err), "%s", err.text);
	ck_assert_uint_eq(mode_of("b") & 07777, 0600);
	ck_assert(!file_create(in_folder("b"), STR("two"), 0644, &err));
	ck_assert(str_contains(str_from_c(err.text), STR("exists")));
	ck_assert_int_eq(symlink("nowhere", str_to_c(&arena, in_folder("dead"))), 0);
	ck_assert(!file_create(in_folder("dead"), STR("two"), 0644, &err));
	ck_assert(files->read(files->context, &arena, in_folder("b"), LIMIT, &text, &err));
	unit_str_eq(text, "one");
	ck_assert_int_eq(unlink(str_to_c(&arena, in_folder("dead"))), 0);
	ck_assert(files->list(files->context, &arena, str_from_c(folder), &list, &err));
	ck_assert_uint_eq(list.count, 1);
}
END_TEST

START_TEST(what_cannot_be_written_says_why)
{
	ck_assert(!file_replace(in_folder("no/such"), STR("x"), 0644, &err));
	ck_assert_int_eq(err.kind, ERROR_IO);
	ck_assert(str_contains(str_from_c(err.text), STR("No such file")));
	ck_assert(folder_make(in_folder("a"), &err));
	ck_assert(!file_replace(in_folder("a"), STR("x"), 0644, &err));
}
END_TEST

START_TEST(reading_has_a_limit)
{
	const struct files *files = files_real();
	struct str text;

	write_file("b", "12345");
	ck_assert(files->read(files->context, &arena, in_folder("b"), 5, &text, &err));
	ck_assert(!files->read(files->context, &arena, in_folder("b"), 4, &text, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
	/* Not a regular file: its size is not known before it is read. */
	ck_assert(!files->read(files->context, &arena, STR("/dev/zero"), LIMIT, &text, &err));
	ck_assert_int_eq(err.kind, ERROR_LIMIT);
	ck_assert(!files->read(files->context, &arena, in_folder("c"), 4, &text, &err));
	ck_assert_int_eq(err.kind, ERROR_IO);
	ck_assert(!files->read(files->context, &arena, str_from_c(folder), 4, &text, &err));
	ck_assert(!files->read(files->context, &arena, STR("a\0b"), 4, &text, &err));
}
END_TEST

START_TEST(lists_are_sorted_and_follow_links_to_files)
{
	const struct files *files = files_real();
	static const char *const want[] = { "a/y", "a/z", "b", "link" };
	struct file_info_vec list;

	ck_assert(folder_make(in_folder("a"), &err));
	write_file("b", "1");
	write_file("a/z", "22");
	write_file("a/y", "333");
	ck_assert_int_eq(symlink("a/y", str_to_c(&arena, in_folder("link"))), 0);
	ck_assert_int_eq(symlink(".", str_to_c(&arena, in_folder("loop"))), 0);
	ck_assert(files->list(files->context, &arena, str_from_c(folder), &list, &err));
	ck_assert_uint_eq(list.count, 4);
	for (size_t i = 0; i < 4; i++)
		unit_str_eq(list.items[i].path, want[i]);
	ck_assert_uint_eq(list.items[3].size_bytes, 3);
	ck_assert_int_eq(symlink("nowhere", str_to_c(&arena, in_folder("dead"))), 0);
	ck_assert(!files->list(files->context, &arena, str_from_c(folder), &list, &err));
	ck_assert(str_contains(str_from_c(err.text), STR("dead")));
	ck_assert(files->entries(files->context, &arena, str_from_c(folder), &list, &err));
	ck_assert_uint_eq(list.count, 4);
	unit_str_eq(list.items[0].path, "a");
	ck_assert_int_eq(list.items[0].kind, FILE_FOLDER);
	unit_str_eq(list.items[2].path, "link");
	ck_assert_int_eq(list.items[2].kind, FILE_REGULAR);
	unit_str_eq(list.items[3].path, "loop");
	ck_assert(!files->entries(files->context, &arena, in_folder("none"), &list, &err));
}
END_TEST

START_TEST(kinds)
{
	const struct files *files = files_real();

	ck_assert(folder_make(in_folder("deep/er"), &err));
	ck_assert(folder_make(in_folder("deep/er"), &err));
	write_file("b", "");
	ck_assert(!folder_make(in_folder("b/c"), &err));
	ck_assert_int_eq(files->kind(files->context, in_folder("deep/er")), FILE_FOLDER);
	ck_assert_int_eq(files->kind(files->context, in_folder("b")), FILE_REGULAR);
	ck_assert_int_eq(files->kind(files->context, in_folder("c")), FILE_NONE);
	ck_assert_int_eq(files->kind(files->context, STR("/dev/null")), FILE_OTHER);
}
END_TEST

START_TEST(a_table_stands_for_a_file_system)
{
	struct files *files = files_memory(&arena);
	struct file_info_vec list;
	struct str text;

	files_memory_add(&arena, files, STR("./src/b.js"), STR("b"));
	files_memory_add(&arena, files, STR("src/a/c.js"), STR("cc"));
	files_memory_add(&arena, files, STR("top"), STR(""));
	ck_assert(files->read(files->context, &arena, STR("src//x/../b.js"), 9, &text, &err));
	unit_str_eq(text, "b");
	ck_assert(!files->read(files->context, &arena, STR("src"), 9, &text, &err));
	ck_assert(!files->read(files->context, &arena, STR("src/a/c.js"), 1, &text, &err));
	ck_assert_int_eq(files->kind(files->context, STR("src/a")), FILE_FOLDER);
	ck_assert_int_eq(files->kind(files->context, STR("sr")), FILE_NONE);
	ck_assert(files->list(files->context, &arena, STR("src/"), &list, &err));
	ck_assert_uint_eq(list.count, 2);
	unit_str_eq(list.items[0].path, "a/c.js");
	unit_str_eq(list.items[1].path, "b.js");
	ck_assert(files->list(files->context, &arena, STR("."), &list, &err));
	ck_assert_uint_eq(list.count, 3);
	ck_assert(!files->list(files->context, &arena, STR("nowhere"), &list, &err));
	ck_assert(files->entries(files->context, &arena, STR("src"), &list, &err));
	ck_assert_uint_eq(list.count, 2);
	unit_str_eq(list.items[0].path, "a");
	ck_assert_int_eq(list.items[0].kind, FILE_FOLDER);
	unit_str_eq(list.items[1].path, "b.js");
	ck_assert(!files->entries(files->context, &arena, STR("top"), &list, &err));
}
END_TEST

static const struct {
	const char *path, *want;	/* NULL: climbs out */
} normal[] = {
	{ "a/b", "a/b" }, { "./a//b/.", "a/b" }, { "a/../b", "b" }, { "a/..", "." }, { "", "." },
	{ ".", "." }, { "..", NULL }, { "a/../../b", NULL }, { "/a/./b/", "/a/b" }, { "/", "/" },
	{ "/..", NULL }, { "...", "..." },
};

START_TEST(paths_are_normalised_by_text)
{
	struct str out = { 0 };

	ck_assert_int_eq(path_normalize(&arena, str_from_c(normal[_i].path), &out),
			 normal[_i].want != NULL);
	unit_str_eq(out, normal[_i].want ? normal[_i].want : "");
}
END_TEST

START_TEST(folders_and_joins)
{
	unit_str_eq(path_folder(STR("a/b/c")), "a/b");
	unit_str_eq(path_folder(STR("a")), ".");
	unit_str_eq(path_folder(STR("/a")), "/");
	unit_str_eq(path_folder(STR("a//b")), "a");
	unit_str_eq(path_join(&arena, STR("a"), STR("b")), "a/b");
	unit_str_eq(path_join(&arena, STR("a/"), STR("b")), "a/b");
	unit_str_eq(path_join(&arena, STR("a"), STR("/b")), "/b");
	unit_str_eq(path_join(&arena, STR("."), STR("b")), "b");
	unit_str_eq(path_join(&arena, STR("a"), STR("")), "a");
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_file_is_replaced_whole);
	tcase_add_test(tc, a_file_is_rewritten_as_it_is);
	tcase_add_test(tc, a_file_is_never_created_twice);
	tcase_add_test(tc, what_cannot_be_written_says_why);
	tcase_add_test(tc, reading_has_a_limit);
	tcase_add_test(tc, lists_are_sorted_and_follow_links_to_files);
	tcase_add_test(tc, kinds);
	tcase_add_test(tc, a_table_stands_for_a_file_system);
	tcase_add_loop_test(tc, paths_are_normalised_by_text, 0,
			    (int)(sizeof(normal) / sizeof(*normal)));
	tcase_add_test(tc, folders_and_joins);
}

int main(void)
{
	return unit_run("base_fs", fill);
}
