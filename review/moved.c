#include "saved.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"

/* What a saved plan is bound to, then and now, in words. */

struct words {
	const char *title;		/* what stands before the name */
	const char *changed, *came, *went;
};
static const struct words of_files = {
	"file", "changed", "is read now and was not then", "is not read any more",
};
static const struct words of_variables = {
	"variable", "has another value", "is given now and was not then",
	"was given then and is not now: give it again",
};
static const struct words of_code = {
	"the code of", "changed", "is new", "is gone",
};
static const struct words of_wanted = {
	"what is wanted of", "changed", "is new", "is nothing any more",
};

struct comparison {
	struct arena *arena;
	const struct value *then, *now;
	struct moved *out;
};

ATTR_PRINTF(2, 3)
static void tell(struct comparison *c, const char *format, ...)
{
	struct error text = { 0 };
	va_list args;

	va_start(args, format);
	vsnprintf(text.text, sizeof(text.text), format, args);
	va_end(args);
	*vec_push(c->arena, c->out) = str_copy(c->arena, str_from_c(text.text));
}

/* Both sides of a member; false if it is not known now. */
static bool sides(const struct comparison *c, const char *name, const struct value **then,
		  const struct value **now)
{
	*then = value_get_c(c->then, name);
	*now = value_get_c(c->now, name);
	CHECK(*then);
	return *now != NULL;
}

static bool compare_text(struct comparison *c, const char *name, const char *title)
{
	const struct value *then, *now;

	if (!sides(c, name, &then, &now) || value_equal(then, now))
		return true;
	tell(c, "%s: it was '%.*s' and is '%.*s'", title, STR_ARG(then->string),
	     STR_ARG(now->string));
	return false;
}

static void compare_names(struct comparison *c, const char *name, const struct words *words)
{
	const struct value *then, *now;

	if (!sides(c, name, &then, &now))
		return;
	for (uint32_t i = 0; i < then->map.count; i++) {
		struct str key = then->map.entries[i].key;
		const struct member *member = then->map.entries[i].value;
		const struct value *other = value_get(now, key);

		if (!other || !value_equal(&member->value, other))
			tell(c, "%s '%.*s' %s", words->title, STR_ARG(key),
			     other ? words->changed : words->went);
	}
	for (uint32_t i = 0; i < now->map.count; i++)
		if (!value_get(then, now->map.entries[i].key))
			tell(c, "%s '%.*s' %s", words->title,
			     STR_ARG(now->map.entries[i].key), words->came);
}

static void compare_state(struct comparison *c)
{
	const struct value *then, *now;

	if (!sides(c, "lineage", &then, &now))
		return;
	if (!value_equal(then, now)) {
		if (!then->string.length)
			tell(c, "the stage has a state now, and was new then");
		else
			tell(c, "the state is not the one that was planned with%s",
			     now->string.length ? "" : ": there is none");
		return;
	}
	if (sides(c, "serial", &then, &now) && !value_equal(then, now))
		tell(c, "the state moved on: its serial was %lld and is %lld",
		     (long long)then->integer, (long long)now->integer);
}

/* The names of the members of two tables that differ, both sorted. */
static struct str differing(struct arena *a, const struct value *then, const struct value *now)
{
	struct buf b;

	buf_init(&b, a);
	for (uint32_t i = 0; i < then->map.count; i++) {
		struct str key = then->map.entries[i].key;
		const struct member *member = then->map.entries[i].value;
		const struct value *other = value_get(now, key);

		if (other && value_equal(&member->value, other))
			continue;
		buf_printf(&b, "%s%.*s", b.length ? ", " : "", STR_ARG(key));
	}
	for (uint32_t i = 0; i < now->map.count; i++) {
		struct str key = now->map.entries[i].key;

		if (!value_get(then, key))
			buf_printf(&b, "%s%.*s", b.length ? ", " : "", STR_ARG(key));
	}
	return buf_str(&b);
}

static void compare_live(struct comparison *c)
{
	const struct value *then, *now;

	if (!sides(c, "live", &then, &now))
		return;
	for (uint32_t i = 0; i < then->map.count; i++) {
		struct str address = then->map.entries[i].key;
		const struct member *member = then->map.entries[i].value;
		const struct value *other = value_get(now, address);
		struct str was = value_get_str(&member->value, "is");
		struct str is = other ? value_get_str(other, "is") : STR("not looked at");

		if (!str_equal(was, is))
			tell(c, "'%.*s' was %.*s and is %.*s now", STR_ARG(address), STR_ARG(was),
			     STR_ARG(is));
		else if (!value_equal(&member->value, other))
			tell(c, "'%.*s' changed live: %.*s", STR_ARG(address),
			     STR_ARG(differing(c->arena, &member->value, other)));
	}
	for (uint32_t i = 0; i < now->map.count; i++)
		if (!value_get(then, now->map.entries[i].key))
			tell(c, "'%.*s' is looked at now and was not then",
			     STR_ARG(now->map.entries[i].key));
}

static void compare_existing(struct comparison *c)
{
	const struct value *then, *now;

	if (!sides(c, "existing", &then, &now))
		return;
	for (uint32_t i = 0; i < then->map.count; i++) {
		struct str name = then->map.entries[i].key;
		const struct value *was = value_get(then, name), *is = value_get(now, name);

		for (uint32_t k = 0; is && k < was->map.count; k++) {
			struct str asked = was->map.entries[k].key;
			const struct member *member = was->map.entries[k].value;
			const struct value *other = value_get(is, asked);
			bool hidden = member->value.kind == VALUE_STRING &&
				      str_starts(member->value.string, STR("hmac:"));

			if (other && value_equal(&member->value, other))
				continue;
			if (!other || hidden)
				tell(c, "existing '%.*s': its %.*s is another", STR_ARG(name),
				     STR_ARG(asked));
			else
				tell(c, "existing '%.*s': its %.*s was %.*s and is %.*s",
				     STR_ARG(name), STR_ARG(asked),
				     STR_ARG(json_text(c->arena, &member->value)),
				     STR_ARG(json_text(c->arena, other)));
		}
	}
}

void saved_compare(struct arena *a, const struct value *then, const struct value *now,
		   struct moved *out)
{
	struct comparison c = { a, then, now, out };
	bool same_key = compare_text(&c, "key", "the key that hides secrets of this stage");
	size_t before;

	compare_text(&c, "program", "the version of effc");
	compare_text(&c, "data", "the facts and drivers that effc works with");
	compare_text(&c, "project", "the project");
	compare_text(&c, "stage", "the stage");
	compare_text(&c, "account", "the account");
	compare_text(&c, "region", "the region");
	compare_state(&c);
	/* All that follows is digests made with the key. */
	if (!same_key)
		return;
	before = out->count;
	compare_names(&c, "files", &of_files);
	compare_names(&c, "variables", &of_variables);
	compare_names(&c, "code", &of_code);
	compare_existing(&c);
	/* What these lead to is not told as well. */
	if (out->count == before)
		compare_names(&c, "wanted", &of_wanted);
	compare_live(&c);
	if (!out->count)
		compare_text(&c, "digest", "the plan comes out otherwise");
}
