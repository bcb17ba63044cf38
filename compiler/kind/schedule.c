#include "compiler/build.h"
#include "compiler/dependency.h"

#include "kind.h"

/* Schedules carry no tags: one tagged group a stage, and one role that calls all functions. */

static bool check_every(struct compiler *c, const struct value *v, struct str where);

static const struct key items[] = {
	{ .name = "every", .kind = KEY_TEXT, .required = true, .check = check_every,
	  .detail = "for example \"rate(1 day)\"" },
	{ .name = "timezone", .kind = KEY_TEXT },
	{ .name = "enabled", .kind = KEY_BOOLEAN },
	{ .name = "handler", .kind = KEY_TEXT, .required = true },
};

static const struct short_attribute attributes[] = {
	{ .name = "arn", .part = "", .attribute = "Arn" },
	{ .name = "name", .part = "", .attribute = "FunctionName" },
	{ .name = "schedule_arn", .part = "schedule", .attribute = "Arn" },
	{ .name = "role_arn", .part = "role", .attribute = "Arn" },
};

/* "rate(5 minutes)" */
static bool rate_is_valid(struct str text)
{
	size_t blank = str_index(text, ' ');
	int64_t number;

	return str_to_int(str_slice(text, 0, blank), &number) && number > 0 &&
	       text_in_words(str_slice(text, blank + 1, text.length),
			     "minute minutes hour hours day days");
}

/* Six fields: minutes hours day-of-month month day-of-week year. */
static bool cron_is_valid(struct str text)
{
	struct str field;
	size_t count = 0;

	while (str_split(&text, ' ', &field))
		count += field.length > 0;
	return count == 6;
}

static bool check_every(struct compiler *c, const struct value *v, struct str where)
{
	size_t open = str_index(v->string, '(');
	struct str kind = str_slice(v->string, 0, open);
	struct str inside = str_slice(v->string, open + 1,
				      v->string.length ? v->string.length - 1 : 0);
	bool closed = str_ends(v->string, STR(")")) && open < v->string.length;

	(void)where;
	if (closed && ((str_equal_c(kind, "rate") && rate_is_valid(inside)) ||
		       (str_equal_c(kind, "cron") && cron_is_valid(inside)) ||
		       (str_equal_c(kind, "at") && inside.length == 19)))
		return true;
	diag_error(c->d, v->span, "'%.*s' is no schedule", STR_ARG(v->string));
	diag_help(c->d, "\"rate(1 day)\", \"cron(0 6 * * ? *)\" or \"at(2026-12-24T18:00:00)\"");
	return false;
}

static void emit(struct compiler *c, struct block *b)
{
	const struct value *every = config_get(&b->config, "every");
	const struct value *zone = config_get(&b->config, "timezone");
	bool enabled = config_bool(&b->config, "enabled", true);
	struct function f;
	struct part *p;

	if (!function_begin(c, b, config_get(&b->config, "handler"), 0, &f)) {
		b->damaged = true;
		return;
	}
	function_end(&f);
	p = part_add(c, b, "schedule", "AWS::Scheduler::Schedule");
	part_set(c, p, "GroupName",
		 reference_value(c->arena, b->span, STR("stage/schedules"), "Name"));
	if (every && every->kind == VALUE_STRING)
		part_set(c, p, "ScheduleExpression", *every);
	if (zone && zone->kind == VALUE_STRING)
		part_set(c, p, "ScheduleExpressionTimezone", *zone);
	part_set(c, p, "FlexibleTimeWindow.Mode", text_value("OFF"));
	part_set(c, p, "State", text_value(enabled ? "ENABLED" : "DISABLED"));
	part_set(c, p, "Target.Arn", part_reference(c, f.part, "Arn"));
	part_set(c, p, "Target.RoleArn",
		 reference_value(c->arena, b->span, STR("stage/invoke_role"), "Arn"));
}

static void set_condition(struct compiler *c, struct value *condition, const char *operator,
			  const char *key, struct value v)
{
	struct value inner = value_map();

	value_set(c->arena, &inner, str_from_c(key), v);
	value_set(c->arena, condition, str_from_c(operator), inner);
}

static void emit_stage(struct compiler *c, struct block *const *blocks, size_t count)
{
	struct part *group = part_add(c, NULL, "schedules", "AWS::Scheduler::ScheduleGroup");
	struct value condition = value_map(), trust;
	VEC(struct value) functions = { 0 };
	struct policy policy;
	struct part *role;

	group->resource.span = blocks[0]->span;
	policy_begin(&policy);
	for (size_t i = 0; i < count; i++) {
		if (blocks[i]->primary)
			*vec_push(c->arena, &functions) =
				reference_value(c->arena, blocks[i]->span, blocks[i]->id, "Arn");
	}
	if (functions.count)
		policy_allow(c, &policy, "Invoke", "lambda:InvokeFunction", functions.items,
			     functions.count, NULL);
	set_condition(c, &condition, "StringEquals", "aws:SourceAccount", account_value(c));
	set_condition(c, &condition, "ArnEquals", "aws:SourceArn",
		      part_reference(c, group, "Arn"));
	trust = trust_document(c, "scheduler.amazonaws.com", &condition);
	role = role_add(c, NULL, "invoke_role", trust, &policy);
	role->resource.span = blocks[0]->span;
	role->name_tail = "-schedules";
}

const struct kind kind_schedule = {
	.name = "schedule",
	.type = "AWS::Lambda::Function",
	.primary = "function",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
	.emit_stage = emit_stage,
};
