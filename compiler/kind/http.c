#include "compiler/build.h"
#include "compiler/dependency.h"

#include "kind.h"

/* One HTTP API a stage; a route waits at most 29 s for its function. */
#define TIMEOUT_MOST_S 29
#define ROUTES_MOST 300

static bool check_path(struct compiler *c, const struct value *v, struct str where);

static const struct key items[] = {
	{ .name = "method", .kind = KEY_CHOICE, .required = true,
	  .detail = "GET POST PUT PATCH DELETE HEAD OPTIONS ANY" },
	{ .name = "path", .kind = KEY_TEXT, .required = true, .check = check_path },
	{ .name = "auth", .kind = KEY_CHOICE, .detail = "none iam jwt" },
	{ .name = "handler", .kind = KEY_TEXT },
	{ .name = "function", .kind = KEY_TEXT },
};

static const struct short_attribute attributes[] = {
	{ .name = "url", .part = "stage/api", .attribute = "ApiEndpoint", .suffix = "path" },
	{ .name = "arn", .part = "", .attribute = "Arn" },
	{ .name = "name", .part = "", .attribute = "FunctionName" },
	{ .name = "role_arn", .part = "role", .attribute = "Arn" },
};

static bool path_is_valid(struct str path)
{
	bool inside = false;

	if (!path.length || path.data[0] != '/' || path.length > 512)
		return false;
	for (size_t i = 0; i < path.length; i++) {
		char ch = path.data[i];
		bool word = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
			    (ch >= '0' && ch <= '9') || str_index(STR("-._~"), ch) < 4;

		if (ch == '{' && !inside && path.data[i - 1] == '/')
			inside = true;
		else if (ch == '}' && inside && path.data[i - 1] != '{')
			inside = false;
		else if (ch == '+' && inside && i + 1 < path.length && path.data[i + 1] == '}')
			continue;
		else if (!word && !(ch == '/' && !inside && (!i || path.data[i - 1] != '/')))
			return false;
	}
	return !inside && (path.length == 1 || !str_ends(path, STR("/")));
}

static bool check_path(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (path_is_valid(v->string))
		return true;
	diag_error(c->d, v->span, "E0528 '%.*s' is no path", STR_ARG(v->string));
	diag_help(c->d, "for example \"/orders/{id}\" or \"/files/{rest+}\"");
	return false;
}

static struct str other_function(const struct block *b)
{
	return config_text(&b->body, "function", "");
}

/* The block whose function the route calls; NULL after a report. */
static struct block *find_function(struct compiler *c, struct block *b)
{
	const struct value *v = config_get(&b->body, "function");
	struct block *other, *target;

	if (!v || v->kind != VALUE_STRING)
		return NULL;
	other = block_named(c, b->module, v);
	if (!other || other->damaged)
		return NULL;
	target = block_standing_for(c, other);
	if (!other->absent && target && target->kind && target != b && !target->damaged &&
	    str_equal_c(target->type, "AWS::Lambda::Function") &&
	    config_get(&target->body, "handler"))
		return lives_with(c, b, target, v->span) ? target : NULL;
	if (!target || !target->damaged)
		diag_error(c->d, v->span, "E0529 %.*s has no function%s", STR_ARG(other->title),
			   other->absent ? " in this stage" : "");
	return NULL;
}

static void add_integration(struct compiler *c, struct block *b, struct value function_arn)
{
	struct part *p = part_add(c, b, "integration", "AWS::ApiGatewayV2::Integration");

	part_set(c, p, "ApiId", stage_reference(c, b->span, "api", "ApiId"));
	part_set(c, p, "IntegrationType", text_value("AWS_PROXY"));
	part_set(c, p, "IntegrationUri", function_arn);
	part_set(c, p, "PayloadFormatVersion", text_value("2.0"));
}

