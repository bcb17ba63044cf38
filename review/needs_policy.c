#include "needs_policy.h"

#include <stdlib.h>

#include "glob.h"

void asked_add(struct arena *a, struct asked *asked, struct str action, struct str resource,
	       struct str pass)
{
	struct str key = STR_JOIN(a, action, STR(" "), resource, STR(" "), pass);

	if (map_has(&asked->seen, key))
		return;
	*map_put(a, &asked->seen, key) = asked;
	*vec_push(a, &asked->all) = (struct asked_one){ action, resource, pass };
}

static struct str service_of(struct str action)
{
	return str_slice(action, 0, str_index(action, ':'));
}

static int compare_asked(const void *a, const void *b)
{
	const struct asked_one *left = a, *right = b;
	int order = str_compare(service_of(left->action), service_of(right->action));

	if (!order)
		order = str_compare(left->pass, right->pass);
	if (!order)
		order = str_compare(left->action, right->action);
	return order ? order : str_compare(left->resource, right->resource);
}

static bool is_covered(const struct asked *asked, const struct asked_one *one)
{
	for (size_t i = 0; i < asked->all.count; i++) {
		const struct asked_one *other = &asked->all.items[i];

		if (other != one && str_equal(other->action, one->action) &&
		    str_equal(other->pass, one->pass) &&
		    !str_equal(other->resource, one->resource) &&
		    glob_contains(other->resource, one->resource))
			return true;
	}
	return false;
}

/* ---- statements ---- */

struct statement {
	struct str service, pass;
	struct VEC_OF(struct str) actions, resources;
};
struct statements VEC_OF(struct statement);

static struct str joined(struct arena *a, const struct str *texts, size_t count)
{
	return str_join(a, STR("\n"), texts, count);
}

/* Of one action at first; all is sorted by action. */
static void by_action(struct arena *a, const struct asked *all, struct statements *out)
{
	struct statement *last = NULL;

	for (size_t i = 0; i < all->all.count; i++) {
		const struct asked_one *one = &all->all.items[i];

		if (is_covered(all, one))
			continue;
		if (!last || !str_equal(last->actions.items[0], one->action) ||
		    !str_equal(last->pass, one->pass)) {
			last = vec_push(a, out);
			*last = (struct statement){ service_of(one->action), one->pass,
						    { 0 }, { 0 } };
			*vec_push(a, &last->actions) = one->action;
		}
		*vec_push(a, &last->resources) = one->resource;
	}
}

/* Actions on the same resources become one. */
static void merge(struct arena *a, const struct statements *all, struct statements *out)
{
	struct map seen = { 0 };

	for (size_t i = 0; i < all->count; i++) {
		const struct statement *s = &all->items[i];
		struct str key = STR_JOIN(a, s->service, STR(" "), s->pass, STR(" "),
					  joined(a, s->resources.items, s->resources.count));
		uintptr_t at = (uintptr_t)map_get(&seen, key);

		if (at) {
			*vec_push(a, &out->items[at - 1].actions) = s->actions.items[0];
			continue;
		}
		*vec_push(a, out) = *s;
		*map_put(a, &seen, key) = (void *)out->count;
	}
}

static struct value texts_value(struct arena *a, const struct str *texts, size_t count)
{
	struct value v = value_list(arena_array(a, struct value, count), count);

	for (size_t i = 0; i < count; i++)
		v.list.items[i] = value_string(texts[i]);
	return v;
}

/* "Sqs", "Sqs2": letters and digits alone. */
static struct str sid_of(struct arena *a, const struct statement *s, size_t number)
{
	struct str name = s->pass.length ? STR("PassRole") : s->service;
	struct str first = str_upper(a, str_slice(name, 0, 1));
	struct buf b;

	buf_init(&b, a);
	buf_add(&b, first);
	buf_add(&b, str_slice(name, 1, name.length));
	if (number > 1)
		buf_printf(&b, "%zu", number);
	return buf_str(&b);
}

static struct value statement_value(struct arena *a, const struct statement *s, size_t number)
{
	struct value v = value_map(), condition = value_map(), equals = value_map();

	value_set(a, &v, STR("Sid"), value_string(sid_of(a, s, number)));
	value_set(a, &v, STR("Effect"), value_string(STR("Allow")));
	value_set(a, &v, STR("Action"), texts_value(a, s->actions.items, s->actions.count));
	value_set(a, &v, STR("Resource"), texts_value(a, s->resources.items, s->resources.count));
	if (!s->pass.length)
		return v;
	value_set(a, &equals, STR("iam:PassedToService"), value_string(s->pass));
	value_set(a, &condition, STR("StringEquals"), equals);
	value_set(a, &v, STR("Condition"), condition);
	return v;
}

struct value asked_policy(struct arena *a, const struct asked *asked)
{
	struct asked sorted = { .all = asked->all };
	struct statements single = { 0 }, few = { 0 };
	struct value document = value_map(), statements = value_list(NULL, 0);
	size_t number = 0;

	if (sorted.all.count)
		qsort(sorted.all.items, sorted.all.count, sizeof(*sorted.all.items), compare_asked);
	by_action(a, &sorted, &single);
	merge(a, &single, &few);
	for (size_t i = 0; i < few.count; i++) {
		const struct statement *before = i ? &few.items[i - 1] : NULL;
		bool same = before && str_equal(before->service, few.items[i].service) &&
			    !before->pass.length == !few.items[i].pass.length;

		number = same ? number + 1 : 1;
		value_append(a, &statements, statement_value(a, &few.items[i], number));
	}
	value_set(a, &document, STR("Version"), value_string(STR("2012-10-17")));
	value_set(a, &document, STR("Statement"), statements);
	return document;
}
