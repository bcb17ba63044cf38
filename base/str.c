#include "str.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

bool str_equal_fold(struct str a, struct str b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++) {
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	}
	return true;
}

int str_compare(struct str a, struct str b)
{
	size_t shared = a.length < b.length ? a.length : b.length;
	int order = shared ? memcmp(a.data, b.data, shared) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.length >= prefix.length && str_equal(str_of(s.data, prefix.length), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.length >= suffix.length &&
	       str_equal(str_slice(s, s.length - suffix.length, s.length), suffix);
}

#define LONG_PART 64

/* For each beginning of part: how much of its end is a beginning of part too. */
static const size_t *make_borders(struct arena *a, struct str part)
{
	size_t *borders = arena_array(a, size_t, part.length + 1), border = 0;

	for (size_t i = 1; i < part.length; i++) {
		while (border && part.data[i] != part.data[border])
			border = borders[border];
		border += part.data[i] == part.data[border];
		borders[i + 1] = border;
	}
	return borders;
}

/* In linear time, where comparing anew at every place would not be. */
static size_t find_long(struct str s, struct str part, size_t start)
{
	struct arena scratch;
	const size_t *borders;
	size_t same = 0, at;

	arena_init(&scratch);
	borders = make_borders(&scratch, part);
	for (at = start; at < s.length && same < part.length; at++) {
		while (same && s.data[at] != part.data[same])
			same = borders[same];
		same += s.data[at] == part.data[same];
	}
	arena_release(&scratch);
	return same == part.length ? at - same : s.length;
}

/* Where part first stands in s from start on, or s.length. */
static size_t find(struct str s, struct str part, size_t start)
{
	if (!part.length)
		return start;
	if (part.length >= LONG_PART)
		return find_long(s, part, start);
	while (part.length <= s.length - start) {
		const char *hit = memchr(s.data + start, part.data[0],
					 s.length - start - part.length + 1);

		if (!hit)
			break;
		if (memcmp(hit, part.data, part.length) == 0)
			return (size_t)(hit - s.data);
		start = (size_t)(hit - s.data) + 1;
	}
	return s.length;
}

size_t str_find(struct str s, struct str part)
{
	return find(s, part, 0);
}

bool str_contains(struct str s, struct str part)
{
	return !part.length || find(s, part, 0) < s.length;
}

size_t str_index(struct str s, char byte)
{
	const char *hit = s.length ? memchr(s.data, byte, s.length) : NULL;

	return hit ? (size_t)(hit - s.data) : s.length;
}

size_t str_last_index(struct str s, char byte)
{
	for (size_t i = s.length; i > 0; i--) {
		if (s.data[i - 1] == byte)
			return i - 1;
	}
	return s.length;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	size_t start = 0, end = s.length;

	while (start < end && is_blank(s.data[start]))
		start++;
	while (end > start && is_blank(s.data[end - 1]))
		end--;
	return str_slice(s, start, end);
}

bool str_matches(struct str glob, struct str text)
{
	size_t g = 0, t = 0, star = SIZE_MAX, mark = 0;

	while (t < text.length) {
		if (g < glob.length && (glob.data[g] == '?' || glob.data[g] == text.data[t])) {
			g++;
			t++;
		} else if (g < glob.length && glob.data[g] == '*') {
			star = g++;
			mark = t;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++mark;
		} else {
			return false;
		}
	}
	while (g < glob.length && glob.data[g] == '*')
		g++;
	return g == glob.length;
}

bool str_split(struct str *rest, char separator, struct str *part)
{
	size_t end;

	if (!rest->length)
		return false;
	end = str_index(*rest, separator);
	*part = str_slice(*rest, 0, end);
	*rest = str_slice(*rest, end + 1, rest->length);
	return true;
}

struct str str_copy(struct arena *a, struct str s)
{
	return str_of(str_to_c(a, s), s.length);
}

char *str_to_c(struct arena *a, struct str s)
{
	char *copy;

	CHECK(s.length < SIZE_MAX);
	copy = arena_alloc(a, s.length + 1, 1);
	if (s.length)
		memcpy(copy, s.data, s.length);
	return copy;
}

static char *put(char *at, struct str s)
{
	if (s.length)
		memcpy(at, s.data, s.length);
	return at + s.length;
}

struct str str_join(struct arena *a, struct str separator, const struct str *parts, size_t count)
{
	size_t length = 0;
	char *text, *at;

	for (size_t i = 0; i < count; i++) {
		size_t more = parts[i].length + (i ? separator.length : 0);

		CHECK(more >= parts[i].length && length + more >= length);
		length += more;
	}
	CHECK(length < SIZE_MAX);
	text = at = arena_alloc(a, length + 1, 1);
	for (size_t i = 0; i < count; i++)
		at = put(i ? put(at, separator) : at, parts[i]);
	return str_of(text, length);
}

struct str str_lower(struct arena *a, struct str s)
{
	char *copy = str_to_c(a, s);

	for (size_t i = 0; i < s.length; i++)
		copy[i] = lower(copy[i]);
	return str_of(copy, s.length);
}

struct str str_folded(struct arena *a, struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		if (s.data[i] >= 'A' && s.data[i] <= 'Z')
			return str_lower(a, s);
	}
	return s;
}

