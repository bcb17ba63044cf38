#include "make.h"
#include "marker.h"

#include "base/hash.h"

#define WORD_MOST 80

static const char harm_letters[HARMS + 1] = "drxaucs";
static const struct str plan_start = STR_INIT("<!-- effc:plan v1 ");
static const struct str actions_start = STR_INIT("<!-- effc:actions v1");
static const struct str line_end = STR_INIT(" -->");

/* ---- making ---- */

/* Sixty-four characters that neither end a comment nor mean anything in it. */
static struct str short_digest(struct arena *a, struct str text, size_t characters)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789._";
	struct sha256 digest = sha256_of(text);
	char *out = arena_array(a, char, characters);

	CHECK(characters <= SHA256_BYTES);
	for (size_t i = 0; i < characters; i++)
		out[i] = digits[digest.bytes[i] & 63];
	return str_of(out, characters);
}

struct str marker_id(struct arena *a, struct str address)
{
	return short_digest(a, address, MARKER_ID);
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

static void add_word(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length && i < WORD_MOST; i++)
		buf_add_char(out, is_word(text.data[i]) ? text.data[i] : '_');
}

static struct str group_of(struct arena *a, const struct review *review, enum harm harm,
			   size_t most, bool *cut)
{
	size_t count = review->first[harm + 1] - review->first[harm];
	struct buf group, item;

	buf_init(&group, a);
	buf_init(&item, a);
	*cut = count > most;
	for (size_t i = 0; i < (*cut ? most : count); i++) {
		const struct review_item *it = &review->items[review->first[harm] + i];

		buf_truncate(&item, 0);
		render_json_item(&item, it, false);
		buf_add(&group, marker_id(a, it->address));
		buf_add(&group, short_digest(a, buf_str(&item), MARKER_CONTENT));
	}
	return buf_str(&group);
}

void marker_make(struct arena *a, const struct review *review, size_t entries_most,
		 struct marker *out)
{
	struct buf stack;

	*out = (struct marker){ .digest = review->digest };
	buf_init(&stack, a);
	add_word(&stack, review->project);
	buf_add_char(&stack, '/');
	add_word(&stack, review->stage);
	out->stack = buf_str(&stack);
	for (int harm = 0; harm < HARMS; harm++) {
		out->counts[harm] = review->first[harm + 1] - review->first[harm];
		out->groups[harm] = group_of(a, review, (enum harm)harm, entries_most,
					     &out->cut[harm]);
		entries_most -= out->groups[harm].length / MARKER_ENTRY;
	}
}

void marker_print(struct buf *out, const struct marker *marker)
{
	buf_add(out, plan_start);
	buf_printf(out, "stack=%.*s digest=%.*s counts=", STR_ARG(marker->stack),
		   STR_ARG(marker->digest));
	for (int harm = 0; harm < HARMS; harm++)
		buf_printf(out, "%s%zu", harm ? "," : "", marker->counts[harm]);
	buf_add(out, line_end);
	buf_add_char(out, '\n');
	buf_add(out, actions_start);
	for (int harm = 0; harm < HARMS; harm++) {
		if (!marker->groups[harm].length && !marker->cut[harm])
			continue;
		buf_printf(out, " %c:%.*s%s", harm_letters[harm], STR_ARG(marker->groups[harm]),
			   marker->cut[harm] ? "~" : "");
	}
	buf_add(out, line_end);
	buf_add_char(out, '\n');
}

/* ---- reading one ---- */

/* What stands between the start and the end of a line of the marker. */
static bool take_line(struct str *rest, struct str start, struct str *inner)
{
	struct str line;

	if (!str_split(rest, '\n', &line))
		return false;
	line = str_trim(line);
	if (!str_starts(line, start) || !str_ends(line, line_end) ||
	    line.length < start.length + line_end.length)
		return false;
	*inner = str_slice(line, start.length, line.length - line_end.length);
	return true;
}

static bool take_counts(struct str text, struct marker *out)
{
	struct str part;
	int64_t count;

	for (int harm = 0; harm < HARMS; harm++) {
		if (!str_split(&text, ',', &part) || !str_to_int(part, &count) || count < 0 ||
		    count > INT32_MAX)
			return false;
		out->counts[harm] = (size_t)count;
	}
	return text.length == 0;
}

static bool take_plan(struct str inner, struct marker *out)
{
	struct str word, stack = STR("stack="), digest = STR("digest="), counts = STR("counts=");
	bool counted = false;

	while (str_split(&inner, ' ', &word)) {
		if (str_starts(word, stack)) {
			out->stack = str_slice(word, stack.length, word.length);
		} else if (str_starts(word, digest)) {
			out->digest = str_slice(word, digest.length, word.length);
		} else if (str_starts(word, counts)) {
			if (!take_counts(str_slice(word, counts.length, word.length), out))
				return false;
			counted = true;
		}
	}
	return counted && out->stack.length && out->digest.length == 2 * SHA256_BYTES;
}

static bool take_group(struct str word, struct marker *out)
{
	const char *letter = word.length >= 2 && word.data[1] == ':' && word.data[0] ?
		strchr(harm_letters, word.data[0]) : NULL;
	size_t harm;

	if (!letter)
		return false;
	harm = (size_t)(letter - harm_letters);
	out->cut[harm] = str_ends(word, STR("~"));
	out->groups[harm] = str_slice(word, 2, word.length - out->cut[harm]);
	for (size_t i = 0; i < out->groups[harm].length; i++) {
		if (!is_word(out->groups[harm].data[i]))
			return false;
	}
	return out->groups[harm].length % MARKER_ENTRY == 0 &&
	       out->groups[harm].length / MARKER_ENTRY <= out->counts[harm];
}

bool marker_parse(struct str text, struct marker *out)
{
	struct str inner, word;

	*out = (struct marker){ 0 };
	text = str_trim(text);
	if (!take_line(&text, plan_start, &inner) || !take_plan(inner, out) ||
	    !take_line(&text, actions_start, &inner))
		return false;
	inner = str_trim(inner);
	while (inner.length && str_split(&inner, ' ', &word)) {
		if (word.length && !take_group(word, out))
			return false;
	}
	return true;
}
