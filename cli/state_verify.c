#include "state.h"

#include <stdarg.h>

#include "base/json.h"
#include "shown.h"

/*
 * effc state verify: the digests (checked by reading), the edges, the instances, the history,
 * and, unless --refresh none, whether each thing is there and is still ours.
 */
struct verifying {
	struct run *run;
	struct value problems;		/* LIST of texts */
	size_t rows, versions, looked;
};

static void problem(struct verifying *v, const char *format, ...) ATTR_PRINTF(2, 3);
static void problem(struct verifying *v, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	value_append(&v->run->arena, &v->problems,
		     value_string(str_copy(&v->run->arena, str_from_c(text))));
}

static void check_row(struct verifying *v, const struct row *row, struct map *instances)
{
	struct arena *a = &v->run->arena;
	struct str address = address_text(a, &row->address);
	void **other;

	for (size_t i = 0; i < row->edges.count; i++) {
		if (!state_peek(&v->run->state, row->edges.items[i]))
			problem(v, "%.*s depends on '%.*s', which the state does not have",
				STR_ARG(address), STR_ARG(row->edges.items[i]));
	}
	if (!schema_find(v->run->schemas, row->type))
		problem(v, "%.*s has type %.*s, which this effc does not know", STR_ARG(address),
			STR_ARG(row->type));
	if (!row->instance.length)
		return;
	other = map_put(a, instances, row->instance);
	if (*other)
		problem(v, "%.*s and %.*s have the same instance", STR_ARG(address),
			STR_ARG(*(const struct str *)*other));
	*other = arena_new(a, struct str);
	*(struct str *)*other = address;
}

static void check_rows(struct verifying *v)
{
	struct map instances = { 0 };

	for (size_t i = 0; i < v->run->state.row_count; i++)
		check_row(v, v->run->state.rows[i], &instances);
	v->rows = v->run->state.row_count;
}

static void check_versions(struct verifying *v)
{
	struct store *store = v->run->store;
	struct version_vec all;
	struct error err = { 0 };

	if (!versions_list(v->run, &all, &err))
		problem(v, "%s", err.text);
	for (size_t i = 0; i < all.count; i++) {
		struct state_document d;
		struct arena scratch;

		err = (struct error){ 0 };
		arena_init(&scratch);
		if (!store->load_version(store->context, &scratch, all.items[i].id, false, &d,
					 &err))
			problem(v, "%s", err.text);
		arena_release(&scratch);
	}
	v->versions = all.count;
}

static void check_seen(struct verifying *v, const struct observe_request *r)
{
	const struct observed *seen = map_get(&v->run->observation.by_address, r->address);

	if (!seen || seen->seen == SEEN_NOT_READ)
		problem(v, "%.*s could not be looked up", STR_ARG(r->address));
	else if (seen->seen == SEEN_ABSENT)
		problem(v, "%.*s is gone: there is no %.*s %.*s", STR_ARG(r->address),
			STR_ARG(r->row->type), STR_ARG(r->row->identifier));
	else if (seen->seen == SEEN_FOREIGN)
		problem(v, "%.*s is not ours any more: %.*s belongs to %.*s", STR_ARG(r->address),
			STR_ARG(r->row->identifier), STR_ARG(seen->owner));
}

/* What has its name from us is asked for its mark; what has an id cannot be another's. */
static bool look(struct verifying *v)
{
	struct run *run = v->run;
	const struct state *state = &run->state;
	struct observe_request *requests;
	struct error err = { 0 };

	if (!run_connect(run))
		return false;
	requests = arena_array(&run->arena, struct observe_request, state->row_count);
	for (size_t i = 0; i < state->row_count; i++) {
		const struct row *row = state->rows[i];
		const struct schema *schema = schema_find(run->schemas, row->type);

		row_open(row);
		if (!schema || !schema->driver || (row->status == ROW_CREATING && !row->sent))
			continue;
		requests[v->looked++] = (struct observe_request){
			.address = address_text(&run->arena, &row->address), .schema = schema,
			.row = row, .scope = &row->scope, .instance = row->instance,
			.properties = row->properties,
			.find = schema->driver->owner == OWNER_TAG &&
				schema->driver->key_is_chosen,
		};
	}
	if (!observe(&run->session, requests, v->looked, &run->observation, &err))
		return run_fail(run, EXIT_ERROR, &err);
	progress_end(&run->progress);
	for (size_t i = 0; i < v->looked; i++)
		check_seen(v, &requests[i]);
	return true;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void print(struct verifying *v)
{
	struct arena *a = &v->run->arena;
	struct value document = value_map();
	struct buf out;

	buf_init(&out, a);
	if (v->run->options->json) {
		value_set(a, &document, STR("resources"), value_int((int64_t)v->rows));
		value_set(a, &document, STR("versions"), value_int((int64_t)v->versions));
		value_set(a, &document, STR("looked_at"), value_int((int64_t)v->looked));
		value_set(a, &document, STR("problems"), v->problems);
		json_print_pretty(&out, &document, 0);
		buf_add_char(&out, '\n');
		fwrite(out.data, 1, out.length, v->run->doors->out);
		return;
	}
	for (size_t i = 0; i < v->problems.list.count; i++) {
		add_shown(&out, v->problems.list.items[i].string, 0);
		buf_add_char(&out, '\n');
	}
	buf_printf(&out, "%zu resource%s, %zu version%s, %zu looked at in AWS: %zu problem%s\n",
		   v->rows, plural(v->rows), v->versions, plural(v->versions), v->looked,
		   v->problems.list.count, plural(v->problems.list.count));
	fwrite(out.data, 1, out.length, v->run->doors->out);
}

int state_verify(struct run *run, const struct str_list *words)
{
	struct verifying v = { .run = run, .problems = value_list(NULL, 0) };

	(void)words;
	if (!run_open(run, false))
		return run->exit;
	check_rows(&v);
	check_versions(&v);
	if (run->options->refresh != REFRESH_NONE && run->state.row_count && !look(&v))
		return run->exit;
	print(&v);
	return v.problems.list.count ? EXIT_ERROR : EXIT_DONE;
}
