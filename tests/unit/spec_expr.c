#include "spec_case.h"

#include "spec/expr.h"

/* A text `a = ...`, with the expressions of its one value parsed. */
struct expr_case {
	struct spec_case base;
	struct value value;
	bool good;
};

static void expr_case_parse(struct expr_case *c, const char *text)
{
	case_parse(&c->base, str_from_c(text));
	unit_str_eq(case_messages(&c->base.arena, &c->base.sources, &c->base.diags), "");
	c->good = expr_parse_all(&c->base.arena, value_get_c(&c->base.document.root, "a"),
				 &c->value, &c->base.diags);
	diags_sort(&c->base.diags);
}

/* What is parsed, as it is printed; NULL: as it was written. */
static const struct {
	const char *text, *print;
} good[] = {
	{ "${project}", NULL },
	{ "${orders.arn}", NULL },
	{ "${createOrder/role.RoleId}", NULL },
	{ "${private.a.SubnetId}", NULL },
	{ "${private['a'].SubnetId}", NULL },
	{ "${list[0].x[12]}", NULL },
	{ "${ var.x }", "${var.x}" },
	{ "${x[ 'a.b' ]}", "${x['a.b']}" },
	{ "${x['it\\'s']}", NULL },
	{ "${'text'}", NULL },
	{ "${'$${x}'}", NULL },
	{ "${1}-${-5}-${1.5}-${true}-${null}", NULL },
	{ "${null}", NULL },
	{ "a-${b}-c$${d}%%{e}", NULL },
	{ "${a}${b}", NULL },
	{ "100% $5 {x}", NULL },
	{ "$${x}", "${x}" },
	{ "%%{x}", "%{x}" },
	{ "$$${x}", "$${x}" },
	{ "true.x ${true.x}", NULL },
	{ "${'$'}${x}", NULL },
	{ "${x}${'%'}{y}", NULL },
	{ "${x}${''}", NULL },
	{ "<${'text'}>${x}", "<text>${x}" },
};

START_TEST(parses)
{
	struct arena arena;
	struct expr_case c;
	struct buf b;

	arena_init(&arena);
	buf_init(&b, &arena);
	expr_case_parse(&c, str_format(&arena, "a = '''%s'''", good[_i].text).data);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags), "");
	ck_assert(c.good);
	if (c.value.kind == VALUE_EXPR)
		expr_print(&b, c.value.expr);
	else
		buf_add(&b, c.value.string);
	unit_str_eq(buf_str(&b), good[_i].print ? good[_i].print : good[_i].text);
	case_release(&c.base);
	arena_release(&arena);
}
END_TEST

