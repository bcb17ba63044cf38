#include "compiler.h"
#include "refers.h"

#include "spec/convert.h"

/*
 * [check.ID]: what must hold, said by the user.
 *
 *	[check.small]
 *	condition = "${length(local.names) <= 10}"
 *	message = "ten tables are enough, not ${length(local.names)}"
 *	level = "warning"
 *
 * It is asked as early as can be: at once if all of the condition is known,
 * else in the plan, with what was observed, else after the apply.  One that does
 * not hold is a mistake with the user's words, which stops what comes next; with
 * level = "warning" it is only told.
 */
static bool check_condition(struct compiler *c, const struct value *v, struct str where);

static const struct key items[] = {
	{ .name = "condition", .kind = KEY_ANY, .required = true, .check = check_condition },
	{ .name = "message", .kind = KEY_VALUE, .required = true },
	{ .name = "level", .kind = KEY_CHOICE, .detail = "error warning" },
};
const struct key_set check_keys = KEY_SET(items);

static bool check_condition(struct compiler *c, const struct value *v, struct str where)
{
	if (v->kind == VALUE_BOOL || v->kind == VALUE_EXPR)
		return true;
	diag_error(c->d, v->span, "E0391 'condition' of %.*s must be true or false, not %s",
		   STR_ARG(where), value_kind_name(v->kind));
	diag_help(c->d, "for example condition = \"${local.count < 10}\"");
	return false;
}

static void assertion_read(struct compiler *c, struct module *module, struct str name,
			   const struct member *m)
{
	const struct key_set *const sets[] = { &check_keys, NULL };
	struct value table = words_bind(c, module, &m->value);
	struct assertion *as;

	if (!keys_check(c, &table, m->key_span,
			str_format(c->arena, "check '%.*s'", STR_ARG(name)), sets, true))
		return;
	c->model->assertions = vec_room(c->arena, c->model->assertions, c->model->assertion_count,
					&c->assertion_capacity, sizeof(*as));
	as = &c->model->assertions[c->model->assertion_count];
	*as = (struct assertion){
		.name = module->path.length ? str_format(c->arena, "module.%.*s.%.*s",
							 STR_ARG(module->path), STR_ARG(name))
					    : name,
		.span = m->key_span,
		.condition = *value_get_c(&table, "condition"),
		.message = *value_get_c(&table, "message"),
		.warning = str_equal_c(config_text(&table, "level", "error"), "warning"),
	};
	if (!((as->condition.marks | as->message.marks) & VALUE_DAMAGED))
		c->model->assertion_count++;
}

static void assertions_read(struct compiler *c, struct module *module)
{
	const struct value *all = section_tables(c, module, "check");

	for (uint32_t i = 0; all && !module->absent && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;

		if (m->value.kind == VALUE_MAP)
			assertion_read(c, module, name, m);
		else if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [check.%.*s] must be a table",
				   STR_ARG(name));
	}
}

void assertions_collect(struct compiler *c)
{
	for (size_t i = 0; i < c->modules.count; i++)
		assertions_read(c, c->modules.items[i]);
}

void assertion_report(struct diags *d, const struct assertion *as, struct str message)
{
	if (as->warning)
		diag_warning(d, as->span, "W0392 check '%.*s' does not hold: %.*s",
			     STR_ARG(as->name), STR_ARG(message));
	else
		diag_error(d, as->span, "E0393 check '%.*s' does not hold: %.*s",
			   STR_ARG(as->name), STR_ARG(message));
}

/* Of a message that is open still, what stands before the first unknown. */
static struct str known_message(struct compiler *c, const struct value *message)
{
	struct value v = message->kind == VALUE_EXPR ? open_value(c, message) : *message;

	if (v.kind == VALUE_UNKNOWN && v.unknown->prefix.length && !(v.marks & VALUE_SECRET))
		return str_format(c->arena, "%.*s...", STR_ARG(v.unknown->prefix));
	return assertion_message(&v);
}

/* What is known only later, as far as its type can tell; false after a report. */
static bool check_open(struct compiler *c, const struct assertion *as)
{
	struct str where = str_format(c->arena, "check '%.*s'", STR_ARG(as->name)), why;
	struct value given = open_value(c, &as->condition), told = open_value(c, &as->message);
	struct value converted;

	if ((given.marks | told.marks) & VALUE_DAMAGED)
		return false;
	if (given.kind != VALUE_UNKNOWN)
		return check_condition(c, &given, where);
	if (value_convert(c->arena, &given, &bool_type, &converted, &why))
		return true;
	diag_error(c->d, given.span, "E0391 'condition' of %.*s must be true or false: %.*s",
		   STR_ARG(where), STR_ARG(why));
	return false;
}

/* Those that are known already are judged here, and gone. */
void assertions_bind(struct compiler *c)
{
	struct model *m = c->model;
	size_t open = 0;

	for (size_t i = 0; i < m->assertion_count; i++) {
		struct assertion *as = &m->assertions[i];

		as->condition = resources_bind(c, &as->condition);
		as->message = resources_bind(c, &as->message);
		if (as->condition.marks & VALUE_DAMAGED || as->message.marks & VALUE_DAMAGED)
			continue;
		if (!check_open(c, as))
			continue;
		if (as->condition.kind == VALUE_EXPR)
			m->assertions[open++] = *as;
		else if (!as->condition.boolean)
			assertion_report(c->d, as, known_message(c, &as->message));
	}
	m->assertion_count = open;
}

struct str assertion_message(const struct value *v)
{
	if (v->marks & VALUE_SECRET)
		return STR("its message is secret");
	return v->kind == VALUE_STRING ? v->string : STR("its message is not known");
}
