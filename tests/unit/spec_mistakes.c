#include "spec_case.h"

/* Each text with all of its messages: no more, no fewer. */
static const struct {
	const char *text, *messages;
} mistakes[] = {
	{ "name = my shop",
	  "1:8+2 text needs quotes | write \"my shop\"" },
	{ "memory = 256MB # c",
	  "1:10+5 '256MB' is neither a number nor a date: text needs quotes | write \"256MB\"" },
	{ "x = [a b, 30s]",
	  "1:6+1 text needs quotes | write \"a b\"\n"
	  "1:11+3 '30s' is neither a number nor a date: text needs quotes | write \"30s\"" },
	{ "x = ${main.VpcId}",
	  "1:5+13 an expression needs quotes | write \"${main.VpcId}\"" },
	{ "region: \"eu\"\nb = 2",
	  "1:7+1 expected '=' after key 'region', found ':' | write 'region = ...'" },
	{ "a := 1\nb += 2\nc == 3\nd => 4",
	  "1:3+2 expected '=' after key 'a', found ':=' | write 'a = ...'\n"
	  "2:3+2 expected '=' after key 'b', found '+=' | write 'b = ...'\n"
	  "3:3+2 expected '=' after key 'c', found '==' | write 'c = ...'\n"
	  "4:3+2 expected '=' after key 'd', found '=>' | write 'd = ...'" },
	{ "a \"b\"",
	  "1:3+1 expected '=' after key 'a', found '\"' | write 'a = ...'" },
	{ "a",
	  "1:1+1 key 'a' has no value | write 'a = ...'" },
	{ "a =",
	  "1:3+1 a value is missing after '='" },
	{ "a = # c",
	  "1:3+1 a value is missing after '='" },
	{ "a b = 1",
	  "1:3+1 expected '=' after key 'a', found 'b' | a key with blanks needs quotes: "
	  "\"a b\"" },
	{ "= 1",
	  "1:1+1 expected a key, found '='" },
	{ ".a = 1",
	  "1:1+1 expected a key, found '.'" },
	{ "a. = 1",
	  "1:3+1 a key is missing after '.'" },
	{ "a..b = 1",
	  "1:2+1 a key is missing after '.'" },
	{ "foo/bar = 1",
	  "1:4+1 '/' needs quotes in a key: bare keys are of letters, digits, '_' and '-' "
	  "| write \"foo/bar\"" },
	{ "na\xC3\xAFve = 1",
	  "1:3+2 '\xC3\xAF' needs quotes in a key: bare keys are of letters, digits, '_' "
	  "and '-' | write \"na\xC3\xAFve\"" },
	{ "\"\"\"a\"\"\" = 1",
	  "1:1+3 a key cannot be a string of several lines" },
	{ "\"a\nb = 1",
	  "1:1+2 string is never closed | end it with \" on the same line, or begin it "
	  "with \"\"\"" },
	{ "x = True\ny = no\nz = null",
	  "1:5+4 'True' is no value of TOML | write true\n"
	  "2:5+2 'no' is no value of TOML | write false, or \"no\" for the text\n"
	  "3:5+4 'null' is no value of TOML | leave the key out: there is no null" },
	{ "x = 012",
	  "1:5+3 '012' is no valid value: a number does not begin with 0 | write \"012\" "
	  "if it is text, such as an account id" },
	{ "x = 1__0\ny = 1_",
	  "1:5+4 '1__0' is no valid value: '_' stands only between two digits\n"
	  "2:5+2 '1_' is no valid value: '_' stands only between two digits" },
	{ "x = 9223372036854775808",
	  "1:5+19 '9223372036854775808' is no valid value: it does not fit 64 bits" },
	{ "x = -9223372036854775809",
	  "1:5+20 '-9223372036854775809' is no valid value: it does not fit 64 bits" },
	{ "x = 0xFFFFFFFFFFFFFFFF\ny = 0b2\nz = 0x",
	  "1:5+18 '0xFFFFFFFFFFFFFFFF' is no valid value: it does not fit 64 bits\n"
	  "2:5+3 '0b2' is no valid value: it has a digit that is too large\n"
	  "3:5+2 '0x' is no valid value: its digits are missing" },
	{ "x = 1e400\ny = -1e400",
	  "1:5+5 '1e400' is no valid value: it is too large for a float\n"
	  "2:5+6 '-1e400' is no valid value: it is too large for a float" },
	{ "x = 1.\ny = 1.e5",
	  "1:5+2 '1.' is no valid value: digits are missing after '.'\n"
	  "2:5+4 '1.e5' is no valid value: digits are missing after '.'" },
	{ "x = 2023-02-29\ny = 2023-13-01\nz = 2023-01-01T24:00:00Z\nw = 12:60",
	  "1:5+10 '2023-02-29' is no valid value: the month has no such day\n"
	  "2:5+10 '2023-13-01' is no valid value: a month is 01 to 12\n"
	  "3:5+20 '2023-01-01T24:00:00Z' is no valid value: an hour is 00 to 23\n"
	  "4:5+5 '12:60' is no valid value: a minute is 00 to 59" },
	{ "x = 2023-1-1",
	  "1:5+8 '2023-1-1' is neither a number nor a date: text needs quotes | write "
	  "\"2023-1-1\"" },
	{ "x = \"a\" b",
	  "1:9+1 expected the end of the line after the value, found 'b'" },
	{ "x = \"he said \"hi\"\"",
	  "1:15+1 expected the end of the line after the value, found 'h' | inside a "
	  "string in double quotes write \\\" for '\"'" },
	{ "k = \"${private[\"a\"].SubnetId}\"",
	  "1:17+1 expected the end of the line after the value, found 'a' | inside "
	  "\"${...}\" write strings in single quotes" },
	{ "k = [\"${private[\"a\"].SubnetId}\", \"b\"]",
	  "1:18+1 expected ',' or ']', found 'a' | inside \"${...}\" write strings in "
	  "single quotes" },
	{ "k = { a = \"${private[\"a\"].SubnetId}\", b = 1 }",
	  "1:23+1 expected ',' or '}', found 'a' | inside \"${...}\" write strings in "
	  "single quotes" },
	{ "x = 1 // c",
	  "1:7+1 expected the end of the line after the value, found '/' | a comment "
	  "begins with '#'" },
	{ "x = 1 y = 2",
	  "1:7+1 expected the end of the line after the value, found 'y'" },
	{ "x = \"C:\\Users\\new\"",
	  "1:8+2 '\\U' needs 8 hexadecimal digits | for a backslash write \\\\, or put "
	  "the text in single quotes" },
	{ "x = \"\\ud800 \\U00110000 \\q\"",
	  "1:6+6 '\\ud800' is half of a surrogate pair, no character | write the "
	  "character itself, or \\U and its eight digits\n"
	  "1:13+10 '\\U00110000' is beyond the last character, \\U0010FFFF\n"
	  "1:24+2 unknown escape '\\q' | for a backslash write \\\\, or put the text in "
	  "single quotes" },
	{ "x = \"a\tb\x01""c\"\ny = '\x7F'\n# \x02",
	  "1:9+1 control character U+0001 in a string\n"
	  "2:6+1 control character U+007F in a string\n"
	  "3:3+1 control character U+0002 in a comment" },
	{ "x = \"abc\ny = 1",
	  "1:5+4 string is never closed | end it with \" on the same line, or begin it "
	  "with \"\"\"" },
	{ "x = 'abc\ny = 1",
	  "1:5+4 string is never closed | end it with ' on the same line, or begin it "
	  "with '''" },
	{ "x = [\"abc, 1]\ny = 1",
	  "1:6+8 string is never closed | end it with \" on the same line, or begin it "
	  "with \"\"\"" },
	{ "x = \"\"\"abc\ndef\n\ny = 1\n[t]\nz = 2",
	  "1:5+3 string of several lines is never closed | end it with \"\"\"" },
	{ "x = \xE2\x80\x9C""abc\xE2\x80\x9D\ny = 1",
	  "1:5+3 '\xE2\x80\x9C' is no quotation mark of TOML | write \" on both sides" },
	{ "x = [1, 2\ny = 3",
	  "1:5+1 array is never closed | add ']'" },
	{ "x = [1, 2\n[t]\ny = 3",
	  "1:5+1 array is never closed | add ']'" },
	{ "x = [\n  1\n  2\n  \"a\" \"b\"\n]\ny = 1",
	  "3:3+1 expected ',' or ']', found '2'\n"
	  "4:3+1 expected ',' or ']', found '\"'\n"
	  "4:7+1 expected ',' or ']', found '\"'" },
	{ "x = [1,,2]",
	  "1:8+1 a value is missing before ','" },
	{ "x = [1, 2}\ny = 1",
	  "1:10+1 expected ']', found '}'" },
	{ "x = { a = 1, b = [2 }\ny = 1",
	  "1:21+1 expected ']', found '}'" },
	{ "x = { a = 1 b = 2 }",
	  "1:13+1 expected ',' or '}', found 'b'" },
	{ "x = {\n  a = 1\n  b = 2\n}\ny = 3",
	  "3:3+1 expected ',' or '}', found 'b'" },
	{ "x = { a = 1, b = 2\ny = 3",
	  "1:5+1 inline table is never closed | add '}'" },
	{ "x = {, a = 1}",
	  "1:6+1 a key is missing before ','" },
	{ "x = { a = }\ny = 1",
	  "1:9+1 a value is missing after '='" },
	{ "x = [ a = 1 ]",
	  "1:7+1 an array has values, no keys | write '{ a = ... }'" },
	{ "x = [\n  \"a\" = 1,\n  2\n]",
	  "2:3+3 an array has values, no keys | write '{ key = value }'" },
	{ "x = [1, 2\n]\n]",
	  "3:1+1 expected a key, found ']'" },
	{ "]",
	  "1:1+1 expected a key, found ']'" },
	{ "[a\nb = 1",
	  "1:3+1 expected ']' at the end of the header, found the end of the line" },
	{ "[a]]\nb = 1",
	  "1:4+1 expected the end of the line after the header, found ']'" },
	{ "[[a]\nb = 1",
	  "1:4+1 expected ']]' at the end of the header, found ']'" },
	{ "[a b]\nc = 1\nc = 2",
	  "1:3+1 expected ']' at the end of the header, found 'b' | a name of more than "
	  "letters, digits, '_' and '-' needs quotes\n"
	  "3:1+1 'c' is already set at line 2" },
	{ "[]\nb = 1",
	  "1:1+2 a header needs a name" },
	{ "[a.]\nb = 1",
	  "1:3+1 a key is missing after '.'" },
	{ "[a] b = 1",
	  "1:5+1 expected the end of the line after the header, found 'b'" },
	{ "a = 1\na = 2\na = 3",
	  "2:1+1 'a' is already set at line 1\n"
	  "3:1+1 'a' is already set at line 1" },
	{ "a = 1\na.b = 2",
	  "2:1+1 'a' is an integer, set at line 1: it has no keys" },
	{ "a.b = 1\na = 2",
	  "2:1+1 'a' is already a table, begun at line 1" },
	{ "a = { b = 1 }\na.c = 2",
	  "2:1+1 'a' is an inline table, set at line 1: nothing can be added to it | "
	  "write the keys inside its braces, or give 'a' a header of its own" },
	{ "a = { b = 1 }\n[a.c]",
	  "2:2+1 'a' is an inline table, set at line 1: nothing can be added to it | "
	  "write the keys inside its braces, or give 'a' a header of its own" },
	{ "a = { b = 1 }\n[a]",
	  "2:2+1 'a' is an inline table, set at line 1: nothing can be added to it | "
	  "write the keys inside its braces, or give 'a' a header of its own" },
	{ "a = [1]\n[[a]]",
	  "2:3+1 'a' is a list, set at line 1: nothing can be added to it" },
	{ "[[a]]\n[a]",
	  "2:2+1 'a' is already a list of tables, begun at line 1 | write [[a]] to add to "
	  "the list" },
	{ "[a]\n[[a]]",
	  "2:3+1 'a' is already a table, begun at line 1" },
	{ "[a]\n[b]\n[a]",
	  "3:2+1 'a' is already a table, begun at line 1 | write its keys under the first "
	  "header" },
	{ "[a.b]\nc = 1\n[a]\nb.d = 2",
	  "4:1+1 table 'b' has its header at line 1: dotted keys cannot add to it | move "
	  "the key under that header" },
	{ "a.b = 1\n[a]",
	  "2:2+1 'a' is already a table, begun at line 1 | its keys are written as dotted "
	  "keys there: go on with them" },
	{ "[a]\nb = oops\n[a.b]\nc = 1\n[d]\nb = 1\nb.c = 2",
	  "2:5+4 text needs quotes | write \"oops\"\n"
	  "7:1+1 'b' is an integer, set at line 6: it has no keys" },
	{ "a = { b = 1, b = 2, c.d = 1, c = 2 }",
	  "1:14+1 'b' is already set at line 1\n"
	  "1:30+1 'c' is already a table, begun at line 1" },
	{ "a = @\nb = `x`",
	  "1:5+1 text needs quotes | write \"@\"\n"
	  "2:5+3 text needs quotes" },
	{ "a = 1\rb = 2",
	  "1:6+1 carriage return without a newline in the document" },
	{ "resource \"x\" \"y\" {\n  a = 1\n}\nb = oops",
	  "1:10+1 expected '=' after key 'resource', found '\"' | write 'resource = ...'\n"
	  "4:5+4 text needs quotes | write \"oops\"" },
	{ "x = a b c = [\n 1,\n 2\n]\ny = oops",
	  "1:5+1 text needs quotes | write \"a b c\"\n"
	  "5:5+4 text needs quotes | write \"oops\"" },
};