static const struct {
	const char *text, *messages;
} bad[] = {
	{ "a = \"${aws:username}\"",
	  "1:6+15 '${aws:username}' is no expression: ':' cannot stand in it | "
	  "write '$${aws:username}' if it is meant as text" },
	{ "a = '${HOME:-/root}/x'",
	  "1:6+14 '${HOME:-/root}' is no expression: ':' cannot stand in it | "
	  "write '$${HOME:-/root}' if it is meant as text" },
	{ "a = 'x ${}'",
	  "1:8+3 nothing stands between '${' and '}' | write '$${' if it is meant as text" },
	{ "a = 'x ${ y'",
	  "1:8+2 '${' is never closed | add '}', or write '$${' if it is meant as text" },
	{ "a = 'x ${'",
	  "1:8+2 '${' is never closed | add '}', or write '$${' if it is meant as text" },
	{ "a = '${x + }'", "1:12+1 expected a name or a value, found '}'" },
	{ "a = '${x = 1}'", "1:10+1 expected '}', found '=' | compare with '=='" },
	{ "a = '${x & y}'", "1:10+1 expected '}', found '&' | write '&&'" },
	{ "a = '${x ? 1}'", "1:13+1 expected ':', found '}'" },
	{ "a = '${uper(x)}'", "1:8+4 there is no function 'uper' | did you mean 'upper'?" },
	{ "a = '${timestamp()}'",
	  "1:8+9 function 'timestamp' is left out: it reads the clock, so every run would "
	  "differ" },
	{ "a = '${zzz(\"a}b\")} ${uper(x)}'",
	  "1:8+3 there is no function 'zzz'\n"
	  "1:22+4 there is no function 'uper' | did you mean 'upper'?" },
	{ "a = '${upper(x}'", "1:15+1 expected ')', found '}'" },
	{ "a = '${upper(x..., y)}'", "1:18+1 expected ')', found ','" },
	{ "a = '${(x}'", "1:10+1 expected ')', found '}'" },
	{ "a = '${[x}'", "1:10+1 expected ']', found '}'" },
	{ "a = '${[1,,2]}'", "1:11+1 expected a name or a value, found ','" },
	{ "a = '${{a 1}}'", "1:11+1 expected '=' behind the key, found '1'" },
	{ "a = '${{a = 1 b = 2}}'", "1:15+1 expected '}', found 'b'" },
	{ "a = '${[for 1 in x : 1]}'", "1:13+1 expected a name behind 'for', found '1'" },
	{ "a = '${[for a of x : 1]}'",
	  "1:15+1 expected 'in', found 'o' | "
	  "write 'for NAME in LIST' or 'for KEY, NAME in TABLE'" },
	{ "a = '${[for a in x ; 1]}'", "1:20+1 expected ':', found ';'" },
	{ "a = '${{for a in x : a}}'", "1:23+1 expected '=>', found '}'" },
	{ "a = '${x[*}'", "1:11+1 expected ']', found '}'" },
	{ "a = '${x.}'", "1:10+1 expected a name after '.', found '}'" },
	{ "a = '${x[1}'", "1:11+1 expected ']', found '}'" },
	{ "a = '${1e400}'", "1:8+5 the number does not fit 64 bits" },
	{ "a = '${x y}'", "1:10+1 expected '}', found 'y'" },
	{ "a = '${@}'", "1:8+1 expected a name or a value, found '@'" },
	{ "a = '${\xC3\xA9}'", "1:8+2 expected a name or a value, found '\xC3\xA9'" },
	{ "a = '${99999999999999999999}'", "1:8+20 the number does not fit 64 bits" },
	{ "a = '''${'x}'''", "1:10+1 string in an expression is never closed | end it with '" },
	{ "a = '''${'\\q'}'''",
	  "1:11+1 unknown escape in a string of an expression | "
	  "known are \\n \\r \\t \\\\ \\' \\\" \\u0000 and \\U00000000" },
	{ "a = '%{ if x }y'", "1:6+2 '%{ endif }' is missing" },
	{ "a = '%{ if x }y%{ else }z'", "1:6+2 '%{ endif }' is missing" },
	{ "a = '%{ for x in y }${x}'", "1:6+2 '%{ endfor }' is missing" },
	{ "a = '%{ if x }y%{ endfor }'", "1:6+2 '%{ endif }' is wanted before '%{ endfor }'" },
	{ "a = 'y%{ endif }${x'",
	  "1:7+10 '%{ endif }' has no '%{ if }' before it\n"
	  "1:17+2 '${' is never closed | add '}', or write '$${' if it is meant as text" },
	{ "a = '%{ unless x }'",
	  "1:6+13 no directive begins with 'u' | '%{ if }', '%{ else }', '%{ endif }', "
	  "'%{ for }' and '%{ endfor }' are directives; write '%%{' if it is meant as text" },
	{ "a = '%{ if x.} ${y.} %{ endif }'",
	  "1:14+1 expected a name after '.', found '}'\n"
	  "1:20+1 expected a name after '.', found '}'" },
	/* Inside decoded strings the place is still exact. */
	{ "a = \"\\u00e9\\t${x +  }\"", "1:21+1 expected a name or a value, found '}'" },
	{ "a = \"\"\"\none \\\n  ${x.}\n${f()}\"\"\"",
	  "3:7+1 expected a name after '.', found '}'\n"
	  "4:3+1 there is no function 'f'" },
	{ "a = \"${x[\\\"k\\\"] +  }\"", "1:20+1 expected a name or a value, found '}'" },
	{ "a = [\"${x +  }\", { b = \"${f()}\" }]",
	  "1:14+1 expected a name or a value, found '}'\n"
	  "1:27+1 there is no function 'f'" },
};

