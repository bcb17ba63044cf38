#include "spec_function_case.h"

/* Calls as they are written, with files of a project in memory; the spec is a module's. */
struct call_case {
	const char *text, *result;
};

static const struct call_case calls[] = {
	{ "file('a.txt')", "\"some text\\n\"" },
	{ "file('../top.txt')", "\"top\"" },
	{ "file('../../top.txt')", "!E0270 '../../top.txt' is outside the project" },
	{ "file('/mod/a.txt')",
	  "!E0270 a path is written from the folder of the spec, without '/' at its start" },
	{ "file('none')", "!E0270 there is no file 'none'" },
	{ "file('sub')", "!E0270 there is no file 'sub'" },
	{ "file('raw')", "!E0270 'raw' is no text (UTF-8); use filebase64()" },
	{ "filebase64('raw')", "\"//4=\"" },
	{ "filemd5('../top.txt')", "\"b28354b543375bfa94dabaeda722927f\"" },
	{ "fileexists('a.txt')", "true" },
	{ "fileexists('none')", "false" },
	{ "fileexists('sub')", "!E0270 'sub' is no file but a folder or the like" },
	{ "fileset('.', '*.txt')", "[\"a.txt\",\"big.txt\"]" },
	{ "fileset('.', '**/*.txt')", "[\"a.txt\",\"big.txt\",\"sub/b.txt\",\"sub/deep/c.txt\"]" },
	{ "fileset('.', 'sub/*')", "[\"sub/b.txt\"]" },
	{ "fileset('sub', '{b,x}.tx?')", "[\"b.txt\"]" },
	{ "fileset('.', '[!b-z]*.txt')", "[\"a.txt\"]" },
	{ "fileset('.', '[')", "!E0270 the pattern is malformed or takes too many steps" },
	{ "fileset('.', '../*')", "!E0270 a pattern is short and never leaves its folder" },
	{ "file('big.txt')", "!E0270 'mod/big.txt' is larger than 1048576 bytes" },
	{ "length(filesha256('big.txt'))", "64" },
	{ "templatefile('t.tpl', { name = 'x', list = ['a', 'b'] })", "\"x: a b \"" },
	{ "templatefile('t.tpl', { name = 'x' })",
	  "!E0273 in the template: the template is given no 'list'" },
	{ "templatefile('t.tpl', { name = text, list = [] })", "\"T: \"" },
	{ "templatefile('t.tpl', { name = later, list = [] })", "?3" },
	{ "templatefile('t.tpl', { name = secret, list = [] })", "\"(secret)\"" },
	{ "templatefile('self.tpl', {})",
	  "!E0273 in the template: a template cannot read another one" },
	{ "templatefile('outside.tpl', {})",
	  "!E0273 in the template: the template is given no 'text'" },
	{ "try(file('none'), 'd')", "\"d\"" },
	{ "try(text, 1)", "\"T\"" },
	{ "try(later, 1)", "?" },
	{ "try(tonumber('x'), later)", "?" },
	{ "try(nothing, 1)", "!E0401 there is no block 'nothing'" },
	{ "can(nothing)", "!E0401 there is no block 'nothing'" },
	{ "can(tonumber('x'))", "false" },
	{ "can({ a = 1 }.b)", "false" },
	{ "can(later)", "?1" },
	{ "can(secret)", "\"(secret)\"" },
	{ "try(tonumber('x'), tobool('y'))",
	  "!E0272 nothing that 'try' tried can be worked out; the last: 'v' of 'tobool': a "
	  "boolean is needed, and 'y' is none" },
	/* Open: the call stays, with what is known of it worked out. */
	{ "upper(open.x)", "${upper(open.x)}" },
	{ "join('-', [text, open.x, upper('a')])", "${join('-', ['T', open.x, 'A'])}" },
	{ "length([open.x, open.y])", "2" },
	{ "element([open.x, text], 1)", "\"T\"" },
	{ "element([open.x, text], 0)", "${open.x}" },
	{ "lookup({ a = open.x }, text, 'd')", "\"d\"" },
	{ "keys({ a = open.x, b = 1 })", "[\"a\",\"b\"]" },
	{ "try(open.x, text)", "${try(open.x, 'T')}" },
	{ "can(open.x)", "${can(open.x)}" },
	{ "coalesce(text, open.x)", "\"T\"" },
	{ "coalesce(null, open.x)", "${coalesce(null, open.x)}" },
	{ "toset([open.x, 'a'])", "${toset([open.x, 'a'])}" },
	{ "sha256(later)", "?3" },
	{ "coalesce(1, open.x)", "${coalesce(1, open.x)}" },
	{ "tolist([1, open.x])", "${tolist([1, open.x])}" },
	{ "templatefile('t.tpl', { name = open.x, list = ['a'] })", "${open.x}: a " },
	{ "templatefile('t.tpl', { name = 'N', list = open.x })",
	  "N: %{ for x in open.x }${x} %{ endfor }" },
	{ "templatefile('loop.tpl', { name = 'N', list = open.x })",
	  "%{ for x in open.x }N${x}%{ endfor }" },
};

