#include "build.h"
#include "compiler.h"

/* [AWS.Service.Type.id]: exactly four key parts, deeper is properties. */

static const struct str own_keys[] = {
	STR_INIT("depends_on"), STR_INIT("protect"), STR_INIT("retain"), STR_INIT("tags"),
	STR_INIT("when"), STR_INIT("for_each"), STR_INIT("ignore_changes"), STR_INIT("import"),
	STR_INIT("renamed_from"), STR_INIT("replace_when"), STR_INIT("target"),
};

bool raw_key_is_ours(struct str name)
{
	/* Nearly all properties of AWS begin with a capital letter. */
	if (name.length && name.data[0] < 'a')
		return false;
	for (size_t i = 0; i < sizeof(own_keys) / sizeof(*own_keys); i++) {
		if (str_equal(name, own_keys[i]))
			return true;
	}
	return false;
}

bool raw_has_ours(const struct value *table)
{
	for (uint32_t i = 0; table->kind == VALUE_MAP && i < table->map.count; i++) {
		if (raw_key_is_ours(table->map.entries[i].key))
			return true;
	}
	return false;
}

static bool is_table(struct compiler *c, const struct member *m, const char *what,
		     struct str name)
{
	if (m->value.kind == VALUE_MAP)
		return true;
	if (m->value.marks & VALUE_DAMAGED)
		return false;
	diag_error(c->d, m->key_span, "E0419 '%.*s' is no table %s", STR_ARG(name), what);
	diag_help(c->d, "a raw block is [AWS.Service.Type.id], for example [AWS.EC2.VPC.main]");
	return false;
}

static struct str suggest_type(struct compiler *c, struct str type)
{
	size_t count, colon = str_last_index(type, ':');
	const struct str *types = schemas_types(c->schemas, &count);
	struct str service = str_slice(type, 0, colon);
	VEC(struct str) same = { 0 };
	struct str near;

	for (size_t i = 0; i < count; i++) {
		if (str_starts(types[i], service))
			*vec_push(c->arena, &same) = types[i];
	}
	near = suggest(c, type, same.items, same.count);
	return near.length ? near : suggest(c, type, types, count);
}

/* today is empty where nobody knows it. */
static void check_end(struct compiler *c, const struct block *b)
{
	const struct schema *schema = b->schema;
	struct str today = c->options->today;

	if (!today.length)
		return;
	if (schema->ends.length && str_compare(today, schema->ends) >= 0)
		diag_error(c->d, b->span, "E0476 %.*s cannot be managed: its service ended on %.*s",
			   STR_ARG(b->type), STR_ARG(schema->ends));
	else if (schema->ends.length)
		diag_warning(c->d, b->span, "W0477 the service of %.*s ends on %.*s",
			     STR_ARG(b->type), STR_ARG(schema->ends));
	else if (schema->closed.length && str_compare(today, schema->closed) >= 0)
		diag_warning(c->d, b->span,
			     "W0477 the service of %.*s takes no new customers since %.*s",
			     STR_ARG(b->type), STR_ARG(schema->closed));
}

/* Cloud Control carries types without a driver; those it does not carry say why. */
void raw_schema(struct compiler *c, struct block *b)
{
	struct str near;

	b->schema = schema_find(c->schemas, b->type);
	if (b->schema && b->schema->tier != TIER_NONE) {
		check_end(c, b);
		return;
	}
	b->damaged = true;
	if (b->schema) {
		diag_error(c->d, b->span, "E0420 %.*s cannot be managed: %.*s", STR_ARG(b->type),
			   STR_ARG(b->schema->refusal));
		return;
	}
	diag_error(c->d, b->span, "E0421 there is no type %.*s", STR_ARG(b->type));
	near = suggest_type(c, b->type);
	if (near.length)
		diag_help(c->d, "did you mean [%s%.*s.%.*s]?", b->existing ? "existing." : "",
			  STR_ARG(str_replace(c->arena, near, STR("::"), STR("."))),
			  STR_ARG(b->id));
}

void raw_check(struct compiler *c, struct block *b)
{
	const struct key_set *const sets[] = { &meta_keys, NULL };
	struct value meta = value_map();

	if (!b->optioned)
		return;
	for (uint32_t i = 0; i < b->body.map.count; i++) {
		const struct member *m = b->body.map.entries[i].value;
		struct str key = b->body.map.entries[i].key;

		if (raw_key_is_ours(key))
			member_put(c->arena, &meta, key, m->key_span, m->value);
	}
	if (meta.map.count && !keys_check(c, &meta, b->span, b->title, sets, false))
		b->damaged = true;
	b->absent = !config_bool(&b->body, "when", true);
}

/* The first type of the service that has a driver, else its first; empty: no such service. */
static struct str usual_type(struct compiler *c, struct str service)
{
	struct str prefix = str_format(c->arena, "AWS::%.*s::", STR_ARG(service)), usual = { 0 };
	size_t count;
	const struct str *types = schemas_types(c->schemas, &count);

	for (size_t i = 0; i < count; i++) {
		const struct schema *schema;

		if (!str_starts(types[i], prefix))
			continue;
		if (!usual.length)
			usual = types[i];
		schema = schema_find(c->schemas, types[i]);
		if (schema && schema->tier == TIER_NATIVE)
			return types[i];
	}
	return usual;
}

