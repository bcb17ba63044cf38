#include "keys.h"

#include "compiler.h"
#include "units.h"

bool text_in_words(struct str text, const char *words)
{
	struct str rest = str_from_c(words), word;

	while (str_split(&rest, ' ', &word)) {
		if (word.length && str_equal(word, text))
			return true;
	}
	return false;
}

const struct key *key_find(const struct key_set *const *sets, struct str name)
{
	for (; *sets; sets++) {
		for (size_t i = 0; i < (*sets)->count; i++) {
			if (str_equal_c(name, (*sets)->items[i].name))
				return &(*sets)->items[i];
		}
	}
	return NULL;
}

static struct str suggest_key(struct compiler *c, const struct key_set *const *sets,
			      struct str name)
{
	VEC(struct str) names = { 0 };

	for (; *sets; sets++) {
		for (size_t i = 0; i < (*sets)->count; i++) {
			if ((*sets)->items[i].kind != KEY_REFUSED)
				*vec_push(c->arena, &names) = str_from_c((*sets)->items[i].name);
		}
	}
	return suggest(c, name, names.items, names.count);
}

static struct str suggest_word(struct compiler *c, const char *words, struct str text)
{
	struct str rest = str_from_c(words), word;
	VEC(struct str) names = { 0 };

	while (str_split(&rest, ' ', &word))
		*vec_push(c->arena, &names) = word;
	return suggest(c, text, names.items, names.count);
}

/* The kind of property that is written alike; any for what is a name. */
static enum property_kind alike(enum key_kind kind)
{
	switch (kind) {
	case KEY_INTEGER:
		return PROPERTY_INTEGER;
	case KEY_BOOLEAN:
		return PROPERTY_BOOLEAN;
	case KEY_TEXTS:
	case KEY_VALUES:
	case KEY_LIST:
		return PROPERTY_LIST;
	case KEY_TABLE:
	case KEY_TABLES:
	case KEY_TEXT_TABLE:
	case KEY_VALUE_TABLE:
		return PROPERTY_MAP;
	case KEY_VALUE:
		return PROPERTY_STRING;
	default:
		return PROPERTY_JSON;
	}
}

static bool mismatch(struct compiler *c, const struct key *key, const struct value *v,
		     const char *wanted)
{
	if (v->marks & VALUE_DAMAGED)
		return false;
	if (v->kind == VALUE_EXPR) {
		diag_error(c->d, v->span, "E0336 '%s' must be known before anything is made",
			   key->name);
		diag_help(c->d, "only what the spec itself tells can stand here: variables, "
			  "locals, 'stage', keys of 'for_each' and the like");
		return false;
	}
	diag_error(c->d, v->span, "E0403 '%s' must be %s, not %s", key->name, wanted,
		   value_kind_name(v->kind));
	if (key->kind == KEY_TEXT && key->detail)
		diag_help(c->d, "%s", key->detail);
	else
		advise_kind(c, alike(key->kind), v);
	return false;
}

static bool in_range(struct compiler *c, const struct key *key, const struct value *v,
		     int64_t number, const char *unit)
{
	if (!key->max || (number >= key->min && number <= key->max))
		return true;
	diag_error(c->d, v->span, "E0405 '%s' must be from %lld to %lld%s", key->name,
		   (long long)key->min, (long long)key->max, unit);
	return false;
}

static bool check_duration(struct compiler *c, const struct key *key, const struct value *v)
{
	int64_t seconds;

	if (v->kind == VALUE_INT) {
		diag_error(c->d, v->span, "E0414 '%s' needs a unit", key->name);
		diag_help(c->d, "write \"%llds\" for seconds (units: s m h d)",
			  (long long)v->integer);
		return false;
	}
	if (v->kind != VALUE_STRING)
		return mismatch(c, key, v, "a duration such as \"30s\"");
	if (!duration_parse(v->string, &seconds)) {
		diag_error(c->d, v->span, "E0415 '%.*s' is no duration", STR_ARG(v->string));
		diag_help(c->d, "a whole number and a unit: \"30s\", \"5m\", \"2h\", \"4d\"");
		return false;
	}
	return in_range(c, key, v, seconds, " seconds");
}

