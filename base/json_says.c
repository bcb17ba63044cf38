#include "json.h"

#include <stdio.h>
#include <string.h>

#include "map.h"

#define FEW 16

/* Takes these bytes off the front. */
static bool take(struct str *text, const char *bytes, size_t length)
{
	if (text->length < length || (length && memcmp(text->data, bytes, length) != 0))
		return false;
	*text = str_of(text->data + length, text->length - length);
	return true;
}

/* Without a quote or an escape in it, what stands between quotes is the string itself. */
static bool take_string(struct str *text, struct str s)
{
	return take(text, "\"", 1) && take(text, s.data, s.length) && take(text, "\"", 1) &&
	       (!s.length || (!memchr(s.data, '"', s.length) && !memchr(s.data, '\\', s.length)));
}

static bool take_value(struct str *text, const struct value *v);

static bool take_list(struct str *text, const struct list *list)
{
	if (!take(text, "[", 1))
		return false;
	for (size_t i = 0; i < list->count; i++) {
		if ((i && !take(text, ",", 1)) || !take_value(text, &list->items[i]))
			return false;
	}
	return take(text, "]", 1);
}

static bool take_map(struct str *text, const struct map *map)
{
	const struct map_entry *sorted[FEW];

	if (map->count > FEW || !take(text, "{", 1))
		return false;
	map_sort(map, sorted);
	for (uint32_t i = 0; i < map->count; i++) {
		const struct member *member = sorted[i]->value;

		if ((i && !take(text, ",", 1)) || !take_string(text, sorted[i]->key) ||
		    !take(text, ":", 1) || !take_value(text, &member->value))
			return false;
	}
	return take(text, "}", 1);
}

/* A longer number or word shows by what must follow. */
static bool take_value(struct str *text, const struct value *v)
{
	char number[32];

	if (v->marks & VALUE_SECRET)
		return false;
	switch (v->kind) {
	case VALUE_NULL:
		return take(text, "null", 4);
	case VALUE_BOOL:
		return v->boolean ? take(text, "true", 4) : take(text, "false", 5);
	case VALUE_INT:
		return take(text, number, (size_t)snprintf(number, sizeof(number), "%lld",
							   (long long)v->integer));
	case VALUE_STRING:
		return take_string(text, v->string);
	case VALUE_LIST:
		return take_list(text, &v->list);
	case VALUE_MAP:
		return take_map(text, &v->map);
	case VALUE_FLOAT:
	case VALUE_DATETIME:
	case VALUE_EXPR:
	case VALUE_UNKNOWN:
		return false;
	}
	BUG("value of kind %d", (int)v->kind);
}

bool json_says(struct str text, const struct value *v)
{
	return take_value(&text, v) && !text.length;
}