START_TEST(says_what_is_wrong)
{
	struct expr_case c;

	expr_case_parse(&c, bad[_i].text);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags),
		    bad[_i].messages);
	ck_assert(!c.good);
	ck_assert_uint_ne(c.value.marks & VALUE_DAMAGED, 0);
	case_release(&c.base);
}
END_TEST

START_TEST(limits_count_and_steps)
{
	struct arena arena;
	struct expr_case c;
	struct buf b;

	arena_init(&arena);
	buf_init(&b, &arena);
	buf_add_c(&b, "a = '");
	for (int i = 0; i < 100000; i++)
		buf_add_c(&b, "${x}");
	buf_add_c(&b, "'");
	expr_case_parse(&c, buf_str(&b).data);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags),
		    "1:40008+1 more than 10000 expressions in one string");
	case_release(&c.base);
	buf_truncate(&b, 0);
	buf_add_c(&b, "a = '${x");
	for (int i = 0; i < 100000; i++)
		buf_add_c(&b, ".y");
	buf_add_c(&b, "}'");
	expr_case_parse(&c, buf_str(&b).data);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags),
		    "1:136+1 a reference has at most 64 steps");
	case_release(&c.base);
	arena_release(&arena);
}
END_TEST

static struct str source_of(const struct expr_case *c, struct span span)
{
	return str_slice(c->base.sources.items[0].text, span.start, span.end);
}

START_TEST(knows_places)
{
	const struct expr *e;
	struct expr_case c;

	expr_case_parse(&c, "a = \"\\tx$${y}-${ createOrder/role.Arn }z\"");
	ck_assert_int_eq(c.value.kind, VALUE_EXPR);
	e = c.value.expr;
	ck_assert_int_eq(e->kind, EXPR_TEMPLATE);
	ck_assert_uint_eq(e->part_count, 3);
	unit_str_eq(e->parts[0]->literal.string, "\tx${y}-");
	unit_str_eq(source_of(&c, e->parts[0]->span), "\\tx$${y}-");
	unit_str_eq(source_of(&c, value_text_span(&e->parts[0]->literal, 2, 4)), "$${");
	unit_str_eq(source_of(&c, e->parts[1]->span), "createOrder/role.Arn");
	unit_str_eq(e->parts[1]->steps[0].name, "createOrder/role");
	unit_str_eq(source_of(&c, e->parts[1]->steps[0].span), "createOrder/role");
	unit_str_eq(source_of(&c, e->parts[1]->steps[1].span), "Arn");
	unit_str_eq(source_of(&c, e->parts[2]->span), "z");
	case_release(&c.base);
}
END_TEST

/* A scope for tests: what a first word stands for. */
static struct value lookup(void *context, struct arena *a, const struct expr *reference,
			   size_t *used, struct diags *d)
{
	struct str name = reference->steps[0].name;
	struct value v = value_null();

	(void)context;
	(void)used;
	(void)d;
	if (str_equal_c(name, "text"))
		v = value_string(STR("T"));
	else if (str_equal_c(name, "secret"))
		v = value_string(STR("S"));
	else if (str_equal_c(name, "number"))
		v = value_int(-42);
	else if (str_equal_c(name, "list"))
		v = value_list(NULL, 0);
	else if (str_equal_c(name, "map"))
		v = value_map();
	else if (str_equal_c(name, "later"))
		v = value_unknown(a, STR("it is made later"), STR("arn:"));
	else if (str_equal_c(name, "long"))
		v = value_string(str_format(a, "%0400000d", 0));
	else
		ck_assert(str_equal_c(name, "nothing"));
	if (str_equal_c(name, "secret"))
		v.marks |= VALUE_SECRET;
	return v;
}