START_TEST(says_what_is_wrong)
{
	struct str text = str_from_c(mistakes[_i].text);
	struct spec_case c;

	case_parse(&c, text);
	case_check_cover(&c, text);
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), mistakes[_i].messages);
	case_release(&c);
}
END_TEST

/* What could be read stays, and what could not is marked, with the table around it. */
START_TEST(marks_what_is_damaged)
{
	const struct value *table;
	struct spec_case c;

	case_parse(&c, STR("[a]\nb = oops\nc = [1, oops]\nd = 1\n[e]\nf = 1\n[g\nh = \"\\q\"\n"));
	table = value_get_c(&c.document.root, "a");
	ck_assert_uint_ne(table->marks & VALUE_DAMAGED, 0);
	ck_assert_uint_ne(value_get_c(table, "b")->marks & VALUE_DAMAGED, 0);
	ck_assert_uint_ne(value_get_c(table, "c")->marks & VALUE_DAMAGED, 0);
	ck_assert_uint_eq(value_get_c(table, "d")->marks, 0);
	ck_assert_uint_eq(value_get_c(&c.document.root, "e")->marks, 0);
	table = value_get_c(&c.document.root, "g");
	ck_assert_uint_ne(table->marks & VALUE_DAMAGED, 0);
	ck_assert_uint_ne(value_get_c(table, "h")->marks & VALUE_DAMAGED, 0);
	case_release(&c);
}
END_TEST

