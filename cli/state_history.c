#include "state.h"

#include "base/json.h"
#include "shown.h"

/* effc state history, rollback: the versions of a state, and going back to one. */

/* ---- history ---- */

static struct value version_value(struct run *run, const struct version_vec *all, size_t i)
{
	const struct version *version = &all->items[i];
	struct store *store = run->store;
	struct value v = value_map();
	struct state_document d;
	struct error err = { 0 };
	struct arena *a = &run->arena;

	value_set(a, &v, STR("version"), value_string(version_name(run, all, version)));
	value_set(a, &v, STR("serial"), value_int((int64_t)version->serial));
	if (!store->load_version(store->context, a, version->id, true, &d, &err)) {
		value_set(a, &v, STR("damaged"), value_string(str_copy(a, str_from_c(err.text))));
		return v;
	}
	value_set(a, &v, STR("lineage"), value_string(d.state.lineage));
	value_set(a, &v, STR("time"), value_string(version_time(a, d.note.wall_ms)));
	value_set(a, &v, STR("who"), value_string(d.note.who));
	value_set(a, &v, STR("command"), value_string(d.note.command));
	value_set(a, &v, STR("added"), value_int((int64_t)d.note.added));
	value_set(a, &v, STR("changed"), value_int((int64_t)d.note.changed));
	value_set(a, &v, STR("removed"), value_int((int64_t)d.note.removed));
	return v;
}

static void add_version(struct buf *out, const struct value *v, bool current)
{
	struct str damaged = value_get_str(v, "damaged"), who = value_get_str(v, "who");
	struct str command = value_get_str(v, "command");

	buf_printf(out, "%c %-8.*s  ", current ? '*' : ' ', STR_ARG(value_get_str(v, "version")));
	if (damaged.length) {
		add_shown(out, damaged, 0);
		buf_add_char(out, '\n');
		return;
	}
	buf_printf(out, "%.*s  +%lld ~%lld -%lld  %.*s%s", STR_ARG(value_get_str(v, "time")),
		   (long long)value_get_c(v, "added")->integer,
		   (long long)value_get_c(v, "changed")->integer,
		   (long long)value_get_c(v, "removed")->integer,
		   STR_ARG(command.length ? command : STR("before the history began")),
		   who.length ? " by " : "");
	add_shown(out, who, 0);
	buf_add_char(out, '\n');
}

int state_history(struct run *run, const struct str_list *words)
{
	struct value list = value_list(NULL, 0);
	struct store *store;
	struct version_vec all;
	struct error err = { 0 };
	struct buf out;

	(void)words;
	if (!run_store(run, false))
		return run->exit;
	store = run->store;
	if (!versions_list(run, &all, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	/* Also where the state itself cannot be read. */
	if (!store->load(store->context, &run->arena, &run->state, NULL))
		run->state = (struct state){ 0 };
	buf_init(&out, &run->arena);
	for (size_t i = 0; i < all.count; i++) {
		struct value v = version_value(run, &all, i);

		value_append(&run->arena, &list, v);
		add_version(&out, &v, all.items[i].serial == run->state.serial);
	}
	if (run->options->json) {
		buf_truncate(&out, 0);
		json_print_pretty(&out, &list, 0);
		buf_add_char(&out, '\n');
	}
	if (!all.count && !run->options->json)
		fprintf(run->doors->err, "stage '%.*s' has no history yet: an apply begins it\n",
			STR_ARG(run->model.stage));
	fwrite(out.data ? out.data : "", 1, out.length, run->doors->out);
	return EXIT_DONE;
}

/* ---- one of them ---- */

static bool is_named(const struct version *version, struct str asked, int64_t serial)
{
	return str_equal(version->id, asked) || (int64_t)version->serial == serial;
}

bool state_version(struct run *run, struct str asked, struct state_document *out,
		   struct str *name)
{
	const struct version *found = NULL;
	struct store *store = run->store;
	struct version_vec all;
	struct error err = { 0 };
	int64_t serial = -1;
	size_t count = 0;

	if (!versions_list(run, &all, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!str_to_int(asked, &serial))
		serial = -1;
	for (size_t i = all.count; i-- > 0;) {
		if (!is_named(&all.items[i], asked, serial))
			continue;
		found = &all.items[i];
		count++;
	}
	if (!found)
		return run_say(run, EXIT_ERROR, "the history has no version '%.*s': 'effc state "
			       "history' lists them", STR_ARG(asked));
	if (count > 1)
		return run_say(run, EXIT_ERROR, "the history has %zu versions with serial %.*s: "
			       "say all of its name, such as %.*s", count, STR_ARG(asked),
			       STR_ARG(found->id));
	*name = version_name(run, &all, found);
	return (store->load_version(store->context, &run->arena, found->id, false, out, &err) &&
		document_is_of(out, found->id, run->model.project, run->model.stage, STR(""),
			       &err)) ||
	       run_fail(run, EXIT_ERROR, &err);
}

bool state_open(struct run *run, bool *found)
{
	struct store *store;

	if (!run_hold(run))
		return false;
	store = run->store;
	*found = store->load(store->context, &run->arena, &run->state, NULL) &&
		 run->state.lineage.length > 0;
	if (!*found)
		run->state = (struct state){ .outputs = value_map() };
	run->kept = run->state.serial;
	return true;
}

/* Greater than all that there ever was of it, so that no copy seems newer. */
uint64_t state_next_serial(struct run *run, uint64_t serial)
{
	struct version_vec all;

	if (run->state.serial > serial)
		serial = run->state.serial;
	if (!versions_list(run, &all, NULL))
		all.count = 0;
	for (size_t i = 0; i < all.count; i++) {
		if (all.items[i].serial > serial)
			serial = all.items[i].serial;
	}
	return serial + 1;
}

/* ---- rollback ---- */

int state_rollback(struct run *run, const struct str_list *words)
{
	struct state_document d = { 0 };
	struct error err = { 0 };
	struct str name, question;
	bool found;

	if (!state_open(run, &found) || !state_version(run, words->items[0], &d, &name))
		return run->exit;
	question = str_format(&run->arena, "The state of stage '%.*s'%s becomes that of version "
			      "%.*s, of %.*s, with %zu resources. Nothing in AWS changes: the next "
			      "plan shows what differs.", STR_ARG(run->model.stage),
			      found ? "" : ", which cannot be used,", STR_ARG(name),
			      STR_ARG(version_time(&run->arena, d.note.wall_ms)),
			      d.state.row_count);
	if (!run->options->json)
		fprintf(run->doors->out, "%.*s\n", STR_ARG(question));
	if (!confirm(run, "Go back to it?", STR("yes")))
		return run->exit;
	d.state.serial = state_next_serial(run, d.state.serial);
	if (!run->store->restore(run->store->context, &d.state, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	if (run->options->json)
		fprintf(run->doors->out, "{\"serial\":%llu,\"version\":\"%.*s\"}\n",
			(unsigned long long)d.state.serial, STR_ARG(name));
	else
		fprintf(run->doors->out, "Done: the state has serial %llu now.\n",
			(unsigned long long)d.state.serial);
	return EXIT_DONE;
}
