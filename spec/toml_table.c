#include "toml.h"

/* The member of that key; NULL if *made holds the one that was made for it, to be filled in. */
static struct toml_member *find(struct toml *p, struct value *table, const struct toml_key *key,
				struct toml_member **made)
{
	void **place = map_put(p->arena, &table->map, key->name);

	if (*place)
		return *place;
	*made = *place = arena_new(p->arena, struct toml_member);
	(*made)->member.key_span = key->span;
	(*made)->line = p->line;
	return NULL;
}

static struct toml_member *fill(struct toml_member *made, enum toml_how how, struct value value)
{
	made->how = how;
	made->member.value = value;
	return made;
}

static struct value new_table(struct span span)
{
	struct value table = value_map();

	table.span = span;
	return table;
}

/* "string", "array": what a member is, for a message. */
static const char *what(const struct toml_member *m)
{
	if (m->member.value.kind == VALUE_MAP && m->how == TOML_VALUE)
		return "inline table";
	return value_kind_name(m->member.value.kind);
}

/* A key goes through something that is closed.  Silent where that could not be read itself. */
static void refuse_closed(struct toml *p, const struct toml_key *key, const struct toml_member *m)
{
	struct str name = toml_shown(key->name);
	enum value_kind kind = m->member.value.kind;
	bool closed = kind == VALUE_MAP || kind == VALUE_LIST;

	if (kind == VALUE_NULL) {
		p->statement_damaged = true;
		return;
	}
	toml_error(p, key->span.start, key->span.end, "E0129 '%.*s' is %s %s, set at line %u: %s",
		   STR_ARG(name), what(m)[0] == 'a' || what(m)[0] == 'i' ? "an" : "a", what(m),
		   m->line, closed ? "nothing can be added to it" : "it has no keys");
	if (kind == VALUE_MAP)
		toml_help(p, "write the keys inside its braces, or give '%.*s' a header of its own",
			  STR_ARG(name));
}

/* The table that a dotted key's part names, made if need be; NULL after a mistake. */
static struct value *enter_dotted(struct toml *p, struct value *table, const struct toml_key *key)
{
	struct toml_member *made, *m = find(p, table, key, &made);

	if (!m)
		m = fill(made, TOML_DOTTED, new_table(key->span));
	else if (m->how == TOML_IMPLICIT)
		m->how = TOML_DOTTED;
	if (m->how == TOML_DOTTED)
		return &m->member.value;
	if (m->how == TOML_VALUE) {
		refuse_closed(p, key, m);
		return NULL;
	}
	toml_error(p, key->span.start, key->span.end,
		   "E0129 table '%.*s' has its header at line %u: dotted keys cannot add to it",
		   STR_ARG(toml_shown(key->name)), m->line);
	toml_help(p, "move the key under that header");
	return NULL;
}

struct toml_member *toml_place(struct toml *p, struct value *table)
{
	const struct toml_key *last = &p->keys[p->key_count - 1];
	struct toml_member *made, *m;

	for (unsigned i = 0; i + 1 < p->key_count; i++) {
		table = enter_dotted(p, table, &p->keys[i]);
		if (!table)
			return NULL;
	}
	m = find(p, table, last, &made);
	if (!m)
		return fill(made, TOML_VALUE, value_null());
	toml_error(p, last->span.start, last->span.end, "E0128 '%.*s' is already %s at line %u",
		   STR_ARG(toml_shown(last->name)),
		   m->how == TOML_VALUE ? "set" : "a table, begun", m->line);
	table->marks |= VALUE_DAMAGED;
	return NULL;
}

/* The table that a header's part before the last goes through. */
static struct value *enter_header(struct toml *p, struct value *table, const struct toml_key *key,
				  struct span header)
{
	struct toml_member *made, *m = find(p, table, key, &made);

	if (!m)
		m = fill(made, TOML_IMPLICIT, new_table(header));
	if (m->how == TOML_TABLES)
		return &m->member.value.list.items[m->member.value.list.count - 1];
	if (m->how != TOML_VALUE)
		return &m->member.value;
	refuse_closed(p, key, m);
	return NULL;
}

static void refuse_header(struct toml *p, const struct toml_member *m, bool of_tables)
{
	const struct toml_key *last = &p->keys[p->key_count - 1];
	struct str path = toml_shown(toml_text(p, p->keys[0].span.start, last->span.end));

	if (m->how == TOML_VALUE) {
		refuse_closed(p, last, m);
		return;
	}
	toml_error(p, p->keys[0].span.start, last->span.end,
		   "E0128 '%.*s' is already %s, begun at line %u", STR_ARG(path),
		   m->how == TOML_TABLES ? "a list of tables" : "a table", m->line);
	if (m->how == TOML_TABLES)
		toml_help(p, "write [[%.*s]] to add to the list", STR_ARG(path));
	else if (m->how == TOML_DOTTED)
		toml_help(p, "its keys are written as dotted keys there: go on with them");
	else if (!of_tables)
		toml_help(p, "write its keys under the first header");
}

static struct value *define(struct toml *p, struct value *table, struct span header)
{
	const struct toml_key *last = &p->keys[p->key_count - 1];
	struct toml_member *made, *m = find(p, table, last, &made);

	if (!m)
		m = fill(made, TOML_HEADER, new_table(header));
	else if (m->how == TOML_IMPLICIT) {
		m->how = TOML_HEADER;
		m->line = p->line;
		m->member.key_span = last->span;
		m->member.value.span = header;
	} else {
		refuse_header(p, m, false);
		return NULL;
	}
	return &m->member.value;
}

static struct value *append(struct toml *p, struct value *table, struct span header)
{
	const struct toml_key *last = &p->keys[p->key_count - 1];
	struct toml_member *made, *m = find(p, table, last, &made);
	struct value *list;

	if (!m) {
		m = fill(made, TOML_TABLES, value_list(NULL, 0));
		m->member.value.span = header;
	} else if (m->how != TOML_TABLES) {
		refuse_header(p, m, true);
		return NULL;
	}
	list = &m->member.value;
	value_append(p->arena, list, new_table(header));
	return &list->list.items[list->list.count - 1];
}

void toml_open_nowhere(struct toml *p)
{
	p->root->marks |= VALUE_DAMAGED;
	p->table = arena_new(p->arena, struct value);
	*p->table = value_map();
	p->table_depth = 0;
}

void toml_open_table(struct toml *p, struct span header, bool of_tables)
{
	struct value *table = p->root, *inner = table;

	for (unsigned i = 0; inner && i + 1 < p->key_count; i++) {
		table = inner;
		inner = enter_header(p, table, &p->keys[i], header);
	}
	if (inner) {
		table = inner;
		inner = of_tables ? append(p, table, header) : define(p, table, header);
	}
	if (!inner) {
		table->marks |= VALUE_DAMAGED;
		toml_open_nowhere(p);
		return;
	}
	p->table = inner;
	p->table_depth = p->key_count;
}