static struct str nested(struct arena *a, const char *open, const char *close, size_t depth)
{
	struct buf b;

	buf_init(&b, a);
	buf_add_c(&b, "x = ");
	for (size_t i = 0; i < depth; i++)
		buf_add_c(&b, open);
	for (size_t i = 0; i < depth; i++)
		buf_add_c(&b, close);
	buf_add_c(&b, "\ny = oops\n");
	return buf_str(&b);
}

static const struct {
	const char *open, *close;
	size_t depth;
	const char *messages;
} depths[] = {
	{ "[", "]", 63, "2:5+4 text needs quotes | write \"oops\"" },
	{ "[", "]", 64, "1:68+1 values nested deeper than 64 levels\n"
			"2:5+4 text needs quotes | write \"oops\"" },
	{ "[", "]", 100000, "1:68+1 values nested deeper than 64 levels\n"
			    "2:5+4 text needs quotes | write \"oops\"" },
	{ "[\n", "]", 100000, "64:1+1 values nested deeper than 64 levels\n"
			      "100002:5+4 text needs quotes | write \"oops\"" },
	{ "{a=", "}", 100, "1:194+1 values nested deeper than 64 levels\n"
			   "2:5+4 text needs quotes | write \"oops\"" },
	{ "{a.b=", "}", 100, "1:161+4 tables nested deeper than 64 levels\n"
			       "2:5+4 text needs quotes | write \"oops\"" },
	{ "[", "", 100000, "1:68+1 values nested deeper than 64 levels\n"
			   "2:5+4 text needs quotes | write \"oops\"" },
};

