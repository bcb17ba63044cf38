#include "spec_case.h"

/* Documents that lead to others: include, and the sources of modules. */

static struct arena arena;
static struct sources sources;
static struct diags diags;
static struct files *files;

static void setup(void)
{
	arena_init(&arena);
	diags_init(&diags, &arena);
	sources = (struct sources){ 0 };
	files = files_memory(&arena);
}

static void teardown(void)
{
	arena_release(&arena);
}

#define FILES_MOST 5
#define SPEC(text) { "p/effortless.toml", text }

struct given {
	const char *path, *text;
};

static bool read_given(const struct given *given, size_t count, struct spec *spec)
{
	struct str first = str_from_c(given[0].path);
	bool good;

	for (size_t i = 0; i < count && given[i].path; i++)
		files_memory_add(&arena, files, str_from_c(given[i].path),
				 str_from_c(given[i].text));
	good = spec_read(&arena, files, &sources, &first, 1, spec, &diags);
	diags_sort(&diags);
	return good;
}

static const struct {
	struct given files[FILES_MOST];
	const char *paths;		/* of all documents, in order */
	const char *messages;
} includes[] = {
	{ { SPEC("project.include = ['infra/*.toml']"), { "p/infra/b.toml", "[table.b]" },
	    { "p/infra/a.toml", "[table.a]" }, { "p/infra/c.txt", "" },
	    { "p/infra/deep/d.toml", "" } },
	  "p/effortless.toml p/infra/a.toml p/infra/b.toml", "" },
	{ { SPEC("project.include = ['*/x?.toml', './infra/../infra/x1.toml']"),
	    { "p/infra/x1.toml", "" }, { "p/other/x2.toml", "" }, { "p/other/x34.toml", "" },
	    { "p/.hidden/x3.toml", "" } },
	  "p/effortless.toml p/infra/x1.toml p/other/x2.toml", "" },
	/* The spec itself and what was included already are not read again. */
	{ { SPEC("project.include = ['*.toml', 'a.toml']"), { "p/a.toml", "" } },
	  "p/effortless.toml p/a.toml", "" },
	{ { SPEC("project.include = ['a/*.toml']"), { "p/a.toml", "" } },
	  "p/effortless.toml", "1:20+10 no file matches 'a/*.toml'" },
	{ { SPEC("project.include = ['../q/*.toml', '/q/a.toml', '']"), { "q/a.toml", "" } },
	  "p/effortless.toml",
	  "1:20+13 '../q/*.toml' is outside of the project's folder | a relative path that stays "
	  "below the folder of the spec\n"
	  "1:35+11 '/q/a.toml' is outside of the project's folder | a relative path that stays "
	  "below the folder of the spec\n"
	  "1:48+2 '' is outside of the project's folder | a relative path that stays "
	  "below the folder of the spec" },
	{ { SPEC("project.include = ['${stage}/*.toml']") }, "p/effortless.toml",
	  "1:20+17 files are found before anything is computed, so no expression can stand here "
	  "| write the path itself; a module takes values through 'with'" },
	{ { SPEC("project.include = ['**/a.toml']") }, "p/effortless.toml",
	  "1:20+11 'include' does not know '**' | name each folder: [\"infra/*.toml\", "
	  "\"infra/network/*.toml\"]" },
	{ { SPEC("project.include = ['a.toml']"), { "p/a.toml", "project.include = ['b.toml']" },
	    { "p/b.toml", "" } },
	  "p/effortless.toml p/a.toml",
	  "1:1+7 'project' is already defined in p/effortless.toml, line 1 | [project] stands in "
	  "one file, with all that is included" },
	{ { SPEC("project.include = ['a.toml']\n[table.x]"), { "p/a.toml", "[table.x]" } },
	  "p/effortless.toml p/a.toml",
	  "1:8+1 'x' is already defined in p/effortless.toml, line 2 | a block stands in one "
	  "file; rename or remove one of the two" },
	/* Of another kind: whoever checks [project] says so. */
	{ { SPEC("project.include = 'a.toml'"), { "p/a.toml", "" } }, "p/effortless.toml", "" },
};

static struct str paths_of(const struct spec *spec)
{
	struct buf b;

	buf_init(&b, &arena);
	for (size_t i = 0; i < spec->document_count; i++)
		buf_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(spec->documents[i].path));
	return buf_str(&b);
}

START_TEST(follows_includes)
{
	struct spec spec;
	bool good = read_given(includes[_i].files, FILES_MOST, &spec);

	unit_str_eq(case_messages(&arena, &sources, &diags), includes[_i].messages);
	ck_assert_int_eq(good, !*includes[_i].messages);
	unit_str_eq(paths_of(&spec), includes[_i].paths);
}
END_TEST

