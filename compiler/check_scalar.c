#include "base/json.h"
#include "base/regex.h"
#include "check.h"
#include "network.h"

/* Texts and numbers against their shape. */

struct pattern {
	struct str text;
	struct regex *regex;		/* NULL: not one that we can match, so never a mistake */
};

/* A shape's pattern is always at the same place: mostly no hash of it is needed. */
static const struct pattern *pattern_find(struct compiler *c, struct str text)
{
	const struct pattern **recent =
		&c->patterns_recent[((uintptr_t)text.data / 16) % PATTERNS_RECENT];
	struct pattern *p;
	void **place;

	if (*recent && (*recent)->text.data == text.data &&
	    (*recent)->text.length == text.length)
		return *recent;
	place = map_put(c->arena, &c->patterns, text);
	p = *place;
	if (!p) {
		p = *place = arena_new(c->arena, struct pattern);
		p->regex = regex_new(regex_from_dialects(c->arena, text), NULL);
		p->text = text;
	}
	*recent = p;
	return p;
}

void patterns_release(struct compiler *c)
{
	for (uint32_t i = 0; i < c->patterns.count; i++) {
		struct pattern *p = c->patterns.entries[i].value;

		regex_free(p->regex);
	}
}

/* False only of a text that the pattern refuses for sure. */
static bool pattern_allows(struct compiler *c, struct str pattern, struct str text)
{
	const struct pattern *p = pattern.length ? pattern_find(c, pattern) : NULL;

	return !p || !p->regex || regex_match(p->regex, text) != REGEX_NO;
}

static size_t characters(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.length; i++)
		count += ((unsigned char)s.data[i] & 0xc0) != 0x80;
	return count;
}

/* A character takes one to four bytes: most texts need not be counted. */
static bool is_short(const struct shape *shape, struct str text)
{
	return shape->has_min && (double)(text.length / 4) < shape->min &&
	       characters(text) < shape->min;
}

static bool is_long(const struct shape *shape, struct str text)
{
	return shape->has_max && (double)text.length > shape->max && characters(text) > shape->max;
}

void check_limits(struct check *k, const struct value *v, const struct shape *shape,
		struct str name, double size, const char *what)
{
	struct diags *d = k->c->d;

	if (shape->has_min && size < shape->min)
		diag_error(d, check_place(k, v), "E0405 '%.*s' %s %.15g, %.15g is the least",
			   STR_ARG(name), what, size, shape->min);
	else if (shape->has_max && size > shape->max)
		diag_error(d, check_place(k, v), "E0405 '%.*s' %s %.15g, %.15g is the most",
			   STR_ARG(name), what, size, shape->max);
}

static bool in_enum(const struct shape *shape, struct str text)
{
	for (size_t i = 0; i < shape->enum_count; i++) {
		if (shape->any_case ? str_equal_fold(shape->enums[i], text)
				    : str_equal(shape->enums[i], text))
			return true;
	}
	return shape->enum_count == 0;
}

static bool check_enum(struct check *k, const struct value *v, const struct shape *shape,
		struct str name, struct str text)
{
	struct compiler *c = k->c;
	struct str near;

	if (in_enum(shape, text))
		return true;
	diag_error(c->d, check_place(k, v), "E0406 '%.*s' cannot be '%.*s'", STR_ARG(name),
		   STR_ARG(text));
	near = suggest(c, text, shape->enums, shape->enum_count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (shape->enum_count <= 12)
		diag_help(c->d, "one of: %.*s", STR_ARG(str_join(c->arena, STR(" "), shape->enums,
								 shape->enum_count)));
	return false;
}

static void report_network(struct check *k, const struct value *v, const struct shape *shape,
			   struct str name)
{
	bool ipv4 = shape->format == FORMAT_IPV4_NETWORK;

	diag_error(k->c->d, check_place(k, v), "E0474 '%.*s' is no block of IPv%d addresses",
		   STR_ARG(name), ipv4 ? 4 : 6);
	diag_help(k->c->d, "for example \"%s\"", ipv4 ? "10.0.0.0/16" : "2001:db8::/56");
}

void check_text(struct check *k, const struct value *v, const struct shape *shape,
		struct str name)
{
	if (k->part->name_reported && str_equal(name, k->part->resource.name.property))
		return;
	if (!check_enum(k, v, shape, name, v->string))
		return;
	if (is_short(shape, v->string) || is_long(shape, v->string)) {
		check_limits(k, v, shape, name, (double)characters(v->string), "has a length of");
		return;
	}
	if (shape->format != FORMAT_FREE && !is_network(v->string, shape->format)) {
		report_network(k, v, shape, name);
		return;
	}
	if (pattern_allows(k->c, shape->pattern, v->string))
		return;
	diag_error(k->c->d, check_place(k, v), "E0407 '%.*s' cannot be '%.*s'", STR_ARG(name),
		   STR_ARG(v->string));
	diag_help(k->c->d, "it must match %.*s", STR_ARG(shape->pattern));
}

void check_number(struct check *k, const struct value *v, const struct shape *shape,
		struct str name)
{
	double number = v->kind == VALUE_INT ? (double)v->integer : v->number;

	if (v->kind == VALUE_INT && shape->enum_count &&
	    !check_enum(k, v, shape, name,
			str_format(k->c->arena, "%lld", (long long)v->integer)))
		return;
	check_limits(k, v, shape, name, number, "is");
}

void check_key(struct check *k, const struct member *m, const struct shape *shape, struct str key)
{
	if (pattern_allows(k->c, shape->key_pattern, key))
		return;
	diag_error(k->c->d, m->key_span, "E0473 '%.*s' cannot be a key of '%.*s'", STR_ARG(key),
		   STR_ARG(check_path(k)));
	diag_help(k->c->d, "keys must match %.*s", STR_ARG(shape->key_pattern));
}

/* Texts that are meant as JSON: they begin as an object or list does, or stand for a policy. */
static bool is_meant_as_json(struct str text, struct str name)
{
	struct str trimmed = str_trim(text);

	if (str_ends(name, STR("PolicyDocument")) || str_ends(name, STR("Policy")))
		return true;
	return str_starts(trimmed, STR("{\"")) || str_starts(trimmed, STR("[{\""));
}

void check_json_text(struct check *k, const struct value *v, struct str name)
{
	struct error err = { 0 };
	struct value out;

	if (!is_meant_as_json(v->string, name) ||
	    json_parse(k->c->arena, v->string, SPAN_NOWHERE, &out, &err))
		return;
	diag_error(k->c->d, check_place(k, v), "E0475 the text of '%.*s' is no JSON: %s",
		   STR_ARG(name), err.text);
	diag_help(k->c->d, "write it as a table");
}
