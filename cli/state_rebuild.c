#include "state.h"

#include "base/hash.h"
#include "base/json.h"
#include "executor/found.h"
#include "shown.h"

/*
 * effc state rebuild: a state that was lost, made anew from the spec and from what is in AWS.
 * What has its name from the spec is looked up by it, the rest by its tags or within its
 * parent, in rounds: what a round finds tells where its children are.  A thing counts as this
 * stage's by its tags, or by those of what it is in.
 */
#define ROUNDS_MOST 8

struct rebuilding {
	struct run *run;
	struct tagged_vec tagged;
	bool *placed;			/* one per tagged: something of the spec is it */
	struct value *tried;		/* one per resource: what it was looked up by last */
	struct str *why;		/* one per resource: why it was not found; empty: not yet */
	size_t found;
};

/* ---- what to look up a resource by ---- */

static bool is_tag_of(const struct mark *mark, const struct resource *r)
{
	struct arena scratch;
	struct str type = r->schema->type, word;
	bool same;

	arena_init(&scratch);
	word = str_lower(&scratch, str_slice(type, str_last_index(type, ':') + 1, type.length));
	same = str_equal(mark->type, word) &&
	       (str_equal(mark->handler, r->address.id) ||
		str_ends(mark->handler, STR_JOIN(&scratch, STR("."), r->address.id)));
	arena_release(&scratch);
	return same;
}

/* "arn:…:/apis/a1b2" ends with the id. */
static struct str arn_end(struct str arn)
{
	size_t slash = str_last_index(arn, '/'), colon = str_last_index(arn, ':');
	size_t at = slash == arn.length ? colon : slash;

	return str_slice(arn, at + 1, arn.length);
}

/* The one thing with its tags; NULL if there is none, or several. */
static struct tagged *tagged_one(struct rebuilding *b, const struct resource *r)
{
	struct tagged *one = NULL;

	for (size_t i = 0; i < b->tagged.count; i++) {
		if (b->placed[i] || !is_tag_of(&b->tagged.items[i].mark, r))
			continue;
		if (one)
			return NULL;
		one = &b->tagged.items[i];
	}
	return one;
}

static bool key_of(struct rebuilding *b, const struct resource *r, const struct value *wanted,
		   struct value *key)
{
	const struct driver *driver = r->schema->driver;
	struct arena *a = &b->run->arena;
	const struct tagged *one;

	*key = value_map();
	for (size_t i = 0; i < driver->key.count; i++) {
		const struct value *v = value_get(wanted, driver->key.items[i]);

		if (v && v->kind == VALUE_STRING)
			value_set(a, key, driver->key.items[i], *v);
	}
	if (key->map.count == driver->key.count)
		return true;
	one = driver->key.count == 1 ? tagged_one(b, r) : NULL;
	if (one)
		value_set(a, key, driver->key.items[0], value_string(arn_end(one->arn)));
	return one != NULL;
}

/* Of what is known only through its parent, as after a create whose reply was lost. */
static struct row *unmarked_row(struct arena *a, const struct resource *r,
				const struct resolved *resolved)
{
	struct row *row = arena_new(a, struct row);

	*row = (struct row){
		.address = r->address, .type = r->schema->type, .scope = r->scope,
		.status = ROW_CREATING, .sent = true, .instance = resolved->instance,
		.properties = resolved->properties,
	};
	return row;
}

void state_request_by(struct arena *a, const struct value *key, enum adoption adoption,
		      struct observe_request *out)
{
	out->adoption = adoption;
	out->properties.map = map_copy(a, &out->properties.map, key->map.count);
	for (uint32_t i = 0; i < key->map.count; i++)
		value_replace(a, &out->properties, key->map.entries[i].key,
			      ((const struct member *)key->map.entries[i].value)->value);
}

static bool request_of(struct rebuilding *b, uint32_t i, struct observe_request *out)
{
	const struct resource *r = &b->run->model.resources[i];
	const struct resolved *resolved = &b->run->plan.resolved[i];
	const struct driver *driver = r->schema->driver;
	struct value key;

	*out = (struct observe_request){
		.address = resolved->address, .schema = r->schema, .scope = &r->scope,
		.instance = resolved->instance, .properties = resolved->properties,
	};
	if (!driver)
		return false;
	if (driver->owner != OWNER_TAG) {
		out->row = unmarked_row(&b->run->arena, r, resolved);
		out->find = true;
		key = resolved->properties;
	} else {
		if (!key_of(b, r, &resolved->properties, &key))
			return false;
		state_request_by(&b->run->arena, &key, ADOPT_ANY, out);
	}
	if (value_equal(&b->tried[i], &key))
		return false;
	b->tried[i] = key;
	return true;
}

