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

static struct value texts_value(struct arena *a, const struct str_list *texts)
{
	struct value *items = arena_array(a, struct value, texts->count);

	for (size_t i = 0; i < texts->count; i++)
		items[i] = value_string(texts->items[i]);
	return value_list(items, texts->count);
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
		value_set(a, &v, STR("edges"), texts_value(a, &row->edges));
	if (row->triggers.count)
		value_set(a, &v, STR("triggers"), texts_value(a, &row->triggers));
	set_flag(a, &v, "retain", row->retain);
	set_flag(a, &v, "delete_first", row->delete_first);
	set_flag(a, &v, "adopting", row->adopting);
	set_flag(a, &v, "sent", row->sent);
	return v;
}

/* The first format that has all that the row says, so that older programs read the rest. */
static int format_of(const struct row *row)
{
	int format = 1;

	for (; row; row = row->previous) {
		if (row->previous && row->previous->generation > row->generation)
			return 3;
		if (row->triggers.count || row->adopting)
			format = 2;
	}
	return format;
}

struct str row_encode(struct arena *a, const struct row *row)
{
	struct value older = { .kind = VALUE_LIST, .span = SPAN_NONE };
	struct value v;
	size_t generations = 1;

	row_open(row);
	v = generation_value(a, row);
	value_set(a, &v, STR("format"), value_int(format_of(row)));
	for (const struct row *r = row->previous; r; r = r->previous) {
		CHECK(++generations <= ROW_GENERATIONS_MOST);
		value_append(a, &older, generation_value(a, r));
	}
	if (older.list.count)
		value_set(a, &v, STR("previous"), older);
	return json_text_canonical(a, &v);
}

/* ---- reading ---- */

/*
 * Of ten thousand rows a plan with nothing to do needs ten thousand addresses and no
 * property.  So a row's text is passed over once, checked, and cut into its members;
 * the long ones stay text until row_open.
 */
enum row_member {
	MEMBER_ADDRESS, MEMBER_ADOPTING, MEMBER_ATTRIBUTES, MEMBER_BASELINE, MEMBER_BEFORE,
	MEMBER_DELETE_FIRST, MEMBER_DRIVER_VERSION, MEMBER_EDGES, MEMBER_FORMAT,
	MEMBER_GENERATION, MEMBER_GUARD, MEMBER_IDENTIFIER, MEMBER_INSTANCE, MEMBER_NAME,
	MEMBER_PREVIOUS, MEMBER_PROPERTIES, MEMBER_RETAIN, MEMBER_SCOPE, MEMBER_SENT,
	MEMBER_SOURCE, MEMBER_STATUS, MEMBER_TRIGGERS, MEMBER_TYPE,
	MEMBERS
};

/* In the order in which they are written, so that the search for one begins after the last. */
static const struct str member_names[MEMBERS] = {
	STR_INIT("address"), STR_INIT("adopting"), STR_INIT("attributes"),
	STR_INIT("baseline"), STR_INIT("before"), STR_INIT("delete_first"),
	STR_INIT("driver_version"), STR_INIT("edges"), STR_INIT("format"),
	STR_INIT("generation"), STR_INIT("guard"), STR_INIT("identifier"),
	STR_INIT("instance"), STR_INIT("name"), STR_INIT("previous"),
	STR_INIT("properties"), STR_INIT("retain"), STR_INIT("scope"), STR_INIT("sent"),
	STR_INIT("source"), STR_INIT("status"), STR_INIT("triggers"), STR_INIT("type"),
};

struct reader {
	struct arena *arena;
	struct error *err;
	const struct row *like;		/* one that was read before, or NULL */
	struct str members[MEMBERS];	/* their texts; empty: absent */
	bool simple;			/* no string of it has an escape */
	int64_t format;
	bool failed;
};

static void fail(struct reader *r, struct str key, const char *want)
{
	if (!r->failed)
		error_set(r->err, ERROR_CORRUPT, "the state row's '%.*s' %s", STR_ARG(key), want);
	r->failed = true;
}

static void fail_member(struct reader *r, enum row_member member, const char *want)
{
	fail(r, member_names[member], want);
}