/* The type meant by a misspelt one, in full; empty where it resembles none of its service. */
static struct str meant_type(struct compiler *c, struct str service, struct str type)
{
	struct str prefix = str_format(c->arena, "AWS::%.*s::", STR_ARG(service)), near;
	VEC(struct str) same = { 0 };
	size_t count;
	const struct str *types = schemas_types(c->schemas, &count);

	for (size_t i = 0; i < count; i++) {
		if (str_starts(types[i], prefix))
			*vec_push(c->arena, &same) =
				str_slice(types[i], prefix.length, types[i].length);
	}
	if (!same.count)
		return suggest_type(c, str_format(c->arena, "%.*s%.*s", STR_ARG(prefix),
						  STR_ARG(type)));
	near = suggest(c, type, same.items, same.count);
	return near.length ? str_format(c->arena, "%.*s%.*s", STR_ARG(prefix), STR_ARG(near))
			   : near;
}

/* [AWS.SQS.Queue] without its id, or [AWS.SQS.orders] without its type. */
static void report_short(struct compiler *c, struct module *module, struct str service,
			 struct str type, struct str title, struct span span)
{
	struct str name = str_format(c->arena, "AWS::%.*s::%.*s", STR_ARG(service), STR_ARG(type));
	struct str full = name, usual = { 0 };

	if (!schema_find(c->schemas, name)) {
		full = meant_type(c, service, type);
		if (!full.length && c->suggestions)
			usual = usual_type(c, service);
	}
	*map_put(c->arena, &module->refused, type) = c;
	if (full.length) {
		full = str_format(c->arena, "%s%.*s",
				  str_starts(title, STR("existing.")) ? "existing." : "",
				  STR_ARG(str_replace(c->arena, full, STR("::"), STR("."))));
		diag_error(c->d, span, "E0311 [%.*s] lacks the id of its block", STR_ARG(title));
		diag_help(c->d, "write [%.*s.ID], for example [%.*s.main]", STR_ARG(full),
			  STR_ARG(full));
		return;
	}
	diag_error(c->d, span, "E0433 [%.*s] lacks the type of its block", STR_ARG(title));
	if (usual.length)
		diag_help(c->d, "write [AWS.%.*s.TYPE.%.*s], for example [%.*s.%.*s]",
			  STR_ARG(service), STR_ARG(type),
			  STR_ARG(str_replace(c->arena, usual, STR("::"), STR("."))),
			  STR_ARG(type));
	else
		diag_help(c->d, "a raw block is [AWS.Service.Type.id], for example "
			  "[AWS.EC2.VPC.main]");
}

/* True of what stands in a block without an id: a value, but not [[AWS.SQS.Queue.q]]. */
static bool is_property(const struct value *v, struct str key, const struct schema *schema)
{
	bool tables = v->kind == VALUE_LIST && v->list.count &&
		      v->list.items[0].kind == VALUE_MAP;

	if (v->kind == VALUE_MAP || v->marks & VALUE_DAMAGED)
		return false;
	return !tables || !schema || schema_property(schema, key);
}

static void collect_type(struct compiler *c, struct module *module, struct str service,
			 struct str type, const struct member *types)
{
	struct str title = str_format(c->arena, "%sAWS.%.*s.%.*s",
				      c->in_existing ? "existing." : "", STR_ARG(service),
				      STR_ARG(type));
	struct str name = str_format(c->arena, "AWS::%.*s::%.*s", STR_ARG(service), STR_ARG(type));
	const struct schema *schema = schema_find(c->schemas, name);
	bool scalar = !types->value.map.count && !(types->value.marks & VALUE_DAMAGED);

	for (uint32_t i = 0; i < types->value.map.count && !scalar; i++) {
		const struct member *m = types->value.map.entries[i].value;

		scalar = is_property(&m->value, types->value.map.entries[i].key, schema);
	}
	if (scalar)
		report_short(c, module, service, type, title, types->key_span);
	for (uint32_t i = 0; i < types->value.map.count; i++) {
		const struct member *m = types->value.map.entries[i].value;

		if (scalar && m->value.kind != VALUE_MAP)
			continue;
		/* A block, or a property of the one without an id: who knows. */
		if (scalar)
			block_refuse(c, module, types->value.map.entries[i].key, m->key_span);
		else
			block_add(c, module, m, types->value.map.entries[i].key, NULL, title, name);
	}
}

void raw_collect(struct compiler *c, struct module *module, const struct value *services)
{
	if (services->kind != VALUE_MAP && !(services->marks & VALUE_DAMAGED))
		diag_error(c->d, services->span, "E0419 'AWS' holds blocks: [AWS.Service.Type.ID]");
	for (uint32_t i = 0; services->kind == VALUE_MAP && i < services->map.count; i++) {
		const struct member *service = services->map.entries[i].value;
		struct str service_name = services->map.entries[i].key;

		if (!is_table(c, service, "of a service's types", service_name))
			continue;
		for (uint32_t j = 0; j < service->value.map.count; j++) {
			const struct member *types = service->value.map.entries[j].value;
			struct str type = service->value.map.entries[j].key;

			if (is_table(c, types, "of blocks", type))
				collect_type(c, module, service_name, type, types);
		}
	}
}
