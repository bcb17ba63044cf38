#include "driver_parse.h"

const char *const call_keys[] = {
	"call", "in", "page", "absent", "none", "ok", "exists", "foreign", "retry", "say", "out",
	"bare", NULL,
};

const char *const driver_fact_names[] = {
	"items", "size_bytes", "messages", "point_in_time_recovery", "empty", NULL,
};

static const char *const refusal_keys[] = { "code", "match", "for", NULL };

static void refusal_parse(struct driver_parser *p, const struct value *v, bool timed,
			  struct refusal *out)
{
	if (v->kind == VALUE_STRING && !timed) {
		out->code = v->string;
		return;
	}
	if (!keys_known(p, v, timed ? "a retry" : "a refusal", refusal_keys))
		return;
	out->code = key_str(p, v, "code");
	out->match = key_str_list(p, v, "match");
	out->for_ms = key_ms(p, v, "for", 0);
	if (!out->code.length)
		diag_error(p->d, v->span, "'code' is missing");
	if (timed && !out->for_ms)
		diag_error(p->d, v->span, "a retry needs 'for', in seconds");
	if (!timed && value_get_c(v, "for"))
		diag_error(p->d, v->span, "'for' belongs to a retry");
}

void refusals_parse(struct driver_parser *p, const struct value *v, bool timed,
		    struct refusals *out)
{
	size_t count;

	if (!v)
		return;
	count = v->kind == VALUE_LIST ? v->list.count : 1;
	if (count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "more than %d items", DRIVER_ITEMS_LIMIT);
		return;
	}
	out->items = arena_array(p->arena, struct refusal, count);
	for (size_t i = 0; i < count; i++)
		refusal_parse(p, v->kind == VALUE_LIST ? &v->list.items[i] : v, timed,
			      &out->items[out->count++]);
}

static void refusals_join(struct driver_parser *p, struct refusals *out,
			  const struct refusals *more)
{
	struct refusal *all = arena_array(p->arena, struct refusal, out->count + more->count);

	for (size_t i = 0; i < out->count; i++)
		all[i] = out->items[i];
	for (size_t i = 0; i < more->count; i++)
		all[out->count + i] = more->items[i];
	out->items = all;
	out->count += more->count;
}

/* say: {Code: what it means} */
static void say_parse(struct driver_parser *p, const struct value *v, struct refusals *out)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'say' must be a map of code: text");
		return;
	}
	out->items = arena_array(p->arena, struct refusal, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		out->items[out->count].code = v->map.entries[i].key;
		out->items[out->count++].match = value_str_list(p, &m->value, "an explanation");
	}
}

/* page: {NextToken: .NextToken} */
static void page_parse(struct driver_parser *p, const struct value *v, struct driver_call *out)
{
	const struct member *m;
	struct term t;

	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count != 1) {
		diag_error(p->d, v->span, "'page' is one {InputMember: .OutputPath}");
		return;
	}
	m = v->map.entries[0].value;
	t = term_parse(p, &m->value);
	if (t.kind != TERM_REPLY || !t.path.count) {
		diag_error(p->d, m->value.span, "'page' needs a path of the reply");
		return;
	}
	out->page_in = v->map.entries[0].key;
	out->page_out = t.path;
}

static void out_one(struct driver_parser *p, struct str name, struct span span, struct term term,
		    struct driver_outs *out)
{
	struct driver_out *o = &out->items[out->count];

	*o = (struct driver_out){ .name = name, .term = term, .span = span };
	if (str_equal(name, STR("*"))) {
		out->count++;
		return;
	}
	if (str_ends(name, STR("[]"))) {
		o->append = true;
		o->name = str_slice(name, 0, name.length - 2);
	}
	if (term_path_parse(p, o->name, span, &o->path))
		out->count++;
}

/* same: [A, B] is .A and .B; same: {.At: [A]} is .At.A */
static void out_same_list(struct driver_parser *p, const struct value *v,
			  const struct term_path *at, struct driver_outs *out)
{
	struct str_list names = value_str_list(p, v, "same");

	for (size_t i = 0; i < names.count; i++) {
		struct term t = { .kind = TERM_REPLY, .span = v->span };

		t.path.parts = arena_array(p->arena, struct path_part, at->count + 1);
		for (size_t j = 0; j < at->count; j++)
			t.path.parts[j] = at->parts[j];
		t.path.parts[at->count] =
			(struct path_part){ .kind = PATH_FIELD, .field = names.items[i] };
		t.path.count = at->count + 1;
		out_one(p, names.items[i], v->span, t, out);
	}
}

static size_t same_count(const struct value *v)
{
	size_t count = 1;

	if (v->kind == VALUE_LIST)
		return v->list.count;
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		count += same_count(&((const struct member *)v->map.entries[i].value)->value);
	return count;
}

