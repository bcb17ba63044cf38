#include "expr.h"

#include <inttypes.h>

#include "convert.h"

/* Text being joined; from the first unknown part on only marks are of interest. */
struct join {
	struct buf text;
	uint32_t marks;
	bool unknown, failed;
	struct str reason;
};

static void join_value(struct join *j, const struct value *v)
{
	switch (v->kind) {
	case VALUE_NULL:
		return;
	case VALUE_STRING:
		buf_add(&j->text, v->string);
		return;
	case VALUE_BOOL:
		buf_add_c(&j->text, v->boolean ? "true" : "false");
		return;
	case VALUE_INT:
		buf_printf(&j->text, "%" PRId64, v->integer);
		return;
	case VALUE_FLOAT:
		number_print(&j->text, v->number);
		return;
	case VALUE_DATETIME:
		buf_add(&j->text, v->datetime.text);
		return;
	case VALUE_UNKNOWN:
		buf_add(&j->text, v->unknown->prefix);
		j->unknown = true;
		j->reason = v->unknown->reason;
		return;
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_EXPR:
		break;
	}
	BUG("a %s was to become text", value_kind_name(v->kind));
}

static void join_part(struct join *j, const struct expr *part, const struct value *v,
		      struct diags *d)
{
	j->marks |= v->marks;
	if (v->kind == VALUE_LIST || v->kind == VALUE_MAP) {
		j->failed = true;
		if (d && !(v->marks & VALUE_DAMAGED)) {
			diag_error(d, part->span, "E0220 a %s cannot be part of text",
				   value_kind_name(v->kind));
			diag_help(d, "choose one of its values: "
				  "'.name', \"['key']\" or '[0]' behind it");
		}
	} else if (!j->unknown) {
		join_value(j, v);
	}
}

static struct value evaluate_template(struct arena *a, const struct expr *e,
				      const struct expr_scope *scope, struct diags *d)
{
	struct join j = { 0 };
	struct value out;

	buf_init_limit(&j.text, a, EXPR_TEXT_LIMIT);
	for (size_t i = 0; i < e->part_count; i++) {
		struct value v = expr_evaluate(a, e->parts[i], scope, d);

		join_part(&j, e->parts[i], &v, d);
	}
	if (j.text.overflow) {
		j.failed = true;
		if (d)
			diag_error(d, e->span, "E0221 the text becomes longer than %u bytes",
				   EXPR_TEXT_LIMIT);
	}
	if (j.failed) {
		out = value_null();
		out.marks = VALUE_DAMAGED;
	} else if (j.unknown) {
		out = value_unknown(a, j.reason, buf_str(&j.text));
	} else {
		out = value_string(buf_str(&j.text));
	}
	out.marks |= j.marks;
	out.span = e->span;
	return out;
}

struct value expr_evaluate(struct arena *a, const struct expr *e, const struct expr_scope *scope,
			   struct diags *d)
{
	struct value v;

	switch (e->kind) {
	case EXPR_LITERAL:
		return e->literal;
	case EXPR_TEMPLATE:
		return evaluate_template(a, e, scope, d);
	case EXPR_REFERENCE:
	case EXPR_ATTRIBUTE:
		v = scope->lookup(scope->context, a, e);
		CHECK(v.kind != VALUE_EXPR);
		return v;
	}
	BUG("expression of kind %d", (int)e->kind);
}

static bool evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
		     struct diags *d, struct value *out);

/* What it has of expressions is evaluated; true if it had any, else *out is v itself. */
static bool evaluate_list(struct arena *a, const struct value *v, const struct expr_scope *scope,
			  struct diags *d, struct value *out)
{
	struct value *items = NULL;

	for (size_t i = 0; i < v->list.count; i++) {
		struct value item;

		if (!evaluate(a, &v->list.items[i], scope, d, &item))
			continue;
		if (!items) {
			items = arena_array(a, struct value, v->list.count);
			for (size_t k = 0; k < v->list.count; k++)
				items[k] = v->list.items[k];
		}
		items[i] = item;
	}
	if (!items)
		return false;
	out->list.items = items;
	out->list.capacity = v->list.count;
	return true;
}

static void put_member(struct arena *a, struct value *map, const struct map_entry *entry,
		       const struct value *value)
{
	struct member *member = arena_new(a, struct member);

	member->key_span = ((const struct member *)entry->value)->key_span;
	member->value = *value;
	*map_put(a, &map->map, entry->key) = member;
}

static bool is_removed(const struct value *was, const struct value *is)
{
	return was->kind == VALUE_EXPR && is->kind == VALUE_NULL && !(is->marks & VALUE_DAMAGED);
}

static bool evaluate_map(struct arena *a, const struct value *v, const struct expr_scope *scope,
			 struct diags *d, struct value *out)
{
	bool changed = false;

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct map_entry *entry = &v->map.entries[i];
		const struct member *member = entry->value;
		struct value item;
		bool differs = evaluate(a, &member->value, scope, d, &item);

		if (differs && !changed) {
			changed = true;
			out->map = (struct map){ 0 };
			for (uint32_t k = 0; k < i; k++)
				*map_put(a, &out->map, v->map.entries[k].key) =
					v->map.entries[k].value;
		}
		if (changed && !differs)
			*map_put(a, &out->map, entry->key) = entry->value;
		else if (differs && !is_removed(&member->value, &item))
			put_member(a, out, entry, &item);
	}
	return changed;
}

static bool evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
		     struct diags *d, struct value *out)
{
	*out = *v;
	if (v->kind == VALUE_LIST)
		return evaluate_list(a, v, scope, d, out);
	if (v->kind == VALUE_MAP)
		return evaluate_map(a, v, scope, d, out);
	if (v->kind != VALUE_EXPR)
		return false;
	*out = expr_evaluate(a, v->expr, scope, d);
	out->marks |= v->marks;
	out->span = v->span;
	return true;
}

struct value value_evaluate(struct arena *a, const struct value *v, const struct expr_scope *scope,
			    struct diags *d)
{
	struct value out;

	evaluate(a, v, scope, d, &out);
	return out;
}
