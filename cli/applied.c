#include "command.h"

#include "shown.h"

/*
 * Carrying out a saved plan: the run is made again as it was asked for, and what it comes to must
 * be what the file says, down to the last digest.  Only then is anything changed.
 */

#define MOVED_SHOWN 20

static bool stale(struct run *run, struct str path, const struct moved *moved)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < moved->count && i < MOVED_SHOWN; i++) {
		buf_add_c(&out, "moved: ");
		add_shown(&out, moved->items[i], 0);
		buf_add_char(&out, '\n');
	}
	if (moved->count > MOVED_SHOWN)
		buf_printf(&out, "moved: and %zu more\n", moved->count - MOVED_SHOWN);
	progress_end(&run->progress);
	fwrite(out.data, 1, out.length, run->doors->err);
	return run_say(run, EXIT_STALE,
		       "the saved plan '%.*s' is stale: %zu of the things that it was made from "
		       "moved%s%.*s; nothing was changed. Plan again, and review that",
		       STR_ARG(path), moved->count, run->options->json ? ": " : "",
		       STR_ARG(run->options->json ? str_join(&run->arena, STR("; "), moved->items,
							     moved->count) : STR("")));
}

static bool is_current(struct run *run, struct str path, const struct saved *saved, bool planned)
{
	struct value now = saved_bonds(run, planned);
	struct moved moved = { 0 };

	saved_compare(&run->arena, &saved->bound, &now, &moved);
	return moved.count == 0 || stale(run, path, &moved);
}

static struct str_list texts(struct run *run, const struct value *list)
{
	struct str_list out = { arena_array(&run->arena, struct str, list->list.count), 0 };

	for (size_t i = 0; i < list->list.count; i++)
		out.items[out.count++] = list->list.items[i].string;
	return out;
}

/* The options of the plan, over those that were given now. */
static bool take_options(struct run *run, struct str path, const struct saved *saved)
{
	struct options *o = arena_new(&run->arena, struct options);
	struct str stage = value_get_str(&saved->bound, "stage");
	struct str region = value_get_str(&saved->options, "region");

	*o = *run->options;
	if (o->allow_data_loss.count)
		return run_say(run, EXIT_ERROR,
			       "a saved plan says itself what data may be lost: plan again with "
			       "--allow-data-loss");
	if (o->take_over.count || o->targets.count || o->replace.count)
		return run_say(run, EXIT_ERROR, "a saved plan says itself what it is about: plan "
			       "again with --%s", o->take_over.count ? "take-over" :
			       o->targets.count ? "target" : "replace");
	if (o->stage_given && !str_equal(o->stage, stage))
		return run_say(run, EXIT_ERROR, "'%.*s' is a plan of stage '%.*s', not of '%.*s'",
			       STR_ARG(path), STR_ARG(stage), STR_ARG(o->stage));
	if (o->region_given && !str_equal(o->region, region))
		return run_say(run, EXIT_ERROR, "a saved plan says itself its region: plan again "
			       "with --region");
	if (o->refresh != REFRESH_ALL)
		return run_say(run, EXIT_ERROR, "a saved plan says itself what is looked at: plan "
			       "again with --refresh");
	o->refresh = refresh_named(value_get_str(&saved->options, "refresh"));
	if (o->refresh == REFRESH_NONE)
		return run_say(run, EXIT_ERROR,
			       "'%.*s' was planned with --refresh none: what is live was not "
			       "looked at, so nobody has seen what applying it does. Plan again "
			       "without it",
			       STR_ARG(path));
	o->stage = stage;
	o->region = region;
	o->destroy = value_get_c(&saved->options, "destroy")->boolean;
	o->allow_data_loss = texts(run, value_get_c(&saved->options, "allow_data_loss"));
	o->take_over = texts(run, value_get_c(&saved->options, "take_over"));
	o->targets = texts(run, value_get_c(&saved->options, "target"));
	o->replace = texts(run, value_get_c(&saved->options, "replace"));
	run->options = o;
	return true;
}

static bool is_ours(struct run *run, struct str path, const struct saved *saved)
{
	struct value now = saved_bonds(run, false);
	bool same_key = value_equal(value_get_c(&now, "key"), value_get_c(&saved->bound, "key"));

	/* With another key nothing can be told of it; that is what is said then. */
	if (!same_key || saved_is_ours(saved, run->session.secret_key))
		return true;
	return run_say(run, EXIT_ERROR,
		       "'%.*s' was changed after it was written, and is not carried out",
		       STR_ARG(path));
}

/* ---- what only an apply does ---- */

/* Nothing that the reviewer did not see: of each thing the same, or less since it is there. */
static bool is_within(const struct plan *seen, const struct action *act)
{
	for (size_t i = 0; i < seen->action_count; i++) {
		const struct action *was = &seen->actions[i];

		if (!str_equal(was->address, act->address))
			continue;
		return was->kind == act->kind || act->kind == ACTION_METADATA ||
		       act->kind == ACTION_COLLECT ||
		       (act->kind == ACTION_UPDATE && was->kind == ACTION_CREATE);
	}
	return false;
}

static bool plan_again(struct run *run)
{
	const struct plan seen = run->plan;
	bool destroy = run->options->destroy;

	if (!run_plan(run, destroy, false))
		return false;
	for (size_t i = 0; i < run->plan.action_count; i++) {
		const struct action *act = &run->plan.actions[i];

		if (!is_within(&seen, act))
			return run_say(run, EXIT_STALE,
				       "'%.*s' was left unfinished by an earlier run, and what is "
				       "left to do (%s) is not what was planned; nothing was "
				       "changed. Plan again", STR_ARG(act->address),
				       action_kind_name(act->kind));
	}
	return true;
}

static bool is_unfinished(const struct row *row)
{
	return row->status == ROW_CREATING || row->status == ROW_UPDATING ||
	       row->status == ROW_REPLACING || row->status == ROW_DELETING;
}

/*
 * The plan was held to the state as it was planned with.  What was left unfinished is looked up
 * now, and a new stage gets its lineage, so that the plan is made once more.
 */
static bool settle(struct run *run)
{
	bool unfinished = false, begins = run->state.lineage.length == 0;

	for (size_t i = 0; i < run->state.row_count; i++)
		unfinished |= is_unfinished(run->state.rows[i]);
	if (!run_begin(run))
		return false;
	if (unfinished && (!run_recover(run) || !run_observe(run, run->options->destroy)))
		return false;
	return (!unfinished && !begins) || plan_again(run);
}

int apply_saved(struct run *run, struct str path)
{
	struct saved saved;
	bool destroy;

	if (!read_saved(run, path, &saved) || !take_options(run, path, &saved))
		return run->exit;
	destroy = run->options->destroy;
	run_record(run);
	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_lock(run) ||
	    !is_ours(run, path, &saved) || !is_current(run, path, &saved, false) ||
	    !run_connect(run) || !run_observe(run, destroy) || !run_plan(run, destroy, false) ||
	    !addresses_exist(run) || !is_current(run, path, &saved, true) || !settle(run))
		return run->exit;
	if (!run->options->json)
		show_plan(run);
	if (!plan_is_free(run))
		return run->exit;
	return execute_plan(run);
}