static void add_route(struct compiler *c, struct block *b, struct str integration)
{
	const struct value *path = config_get(&b->config, "path");
	struct str method = config_text(&b->config, "method", "");
	struct part *p = part_add(c, b, "route", "AWS::ApiGatewayV2::Route");
	bool iam = str_equal_c(config_text(&b->config, "auth", ""), "iam");
	struct value id = reference_value(c->arena, b->span, integration, "IntegrationId");

	part_set(c, p, "ApiId", stage_reference(c, b->span, "api", "ApiId"));
	part_set(c, p, "RouteKey",
		 text_value_at(str_format(c->arena, "%.*s %.*s", STR_ARG(method),
					  STR_ARG(path->string)), path->span));
	part_set(c, p, "Target", JOIN(c->arena, b->span, text_value("integrations/"), id));
	part_set(c, p, "AuthorizationType", text_value(iam ? "AWS_IAM" : "NONE"));
}

/* The API has one stage, and the route stands in the ARN as it is written. */
static void add_permission(struct compiler *c, struct block *b, struct value function_name)
{
	const struct value *path = config_get(&b->config, "path");
	struct str method = config_text(&b->config, "method", "");
	struct part *p = part_add(c, b, "permission", "AWS::Lambda::Permission");
	struct value api = stage_reference(c, b->span, "api", "ApiId");

	if (str_equal_c(method, "ANY"))
		method = STR("*");
	part_set(c, p, "Action", text_value("lambda:InvokeFunction"));
	part_set(c, p, "FunctionName", function_name);
	part_set(c, p, "Principal", text_value("apigateway.amazonaws.com"));
	part_set(c, p, "SourceArn",
		 ARN(c, b->span, "execute-api", api, text_value("/*/"), value_string(method),
		     value_string(path->string)));
}

static void check_auth(struct compiler *c, struct block *b)
{
	const struct value *auth = config_get(&b->config, "auth");

	if (!auth && block_lacks(b, &b->config, "auth")) {
		diag_error(c->d, b->span, "E0413 %.*s needs 'auth'", STR_ARG(b->title));
		diag_help(c->d, "\"none\" or \"iam\", here or in [defaults.http]");
		b->damaged = true;
	} else if (auth && auth->kind == VALUE_STRING && str_equal_c(auth->string, "jwt")) {
		diag_error(c->d, auth->span, "E0418 auth = \"jwt\" is not supported yet");
		diag_help(c->d, "\"none\" or \"iam\"");
		b->damaged = true;
	}
}

/* What the block or [defaults.http] says; a value meant for every function is cut instead. */
static void check_timeout(struct compiler *c, struct block *b)
{
	const struct value *defaults = value_path(&b->module->root, STR("defaults.http"));
	const struct value *v = config_get(&b->body, "timeout");
	int64_t seconds;

	if (!v)
		v = config_get(defaults, "timeout");
	if (!v || v->kind != VALUE_STRING)
		return;
	seconds = config_seconds(&b->config, "timeout", 0);
	if (seconds <= TIMEOUT_MOST_S)
		return;
	diag_error(c->d, v->span, "E0530 an HTTP API waits at most %d s", TIMEOUT_MOST_S);
	diag_help(c->d, "timeout = \"%ds\"", TIMEOUT_MOST_S);
}

static bool emit_own(struct compiler *c, struct block *b)
{
	struct function f;

	check_timeout(c, b);
	if (!function_begin(c, b, config_get(&b->body, "handler"), TIMEOUT_MOST_S, &f))
		return false;
	function_end(&f);
	return true;
}

static bool check_source(struct compiler *c, struct block *b)
{
	const struct value *handler = config_get(&b->body, "handler");
	const struct value *function = config_get(&b->body, "function");

	if (handler && function) {
		diag_error(c->d, function->span, "E0506 %.*s has a 'handler' and a 'function'",
			   STR_ARG(b->title));
		diag_help(c->d, "'function' calls the function of another block");
		return false;
	}
	if (block_lacks(b, &b->body, "handler") && block_lacks(b, &b->body, "function")) {
		diag_error(c->d, b->span, "E0413 %.*s needs 'handler', or 'function' with another "
			   "block's id", STR_ARG(b->title));
		return false;
	}
	if (function)
		function_keys_refuse(c, b, "belongs to the block that has the function");
	return handler || function;
}

