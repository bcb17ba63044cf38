#include "build.h"

#include "compiler.h"

void member_put(struct arena *a, struct value *map, struct str key, struct span key_span,
		struct value item)
{
	void **place = map_put(a, &map->map, key);

	if (!*place)
		*place = arena_new(a, struct member);
	*(struct member *)*place = (struct member){ key_span, item };
}

void path_set(struct arena *a, struct value *map, const char *path, struct value item)
{
	struct str rest = str_from_c(path), part;

	str_split(&rest, '.', &part);
	while (rest.length) {
		struct member *m = map_get(&map->map, part);

		map = m ? &m->value : value_set(a, map, part, value_map());
		str_split(&rest, '.', &part);
	}
	value_set(a, map, part, item);
}

struct value text_value(const char *text)
{
	return value_string(str_from_c(text));
}

struct value text_value_at(struct str text, struct span span)
{
	struct value v = value_string(text);

	v.span = span;
	return v;
}

static struct value expr_value(struct expr *e, struct span span)
{
	e->span = span;
	expr_measure(e);
	return (struct value){ .kind = VALUE_EXPR, .span = span, .expr = e };
}

struct value reference_value(struct arena *a, struct span span, struct str address,
			     const char *attribute)
{
	struct expr *e = arena_new(a, struct expr);
	VEC(struct expr_step) steps = { 0 };
	struct str rest = str_from_c(attribute), part;

	vec_push(a, &steps)->name = address;
	while (str_split(&rest, '.', &part))
		vec_push(a, &steps)->name = part;
	for (size_t i = 0; i < steps.count; i++)
		steps.items[i].span = span;
	e->kind = EXPR_REFERENCE;
	e->scope = SCOPE_ADDRESSES;
	e->steps = steps.items;
	e->step_count = steps.count;
	return expr_value(e, span);
}

struct value account_value(struct compiler *c)
{
	if (c->scope->account.length)
		return value_string(c->scope->account);
	return reference_value(c->arena, SPAN_NONE, STR("account"), "");
}

struct value region_value(struct compiler *c)
{
	return value_string(c->scope->region);
}

struct value partition_value(struct compiler *c)
{
	return value_string(c->scope->partition);
}

struct joining {
	struct arena *arena;
	VEC(const struct expr *) parts;
	struct buf text;		/* of the literal being collected */
	struct span span;
};

static void join_flush(struct joining *j)
{
	struct expr *e;

	if (!j->text.length)
		return;
	e = arena_new(j->arena, struct expr);
	e->kind = EXPR_LITERAL;
	e->span = j->span;
	e->literal = text_value_at(buf_str(&j->text), j->span);
	*vec_push(j->arena, &j->parts) = e;
	buf_init(&j->text, j->arena);
}

static void join_expr(struct joining *j, const struct expr *e)
{
	if (e->kind == EXPR_LITERAL && e->literal.kind == VALUE_STRING) {
		buf_add(&j->text, e->literal.string);
	} else if (e->kind == EXPR_TEMPLATE) {
		for (size_t i = 0; i < e->part_count; i++)
			join_expr(j, e->parts[i]);
	} else {
		join_flush(j);
		*vec_push(j->arena, &j->parts) = e;
	}
}

struct value join_values(struct arena *a, struct span span, const struct value *parts,
			 size_t count)
{
	struct joining j = { .arena = a, .span = span };
	struct expr *e;

	buf_init(&j.text, a);
	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == VALUE_EXPR) {
			join_expr(&j, parts[i].expr);
			continue;
		}
		CHECK(parts[i].kind == VALUE_STRING);
		buf_add(&j.text, parts[i].string);
	}
	if (!j.parts.count)
		return text_value_at(buf_str(&j.text), span);
	join_flush(&j);
	e = arena_new(a, struct expr);
	e->kind = EXPR_TEMPLATE;
	e->parts = j.parts.items;
	e->part_count = j.parts.count;
	return expr_value(e, span);
}

struct value arn_value(struct compiler *c, struct span span, const char *service,
		       const struct value *rest, size_t count)
{
	struct value head = JOIN(c->arena, span, text_value("arn:"), partition_value(c),
				 text_value(":"), text_value(service), text_value(":"),
				 region_value(c), text_value(":"), account_value(c),
				 text_value(":"));
	struct value tail = join_values(c->arena, span, rest, count);

	return JOIN(c->arena, span, head, tail);
}
