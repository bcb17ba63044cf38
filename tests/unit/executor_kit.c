#include "executor_kit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fault_vfs.h"
#include "review/review.h"
#include "store_fixture.h"

static struct str values[] = { STR_INIT("AKID"), STR_INIT("secret") };

/* ---- a store that dies ---- */

static bool store_load(void *context, struct arena *a, struct state *out, struct error *err)
{
	struct world *w = context;

	return w->real->load(w->real->context, a, out, err);
}

static uint64_t store_submit(void *context, const struct store_write *writes, size_t count)
{
	struct world *w = context;

	return w->dead ? 1 : w->real->submit(w->real->context, writes, count);
}

static bool store_poll(void *context, uint64_t *durable, struct error *err)
{
	struct world *w = context;
	uint64_t before = *durable;

	(void)before;
	if (w->dead)
		return error_set(err, ERROR_IO, "killed");
	w->commits++;
	if (w->commits == w->kill_commit && !w->kill_after_commit) {
		world_kill(w);
		return error_set(err, ERROR_IO, "killed");
	}
	if (!w->real->poll(w->real->context, durable, err))
		return false;
	if (w->commits == w->kill_commit) {
		world_kill(w);
		return error_set(err, ERROR_IO, "killed");
	}
	return true;
}

void world_kill(void *context)
{
	struct world *w = context;

	w->dead = true;
	w->interrupted = 2;
}

/* ---- a run ---- */

static void emit(void *context, const struct event *event)
{
	static const char *const names[] = {
		[EVENT_STARTED] = "started", [EVENT_NOTE] = "note", [EVENT_DONE] = "done",
		[EVENT_FAILED] = "failed", [EVENT_SKIPPED] = "skipped", [EVENT_OPEN] = "open",
		[EVENT_PROGRESS] = "progress",
	};
	struct world *w = context;

	if (event->kind < EVENT_PROGRESS)
		buf_printf(&w->events, "%s %.*s %.*s%s%.*s\n", names[event->kind],
			   STR_ARG(event->verb), STR_ARG(event->address),
			   event->text.length ? ": " : "", STR_ARG(event->text));
}

static void complain(struct world *w)
{
	struct buf text;

	if (!w->diags.error_count)
		return;
	buf_init(&text, &w->arena);
	diags_print(&text, &w->diags, &w->sources, false);
	ck_abort_msg("%s", text.data);
}

static void compile(struct world *w, const char *spec)
{
	struct files *files = files_memory(&w->arena);
	struct str path = STR("effortless.toml");
	struct compile_options options = { .account = STR("123456789012") };

	files_memory_add(&w->arena, files, path, str_from_c(spec));
	fake_schemas(&w->arena, files);
	w->schemas = schemas_open(&w->arena, schemas_embedded(), &w->err);
	ck_assert(w->schemas &&
		  schemas_overlay(w->schemas, files, STR("toy"), &w->sources, &w->diags));
	spec_read(&w->arena, files, &w->sources, &path, 1, &w->spec, &w->diags);
	model_compile(&w->arena, &w->spec, w->schemas, &options, &w->model, &w->diags);
	complain(w);
}

static void open_store(struct world *w)
{
	fault_vfs_install();
	fault_skip_syncs();
	w->real = store_sqlite(&w->arena, w->path, false, "fault", &w->err);
	ck_assert_msg(w->real != NULL, "%s", w->err.text);
	ck_assert_msg(w->real->lock(w->real->context, &test_owner, test_clock(), &w->err), "%s", w->err.text);
	ck_assert_msg(w->real->load(w->real->context, &w->arena, &w->state, &w->err), "%s",
		      w->err.text);
	if (!w->state.lineage.length)
		ck_assert(w->real->create(w->real->context, STR("toy"), STR("dev"), STR(LINEAGE),
					  &w->err) &&
			  w->real->load(w->real->context, &w->arena, &w->state, &w->err));
	w->store = (struct store){
		.context = w, .load = store_load, .submit = store_submit, .poll = store_poll,
	};
}

