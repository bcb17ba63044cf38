#include "run.h"

/*
 * What a run asks of the history of its state and adds to it: a version when something
 * changed; whether the state is the newest that there was; and where it is damaged or gone,
 * which version was the last good one.
 */

/* "2026-11-30 18:00 UTC" */
struct str version_time(struct arena *a, int64_t wall_ms)
{
	struct utc t = utc_from_s(wall_ms / 1000);

	return str_format(a, "%04d-%02d-%02d %02d:%02d UTC", t.year, t.month, t.day, t.hour,
			  t.minute);
}

bool versions_list(struct run *run, struct version_vec *out, struct error *err)
{
	*out = (struct version_vec){ 0 };
	return !run->store->history ||
	       run->store->history(run->store->context, &run->arena, out, err);
}

static bool is_of_lineage(const struct version *version, struct str lineage)
{
	return version->lineage.length && str_starts(lineage, version->lineage);
}

/* Several lineages may have the same serial: then it takes all of its id to say which. */
struct str version_name(struct run *run, const struct version_vec *all,
			const struct version *version)
{
	size_t same = 0;

	for (size_t i = 0; i < all->count; i++)
		same += all->items[i].serial == version->serial;
	return same == 1 ? str_format(&run->arena, "%llu", (unsigned long long)version->serial) :
			   version->id;
}

static bool is_good(struct run *run, const struct version *version, struct state_document *out)
{
	struct store *store = run->store;

	return store->load_version(store->context, &run->arena, version->id, false, out, NULL) &&
	       document_is_of(out, version->id, run->model.project, run->model.stage, STR(""),
			      NULL);
}

/* What to do about it, for a message. */
static struct str way_back(struct run *run)
{
	struct version_vec all;
	struct state_document d;

	if (!versions_list(run, &all, NULL))
		all.count = 0;
	for (size_t i = 0; i < all.count; i++) {
		struct str name = version_name(run, &all, &all.items[i]);

		if (!is_good(run, &all.items[i], &d))
			continue;
		return str_format(&run->arena, "The last good version of it is %.*s, of %.*s%s%.*s,"
				  " with %zu resources: 'effc state rollback %.*s --stage %.*s' "
				  "makes it the current one", STR_ARG(name),
				  STR_ARG(version_time(&run->arena, d.note.wall_ms)),
				  d.note.command.length ? " by effc " : "",
				  STR_ARG(d.note.command), d.state.row_count, STR_ARG(name),
				  STR_ARG(run->model.stage));
	}
	return str_format(&run->arena, "The history has no good version of it: 'effc state rebuild "
			  "--stage %.*s' makes it anew from what is in AWS",
			  STR_ARG(run->model.stage));
}

bool run_damaged(struct run *run, const struct error *err)
{
	if (err->kind != ERROR_CORRUPT)
		return run_fail(run, EXIT_ERROR, err);
	return run_say(run, EXIT_ERROR, "%s. Nothing was changed. %.*s", err->text,
		       STR_ARG(way_back(run)));
}

static bool say_lost(struct run *run, const struct version_vec *all)
{
	return run_say(run, EXIT_ERROR,
		       "stage '%.*s' has no state, but its history has %zu version%s: the state "
		       "was lost. Nothing was changed. %.*s; to begin anew instead, remove the "
		       "history as well", STR_ARG(run->model.stage), all->count,
		       all->count == 1 ? "" : "s", STR_ARG(way_back(run)));
}

static bool say_older(struct run *run, const struct version *newest)
{
	return run_say(run, EXIT_ERROR,
		       "the state of stage '%.*s' has serial %llu, but its history has serial "
		       "%llu: an older copy was put in its place. Nothing was changed. %.*s",
		       STR_ARG(run->model.stage), (unsigned long long)run->state.serial,
		       (unsigned long long)newest->serial, STR_ARG(way_back(run)));
}

static bool is_of_stack(const struct run *run)
{
	return str_equal(run->state.project, run->model.project) &&
	       str_equal(run->state.stage, run->model.stage);
}

