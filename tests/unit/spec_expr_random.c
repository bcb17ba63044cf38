#include "random_value.h"
#include "spec_case.h"

#include "spec/expr.h"
#include "spec/function.h"

/* Random trees: what is printed of one reads back and prints the same. */

struct maker {
	struct arena *arena;
	const struct random *random;
};

static uint32_t pick(struct maker *m, uint32_t below)
{
	return (uint32_t)random_below(m->random, below);
}

static struct str word(struct maker *m)
{
	static const struct str words[] = {
		STR_INIT("orders"), STR_INIT("a-b"), STR_INIT("_x1"), STR_INIT("createOrder/role"),
		STR_INIT("if"), STR_INIT("in"),
	};

	return words[pick(m, sizeof(words) / sizeof(*words))];
}

static struct str name(struct maker *m)
{
	static const struct str names[] = { STR_INIT("k"), STR_INIT("v"), STR_INIT("arn") };

	return names[pick(m, 3)];
}

static struct value scalar(struct maker *m)
{
	static const struct str texts[] = {
		STR_INIT(""), STR_INIT("it's"), STR_INIT("${x} %{y}"), STR_INIT("$"),
		STR_INIT("a\"b\\\n\t"), STR_INIT("\xC3\xA9 $${"),
	};

	switch (pick(m, 6)) {
	case 0:
		return value_null();
	case 1:
		return value_bool(pick(m, 2));
	case 2:
		return value_int((int64_t)pick(m, 100) - 50);
	case 3:
		return value_float((double)pick(m, 100) + 0.5);
	default:
		return value_string(texts[pick(m, sizeof(texts) / sizeof(*texts))]);
	}
}

static struct expr *tree(struct maker *m, unsigned depth);

static struct expr *node(struct maker *m, enum expr_kind kind)
{
	struct expr *e = arena_new(m->arena, struct expr);

	e->kind = kind;
	e->span = SPAN_NONE;
	return e;
}

static void add_parts(struct maker *m, struct expr *e, unsigned depth)
{
	e->part_count = pick(m, 4);
	e->parts = arena_array(m->arena, const struct expr *, 4);
	for (size_t i = 0; i < e->part_count; i++)
		e->parts[i] = tree(m, depth);
}

static struct expr *template(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_TEMPLATE);

	add_parts(m, e, depth);
	return e;
}

static struct expr *reference(struct maker *m)
{
	struct expr *e = node(m, EXPR_REFERENCE);

	e->step_count = 1 + pick(m, 3);
	e->steps = arena_array(m->arena, struct expr_step, e->step_count);
	e->steps[0].name = word(m);
	for (size_t i = 1; i < e->step_count; i++) {
		e->steps[i].index = pick(m, 2);
		if (e->steps[i].index && pick(m, 2))
			e->steps[i].number = pick(m, 20);
		else
			e->steps[i].name = name(m);
	}
	return e;
}

static struct expr *loop(struct maker *m, unsigned depth, bool directive)
{
	struct expr *e = node(m, EXPR_FOR);
	struct expr_for *l = arena_new(m->arena, struct expr_for);

	e->loop = l;
	l->form = directive ? FOR_TEXT : pick(m, 2) ? FOR_LIST : FOR_OBJECT;
	l->key_name = pick(m, 2) ? STR("i") : (struct str){ 0 };
	l->value_name = STR("each-one");
	l->collection = tree(m, depth);
	l->value = directive ? template(m, depth) : tree(m, depth);
	l->key = l->form == FOR_OBJECT ? tree(m, depth) : NULL;
	l->group = l->form == FOR_OBJECT && pick(m, 2);
	l->filter = !directive && pick(m, 2) ? tree(m, depth) : NULL;
	return e;
}

static struct expr *splat(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_FOR), *item = reference(m);
	struct expr_for *l = arena_new(m->arena, struct expr_for);

	e->loop = l;
	l->form = FOR_SPLAT;
	l->value_name = STR("*");
	l->collection = tree(m, depth);
	item->steps[0].name = STR("*");
	l->value = item;
	return e;
}

