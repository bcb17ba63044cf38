#include "base/clock.h"
#include "compiler/build.h"
#include "compiler/dependency.h"

#include "kind.h"

/* Schedules carry no tags: one tagged group a stage, and one role that calls all functions. */


static const struct key items[] = {
	{ .name = "every", .kind = KEY_TEXT, .required = true, .check = schedule_check,
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

/* Digits only, and within the limits. */
static bool number_is_valid(struct str text, int64_t least, int64_t most)
{
	int64_t number;

	return text.length && text.data[0] >= '0' && text.data[0] <= '9' &&
	       str_to_int(text, &number) && number >= least && number <= most;
}

/* "rate(1 day)", "rate(5 minutes)": the unit agrees with the number. */
static bool rate_is_valid(struct str text)
{
	size_t blank = str_index(text, ' ');
	struct str number = str_slice(text, 0, blank);
	struct str unit = str_slice(text, blank + 1, text.length);

	return number_is_valid(number, 1, INT64_MAX) && number.data[0] != '0' &&
	       text_in_words(unit, str_equal_c(number, "1") ? "minute hour day"
							     : "minutes hours days");
}

enum cron_days { CRON_NO_DAYS, CRON_OF_MONTH, CRON_OF_WEEK };

struct cron_field {
	int64_t least, most;
	enum cron_days days;		/* which take L, W and # */
	const char *names;		/* that stand for numbers */
};

/* "5", "MON"; of days also "L", "LW", "15W", "6L", "6#3". */
static bool cron_number_is_valid(struct str text, const struct cron_field *f)
{
	bool month = f->days == CRON_OF_MONTH, week = f->days == CRON_OF_WEEK;
	size_t hash = week ? str_index(text, '#') : text.length;

	if ((f->days && str_equal_c(text, "L")) || (month && str_equal_c(text, "LW")))
		return true;
	if (hash < text.length) {
		if (!number_is_valid(str_slice(text, hash + 1, text.length), 1, 5))
			return false;
		text = str_slice(text, 0, hash);
	} else if (f->days && str_ends(text, month ? STR("W") : STR("L"))) {
		text = str_slice(text, 0, text.length - 1);
	}
	return text_in_words(text, f->names) || number_is_valid(text, f->least, f->most);
}

/* One of a list: "*", "1-5", "0/15". */
static bool cron_item_is_valid(struct str text, const struct cron_field *f)
{
	size_t slash = str_index(text, '/'), dash;

	if (slash < text.length &&
	    !number_is_valid(str_slice(text, slash + 1, text.length), 1, f->most))
		return false;
	text = str_slice(text, 0, slash);
	if (str_equal_c(text, "*"))
		return true;
	dash = str_index(text, '-');
	if (dash < text.length &&
	    !cron_number_is_valid(str_slice(text, dash + 1, text.length), f))
		return false;
	return cron_number_is_valid(str_slice(text, 0, dash), f);
}

static bool cron_field_is_valid(struct str text, const struct cron_field *f)
{
	struct str item;

	if (!text.length || str_ends(text, STR(",")))
		return false;
	while (str_split(&text, ',', &item)) {
		if (!cron_item_is_valid(item, f))
			return false;
	}
	return true;
}

/* Minutes hours day-of-month month day-of-week year; one of the two days is '?'. */
static bool cron_is_valid(struct arena *scratch, struct str text)
{
	static const struct cron_field fields[] = {
		{ 0, 59, CRON_NO_DAYS, "" }, { 0, 23, CRON_NO_DAYS, "" },
		{ 1, 31, CRON_OF_MONTH, "" },
		{ 1, 12, CRON_NO_DAYS, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC" },
		{ 1, 7, CRON_OF_WEEK, "SUN MON TUE WED THU FRI SAT" },
		{ 1970, 2199, CRON_NO_DAYS, "" },
	};
	size_t count = 0, open = 0;
	struct str field;

	text = str_upper(scratch, text);
	while (str_split(&text, ' ', &field)) {
		if (count == sizeof(fields) / sizeof(*fields))
			return false;
		if (str_equal_c(field, "?") && (count == 2 || count == 4))
			open++;
		else if (!cron_field_is_valid(field, &fields[count]))
			return false;
		count++;
	}
	return count == sizeof(fields) / sizeof(*fields) && open == 1;
}

/* "2026-12-24T18:00:00", a second that the calendar has. */
static bool time_is_valid(struct str text)
{
	static const char form[] = "0000-00-00T00:00:00";
	struct utc t, same;
	int parts[6] = { 0 };
	size_t part = 0;

	if (text.length != sizeof(form) - 1)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (form[i] != '0' && text.data[i] != form[i])
			return false;
		if (form[i] != '0')
			part++;
		else if (text.data[i] >= '0' && text.data[i] <= '9')
			parts[part] = parts[part] * 10 + (text.data[i] - '0');
		else
			return false;
	}
	t = (struct utc){ parts[0], parts[1], parts[2], parts[3], parts[4], parts[5] };
	if (t.year < 1970 || t.month < 1 || t.month > 12 || t.day < 1 || t.hour > 23 ||
	    t.minute > 59 || t.second > 59)
		return false;
	same = utc_from_s(utc_to_s(t));
	return same.month == t.month && same.day == t.day;
}

bool schedule_check(struct compiler *c, const struct value *v, struct str where)
{
	size_t open = str_index(v->string, '(');
	struct str kind = str_slice(v->string, 0, open);
	struct str inside = str_slice(v->string, open + 1,
				      v->string.length ? v->string.length - 1 : 0);
	bool closed = str_ends(v->string, STR(")")) && open < v->string.length;

	(void)where;
	if (closed && ((str_equal_c(kind, "rate") && rate_is_valid(inside)) ||
		       (str_equal_c(kind, "cron") && cron_is_valid(c->arena, inside)) ||
		       (str_equal_c(kind, "at") && time_is_valid(inside))))
		return true;
	diag_error(c->d, v->span, "E0537 '%.*s' is no schedule", STR_ARG(v->string));
	if (closed && str_equal_c(kind, "rate"))
		diag_help(c->d, "\"rate(1 day)\", \"rate(2 days)\": minutes, hours or days, "
			  "singular after 1");
	else if (closed && str_equal_c(kind, "cron"))
		diag_help(c->d, "minutes, hours, day of the month, month, day of the week, year, "
			  "and one of the two days is '?': \"cron(0 6 * * ? *)\"");
	else
		diag_help(c->d, "\"rate(1 day)\", \"cron(0 6 * * ? *)\" or "
			  "\"at(2026-12-24T18:00:00)\"");
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
		function_look(c, b);
		b->damaged = true;
		return;
	}
	function_end(&f);
	p = part_add(c, b, "schedule", "AWS::Scheduler::Schedule");
	part_set(c, p, "GroupName",
		 stage_reference(c, b->span, "schedules", "Name"));
	if (every && every->kind == VALUE_STRING)
		part_set(c, p, "ScheduleExpression", *every);
	if (zone && zone->kind == VALUE_STRING)
		part_set(c, p, "ScheduleExpressionTimezone", *zone);
	part_set(c, p, "FlexibleTimeWindow.Mode", text_value("OFF"));
	part_set(c, p, "State", text_value(enabled ? "ENABLED" : "DISABLED"));
	part_set(c, p, "Target.Arn", part_reference(c, f.part, "Arn"));
	part_set(c, p, "Target.RoleArn",
		 stage_reference(c, b->span, "invoke_role", "Arn"));
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
				part_reference(c, blocks[i]->primary, "Arn");
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
	.parts = "function logs role schedule",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
	.emit_stage = emit_stage,
};
