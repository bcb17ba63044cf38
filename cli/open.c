#include "run.h"

#include "base/hash.h"

static bool truthy(struct str value)
{
	return value.length > 0 && !str_equal_c(value, "0") && !str_equal_c(value, "false");
}

struct str run_state_file(struct run *run)
{
	struct str name = str_format(&run->arena, ".effc/state/%.*s.db", STR_ARG(run->model.stage));

	return path_join(&run->arena, run->spec.folder, name);
}

static bool make_state(struct run *run, struct error *err)
{
	const struct random *random = run->doors->random;
	uint8_t bytes[16];

	random->bytes(random->context, bytes, sizeof(bytes));
	if (!run->store->create(run->store->context, run->model.project, run->model.stage,
				hex_encode(&run->arena, bytes, sizeof(bytes)), err))
		return false;
	return run->store->load(run->store->context, &run->arena, &run->state, err);
}

bool run_begin(struct run *run)
{
	struct error err = { 0 };

	if (run->state.lineage.length == 0 && !make_state(run, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return true;
}

void run_set_account(struct run *run, struct str account)
{
	run->model.scope.account = account;
	for (size_t i = 0; i < run->model.resource_count; i++)
		if (run->model.resources[i].scope.account.length == 0)
			run->model.resources[i].scope.account = account;
}

static bool check_pins(struct run *run)
{
	const struct scope *pin = &run->state.pin;

	if (pin->account.length == 0)
		return true;
	if (run->model.account_pinned && !str_equal(run->model.scope.account, pin->account))
		return run_say(run, EXIT_ERROR,
			       "the spec names account %.*s, but stage '%.*s' lives in account "
			       "%.*s: destroy it there first, or use another stage",
			       STR_ARG(run->model.scope.account), STR_ARG(run->model.stage),
			       STR_ARG(pin->account));
	if (!str_equal(run->model.scope.region, pin->region))
		return run_say(run, EXIT_ERROR,
			       "stage '%.*s' lives in region %.*s, not %.*s: destroy it there "
			       "first, or use another stage",
			       STR_ARG(run->model.stage), STR_ARG(pin->region),
			       STR_ARG(run->model.scope.region));
	if (!run->model.account_pinned)
		run_set_account(run, pin->account);
	return true;
}

static bool open_file(struct run *run, bool write)
{
	struct str path = run_state_file(run);
	struct error err = { 0 };

	if (truthy(door_environment(run->doors, "CI")) && !run->options->local_state)
		return run_say(run, EXIT_ERROR,
			       "the state would be a file of this machine (%.*s), which a CI job "
			       "loses: keep it in a bucket (effc bootstrap makes one, and "
			       "'state = \"s3://...\"' under [project] names it), or pass "
			       "--local-state if a file is meant",
			       STR_ARG(path));
	run->store = store_sqlite(&run->arena, path, !write, run->doors->store_vfs, &err);
	return run->store || run_fail(run, EXIT_ERROR, &err);
}

struct bucket_place run_place(struct run *run)
{
	const struct state_place *state = &run->model.state;
	struct bucket_place place = {
		.bucket = state->bucket, .kms_key = state->kms_key, .owner = state->owner,
		.scope = { .account = state->owner, .region = state->region },
		.folder = str_format(&run->arena, "%.*s%s%.*s/%.*s/", STR_ARG(state->prefix),
				     state->prefix.length ? "/" : "", STR_ARG(run->model.project),
				     STR_ARG(run->model.stage)),
	};

	if (!place.owner.length)
		place.owner = place.scope.account = run->who.account;
	if (!place.scope.region.length)
		place.scope.region = run->model.scope.region;
	place.scope.partition = partition_of_region(place.scope.region);
	return place;
}

/* The network is needed before anything is known of the stage. */
static bool open_bucket(struct run *run, bool write)
{
	struct bucket_place place;
	struct remote remote;

	if (!run_session(run))
		return false;
	place = run_place(run);
	remote = session_remote(&run->session);
	run->store = store_bucket(&run->arena, &remote, &place, run->doors->clock,
				  run->doors->random, !write);
	run->session.store = run->store;
	return true;
}

bool run_store(struct run *run, bool write)
{
	return run->model.state.bucket.length ? open_bucket(run, write) : open_file(run, write);
}

bool run_hold(struct run *run)
{
	struct lease_owner who = run_owner(run);
	struct error err = { 0 };

	if (!run_store(run, true))
		return false;
	run->writes = true;
	return run->store->lock(run->store->context, &who, run->doors->clock, &err) ||
	       run_fail(run, EXIT_ERROR, &err);
}

/* A spec that names a bucket now: what is in the file is not forgotten. */
static bool file_is_left(struct run *run)
{
	const struct files *files = run->doors->files;

	if (!run->model.state.bucket.length || run->state.lineage.length ||
	    files->kind(files->context, run_state_file(run)) != FILE_REGULAR)
		return false;
	run_say(run, EXIT_ERROR,
		"stage '%.*s' has its state in the file '%.*s', and none in the bucket that the "
		"spec names: 'effc bootstrap' moves it there; if it does not count, remove it",
		STR_ARG(run->model.stage), STR_ARG(run_state_file(run)));
	return true;
}

/* make: a state that is not there. */
static bool open_state(struct run *run, bool write, bool make)
{
	struct error err = { 0 };

	if (write ? !run_hold(run) : !run_store(run, false))
		return false;
	if (!run->store->load(run->store->context, &run->arena, &run->state, &err))
		return run_damaged(run, &err);
	if (!run_agrees(run, write))
		return false;
	if (file_is_left(run) || (make && !run_begin(run)))
		return false;
	/* A plan that is saved is held to digests that must be made again. */
	if (!run_secret_key(run, write || run->options->out.length, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return check_pins(run);
}

bool run_open(struct run *run, bool write)
{
	return open_state(run, write, write);
}

bool run_lock(struct run *run)
{
	return open_state(run, true, false);
}
