#include "machine.h"
#include "schemas/actions.h"

/* What was missing where AWS denied a call: it often says no more than that it did. */

static bool is_denial(const struct reply *reply)
{
	static const char *const codes[] = {
		"AccessDenied", "AccessDeniedException", "AuthorizationError",
		"AuthorizationErrorException", "UnauthorizedOperation",
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (str_equal_c(reply->code, codes[i]))
			return true;
	return reply->status == 403 && !reply->code.length;
}

/* Attributes stand in ARNs, too. */
static struct value known_of(struct op *op)
{
	struct value all = value_map();
	const struct value *parts[] = { &op->result.attributes, &op->input.attributes,
					&op->input.properties };

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		for (uint32_t k = 0; parts[i]->kind == VALUE_MAP && k < parts[i]->map.count; k++) {
			const struct member *m = parts[i]->map.entries[k].value;

			value_set(op->arena, &all, parts[i]->map.entries[k].key, m->value);
		}
	}
	return all;
}

static struct str resource_of(struct op *op, const struct action_need *need,
			      const struct service_actions *actions, const struct value *known)
{
	const struct str_list *on = need->on.count ? &need->on :
				    map_get(&actions->things, op->driver->type);
	struct str template = on ? on->items[0] : STR("*");
	struct str_list found = action_resources(op->arena, template, op->input.scope, known);

	return found.count ? found.items[0] : STR("*");
}

/* The one that the message names is enough; else all that may have been it. */
static bool is_named(struct str message, const struct action_need *need)
{
	for (size_t i = 0; i < need->actions.count; i++)
		if (str_contains(message, need->actions.items[i]))
			return true;
	return false;
}

static bool is_given(const struct value *known, struct str path)
{
	const struct value *v = path.length ? value_path(known, path) : NULL;

	return !path.length || (v && v->kind != VALUE_NULL);
}

static void add_need(struct buf *b, const struct action_need *need, struct str resource,
		     bool first)
{
	buf_add_c(b, first ? "; it needs " : ", and ");
	for (size_t i = 0; i < need->actions.count; i++)
		buf_printf(b, "%s%.*s", i ? ", " : "", STR_ARG(need->actions.items[i]));
	buf_printf(b, " on %.*s", STR_ARG(resource));
}

void op_add_denied(struct op *op, const struct reply *reply, struct buf *b)
{
	const struct service_actions *actions;
	const struct action_needs *needs = NULL;
	struct value known;
	bool named = false, any = false;

	if (!is_denial(reply) || !op->input.schemas)
		return;
	actions = schemas_actions(op->input.schemas, op->driver->api);
	if (actions)
		needs = map_get(&actions->calls, op->call->operation);
	known = known_of(op);
	for (size_t i = 0; needs && i < needs->count; i++)
		named = named || is_named(reply->message, &needs->items[i]);
	for (size_t i = 0; needs && i < needs->count; i++) {
		const struct action_need *need = &needs->items[i];

		if (!is_given(&known, need->with) || (named && !is_named(reply->message, need)))
			continue;
		add_need(b, need, resource_of(op, need, actions, &known), !any);
		any = true;
	}
	if (any)
		buf_add_c(b, " (effc plan --iam prints all that a plan needs)");
}