struct str str_upper(struct arena *a, struct str s)
{
	char *copy = str_to_c(a, s);

	for (size_t i = 0; i < s.length; i++)
		copy[i] = upper(copy[i]);
	return str_of(copy, s.length);
}

struct str str_replace(struct arena *a, struct str s, struct str from, struct str to)
{
	struct buf b;
	size_t start = 0, hit;

	if (!from.length)
		return s;
	buf_init(&b, a);
	while ((hit = find(s, from, start)) < s.length) {
		buf_add(&b, str_slice(s, start, hit));
		buf_add(&b, to);
		start = hit + from.length;
	}
	buf_add(&b, str_slice(s, start, s.length));
	return buf_str(&b);
}

struct str str_format(struct arena *a, const char *format, ...)
{
	char small[256], *text;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	CHECK(length >= 0);
	text = arena_alloc(a, (size_t)length + 1, 1);
	if ((size_t)length < sizeof(small)) {
		memcpy(text, small, (size_t)length + 1);
		return str_of(text, (size_t)length);
	}
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return str_of(text, (size_t)length);
}

bool str_to_int(struct str s, int64_t *out)
{
	bool negative = s.length && s.data[0] == '-';
	size_t i = negative ? 1 : 0;
	int64_t number = 0;

	if (i == s.length)
		return false;
	for (; i < s.length; i++) {
		int digit = s.data[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Kept negative, where one more number fits. */
		if (number < (INT64_MIN + digit) / 10)
			return false;
		number = number * 10 - digit;
	}
	if (!negative && number == INT64_MIN)
		return false;
	*out = negative ? number : -number;
	return true;
}

struct str int_digits(char space[INT_DIGITS], int64_t number)
{
	/* The least number has no positive one. */
	uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
	size_t at = INT_DIGITS;

	do
		space[--at] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		space[--at] = '-';
	return str_of(space + at, INT_DIGITS - at);
}

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3 with the seed as its key: colliding keys for one seed differ under the next. */
uint32_t str_hash_seeded(struct str s, uint32_t seed)
{
	uint64_t v[4] = {
		0x736f6d6570736575 ^ seed, 0x646f72616e646f6d,
		0x6c7967656e657261 ^ seed, 0x7465646279746573,
	};
	size_t i = 0;

	for (bool last = false; !last; i += 8) {
		size_t count = s.length - i < 8 ? s.length - i : 8;
		uint64_t word = 0;

		/* The order of the bytes is the machine's: a hash never leaves it. */
		if (count == 8)
			memcpy(&word, s.data + i, 8);
		else
			for (size_t k = 0; k < count; k++)
				word |= (uint64_t)(unsigned char)s.data[i + k] << 8 * k;
		last = count < 8;
		if (last)
			word |= (uint64_t)s.length << 56;
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	v[2] ^= 0xff;
	for (int round = 0; round < 3; round++)
		sip_round(v);
	v[0] ^= v[1] ^ v[2] ^ v[3];
	return (uint32_t)(v[0] ^ v[0] >> 32);
}

static uint64_t word_at(const char *data)
{
	uint64_t word;

	memcpy(&word, data, sizeof(word));
	return word;
}

static uint32_t half_at(const char *data)
{
	uint32_t half;

	memcpy(&half, data, sizeof(half));
	return half;
}

/* All of less than eight bytes as a number; some of them may be in it twice. */
static uint64_t short_word(const char *data, size_t count)
{
	if (count >= 4)
		return (uint64_t)half_at(data) << 32 | half_at(data + count - 4);
	return (uint64_t)(unsigned char)data[0] << 16 |
	       (uint64_t)(unsigned char)data[count / 2] << 8 | (unsigned char)data[count - 1];
}

uint32_t str_hash(struct str s)
{
	const uint64_t odd = 0x9E3779B97F4A7C15;
	uint64_t hash = s.length * odd;
	size_t i = 0;

	for (; i + 8 <= s.length; i += 8) {
		hash = (hash ^ word_at(s.data + i)) * odd;
		hash ^= hash >> 32;
	}
	if (i < s.length)
		hash = (hash ^ (i ? word_at(s.data + s.length - 8)
				  : short_word(s.data, s.length))) * odd;
	return (uint32_t)(hash ^ hash >> 29 ^ hash >> 43);
}
