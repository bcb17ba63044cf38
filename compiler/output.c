#include "base/json.h"
#include "build.h"
#include "refers.h"
#include "spec/function.h"

/*
 * [output.x]: what an apply tells.  With export = true it is a parameter, too,
 * /effc/PROJECT/STAGE/out/x, which [existing.stack.ID] of another project reads.
 * A parameter is text: a string is published as it is, anything else as JSON,
 * and so is a string that a reader would take for JSON.
 */
#define PARAMETER_BYTES_MOST 4096

static const struct key output_items[] = {
	{ .name = "value", .kind = KEY_ANY, .required = true },
	{ .name = "description", .kind = KEY_TEXT },
	{ .name = "export", .kind = KEY_BOOLEAN },
	{ .name = "sensitive", .kind = KEY_BOOLEAN },
};
const struct key_set output_keys = KEY_SET(output_items);

/* A list or table with open items in it is a literal to an expression. */
static const struct expr *operand(struct compiler *c, const struct value *v)
{
	struct expr *e;

	if (v->kind == VALUE_EXPR)
		return v->expr;
	e = arena_new(c->arena, struct expr);
	e->kind = EXPR_LITERAL;
	e->span = v->span;
	e->literal = *v;
	expr_measure(e);
	return e;
}

static struct value call(struct compiler *c, const char *function, const struct value *args,
			 size_t count)
{
	struct expr *e = arena_new(c->arena, struct expr);
	const struct expr **parts = arena_array(c->arena, const struct expr *, count);

	for (size_t i = 0; i < count; i++)
		parts[i] = operand(c, &args[i]);
	e->kind = EXPR_CALL;
	e->span = args[0].span;
	e->function = function_find(str_from_c(function));
	CHECK(e->function);
	e->parts = parts;
	e->part_count = count;
	expr_measure(e);
	return (struct value){ .kind = VALUE_EXPR, .span = args[0].span, .expr = e };
}

static struct value choose(struct compiler *c, struct value condition, struct value yes,
			   struct value no)
{
	struct expr *e = arena_new(c->arena, struct expr);

	e->kind = EXPR_CONDITION;
	e->span = yes.span;
	e->condition = operand(c, &condition);
	e->yes = operand(c, &yes);
	e->no = operand(c, &no);
	expr_measure(e);
	return (struct value){ .kind = VALUE_EXPR, .span = yes.span, .expr = e };
}

/* try(can(jsondecode(v)) ? jsonencode(v) : tostring(v), jsonencode(v)) */
static struct value published_later(struct compiler *c, const struct value *v)
{
	struct value json = call(c, "jsonencode", v, 1), decoded = call(c, "jsondecode", v, 1);
	struct value text = choose(c, call(c, "can", &decoded, 1), json, call(c, "tostring", v, 1));
	struct value args[] = { text, json };

	return call(c, "try", args, 2);
}

static struct value published(struct compiler *c, const struct value *v)
{
	struct value parsed, out;
	struct error none = { 0 };

	if (value_has_unknown(v))
		return published_later(c, v);
	if (v->kind == VALUE_STRING &&
	    !json_parse(c->arena, v->string, SPAN_NOWHERE, &parsed, &none))
		return *v;
	out = value_string(json_text(c->arena, v));
	out.span = v->span;
	return out;
}

static void report_long(struct compiler *c, const struct value *v, struct str name)
{
	diag_error(c->d, v->span, "E0387 output '%.*s' takes %zu bytes, and a parameter has %d",
		   STR_ARG(name), v->string.length, PARAMETER_BYTES_MOST);
}

/* The keys besides its value, as they were checked with it. */
static const struct value *table_of(const struct named *named)
{
	const struct value *all = value_get_c(&named->module->root, "output");

	return value_get(all, named->name);
}

static bool is_sensitive(const struct named *named)
{
	return config_bool(table_of(named), "sensitive", false);
}

