#include "mistake.h"

#define CODE_SIZE 5

/* cli/mistakes.S */
extern const char effc_mistakes_start[], effc_mistakes_end[];

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return false;
	}
	return true;
}

/* The letter in upper case, 0 if none was given; the digits behind it. */
static char letter_of(struct str word, struct str *digits)
{
	char letter = word.length ? (char)(word.data[0] & ~0x20) : 0;

	*digits = word;
	if (letter != 'E' && letter != 'W')
		return 0;
	*digits = str_slice(word, 1, word.length);
	return letter;
}

bool mistake_is_code(struct str word)
{
	struct str digits;

	return letter_of(word, &digits) + digits.length > 0 && is_digits(digits) &&
	       digits.length < CODE_SIZE;
}

/* The code of the page that begins with this line; empty if none does. */
static struct str code_of(struct str line)
{
	struct str code = str_slice(line, 2, 2 + CODE_SIZE), digits;

	if (!str_starts(line, STR("# ")) || line.length < CODE_SIZE + 4 ||
	    line.data[2 + CODE_SIZE] != ':' || !letter_of(code, &digits) || !is_digits(digits))
		return STR("");
	return code;
}

/* Splits the next page off. */
static bool next_page(struct str *rest, struct str *page, struct str *code)
{
	struct str all = *rest, line;
	size_t end = 0;

	while (str_split(rest, '\n', &line)) {
		if (end && code_of(line).length) {
			*rest = str_slice(all, end, all.length);
			break;
		}
		if (!end)
			*code = code_of(line);
		end += line.length + 1;
	}
	*page = str_slice(all, 0, end);
	return end > 0;
}

static struct str every_page(void)
{
	return str_of(effc_mistakes_start, (size_t)(effc_mistakes_end - effc_mistakes_start));
}

/* "412" stands for E0412 and W0412: a number is given once. */
static bool is_meant(struct str code, char letter, struct str digits)
{
	struct str number = str_slice(code, 1, code.length);

	if (letter && code.data[0] != letter)
		return false;
	return digits.length == 3 ? str_equal(str_slice(number, 1, number.length), digits)
				  : str_starts(number, digits);
}

struct str mistake_page(struct str word)
{
	struct str rest = every_page(), page, code, digits;
	char letter = letter_of(word, &digits);

	if (!mistake_is_code(word) || digits.length < 3)
		return STR("");
	while (next_page(&rest, &page, &code)) {
		if (is_meant(code, letter, digits))
			return page;
	}
	return STR("");
}

static struct str without_mark(struct str line)
{
	return str_slice(line, 2, line.length);
}

bool mistake_list(struct buf *out, struct str word)
{
	struct str rest = every_page(), page, code, digits, title;
	char letter = letter_of(word, &digits);
	size_t before = out->length;

	while (next_page(&rest, &page, &code)) {
		if (!is_meant(code, letter, digits) || !str_split(&page, '\n', &title))
			continue;
		buf_add(out, without_mark(title));
		buf_add_char(out, '\n');
	}
	return out->length > before;
}

/* What a block of code is called: "```toml api.toml". */
static void print_name(struct buf *out, struct str fence)
{
	size_t space = str_index(fence, ' ');

	if (space < fence.length)
		buf_printf(out, "%.*s:\n", STR_ARG(str_slice(fence, space + 1, fence.length)));
}

void mistake_print(struct buf *out, struct str page)
{
	bool in_code = false;
	struct str line;

	if (str_split(&page, '\n', &line)) {
		buf_add(out, without_mark(line));
		buf_add_char(out, '\n');
	}
	while (page.length && str_split(&page, '\n', &line)) {
		if (str_starts(line, STR("```"))) {
			in_code = !in_code;
			if (in_code)
				print_name(out, line);
			continue;
		}
		if (in_code && line.length)
			buf_add_c(out, "    ");
		buf_add(out, line);
		buf_add_char(out, '\n');
	}
}
