#include "spec_case.h"

#include "spec/convert.h"
#include "spec/expr.h"

/* What expressions come to: known values as Terraform has them, unknown ones, open ones. */

static struct value list_of(struct arena *a, size_t count, const struct value *items)
{
	struct value list = value_list(NULL, 0);

	for (size_t i = 0; i < count; i++)
		value_append(a, &list, items[i]);
	return list;
}

static struct value known_map(struct arena *a)
{
	struct value map = value_map();

	value_set(a, &map, STR("b"), value_int(1));
	value_set(a, &map, STR("a"), value_string(STR("x")));
	return map;
}

static struct value unknown_prefix(struct arena *a, const char *prefix)
{
	struct unknown *unknown = arena_new(a, struct unknown);

	*unknown = (struct unknown){
		.reason = STR("it is made later"), .prefix = str_from_c(prefix),
		.type = &string_type,
	};
	return (struct value){ .kind = VALUE_UNKNOWN, .span = SPAN_NONE, .unknown = unknown };
}

static struct value open_reference(struct arena *a, const struct expr *e)
{
	struct expr *copy = arena_new(a, struct expr);

	*copy = *e;
	copy->scope = 1;
	return (struct value){ .kind = VALUE_EXPR, .span = e->span, .expr = copy };
}

static struct value open_block(struct arena *a)
{
	struct expr_step *step = arena_new(a, struct expr_step);
	struct expr e = { .kind = EXPR_REFERENCE, .steps = step, .step_count = 1 };

	step->name = STR("open");
	return open_reference(a, &e);
}

static struct value lookup(void *context, struct arena *a, const struct expr *e, size_t *used,
			   struct diags *d)
{
	struct str name = e->steps[0].name;
	struct value v = value_null();

	(void)context;
	if (str_starts(name, STR("open"))) {
		/* A block with keys, once the resources are known. */
		if (str_equal_c(name, "opens") && context) {
			*used = 1;
			v = value_map();
			value_set(a, &v, STR("k"), open_reference(a, e));
			return v;
		}
		return open_reference(a, e);
	}
	*used = 1;
	if (str_equal_c(name, "text"))
		return value_string(STR("T"));
	if (str_equal_c(name, "number"))
		return value_int(-42);
	if (str_equal_c(name, "list"))
		return list_of(a, 2, (struct value[]){ value_int(1), value_string(STR("b")) });
	if (str_equal_c(name, "half"))
		return list_of(a, 2, (struct value[]){ unknown_prefix(a, "h"), value_int(7) });
	if (str_equal_c(name, "parts"))
		return list_of(a, 1, (struct value[]){ open_block(a) });
	if (str_equal_c(name, "map"))
		return known_map(a);
	if (str_equal_c(name, "later"))
		return unknown_prefix(a, "arn:");
	if (str_equal_c(name, "count"))
		return value_unknown_of(a, &number_type, STR("counted later"));
	if (str_equal_c(name, "sure"))
		return value_unknown_of(a, &bool_type, STR("decided later"));
	if (str_equal_c(name, "some"))
		return value_unknown_of(a, &strings_type, STR("listed later"));
	if (str_equal_c(name, "any"))
		return value_unknown(a, STR("nobody knows"), (struct str){ 0 });
	if (str_equal_c(name, "secret"))
		v = value_string(STR("S"));
	else if (str_equal_c(name, "nothing"))
		return v;
	else if (d)
		diag_error(d, e->steps[0].span, "there is no '%.*s'", STR_ARG(name));
	v.marks = str_equal_c(name, "secret") ? VALUE_SECRET : VALUE_DAMAGED;
	return v;
}