/* Cuts the text of a generation; false if it is no JSON. */
static bool cut(struct reader *r, struct str text)
{
	struct json_items items = { .scratch = r->arena, .text = text, .err = r->err };
	unsigned at = 0;
	struct str name = { 0 }, item;

	while (json_next(&items, &name, &item)) {
		unsigned tries = 0;

		while (tries < MEMBERS && !str_equal(name, member_names[at % MEMBERS])) {
			at++;
			tries++;
		}
		if (!items.map)
			fail(r, STR("text"), "is no object");
		else if (tries == MEMBERS)
			fail(r, STR("members"), "are not all known to this version");
		else if (r->members[at % MEMBERS].length)
			fail(r, name, "is said twice");
		else
			r->members[at++ % MEMBERS] = item;
	}
	r->simple = items.simple;
	return !items.failed;
}

/* A member's text if it begins like one of its kind; else empty. */
static struct str take(struct reader *r, enum row_member member, char first)
{
	struct str text = r->members[member];

	if (!text.length || text.data[0] == first)
		return text;
	fail_member(r, member, "has the wrong kind");
	return (struct str){ 0 };
}

/* What a text that was checked means. */
static struct value parsed(struct arena *a, struct str text)
{
	struct value v;

	CHECK(json_parse(a, text, SPAN_NOWHERE, &v, NULL));
	return v;
}

static struct str string_of(const struct reader *r, struct str text)
{
	struct str inside = str_slice(text, 1, text.length - 1);

	if (r->simple || str_index(inside, '\\') == inside.length)
		return inside;
	return parsed(r->arena, text).string;
}

static struct str take_str(struct reader *r, enum row_member member, bool required)
{
	struct str text = take(r, member, '"');

	if (!text.length && required)
		fail_member(r, member, "is missing");
	if (text.length == 2)
		fail_member(r, member, "is empty");
	return text.length ? string_of(r, text) : text;
}

static bool take_flag(struct reader *r, enum row_member member)
{
	struct str text = r->members[member];

	if (text.length && !str_equal_c(text, "true"))
		fail_member(r, member, "is not 'true', and nothing else is ever written");
	return text.length > 0;
}

static uint32_t take_count(struct reader *r, enum row_member member)
{
	int64_t number;

	if (!r->members[member].length)
		fail_member(r, member, "is missing");
	else if (!str_to_int(r->members[member], &number))
		fail_member(r, member, "has the wrong kind");
	else if (number < 0 || number > UINT32_MAX)
		fail_member(r, member, "is out of range");
	else
		return (uint32_t)number;
	return 0;
}

static int take_name(struct reader *r, enum row_member member, const char *const *names,
		     size_t count)
{
	struct str name = take_str(r, member, true);

	for (size_t i = 0; i < count; i++) {
		if (str_equal_c(name, names[i]))
			return (int)i;
	}
	fail_member(r, member, "is none of the known ones");
	return 0;
}

static enum row_status take_status(struct reader *r)
{
	struct str name = take_str(r, MEMBER_STATUS, true);

	for (int i = 0; i <= ROW_DELETING; i++) {
		if (str_equal_c(name, row_status_name((enum row_status)i)))
			return (enum row_status)i;
	}
	fail_member(r, MEMBER_STATUS, "is none of the known ones");
	return ROW_CREATING;
}

static struct str *scope_part(struct scope *scope, struct str name)
{
	struct str *const parts[] = { &scope->account, &scope->partition, &scope->region,
				      &scope->target };
	static const struct str names[] = { STR_INIT("account"), STR_INIT("partition"),
					    STR_INIT("region"), STR_INIT("target") };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (str_equal(name, names[i]))
			return parts[i];
	}
	return NULL;
}

