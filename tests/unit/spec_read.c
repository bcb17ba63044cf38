#include "spec_case.h"

#include "spec/expr.h"

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

static bool read_two(const char *first, const char *second, struct spec *spec)
{
	static const struct str paths[] = {
		STR_INIT("p/effortless.toml"), STR_INIT("p/infra/b.toml"),
	};
	bool good;

	files_memory_add(&arena, files, paths[0], str_from_c(first));
	files_memory_add(&arena, files, paths[1], str_from_c(second));
	good = spec_read(&arena, files, &sources, paths, 2, spec, &diags);
	diags_sort(&diags);
	return good;
}

static const struct {
	const char *first, *second, *json, *messages;
} merges[] = {
	{ "[table.a]\nx = 1", "[table.b]\ny = 2\n[queue.c]",
	  "{\"table\":{\"a\":{\"x\":1},\"b\":{\"y\":2}},\"queue\":{\"c\":{}}}", "" },
	{ "[AWS.EC2.VPC.a]", "[AWS.EC2.VPC.b]\n[AWS.S3.Bucket.c]",
	  "{\"AWS\":{\"EC2\":{\"VPC\":{\"a\":{},\"b\":{}}},\"S3\":{\"Bucket\":{\"c\":{}}}}}", "" },
	{ "[stage.prod]\nprotect = 'all'", "[stage.prod.table.a]\nx = 1",
	  "{\"stage\":{\"prod\":{\"protect\":\"all\",\"table\":{\"a\":{\"x\":1}}}}}", "" },
	{ "[stage.prod.table.a]\nx = 1", "[stage.prod]\nprotect = 'all'",
	  "{\"stage\":{\"prod\":{\"table\":{\"a\":{\"x\":1}},\"protect\":\"all\"}}}", "" },
	{ "[table.a]\nx = 1", "\n[table.a]\ny = 2", NULL,
	  "2:8+1 'a' is already defined in p/effortless.toml, line 1 | a block stands in one file; "
	  "rename or remove one of the two" },
	{ "[project]\nname = 'a'", "[project]\nname = 'b'", NULL,
	  "1:2+7 'project' is already defined in p/effortless.toml, line 1 | [project] stands in one "
	  "file, with all that is included" },
	{ "x = 1", "x = 1", NULL,
	  "1:1+1 'x' is already set in p/effortless.toml, line 1 | a block stands in one file; "
	  "rename or remove one of the two" },
	{ "x = { a = 1 }", "[x.b]", NULL,
	  "1:2+1 'x' is already defined in p/effortless.toml, line 1 | a block stands in one file; "
	  "rename or remove one of the two" },
	/* All mistakes of all files. */
	{ "a = oops", "\nb = oops", NULL,
	  "1:5+4 text needs quotes | write \"oops\"\n2:5+4 text needs quotes | write \"oops\"" },
	/* What could not be read is no second mistake. */
	{ "a = oops", "a = 1", NULL, "1:5+4 text needs quotes | write \"oops\"" },
};

START_TEST(merges_files)
{
	struct spec spec;
	bool good = read_two(merges[_i].first, merges[_i].second, &spec);

	unit_str_eq(case_messages(&arena, &sources, &diags), merges[_i].messages);
	ck_assert_int_eq(good, merges[_i].json != NULL);
	if (merges[_i].json)
		unit_str_eq(json_text(&arena, &spec.root), merges[_i].json);
	unit_str_eq(spec.folder, "p");
	ck_assert_uint_eq(spec.document_count, 2);
}
END_TEST

/* Blocks of three formats are one spec, and stand in one file whatever its format. */
START_TEST(merges_formats)
{
	static const struct str paths[] = {
		STR_INIT("p/a.toml"), STR_INIT("p/b.yaml"), STR_INIT("p/c.json"),
	};
	struct spec spec;

	files_memory_add(&arena, files, paths[0], STR("[table.a]\nx = 1\n[stage.p.table.a]"));
	files_memory_add(&arena, files, paths[1], STR("table: {b: {x: 2}}\nstage: {p: {q: r}}"));
	files_memory_add(&arena, files, paths[2], STR("{\"table\": {\"c\": {\"x\": 3}}}"));
	ck_assert(spec_read(&arena, files, &sources, paths, 3, &spec, &diags));
	unit_str_eq(json_text(&arena, &spec.root),
		    "{\"table\":{\"a\":{\"x\":1},\"b\":{\"x\":2},\"c\":{\"x\":3}},"
		    "\"stage\":{\"p\":{\"table\":{\"a\":{}},\"q\":\"r\"}}}");
	files_memory_add(&arena, files, paths[2], STR("{\"table\":\n{\"a\": {\"x\": 3}}}"));
	ck_assert(!spec_read(&arena, files, &sources, paths, 3, &spec, &diags));
	unit_str_eq(case_messages(&arena, &sources, &diags),
		    "2:2+3 'a' is already defined in p/a.toml, line 1 | a block stands in one "
		    "file; rename or remove one of the two");
}
END_TEST

/* The documents stay as they were read. */
START_TEST(leaves_documents_alone)
{
	struct spec spec;

	ck_assert(read_two("[table.a]\nx = 1", "[table.b]\ny = 2", &spec));
	unit_str_eq(json_text(&arena, &spec.documents[0].root), "{\"table\":{\"a\":{\"x\":1}}}");
	unit_str_eq(json_text(&arena, &spec.documents[1].root), "{\"table\":{\"b\":{\"y\":2}}}");
}
END_TEST