static const struct {
	const char *text, *json;
} values[] = {
	/* numbers */
	{ "1 + \"2\"", "3" }, { "10 / 4", "2.5" }, { "10 / 5", "2" }, { "2 + 3 * 4 % 5", "4" },
	{ "(2 + 3) * 4", "20" }, { "-5 % 3", "-2" }, { "5 % -3", "2" }, { "5.5 % 2", "1.5" },
	{ "0.1 + 0.2 == 0.3", "true" }, { "100 * 1.1", "110" }, { "1e3", "1000" },
	{ "1E-3", "0.001" }, { "-2 - -3", "1" }, { "- 3", "-3" }, { "--3", "3" },
	{ "1 - 2 - 3", "-4" }, { "2 * 3 / 4", "1.5" }, { "7 / 2 * 2", "7" },
	{ "1 / 3 * 3 == 1", "true" }, { "0.1 * 3 == 0.3", "true" }, { "-\"5\"", "-5" },
	{ "2 -1", "1" }, { "-9223372036854775808", "-9223372036854775808" },
	{ "9223372036854775807 - 1", "9223372036854775806" },
	{ "-9223372036854775808 % -1", "0" },
	{ "3037000500 * 3037000499", "9223372033963249500" },
	{ "-4611686018427387904 * 2", "-9223372036854775808" },
	{ "\"<${1/3}>\"", "\"<0.333333333333333>\"" }, { "100.0", "100" },
	{ "number/2", "-21" }, { "number / 2", "-21" }, { "(number)/number", "1" },
	/* comparison */
	{ "1 == \"1\"", "false" }, { "[1] == [\"1\"]", "false" }, { "true == \"true\"", "false" },
	{ "null == null", "true" }, { "null == 1", "false" }, { "\"a\" != null", "true" },
	{ "1 == 1.0", "true" }, { "[] == {}", "false" }, { "[1, null] == [1, null]", "true" },
	{ "{a=1,b=2} == {b=2,a=1}", "true" }, { "{a=1} == {a=\"1\"}", "false" },
	{ "1 < \"2\"", "true" }, { "\"10\" < \"9\"", "false" }, { "1 <= 1 && 2 >= 3", "false" },
	{ "1 < 2 == true", "true" }, { "true == 1 > 0", "true" },
	/* logic */
	{ "!\"true\"", "false" }, { "true && \"false\"", "false" }, { "!!true", "true" },
	{ "true && false || true", "true" }, { "!true == false", "true" },
	{ "1 == 1 && 2 == 2", "true" },
	/* conditions */
	{ "true ? 1 : \"a\"", "\"1\"" }, { "true ? \"a\" : true", "\"a\"" },
	{ "true ? 1 : null", "1" }, { "false ? 1 : null", "null" },
	{ "\"true\" ? 1 : 2", "1" }, { "true ? 1 : 1/0", "1" }, { "true ? 1 : [][0]", "1" },
	{ "true ? [1,2] : [\"a\"]", "[\"1\",\"2\"]" }, { "true ? [1,2] : [1]", "[1,2]" },
	{ "true ? {a=1} : {a=\"x\"}", "{\"a\":\"1\"}" }, { "true ? [] : [\"a\"]", "[]" },
	{ "true ? false ? 1 : 2 : 3", "2" }, { "1 != 2 ? \"a\" : \"b\"", "\"a\"" },
	/* steps */
	{ "[1,2,3].1", "2" }, { "[1,2,3][\"1\"]", "2" }, { "[1,2,3][1.0]", "2" },
	{ "{\"1\"=5}[1]", "5" }, { "{a={b=[7]}}.a.b[0]", "7" }, { "map.a", "\"x\"" },
	{ "map[\"a\"]", "\"x\"" }, { "map[{x = \"a\"}.x]", "\"x\"" }, { "list[1]", "\"b\"" },
	{ "list.1", "\"b\"" }, { "[[1, 2], [3]][0][1]", "2" }, { "([1,2]) [0]", "1" },
	{ "{a=1} . a", "1" },
	/* lists and objects */
	{ "[1, 2, ]", "[1,2]" }, { "[]", "[]" }, { "{}", "{}" },
	{ "{a:1, \"b\":2, (\"c\"): 3, 4 = 5}", "{\"a\":1,\"b\":2,\"c\":3,\"4\":5}" },
	{ "{true=5}", "{\"true\":5}" }, { "{a=1,a=2}", "{\"a\":2}" },
	{ "{\"a${1}\" = 2, (1 + 1) = 3}", "{\"a1\":2,\"2\":3}" },
	{ "{\n a = 1\n b = 2,\n}", "{\"a\":1,\"b\":2}" }, { "{a = null}", "{\"a\":null}" },
	{ "{text = text}", "{\"text\":\"T\"}" }, { "{(text) = 1}", "{\"T\":1}" },
	{ "{for = 1}", NULL },
	/* for */
	{ "[for x in [1,2,3] : x * 2 if x > 1]", "[4,6]" },
	{ "[for i, x in [\"a\",\"b\"] : \"${i}-${x}\"]", "[\"0-a\",\"1-b\"]" },
	{ "[for k, v in {b=1,a=2} : \"${k}=${v}\"]", "[\"a=2\",\"b=1\"]" },
	{ "{for k, v in {b=1,a=2} : v => k}", "{\"2\":\"a\",\"1\":\"b\"}" },
	{ "{for x in [\"a\",\"b\",\"a\"] : x => 1...}", "{\"a\":[1,1],\"b\":[1]}" },
	{ "[for x in [[1,2],[3]] : [for y in x : y * 2]]", "[[2,4],[6]]" },
	{ "[for text in [\"in\"] : text]", "[\"in\"]" }, { "[for n in [6] : n/n]", "[1]" },
	{ "[for x in [1,null,3] : x if x != null]", "[1,3]" }, { "[for x in {} : x]", "[]" },
	{ "[for x in [1] : x if \"true\"]", "[1]" }, { "[for m in [map] : m.b]", "[1]" },
	/* splats */
	{ "null[*]", "[]" }, { "null[*].a", "[]" }, { "\"abc\"[*]", "[\"abc\"]" },
	{ "{a=1}[*].a", "[1]" }, { "[{a=1},{a=2}][*].a", "[1,2]" },
	{ "[{a=1},{a=2}].*.a", "[1,2]" }, { "[{a=[1,2]},{a=[3]}].*.a[0]", "[1,2]" },
	{ "[{a=[1,2]},{a=[3]}][*].a[0]", "[1,3]" }, { "[[1,2],[3]].*.0", "[1,3]" },
	{ "[[{a=1}],[{a=2}]][*][*].a", "[[1],[2]]" }, { "{a=[1,2]}.a[*]", "[1,2]" },
	{ "[[1,2],[3]][*][map.b - 1]", "[1,3]" },
	/* text */
	{ "\"a${\"b${'c'}\"}\"", "\"abc\"" }, { "\"${true}${1.5}${1e21}${0.1}\"",
	  "\"true1.510000000000000000000000.1\"" },
	{ "\"${null}\"", "null" }, { "\"${1}\"", "1" }, { "\"${1}${\"\"}\"", "\"1\"" },
	{ "\"  ${~ \"x\" ~}  y\"", "\"xy\"" }, { "\"  ${~ 1 ~}  \"", "\"1\"" },
	{ "\"a %{~ if true ~} b %{~ endif ~} c\"", "\"abc\"" },
	{ "\"%{ if true }yes%{ else }no%{ endif }\"", "\"yes\"" },
	{ "\"%{ if false }yes%{ endif }\"", "\"\"" },
	{ "\"%{ for x in [1,2,3] }<${x}>%{ endfor }\"", "\"<1><2><3>\"" },
	{ "\"%{ for i, x in [\"a\",\"b\"] ~} <${i}${x}> %{ endfor ~}\"", "\"<0a> <1b> \"" },
	{ "\"%{ for x in [1] }%{ if x == 1 }one%{ endif }%{ endfor }\"", "\"one\"" },
	{ "\"a\\tb\\u00e9\\U0001F600\\\\\"", "\"a\\tb\xC3\xA9\xF0\x9F\x98\x80\\\\\"" },
	{ "\"$${x} %%{y} $$ %% $\"", "\"${x} %{y} $$ %% $\"" }, { "\"\"", "\"\"" },
	{ "'it\\'s'", "\"it's\"" }, { "'\"'", "\"\\\"\"" },
	/* calls */
	{ "upper(\"a\" , )", "\"A\"" }, { "upper (\"a-${1}\")", "\"A-1\"" },
	{ "upper([\"a\"]...)", "\"A\"" },
	{ "[for x in [\"a\",\"b\"] : upper(x)]", "[\"A\",\"B\"]" },
};