static size_t budget = EXPR_STEP_BUDGET;
static const struct expr_scope scope = { .lookup = lookup, .budget = &budget };

static const struct {
	const char *text, *json;
} results[] = {
	{ "'${text}'", "\"T\"" },
	{ "'${number}'", "-42" },
	{ "'${1.0}'", "1" },
	{ "'a${text}b${number}'", "\"aTb-42\"" },
	{ "'<${true}${false}>'", "\"<truefalse>\"" },
	{ "'<${1.5} ${100.0} ${1e21} ${1e-7} ${0.1} ${123456789.123456789} ${-2.5}>'",
	  "\"<1.5 100 1000000000000000000000 0.0000001 0.1 123456789.123457 -2.5>\"" },
	{ "{ b = '${nothing}', c = 1 }", "{\"c\":1}" },
	{ "{ b = 1, c = '${text}', d = [ '${text}', 2 ] }",
	  "{\"b\":1,\"c\":\"T\",\"d\":[\"T\",2]}" },
	{ "{ b = { c = '${nothing}' } }", "{\"b\":{}}" },
	{ "'${list}'", "[]" },
	{ "'${map}'", "{}" },
	{ "'$${text}'", "\"${text}\"" },
};

START_TEST(evaluates)
{
	struct arena arena;
	struct expr_case c;
	struct value v;

	arena_init(&arena);
	expr_case_parse(&c, str_format(&arena, "a = %s", results[_i].text).data);
	ck_assert(c.good);
	v = value_evaluate(&c.base.arena, &c.value, &scope, &c.base.diags);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags), "");
	unit_str_eq(json_text(&c.base.arena, &v), results[_i].json);
	case_release(&c.base);
	arena_release(&arena);
}
END_TEST

START_TEST(carries_unknowns_and_secrets)
{
	struct expr_case c;
	struct value v;

	expr_case_parse(&c, "a = ['x-${later}-${text}', '${secret}', '<${secret}>', "
			    "'${later}${secret}', '${later}']");
	v = value_evaluate(&c.base.arena, &c.value, &scope, &c.base.diags);
	ck_assert_int_eq(v.list.items[0].kind, VALUE_UNKNOWN);
	unit_str_eq(v.list.items[0].unknown->prefix, "x-arn:");
	unit_str_eq(v.list.items[0].unknown->reason, "it is made later");
	ck_assert_uint_eq(v.list.items[0].marks, 0);
	ck_assert_uint_eq(v.list.items[1].marks, VALUE_SECRET);
	unit_str_eq(v.list.items[2].string, "<S>");
	ck_assert_uint_eq(v.list.items[2].marks, VALUE_SECRET);
	ck_assert_int_eq(v.list.items[3].kind, VALUE_UNKNOWN);
	ck_assert_uint_eq(v.list.items[3].marks, VALUE_SECRET);
	ck_assert_int_eq(v.list.items[4].kind, VALUE_UNKNOWN);
	/* The place is where the user wrote it. */
	unit_str_eq(source_of(&c, v.list.items[1].span), "'${secret}'");
	case_release(&c.base);
}
END_TEST

START_TEST(shares_what_has_no_expressions)
{
	struct expr_case c;
	struct value v;

	expr_case_parse(&c, "a = { b = { c = 1 }, d = [ '${text}' ] }");
	v = value_evaluate(&c.base.arena, &c.value, &scope, &c.base.diags);
	ck_assert_ptr_eq(value_member(&v, STR("b")), value_member(&c.value, STR("b")));
	ck_assert_ptr_ne(value_member(&v, STR("d")), value_member(&c.value, STR("d")));
	case_release(&c.base);
}
END_TEST