static void out_same(struct driver_parser *p, const struct value *v, struct driver_outs *out)
{
	struct term_path root = { 0 };

	if (v->kind != VALUE_MAP) {
		out_same_list(p, v, &root, out);
		return;
	}
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct value key = value_string(v->map.entries[i].key);
		struct term at;

		key.span = m->key_span;
		at = term_parse(p, &key);
		if (at.kind != TERM_REPLY || m->value.kind == VALUE_MAP) {
			diag_error(p->d, m->key_span, "'same' is a list, or {.path: [names]}");
			continue;
		}
		out_same_list(p, &m->value, &at.path, out);
	}
}

static void outs_parse(struct driver_parser *p, const struct value *v, struct driver_outs *out)
{
	const struct value *same;
	size_t room;

	if (!v)
		return;
	if (v->kind != VALUE_MAP) {
		diag_error(p->d, v->span, "'out' must be a map");
		return;
	}
	same = value_get_c(v, "same");
	room = v->map.count + (same ? same_count(same) : 0);
	if (room > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'out' has more than %d entries", DRIVER_ITEMS_LIMIT);
		return;
	}
	out->items = arena_array(p->arena, struct driver_out, room);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (&m->value == same)
			out_same(p, same, out);
		else
			out_one(p, v->map.entries[i].key, m->key_span, term_parse(p, &m->value),
				out);
	}
}

void facts_parse(struct driver_parser *p, const struct value *v, struct driver_outs *out)
{
	if (!v || !keys_known(p, v, "'facts'", driver_fact_names))
		return;
	out->items = arena_array(p->arena, struct driver_out, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		out->items[out->count++] = (struct driver_out){
			.name = v->map.entries[i].key, .term = term_parse(p, &m->value),
			.span = m->key_span,
		};
	}
}

void call_parse(struct driver_parser *p, const struct value *v, struct driver_call *out)
{
	const struct value *in = value_get_c(v, "in");
	bool bare = key_bool(p, v, "bare");

	out->operation = key_str(p, v, "call");
	out->span = v->span;
	out->in = (struct term){ .kind = TERM_RECORD, .span = v->span };
	if (p->common_in && !bare)
		term_record_add(p, p->common_in, &out->in);
	if (in && in->kind == VALUE_MAP)
		term_record_add(p, in, &out->in);
	else if (in)
		diag_error(p->d, in->span, "'in' must be a map");
	page_parse(p, value_get_c(v, "page"), out);
	refusals_parse(p, value_get_c(v, "absent"), false, &out->absent);
	refusals_parse(p, value_get_c(v, "none"), false, &out->none);
	refusals_parse(p, value_get_c(v, "ok"), false, &out->ok);
	refusals_parse(p, value_get_c(v, "exists"), false, &out->exists);
	refusals_parse(p, value_get_c(v, "foreign"), false, &out->foreign);
	refusals_parse(p, value_get_c(v, "retry"), true, &out->retry);
	say_parse(p, value_get_c(v, "say"), &out->say);
	outs_parse(p, value_get_c(v, "out"), &out->out);
	if (!bare)
		refusals_join(p, &out->retry, &p->common_retry);
}

static void condition_value(struct driver_parser *p, const struct value *v, struct condition *c)
{
	size_t count;

	if (v->kind == VALUE_STRING && str_equal(v->string, STR("present"))) {
		c->test = TEST_PRESENT;
		return;
	}
	if (v->kind == VALUE_STRING && str_equal(v->string, STR("absent"))) {
		c->test = TEST_ABSENT;
		return;
	}
	c->test = TEST_IS;
	if (v->kind == VALUE_MAP) {
		const struct value *not = value_get_c(v, "not");

		if (!not || v->map.count != 1) {
			diag_error(p->d, v->span, "a condition is a value, a list or {not: ...}");
			return;
		}
		c->test = TEST_IS_NOT;
		v = not;
	}
	count = v->kind == VALUE_LIST ? v->list.count : 1;
	if (count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "more than %d alternatives", DRIVER_ITEMS_LIMIT);
		return;
	}
	c->alternatives = arena_array(p->arena, struct term, count);
	for (size_t i = 0; i < count; i++)
		c->alternatives[c->count++] =
			term_parse(p, v->kind == VALUE_LIST ? &v->list.items[i] : v);
}

void conditions_parse(struct driver_parser *p, const struct value *v, struct conditions *out)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "conditions must be a map");
		return;
	}
	out->items = arena_array(p->arena, struct condition, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;
		struct condition *c = &out->items[out->count++];
		struct value key = value_string(v->map.entries[i].key);

		key.span = m->key_span;
		c->span = m->key_span;
		if (str_equal(key.string, STR("new")))
			c->subject = CONDITION_NEW;
		else if (str_equal(key.string, STR("old")))
			c->subject = CONDITION_OLD;
		else
			c->term = term_parse(p, &key);
		condition_value(p, &m->value, c);
		if (c->subject == CONDITION_TERM && c->term.kind == TERM_LITERAL)
			diag_error(p->d, m->key_span,
				   "'%.*s' is no expression: begin it with '$' or '.'",
				   STR_ARG(key.string));
		if (c->subject != CONDITION_TERM && c->test != TEST_PRESENT &&
		    c->test != TEST_ABSENT)
			diag_error(p->d, m->value.span, "must be 'present' or 'absent'");
	}
}