static bool check_megabytes(struct compiler *c, const struct key *key, const struct value *v)
{
	int64_t megabytes;

	if (v->kind == VALUE_INT)
		return in_range(c, key, v, v->integer, " MB");
	if (v->kind != VALUE_STRING)
		return mismatch(c, key, v, "a size such as \"512MB\"");
	if (!megabytes_parse(v->string, &megabytes)) {
		diag_error(c->d, v->span, "E0416 '%.*s' is no size", STR_ARG(v->string));
		diag_help(c->d, "a whole number and a unit: \"512MB\", \"1GB\"");
		return false;
	}
	return in_range(c, key, v, megabytes, " MB");
}

static bool check_choice(struct compiler *c, const struct key *key, const struct value *v)
{
	struct str near;

	if (v->kind != VALUE_STRING)
		return mismatch(c, key, v, "a string");
	if (text_in_words(v->string, key->detail))
		return true;
	diag_error(c->d, v->span, "E0406 '%s' cannot be '%.*s'", key->name, STR_ARG(v->string));
	near = suggest_word(c, key->detail, v->string);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "one of: %s", key->detail);
	return false;
}

static bool is_text(const struct value *v, bool references)
{
	return v->kind == VALUE_STRING || (references && v->kind == VALUE_EXPR);
}

static bool item_mismatch(struct compiler *c, const struct key *key, const struct value *item,
			  struct str which)
{
	if (item->marks & VALUE_DAMAGED || item->kind == VALUE_EXPR)
		return mismatch(c, key, item, "");
	diag_error(c->d, item->span, "E0403 %.*s '%s' must be a string, not %s", STR_ARG(which),
		   key->name, value_kind_name(item->kind));
	return false;
}

static bool check_items(struct compiler *c, const struct key *key, const struct value *v,
			bool references)
{
	bool good = true;

	if (v->kind != VALUE_LIST)
		return mismatch(c, key, v, "a list of strings");
	for (size_t i = 0; i < v->list.count; i++) {
		if (!is_text(&v->list.items[i], references))
			good = item_mismatch(c, key, &v->list.items[i], STR("an entry of"));
	}
	return good;
}

static bool check_members(struct compiler *c, const struct key *key, const struct value *v,
			  bool references)
{
	bool good = true;

	if (v->kind != VALUE_MAP)
		return mismatch(c, key, v, "a table of strings");
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct value *item = &((struct member *)v->map.entries[i].value)->value;
		bool plain = references &&
			     (item->kind == VALUE_INT || item->kind == VALUE_BOOL);

		if (!plain && !is_text(item, references))
			good = item_mismatch(c, key, item,
					     str_format(c->arena, "'%.*s' in",
							STR_ARG(v->map.entries[i].key)));
	}
	return good;
}

static bool check_table(struct compiler *c, const struct key *key, const struct value *v,
			struct span place, struct str where, bool complete)
{
	const struct key_set *const sets[] = { key->set, NULL };

	if (v->kind != VALUE_MAP)
		return mismatch(c, key, v, "a table");
	return keys_check(c, v, place, str_format(c->arena, "'%s' of %.*s", key->name,
						  STR_ARG(where)), sets, complete);
}

static bool check_tables(struct compiler *c, const struct key *key, const struct value *v,
			 struct str where, bool complete)
{
	bool good = true;

	if (v->kind != VALUE_MAP)
		return mismatch(c, key, v, "a table of tables");
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		good &= check_table(c, key, &m->value, m->key_span, where, complete);
	}
	return good;
}

static bool refuse(struct compiler *c, const struct key *key, struct span span)
{
	diag_error(c->d, span, "E0418 '%s' is not supported yet", key->name);
	if (key->detail)
		diag_help(c->d, "%s", key->detail);
	return false;
}

