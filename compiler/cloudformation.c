#include "cloudformation.h"

#include "base/json.h"
#include "spec/expr.h"
#include "spec/function.h"

struct maker {
	struct arena *arena;
	const struct model *model;
	struct diags *d;
	struct str *logical;		/* by resource: its name in the template; empty: left out */
	struct value resources, parameters;
	struct value depends;		/* of the resource being made: LIST of logical names */
	uint32_t resource;		/* the same, UINT32_MAX: an output */
	unsigned secret_count;
	VEC(struct str) notes;
	bool failed;
};

static const struct str code_bucket = STR_INIT("CodeBucket");

static struct value single(struct arena *a, const char *key, struct value item)
{
	struct value out = value_map();

	value_set(a, &out, str_from_c(key), item);
	return out;
}

static struct value ref_value(struct arena *a, struct str name)
{
	return single(a, "Ref", value_string(name));
}

static struct value pair_value(struct arena *a, struct str first, struct str second)
{
	struct value out = value_list(NULL, 0);

	value_append(a, &out, value_string(first));
	value_append(a, &out, value_string(second));
	return out;
}

static struct value cannot(struct maker *k, struct span span, const char *what)
{
	diag_error(k->d, span, "E0349 %s cannot be said in a template", what);
	diag_help(k->d, "effc itself plans and applies it; 'effc build --lowered toml' shows it");
	k->failed = true;
	return value_null();
}

static void note(struct maker *k, struct str text)
{
	*vec_push(k->arena, &k->notes) = text;
}

/* The words of an address, each with a capital: "createOrder/role" is CreateOrderRole. */
static struct str camel_text(struct arena *a, struct str text)
{
	struct buf out;
	bool capital = true;

	buf_init(&out, a);
	for (size_t i = 0; i < text.length; i++) {
		char ch = text.data[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (!letter && !(ch >= '0' && ch <= '9')) {
			capital = true;
			continue;
		}
		buf_add_char(&out, capital && ch >= 'a' && ch <= 'z' ? (char)(ch - 'a' + 'A') : ch);
		capital = false;
	}
	return buf_str(&out);
}

static struct str unused_name(struct maker *k, struct map *used, struct str wanted)
{
	struct str name = wanted;

	for (unsigned n = 2; map_has(used, name); n++)
		name = str_format(k->arena, "%.*s%u", STR_ARG(wanted), n);
	*map_put(k->arena, used, name) = k;
	return name;
}

static struct value *add_parameter(struct maker *k, struct str name, struct str description,
				   struct str initial)
{
	struct value p = single(k->arena, "Type", value_string(STR("String")));

	value_set(k->arena, &p, STR("Description"), value_string(description));
	if (initial.length)
		value_set(k->arena, &p, STR("Default"), value_string(initial));
	return value_set(k->arena, &k->parameters, name, p);
}

static bool is_secure_string(const struct resource *r)
{
	return str_equal_c(r->schema->type, "AWS::SSM::Parameter") &&
	       str_equal_c(value_get_str(&r->properties, "Type"), "SecureString");
}

static void leave_out(struct maker *k, const struct resource *r, struct str name)
{
	struct str address = address_text(k->arena, &r->address);
	struct str initial = value_get_str(&r->properties, "Name");

	add_parameter(k, name, str_format(k->arena, "Name of the SecureString '%.*s'",
					  STR_ARG(address)), initial);
	note(k, str_format(k->arena, "'%.*s' is a SecureString, which CloudFormation cannot make: "
			   "its name is the parameter '%.*s', and it has to be there",
			   STR_ARG(address), STR_ARG(name)));
}

static bool is_away(const struct maker *k, const struct resource *r)
{
	return !str_equal(r->scope.region, k->model->scope.region) ||
	       !str_equal(r->scope.account, k->model->scope.account);
}

static void names_choose(struct maker *k)
{
	const struct model *m = k->model;
	struct map used = { 0 };

	*map_put(k->arena, &used, code_bucket) = k;
	k->logical = arena_array(k->arena, struct str, m->resource_count);
	for (size_t i = 0; i < m->resource_count; i++) {
		const struct resource *r = &m->resources[i];
		struct str address = address_text(k->arena, &r->address);
		struct str name = unused_name(k, &used, camel_text(k->arena, address));

		k->logical[i] = name;
		if (is_secure_string(r))
			leave_out(k, r, name);
	}
}

/* What Ref gives of this type. */
static bool ref_gives(const struct schema *schema, struct str attribute)
{
	if (schema->ref_property.length)
		return str_equal(schema->ref_property, attribute);
	return schema->identifier_count == 1 && str_equal(schema->identifiers[0], attribute);
}

static struct value expression(struct maker *k, const struct expr *e);
static struct value made(struct maker *k, const struct value *v);

static struct value attribute(struct maker *k, const struct expr *e)
{
	const struct resource *r = &k->model->resources[e->resource];
	const struct property *property = schema_property_path(r->schema, e->attribute);
	struct str name = k->logical[e->resource];
	const struct value *written = value_path(&r->properties, e->attribute);

