#include "state.h"

#include "base/json.h"
#include "shown.h"

#define COLUMN_MOST 60

/* ---- shared by the verbs ---- */

struct row *state_row(struct run *run, struct str address)
{
	struct row *row = state_find(&run->state, address);
	struct str *known = arena_array(&run->arena, struct str, run->state.row_count), near;

	if (row)
		return row;
	for (size_t i = 0; i < run->state.row_count; i++)
		known[i] = address_text(&run->arena, &run->state.rows[i]->address);
	near = str_nearest(address, known, run->state.row_count);
	run_say(run, EXIT_ERROR, "the state has no '%.*s'%s%.*s%s", STR_ARG(address),
		near.length ? ": did you mean '" : "", STR_ARG(near), near.length ? "'?" : "");
	return NULL;
}

bool state_write(struct run *run, const struct store_write *writes, size_t count)
{
	struct store *store = run->store;
	struct error err = { 0 };
	uint64_t durable;

	store->submit(store->context, writes, count);
	return store->poll(store->context, &durable, &err) || run_fail(run, EXIT_ERROR, &err);
}

/* A hash tells nobody anything, and looks like a value. */
static struct value withheld(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_STRING && str_starts(v->string, STR("hmac:")))
		return value_string(STR("(secret)"));
	if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++)
			value_append(a, &out, withheld(a, &v->list.items[i]));
	}
	if (v->kind == VALUE_MAP) {
		out = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key, withheld(a, &m->value));
		}
	}
	return out;
}

static void set_text(struct arena *a, struct value *map, struct str name, struct str text)
{
	if (text.length)
		value_set(a, map, name, value_string(text));
}

static void set_table(struct arena *a, struct value *map, struct str name, const struct value *v)
{
	if (v->kind == VALUE_MAP)
		value_set(a, map, name, withheld(a, v));
}

static struct value texts(struct arena *a, const struct str_list *list)
{
	struct value out = value_list(arena_array(a, struct value, list->count), list->count);

	for (size_t i = 0; i < list->count; i++)
		out.list.items[i] = value_string(list->items[i]);
	return out;
}

static void add_rest(struct arena *a, const struct row *row, struct value *out)
{
	struct value scope = value_map();

	set_text(a, &scope, STR("account"), row->scope.account);
	set_text(a, &scope, STR("region"), row->scope.region);
	set_text(a, &scope, STR("target"), row->scope.target);
	value_set(a, out, STR("scope"), scope);
	set_text(a, out, STR("instance"), row->instance);
	set_text(a, out, STR("source"), row->source);
	value_set(a, out, STR("edges"), texts(a, &row->edges));
	value_set(a, out, STR("retain"), value_bool(row->retain));
	set_table(a, out, STR("properties"), &row->properties);
	set_table(a, out, STR("before"), &row->before);
	set_table(a, out, STR("attributes"), &row->attributes);
	if (row->previous)
		value_set(a, out, STR("previous"), state_row_value(a, row->previous, true));
}

struct value state_row_value(struct arena *a, const struct row *row, bool whole)
{
	struct value out = value_map();

	row_open(row);
	value_set(a, &out, STR("address"), value_string(address_text(a, &row->address)));
	value_set(a, &out, STR("type"), value_string(row->type));
	value_set(a, &out, STR("identifier"), value_string(row->identifier));
	value_set(a, &out, STR("status"),
		  value_string(str_from_c(row_status_name(row->status))));
	value_set(a, &out, STR("generation"), value_int(row->generation));
	set_text(a, &out, STR("name"), row->name);
	if (whole)
		add_rest(a, row, &out);
	return out;
}

/* ---- list, show, export ---- */

static bool is_asked_for(struct str address, const struct str_list *globs)
{
	for (size_t i = 0; i < globs->count; i++) {
		if (str_matches(globs->items[i], address))
			return true;
	}
	return !globs->count;
}

static void add_column(struct buf *out, struct str text, size_t width)
{
	size_t start = out->length;

	add_shown(out, text, 0);
	if (out->length - start < width)
		buf_add_repeat(out, ' ', width - (out->length - start));
	buf_add_c(out, "  ");
}

static size_t longest(const struct value *rows, const char *name)
{
	size_t most = 0;

	for (size_t i = 0; i < rows->list.count; i++) {
		size_t length = value_get_str(&rows->list.items[i], name).length;

		if (length > most && length <= COLUMN_MOST)
			most = length;
	}
	return most;
}

static void print_rows(struct run *run, const struct value *rows)
{
	size_t address = longest(rows, "address"), type = longest(rows, "type");
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < rows->list.count; i++) {
		const struct value *row = &rows->list.items[i];

		add_column(&out, value_get_str(row, "address"), address);
		add_column(&out, value_get_str(row, "type"), type);
		add_column(&out, value_get_str(row, "status"), sizeof("replacing") - 1);
		add_shown(&out, value_get_str(row, "identifier"), 0);
		while (out.length && out.data[out.length - 1] == ' ')
			buf_truncate(&out, out.length - 1);
		buf_add_char(&out, '\n');
	}
	fwrite(out.data, 1, out.length, run->doors->out);
}

