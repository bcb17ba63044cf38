#include "function.h"

#include "base/fs.h"
#include "build.h"
#include "dependency.h"
#include "environment.h"
#include "handler.h"
#include "units.h"

#define RUNTIME "nodejs24.x"
#define ARCHITECTURE "arm64"
#define MEMORY_MB 256
#define TIMEOUT_S 30
#define RETENTION_DAYS 30
#define DAY_S 86400

static bool check_retention(struct compiler *c, const struct value *v, struct str where)
{
	int64_t seconds;

	(void)where;
	if (v->kind == VALUE_STRING && (str_equal_c(v->string, "forever") ||
	    (duration_parse(v->string, &seconds) && seconds && seconds % DAY_S == 0)))
		return true;
	diag_error(c->d, v->span,
		   "E0518 'log_retention' must be whole days such as \"30d\", or \"forever\"");
	return false;
}

static bool check_tracing(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_BOOL ||
	    (v->kind == VALUE_STRING && text_in_words(v->string, "active passthrough")))
		return true;
	diag_error(c->d, v->span,
		   "E0519 'tracing' must be true, false, \"active\" or \"passthrough\"");
	return false;
}

static bool check_conditions(struct compiler *c, const struct value *v, struct str where)
{
	if (v->kind == VALUE_MAP)
		return true;
	diag_error(c->d, v->span, "E0520 'conditions' of %.*s must be a table", STR_ARG(where));
	return false;
}

static bool check_actions(struct compiler *c, const struct value *v, struct str where)
{
	bool good = true;

	(void)where;
	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (item->kind != VALUE_STRING || str_contains(item->string, STR(":")))
			continue;
		diag_error(c->d, item->span, "E0521 '%.*s' is no action", STR_ARG(item->string));
		diag_help(c->d, "a service and an action, such as \"ses:SendEmail\"");
		good = false;
	}
	return good;
}

static const struct key permission_items[] = {
	{ .name = "actions", .kind = KEY_TEXTS, .required = true, .check = check_actions },
	{ .name = "resources", .kind = KEY_VALUES, .required = true },
	{ .name = "conditions", .kind = KEY_ANY, .check = check_conditions },
};
static const struct key_set permission_keys = KEY_SET(permission_items);

static bool check_permissions(struct compiler *c, const struct value *v, struct str where)
{
	const struct key_set *const sets[] = { &permission_keys, NULL };
	struct str of = str_format(c->arena, "'permissions' of %.*s", STR_ARG(where));
	bool good = v->list.count <= 200;

	if (!good)
		diag_error(c->d, v->span, "E0319 more than 200 entries in 'permissions'");
	for (size_t i = 0; good && i < v->list.count; i++) {
		const struct value *item = &v->list.items[i];

		if (item->kind == VALUE_MAP) {
			good &= keys_check(c, item, item->span, of, sets, true);
		} else {
			diag_error(c->d, item->span, "E0522 an entry of 'permissions' is a table");
			diag_help(c->d, "{ actions = [\"ses:SendEmail\"], "
				  "resources = [\"arn:…\"] }");
			good = false;
		}
	}
	return good;
}

static const struct key vpc_items[] = {
	{ .name = "subnets", .kind = KEY_VALUES, .required = true },
	{ .name = "security_groups", .kind = KEY_VALUES, .required = true },
};
static const struct key_set vpc_keys = KEY_SET(vpc_items);

static const struct key function_items[] = {
	{ .name = "memory", .kind = KEY_MEGABYTES, .min = 128, .max = 10240 },
	{ .name = "timeout", .kind = KEY_DURATION, .min = 1, .max = 900 },
	{ .name = "runtime", .kind = KEY_TEXT },
	{ .name = "architecture", .kind = KEY_CHOICE, .detail = "arm64 x86_64" },
	{ .name = "env", .kind = KEY_VALUE_TABLE, .check = environment_check },
	{ .name = "deps", .kind = KEY_LIST, .check = dependencies_check },
	{ .name = "params", .kind = KEY_TEXT_TABLE, .check = parameters_check },
	{ .name = "permissions", .kind = KEY_LIST, .check = check_permissions },
	{ .name = "files", .kind = KEY_TEXTS },
	{ .name = "layers", .kind = KEY_VALUES },
	{ .name = "tracing", .kind = KEY_ANY, .check = check_tracing },
	{ .name = "concurrency", .kind = KEY_INTEGER, .min = 0, .max = 100000 },
	{ .name = "vpc", .kind = KEY_TABLE, .set = &vpc_keys },
	{ .name = "log_retention", .kind = KEY_ANY, .check = check_retention },
};
const struct key_set function_keys = KEY_SET(function_items);

