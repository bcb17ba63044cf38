#include "model.h"

#include "base/json.h"
#include "spec/expr.h"

uint32_t model_find(const struct model *m, struct str address)
{
	const struct resource *r = map_get(&m->by_address, address);

	return r ? (uint32_t)(r - m->resources) : UINT32_MAX;
}

struct str outputs_folder(struct arena *a, struct str project, struct str stage)
{
	return str_format(a, "/effc/%.*s/%.*s/out/", STR_ARG(project), STR_ARG(stage));
}

static void print_attribute(const void *context, struct buf *out, const struct expr *e)
{
	const struct model *m = context;

	if (e->resource < m->resource_count)
		address_print(out, &m->resources[e->resource].address);
	buf_add_char(out, '.');
	buf_add(out, e->attribute);
}

struct value model_value(struct arena *a, const struct model *m, const struct value *v)
{
	struct value out = *v;
	struct buf text;

	if (v->kind == VALUE_EXPR) {
		buf_init(&text, a);
		expr_print_named(&text, v->expr, print_attribute, m);
		out = value_string(buf_str(&text));
		out.marks = v->marks;
	} else if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(a, &out, model_value(a, m, &v->list.items[i]));
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key,
				  model_value(a, m, &member->value));
		}
	}
	return out;
}

static void print_name(struct buf *out, const struct name_request *name)
{
	if (!name->property.length)
		return;
	buf_printf(out, "  name %.*s", STR_ARG(name->property));
	if (name->follows)
		buf_add_c(out, " follows");
	else if (name->fixed)
		buf_add_c(out, " fixed");
	else
		buf_printf(out, " from '%.*s'%s%.*s", STR_ARG(name->base),
			   name->suffix.length ? " and " : "", STR_ARG(name->suffix));
	buf_add_char(out, '\n');
}

static void print_lifecycle(struct buf *out, const struct model *m, const struct lifecycle *life)
{
	struct value when = model_value(out->arena, m, &life->replace_when);

	for (size_t i = 0; i < life->ignore_count; i++)
		buf_printf(out, "  ignores %.*s\n", STR_ARG(life->ignores[i].text));
	for (size_t i = 0; i < life->renamed_from.count; i++)
		buf_printf(out, "  was %.*s\n", STR_ARG(life->renamed_from.items[i]));
	if (life->import.length)
		buf_printf(out, "  imports %.*s\n", STR_ARG(life->import));
	if (when.kind != VALUE_LIST)
		return;
	buf_add_c(out, "  replaced when ");
	json_print(out, &when);
	buf_add_char(out, '\n');
}

static void print_resource(struct buf *out, const struct model *m, const struct resource *r)
{
	static const char *const guards[] = { "none", "soft", "hard" };
	struct value properties = model_value(out->arena, m, &r->properties);

	address_print(out, &r->address);
	buf_printf(out, " %.*s\n", STR_ARG(r->schema->type));
	if (r->scope.target.length)
		buf_printf(out, "  target %.*s in %.*s\n", STR_ARG(r->scope.target),
			   STR_ARG(r->scope.region));
	print_name(out, &r->name);
	if (r->guard != GUARD_NONE)
		buf_printf(out, "  guard %s\n", guards[r->guard]);
	if (r->retain)
		buf_add_c(out, "  retain\n");
	if (r->lifecycle)
		print_lifecycle(out, m, r->lifecycle);
	if (r->bundle)
		buf_printf(out, "  bundle %.*s\n", STR_ARG(r->bundle->path));
	for (size_t i = 0; r->bundle && i < r->bundle->file_count; i++)
		buf_printf(out, "  file %.*s\n", STR_ARG(r->bundle->files[i]));
	for (size_t i = 0; i < r->depends_count; i++) {
		buf_add_c(out, "  after ");
		address_print(out, &m->resources[r->depends_on[i]].address);
		buf_add_char(out, '\n');
	}
	buf_add_c(out, "  ");
	json_print_pretty(out, &properties, 1);
	buf_add_c(out, "\n\n");
}

void model_print(struct buf *out, const struct model *m)
{
	buf_printf(out, "project %.*s stage %.*s region %.*s partition %.*s account %.*s%s\n\n",
		   STR_ARG(m->project), STR_ARG(m->stage), STR_ARG(m->scope.region),
		   STR_ARG(m->scope.partition),
		   STR_ARG(m->scope.account.length ? m->scope.account : STR("unknown")),
		   m->account_pinned ? " (pinned)" : "");
	for (size_t i = 0; i < m->resource_count; i++)
		print_resource(out, m, &m->resources[i]);
	for (size_t i = 0; i < m->output_count; i++) {
		struct value v = model_value(out->arena, m, &m->outputs[i].value);

		buf_printf(out, "output %.*s ", STR_ARG(m->outputs[i].name));
		json_print(out, &v);
		buf_add_char(out, '\n');
	}
}
