#ifndef EFFC_COMPILER_KEYS_H
#define EFFC_COMPILER_KEYS_H

#include "base/diag.h"
#include "base/value.h"

/*
 * The keys that a block takes, as tables of constants: a kind lists its own and
 * they are checked here, all at once, before the kind looks at them.  Reading a
 * key that was refused gives its default.
 */
struct compiler;
struct key;
struct key_set;

enum key_kind {
	KEY_TEXT,			/* a string known now */
	KEY_VALUE,			/* a string, maybe with references to other blocks */
	KEY_INTEGER,			/* within min and max */
	KEY_BOOLEAN,
	KEY_DURATION,			/* "30s"; min and max are seconds */
	KEY_MEGABYTES,			/* 256 or "512MB" */
	KEY_CHOICE,			/* one of the words in detail */
	KEY_TEXTS,			/* a list of strings known now */
	KEY_VALUES,			/* a list of strings, maybe with references */
	KEY_TEXT_TABLE,			/* a table of strings known now */
	KEY_VALUE_TABLE,		/* maybe with references; integers and booleans too */
	KEY_TABLE,			/* a table with the keys of set */
	KEY_TABLES,			/* a table of tables with the keys of set */
	KEY_LIST,			/* a list; check looks at its items */
	KEY_ANY,			/* check looks at it */
	KEY_REFUSED,			/* not yet; detail may say what to do instead */
};

struct key {
	const char *name;
	enum key_kind kind;
	bool required;
	const char *detail;
	const struct key_set *set;
	int64_t min, max;		/* max 0: no limits */
	/* Further mistakes; where names the table ("queue 'orders'").  False after a report. */
	bool (*check)(struct compiler *c, const struct value *v, struct str where);
};

struct key_set {
	const struct key *items;
	size_t count;
};
#define KEY_SET(array) { array, sizeof(array) / sizeof(*(array)) }

/*
 * Unknown keys, wrong types, missing keys of a table.  sets ends with NULL.
 * complete: required keys are asked for (not in [defaults]).  False if there
 * was a mistake.
 */
bool keys_check(struct compiler *c, const struct value *table, struct span place, struct str where,
		const struct key_set *const *sets, bool complete);
const struct key *key_find(const struct key_set *const *sets, struct str name);

/* Neither there nor, misspelt, among the keys that no set has (reported), nor unreadable. */
bool table_lacks(const struct value *table, const struct key_set *const *sets, const char *name);

/* Of a checked table; absent or of another kind: the default. */
struct str config_text(const struct value *table, const char *key, const char *otherwise);
int64_t config_int(const struct value *table, const char *key, int64_t otherwise);
bool config_bool(const struct value *table, const char *key, bool otherwise);
int64_t config_seconds(const struct value *table, const char *key, int64_t otherwise);
/* The number with the place where the user wrote it, for properties made from it. */
struct value config_seconds_value(const struct value *table, const char *key, int64_t otherwise);
struct value config_int_value(const struct value *table, const char *key, int64_t otherwise);
/* NULL if absent. */
const struct value *config_get(const struct value *table, const char *key);
/* It, or anything in it. */
bool value_is_secret(const struct value *v);
bool text_in_words(struct str text, const char *words);

#endif