	if (is_secure_string(r) && str_equal_c(e->attribute, "Name"))
		return ref_value(k->arena, name);
	if (is_secure_string(r) || is_away(k, r))
		return cannot(k, e->span, "an attribute of what is not in it");
	if (ref_gives(r->schema, e->attribute))
		return ref_value(k->arena, name);
	if (property && property->read_only)
		return single(k->arena, "Fn::GetAtt", pair_value(k->arena, name, e->attribute));
	if (!written)
		return cannot(k, e->span, "an attribute that is no return value of its type");
	if (e->resource != k->resource)
		value_append(k->arena, &k->depends, value_string(name));
	return made(k, written);
}

/* "${Name}", "${Name.Attribute}" for Fn::Sub; false: it cannot stand in one. */
static bool sub_part(struct buf *out, const struct value *v)
{
	const struct value *ref = value_get_c(v, "Ref"), *get = value_get_c(v, "Fn::GetAtt");

	if (v->kind == VALUE_STRING)
		buf_add(out, str_replace(out->arena, v->string, STR("${"), STR("${!")));
	else if (ref)
		buf_printf(out, "${%.*s}", STR_ARG(ref->string));
	else if (get)
		buf_printf(out, "${%.*s.%.*s}", STR_ARG(get->list.items[0].string),
			   STR_ARG(get->list.items[1].string));
	return v->kind == VALUE_STRING || ref || get;
}

static struct value template(struct maker *k, const struct expr *e)
{
	struct value parts = value_list(NULL, 0), join = value_list(NULL, 0);
	struct buf text;
	bool plain = true, fits = true;

	buf_init(&text, k->arena);
	for (size_t i = 0; i < e->part_count; i++) {
		struct value part = expression(k, e->parts[i]);

		if (part.kind == VALUE_INT || part.kind == VALUE_BOOL)
			part = value_string(json_text(k->arena, &part));
		plain = plain && part.kind == VALUE_STRING;
		fits = sub_part(&text, &part) && fits;
		value_append(k->arena, &parts, part);
	}
	if (plain)
		return value_string(str_replace(k->arena, buf_str(&text), STR("${!"), STR("${")));
	if (fits)
		return single(k->arena, "Fn::Sub", value_string(buf_str(&text)));
	value_append(k->arena, &join, value_string(STR("")));
	value_append(k->arena, &join, parts);
	return single(k->arena, "Fn::Join", join);
}

static const struct existing *find_existing(const struct maker *k, const struct expr *e)
{
	for (size_t i = 0; e->step_count > 2 && i < k->model->existing_count; i++)
		if (str_equal(k->model->existing[i].name, e->steps[1].name))
			return &k->model->existing[i];
	return NULL;
}

/* What only a look at the account tells is a parameter. */
static struct value existing_value(struct maker *k, const struct expr *e)
{
	const struct existing *x = find_existing(k, e);
	struct str what, name;

	if (!x || e->step_count > 3)
		return cannot(k, e->span, "this part of what exists");
	what = str_format(k->arena, "%.*s.%.*s", STR_ARG(x->name), STR_ARG(e->steps[2].name));
	name = str_format(k->arena, "Existing%.*s", STR_ARG(camel_text(k->arena, what)));
	if (!value_get(&k->parameters, name)) {
		add_parameter(k, name, str_format(k->arena, "Value of '%.*s', which exists",
						  STR_ARG(what)), (struct str){ 0 });
		note(k, str_format(k->arena, "'%.*s' is read from what exists: its value is the "
				   "parameter '%.*s'", STR_ARG(what), STR_ARG(name)));
	}
	return ref_value(k->arena, name);
}

static struct value list_value(struct maker *k, const struct expr *const *parts, size_t count)
{
	struct value out = value_list(NULL, 0);

	for (size_t i = 0; i < count; i++)
		value_append(k->arena, &out, expression(k, parts[i]));
	return out;
}

static struct value object_value(struct maker *k, const struct expr *e)
{
	struct value out = value_map();

	for (size_t i = 0; i < e->item_count; i++) {
		struct value key = expression(k, e->items[i].key);

		if (key.kind != VALUE_STRING)
			return cannot(k, e->items[i].key->span, "this key");
		value_set(k->arena, &out, key.string, expression(k, e->items[i].value));
	}
	return out;
}

/* The functions that CloudFormation has too. */
static struct value call_value(struct maker *k, const struct expr *e)
{
	static const struct { const char *name, *intrinsic; size_t count; } same[] = {
		{ "base64encode", "Fn::Base64", 1 }, { "join", "Fn::Join", 2 },
		{ "split", "Fn::Split", 2 },
	};

	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		struct value arguments;