struct expr_case {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	struct value v;
	size_t budget;
	struct expr_scope scope;
};

/* The text stands in "${" "}" at offset 0 of a source of its own. */
static bool open_case(struct expr_case *c, const char *text)
{
	struct value v;

	*c = (struct expr_case){ .budget = 100000 };
	arena_init(&c->arena);
	diags_init(&c->diags, &c->arena);
	v = value_string(str_format(&c->arena, "${%s}", text));
	v.span = (struct span){ sources_add(&c->arena, &c->sources, STR("t"), v.string), 0,
				(uint32_t)v.string.length };
	c->scope = (struct expr_scope){ .lookup = lookup, .budget = &c->budget };
	return expr_parse(&c->arena, &v, &c->v, &c->diags);
}

static struct value evaluate_case(struct expr_case *c)
{
	return value_evaluate(&c->arena, &c->v, &c->scope, &c->diags);
}

START_TEST(comes_to)
{
	struct expr_case c;
	struct value v;

	if (!values[_i].json) {
		ck_assert(!open_case(&c, values[_i].text));
	} else {
		ck_assert_msg(open_case(&c, values[_i].text), "%s: %.*s", values[_i].text,
			      STR_ARG(case_messages(&c.arena, &c.sources, &c.diags)));
		v = evaluate_case(&c);
		unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), "");
		ck_assert_uint_eq(v.marks, 0);
		unit_str_eq(json_text(&c.arena, &v), values[_i].json);
	}
	arena_release(&c.arena);
}
END_TEST