START_TEST(limits_depth)
{
	struct arena arena;
	struct spec_case c;
	struct str text;

	arena_init(&arena);
	text = nested(&arena, depths[_i].open, depths[_i].close, depths[_i].depth);
	case_parse(&c, text);
	case_check_cover(&c, text);
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags), depths[_i].messages);
	case_release(&c);
	arena_release(&arena);
}
END_TEST

START_TEST(limits_depth_of_keys)
{
	struct arena arena;
	struct spec_case c;
	struct buf b;

	arena_init(&arena);
	buf_init(&b, &arena);
	for (int i = 0; i < 65; i++)
		buf_add_c(&b, i ? ".a" : "a");
	buf_add_c(&b, " = 1\n[b.c]\n");
	for (int i = 0; i < 63; i++)
		buf_add_c(&b, i ? ".a" : "a");
	buf_add_c(&b, " = 1\n");
	case_parse(&c, buf_str(&b));
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags),
		    "1:129+1 tables nested deeper than 64 levels\n"
		    "3:125+1 tables nested deeper than 64 levels");
	case_release(&c);
	arena_release(&arena);
}
END_TEST

START_TEST(gives_up_after_forty)
{
	struct arena arena;
	struct spec_case c;
	struct buf b;

	arena_init(&arena);
	buf_init(&b, &arena);
	for (int i = 0; i < 5000; i++)
		buf_printf(&b, "%s = oops\n", i % 2 ? "a" : "b");
	case_parse(&c, buf_str(&b));
	case_check_cover(&c, buf_str(&b));
	ck_assert_uint_eq(c.diags.count, 41);
	unit_str_eq(c.diags.items[40].text,
		    "more than 40 mistakes in this file: the rest is not read");
	case_release(&c);
	arena_release(&arena);
}
END_TEST