static void emit(struct compiler *c, struct block *b)
{
	const struct value *path = config_get(&b->config, "path");
	struct block *target = b;
	struct address integration;

	check_auth(c, b);
	if (!check_source(c, b)) {
		function_look(c, b);
		b->damaged = true;
		return;
	}
	if (config_get(&b->body, "function")) {
		target = find_function(c, b);
		if (target)
			b->stands_for = target;
	} else if (!emit_own(c, b)) {
		target = NULL;
	}
	if (!target || !path || path->kind != VALUE_STRING || !config_get(&b->config, "method")) {
		b->damaged = true;
		return;
	}
	if (target == b || target->kind != &kind_http)
		add_integration(c, b, block_reference(c, target, b->span, "Arn"));
	integration = block_address(target->kind == &kind_http ? target : b);
	integration.part = STR("integration");
	add_route(c, b, address_text(c->arena, &integration));
	add_permission(c, b, block_reference(c, target, b->span, "FunctionName"));
}

/* "GET /orders/{id}" and "GET /orders/{order}" are one route to the API. */
static struct str route_text(struct compiler *c, const struct block *b)
{
	struct str path = config_text(&b->config, "path", "");
	struct buf out;

	buf_init(&out, c->arena);
	buf_add(&out, config_text(&b->config, "method", ""));
	for (size_t i = 0; i < path.length; i++) {
		buf_add_char(&out, path.data[i]);
		if (path.data[i] != '{')
			continue;
		while (i + 1 < path.length && path.data[i + 1] != '}' && path.data[i + 1] != '+')
			i++;
	}
	return buf_str(&out);
}

static void check_routes(struct compiler *c, struct block *const *blocks, size_t count)
{
	struct map seen = { 0 };

	for (size_t i = 0; i < count; i++) {
		const struct value *path = config_get(&blocks[i]->config, "path");
		struct str route;
		void **place;

		if (!path || path->kind != VALUE_STRING ||
		    !config_get(&blocks[i]->config, "method"))
			continue;
		if (i == ROUTES_MOST)
			diag_error(c->d, blocks[i]->span, "E0531 an HTTP API has at most %d routes",
				   ROUTES_MOST);
		route = route_text(c, blocks[i]);
		place = map_put(c->arena, &seen, route);
		if (*place) {
			const struct block *other = *place;

			diag_error(c->d, path->span, "E0532 the route '%.*s %.*s' is taken by %.*s",
				   STR_ARG(config_text(&blocks[i]->config, "method", "")),
				   STR_ARG(path->string), STR_ARG(other->title));
			diag_help(c->d, "it stands at %.*s",
				  STR_ARG(span_text(c->arena, c->spec->sources, other->span)));
		} else {
			*place = blocks[i];
		}
	}
}

static void emit_stage(struct compiler *c, struct block *const *blocks, size_t count)
{
	struct part *api = part_add(c, NULL, "api", "AWS::ApiGatewayV2::Api");
	struct part *stage = part_add(c, NULL, "api_stage", "AWS::ApiGatewayV2::Stage");

	check_routes(c, blocks, count);
	api->resource.span = stage->resource.span = blocks[0]->span;
	part_set(c, api, "ProtocolType", text_value("HTTP"));
	part_set(c, stage, "ApiId", part_reference(c, api, "ApiId"));
	part_set(c, stage, "StageName", text_value("$default"));
	part_set(c, stage, "AutoDeploy", value_bool(true));
}

const struct kind kind_http = {
	.name = "http",
	.type = "AWS::Lambda::Function",
	.primary = "function",
	.parts = "function integration logs permission role route",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
	.emit_stage = emit_stage,
	.stands_for = other_function,
};