/* ---- what was found ---- */

/* By the instance that it carries, or by its id: its tags may not be of its driver's reading. */
static void place(struct rebuilding *b, const struct mark *mark, const struct row *row)
{
	for (size_t i = 0; i < b->tagged.count; i++) {
		const struct tagged *t = &b->tagged.items[i];

		if ((mark->instance.length && str_equal(t->mark.instance, mark->instance)) ||
		    (row->identifier.length && str_equal(arn_end(t->arn), row->identifier)))
			b->placed[i] = true;
	}
}

static void take(struct rebuilding *b, uint32_t i, const struct observed *seen)
{
	struct run *run = b->run;
	const struct resource *r = &run->model.resources[i];
	struct mark mark = mark_of(r->schema, seen);
	const struct found found = {
		.address = run->plan.resolved[i].address, .resource = r,
		.wanted = &run->plan.resolved[i].properties, .seen = seen,
		.lineage = run->state.lineage, .instance = mark.instance, .scope = &r->scope,
	};
	struct row *row;

	if (r->schema->driver->owner == OWNER_TAG &&
	    (!str_equal(mark.project, run->model.project) ||
	     !str_equal(mark.stage, run->model.stage))) {
		b->why[i] = mark.project.length ?
			str_format(&run->arena, "what has its name belongs to project '%.*s', "
				   "stage '%.*s'", STR_ARG(mark.project), STR_ARG(mark.stage)) :
			STR("what has its name does not carry the tags of this stage");
		return;
	}
	row = row_found(&run->arena, &found);
	row->edges = run->plan.resolved[i].edges;
	state_put(&run->arena, &run->state, row);
	place(b, &mark, row);
	b->found++;
}

static bool look_round(struct rebuilding *b, size_t *news)
{
	struct run *run = b->run;
	size_t count = 0, before = b->found;
	struct observe_request *requests =
		arena_array(&run->arena, struct observe_request, run->model.resource_count);
	uint32_t *which = arena_array(&run->arena, uint32_t, run->model.resource_count);
	struct error err = { 0 };

	for (uint32_t i = 0; i < run->model.resource_count; i++) {
		if (state_peek(&run->state, run->plan.resolved[i].address) || b->why[i].length ||
		    !request_of(b, i, &requests[count]))
			continue;
		which[count++] = i;
	}
	if (!observe(&run->session, requests, count, &run->observation, &err))
		return run_fail(run, EXIT_ERROR, &err);
	for (size_t k = 0; k < count; k++) {
		const struct observed *seen = map_get(&run->observation.by_address,
						      requests[k].address);

		if (seen && seen->seen == SEEN_FOUND)
			take(b, which[k], seen);
	}
	state_sort(&run->state);
	*news = b->found - before;
	return true;
}

bool state_plan(struct run *run)
{
	const struct plan_options options = {
		.offline = true, .draft = true, .secret_key = run->session.secret_key,
	};
	bool ok = plan_make(&run->arena, &run->model, &run->state, &run->observation, &options,
			    &run->plan, &run->diags);

	if (run_report(run, ok))
		return true;
	run->exit = EXIT_ERROR;
	return false;
}

static bool search(struct rebuilding *b)
{
	struct run *run = b->run;
	size_t count = run->model.resource_count, news = 1;
	struct error err = { 0 };

	if (!tagged_find(&run->session, &run->model.scope, run->model.project, run->model.stage,
			 &b->tagged, &err))
		return run_fail(run, EXIT_ERROR, &err);
	b->placed = arena_array(&run->arena, bool, b->tagged.count);
	b->tried = arena_array(&run->arena, struct value, count);
	b->why = arena_array(&run->arena, struct str, count);
	for (int i = 0; i < ROUNDS_MOST && news; i++) {
		if (!state_plan(run) || !look_round(b, &news))
			return false;
	}
	progress_end(&run->progress);
	return true;
}

/* ---- the whole ---- */

/* That of the history, so that instances which it was made of are told again. */
static struct str lineage_of(struct run *run)
{
	struct store *store = run->store;
	struct version_vec all;
	struct state_document d;
	uint8_t bytes[16];

	if (!versions_list(run, &all, NULL))
		all.count = 0;
	for (size_t i = 0; i < all.count; i++) {
		if (store->load_version(store->context, &run->arena, all.items[i].id, true, &d,
					NULL) &&
		    document_is_of(&d, all.items[i].id, run->model.project, run->model.stage,
				   STR(""), NULL))
			return d.state.lineage;
	}
	run->doors->random->bytes(run->doors->random->context, bytes, sizeof(bytes));
	return hex_encode(&run->arena, bytes, sizeof(bytes));
}

