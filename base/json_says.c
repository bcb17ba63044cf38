#include "json.h"

#include <string.h>

#include "map.h"

#define FEW 16

/* What is left of the text. */
struct said {
	const char *at, *end;
	bool escapes;			/* some string of it is not as it is written */
	struct json_said *said;		/* or NULL */
};

/* Takes these bytes off the front. */
static bool take(struct said *t, const char *bytes, size_t length)
{
	if ((size_t)(t->end - t->at) < length || (length && memcmp(t->at, bytes, length) != 0))
		return false;
	t->at += length;
	return true;
}

static bool take_byte(struct said *t, char byte)
{
	if (t->at == t->end || *t->at != byte)
		return false;
	t->at++;
	return true;
}

/* Without an escape in it, what stands up to the next quote is the string itself. */
static bool take_string(struct said *t, struct str s)
{
	const char *start, *close;

	if (!take_byte(t, '"'))
		return false;
	start = t->at;
	close = memchr(start, '"', (size_t)(t->end - start));
	if (!close || (size_t)(close - start) != s.length || !take(t, s.data, s.length) ||
	    (t->escapes && memchr(start, '\\', s.length)))
		return false;
	t->at++;
	return true;
}

static bool take_value(struct said *t, const struct value *v);

static bool take_list(struct said *t, const struct list *list)
{
	if (!take_byte(t, '['))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if ((i && !take_byte(t, ',')) || !take_value(t, &list->items[i]))
			return false;
	}
	return take_byte(t, ']');
}

static bool take_members(struct said *t, const struct map *map)
{
	const struct map_entry *sorted[FEW];

	if (map->count > FEW || !take_byte(t, '{'))
		return false;
	map_sort(map, sorted);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = sorted[i]->value;

		if ((i && !take_byte(t, ',')) || !take_string(t, sorted[i]->key) ||
		    !take_byte(t, ':') || !take_value(t, &member->value))
			return false;
	}
	return take_byte(t, '}');
}

static bool take_map(struct said *t, const struct map *map)
{
	size_t slot = (uintptr_t)map->entries / sizeof(struct map_entry) % JSON_SAID_MOST;
	const char *start = t->at;

	if (!t->said || !map->count)
		return take_members(t, map);
	if (t->said->items[slot].map.entries == map->entries &&
	    t->said->items[slot].map.count == map->count)
		return take(t, t->said->items[slot].text.data, t->said->items[slot].text.length);
	if (!take_members(t, map))
		return false;
	t->said->items[slot].map = *map;
	t->said->items[slot].text = str_of(start, (size_t)(t->at - start));
	return true;
}

/* A longer number or word shows by what must follow. */
static bool take_value(struct said *t, const struct value *v)
{
	char space[INT_DIGITS];
	struct str digits;

	if (v->marks & VALUE_SECRET)
		return false;
	switch (v->kind) {
	case VALUE_NULL:
		return take(t, "null", 4);
	case VALUE_BOOL:
		return v->boolean ? take(t, "true", 4) : take(t, "false", 5);
	case VALUE_INT:
		digits = int_digits(space, v->integer);
		return take(t, digits.data, digits.length);
	case VALUE_STRING:
		return take_string(t, v->string);
	case VALUE_LIST:
		return take_list(t, &v->list);
	case VALUE_MAP:
		return take_map(t, &v->map);
	case VALUE_FLOAT:
	case VALUE_DATETIME:
	case VALUE_EXPR:
	case VALUE_UNKNOWN:
		return false;
	}
	BUG("value of kind %d", (int)v->kind);
}

bool json_says(struct str text, const struct value *v, struct json_said *said)
{
	struct said t = {
		.at = text.data, .end = text.data + text.length,
		.escapes = str_index(text, '\\') < text.length, .said = said,
	};

	return take_value(&t, v) && t.at == t.end;
}