static void take_scope(struct reader *r, struct scope *out)
{
	struct json_items items = { .scratch = r->arena,
				    .text = take(r, MEMBER_SCOPE, '{') };
	struct str name, item;

	if (!items.text.length) {
		fail_member(r, MEMBER_SCOPE, "is missing");
		return;
	}
	/* Nearly all of a stack lives in one place. */
	if (r->like && r->like->unread && str_equal(items.text, r->like->unread->scope)) {
		*out = r->like->scope;
		return;
	}
	while (json_next(&items, &name, &item)) {
		struct str *part = scope_part(out, name);

		if (!part)
			fail_member(r, MEMBER_SCOPE, "says what this version does not know");
		else if (part->length)
			fail_member(r, MEMBER_SCOPE, "says something twice");
		else if (item.data[0] != '"' || item.length == 2)
			fail_member(r, MEMBER_SCOPE, "has a part that is no name");
		else
			*part = string_of(r, item);
	}
}

static size_t count_items(struct arena *scratch, struct str text)
{
	struct json_items items = { .scratch = scratch, .text = text };
	struct str name, item;
	size_t count = 0;

	while (json_next(&items, &name, &item))
		count++;
	return count;
}

static void take_edges(struct reader *r, struct str_list *out)
{
	struct json_items items = { .scratch = r->arena, .text = take(r, MEMBER_EDGES, '[') };
	struct address ignored;
	struct str name, item;

	if (!items.text.length)
		return;
	out->items = arena_array(r->arena, struct str, count_items(r->arena, items.text));
	while (json_next(&items, &name, &item)) {
		struct str edge = item.data[0] == '"' ? string_of(r, item) : STR("");

		if (!address_parse(r->arena, edge, &ignored)) {
			fail_member(r, MEMBER_EDGES, "have something that is no address");
			return;
		}
		out->items[out->count++] = edge;
	}
}

static bool is_digest(struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];

		if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
			return false;
	}
	return text.length == TRIGGER_DIGITS;
}

static void take_triggers(struct reader *r, struct str_list *out)
{
	struct json_items items = { .scratch = r->arena, .text = take(r, MEMBER_TRIGGERS, '[') };
	struct str name, item;

	if (!items.text.length)
		return;
	if (r->format < 2)
		fail_member(r, MEMBER_TRIGGERS, "are not of its format");
	out->items = arena_array(r->arena, struct str, count_items(r->arena, items.text));
	while (json_next(&items, &name, &item)) {
		struct str digest = item.data[0] == '"' ? string_of(r, item) : STR("");

		if (!is_digest(digest)) {
			fail_member(r, MEMBER_TRIGGERS, "have something that is no digest");
			return;
		}
		out->items[out->count++] = digest;
	}
}

static void take_unread(struct reader *r, struct row *out)
{
	struct row_unread *unread = arena_new(r->arena, struct row_unread);

	unread->arena = r->arena;
	unread->scope = r->members[MEMBER_SCOPE];
	unread->properties = take(r, MEMBER_PROPERTIES, '{');
	unread->before = take(r, MEMBER_BEFORE, '{');
	unread->attributes = take(r, MEMBER_ATTRIBUTES, '{');
	unread->baseline = take(r, MEMBER_BASELINE, '{');
	out->unread = unread;
}

static void take_generation(struct reader *r, struct row *out)
{
	if (!address_parse(r->arena, take_str(r, MEMBER_ADDRESS, true), &out->address))
		fail_member(r, MEMBER_ADDRESS, "is no address");
	out->type = take_str(r, MEMBER_TYPE, true);
	take_scope(r, &out->scope);
	out->generation = take_count(r, MEMBER_GENERATION);
	out->status = take_status(r);
	out->guard = (enum guard)take_name(r, MEMBER_GUARD, guard_names, GUARD_HARD + 1);
	out->driver_version = take_count(r, MEMBER_DRIVER_VERSION);
	out->identifier = take_str(r, MEMBER_IDENTIFIER, false);
	out->instance = take_str(r, MEMBER_INSTANCE, false);
	out->name = take_str(r, MEMBER_NAME, false);
	out->source = take_str(r, MEMBER_SOURCE, false);
	take_edges(r, &out->edges);
	take_triggers(r, &out->triggers);
	out->retain = take_flag(r, MEMBER_RETAIN);
	out->delete_first = take_flag(r, MEMBER_DELETE_FIRST);
	out->sent = take_flag(r, MEMBER_SENT);
	out->adopting = take_flag(r, MEMBER_ADOPTING);
	if (out->adopting && r->format < 2)
		fail_member(r, MEMBER_ADOPTING, "is not of its format");
	take_unread(r, out);
}