static void add_line(struct value *list, struct arena *a, const char *name, struct str address,
		     struct str text)
{
	struct value v = value_map();

	value_set(a, &v, str_from_c(name), value_string(address));
	value_set(a, &v, STR("text"), value_string(text));
	value_append(a, list, v);
}

static struct str why_missing(const struct rebuilding *b, uint32_t i)
{
	const struct driver *driver = b->run->model.resources[i].schema->driver;

	if (b->why[i].length)
		return b->why[i];
	if (driver && (driver->owner == OWNER_KEY || driver->owner == OWNER_DESCRIPTION))
		return STR("its mark was of the lost state, so it may be there unseen: the next "
			   "apply makes another");
	return STR("not found: the next apply makes it");
}

/* What the spec has and nobody saw, and what carries our tags and nobody knows. */
static struct value gaps(struct rebuilding *b)
{
	struct run *run = b->run;
	struct arena *a = &run->arena;
	struct value out = value_list(NULL, 0);

	for (uint32_t i = 0; i < run->model.resource_count; i++) {
		struct str address = run->plan.resolved[i].address;

		if (!state_peek(&run->state, address))
			add_line(&out, a, "address", address, why_missing(b, i));
	}
	for (size_t i = 0; i < b->tagged.count; i++) {
		if (!b->placed[i])
			add_line(&out, a, "arn", b->tagged.items[i].arn,
				 STR("carries the tags of this stage, and the spec has nothing "
				     "that it can be: 'effc state adopt ADDRESS ID' places it"));
	}
	return out;
}

static void print_found(struct run *run, const struct value *missing)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < run->state.row_count; i++) {
		const struct row *row = run->state.rows[i];

		buf_add_c(&out, "found  ");
		add_shown(&out, address_text(&run->arena, &row->address), 0);
		buf_printf(&out, "  %.*s  ", STR_ARG(row->type));
		add_shown(&out, row->identifier, 0);
		buf_add_char(&out, '\n');
	}
	for (size_t i = 0; i < missing->list.count; i++) {
		const struct value *v = &missing->list.items[i];

		buf_add_c(&out, "open   ");
		add_shown(&out, value_get_str(v, "address"), 0);
		add_shown(&out, value_get_str(v, "arn"), 0);
		buf_add_c(&out, ": ");
		add_shown(&out, value_get_str(v, "text"), 0);
		buf_add_char(&out, '\n');
	}
	fwrite(out.data ? out.data : "", 1, out.length, run->doors->out);
}

static int finish(struct rebuilding *b)
{
	struct run *run = b->run;
	struct value missing = gaps(b), document = value_map();
	struct error err = { 0 };
	struct buf out;

	if (!run->options->json)
		print_found(run, &missing);
	if (!b->found) {
		run_say(run, EXIT_ERROR, "nothing of stage '%.*s' was found: there is no state to "
			"rebuild", STR_ARG(run->model.stage));
		return run->exit;
	}
	if (!confirm(run, "This becomes the state; nothing in AWS changes.", STR("yes")))
		return run->exit;
	if (!run->store->restore(run->store->context, &run->state, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	if (!run->options->json) {
		fprintf(run->doors->out, "Done: %zu resources. The next plan shows what differs "
			"from the spec.\n", b->found);
		return EXIT_DONE;
	}
	value_set(&run->arena, &document, STR("found"), value_int((int64_t)b->found));
	value_set(&run->arena, &document, STR("open"), missing);
	buf_init(&out, &run->arena);
	json_print_pretty(&out, &document, 0);
	fprintf(run->doors->out, "%s\n", out.data);
	return EXIT_DONE;
}

int state_rebuild(struct run *run, const struct str_list *words)
{
	struct rebuilding b = { .run = run };
	bool found;

	(void)words;
	if (!run_bundle(run) || !state_open(run, &found))
		return run->exit;
	if (found && run->state.row_count) {
		run_say(run, EXIT_ERROR, "stage '%.*s' has a state that can be read: 'effc state "
			"adopt' takes single things into it, 'effc state verify' tells what it "
			"lacks", STR_ARG(run->model.stage));
		return run->exit;
	}
	if (!run_key(run) || !run_connect(run))
		return run->exit;
	run->state.lineage = lineage_of(run);
	run->state.project = run->model.project;
	run->state.stage = run->model.stage;
	run->state.pin = run->model.scope;
	run->state.serial = state_next_serial(run, 1);
	if (!search(&b))
		return run->exit;
	return finish(&b);
}
