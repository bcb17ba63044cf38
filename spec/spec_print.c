#include "expr.h"
#include "spec.h"

#include "base/json.h"

static void print_place(struct buf *out, const struct sources *sources, struct span span)
{
	struct place place = span_place(sources, span);

	if (place.path.length)
		buf_printf(out, "%u:%u", place.line, place.column);
	else
		buf_add_char(out, '-');
}

void spec_print_tokens(struct buf *out, const struct document *document,
		       const struct sources *sources)
{
	struct str text = sources->items[document->file].text;
	struct document again = { 0 };
	struct diags known;
	struct arena scratch;

	arena_init(&scratch);
	diags_init(&known, &scratch);
	/* Its mistakes were told when the tree was read. */
	toml_parse(&scratch, text, document->file, &again, &known);
	for (size_t i = 0; i < again.tokens.count; i++) {
		const struct token *token = &again.tokens.items[i];

		print_place(out, sources, token->span);
		buf_printf(out, " %s ", token_kind_name(token->kind));
		json_print_string(out, str_slice(text, token->span.start, token->span.end));
		buf_add_char(out, '\n');
	}
	arena_release(&scratch);
}

static void print_value(struct buf *out, const struct sources *sources, const struct value *v,
			unsigned indent);

static void print_head(struct buf *out, const struct sources *sources, const struct value *v)
{
	buf_add_c(out, value_kind_name(v->kind));
	buf_add_c(out, " @");
	print_place(out, sources, v->span);
	if (v->marks & VALUE_SECRET)
		buf_add_c(out, " secret");
	if (v->marks & VALUE_DAMAGED)
		buf_add_c(out, " damaged");
}

static void print_scalar(struct buf *out, const struct value *v)
{
	buf_add_char(out, ' ');
	if (v->kind == VALUE_DATETIME)
		buf_add(out, v->datetime.text);
	else if (v->kind == VALUE_EXPR && !(v->marks & VALUE_SECRET))
		expr_print(out, v->expr);
	else
		json_print(out, v);
	buf_add_char(out, '\n');
}

static void print_map(struct buf *out, const struct sources *sources, const struct value *v,
		      unsigned indent)
{
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		buf_add_repeat(out, ' ', indent);
		json_print_string(out, v->map.entries[i].key);
		buf_add_c(out, " @");
		print_place(out, sources, member->key_span);
		buf_add_c(out, ": ");
		print_value(out, sources, &member->value, indent + 2);
	}
}

static void print_value(struct buf *out, const struct sources *sources, const struct value *v,
			unsigned indent)
{
	print_head(out, sources, v);
	if (v->kind == VALUE_MAP) {
		buf_add_char(out, '\n');
		print_map(out, sources, v, indent);
	} else if (v->kind == VALUE_LIST) {
		buf_add_char(out, '\n');
		for (size_t i = 0; i < v->list.count; i++) {
			buf_add_repeat(out, ' ', indent);
			buf_add_c(out, "- ");
			print_value(out, sources, &v->list.items[i], indent + 2);
		}
	} else {
		print_scalar(out, v);
	}
}

void spec_print_tree(struct buf *out, const struct value *root, const struct sources *sources)
{
	print_value(out, sources, root, 0);
}
