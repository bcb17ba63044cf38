#include "compiler/function.h"

#include "kind.h"

static const struct key items[] = {
	{ .name = "handler", .kind = KEY_TEXT, .required = true },
	{ .name = "url", .kind = KEY_REFUSED, .detail = "use an [http.ID] block" },
};

static const struct short_attribute attributes[] = {
	{ .name = "arn", .part = "", .attribute = "Arn" },
	{ .name = "name", .part = "", .attribute = "FunctionName" },
	{ .name = "role_arn", .part = "role", .attribute = "Arn" },
};

static void emit(struct compiler *c, struct block *b)
{
	struct function f;

	if (function_begin(c, b, config_get(&b->body, "handler"), 0, &f))
		function_end(&f);
	else
		function_look(c, b);
}

const struct kind kind_function = {
	.name = "function",
	.type = "AWS::Lambda::Function",
	.primary = "function",
	.parts = "function logs role",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
};