void world_open(struct world *w, struct fake *f, struct str path, const char *spec)
{
	static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY" };

	memset(w, 0, sizeof(*w));
	arena_init(&w->arena);
	diags_init(&w->diags, &w->arena);
	buf_init(&w->events, &w->arena);
	w->fake = f;
	w->path = path;
	f->flying = NULL;
	f->on_kill = world_kill;
	f->kill_context = w;
	compile(w, spec);
	open_store(w);
	for (int i = 0; i < 2; i++)
		*map_put(&w->arena, &w->environment.variables, str_from_c(names[i])) = &values[i];
	w->environment.files = files_memory(&w->arena);
	w->session = (struct session){
		.arena = &w->arena, .schemas = w->schemas, .transport = &f->transport,
		.clock = f->clock, .random = random_seeded(1), .environment = &w->environment,
		.client = { .schemas = w->schemas,
			    .endpoints = { .override_url = STR("http://toy.test") } },
		.store = &w->store, .sink = { w, emit }, .interrupted = &w->interrupted,
		.secret_key = STR("a key for tests"),
	};
	ck_assert_msg(session_start(&w->session, &w->err), "%s", w->err.text);
}

void world_close(struct world *w)
{
	w->real->close(w->real->context);
	arena_release(&w->arena);
}

static bool make_plan(struct world *w, bool offline)
{
	struct plan_options options = {
		.destroy = w->destroy, .offline = offline, .secret_key = w->session.secret_key,
	};
	struct str *all = arena_new(&w->arena, struct str);
	bool good;

	*all = STR("all");
	options.allow_data_loss = (struct str_list){ all, 1 };
	good = plan_make(&w->arena, &w->model, &w->state, &w->seen, &options, &w->plan, &w->diags);
	complain(w);
	return good;
}

bool world_plan(struct world *w, bool destroy)
{
	struct observe_request *requests;
	size_t count;

	w->destroy = destroy;
	if (!recover(&w->session, &w->state, &w->err) || !make_plan(w, true))
		return false;
	observe_requests(&w->arena, &w->plan, &requests, &count);
	return observe(&w->session, requests, count, &w->seen, &w->err) && make_plan(w, false);
}

enum apply_result world_apply(struct world *w, bool destroy)
{
	if (!world_plan(w, destroy))
		return APPLY_STOPPED;
	return apply_plan(&w->session, &w->plan, &w->state, &w->report, &w->err);
}

enum apply_result world_run(struct fake *f, struct str path, const char *spec, bool destroy)
{
	struct world w;
	enum apply_result result;

	world_open(&w, f, path, spec);
	result = world_apply(&w, destroy);
	if (result != APPLY_DONE)
		fprintf(stderr, "run: %s\n%s%s", w.err.text, w.events.data ? w.events.data : "",
			f->log.data ? f->log.data : "");
	world_close(&w);
	return result;
}

size_t world_actions(struct fake *f, struct str path, const char *spec)
{
	struct world w;
	size_t count;

	world_open(&w, f, path, spec);
	ck_assert_msg(world_plan(&w, false), "%s", w.err.text);
	count = w.plan.action_count;
	if (count) {
		struct review review;
		struct buf text;

		buf_init(&text, &w.arena);
		review_make(&w.arena, &w.plan, &review);
		review_print_text(&text, &review, false, true);
		fprintf(stderr, "%s", text.data);
	}
	world_close(&w);
	return count;
}

struct str world_state(struct arena *a, struct str path)
{
	enum error_kind kind;
	struct str text = load_text(a, path, &kind);

	ck_assert_msg(kind == ERROR_NONE, "%s", text.data);
	return text;
}

/* ---- folders ---- */

struct str folder_new(struct arena *a)
{
	char folder[] = "/tmp/effc-apply-XXXXXX";

	ck_assert_ptr_nonnull(mkdtemp(folder));
	return str_format(a, "%s/dev.db", folder);
}

void folder_remove(struct arena *a, struct str path)
{
	static const char *const ends[] = { "", "-journal", ".lock", ".new" };

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		unlink(str_format(a, "%.*s%s", STR_ARG(path), ends[i]).data);
	rmdir(str_to_c(a, path_folder(path)));
}