		if (!str_equal_c(str_from_c(e->function->name), same[i].name) ||
		    e->part_count != same[i].count || e->expand)
			continue;
		arguments = list_value(k, e->parts, e->part_count);
		return single(k->arena, same[i].intrinsic,
			      same[i].count == 1 ? arguments.list.items[0] : arguments);
	}
	return cannot(k, e->span, "this function");
}

static struct value index_value(struct maker *k, const struct expr *e)
{
	struct value pair = value_list(NULL, 0), index = expression(k, e->right);

	if (index.kind != VALUE_INT)
		return cannot(k, e->span, "this index");
	value_append(k->arena, &pair, index);
	value_append(k->arena, &pair, expression(k, e->left));
	return single(k->arena, "Fn::Select", pair);
}

static struct value expression(struct maker *k, const struct expr *e)
{
	switch (e->kind) {
	case EXPR_LITERAL:
		return made(k, &e->literal);
	case EXPR_ATTRIBUTE:
		return attribute(k, e);
	case EXPR_TEMPLATE:
		return template(k, e);
	case EXPR_LIST:
		return list_value(k, e->parts, e->part_count);
	case EXPR_OBJECT:
		return object_value(k, e);
	case EXPR_CALL:
		return call_value(k, e);
	case EXPR_INDEX:
		return index_value(k, e);
	case EXPR_REFERENCE:
		if (str_equal_c(e->steps[0].name, "account"))
			return ref_value(k->arena, STR("AWS::AccountId"));
		if (str_equal_c(e->steps[0].name, "existing"))
			return existing_value(k, e);
		break;
	case EXPR_UNARY:
	case EXPR_BINARY:
	case EXPR_CONDITION:
	case EXPR_FOR:
		break;
	}
	return cannot(k, e->span, "this expression");
}

/* Code that effc packs: a parameter says where it was put. */
static struct value code_value(struct maker *k, const struct resource *r)
{
	struct value code = single(k->arena, "S3Bucket", ref_value(k->arena, code_bucket));
	struct str key = str_format(k->arena, "%.*sCodeKey", STR_ARG(k->logical[k->resource]));
	struct str address = address_text(k->arena, &r->address);

	if (!value_get(&k->parameters, code_bucket))
		add_parameter(k, code_bucket, STR("Bucket that holds the packed code"),
			      (struct str){ 0 });
	add_parameter(k, key, str_format(k->arena, "Key of the packed code of '%.*s'",
					 STR_ARG(address)), (struct str){ 0 });
	note(k, str_format(k->arena, "the code of '%.*s' ('%.*s', packed) is wanted in the bucket "
			   "of parameter 'CodeBucket' under the key of '%.*s'", STR_ARG(address),
			   STR_ARG(r->bundle->path), STR_ARG(key)));
	value_set(k->arena, &code, STR("S3Key"), ref_value(k->arena, key));
	return code;
}

static struct value made_map(struct maker *k, const struct value *v)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct value item = made(k, &m->value);

		if (item.kind != VALUE_NULL)
			value_set(k->arena, &out, v->map.entries[i].key, item);
	}
	return out;
}

/* What nobody may read in a template is given when it is deployed. */
static struct value secret_value(struct maker *k)
{
	bool output = k->resource == UINT32_MAX;
	struct str name = str_format(k->arena, "%.*sSecret%u",
				     STR_ARG(output ? STR("Output") : k->logical[k->resource]),
				     ++k->secret_count);
	struct str address = output ? STR("an output") :
		address_text(k->arena, &k->model->resources[k->resource].address);

	value_set(k->arena, add_parameter(k, name, str_format(k->arena, "Secret of %.*s",
							       STR_ARG(address)),
					  (struct str){ 0 }), STR("NoEcho"), value_bool(true));
	note(k, str_format(k->arena, "a secret of %.*s is the parameter '%.*s'", STR_ARG(address),
			   STR_ARG(name)));
	return ref_value(k->arena, name);
}

static struct value made(struct maker *k, const struct value *v)
{
	struct value out;

	if (v->marks & VALUE_SECRET)
		return secret_value(k);
	switch (v->kind) {
	case VALUE_EXPR:
		return expression(k, v->expr);
	case VALUE_MAP:
		if (k->resource != UINT32_MAX && value_get_c(v, "Bundle"))
			return code_value(k, &k->model->resources[k->resource]);
		return made_map(k, v);
	case VALUE_LIST:
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(k->arena, &out, made(k, &v->list.items[i]));
		return out;
	default:
		return *v;
	}
}