void function_keys_refuse(struct compiler *c, struct block *b, const char *why)
{
	const struct key_set *const sets[] = { &function_keys, NULL };

	for (uint32_t i = 0; i < b->body.map.count; i++) {
		struct str name = b->body.map.entries[i].key;
		const struct member *m = b->body.map.entries[i].value;

		if (key_find(sets, name))
			diag_error(c->d, m->key_span, "E0505 '%.*s' %s", STR_ARG(name), why);
	}
}

void runtime_check(struct compiler *c, struct str runtime, struct span span)
{
	const struct runtime_rule *rule = schemas_runtime(c->schemas, runtime);
	struct str today = c->options->today;

	if (!rule || !today.length)
		return;
	if (rule->blocked.length && str_compare(today, rule->blocked) >= 0)
		diag_error(c->d, span, "E0523 runtime '%.*s' is refused by Lambda since %.*s",
			   STR_ARG(runtime), STR_ARG(rule->blocked));
	else if (rule->deprecated.length && str_compare(today, rule->deprecated) >= 0)
		diag_warning(c->d, span, "W0524 runtime '%.*s' is out of support since %.*s",
			     STR_ARG(runtime), STR_ARG(rule->deprecated));
}

bool function_begin(struct compiler *c, struct block *b, const struct value *handler,
		    int64_t timeout_most, struct function *out)
{
	*out = (struct function){ .c = c, .block = b, .timeout_most = timeout_most };
	if (!handler || handler->kind != VALUE_STRING)
		return false;
	out->handler = handler->string;
	/* Of a module: from its folder on, and never out of the spec's. */
	if (out->handler.length && !str_starts(out->handler, STR("/")))
		out->handler = path_join(c->arena, b->module->folder, out->handler);
	out->handler_span = handler->span;
	policy_begin(&out->policy);
	environment_begin(out);
	out->logs = part_add(c, b, "logs", "AWS::Logs::LogGroup");
	out->role = NULL;
	out->part = part_add(c, b, "function", "AWS::Lambda::Function");
	out->logs->named_after = out->part;
	out->logs->name_prefix = "/aws/lambda/";
	return true;
}

static void logs_end(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *v = config_get(&f->block->config, "log_retention");
	struct value days = value_int(RETENTION_DAYS);
	struct value group = part_reference(c, f->logs, "LogGroupName");
	struct value streams = ARN(c, f->logs->resource.span, "logs", text_value("log-group:"),
				   group, text_value(":*"));
	int64_t seconds;

	if (v && v->kind == VALUE_STRING && duration_parse(v->string, &seconds)) {
		days = value_int(seconds / DAY_S);
		days.span = v->span;
	}
	if (!v || v->kind != VALUE_STRING || !str_equal_c(v->string, "forever"))
		part_set(c, f->logs, "RetentionInDays", days);
	policy_allow(c, &f->policy, "Logs", "logs:CreateLogStream logs:PutLogEvents", &streams, 1,
		     NULL);
	part_set(c, f->part, "LoggingConfig.LogGroup", group);
	part_set(c, f->part, "LoggingConfig.LogFormat", text_value("Text"));
}

static void permissions_add(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *list = config_get(&f->block->config, "permissions");

	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.count; i++) {
		const struct value *item = &list->list.items[i];
		const struct value *actions = config_get(item, "actions");
		const struct value *resources = config_get(item, "resources");

		if (actions && resources)
			policy_add(c, &f->policy, str_format(c->arena, "Permission%zu", i + 1),
				   *actions, *resources, config_get(item, "conditions"));
	}
}

/* X-Ray knows no resources of its own. */
static void tracing_add(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *v = config_get(&f->block->config, "tracing");
	struct value all = text_value("*");
	bool active;

	if (!v || (v->kind != VALUE_BOOL && v->kind != VALUE_STRING))
		return;
	active = v->kind == VALUE_BOOL ? v->boolean : str_equal_c(v->string, "active");
	part_set(c, f->part, "TracingConfig.Mode", text_value(active ? "Active" : "PassThrough"));
	if (active)
		policy_allow(c, &f->policy, "Tracing",
			     "xray:PutTelemetryRecords xray:PutTraceSegments", &all, 1, NULL);
}

