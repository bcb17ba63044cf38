#include "row.h"

#include "base/json.h"

#define SETTLED_WINDOW_MS 2000

bool row_is_unfinished(const struct row *row)
{
	return row->status == ROW_CREATING || row->status == ROW_UPDATING ||
	       row->status == ROW_REPLACING || row->status == ROW_DELETING;
}

static bool has_attributes(const struct row *row)
{
	return row->attributes.kind == VALUE_MAP && row->attributes.map.count;
}

bool row_has_key(const struct row *row, const struct driver *driver)
{
	if (!has_attributes(row))
		return false;
	for (size_t i = 0; i < driver->key.count; i++) {
		struct str name = driver->key.items[i];

		if (!value_get(&row->attributes, name) && !value_get(&row->properties, name))
			return false;
	}
	return true;
}

/*
 * Whether the journal may speak for a thing that carries no mark: only until
 * its creation was seen to be complete, or always where nothing else can.
 */
static bool journal_speaks(const struct row *row, const struct driver *driver)
{
	bool markless = driver->owner == OWNER_GROUP || driver->owner == OWNER_PARENT;

	return row->sent && (markless || row->baseline.kind != VALUE_MAP);
}

void row_input(const struct session *s, const struct row *row, const struct schema *schema,
	       struct op_input *out)
{
	*out = (struct op_input){
		.schema = schema, .driver = schema->driver, .schemas = s->schemas,
		.scope = &row->scope, .instance = row->instance, .token = row->instance,
		.properties = row->properties, .previous = row->before,
		.attributes = row->attributes,
		.sent_before = journal_speaks(row, schema->driver),
		.later = row->generation > 0,
		.artifact = s->artifact, .artifact_context = s->artifact_context,
	};
	if (out->properties.kind != VALUE_MAP)
		out->properties = value_map();
	if (out->attributes.kind != VALUE_MAP)
		out->attributes = value_map();
}

bool row_never_sent(const struct row *row)
{
	return !row->sent && (row->status == ROW_CREATING || row->status == ROW_REPLACING ||
			      row->status == ROW_DELETING);
}

enum op_kind row_look_kind(const struct row *row, const struct driver *driver)
{
	return row_has_key(row, driver) && !driver->key_is_chosen ? OP_READ : OP_FIND;
}

int64_t row_window_ms(const struct row *row, const struct driver *driver)
{
	int64_t most_ms = driver->consistency_ms;

	bool doubtful = row_is_unfinished(row) && row->status != ROW_DELETING;

	if (!has_attributes(row))
		return 0;
	return doubtful || most_ms < SETTLED_WINDOW_MS ? most_ms : SETTLED_WINDOW_MS;
}

static void add_part(struct buf *text, const struct value *v)
{
	if (text->length)
		buf_add_char(text, '|');
	if (v->kind == VALUE_STRING)
		buf_add(text, v->string);
	else
		json_print(text, v);
}

struct str row_identifier(struct arena *a, const struct schema *schema, const struct row *row)
{
	struct buf text;

	buf_init(&text, a);
	for (size_t i = 0; i < schema->identifier_count; i++) {
		const struct value *v = value_path(&row->attributes, schema->identifiers[i]);

		if (!v)
			v = value_path(&row->properties, schema->identifiers[i]);
		if (!v)
			return (struct str){ 0 };
		add_part(&text, v);
	}
	return buf_str(&text);
}

const struct row *row_of_instance(const struct row *newest, struct str instance)
{
	while (newest && (!instance.length || !str_equal(newest->instance, instance)))
		newest = newest->previous;
	return newest;
}

struct str row_title(struct arena *a, const struct row *row)
{
	struct str address = address_text(a, &row->address);

	if (!row->source.length)
		return address;
	return str_format(a, "%.*s (%.*s)", STR_ARG(address), STR_ARG(row->source));
}

struct str journal_line(struct arena *a, const struct row *row, const char *verb, const char *what)
{
	struct value v = value_map();

	value_set(a, &v, STR("op"), value_string(str_from_c(verb)));
	value_set(a, &v, STR("what"), value_string(str_from_c(what)));
	value_set(a, &v, STR("address"), value_string(address_text(a, &row->address)));
	value_set(a, &v, STR("generation"), value_int(row->generation));
	value_set(a, &v, STR("instance"), value_string(row->instance));
	return json_text(a, &v);
}

void state_bury(struct arena *a, struct state *state, struct str address, uint32_t generation)
{
	size_t size = sizeof(struct tombstone), count = state->tombstone_count;

	state->tombstones = arena_grow(a, state->tombstones, count * size, (count + 1) * size,
				       _Alignof(struct tombstone));
	state->tombstones[count] = (struct tombstone){ address, generation };
	state->tombstone_count++;
}
