#include <string.h>

#include "base/json.h"
#include "spec/expr.h"

#include "rules.h"

/* Limits of AWS that no schema states, measured with everything filled in that is known. */

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

static size_t document_bytes(struct compiler *c, const struct value *document)
{
	if (!document)
		return 0;
	return document->kind == VALUE_STRING ? document->string.length
					      : json_text(c->arena, document).length;
}

static void report_policies(struct compiler *c, const struct part *p, const char *which,
			    size_t bytes, size_t most)
{
	diag_error(c->d, p->resource.span,
		   "E0526 the %s of '%.*s' %s %zu characters, %zu are allowed", which,
		   STR_ARG(address_text(c->arena, &p->resource.address)),
		   which[strlen(which) - 1] == 's' ? "take" : "takes", bytes, most);
	if (p->lowered)
		diag_help(c->d, "fewer 'deps', 'params' or 'permissions', or a second function");
}

static void check_inline(struct compiler *c, const struct part *p, size_t most)
{
	const struct value *policies = value_get_c(&p->resource.properties, "Policies");
	struct value whole;
	size_t bytes = 0;

	if (!policies || policies->kind != VALUE_LIST)
		return;
	whole = evaluated(c, policies);
	for (size_t i = 0; whole.kind == VALUE_LIST && i < whole.list.count; i++)
		bytes += document_bytes(c, value_get_c(&whole.list.items[i], "PolicyDocument"));
	if (bytes > most)
		report_policies(c, p, "inline policies", bytes, most);
}

static void check_role(struct compiler *c, const struct part *p)
{
	check_inline(c, p, 10240);
}

static void check_group(struct compiler *c, const struct part *p)
{
	check_inline(c, p, 5120);
}

static void check_user(struct compiler *c, const struct part *p)
{
	check_inline(c, p, 2048);
}

static void check_managed_policy(struct compiler *c, const struct part *p)
{
	const struct value *v = value_get_c(&p->resource.properties, "PolicyDocument");
	struct value whole;
	size_t bytes;

	if (!v)
		return;
	whole = evaluated(c, v);
	bytes = document_bytes(c, &whole);
	if (bytes > 6144)
		report_policies(c, p, "policy", bytes, 6144);
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
	{ "AWS::ApiGatewayV2::Api", rule_routes },
	{ "AWS::DynamoDB::Table", rule_table_keys },
	{ "AWS::Events::Rule", rule_schedule },
	{ "AWS::IAM::Group", check_group },
	{ "AWS::IAM::ManagedPolicy", check_managed_policy },
	{ "AWS::IAM::Role", check_role },
	{ "AWS::IAM::User", check_user },
	{ "AWS::Lambda::EventSourceMapping", rule_mapping },
	{ "AWS::Lambda::Function", check_environment },
	{ "AWS::Lambda::Function", rule_function },
	{ "AWS::SQS::Queue", rule_dead_letters },
	{ "AWS::Scheduler::Schedule", rule_schedule },
};

#define RULE_COUNT (sizeof(rules) / sizeof(*rules))

/* The first rule of its type; RULE_COUNT: it has none. */
static size_t first_rule(const struct schema *schema)
{
	size_t first = 0;

	while (first < RULE_COUNT && !str_equal_c(schema->type, rules[first].type))
		first++;
	return first;
}

void rules_check(struct compiler *c)
{
	const struct schema *schema = NULL;
	size_t first = RULE_COUNT;

	for (size_t i = 0; i < c->part_count; i++) {
		const struct part *p = c->part_list[i];

		/* Neighbours are often of one type. */
		if (p->resource.schema != schema) {
			schema = p->resource.schema;
			first = first_rule(schema);
		}
		for (size_t k = first; k < RULE_COUNT; k++) {
			if (str_equal_c(schema->type, rules[k].type))
				rules[k].check(c, p);
		}
	}
}