/* Offsets count from the "$" of "${". */
static const struct {
	const char *text, *messages;
} mistakes[] = {
	{ "1 + null", "1:7+4 '+' cannot be used with null" },
	{ "1 + []", "1:7+2 '+': a number is needed, not a list" },
	{ "later + 1", "1:3+5 '+': a number is needed, and text that begins with 'arn:' is none" },
	{ "-\"x\"", "1:4+3 '-': a number is needed, and 'x' is none" },
	{ "!null", "1:4+4 '!' cannot be used with null" },
	{ "\"a\" < \"b\"", "1:3+3 '<': a number is needed, and 'a' is none\n"
	  "1:9+3 '<': a number is needed, and 'b' is none" },
	{ "false && null", "1:12+4 '&&' cannot be used with null" },
	{ "true && 1", "1:11+1 '&&': a boolean is needed, not an integer" },
	{ "9223372036854775807 + 1", "1:3+23 the result does not fit 64 bits" },
	{ "-9223372036854775808 - 1", "1:3+24 the result does not fit 64 bits" },
	{ "3037000500 * 3037000500", "1:3+23 the result does not fit 64 bits" },
	{ "-9223372036854775808 / -1", "1:3+25 the result does not fit 64 bits" },
	{ "-(-9223372036854775808)", "1:3+23 the result does not fit 64 bits" },
	{ "1.5e300 * 1e300", "1:3+15 the result does not fit 64 bits" },
	{ "1 / 0", "1:7+1 division by zero" },
	{ "1 % 0.0", "1:7+3 division by zero" },
	{ "null ? 1 : 2", "1:3+4 a condition cannot be null" },
	{ "\"x\" ? 1 : 2", "1:3+3 the condition: a boolean is needed, and 'x' is none" },
	{ "true ? 1 : true", "1:10+1 both sides of ':' must be of one type, "
	  "and these are a number and a boolean" },
	{ "true ? [1] : \"a\"", "1:10+3 both sides of ':' must be of one type, "
	  "and these are a list and a text" },
	{ "[1][1]", "1:7+1 there is no item 1 in it | it has 1, the first is [0]" },
	{ "[][0]", "1:6+1 there is no item 0 in it | the list is empty" },
	{ "[1][-1]", "1:7+2 there is no item -1 in it | it has 1, the first is [0]" },
	{ "[1][0.5]", "1:7+3 a position must be a whole number" },
	{ "[1][\"x\"]", "1:7+3 the position: a number is needed, and 'x' is none" },
	{ "[1][null]", "1:7+4 a key cannot be null" },
	{ "{ab=1}.abc", "1:10+3 there is no 'abc' in it | did you mean 'ab'?" },
	{ "map.c.d", "1:7+1 there is no 'c' in it" },
	{ "map[secret]", "1:7+6 there is no '(secret)' in it" },
	{ "{for x in [1, 2] : secret => x}", "1:22+6 two items have the key '(secret)' | "
	  "write '...' behind the value to collect them in a list" },
	{ "1 + secret", "1:7+6 '+': a number is needed, not a string" },
	{ "null.a", "1:8+1 null has no attributes" },
	{ "null[0]", "1:8+1 null has no items" },
	{ "\"abc\".x", "1:9+1 a text has no 'x'" },
	{ "5[0]", "1:5+1 a number has no items" },
	{ "list.x", "1:8+1 a list has no 'x' | "
	  "write '[*].x' for that of every item, '[0].x' for one" },
	{ "{(null)=1}", "1:5+4 a key cannot be null" },
	{ "{([1])=1}", "1:5+3 the key: a string is needed, not a list" },
	{ "{for x in [1,1] : x => x}", "1:21+1 two items have the key '1' | "
	  "write '...' behind the value to collect them in a list" },
	{ "{for x in [1] : null => x}", "1:19+4 a key cannot be null" },
	{ "[for x in null : x]", "1:13+4 'for' cannot go over null" },
	{ "[for x in \"abc\" : x]", "1:13+5 'for' goes over a list or a table, not a text" },
	{ "[for x in [1] : x if null]", "1:24+4 a condition cannot be null" },
	{ "[for x in [1] : x.y]", "1:21+1 a number has no 'y'" },
	{ "\"a${[1]}b\"", "1:7+3 a list cannot be part of text | "
	  "choose one of its values: '.name', \"['key']\" or '[0]' behind it" },
	{ "\"a${nothing}\"", "1:7+7 null cannot be part of text | "
	  "say what stands there instead: \"${value == null ? '' : value}\"" },
	{ "\"%{ if null }a%{ endif }\"", "1:10+4 a condition cannot be null" },
	{ "upper(null...)", "1:9+4 '...' needs a list, not null" },
	{ "upper(\"a\"...)", "1:9+3 '...' needs a list, not a text" },
	{ "unheard + 1", "1:3+7 there is no 'unheard'" },
	{ "[for x in unheard : y]", "1:13+7 there is no 'unheard'" },
	/* What cannot be, whatever is learned. */
	{ "some + 1", "1:3+4 '+': a number is needed, not a list" },
	{ "\"<${some}>\"", "1:7+4 an unknown list cannot be part of text | "
	  "choose one of its values: '.name', \"['key']\" or '[0]' behind it" },
	{ "later.x", "1:9+1 an unknown text has no 'x'" },
	{ "[for x in later : x]", "1:13+5 'for' goes over a list or a table, not an unknown text" },
	{ "[for x in some : x.y]", "1:22+1 an unknown text has no 'y'" },
	{ "count ? 1 : 2", "1:3+5 the condition: a boolean is needed, not a number" },
	{ "sure ? 1 : []", "1:10+1 both sides of ':' must be of one type, "
	  "and these are a number and a list" },
	{ "open.x + []", "1:12+2 '+': a number is needed, not a list" },
};

