#include "run.h"

#include "base/hash.h"

#define KEY_LIMIT_BYTES 4096

static bool truthy(struct str value)
{
	return value.length > 0 && !str_equal_c(value, "0") && !str_equal_c(value, "false");
}

static struct str state_path(struct run *run)
{
	struct str name = str_format(&run->arena, ".effc/state/%.*s.db", STR_ARG(run->model.stage));

	return path_join(&run->arena, run->spec.folder, name);
}

/*
 * A key that the state's hashes of secrets are made with; made by the first apply,
 * kept out of the state.
 */
static bool load_secret_key(struct run *run, bool write, struct error *err)
{
	struct str home = door_environment(run->doors, "XDG_CONFIG_HOME");
	struct str folder, path;
	uint8_t bytes[32];
	const struct random *random = run->doors->random;

	if (home.length == 0 && door_environment(run->doors, "HOME").length == 0) {
		if (!write)
			return true;
		return error_set(err, ERROR_IO, "HOME is not set: the key that hides secrets in "
				 "the state has no place; set HOME or XDG_CONFIG_HOME");
	}
	if (home.length == 0)
		home = path_join(&run->arena, door_environment(run->doors, "HOME"), STR(".config"));
	folder = path_join(&run->arena, home, STR("effc/keys"));
	path = str_format(&run->arena, "%.*s/%.*s.%.*s", STR_ARG(folder),
			  STR_ARG(run->model.project), STR_ARG(run->model.stage));
	if (run->doors->files->kind(run->doors->files->context, path) == FILE_REGULAR)
		return run->doors->files->read(run->doors->files->context, &run->arena, path,
					       KEY_LIMIT_BYTES, &run->session.secret_key, err);
	random->bytes(random->context, bytes, sizeof(bytes));
	run->session.secret_key = hex_encode(&run->arena, bytes, sizeof(bytes));
	if (!write)
		return true;
	return folder_make(folder, err) && file_replace(path, run->session.secret_key, 0600, err);
}

bool run_key(struct run *run)
{
	struct error err = { 0 };

	return load_secret_key(run, true, &err) || run_fail(run, EXIT_ERROR, &err);
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

bool run_store(struct run *run, bool write)
{
	struct str path = state_path(run);
	struct error err = { 0 };

	if (truthy(door_environment(run->doors, "CI")) && !run->options->local_state)
		return run_say(run, EXIT_ERROR,
			       "the state would be a file of this machine (%.*s), which a CI job "
			       "loses: pass --local-state if that is meant",
			       STR_ARG(path));
	run->store = store_sqlite(&run->arena, path, !write, run->doors->store_vfs, &err);
	return run->store || run_fail(run, EXIT_ERROR, &err);
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
	if (make && !run_begin(run))
		return false;
	/* A plan that is saved is held to digests that must be made again. */
	if (!load_secret_key(run, write || run->options->out.length, &err))
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
