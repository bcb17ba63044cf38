#include "state.h"

#include "base/json.h"

static const char *const guard_names[] = {
	[GUARD_NONE] = "none", [GUARD_SOFT] = "soft", [GUARD_HARD] = "hard",
};

/* ---- writing ---- */

static void refuse_secrets(const struct value *v)
{
	if (v->marks & VALUE_SECRET)
		BUG("a secret on its way into the state");
	if (v->kind == VALUE_LIST) {
		for (size_t i = 0; i < v->list.count; i++)
			refuse_secrets(&v->list.items[i]);
	}
	if (v->kind == VALUE_MAP) {
		for (uint32_t i = 0; i < v->map.count; i++)
			refuse_secrets(&((struct member *)v->map.entries[i].value)->value);
	}
}

/* What is not known yet is no fact; the row is written again when it is. */
static struct value known_part(struct arena *a, const struct value *v)
{
	struct value known = value_map();

	if (v->kind != VALUE_MAP)
		return *v;
	refuse_secrets(v);
	if (!value_has_unknown(v))
		return *v;
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *member = v->map.entries[i].value;

		if (!value_has_unknown(&member->value))
			value_set(a, &known, v->map.entries[i].key, member->value);
	}
	return known;
}

static void set_str(struct arena *a, struct value *map, const char *key, struct str s)
{
	if (s.length)
		value_set(a, map, str_from_c(key), value_string(s));
}

static void set_flag(struct arena *a, struct value *map, const char *key, bool flag)
{
	if (flag)
		value_set(a, map, str_from_c(key), value_bool(true));
}

static void set_map(struct arena *a, struct value *map, const char *key, const struct value *v)
{
	if (v->kind == VALUE_MAP)
		value_set(a, map, str_from_c(key), known_part(a, v));
}

static struct value scope_value(struct arena *a, const struct scope *scope)
{
	struct value v = value_map();

	set_str(a, &v, "target", scope->target);
	set_str(a, &v, "partition", scope->partition);
	set_str(a, &v, "account", scope->account);
	set_str(a, &v, "region", scope->region);
	return v;
}

static struct value edges_value(struct arena *a, const struct str_list *edges)
{
	struct value *items = arena_array(a, struct value, edges->count);

	for (size_t i = 0; i < edges->count; i++)
		items[i] = value_string(edges->items[i]);
	return value_list(items, edges->count);
}

static struct value generation_value(struct arena *a, const struct row *row)
{
	struct value v = value_map();

	value_set(a, &v, STR("address"), value_string(address_text(a, &row->address)));
	value_set(a, &v, STR("type"), value_string(row->type));
	value_set(a, &v, STR("scope"), scope_value(a, &row->scope));
	value_set(a, &v, STR("generation"), value_int(row->generation));
	value_set(a, &v, STR("status"), value_string(str_from_c(row_status_name(row->status))));
	value_set(a, &v, STR("guard"), value_string(str_from_c(guard_names[row->guard])));
	value_set(a, &v, STR("driver_version"), value_int(row->driver_version));
	set_str(a, &v, "identifier", row->identifier);
	set_str(a, &v, "instance", row->instance);
	set_str(a, &v, "name", row->name);
	set_str(a, &v, "source", row->source);
	set_map(a, &v, "properties", &row->properties);
	set_map(a, &v, "before", &row->before);
	set_map(a, &v, "attributes", &row->attributes);
	set_map(a, &v, "baseline", &row->baseline);
	if (row->edges.count)
		value_set(a, &v, STR("edges"), edges_value(a, &row->edges));
	set_flag(a, &v, "retain", row->retain);
	set_flag(a, &v, "delete_first", row->delete_first);
	set_flag(a, &v, "sent", row->sent);
	return v;
}

struct str row_encode(struct arena *a, const struct row *row)
{
	struct value older = { .kind = VALUE_LIST, .span = SPAN_NONE };
	struct value v = generation_value(a, row);
	size_t generations = 1;

	value_set(a, &v, STR("format"), value_int(ROW_FORMAT));
	for (const struct row *r = row->previous; r; r = r->previous) {
		CHECK(++generations <= ROW_GENERATIONS_MOST);
		value_append(a, &older, generation_value(a, r));
	}
	if (older.list.count)
		value_set(a, &v, STR("previous"), older);
	return json_text_canonical(a, &v);
}

/* ---- reading ---- */

/* Takes members out of a map one by one; what is left at the end is unknown to us. */
struct reader {
	struct arena *arena;
	const struct value *map;
	uint32_t taken;
	struct error *err;
	bool failed;
};

static void fail(struct reader *r, const char *key, const char *want)
{
	if (!r->failed)
		error_set(r->err, ERROR_CORRUPT, "the state row's '%s' %s", key, want);
	r->failed = true;
}

static const struct value *take(struct reader *r, const char *key, enum value_kind kind)
{
	const struct value *v = value_get_c(r->map, key);

	if (!v)
		return NULL;
	r->taken++;
	if (v->kind != kind) {
		fail(r, key, "has the wrong kind");
		return NULL;
	}
	return v;
}

static struct str take_str(struct reader *r, const char *key, bool required)
{
	const struct value *v = take(r, key, VALUE_STRING);

	if (!v && required)
		fail(r, key, "is missing");
	if (v && !v->string.length)
		fail(r, key, "is empty");
	return v ? v->string : (struct str){ 0 };
}

static bool take_flag(struct reader *r, const char *key)
{
	const struct value *v = take(r, key, VALUE_BOOL);

	if (v && !v->boolean)
		fail(r, key, "is false, which is never written");
	return v != NULL;
}

