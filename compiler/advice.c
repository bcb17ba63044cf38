#include "compiler.h"
#include "units.h"

/* Of the names that a word begins with, if there is only one: 'environment' and 'env'. */
static struct str begun_with(struct str word, const struct str *candidates, size_t count)
{
	struct str found = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (candidates[i].length < 3 || !str_starts(word, candidates[i]))
			continue;
		if (found.length)
			return (struct str){ 0 };
		found = candidates[i];
	}
	return found;
}

struct str suggest(struct compiler *c, struct str word, const struct str *candidates, size_t count)
{
	struct str near;

	if (!c->suggestions)
		return (struct str){ 0 };
	for (size_t i = 0; i < count; i++) {
		if (str_equal_fold(word, candidates[i]))
			return candidates[i];
	}
	c->suggestions--;
	near = str_nearest(word, candidates, count);
	return near.length ? near : begun_with(word, candidates, count);
}

static bool is_bare(struct str text, enum property_kind wanted)
{
	int64_t number;

	if (wanted == PROPERTY_BOOLEAN)
		return str_equal_c(text, "true") || str_equal_c(text, "false");
	return str_to_int(text, &number);
}

void advise_kind(struct compiler *c, enum property_kind wanted, const struct value *v)
{
	bool number = wanted == PROPERTY_INTEGER || wanted == PROPERTY_NUMBER;
	int64_t seconds;

	if (wanted == PROPERTY_STRING && v->kind == VALUE_INT)
		diag_help(c->d, "write \"%lld\", with quotes", (long long)v->integer);
	else if (wanted == PROPERTY_STRING && v->kind == VALUE_BOOL)
		diag_help(c->d, "write \"%s\", with quotes", v->boolean ? "true" : "false");
	else if (v->kind != VALUE_STRING)
		return;
	else if (wanted == PROPERTY_LIST)
		diag_help(c->d, "put it in brackets: [\"%.*s\"]", STR_ARG(v->string));
	else if ((number || wanted == PROPERTY_BOOLEAN) && is_bare(v->string, wanted))
		diag_help(c->d, "write %.*s, without quotes", STR_ARG(v->string));
	else if (number && duration_parse(v->string, &seconds))
		diag_help(c->d, "a plain number: AWS counts in a unit of its own");
}