static const struct {
	struct given files[FILES_MOST];
	const char *modules;		/* their folders, in order */
	const char *messages;
} modules[] = {
	{ { SPEC("[module.a]\nsource = './m/a'\n[module.b]\nsource = './m/../m/a/'"),
	    { "p/m/a/effortless.toml", "[module.c]\nsource = '../c'" },
	    { "p/m/c/effortless.toml", "[table.x]" } }, "m/a m/c", "" },
	/* An overlay may name another one. */
	{ { SPEC("[stage.prod.module.a]\nsource = './b'"), { "p/b/effortless.toml", "" } },
	  "b", "" },
	{ { SPEC("[module.a]\nsource = 'm/a'"), { "p/m/a/effortless.toml", "" } }, "",
	  "2:10+5 the source of a module is a folder that begins with './' or '../' | for example "
	  "\"./modules/cdn\"" },
	{ { SPEC("[module.a]\nsource = './../q'"), { "q/effortless.toml", "" } }, "",
	  "2:10+8 './../q' is outside of the project's folder | a relative path that stays below "
	  "the folder of the spec" },
	{ { SPEC("[module.a]\nsource = './m'"), { "p/m/other.toml", "" } }, "m",
	  "2:10+5 there is no effortless.toml in 'm'" },
	{ { SPEC("[module.a]\nsource = './'") }, "",
	  "2:10+4 the spec cannot be a module of itself" },
	{ { SPEC("[module.a]\nsource = './a'"),
	    { "p/a/effortless.toml", "[module.b]\nsource = '../b'" },
	    { "p/b/effortless.toml", "[module.a]\nsource = '../a'" } }, "a b",
	  "2:10+6 the modules use each other: a -> b -> a" },
	{ { SPEC("[module.a]\nsource = './a'"),
	    { "p/a/effortless.toml", "[module.b]\nsource = './.'" } }, "a",
	  "2:10+5 the modules use each other: a -> a" },
	{ { SPEC("[module.a]\nsource = './a${stage}'") }, "",
	  "2:10+13 files are found before anything is computed, so no expression can stand here "
	  "| write the path itself; a module takes values through 'with'" },
	{ { SPEC("[module.a]\nsource = 1\n[module]\nb = 2") }, "", "" },
};

START_TEST(follows_modules)
{
	struct spec spec;
	bool good = read_given(modules[_i].files, FILES_MOST, &spec);
	struct buf b;

	unit_str_eq(case_messages(&arena, &sources, &diags), modules[_i].messages);
	ck_assert_int_eq(good, !*modules[_i].messages);
	buf_init(&b, &arena);
	for (uint32_t i = 0; i < spec.modules.count; i++)
		buf_printf(&b, "%s%.*s", i ? " " : "", STR_ARG(spec.modules.entries[i].key));
	unit_str_eq(buf_str(&b), modules[_i].modules);
}
END_TEST

START_TEST(finds_a_module_from_another_one)
{
	struct spec spec;

	ck_assert(read_given(modules[0].files, FILES_MOST, &spec));
	unit_str_eq(json_text(&arena, &spec_module(&arena, &spec, STR("m/a"), STR("../c"))->root),
		    "{\"table\":{\"x\":{}}}");
	ck_assert_ptr_null(spec_module(&arena, &spec, STR("m/a"), STR("../../../c")));
	ck_assert_ptr_null(spec_module(&arena, &spec, STR("."), STR("./nowhere")));
}
END_TEST

START_TEST(limits_the_depth_of_modules)
{
	struct given given = SPEC("[module.m]\nsource = './m'");
	struct str folder = STR("p");
	struct spec spec;

	for (int i = 0; i < 20; i++) {
		folder = path_join(&arena, folder, STR("m"));
		files_memory_add(&arena, files, path_join(&arena, folder, STR("effortless.toml")),
				 STR("[module.m]\nsource = './m'"));
	}
	ck_assert(!read_given(&given, 1, &spec));
	unit_str_eq(case_messages(&arena, &sources, &diags),
		    "2:10+5 modules nest deeper than 16");
	ck_assert_uint_eq(spec.modules.count, 16);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, follows_includes, 0, COUNT(includes));
	tcase_add_loop_test(tc, follows_modules, 0, COUNT(modules));
	tcase_add_test(tc, finds_a_module_from_another_one);
	tcase_add_test(tc, limits_the_depth_of_modules);
}

int main(void)
{
	return unit_run("spec_documents", fill);
}