static void publish(struct compiler *c, struct named *named)
{
	struct str folder = outputs_folder(c->arena, c->model->project, c->model->stage);
	struct str text = config_text(table_of(named), "description", "");
	struct value v = published(c, &named->value);
	struct part *p;

	if (v.kind == VALUE_STRING && v.string.length > PARAMETER_BYTES_MOST)
		report_long(c, &v, named->name);
	p = part_add(c, NULL, str_to_c(c->arena, STR_JOIN(c->arena, STR("out_"), named->name)),
		     "AWS::SSM::Parameter");
	named->published = p;
	p->resource.span = named->span;
	part_set(c, p, "Name", value_string(STR_JOIN(c->arena, folder, named->name)));
	part_set(c, p, "Type", text_value("String"));
	part_set(c, p, "Value", v);
	if (text.length)
		part_set(c, p, "Description", value_string(text));
}

static void output_publish(struct compiler *c, struct named *named)
{
	const struct member *m = value_member(table_of(named), STR("export"));

	if (!m || !config_bool(table_of(named), "export", false))
		return;
	named_resolve(c, named, named->written.span);
	if (named->value.marks & VALUE_DAMAGED)
		return;
	if (named->module != c->top) {
		diag_error(c->d, m->key_span,
			   "E0386 only the spec's own outputs are published, not a module's");
		diag_help(c->d, "give it on as an output of the spec, with 'export'");
	} else if (named->value.marks & VALUE_SECRET) {
		diag_error(c->d, named->span, "E0388 output '%.*s' is sensitive, and what is "
			   "published can be read by others", STR_ARG(named->name));
		diag_help(c->d, "publish the name of the secret, and let the reader fetch it");
	} else {
		publish(c, named);
	}
}

void outputs_publish(struct compiler *c)
{
	for (size_t k = 0; k < c->modules.count; k++) {
		const struct module *module = c->modules.items[k];

		for (uint32_t i = 0; i < module->outputs.count; i++)
			output_publish(c, module->outputs.entries[i].value);
	}
}

/* What is known only later, as far as its type can tell; a mistake is told here alone. */
static void output_check(struct compiler *c, struct named *named, const struct value *v)
{
	size_t before = c->d->error_count;
	struct value damaged = value_null();

	(void)open_value(c, v);
	damaged.marks = VALUE_DAMAGED;
	if (c->d->error_count > before && named->published)
		part_set(c, named->published, "Value", damaged);
}

static void output_bind(struct compiler *c, struct named *named, struct output *out)
{
	named_resolve(c, named, named->written.span);
	if (named->value.marks & VALUE_DAMAGED)
		return;
	*out = (struct output){ .name = named->name, .span = named->span,
				.description = config_text(table_of(named), "description", ""),
				.value = resources_bind(c, &named->value) };
	output_check(c, named, &out->value);
	if (!named->module->call && !is_sensitive(named) && value_is_secret(&out->value)) {
		diag_error(c->d, named->written.span,
			   "E0368 an output is shown and stored, and this value is secret");
		diag_help(c->d, "with sensitive = true it is neither");
		diag_sensitive(c->d);
	}
}

/* Those of modules are looked at as well, whether somebody uses them or not. */
void outputs_bind(struct compiler *c)
{
	c->model->outputs = arena_array(c->arena, struct output, c->top->outputs.count);
	for (uint32_t i = 0; i < c->top->outputs.count; i++) {
		struct output *out = &c->model->outputs[c->model->output_count];

		output_bind(c, c->top->outputs.entries[i].value, out);
		c->model->output_count += out->name.length > 0;
	}
	for (size_t k = 1; k < c->modules.count; k++) {
		const struct module *module = c->modules.items[k];

		for (uint32_t i = 0; i < module->outputs.count; i++) {
			struct output unused = { 0 };

			output_bind(c, module->outputs.entries[i].value, &unused);
		}
	}
}
