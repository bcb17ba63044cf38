#include "bootstrap.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The state of a stage that lives in a file goes into the bucket, with its key. */

static bool open_both(struct run *run, struct store **file, struct state *state, struct error *err)
{
	struct lease_owner who = run_owner(run);
	const struct clock *clock = run->doors->clock;
	struct state there;

	*file = store_sqlite(&run->arena, run_state_file(run), false, run->doors->store_vfs, err);
	if (!*file || !(*file)->lock((*file)->context, &who, clock, err) ||
	    !(*file)->load((*file)->context, &run->arena, state, err))
		return false;
	if (!run_store(run, true))
		return error_set(err, ERROR_IO, "the bucket cannot be opened");
	return run->store->lock(run->store->context, &who, clock, err) &&
	       run->store->load(run->store->context, &run->arena, &there, err) &&
	       (!there.lineage.length ||
		error_set(err, ERROR_REFUSED, "the bucket has a state of this stage meanwhile"));
}

static bool move_state(struct run *run, struct store **file, struct error *err)
{
	struct state state;
	const char *path = str_to_c(&run->arena, run_state_file(run));
	const char *moved = str_format(&run->arena, "%s.moved", path).data;

	if (!open_both(run, file, &state, err) || !run_move_key(run, err))
		return false;
	state.serial++;
	if (!run->store->restore(run->store->context, &state, err))
		return false;
	return rename(path, moved) == 0 ||
	       error_set(err, ERROR_IO,
			 "the state is in the bucket; cannot rename '%s', so remove "
			 "it: %s",
			 path, strerror(errno));
}

static bool carry_out(struct boot *b, struct error *err)
{
	struct store *file = NULL;
	bool good = move_state(b->run, &file, err);

	if (file)
		file->close(file->context);
	return good;
}

bool boot_move(struct boot *b, struct error *err)
{
	struct run *run = b->run;
	const struct files *files = run->doors->files;
	struct boot_step *step;
	(void)err;

	if (files->kind(files->context, run_state_file(run)) != FILE_REGULAR)
		return true;
	step = vec_push(&run->arena, &b->steps);
	step->says = str_format(&run->arena,
				"move the state of stage '%.*s' and its key from '%.*s' "
				"into it",
				STR_ARG(run->model.stage), STR_ARG(run_state_file(run)));
	step->carry_out = carry_out;
	return true;
}
