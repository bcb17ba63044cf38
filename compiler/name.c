#include "name.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/utf8.h"

#define HASH_DIGITS 8

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool allows(const struct name_rule *rule, char c)
{
	if (is_plain(c))
		return true;
	for (size_t i = 0; i < rule->alphabet.length; i++) {
		if (rule->alphabet.data[i] == c)
			return true;
	}
	return false;
}

/* What the service does not take becomes a hyphen, or goes where it takes none. */
static struct str fit_alphabet(struct arena *a, const struct name_rule *rule, struct str text)
{
	size_t good = 0;
	struct buf b;

	while (good < text.length && allows(rule, text.data[good]))
		good++;
	if (good == text.length)
		return rule->lower ? str_lower(a, text) : text;
	buf_init(&b, a);
	for (size_t i = 0; i < text.length; i++) {
		if (allows(rule, text.data[i]))
			buf_add_char(&b, text.data[i]);
		else if (allows(rule, '-'))
			buf_add_char(&b, '-');
	}
	return rule->lower ? str_lower(a, buf_str(&b)) : buf_str(&b);
}

static struct str global_hash(struct arena *a, const struct scope *scope)
{
	struct str where = str_format(a, "%.*s,%.*s", STR_ARG(scope->account),
				      STR_ARG(scope->region));

	return str_slice(sha256_hex(a, where), 0, HASH_DIGITS);
}

struct str name_make(struct arena *a, const struct name_rule *rule,
		     const struct name_request *request, const struct scope *scope,
		     struct str generation)
{
	struct str joint = allows(rule, '-') ? STR("-") : (struct str){ 0 };
	struct str base = request->base, tail, hash;
	size_t room;

	if (request->fixed)
		return base;
	if (rule->unique_globally)
		base = STR_JOIN(a, base, STR("-"), global_hash(a, scope));
	base = fit_alphabet(a, rule, base);
	tail = generation.length ? STR_JOIN(a, joint, generation, request->suffix)
				 : request->suffix;
	if (!rule->max_length || base.length + tail.length <= rule->max_length)
		return tail.length ? STR_JOIN(a, base, tail) : base;
	/* The suffix is hashed too, so that a role and its function never meet. */
	hash = sha256_hex(a, STR_JOIN(a, base, request->suffix));
	tail = STR_JOIN(a, joint, str_slice(hash, 0, HASH_DIGITS), tail);
	room = rule->max_length > tail.length ? rule->max_length - tail.length : 0;
	return STR_JOIN(a, str_slice(base, 0, room), tail);
}

struct str name_check(struct arena *a, const struct name_rule *rule, struct str name,
		      struct str suffix)
{
	if (!name.length)
		return STR("is empty");
	if (rule->max_length && name.length > rule->max_length)
		return str_format(a, "is %zu characters long, %u are allowed", name.length,
				  rule->max_length);
	if (!str_ends(name, suffix))
		return str_format(a, "has to end with '%.*s'", STR_ARG(suffix));
	name.length -= suffix.length;
	for (size_t i = 0; i < name.length; i++) {
		uint32_t codepoint = 0;
		size_t length;

		if (allows(rule, name.data[i]) &&
		    !(rule->lower && name.data[i] >= 'A' && name.data[i] <= 'Z'))
			continue;
		length = utf8_decode(name.data + i, name.length - i, &codepoint);
		return str_format(a, "has '%.*s', which is not allowed", (int)(length ? length : 1),
				  name.data + i);
	}
	return (struct str){ 0 };
}
