#include "make.h"
#include "render.h"

#include "base/json.h"

#define NAMES_SHORT 6			/* actions, and what they are on, of one line */

/* "dynamodb:GetItem, PutItem, sqs:SendMessage": a service is said once. */
static void add_actions(struct buf *out, const struct str_list *actions, size_t most)
{
	struct str last = { 0 };

	for (size_t i = 0; i < actions->count && i < most; i++) {
		struct str action = actions->items[i];
		size_t colon = str_index(action, ':');
		struct str service = str_slice(action, 0, colon);
		bool same = i && colon < action.length && str_equal(service, last);

		buf_add_c(out, i ? ", " : "");
		render_shown(out, same ? str_slice(action, colon + 1, action.length) : action);
		last = colon < action.length ? service : (struct str){ 0 };
	}
	if (actions->count > most)
		buf_printf(out, " and %zu more", actions->count - most);
}

static void add_names(struct buf *out, const struct str_list *names, size_t most, size_t limit)
{
	for (size_t i = 0; i < names->count && i < most; i++) {
		buf_add_c(out, i ? ", " : "");
		render_short(out, names->items[i], limit);
	}
	if (names->count > most)
		buf_printf(out, " and %zu more", names->count - most);
}

void render_permission_actions(struct buf *out, const struct permission_row *row, bool whole)
{
	add_actions(out, &row->actions, whole ? SIZE_MAX : NAMES_SHORT);
}

void render_permission_on(struct buf *out, const struct permission_row *row, bool whole)
{
	add_names(out, &row->on, whole ? SIZE_MAX : NAMES_SHORT, whole ? SIZE_MAX / 4 : 120);
}

/* "sourcearn arn:...": what is asked for; how, in the JSON. */
static void add_condition(struct buf *out, struct str condition, size_t limit)
{
	struct arena scratch;
	struct value v;
	bool any = false;

	arena_init(&scratch);
	if (!json_parse(&scratch, condition, SPAN_NOWHERE, &v, NULL) || v.kind != VALUE_MAP)
		v = value_map();
	for (uint32_t i = 0; i < v.map.count; i++) {
		const struct value *keys = &((struct member *)v.map.entries[i].value)->value;

		for (uint32_t k = 0; keys->kind == VALUE_MAP && k < keys->map.count; k++) {
			const struct member *m = keys->map.entries[k].value;
			bool one = m->value.kind == VALUE_LIST && m->value.list.count == 1 &&
				   m->value.list.items[0].kind == VALUE_STRING;

			buf_add_c(out, any ? " and " : "");
			if (str_contains(v.map.entries[i].key, STR("Not")))
				buf_add_c(out, "not ");
			render_short(out, keys->map.entries[k].key, limit);
			buf_add_char(out, ' ');
			if (one)
				render_short(out, m->value.list.items[0].string, limit);
			else
				render_value(out, &m->value, limit);
			any = true;
		}
	}
	if (!any)
		render_short(out, condition, limit);
	arena_release(&scratch);
}

void render_permission_note(struct buf *out, const struct permission_row *row, size_t limit)
{
	bool any = false;

	for (int i = 0; i < NOTES; i++) {
		if (!(row->notes & (1u << i)))
			continue;
		buf_add_c(out, any ? ", " : "");
		buf_add_c(out, permission_note_text((enum permission_note)(1u << i), row->wider));
		any = true;
	}
	if (!row->condition.length)
		return;
	buf_add_c(out, any ? "; if " : "if ");
	if (leaks(row->condition))
		buf_add_c(out, "(sensitive)");
	else
		add_condition(out, row->condition, limit);
}

/* ---- JSON ---- */

static struct value texts_value(struct arena *a, const struct str_list *texts)
{
	struct value v = value_list(arena_array(a, struct value, texts->count), texts->count);

	for (size_t i = 0; i < texts->count; i++)
		v.list.items[i] = value_string(texts->items[i]);
	return v;
}

static struct value notes_value(struct arena *a, const struct permission_row *row)
{
	struct value v = value_list(NULL, 0);

	for (int i = 0; i < NOTES; i++)
		if (row->notes & (1u << i))
			value_append(a, &v, value_string(str_from_c(permission_note_text(
				(enum permission_note)(1u << i), row->wider))));
	return v;
}

static struct value row_value(struct arena *a, const struct permission_row *row)
{
	struct value v = value_map(), condition;

	value_set(a, &v, STR("sign"), value_string(row->wider ? STR("+") : STR("-")));
	value_set(a, &v, STR("principal"), value_string(row->principal));
	value_set(a, &v, STR("actions"), texts_value(a, &row->actions));
	value_set(a, &v, STR("on"), texts_value(a, &row->on));
	if (row->deny)
		value_set(a, &v, STR("deny"), value_bool(true));
	if (row->condition.length && !leaks(row->condition) &&
	    json_parse(a, row->condition, SPAN_NOWHERE, &condition, NULL))
		value_set(a, &v, STR("condition"), condition);
	else if (row->condition.length)
		value_set(a, &v, STR("condition"), value_string(STR("(sensitive)")));
	if (row->notes)
		value_set(a, &v, STR("notes"), notes_value(a, row));
	value_set(a, &v, STR("address"), value_string(row->address));
	return v;
}

void render_json_permissions(struct buf *out, const struct permission_delta *delta)
{
	buf_printf(out, "{\"wider\":%zu,\"narrower\":%zu,\"public\":%zu,\"rows\":[",
		   delta->wider, delta->narrower, delta->public);
	for (size_t i = 0; i < delta->count; i++) {
		struct arena scratch;
		struct value v;

		arena_init(&scratch);
		v = row_value(&scratch, &delta->rows[i]);
		buf_add_c(out, i ? ",\n  " : "\n  ");
		json_print(out, &v);
		arena_release(&scratch);
	}
	buf_add_c(out, delta->count ? "\n ]}" : "]}");
}