START_TEST(limits_size)
{
	struct arena arena;
	struct spec_case c;
	struct buf b;

	arena_init(&arena);
	buf_init(&b, &arena);
	buf_add_repeat(&b, '\n', SPEC_FILE_LIMIT + 1);
	case_parse(&c, buf_str(&b));
	unit_str_eq(case_messages(&c.arena, &c.sources, &c.diags),
		    "1:1+0 the file is larger than 16 MB");
	case_release(&c);
	arena_release(&arena);
}
END_TEST

/* Every beginning of a text, and the text without each of its bytes, is read without harm. */
START_TEST(survives_cuts)
{
	struct str text = str_from_c(mistakes[_i].text);
	char cut[256];

	ck_assert_uint_lt(text.length, sizeof(cut));
	for (size_t i = 0; i < text.length; i++) {
		struct spec_case c;

		memcpy(cut, text.data, i);
		memcpy(cut + i, text.data + i + 1, text.length - i - 1);
		case_parse(&c, str_of(cut, text.length - 1));
		case_check_cover(&c, str_of(cut, text.length - 1));
		case_release(&c);
		case_parse(&c, str_of(text.data, i));
		case_check_cover(&c, str_of(text.data, i));
		case_release(&c);
	}
}
END_TEST

#define COUNT(table) ((int)(sizeof(table) / sizeof(*(table))))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, says_what_is_wrong, 0, COUNT(mistakes));
	tcase_add_loop_test(tc, survives_cuts, 0, COUNT(mistakes));
	tcase_add_test(tc, marks_what_is_damaged);
	tcase_add_loop_test(tc, limits_depth, 0, COUNT(depths));
	tcase_add_test(tc, limits_depth_of_keys);
	tcase_add_test(tc, gives_up_after_forty);
	tcase_add_test(tc, limits_size);
}

int main(void)
{
	return unit_run("spec_mistakes", fill);
}
