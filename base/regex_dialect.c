#include "regex.h"

#include "buf.h"

/* What a dialect's pattern is copied through, one item at a time. */
struct copying {
	struct str pattern;
	size_t at;
	struct buf out;
	bool in_class;
	bool class_start;		/* nothing of the class was read yet */
	bool after_set;			/* a '-' here cannot begin a range */
	bool has_surrogates;		/* this class: put in what pairs of them stand for */
};

/* Java's names of what PCRE2 has as POSIX classes. */
static const struct {
	struct str java, posix;
} names[] = {
	{ STR_INIT("Alnum"), STR_INIT("alnum") }, { STR_INIT("Alpha"), STR_INIT("alpha") },
	{ STR_INIT("ASCII"), STR_INIT("ascii") }, { STR_INIT("Blank"), STR_INIT("blank") },
	{ STR_INIT("Cntrl"), STR_INIT("cntrl") }, { STR_INIT("Digit"), STR_INIT("digit") },
	{ STR_INIT("Graph"), STR_INIT("graph") }, { STR_INIT("Lower"), STR_INIT("lower") },
	{ STR_INIT("Print"), STR_INIT("print") }, { STR_INIT("Punct"), STR_INIT("punct") },
	{ STR_INIT("Space"), STR_INIT("space") }, { STR_INIT("Upper"), STR_INIT("upper") },
	{ STR_INIT("XDigit"), STR_INIT("xdigit") },
};

static struct str rest(const struct copying *c)
{
	return str_slice(c->pattern, c->at, c->pattern.length);
}

static void copy(struct copying *c, size_t bytes)
{
	buf_add(&c->out, str_slice(c->pattern, c->at, c->at + bytes));
	c->at += bytes;
}

/* \uD800 to \uDFFF, which are no characters. */
static bool at_surrogate(const struct copying *c)
{
	struct str s = rest(c);

	return s.length >= 6 && s.data[0] == '\\' && s.data[1] == 'u' &&
	       (s.data[2] == 'd' || s.data[2] == 'D') && str_index(STR("89abcdefABCDEF"),
								   s.data[3]) < 14;
}

/* \p{Graph}: how many bytes it has, and its POSIX name. */
static size_t java_class(const struct copying *c, struct str *posix)
{
	struct str s = rest(c);
	size_t end = str_index(s, '}');

	if (!str_starts(s, STR("\\p{")) || end == s.length)
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (str_equal(str_slice(s, 3, end), names[i].java)) {
			*posix = names[i].posix;
			return end + 1;
		}
	}
	return 0;
}

/* A set of characters: \w, \d, \p{L}, ... */
static bool at_set(const struct copying *c)
{
	struct str s = rest(c);

	return s.length > 1 && s.data[0] == '\\' && str_index(STR("wWdDsSpP"), s.data[1]) < 8;
}

static size_t item_bytes(const struct copying *c)
{
	struct str s = rest(c);
	size_t end;

	if (s.data[0] != '\\' || s.length < 2)
		return 1;
	if ((s.data[1] != 'p' && s.data[1] != 'P') || s.length < 3 || s.data[2] != '{')
		return 2;
	end = str_index(s, '}');
	return end == s.length ? 2 : end + 1;
}

static void end_class(struct copying *c)
{
	if (c->has_surrogates)
		buf_add_c(&c->out, "\xf0\x90\x80\x80-\xf4\x8f\xbf\xbf");
	c->in_class = c->has_surrogates = false;
	copy(c, 1);
}

static void copy_in_class(struct copying *c)
{
	struct str s = rest(c), posix;
	size_t java = java_class(c, &posix);
	bool first = c->class_start, after_set = c->after_set;

	c->class_start = c->after_set = false;
	if (first && s.data[0] == '^') {
		c->class_start = true;
		copy(c, 1);
	} else if (s.data[0] == ']' && !first) {
		end_class(c);
	} else if (at_surrogate(c)) {
		c->has_surrogates = true;
		c->at += 6;
		if (c->at < c->pattern.length && c->pattern.data[c->at] == '-') {
			c->at++;
			if (!at_surrogate(c))
				buf_add_c(&c->out, "\\-");
		}
	} else if (java) {
		buf_printf(&c->out, "[:%.*s:]", STR_ARG(posix));
		c->at += java;
		c->after_set = true;
	} else if (s.data[0] == '-' && after_set && s.length > 1 && s.data[1] != ']') {
		buf_add_c(&c->out, "\\-");
		c->at++;
	} else {
		c->after_set = at_set(c);
		copy(c, item_bytes(c));
	}
}

struct str regex_from_dialects(struct arena *a, struct str pattern)
{
	struct copying c = { .pattern = pattern };
	struct str posix;

	buf_init(&c.out, a);
	while (c.at < pattern.length) {
		size_t java = c.in_class ? 0 : java_class(&c, &posix);

		if (c.in_class) {
			copy_in_class(&c);
		} else if (java) {
			buf_printf(&c.out, "[[:%.*s:]]", STR_ARG(posix));
			c.at += java;
		} else {
			c.in_class = c.class_start = pattern.data[c.at] == '[';
			copy(&c, item_bytes(&c));
		}
	}
	return buf_str(&c.out);
}
