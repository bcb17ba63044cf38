#include "render.h"

#include "base/json.h"
#include "base/utf8.h"

static bool is_unsafe(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
	       (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
	       (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

void render_shown(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.length;) {
		uint32_t c = 0;
		size_t size = utf8_decode(text.data + i, text.length - i, &c);

		if (!size)
			buf_printf(out, "\\x%02x", (unsigned)(unsigned char)text.data[i]);
		else if (is_unsafe(c))
			buf_printf(out, c < 0x100 ? "\\x%02x" : "\\u{%x}", (unsigned)c);
		else
			buf_add(out, str_slice(text, i, i + size));
		i += size ? size : 1;
	}
}

/* Backs off to where a character starts, so that no half of one is shown. */
static size_t character_start(struct str text, size_t at)
{
	while (at > 0 && at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80)
		at--;
	return at;
}

void render_short(struct buf *out, struct str text, size_t limit_bytes)
{
	size_t head = limit_bytes * 2 / 3, tail = limit_bytes - head;

	if (text.length <= limit_bytes) {
		render_shown(out, text);
		return;
	}
	render_shown(out, str_slice(text, 0, character_start(text, head)));
	buf_add_c(out, "..");
	render_shown(out, str_slice(text, character_start(text, text.length - tail), text.length));
}

void render_value(struct buf *out, const struct value *v, size_t limit_bytes)
{
	struct arena scratch;

	if (v->kind == VALUE_NULL) {
		buf_add_c(out, "none");
		return;
	}
	arena_init(&scratch);
	if (v->kind == VALUE_UNKNOWN) {
		struct value prefix = value_string(v->unknown->prefix);

		if (prefix.string.length && !(v->marks & VALUE_SECRET)) {
			render_short(out, json_text(&scratch, &prefix), limit_bytes);
			buf_add_c(out, " and more ");
		}
		buf_add_c(out, "(known after apply)");
		arena_release(&scratch);
		return;
	}
	render_short(out, json_text(&scratch, v), limit_bytes);
	arena_release(&scratch);
}

static const struct resource *resource_of(const struct plan *plan, const struct action *act)
{
	return act->want == NO_RESOURCE ? NULL : &plan->model->resources[act->want];
}

struct str render_type(const struct plan *plan, const struct action *act)
{
	const struct resource *r = resource_of(plan, act);

	return r ? r->schema->type : act->have->type;
}

struct str render_label(struct arena *a, const struct plan *plan, const struct action *act)
{
	/* What is destroyed may still be in the spec, and has its kind there. */
	uint32_t at = act->want != NO_RESOURCE ? act->want : model_find(plan->model, act->address);
	struct str kind = { 0 };

	if (at != NO_RESOURCE)
		kind = plan->model->resources[at].kind;
	/* The kind stands before the id, behind the path of its module. */
	if (kind.length) {
		size_t id = plan->model->resources[at].address.module.length;

		if (id)
			id += sizeof("module..") - 1;
		return str_format(a, "%.*s%.*s.%.*s", (int)id, act->address.data, STR_ARG(kind),
				  STR_ARG(str_slice(act->address, id, act->address.length)));
	}
	return act->address;
}

struct str render_place(struct arena *a, const struct plan *plan, const struct action *act)
{
	struct place place = { 0 };
	struct str source;

	if (plan->model->sources)
		place = span_place(plan->model->sources, act->span);
	if (place.path.length)
		return str_format(a, "%.*s:%u", STR_ARG(place.path), place.line);
	source = act->have ? act->have->source : (struct str){ 0 };
	return str_slice(source, 0, str_last_index(source, ':'));
}

struct str render_region(const struct plan *plan, const struct action *act)
{
	struct str region = act->want == NO_RESOURCE ? act->have->scope.region :
			    plan->model->resources[act->want].scope.region;

	return str_equal(region, plan->model->scope.region) ? (struct str){ 0 } : region;
}

enum guard render_risk(const struct plan *plan, const struct action *act)
{
	const struct resource *r = resource_of(plan, act);
	enum guard guard = act->have ? act->have->guard : GUARD_NONE;

	if ((act->kind != ACTION_REPLACE && act->kind != ACTION_DELETE) || !act->have)
		return GUARD_NONE;
	if (act->blocked != GUARD_NONE)
		return act->blocked;
	if (r && r->guard > guard)
		guard = r->guard;
	/* Soft without messages has nothing to lose; what is gone neither. */
	if (guard != GUARD_HARD || (act->live && act->live->seen != SEEN_FOUND))
		return GUARD_NONE;
	return guard;
}

const char *render_symbol(const struct action *act)
{
	switch (act->kind) {
	case ACTION_CREATE:
		return "+";
	case ACTION_UPDATE:
		return "~";
	case ACTION_REPLACE:
		return act->delete_first ? "-/+" : "+/-";
	case ACTION_DELETE:
	case ACTION_COLLECT:
		return "-";
	case ACTION_METADATA:
		return "=";
	case ACTION_FORGET:
		return "x";
	case ACTION_NONE:
		break;
	}
	return " ";
}