bool value_is_secret(const struct value *v)
{
	bool secret = (v->marks & VALUE_SECRET) != 0;

	for (size_t i = 0; !secret && v->kind == VALUE_LIST && i < v->list.count; i++)
		secret = value_is_secret(&v->list.items[i]);
	for (uint32_t i = 0; !secret && v->kind == VALUE_MAP && i < v->map.count; i++)
		secret = value_is_secret(&((struct member *)v->map.entries[i].value)->value);
	return secret;
}

/* What becomes a property is refused there, by what the schema says of it. */
static bool takes_secrets(enum key_kind kind)
{
	return kind == KEY_VALUE || kind == KEY_VALUES || kind == KEY_VALUE_TABLE ||
	       kind == KEY_TABLE || kind == KEY_TABLES || kind == KEY_ANY;
}

/* What stays open until it is a property. */
static bool takes_open(enum key_kind kind)
{
	return kind == KEY_VALUE || kind == KEY_ANY || kind == KEY_REFUSED;
}

static bool check_kind(struct compiler *c, const struct key *key, const struct member *m,
		       struct str where, bool complete)
{
	const struct value *v = &m->value;

	if (!takes_secrets(key->kind) && value_is_secret(v)) {
		diag_error(c->d, v->span, "E0370 '%s' stands in names, plans and the state, and "
			   "this value is secret", key->name);
		diag_sensitive(c->d);
		return false;
	}
	switch (key->kind) {
	case KEY_TEXT:
		return v->kind == VALUE_STRING || mismatch(c, key, v, "a string");
	case KEY_VALUE:
		return is_text(v, true) || mismatch(c, key, v, "a string");
	case KEY_INTEGER:
		return v->kind == VALUE_INT ? in_range(c, key, v, v->integer, "")
					    : mismatch(c, key, v, "an integer");
	case KEY_BOOLEAN:
		return v->kind == VALUE_BOOL || mismatch(c, key, v, "true or false");
	case KEY_DURATION:
		return check_duration(c, key, v);
	case KEY_MEGABYTES:
		return check_megabytes(c, key, v);
	case KEY_CHOICE:
		return check_choice(c, key, v);
	case KEY_TEXTS:
		return check_items(c, key, v, false);
	case KEY_VALUES:
		return check_items(c, key, v, true);
	case KEY_TEXT_TABLE:
		return check_members(c, key, v, false);
	case KEY_VALUE_TABLE:
		return check_members(c, key, v, true);
	case KEY_TABLE:
		return check_table(c, key, v, m->key_span, where, complete);
	case KEY_TABLES:
		return check_tables(c, key, v, where, complete);
	case KEY_LIST:
		return v->kind == VALUE_LIST || mismatch(c, key, v, "a list");
	case KEY_ANY:
		return true;
	case KEY_REFUSED:
		return refuse(c, key, m->key_span);
	}
	BUG("key of kind %d", key->kind);
}

static void report_unknown(struct compiler *c, const struct member *m, struct str name,
			   struct str where, struct str near)
{
	diag_error(c->d, m->key_span, "E0412 unknown key '%.*s' in %.*s", STR_ARG(name),
		   STR_ARG(where));
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else if (text_in_words(name, "name region account include permissions_boundary role_path"))
		diag_help(c->d, "'%.*s' belongs under [project]: a key stands under the header "
			  "above it", STR_ARG(name));
}

static bool is_guessed(const struct str *guesses, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (str_equal_c(guesses[i], name))
			return true;
	}
	return false;
}

bool table_lacks(const struct value *table, const struct key_set *const *sets, const char *name)
{
	struct str wanted = str_from_c(name);

	if (table->marks & VALUE_DAMAGED || value_get(table, wanted))
		return false;
	for (uint32_t i = 0; i < table->map.count; i++) {
		struct str key = table->map.entries[i].key;

		if (!key_find(sets, key) && str_nearest(key, &wanted, 1).length)
			return false;
	}
	return true;
}