START_TEST(says_what_is_wrong)
{
	struct expr_case c;
	struct value v;

	ck_assert_msg(open_case(&c, mistakes[_i].text), "%.*s",
		      STR_ARG(case_messages(&c.arena, &c.sources, &c.diags)));
	v = evaluate_case(&c);
	diags_sort(&c.diags);
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), mistakes[_i].messages);
	ck_assert_int_eq(v.kind, VALUE_NULL);
	ck_assert_uint_ne(v.marks & VALUE_DAMAGED, 0);
	arena_release(&c.arena);
}
END_TEST

/* "TYPE PREFIX: REASON" of an unknown; of anything else its JSON. */
static struct str describe(struct arena *a, const struct value *v)
{
	struct buf b;

	buf_init(&b, a);
	if (v->marks & VALUE_SECRET)
		buf_add_c(&b, "secret ");
	if (v->kind == VALUE_EXPR) {
		expr_print(&b, v->expr);
	} else if (v->kind == VALUE_UNKNOWN) {
		type_print(&b, v->unknown->type);
		if (v->unknown->prefix.length)
			buf_printf(&b, " '%.*s'", STR_ARG(v->unknown->prefix));
		buf_printf(&b, ": %.*s", STR_ARG(v->unknown->reason));
	} else if (v->kind == VALUE_LIST || v->kind == VALUE_MAP) {
		buf_add_c(&b, v->kind == VALUE_LIST ? "[" : "{");
		for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
			buf_printf(&b, "%s%.*s", i ? " | " : "",
				   STR_ARG(describe(a, &v->list.items[i])));
		for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			buf_printf(&b, "%s%.*s = %.*s", i ? " | " : "",
				   STR_ARG(v->map.entries[i].key), STR_ARG(describe(a, &m->value)));
		}
		buf_add_c(&b, v->kind == VALUE_LIST ? "]" : "}");
	} else if (v->marks & VALUE_SECRET && v->kind == VALUE_STRING) {
		buf_add(&b, v->string);
	} else {
		struct value shown = *v;

		shown.marks = 0;
		json_print(&b, &shown);
	}
	return buf_str(&b);
}