static struct expr *operation(struct maker *m, unsigned depth, bool unary)
{
	struct expr *e = node(m, unary ? EXPR_UNARY : EXPR_BINARY);

	e->operator = unary ? pick(m, 2) : OPERATOR_OR + pick(m, OPERATOR_MODULO - OPERATOR_OR + 1);
	e->left = tree(m, depth);
	e->right = unary ? NULL : tree(m, depth);
	/* A minus before a number is part of it. */
	if (unary && e->left->kind == EXPR_LITERAL)
		e->operator = OPERATOR_NOT;
	return e;
}

static struct expr *condition(struct maker *m, unsigned depth, bool directive)
{
	struct expr *e = node(m, EXPR_CONDITION);

	e->directive = directive;
	e->condition = tree(m, depth);
	e->yes = directive ? template(m, depth) : tree(m, depth);
	e->no = directive ? template(m, depth) : tree(m, depth);
	return e;
}

static struct expr *object(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_OBJECT);

	e->item_count = pick(m, 3);
	e->items = arena_array(m->arena, struct expr_item, e->item_count);
	for (size_t i = 0; i < e->item_count; i++)
		e->items[i] = (struct expr_item){ tree(m, depth), tree(m, depth) };
	return e;
}

static struct expr *call(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_CALL);

	e->function = function_at(pick(m, 20));
	add_parts(m, e, depth);
	e->expand = e->part_count && pick(m, 2);
	return e;
}

static struct expr *index_of(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_INDEX);

	e->left = operation(m, depth, false);
	e->right = tree(m, depth);
	return e;
}

static struct expr *list(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_LIST);

	add_parts(m, e, depth);
	return e;
}

static struct expr *tree(struct maker *m, unsigned depth)
{
	struct expr *e = node(m, EXPR_LITERAL);

	if (!depth) {
		e->literal = scalar(m);
		return pick(m, 2) ? e : reference(m);
	}
	switch (pick(m, 13)) {
	case 0:
		return template(m, depth - 1);
	case 1:
		return list(m, depth - 1);
	case 2:
		return loop(m, depth - 1, false);
	case 3:
		return splat(m, depth - 1);
	case 4:
		return operation(m, depth - 1, true);
	case 5:
	case 6:
		return operation(m, depth - 1, false);
	case 7:
		return condition(m, depth - 1, false);
	case 8:
		return condition(m, depth - 1, true);
	case 9:
		return object(m, depth - 1);
	case 10:
		return call(m, depth - 1);
	case 11:
		return index_of(m, depth - 1);
	default:
		return loop(m, depth - 1, true);
	}
}

static struct str print(struct arena *a, const struct expr *e)
{
	struct buf b;

	buf_init(&b, a);
	expr_print(&b, e);
	return buf_str(&b);
}

static struct str read_back(struct arena *a, struct str text, uint64_t seed)
{
	struct value v = value_string(text), out;
	struct diags d;

	diags_init(&d, a);
	ck_assert_msg(expr_parse(a, &v, &out, &d), "EFFC_SEED=%llu\n%.*s\n%.*s",
		      (unsigned long long)seed, STR_ARG(text), STR_ARG(d.items[0].text));
	return out.kind == VALUE_EXPR ? print(a, out.expr) : text;
}

START_TEST(print_reads_back)
{
	uint64_t seed = random_seed();
	struct maker m = { .random = random_seeded(seed) };

	for (int i = 0; i < 3000; i++) {
		struct str text, again;
		struct arena arena;

		arena_init(&arena);
		m.arena = &arena;
		text = print(&arena, tree(&m, 1 + pick(&m, 4)));
		/* The first time, texts beside each other become one. */
		again = read_back(&arena, text, seed);
		ck_assert_msg(str_equal(read_back(&arena, again, seed), again),
			      "EFFC_SEED=%llu\n%.*s\n%.*s", (unsigned long long)seed,
			      STR_ARG(text), STR_ARG(again));
		arena_release(&arena);
	}
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_test(tc, print_reads_back);
}

int main(void)
{
	return unit_run("spec_expr_random", fill);
}