static bool check_missing(struct compiler *c, const struct value *table, struct span place,
			  struct str where, const struct key_set *set, const struct str *guesses,
			  size_t guess_count)
{
	bool good = true;

	for (size_t i = 0; i < set->count; i++) {
		const struct key *key = &set->items[i];

		if (!key->required || value_get_c(table, key->name) ||
		    is_guessed(guesses, guess_count, key->name))
			continue;
		diag_error(c->d, place, "E0413 %.*s needs '%s'", STR_ARG(where), key->name);
		if (key->detail && key->kind != KEY_CHOICE)
			diag_help(c->d, "%s", key->detail);
		else if (key->detail)
			diag_help(c->d, "one of: %s", key->detail);
		good = false;
	}
	return good;
}

bool keys_check(struct compiler *c, const struct value *table, struct span place, struct str where,
		const struct key_set *const *sets, bool complete)
{
	VEC(struct str) guesses = { 0 };
	bool good = true;

	for (uint32_t i = 0; i < table->map.count; i++) {
		struct member *m = table->map.entries[i].value;
		struct str name = table->map.entries[i].key;
		const struct key *key = key_find(sets, name);

		if (!key) {
			struct str near = suggest_key(c, sets, name);

			report_unknown(c, m, name, where, near);
			if (near.length)
				*vec_push(c->arena, &guesses) = near;
			good = false;
			continue;
		}
		if (m->value.kind == VALUE_EXPR && !takes_open(key->kind))
			m->value = instances_bind(c, &m->value);
		if (m->value.marks & VALUE_DAMAGED && m->value.kind != VALUE_MAP) {
			good = false;
		} else if (!check_kind(c, key, m, where, complete) ||
			   (key->check && !key->check(c, &m->value, where))) {
			good = false;
			/* Read as absent from here on, so that it is no second mistake. */
			if (m->value.kind != VALUE_MAP &&
			    (key->kind != KEY_LIST || value_is_secret(&m->value)))
				m->value.marks |= VALUE_DAMAGED;
		}
	}
	if (!complete || table->marks & VALUE_DAMAGED)
		return good && !(table->marks & VALUE_DAMAGED);
	for (; *sets; sets++)
		good &= check_missing(c, table, place, where, *sets, guesses.items, guesses.count);
	return good;
}

const struct value *config_get(const struct value *table, const char *key)
{
	const struct value *v = value_get_c(table, key);

	return v && v->kind != VALUE_NULL && !(v->marks & VALUE_DAMAGED) ? v : NULL;
}

struct str config_text(const struct value *table, const char *key, const char *otherwise)
{
	const struct value *v = config_get(table, key);

	return v && v->kind == VALUE_STRING ? v->string : str_from_c(otherwise);
}

int64_t config_int(const struct value *table, const char *key, int64_t otherwise)
{
	return config_int_value(table, key, otherwise).integer;
}

bool config_bool(const struct value *table, const char *key, bool otherwise)
{
	const struct value *v = config_get(table, key);

	return v && v->kind == VALUE_BOOL ? v->boolean : otherwise;
}

int64_t config_seconds(const struct value *table, const char *key, int64_t otherwise)
{
	return config_seconds_value(table, key, otherwise).integer;
}

struct value config_seconds_value(const struct value *table, const char *key, int64_t otherwise)
{
	const struct value *v = config_get(table, key);
	struct value out = value_int(otherwise);

	if (v && v->kind == VALUE_STRING && duration_parse(v->string, &out.integer))
		out.span = v->span;
	return out;
}

struct value config_int_value(const struct value *table, const char *key, int64_t otherwise)
{
	const struct value *v = config_get(table, key);
	struct value out = value_int(otherwise);

	if (!v || (v->kind != VALUE_INT && v->kind != VALUE_STRING))
		return out;
	if (v->kind == VALUE_INT)
		out.integer = v->integer;
	else if (!megabytes_parse(v->string, &out.integer))
		return out;
	out.span = v->span;
	return out;
}