START_TEST(refuses_what_is_no_text)
{
	struct expr_case c;
	struct value v;

	expr_case_parse(&c, "a = ['x${list}', 'y${map}${later}', '${long}${long}${long}']");
	v = value_evaluate(&c.base.arena, &c.value, &scope, &c.base.diags);
	diags_sort(&c.base.diags);
	unit_str_eq(case_messages(&c.base.arena, &c.base.sources, &c.base.diags),
		    "1:10+4 a list cannot be part of text | choose one of its values: '.name', "
		    "\"['key']\" or '[0]' behind it\n"
		    "1:22+3 a table cannot be part of text | choose one of its values: '.name', "
		    "\"['key']\" or '[0]' behind it\n"
		    "1:38+21 the text becomes longer than 1048576 bytes");
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(v.list.items[i].kind, VALUE_NULL);
		ck_assert_uint_ne(v.list.items[i].marks & VALUE_DAMAGED, 0);
	}
	case_release(&c.base);
}
END_TEST

static void note(void *context, struct str path, const struct expr *e)
{
	struct buf *b = context;

	buf_printf(b, "%.*s=", STR_ARG(path));
	expr_print(b, e);
	buf_add_char(b, ' ');
}

START_TEST(visits_references)
{
	struct arena scratch;
	struct expr_case c;
	struct buf b;

	arena_init(&scratch);
	buf_init(&b, &scratch);
	expr_case_parse(&c, "a = { E.V.X = '${a.b}-${c}', L = [1, { I = '${d}' }, '${e}'], "
			    "N = '${1}', O = 'x' }");
	expr_visit(&scratch, &c.value, note, &b);
	unit_str_eq(buf_str(&b), "E.V.X=${a.b} E.V.X=${c} L[].I=${d} L[]=${e} ");
	case_release(&c.base);
	arena_release(&scratch);
}
END_TEST

/* Strings that no file holds: made by the program, without a place. */
START_TEST(parses_without_a_place)
{
	struct arena arena;
	struct diags d;
	struct value v = value_string(STR("x$${y}${z.}")), out;

	arena_init(&arena);
	diags_init(&d, &arena);
	ck_assert(!expr_parse(&arena, &v, &out, &d));
	ck_assert_uint_eq(d.count, 1);
	ck_assert_uint_eq(d.items[0].span.file, SPAN_NOWHERE);
	v = value_string(STR("x$${y}${z}"));
	ck_assert(expr_parse(&arena, &v, &out, &d));
	unit_str_eq(out.expr->parts[0]->literal.string, "x${y}");
	arena_release(&arena);
}
END_TEST

/* What is printed reads back as the same. */
START_TEST(prints_what_reads_back)
{
	struct arena arena;
	struct diags d;
	struct value v = value_string(str_from_c(good[_i].text)), first, second;
	struct buf one, two;

	arena_init(&arena);
	diags_init(&d, &arena);
	ck_assert(expr_parse(&arena, &v, &first, &d));
	if (first.kind == VALUE_EXPR) {
		buf_init(&one, &arena);
		expr_print(&one, first.expr);
		v = value_string(buf_str(&one));
		ck_assert(expr_parse(&arena, &v, &second, &d));
		ck_assert_int_eq(second.kind, VALUE_EXPR);
		buf_init(&two, &arena);
		expr_print(&two, second.expr);
		unit_str_eq(buf_str(&two), buf_str(&one).data);
	}
	arena_release(&arena);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, parses, 0, COUNT(good));
	tcase_add_loop_test(tc, prints_what_reads_back, 0, COUNT(good));
	tcase_add_loop_test(tc, says_what_is_wrong, 0, COUNT(bad));
	tcase_add_test(tc, limits_count_and_steps);
	tcase_add_test(tc, knows_places);
	tcase_add_loop_test(tc, evaluates, 0, COUNT(results));
	tcase_add_test(tc, carries_unknowns_and_secrets);
	tcase_add_test(tc, shares_what_has_no_expressions);
	tcase_add_test(tc, refuses_what_is_no_text);
	tcase_add_test(tc, visits_references);
	tcase_add_test(tc, parses_without_a_place);
}

int main(void)
{
	return unit_run("spec_expr", fill);
}