static const struct {
	const char *text, *result;
} halves[] = {
	{ "later", "string 'arn:': it is made later" },
	{ "\"x-${later}-y\"", "string 'x-arn:': it is made later" },
	{ "\"${later}${count}\"", "string 'arn:': it is made later" },
	{ "count + 1", "number: counted later" }, { "1 + any", "number: nobody knows" },
	{ "any + 1", "number: nobody knows" }, { "-count", "number: counted later" },
	{ "count < 2", "bool: counted later" }, { "!sure", "bool: decided later" },
	{ "sure && false", "false" }, { "true || sure", "true" },
	{ "sure && true", "bool: decided later" },
	{ "later == \"arn:x\"", "bool: it is made later" },
	{ "later == \"x\"", "false" }, { "later != \"x\"", "true" }, { "later == \"ar\"", "false" },
	{ "later == \"x-${later}\"", "false" }, { "later == 1", "false" },
	{ "later == null", "bool: it is made later" }, { "[later] == []", "false" },
	{ "[later, 1] == [\"arn:\", 2]", "false" },
	{ "[1, later] == [1, \"arn:a\"]", "bool: it is made later" },
	{ "sure ? 1 : 1", "1" }, { "sure ? 1 : 2", "number: decided later" },
	{ "sure ? 1 : \"a\"", "string: decided later" },
	{ "sure ? \"abc\" : \"abd\"", "string 'ab': decided later" },
	{ "sure ? \"arn:x\" : later", "string 'arn:': decided later" },
	{ "sure ? [][0] : 1", "any: decided later" },
	{ "half[0]", "string 'h': it is made later" }, { "half[1]", "7" },
	{ "half[count]", "string: counted later" }, { "some[0]", "string: listed later" },
	{ "some[count]", "string: listed later" }, { "any.x.y", "any: nobody knows" },
	{ "map[later]", "any: it is made later" }, { "[1,2][count]", "number: counted later" },
	{ "half", "[string 'h': it is made later | 7]" },
	{ "{a = later}", "{a = string 'arn:': it is made later}" },
	{ "{(later) = 1}", "map: it is made later" },
	{ "[for x in some : x]", "list of string: listed later" },
	{ "[for x in some : 1]", "list of number: listed later" },
	{ "{for x in some : x => 1}", "map: listed later" },
	{ "[for x in half : \"${x}!\"]", "[string 'h': it is made later | \"7!\"]" },
	{ "[for x in half : x if sure]", "list: decided later" },
	{ "some[*]", "list of string: listed later" }, { "later[*]", "list of string: it is made later" },
	{ "\"%{ for x in some }a%{ endfor }\"", "string: listed later" },
	{ "\"%{ if sure }ab%{ else }ac%{ endif }\"", "string 'a': decided later" },
	{ "upper(later)", "string: it is made later" },
	/* secrets */
	{ "secret", "secret S" }, { "\"<${secret}>\"", "secret <S>" },
	{ "secret == \"S\"", "secret true" }, { "secret == \"S\" ? 1 : 2", "secret 1" },
	{ "{a = secret}.a", "secret S" }, { "[secret, 1][1]", "1" }, { "[1, 2][secret == \"S\" ? 1 : 0]",
	  "secret 2" },
	{ "upper(secret)", "secret S" },
	{ "max([for x in [1] : 2 if secret == \"S\"]...)", "secret 2" },
	{ "[for x in some : secret]", "secret list of string: listed later" },
	{ "[for x in [1] : x if secret == \"S\"]", "secret [1]" },
	{ "\"${later}${secret}\"", "secret string 'arn:': it is made later" },
	{ "{(secret) = 1}", "secret {S = 1}" }, { "\"${open.x}${secret}\"",
	  "secret ${open.x}${'(secret)'}" },
	/* what stays open, with all else worked out */
	{ "open", "${open}" }, { "open.x[0]['k']", "${open.x[0]['k']}" },
	{ "open.x[map.b]", "${open.x[1]}" }, { "open[text]", "${open['T']}" },
	{ "open[later].y", "${open['(it is made later)'].y}" },
	{ "\"a${text}-${open.x}-${1 + 1}\"", "aT-${open.x}-2" },
	{ "\"a${\"b${open.x}c\"}d\"", "ab${open.x}cd" },
	{ "open.x + (1 + 1)", "${open.x + 2}" }, { "!open.x", "${!open.x}" },
	{ "open.x && false", "false" }, { "open.x == text", "${open.x == 'T'}" },
	{ "open.x ? text : number", "${open.x ? 'T' : -42}" },
	{ "true ? open.x : 1", "${open.x}" }, { "[open.x, text]", "[${open.x} | \"T\"]" },
	{ "[open.x][0]", "${open.x}" }, { "parts[0].y", "${open.y}" },
	{ "[open].0.x", "${open.x}" },
	{ "{a = open.x, b = text}", "{a = ${open.x} | b = \"T\"}" },
	{ "{(open.x) = text}", "${{ (open.x) = 'T' }}" },
	{ "{a = open.x}.a", "${open.x}" }, { "upper(open.x)", "${upper(open.x)}" },
	{ "upper([open.x]...)", "${upper(open.x)}" }, { "upper(open.x...)", "${upper(open.x...)}" },
	{ "[for x in open.x : \"${text}${x}\"]", "${[for x in open.x : 'T${x}']}" },
	{ "[for k, v in open.x : v.a if k != text]", "${[for k, v in open.x : v.a if k != 'T']}" },
	{ "{for x in open.x : x => text...}", "${{for x in open.x : x => 'T'...}}" },
	{ "[for x in [1, 2] : x if open.x == x]", "${[for x in [1, 2] : x if open.x == x]}" },
	{ "[for x in [open.x, open.y] : x.z]", "[${open.x.z} | ${open.y.z}]" },
	{ "[for x in open.x : [for x in open.y : x]]", "${[for x in open.x : [for x_ in open.y : x_]]}" },
	{ "[for x in open.x : [for y in [x] : [for x in open.y : y]]]",
	  "${[for x in open.x : [[for x_ in open.y : x]]]}" },
	{ "open.x[*].y", "${open.x[*].y}" }, { "open.x.*.y[0]", "${open.x.*.y[0]}" },
	{ "open.x[*].y[map.b].z", "${open.x[*].y[1].z}" }, { "upper(open.x).y", "${upper(open.x).y}" },
	{ "open.x[*].y[*].z", "${open.x[*].y[*].z}" },
	{ "open.x[*].y.*.z[0]", "${open.x[*].y.*.z[0]}" },
	{ "(open.x[*].y[0])[1]", "${open.x.*.y.0[1]}" },
	{ "open.x.*.0.*.z", "${open.x.*.0[*].z}" },
	{ "\"%{ if open.x }a${text}%{ endif }\"", "%{ if open.x }aT%{ endif }" },
	{ "\"%{ for x in open.x }<${x}>%{ endfor }\"", "%{ for x in open.x }<${x}>%{ endfor }" },
	{ "open.x ? [for a in open.y : a] : []", "${open.x ? [for a in open.y : a] : []}" },
};