/* An older generation, of a text that was checked as part of the newest one's. */
static bool read_older(struct arena *a, struct str text, int64_t format, struct row *out,
		       struct error *err)
{
	struct reader r = { .arena = a, .err = err, .format = format };

	if (text.data[0] != '{')
		return error_set(err, ERROR_CORRUPT, "the state row's 'previous' has no object");
	CHECK(cut(&r, text));
	if (r.members[MEMBER_FORMAT].length || r.members[MEMBER_PREVIOUS].length)
		fail(&r, STR("members"), "are not all known to this version");
	*out = (struct row){ 0 };
	take_generation(&r, out);
	row_open(out);
	return !r.failed;
}

static bool has_generation(const struct row *row, uint32_t generation)
{
	while (row && row->generation != generation)
		row = row->previous;
	return row != NULL;
}

static bool read_previous(struct arena *a, struct str list, int64_t format, struct row *newest,
			  struct error *err)
{
	struct json_items items = { .scratch = a, .text = list };
	size_t count = list.data[0] == '[' ? count_items(a, list) : 0;
	struct row *last = newest;
	struct str name, item;

	if (!count)
		return error_set(err, ERROR_CORRUPT, "the state row's 'previous' is no list");
	if (count >= ROW_GENERATIONS_MOST)
		return error_set(err, ERROR_CORRUPT, "the state row has too many generations");
	while (json_next(&items, &name, &item)) {
		struct row *older = arena_new(a, struct row);

		if (!read_older(a, item, format, older, err))
			return false;
		if (!address_equal(&older->address, &newest->address) ||
		    has_generation(newest, older->generation) ||
		    (format < 3 && older->generation > last->generation))
			return error_set(err, ERROR_CORRUPT,
					 "the state row's generations do not fit together");
		last->previous = older;
		last = older;
	}
	return true;
}

static bool check_format(struct str text, int64_t *out, struct error *err)
{
	int64_t format;

	if (!str_to_int(text, &format))
		return error_set(err, ERROR_CORRUPT, "the state row says no 'format'");
	*out = format;
	if (format > ROW_FORMAT)
		return error_set(err, ERROR_CORRUPT,
				 "the state row has format %lld, this version reads up to %d: "
				 "use a newer effc", (long long)format, ROW_FORMAT);
	return format >= 1 ||
	       error_set(err, ERROR_CORRUPT, "the state row has an impossible format");
}

bool row_read(struct arena *a, struct str text, const struct row *like, struct row *out,
	      struct error *err)
{
	struct reader r = { .arena = a, .err = err, .like = like };

	if (!cut(&r, text)) {
		if (err)
			err->kind = ERROR_CORRUPT;
		return error_context(err, "a state row");
	}
	if (!check_format(r.members[MEMBER_FORMAT], &r.format, err))
		return false;
	*out = (struct row){ 0 };
	take_generation(&r, out);
	return !r.failed && (!r.members[MEMBER_PREVIOUS].length ||
			     read_previous(a, r.members[MEMBER_PREVIOUS], r.format, out, err));
}

static void open_one(struct arena *a, struct str text, struct value *out)
{
	if (text.length)
		*out = parsed(a, text);
}

void row_open(const struct row *row)
{
	const struct row_unread *unread = row->unread;
	struct row *opened = (struct row *)(uintptr_t)(const void *)row;

	if (!unread)
		return;
	open_one(unread->arena, unread->properties, &opened->properties);
	open_one(unread->arena, unread->before, &opened->before);
	open_one(unread->arena, unread->attributes, &opened->attributes);
	open_one(unread->arena, unread->baseline, &opened->baseline);
	opened->unread = NULL;
}

bool row_decode(struct arena *a, struct str text, struct row *out, struct error *err)
{
	if (!row_read(a, text, NULL, out, err))
		return false;
	row_open(out);
	return true;
}

bool row_applied(const struct row *row, const struct value *wanted, struct json_said *said)
{
	return row->unread && !row->unread->before.length &&
	       json_says(row->unread->properties, wanted, said);
}