/* Lambda makes the interfaces with the function's role; describing them knows no resources. */
static void vpc_add(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *vpc = config_get(&f->block->config, "vpc");
	const struct value *subnets = config_get(vpc, "subnets");
	const struct value *groups = config_get(vpc, "security_groups");
	struct value all = text_value("*"), places[3];

	if (!subnets || !groups)
		return;
	part_set(c, f->part, "VpcConfig.SubnetIds", *subnets);
	part_set(c, f->part, "VpcConfig.SecurityGroupIds", *groups);
	places[0] = ARN(c, vpc->span, "ec2", text_value("network-interface/*"));
	places[1] = ARN(c, vpc->span, "ec2", text_value("security-group/*"));
	places[2] = ARN(c, vpc->span, "ec2", text_value("subnet/*"));
	policy_allow(c, &f->policy, "Network", "ec2:AssignPrivateIpAddresses "
		     "ec2:CreateNetworkInterface ec2:DeleteNetworkInterface "
		     "ec2:UnassignPrivateIpAddresses", places, 3, NULL);
	policy_allow(c, &f->policy, "NetworkLook",
		     "ec2:DescribeNetworkInterfaces ec2:DescribeSubnets", &all, 1, NULL);
}

static void bundle_set(struct function *f, struct str runtime)
{
	struct compiler *c = f->c;
	struct bundle_request *bundle = arena_new(c->arena, struct bundle_request);
	const struct value *files = config_get(&f->block->config, "files");
	VEC(struct str) paths = { 0 };
	struct handler handler = { 0 };

	if (!handler_parse(c, f->handler, f->handler_span, runtime, &handler)) {
		f->block->damaged = true;
		return;
	}
	for (size_t i = 0; files && files->kind == VALUE_LIST && i < files->list.count; i++) {
		const struct value *v = &files->list.items[i];
		struct str path;

		if (v->kind != VALUE_STRING)
			continue;
		if (!v->string.length || v->string.data[0] == '/' ||
		    !path_normalize(c->arena, path_join(c->arena, f->block->module->folder,
							v->string), &path))
			diag_error(c->d, v->span,
				   "E0525 'files' stand below the folder of the spec");
		else
			*vec_push(c->arena, &paths) = path;
	}
	*bundle = (struct bundle_request){ .path = handler.bundle, .entry = handler.file,
					   .files = paths.items,
					   .file_count = paths.count, .span = f->handler_span };
	f->part->resource.bundle = bundle;
	part_set(c, f->part, "Handler", text_value_at(handler.entry, f->handler_span));
}

static struct value list_of(struct arena *a, struct value item)
{
	struct value list = value_list(NULL, 0);

	value_append(a, &list, item);
	return list;
}

static void settings_set(struct function *f)
{
	struct compiler *c = f->c;
	const struct value *config = &f->block->config, *layers = config_get(config, "layers");
	const struct value *runtime = config_get(config, "runtime");
	struct value timeout = config_seconds_value(config, "timeout", TIMEOUT_S);
	struct value chosen = text_value(RUNTIME), architecture;

	if (runtime && runtime->kind == VALUE_STRING)
		chosen = *runtime;
	if (f->timeout_most && timeout.integer > f->timeout_most)
		timeout.integer = f->timeout_most;
	f->timeout_s = timeout.integer;
	runtime_check(c, chosen.string,
			    runtime ? runtime->span : f->handler_span);
	part_set(c, f->part, "Runtime", chosen);
	bundle_set(f, chosen.string);
	part_set(c, f->part, "Code.Bundle", text_value(""));
	architecture = value_string(config_text(config, "architecture", ARCHITECTURE));
	part_set(c, f->part, "Architectures", list_of(c->arena, architecture));
	part_set(c, f->part, "MemorySize", config_int_value(config, "memory", MEMORY_MB));
	part_set(c, f->part, "Timeout", timeout);
	if (config_get(config, "concurrency"))
		part_set(c, f->part, "ReservedConcurrentExecutions",
			 config_int_value(config, "concurrency", 0));
	if (layers && layers->kind == VALUE_LIST)
		part_set(c, f->part, "Layers", *layers);
}

void function_end(struct function *f)
{
	struct compiler *c = f->c;

	settings_set(f);
	logs_end(f);
	dependencies_add(f);
	parameters_add(f);
	permissions_add(f);
	tracing_add(f);
	vpc_add(f);
	environment_add(f);
	part_set(c, f->part, "Environment.Variables", f->environment);
	f->role = role_add(c, f->block, "role", trust_document(c, "lambda.amazonaws.com", NULL),
			   &f->policy);
	part_set(c, f->part, "Role", part_reference(c, f->role, "Arn"));
}

void function_look(struct compiler *c, struct block *b)
{
	struct function f = { .c = c, .block = b };

	policy_begin(&f.policy);
	environment_begin(&f);
	dependencies_add(&f);
}