START_TEST(keeps_what_is_known)
{
	struct expr_case c;
	struct value v;

	ck_assert_msg(open_case(&c, halves[_i].text), "%.*s",
		      STR_ARG(case_messages(&c.arena, &c.sources, &c.diags)));
	v = evaluate_case(&c);
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), "");
	unit_str_eq(describe(&c.arena, &v), halves[_i].result);
	arena_release(&c.arena);
}
END_TEST

/* Whole texts, plain ones and others, which are evaluated as they are read where that can be. */
static const char *const written[] = {
	"plain", "", "a {b} $ % $c", "a ${text} b", "${text}", "${text}${text}", "${number}",
	"${number}-${text}.", "$${text} ${text}", "a $$ ${text}", "%%{ if } ${text}",
	"%{ if true }x ${text}%{ endif }", "x ${open.a} y", "${open.a}", "x ${later}", "${later}",
	"x ${list} ${unheard}", "${unheard} ${list}", "x ${unheard} y", "x ${null} y", "${null}",
	"x ${true}", "x ${map.k}", "x ${map.k.l}", "x ${text", "x ${}", "x ${text} ${", "${list}",
	"x ${hidden}", "x ${text + 1}", "x ${ text }", "x ${text~} y", "x ${number} ${nothing}",
	"${text} ${a.b.c.d.e.f.g.h.i.j}",
};