static struct value lookup(void *context, struct arena *a, const struct expr *reference,
			   size_t *used, struct diags *d)
{
	struct str name = reference->steps[0].name;
	struct value v = value_string(STR("T"));

	(void)context;
	if (str_equal_c(name, "open")) {
		struct expr *copy = arena_new(a, struct expr);

		*copy = *reference;
		copy->scope = 1;
		expr_measure(copy);
		return (struct value){ .kind = VALUE_EXPR, .expr = copy };
	}
	*used = 1;
	if (str_equal_c(name, "later"))
		return value_unknown(a, STR("later"), (struct str){ 0 });
	if (str_equal_c(name, "nothing")) {
		diag_error(d, reference->span, "E0401 there is no block 'nothing'");
		v = value_null();
		v.marks = VALUE_DAMAGED;
	} else if (str_equal_c(name, "secret")) {
		v.marks = VALUE_SECRET;
	}
	return v;
}

static struct files *make_files(struct arena *a)
{
	static const char *const texts[][2] = {
		{ "top.txt", "top" }, { "mod/a.txt", "some text\n" }, { "mod/raw", "\xFF\xFE" },
		{ "mod/sub/b.txt", "b" }, { "mod/sub/deep/c.txt", "c" },
		{ "mod/t.tpl", "${name}: %{ for x in list }${x} %{ endfor }" },
		{ "mod/self.tpl", "${templatefile(\"t.tpl\", {})}" },
		{ "mod/outside.tpl", "${text}" },
		{ "mod/loop.tpl", "%{ for x in list }${upper(name)}${x}%{ endfor }" },
	};
	struct files *files = files_memory(a);
	struct buf big;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		files_memory_add(a, files, str_from_c(texts[i][0]), str_from_c(texts[i][1]));
	buf_init(&big, a);
	buf_add_repeat(&big, 'x', EXPR_TEXT_LIMIT + 1);
	files_memory_add(a, files, STR("mod/big.txt"), buf_str(&big));
	return files;
}

START_TEST(calls_hold)
{
	size_t budget = EXPR_STEP_BUDGET;
	struct expr_scope scope = { .lookup = lookup, .budget = &budget, .folder = STR("mod") };
	struct value source, parsed, out;
	struct arena arena;
	struct diags d;
	struct buf b;

	arena_init(&arena);
	diags_init(&d, &arena);
	buf_init(&b, &arena);
	scope.files = make_files(&arena);
	source = value_string(str_format(&arena, "${%s}", calls[_i].text));
	ck_assert(expr_parse(&arena, &source, &parsed, &d));
	out = value_evaluate(&arena, &parsed, &scope, &d);
	if (out.kind == VALUE_EXPR)
		expr_print(&b, out.expr);
	else
		case_print(&arena, &b, &out, &d);
	unit_str_eq(buf_str(&b), calls[_i].result);
	arena_release(&arena);
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, calls_hold, 0, sizeof(calls) / sizeof(*calls));
}

int main(void)
{
	return unit_run("spec_function_file", fill);
}
