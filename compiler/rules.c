#include "base/json.h"
#include "spec/expr.h"

#include "compiler.h"

/* Limits of AWS that no schema states, measured with everything filled in that is known. */

#define POLICY_BYTES_MOST 10240
#define ENVIRONMENT_BYTES_MOST 4096

static struct value lookup(void *context, struct arena *a, const struct expr *e, size_t *used,
			   struct diags *d)
{
	struct compiler *c = context;
	const struct resource *r;
	const struct value *v;
	struct value known;

	(void)used;
	(void)d;
	if (e->kind != EXPR_ATTRIBUTE)
		return value_string(STR("000000000000"));
	r = &c->part_list[e->resource]->resource;
	v = value_path(&r->properties, e->attribute);
	if (v && v->kind == VALUE_STRING)
		return *v;
	if (r->schema->driver &&
	    driver_known(a, r->schema->driver, &r->scope, &r->properties, e->attribute, &known))
		return known.kind == VALUE_UNKNOWN ? value_string(known.unknown->prefix) : known;
	return value_string((struct str){ 0 });
}

static struct value evaluated(struct compiler *c, const struct value *v)
{
	struct expr_scope scope = compile_scope(c, c, lookup);

	return value_evaluate(c->arena, v, &scope, NULL);
}

static void check_policies(struct compiler *c, const struct part *p)
{
	const struct value *policies = value_get_c(&p->resource.properties, "Policies");
	struct value whole;
	size_t bytes = 0;

	if (!policies || policies->kind != VALUE_LIST)
		return;
	whole = evaluated(c, policies);
	for (size_t i = 0; whole.kind == VALUE_LIST && i < whole.list.count; i++) {
		const struct value *document = value_get_c(&whole.list.items[i], "PolicyDocument");

		if (document && document->kind == VALUE_STRING)
			bytes += document->string.length;
		else if (document)
			bytes += json_text(c->arena, document).length;
	}
	if (bytes <= POLICY_BYTES_MOST)
		return;
	diag_error(c->d, p->resource.span,
		   "E0526 the inline policies of '%.*s' take %zu characters, "
		   "%d are allowed", STR_ARG(address_text(c->arena, &p->resource.address)), bytes,
		   POLICY_BYTES_MOST);
	diag_help(c->d, "fewer 'deps', 'params' or 'permissions', or a second function");
}

static void check_environment(struct compiler *c, const struct part *p)
{
	const struct value *v = value_path(&p->resource.properties, STR("Environment.Variables"));
	struct value whole;
	size_t bytes = 0;

	if (!v || v->kind != VALUE_MAP)
		return;
	whole = evaluated(c, v);
	for (uint32_t i = 0; i < whole.map.count; i++) {
		const struct member *m = whole.map.entries[i].value;

		bytes += whole.map.entries[i].key.length;
		if (m->value.kind == VALUE_STRING)
			bytes += m->value.string.length;
	}
	if (bytes <= ENVIRONMENT_BYTES_MOST)
		return;
	diag_error(c->d, p->resource.span, "E0527 the variables of '%.*s' take %zu bytes, %d are "
		   "allowed", STR_ARG(address_text(c->arena, &p->resource.address)), bytes,
		   ENVIRONMENT_BYTES_MOST);
}

/* Sorted by type. */
static const struct {
	const char *type;
	void (*check)(struct compiler *c, const struct part *p);
} rules[] = {
	{ "AWS::IAM::Role", check_policies },
	{ "AWS::Lambda::Function", check_environment },
};

void rules_check(struct compiler *c)
{
	for (size_t i = 0; i < c->part_count; i++) {
		const struct part *p = c->part_list[i];

		for (size_t k = 0; k < sizeof(rules) / sizeof(*rules); k++) {
			if (str_equal_c(p->resource.schema->type, rules[k].type))
				rules[k].check(c, p);
		}
	}
}