static uint32_t take_count(struct reader *r, const char *key)
{
	const struct value *v = take(r, key, VALUE_INT);

	if (!v)
		fail(r, key, "is missing");
	else if (v->integer < 0 || v->integer > UINT32_MAX)
		fail(r, key, "is out of range");
	else
		return (uint32_t)v->integer;
	return 0;
}

static struct value take_map(struct reader *r, const char *key)
{
	const struct value *v = take(r, key, VALUE_MAP);

	return v ? *v : value_null();
}

static int take_name(struct reader *r, const char *key, const char *const *names, size_t count)
{
	struct str name = take_str(r, key, true);

	for (size_t i = 0; i < count; i++) {
		if (str_equal_c(name, names[i]))
			return (int)i;
	}
	fail(r, key, "is none of the known ones");
	return 0;
}

static void take_scope(struct reader *r, struct scope *out)
{
	const struct value *v = take(r, "scope", VALUE_MAP);
	struct reader inner = { .arena = r->arena, .map = v, .err = r->err };

	if (!v) {
		fail(r, "scope", "is missing");
		return;
	}
	out->target = take_str(&inner, "target", false);
	out->partition = take_str(&inner, "partition", false);
	out->account = take_str(&inner, "account", false);
	out->region = take_str(&inner, "region", false);
	if (inner.taken != v->map.count)
		fail(&inner, "scope", "has members that this version does not know");
	r->failed = r->failed || inner.failed;
}

static void take_edges(struct reader *r, struct str_list *out)
{
	const struct value *v = take(r, "edges", VALUE_LIST);
	struct address ignored;

	if (!v)
		return;
	out->items = arena_array(r->arena, struct str, v->list.count);
	for (size_t i = 0; i < v->list.count; i++) {
		const struct value *edge = &v->list.items[i];

		if (edge->kind != VALUE_STRING ||
		    !address_parse(r->arena, edge->string, &ignored)) {
			fail(r, "edges", "have something that is no address");
			return;
		}
		out->items[out->count++] = edge->string;
	}
}

static void take_generation(struct reader *r, struct row *out)
{
	const char *statuses[ROW_DELETING + 1];

	for (int i = 0; i <= ROW_DELETING; i++)
		statuses[i] = row_status_name((enum row_status)i);
	if (!address_parse(r->arena, take_str(r, "address", true), &out->address))
		fail(r, "address", "is no address");
	out->type = take_str(r, "type", true);
	take_scope(r, &out->scope);
	out->generation = take_count(r, "generation");
	out->status = (enum row_status)take_name(r, "status", statuses, ROW_DELETING + 1);
	out->guard = (enum guard)take_name(r, "guard", guard_names, GUARD_HARD + 1);
	out->driver_version = take_count(r, "driver_version");
	out->identifier = take_str(r, "identifier", false);
	out->instance = take_str(r, "instance", false);
	out->name = take_str(r, "name", false);
	out->source = take_str(r, "source", false);
	out->properties = take_map(r, "properties");
	out->before = take_map(r, "before");
	out->attributes = take_map(r, "attributes");
	out->baseline = take_map(r, "baseline");
	take_edges(r, &out->edges);
	out->retain = take_flag(r, "retain");
	out->delete_first = take_flag(r, "delete_first");
	out->sent = take_flag(r, "sent");
}

static bool read_generation(struct arena *a, const struct value *v, uint32_t known_members,
			    struct row *out, struct error *err)
{
	struct reader r = { .arena = a, .map = v, .taken = known_members, .err = err };

	if (v->kind != VALUE_MAP)
		return error_set(err, ERROR_CORRUPT, "the state row is no object");
	*out = (struct row){ 0 };
	take_generation(&r, out);
	if (!r.failed && r.taken != v->map.count)
		fail(&r, "members", "are not all known to this version");
	return !r.failed;
}

static bool read_previous(struct arena *a, const struct value *list, struct row *newest,
			  struct error *err)
{
	struct row *last = newest;

	if (list->kind != VALUE_LIST || !list->list.count)
		return error_set(err, ERROR_CORRUPT, "the state row's 'previous' is no list");
	if (list->list.count >= ROW_GENERATIONS_MOST)
		return error_set(err, ERROR_CORRUPT, "the state row has too many generations");
	for (size_t i = 0; i < list->list.count; i++) {
		struct row *older = arena_new(a, struct row);

		if (!read_generation(a, &list->list.items[i], 0, older, err))
			return false;
		if (!address_equal(&older->address, &newest->address) ||
		    older->generation >= last->generation)
			return error_set(err, ERROR_CORRUPT,
					 "the state row's generations do not fit together");
		last->previous = older;
		last = older;
	}
	return true;
}

bool row_decode(struct arena *a, struct str text, struct row *out, struct error *err)
{
	const struct value *format, *previous;
	struct value v;

	if (!json_parse(a, text, SPAN_NOWHERE, &v, err)) {
		if (err)
			err->kind = ERROR_CORRUPT;
		return error_context(err, "a state row");
	}
	format = value_get_c(&v, "format");
	if (!format || format->kind != VALUE_INT)
		return error_set(err, ERROR_CORRUPT, "the state row says no 'format'");
	if (format->integer > ROW_FORMAT)
		return error_set(err, ERROR_CORRUPT,
				 "the state row has format %lld, this version reads up to %d: "
				 "use a newer effc", (long long)format->integer, ROW_FORMAT);
	if (format->integer != ROW_FORMAT)
		return error_set(err, ERROR_CORRUPT, "the state row has an impossible format");
	previous = value_get_c(&v, "previous");
	if (!read_generation(a, &v, previous ? 2 : 1, out, err))
		return false;
	return !previous || read_previous(a, previous, out, err);
}