/* The output that a resource publishes; NULL: it publishes none. */
static const struct output *published(const struct maker *k, const struct resource *r)
{
	static const struct str prefix = STR_INIT("out_");
	struct str part = r->address.part;

	if (!str_equal_c(r->address.id, "stage") || !str_starts(part, prefix))
		return NULL;
	part = str_slice(part, prefix.length, part.length);
	for (size_t i = 0; i < k->model->output_count; i++)
		if (str_equal(k->model->outputs[i].name, part))
			return &k->model->outputs[i];
	return NULL;
}

/* What is published is text, or JSON where it is none: which, a template cannot ask. */
static struct value properties_value(struct maker *k, const struct resource *r)
{
	const struct output *o = published(k, r);
	struct value plain = r->properties;

	if (o && value_has_unknown(&o->value)) {
		plain.map = map_copy(k->arena, &r->properties.map, 0);
		value_replace(k->arena, &plain, STR("Value"), o->value);
	}
	return made(k, &plain);
}

static void set_depends(struct maker *k, const struct resource *r, struct value *out)
{
	struct value names = value_list(NULL, 0);
	struct map seen = { 0 };

	for (size_t i = 0; i < r->depends_count; i++)
		value_append(k->arena, &k->depends, value_string(k->logical[r->depends_on[i]]));
	for (size_t i = 0; i < k->depends.list.count; i++) {
		struct str name = k->depends.list.items[i].string;

		if (map_has(&seen, name) || value_get(&k->parameters, name))
			continue;
		*map_put(k->arena, &seen, name) = k;
		value_append(k->arena, &names, value_string(name));
	}
	if (names.list.count)
		value_set(k->arena, out, STR("DependsOn"), names);
}

static void make_resource(struct maker *k, uint32_t index)
{
	const struct resource *r = &k->model->resources[index];
	struct value out = single(k->arena, "Type", value_string(r->schema->type));

	if (is_secure_string(r))
		return;
	if (is_away(k, r)) {
		note(k, str_format(k->arena, "'%.*s' is in another region or account and so "
				   "in another template: it is left out",
				   STR_ARG(address_text(k->arena, &r->address))));
		return;
	}
	k->resource = index;
	k->depends = value_list(NULL, 0);
	value_set(k->arena, &out, STR("Properties"), properties_value(k, r));
	set_depends(k, r, &out);
	if (r->retain || r->guard == GUARD_HARD) {
		value_set(k->arena, &out, STR("DeletionPolicy"), value_string(STR("Retain")));
		value_set(k->arena, &out, STR("UpdateReplacePolicy"), value_string(STR("Retain")));
	}
	value_set(k->arena, &k->resources, k->logical[index], out);
}

/* An output is text: what is none is written as JSON. */
static struct value output_value(struct maker *k, const struct output *o)
{
	if (!(o->value.marks & VALUE_SECRET) && o->value.kind != VALUE_STRING &&
	    !value_has_unknown(&o->value))
		return value_string(json_text(k->arena, &o->value));
	if (o->value.kind == VALUE_LIST || o->value.kind == VALUE_MAP)
		return cannot(k, o->span, "an output that is no text");
	return made(k, &o->value);
}

static struct value outputs_value(struct maker *k)
{
	struct value all = value_map();
	struct map used = { 0 };

	k->resource = UINT32_MAX;
	for (size_t i = 0; i < k->model->output_count; i++) {
		const struct output *o = &k->model->outputs[i];
		struct str name = unused_name(k, &used, camel_text(k->arena, o->name));

		value_set(k->arena, &all, name, single(k->arena, "Value", output_value(k, o)));
	}
	return all;
}

bool cloudformation_make(struct arena *a, const struct model *m, struct cloudformation *out,
			 struct diags *d)
{
	struct maker k = {
		.arena = a, .model = m, .d = d, .resources = value_map(),
		.parameters = value_map(),
	};
	struct value outputs;

	names_choose(&k);
	for (size_t i = 0; i < m->resource_count; i++)
		make_resource(&k, (uint32_t)i);
	outputs = outputs_value(&k);
	out->template = single(a, "AWSTemplateFormatVersion", value_string(STR("2010-09-09")));
	value_set(a, &out->template, STR("Description"),
		  value_string(str_format(a, "%.*s, stage %.*s", STR_ARG(m->project),
					  STR_ARG(m->stage))));
	if (k.parameters.map.count)
		value_set(a, &out->template, STR("Parameters"), k.parameters);
	value_set(a, &out->template, STR("Resources"), k.resources);
	if (outputs.map.count)
		value_set(a, &out->template, STR("Outputs"), outputs);
	out->notes = k.notes.items;
	out->note_count = k.notes.count;
	return !k.failed;
}
