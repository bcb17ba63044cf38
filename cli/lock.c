#include "command.h"

#include "base/json.h"
#include "shown.h"

static void print_json(struct run *run, const struct lease *lease)
{
	struct value v = value_map();
	struct arena *a = &run->arena;

	value_set(a, &v, STR("held"), value_bool(lease->held));
	value_set(a, &v, STR("epoch"), value_int((int64_t)lease->epoch));
	value_set(a, &v, STR("user"), value_string(lease->owner.user));
	value_set(a, &v, STR("host"), value_string(lease->owner.host));
	value_set(a, &v, STR("process"), value_int(lease->owner.pid));
	value_set(a, &v, STR("command"), value_string(lease->owner.command));
	value_set(a, &v, STR("run"), value_string(lease->owner.run));
	value_set(a, &v, STR("taken_at"), value_int(lease->taken_s));
	value_set(a, &v, STR("heard_at"), value_int(lease->beat_s));
	fprintf(run->doors->out, "%s\n", json_text(a, &v).data);
}

static void print_holder(struct run *run, const struct lease *lease)
{
	struct str text = lease_text(&run->arena, lease);
	struct buf out;

	buf_init(&out, &run->arena);
	buf_printf(&out, "%.*s/%.*s: ", STR_ARG(run->model.project), STR_ARG(run->model.stage));
	if (!lease->held)
		buf_add_c(&out, "nobody holds the lease");
	if (!lease->held && lease->owner.command.length)
		buf_add_c(&out, "; the last was ");
	if (lease->held)
		buf_add_c(&out, "the lease is held by ");
	if (lease->held || lease->owner.command.length)
		add_shown(&out, text, 0);
	if (lease->epoch)
		buf_printf(&out, " (holder number %llu)", (unsigned long long)lease->epoch);
	fprintf(run->doors->out, "%s\n", out.data);
}

static bool read_lease(struct run *run, bool write, struct lease *out)
{
	struct error err = { 0 };

	if (!run_read(run) || !run_compile(run) || !run_store(run, write))
		return false;
	if (!run->store->holder(run->store->context, &run->arena, out, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return true;
}

static int show_lease(struct run *run)
{
	struct lease lease;

	if (!read_lease(run, false, &lease))
		return run->exit;
	if (run->options->json)
		print_json(run, &lease);
	else
		print_holder(run, &lease);
	return EXIT_DONE;
}

static int break_lease(struct run *run)
{
	struct lease_owner who = run_owner(run);
	struct error err = { 0 };
	struct lease lease;

	if (!read_lease(run, true, &lease))
		return run->exit;
	if (!run->options->json)
		print_holder(run, &lease);
	if (!lease.held)
		return EXIT_DONE;
	if (!run->options->json)
		fputs("If that run lives still, it can record nothing more and stops: before its "
		      "next change, or\nwhere the state is in a bucket, within the 20 seconds "
		      "for which it trusts its lease. The\nnext run looks up what it left "
		      "unfinished. Break it only if that run is gone or hangs.\n",
		      run->doors->out);
	if (!confirm(run, "The lease is taken away.", STR("break")))
		return run->exit;
	if (!run->store->revoke(run->store->context, &who, run->doors->clock, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	if (!run->options->json)
		fputs("The lease is free.\n", run->doors->out);
	return EXIT_DONE;
}

int command_lock(struct run *run)
{
	const struct str_list *words = &run->options->arguments;

	if (words->count == 1 && str_equal_c(words->items[0], "status"))
		return show_lease(run);
	if (words->count == 1 && str_equal_c(words->items[0], "break"))
		return break_lease(run);
	run_say(run, EXIT_ERROR, "say 'effc lock status' or 'effc lock break'");
	return run->exit;
}