static void print_json(struct run *run, const struct value *v)
{
	struct buf out;

	buf_init(&out, &run->arena);
	json_print_pretty(&out, v, 0);
	fprintf(run->doors->out, "%s\n", out.data);
}

int state_list(struct run *run, const struct str_list *words)
{
	struct value rows = value_list(NULL, 0), document = value_map();

	if (!run_open(run, false))
		return run->exit;
	for (size_t i = 0; i < run->state.row_count; i++) {
		const struct row *row = run->state.rows[i];

		if (is_asked_for(address_text(&run->arena, &row->address), words))
			value_append(&run->arena, &rows, state_row_value(&run->arena, row, false));
	}
	if (!run->options->json) {
		print_rows(run, &rows);
		return EXIT_DONE;
	}
	value_set(&run->arena, &document, STR("serial"), value_int((int64_t)run->state.serial));
	value_set(&run->arena, &document, STR("resources"), rows);
	print_json(run, &document);
	return EXIT_DONE;
}

int state_show(struct run *run, const struct str_list *words)
{
	const struct row *row;
	struct value v;

	if (!run_open(run, false))
		return run->exit;
	row = state_row(run, words->items[0]);
	if (!row)
		return run->exit;
	v = state_row_value(&run->arena, row, true);
	print_json(run, &v);
	return EXIT_DONE;
}

int state_export(struct run *run, const struct str_list *words)
{
	struct state_document d = { 0 };
	struct str text, name;

	if (words->count) {
		if (!run_store(run, false) || !state_version(run, words->items[0], &d, &name))
			return run->exit;
		text = document_write(&run->arena, &d.state, &d.note);
	} else {
		if (!run_open(run, false))
			return run->exit;
		if (!run->state.lineage.length) {
			run_say(run, EXIT_ERROR, "stage '%.*s' has no state",
				STR_ARG(run->model.stage));
			return run->exit;
		}
		text = document_write(&run->arena, &run->state, NULL);
	}
	fwrite(text.data, 1, text.length, run->doors->out);
	return EXIT_DONE;
}

/* ---- the verbs ---- */

static const struct verb {
	const char *name, *arguments;
	size_t least, most;
	size_t addresses;		/* so many of the words are addresses */
	int (*run)(struct run *run, const struct str_list *words);
} verbs[] = {
	{ "adopt", "ADDRESS ID", 2, 2, 1, state_adopt },
	{ "export", "[SERIAL]", 0, 1, 0, state_export },
	{ "history", "", 0, 0, 0, state_history },
	{ "list", "[GLOB ...]", 0, SIZE_MAX, SIZE_MAX, state_list },
	{ "move", "FROM TO", 2, 2, 2, state_move },
	{ "rebuild", "", 0, 0, 0, state_rebuild },
	{ "remove", "ADDRESS ...", 1, SIZE_MAX, SIZE_MAX, state_forget },
	{ "rollback", "SERIAL", 1, 1, 0, state_rollback },
	{ "show", "ADDRESS", 1, 1, 1, state_show },
	{ "verify", "", 0, 0, 0, state_verify },
};
#define VERBS (sizeof(verbs) / sizeof(*verbs))

static const struct verb *find_verb(struct run *run, struct str name)
{
	struct str names[VERBS], near;

	for (size_t i = 0; i < VERBS; i++) {
		names[i] = str_from_c(verbs[i].name);
		if (str_equal(name, names[i]))
			return &verbs[i];
	}
	near = str_nearest(name, names, VERBS);
	run_say(run, EXIT_ERROR, "'effc state' has no '%.*s'%s%.*s%s: see 'effc state --help'",
		STR_ARG(name), near.length ? ", did you mean '" : "", STR_ARG(near),
		near.length ? "'?" : "");
	return NULL;
}

int command_state(struct run *run)
{
	struct str_list words = run->options->arguments;
	const struct verb *verb;

	if (!words.count) {
		run_say(run, EXIT_ERROR, "say what to do with it: see 'effc state --help'");
		return run->exit;
	}
	verb = find_verb(run, words.items[0]);
	if (!verb)
		return run->exit;
	words.items++;
	words.count--;
	if (words.count < verb->least || words.count > verb->most) {
		run_say(run, EXIT_ERROR, "usage: effc state %s%s%s", verb->name,
			*verb->arguments ? " " : "", verb->arguments);
		return run->exit;
	}
	for (size_t i = 0; i < words.count && i < verb->addresses; i++)
		words.items[i] = address_plain(&run->arena, words.items[i]);
	if (!run_read(run) || !run_compile(run))
		return run->exit;
	return verb->run(run, &words);
}