static bool say_anothers(struct run *run)
{
	return run_say(run, EXIT_ERROR,
		       "the state here is of project '%.*s', stage '%.*s', not of '%.*s', stage "
		       "'%.*s': it was put here by mistake. Nothing was changed. %.*s",
		       STR_ARG(run->state.project), STR_ARG(run->state.stage),
		       STR_ARG(run->model.project), STR_ARG(run->model.stage),
		       STR_ARG(way_back(run)));
}

/* What was there before there was a history can be returned to as well. */
static bool keep_first(struct run *run, struct error *err)
{
	const struct document_note note = {
		.wall_ms = run->doors->clock->wall_ms(run->doors->clock->context),
		.added = run->state.row_count,
	};

	return !run->store->keep ||
	       run->store->keep(run->store->context, &run->state, &note, err);
}

bool run_agrees(struct run *run, bool write)
{
	const struct state *state = &run->state;
	struct version_vec all;
	struct error err = { 0 };
	bool any = false;

	run->writes = write;
	run->kept = state->serial;
	if (!versions_list(run, &all, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!state->lineage.length)
		return !all.count || say_lost(run, &all);
	if (all.count && !is_of_stack(run))
		return say_anothers(run);
	for (size_t i = 0; i < all.count; i++) {
		if (!is_of_lineage(&all.items[i], state->lineage))
			continue;
		any = true;
		if (all.items[i].serial > state->serial)
			return say_older(run, &all.items[i]);
	}
	if (write && !any && state->row_count && !keep_first(run, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return true;
}

/* ---- a version more ---- */

static struct str who(struct run *run)
{
	struct lease_owner owner = run_owner(run);

	if (!owner.run.length)
		return owner.user;
	return str_format(&run->arena, "%.*s%sCI run %.*s", STR_ARG(owner.user),
			  owner.user.length ? ", " : "", STR_ARG(owner.run));
}

/* The newest version of this lineage; an empty state if there is none that can be read. */
static struct state newest_version(struct run *run, struct arena *a, struct str lineage)
{
	struct state_document d = { .state.outputs = value_map() };
	struct store *store = run->store;
	struct version_vec all;

	if (!versions_list(run, &all, NULL))
		return d.state;
	for (size_t i = 0; i < all.count; i++) {
		if (is_of_lineage(&all.items[i], lineage) &&
		    store->load_version(store->context, a, all.items[i].id, false, &d, NULL))
			return d.state;
	}
	return (struct state){ .outputs = value_map() };
}

static bool differ(const struct state *a, const struct state *b, const struct document_note *n)
{
	return n->added || n->changed || n->removed || !value_equal(&a->outputs, &b->outputs) ||
	       a->tombstone_count != b->tombstone_count;
}

bool version_is(struct run *run, const struct version *version)
{
	struct document_note note = { 0 };
	struct state_document d;
	struct store *store = run->store;

	if (!store->load_version(store->context, &run->arena, version->id, false, &d, NULL))
		return false;
	document_count_changes(&d.state, &run->state, &note);
	return !differ(&d.state, &run->state, &note);
}

static bool keep_now(struct run *run, struct arena *scratch, struct error *err)
{
	struct document_note note = {
		.wall_ms = run->doors->clock->wall_ms(run->doors->clock->context),
		.who = who(run), .command = run->options->command,
	};
	struct store *store = run->store;
	struct state now, before;

	if (!store->load(store->context, scratch, &now, err))
		return false;
	before = newest_version(run, scratch, now.lineage);
	document_count_changes(&before, &now, &note);
	return !differ(&before, &now, &note) ||
	       store->keep(store->context, &now, &note, err);
}

bool run_keep(struct run *run)
{
	struct store *store = run->store;
	struct error err = { 0 };
	struct arena scratch;
	uint64_t durable;
	bool kept;

	/* A store that failed was told of already. */
	if (!store || !run->writes || !store->keep ||
	    !store->poll(store->context, &durable, NULL) ||
	    store->serial(store->context) == run->kept)
		return true;
	run->kept = store->serial(store->context);
	arena_init(&scratch);
	kept = keep_now(run, &scratch, &err);
	arena_release(&scratch);
	if (kept)
		return true;
	return run_say(run, EXIT_ERROR, "%s. What was done is done and recorded; only the history "
		       "lacks this run", err.text);
}