static struct str outcome(struct expr_case *c, const struct value *v)
{
	diags_sort(&c->diags);
	return str_format(&c->arena, "%.*s, marks %u, span %u+%u, %.*s",
			  STR_ARG(v ? describe(&c->arena, v) : STR("removed")),
			  v ? v->marks : 0, v ? v->span.start : 0, v ? v->span.end : 0,
			  STR_ARG(case_messages(&c->arena, &c->sources, &c->diags)));
}

static struct value written_case(struct expr_case *c, const char *text)
{
	struct value v = value_string(str_from_c(text));

	*c = (struct expr_case){ .budget = 100000 };
	arena_init(&c->arena);
	diags_init(&c->diags, &c->arena);
	v.span = (struct span){ sources_add(&c->arena, &c->sources, STR("t"), v.string), 0,
				(uint32_t)v.string.length };
	c->scope = (struct expr_scope){ .lookup = lookup, .budget = &c->budget };
	return v;
}

/* Parsed first and then evaluated, or both at once: the same comes of it. */
START_TEST(in_one_go)
{
	struct expr_case c, whole;
	struct value v = written_case(&c, written[_i]), map = value_map(), parsed, after;
	const struct value *inner;

	value_set(&c.arena, &map, STR("k"), v);
	(void)expr_parse(&c.arena, &v, &parsed, &c.diags);
	value_set(&c.arena, &map, STR("k"), parsed);
	after = value_evaluate(&c.arena, &map, &c.scope, &c.diags);
	inner = value_get(&after, STR("k"));

	v = written_case(&whole, written[_i]);
	map = value_map();
	value_set(&whole.arena, &map, STR("k"), v);
	ck_assert_int_eq(value_evaluate_members(&whole.arena, &map, &whole.scope, &whole.diags),
			 !value_has_unknown(&after));
	unit_str_eq(outcome(&whole, value_get(&map, STR("k"))),
		    str_to_c(&c.arena, outcome(&c, inner)));
	arena_release(&c.arena);
	arena_release(&whole.arena);
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, comes_to, 0, COUNT(values));
	tcase_add_loop_test(tc, says_what_is_wrong, 0, COUNT(mistakes));
	tcase_add_loop_test(tc, in_one_go, 0, COUNT(written));
	tcase_add_loop_test(tc, keeps_what_is_known, 0, COUNT(halves));
}

int main(void)
{
	return unit_run("spec_expr_values", fill);
}