START_TEST(merges_many_files)
{
	struct str paths[300];
	struct spec spec;

	for (size_t i = 0; i < 300; i++) {
		struct buf b;

		buf_init(&b, &arena);
		for (int k = 0; k < 20; k++)
			buf_printf(&b, "[table.t%zu_%d]\n", i, k);
		paths[i] = str_format(&arena, "f%zu.toml", i);
		files_memory_add(&arena, files, paths[i], buf_str(&b));
	}
	ck_assert(spec_read(&arena, files, &sources, paths, 300, &spec, &diags));
	ck_assert_uint_eq(value_get_c(&spec.root, "table")->map.count, 6000);
	ck_assert_uint_lt(arena.used_bytes, 64u << 20);
}
END_TEST

START_TEST(names_unreadable_files)
{
	static const struct str paths[] = {
		STR_INIT("gone.toml"), STR_INIT("effortless.xml"), STR_INIT("good.toml"),
	};
	struct spec spec;

	files_memory_add(&arena, files, STR("effortless.xml"), STR("<a/>"));
	files_memory_add(&arena, files, STR("good.toml"), STR("a = 1"));
	ck_assert(!spec_read(&arena, files, &sources, paths, 3, &spec, &diags));
	ck_assert_uint_eq(diags.count, 2);
	ck_assert(str_contains(diags.items[0].text, STR("gone.toml")));
	unit_str_eq(diags.items[1].text, "'effortless.xml': a spec is a .toml, .yaml or .json file");
	ck_assert_uint_ne(spec.root.marks & VALUE_DAMAGED, 0);
	unit_str_eq(json_text(&arena, &spec.root), "{\"a\":1}");
}
END_TEST

static const struct {
	const char *present[3];
	const char *folder, *path, *error;
} finds[] = {
	{ { "/a/b/effortless.toml" }, "/a/b", "/a/b/effortless.toml", NULL },
	{ { "/a/effortless.toml" }, "/a/b/c", "/a/effortless.toml", NULL },
	{ { "/effortless.toml" }, "/a/b", "/effortless.toml", NULL },
	{ { "effortless.toml" }, ".", "effortless.toml", NULL },
	{ { "/a/effortless.toml", "/a/b/effortless.toml" }, "/a/b", "/a/b/effortless.toml", NULL },
	{ { "/b/effortless.toml" }, "/a", NULL,
	  "no effortless.toml in '/a' or a folder above" },
	{ { "/a/effortless.toml", "/a/effortless.json" }, "/a", NULL,
	  "both '/a/effortless.toml' and '/a/effortless.json' exist: keep one, or use -f" },
	{ { "/a/effortless.toml", "/a/b/effortless.yaml" }, "/a/b", "/a/b/effortless.yaml", NULL },
	{ { "/a/effortless.yml" }, "/a", "/a/effortless.yml", NULL },
	{ { "/a/effortless.json", "/effortless.toml" }, "/a", "/a/effortless.json", NULL },
};

START_TEST(finds_the_spec)
{
	struct error err = { 0 };
	struct str path;
	bool good;

	for (int i = 0; i < 3 && finds[_i].present[i]; i++)
		files_memory_add(&arena, files, str_from_c(finds[_i].present[i]), STR(""));
	good = spec_find(&arena, files, str_from_c(finds[_i].folder), &path, &err);
	ck_assert_int_eq(good, finds[_i].path != NULL);
	if (good)
		unit_str_eq(path, finds[_i].path);
	else
		unit_str_eq(str_from_c(err.text), finds[_i].error);
}
END_TEST

START_TEST(prints_tokens_and_tree)
{
	struct document document = { 0 };
	uint32_t file = sources_add(&arena, &sources, STR("t"),
				    STR("[a] # c\nb = [1, \"x\\n\"]\nc = 2012-10-17\n"));
	struct buf b;

	ck_assert(toml_parse(&arena, sources.items[file].text, file, &document, &diags));
	buf_init(&b, &arena);
	spec_print_tokens(&b, &document, &sources);
	unit_str_eq(buf_str(&b),
		    "1:1 open bracket \"[\"\n1:2 bare key \"a\"\n1:3 close bracket \"]\"\n"
		    "1:4 blank \" \"\n1:5 comment \"# c\"\n1:8 newline \"\\n\"\n"
		    "2:1 bare key \"b\"\n2:2 blank \" \"\n2:3 equals \"=\"\n2:4 blank \" \"\n"
		    "2:5 open bracket \"[\"\n2:6 integer \"1\"\n2:7 comma \",\"\n2:8 blank \" \"\n"
		    "2:9 string \"\\\"x\\\\n\\\"\"\n2:14 close bracket \"]\"\n"
		    "2:15 newline \"\\n\"\n"
		    "3:1 bare key \"c\"\n3:2 blank \" \"\n3:3 equals \"=\"\n3:4 blank \" \"\n"
		    "3:5 datetime \"2012-10-17\"\n3:15 newline \"\\n\"\n");
	buf_truncate(&b, 0);
	spec_print_tree(&b, &document.root, &sources);
	unit_str_eq(buf_str(&b),
		    "table @1:1\n\"a\" @1:2: table @1:1\n  \"b\" @2:1: list @2:5\n"
		    "    - integer @2:6 1\n    - string @2:9 \"x\\n\"\n"
		    "  \"c\" @3:1: date-time @3:5 2012-10-17\n");
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, merges_files, 0, COUNT(merges));
	tcase_add_test(tc, merges_formats);
	tcase_add_test(tc, leaves_documents_alone);
	tcase_add_test(tc, merges_many_files);
	tcase_add_test(tc, names_unreadable_files);
	tcase_add_loop_test(tc, finds_the_spec, 0, COUNT(finds));
	tcase_add_test(tc, prints_tokens_and_tree);
}

int main(void)
{
	return unit_run("spec_read", fill);
}
