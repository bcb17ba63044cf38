#include "environment.h"

#include "build.h"

static const struct str ours = STR_INIT("EFF_");

static bool is_variable(struct str name)
{
	bool good = name.length > 0 && !(name.data[0] >= '0' && name.data[0] <= '9') &&
		    name.data[0] != '_';

	for (size_t i = 0; good && i < name.length; i++) {
		char ch = name.data[i];

		good = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
		       (ch >= '0' && ch <= '9') || ch == '_';
	}
	return good;
}

bool environment_check(struct compiler *c, const struct value *v, struct str where)
{
	bool good = true;

	(void)where;
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		struct str name = v->map.entries[i].key;
		const struct member *m = v->map.entries[i].value;

		if (is_variable(name) && !str_starts(name, ours))
			continue;
		good = false;
		diag_error(c->d, m->key_span, "E0515 '%.*s' cannot be a variable", STR_ARG(name));
		if (str_starts(name, ours))
			diag_help(c->d, "names that begin with 'EFF_' are taken");
		else
			diag_help(c->d, "a letter, then letters, digits and '_'");
	}
	return good;
}

/* Letters, digits and . - _ / as SSM takes them; not below aws or ssm. */
static bool is_parameter(struct str path)
{
	struct str first = str_starts(path, STR("/")) ? str_slice(path, 1, path.length) : path;

	for (size_t i = 0; i < path.length; i++) {
		char ch = path.data[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') &&
		    !(ch >= '0' && ch <= '9') && str_index(STR(".-_/"), ch) == 4)
			return false;
	}
	return first.length && path.length <= 900 && !str_ends(path, STR("/")) &&
	       !str_contains(path, STR("//")) &&
	       !str_equal_fold(str_slice(first, 0, 3), STR("aws")) &&
	       !str_equal_fold(str_slice(first, 0, 3), STR("ssm"));
}

bool parameters_check(struct compiler *c, const struct value *v, struct str where)
{
	bool good = true;

	(void)where;
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		struct str name = v->map.entries[i].key;
		const struct member *m = v->map.entries[i].value;

		if (!is_variable(str_format(c->arena, "P%.*s", STR_ARG(name)))) {
			diag_error(c->d, m->key_span,
				   "E0516 '%.*s' cannot be the key of a parameter",
				   STR_ARG(name));
			diag_help(c->d, "letters, digits and '_'");
			good = false;
		}
		if (m->value.kind == VALUE_STRING && !is_parameter(m->value.string)) {
			diag_error(c->d, m->value.span,
				   "E0517 '%.*s' cannot be the name of a parameter",
				   STR_ARG(m->value.string));
			diag_help(c->d, "letters, digits, '_', '.', '-' and '/'");
			good = false;
		}
	}
	return good;
}

static void set(struct function *f, const char *name, struct str text)
{
	value_set(f->c->arena, &f->environment, str_from_c(name), value_string(text));
}

void environment_begin(struct function *f)
{
	f->environment = value_map();
	set(f, "EFF_PROJECT", f->c->model->project);
	set(f, "EFF_STAGE", f->c->model->stage);
	set(f, "EFF_HANDLER", block_label(f->c, f->block));
}

void environment_add(struct function *f)
{
	struct arena *a = f->c->arena;
	const struct value *env = config_get(&f->block->config, "env");

	for (uint32_t i = 0; env && env->kind == VALUE_MAP && i < env->map.count; i++) {
		const struct member *m = env->map.entries[i].value;
		struct value v = m->value;

		if (v.kind == VALUE_INT)
			v = text_value_at(str_format(a, "%lld", (long long)v.integer), v.span);
		else if (v.kind == VALUE_BOOL)
			v = text_value_at(v.boolean ? STR("true") : STR("false"), v.span);
		else if (v.kind != VALUE_STRING && v.kind != VALUE_EXPR)
			continue;
		v.marks = m->value.marks;
		member_put(a, &f->environment, env->map.entries[i].key, m->key_span, v);
	}
}

void parameters_add(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *params = config_get(&f->block->config, "params");
	VEC(struct value) arns = { 0 };

	for (uint32_t i = 0; params && params->kind == VALUE_MAP && i < params->map.count; i++) {
		struct str key = params->map.entries[i].key;
		const struct value *v = value_get(params, key);
		struct str path;

		if (v->kind != VALUE_STRING)
			continue;
		path = str_starts(v->string, STR("/")) ? v->string :
		       str_format(c->arena, "/%.*s/%.*s/%.*s", STR_ARG(c->model->project),
				  STR_ARG(c->model->stage), STR_ARG(v->string));
		value_set(c->arena, &f->environment,
			  str_format(c->arena, "EFF_PARAM_%.*s", STR_ARG(key)),
			  text_value_at(path, v->span));
		*vec_push(c->arena, &arns) = ARN(c, v->span, "ssm", text_value("parameter"),
						 value_string(path));
	}
	if (arns.count)
		policy_allow(c, &f->policy, "Params", "ssm:GetParameters", arns.items, arns.count,
			     NULL);
}
