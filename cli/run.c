#include "run.h"

#include <stdarg.h>
#include <string.h>

#include "base/json.h"
#include "base/trace.h"
#include "shown.h"
#include "signals.h"

#define CONNECT_TIMEOUT_MS 5000
#define EXCHANGE_TIMEOUT_MS 60000
#define RESPONSE_LIMIT_BYTES (64u << 20)
#define CONNECTIONS 32
#define LAST_SECOND 253402300799	/* of the year 9999 */

struct str door_environment(const struct doors *doors, const char *name)
{
	size_t length = strlen(name);

	for (char **item = doors->environment; item && *item; item++)
		if (strncmp(*item, name, length) == 0 && (*item)[length] == '=')
			return str_from_c(*item + length + 1);
	return STR("");
}

static void gather_environment(struct run *run)
{
	run->environment.files = run->doors->files;
	for (char **item = run->doors->environment; item && *item; item++) {
		struct str text = str_from_c(*item);
		size_t equals = str_index(text, '=');
		struct str name = str_slice(text, 0, equals);
		struct str *value;

		if (!str_starts(name, STR("AWS_")) && !str_equal_c(name, "HOME"))
			continue;
		value = arena_new(&run->arena, struct str);
		*value = str_slice(text, equals + 1, text.length);
		*map_put(&run->arena, &run->environment.variables, name) = value;
	}
}

static bool wants_colour(const struct doors *doors, enum colour_choice choice)
{
	if (choice != COLOUR_AUTO)
		return choice == COLOUR_ALWAYS;
	return doors->out_is_terminal && door_environment(doors, "NO_COLOR").length == 0 &&
	       !str_equal_c(door_environment(doors, "TERM"), "dumb");
}

void run_init(struct run *run, const struct doors *doors, const struct options *options)
{
	bool events;

	memset(run, 0, sizeof(*run));
	arena_init(&run->arena);
	run->doors = doors;
	run->options = options;
	run->files = doors->files;
	run->colour = wants_colour(doors, options->colour);
	diags_init(&run->diags, &run->arena);
	gather_environment(run);
	/* The JSON of what only tells is one document; what changes things streams events. */
	events = options->json && !str_equal_c(options->command, "plan") &&
		 !str_equal_c(options->command, "state") &&
		 !str_equal_c(options->command, "why") &&
		 (options->repair || !str_equal_c(options->command, "drift"));
	run->progress = (struct progress){
		.arena = &run->arena,
		.out = events ? doors->out : doors->err,
		.style = events ? PROGRESS_JSON :
			 doors->err_is_terminal ? PROGRESS_TREE : PROGRESS_LINES,
		.colour = run->colour && doors->err_is_terminal,
		.clock = doors->clock,
		.interrupted = signals_count(),
	};
}

void run_record(struct run *run)
{
	reads_init(&run->reads, &run->arena, run->doors->files);
	run->files = &run->reads.files;
}

void run_release(struct run *run)
{
	progress_end(&run->progress);
	/* It lets its lease go, through the network where it lives there. */
	if (run->store)
		run->store->close(run->store->context);
	if (run->transport)
		run->transport->release(run->transport->context);
	arena_release(&run->arena);
}

bool run_fail(struct run *run, enum exit_code code, const struct error *err)
{
	struct buf out;

	progress_end(&run->progress);
	buf_init(&out, &run->arena);
	if (run->options->json) {
		struct value line = value_map();

		value_set(&run->arena, &line, STR("event"), value_string(STR("error")));
		value_set(&run->arena, &line, STR("text"), value_string(str_from_c(err->text)));
		json_print(&out, &line);
		fprintf(run->doors->out, "%s\n", out.data);
	}
	buf_truncate(&out, 0);
	add_shown(&out, str_from_c(err->text), 0);
	fprintf(run->doors->err, "error: %s\n", out.data);
	run->exit = code;
	return false;
}

bool run_say(struct run *run, enum exit_code code, const char *format, ...)
{
	struct error err = { .kind = ERROR_REFUSED };
	va_list args;

	va_start(args, format);
	vsnprintf(err.text, sizeof(err.text), format, args);
	va_end(args);
	return run_fail(run, code, &err);
}

/* For a reader; what is piped or logged has only the diagnostics. */
static void add_hint(struct run *run, struct buf *out)
{
	for (size_t i = 0; run->doors->err_is_terminal && i < run->diags.count; i++) {
		if (!run->diags.items[i].code[0])
			continue;
		buf_printf(out, "effc explain %s tells more\n", run->diags.items[i].code);
		return;
	}
}

bool run_report(struct run *run, bool ok)
{
	struct buf out;

	if (run->diags.count == 0)
		return ok;
	buf_init(&out, &run->arena);
	if (run->options->json && str_equal_c(run->options->command, "check"))
		return ok && run->diags.error_count == 0;	/* the command prints them */
	diags_print(&out, &run->diags, &run->sources, run->colour);
	add_hint(run, &out);
	fwrite(out.data, 1, out.length, run->doors->err);
	run->diags.count = 0;
	return ok && run->diags.error_count == 0;
}

bool run_read(struct run *run)
{
	const struct str_list *given = &run->options->files;
	struct str found;
	struct error err = { 0 };
	bool ok;

	if (given->count == 0 &&
	    !spec_find(&run->arena, run->files, STR("."), &found, &err))
		return run_fail(run, EXIT_ERROR, &err);
	ok = spec_read(&run->arena, run->files, &run->sources,
		       given->count ? given->items : &found, given->count ? given->count : 1,
		       &run->spec, &run->diags);
	/* A damaged spec is compiled all the same, to report every mistake in one run. */
	if (!ok && run->spec.document_count == 0) {
		run->exit = EXIT_ERROR;
		return run_report(run, false);
	}
	return true;
}

bool run_schemas(struct run *run)
{
	struct error err = { 0 };

	run->schemas = schemas_open(&run->arena, schemas_embedded(), &err);
	if (!run->schemas)
		return run_fail(run, EXIT_ERROR, &err);
	for (size_t i = 0; i < run->options->schemas.count; i++)
		if (!schemas_overlay(run->schemas, run->files,
				     run->options->schemas.items[i], &run->sources, &run->diags)) {
			run->exit = EXIT_ERROR;
			return run_report(run, false);
		}
	return true;
}

static struct str today(struct run *run)
{
	const struct clock *clock = run->doors->clock;
	struct str epoch = door_environment(run->doors, "SOURCE_DATE_EPOCH");
	int64_t seconds;
	struct utc now;

	/* So that the check of some day can be repeated. */
	if (!str_to_int(epoch, &seconds) || seconds < 0 || seconds > LAST_SECOND)
		seconds = clock->wall_ms(clock->context) / 1000;
	now = utc_from_s(seconds);
	return str_format(&run->arena, "%04d-%02d-%02d", now.year, now.month, now.day);
}

/*
 * The overlays of the other stages, for their mistakes alone.  What is wrong
 * in all stages is told once, since equal diagnostics are.
 */
static bool check_other_stages(struct run *run, const struct compile_options *chosen)
{
	const struct value *stages = value_get(&run->spec.root, STR("stage"));
	bool ok = true;

	for (uint32_t i = 0; stages && stages->kind == VALUE_MAP && i < stages->map.count; i++) {
		struct compile_options options = *chosen;
		struct model unused;

		options.stage = stages->map.entries[i].key;
		if (str_equal(options.stage, run->model.stage) ||
		    !stage_name_is_valid(options.stage))
			continue;
		if (!model_compile(&run->arena, &run->spec, run->schemas, &options, &unused,
				   &run->diags))
			ok = false;
	}
	return ok;
}

struct given_variables run_variables(struct run *run)
{
	static const struct str prefix = STR_INIT("EFF_VAR_");
	struct given_variables all = { 0 };

	for (char **entry = run->doors->environment; entry && *entry; entry++) {
		struct str text = str_from_c(*entry);
		size_t equals = str_index(text, '=');

		if (str_starts(text, prefix) && equals < text.length)
			*vec_push(&run->arena, &all) = (struct given_variable){
				.name = str_slice(text, prefix.length, equals),
				.text = str_slice(text, equals + 1, text.length),
			};
	}
	for (size_t i = 0; i < run->options->variables.count; i++)
		*vec_push(&run->arena, &all) = run->options->variables.items[i];
	return all;
}

bool run_compile(struct run *run)
{
	const struct given_variables given = run_variables(run);
	struct compile_options options = {
		.stage = run->options->stage,
		.region = run->options->region,
		.variables = given.items,
		.variable_count = given.count,
		.files = run->files,
		.settings = str_equal_c(run->options->command, "config"),
		.origins = run_origins(run),
		.today = today(run),
	};
	struct error err = { 0 };
	bool ok;

	if (!run_schemas(run))
		return false;
	options.environment_region =
		region_find(&run->arena, &run->environment, run->options->profile, &err);
	ok = model_compile(&run->arena, &run->spec, run->schemas, &options, &run->model,
			   &run->diags);
	if (str_equal_c(run->options->command, "check"))
		ok = check_other_stages(run, &options) && ok;
	for (size_t i = 0; i < run->spec.document_count; i++)
		ok = ok && !run->spec.documents[i].damaged;
	if (run_report(run, ok)) {
		run->progress.model = &run->model;
		return true;
	}
	run->exit = EXIT_ERROR;
	return false;
}

static bool says_true(const struct doors *doors, const char *name)
{
	return str_equal_fold(door_environment(doors, name), STR("true"));
}

static bool start_session(struct run *run, struct error *err)
{
	const struct doors *doors = run->doors;
	struct transport_options transport = {
		.ca_bundle = door_environment(doors, "AWS_CA_BUNDLE"),
		.connect_timeout_ms = CONNECT_TIMEOUT_MS,
		.timeout_ms = EXCHANGE_TIMEOUT_MS,
		.max_connections_per_host = CONNECTIONS,
		.max_response_bytes = RESPONSE_LIMIT_BYTES,
		.wake_fd = signals_fd(),
		.clock = doors->clock,
	};

	run->transport = doors->transport(&run->arena, &transport, err);
	if (!run->transport)
		return false;
	run->session.arena = &run->arena;
	run->session.schemas = run->schemas;
	run->session.transport = run->transport;
	run->session.clock = doors->clock;
	run->session.random = doors->random;
	run->session.client = (struct aws_client){
		.schemas = run->schemas,
		.endpoints = {
			.override_url = door_environment(doors, "AWS_ENDPOINT_URL"),
			.fips = says_true(doors, "AWS_USE_FIPS_ENDPOINT"),
			.dual_stack = says_true(doors, "AWS_USE_DUALSTACK_ENDPOINT"),
		},
		.user_agent = STR("effc/" PACKAGE_VERSION),
	};
	run->session.environment = &run->environment;
	run->session.profile = run->options->profile;
	run->session.store = run->store;
	run->session.sink = progress_sink(&run->progress);
	run->session.artifact = run_artifact;
	run->session.artifact_context = run;
	run->session.interrupted = signals_count();
	run->session.parallel = run->options->parallel;
	run->session.stop_on_failure = run->options->on_failure != FAILURE_CONTINUE;
	return session_start(&run->session, err);
}

bool run_session(struct run *run)
{
	struct error err = { 0 };
	struct str account = run->model.scope.account;

	if (run->who.account.length)
		return true;
	if (!start_session(run, &err) ||
	    !session_identity(&run->session, &run->model.scope, &run->who, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	return !run->model.account_pinned || str_equal(account, run->who.account) ||
	       run_say(run, EXIT_ERROR,
		       "the credentials are of account %.*s, but the spec names account %.*s",
		       STR_ARG(run->who.account), STR_ARG(account));
}

bool run_connect(struct run *run)
{
	struct str account = run->model.scope.account;

	if (!run_session(run))
		return false;
	run->session.store = run->store;
	if (account.length > 0 && !str_equal(account, run->who.account))
		return run_say(run, EXIT_ERROR,
			       "the credentials are of account %.*s, but %s account %.*s",
			       STR_ARG(run->who.account),
			       run->model.account_pinned ? "the spec names" : "this stage lives in",
			       STR_ARG(account));
	run_set_account(run, run->who.account);
	return run_targets(run);
}

bool run_recover(struct run *run)
{
	struct error err = { 0 };

	if (!recover(&run->session, &run->state, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	return true;
}

static bool make_plan(struct run *run, const struct plan_options *options)
{
	bool ok = plan_make(&run->arena, &run->model, &run->state, &run->observation, options,
			    &run->plan, &run->diags);

	if (run_report(run, ok))
		return true;
	run->exit = EXIT_ERROR;
	return false;
}

static bool observe_some(struct run *run, const struct observe_request *requests, size_t count)
{
	struct error err = { 0 };

	if (!observe(&run->session, requests, count, &run->observation, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	progress_end(&run->progress);
	return true;
}

/*
 * --refresh changed: only what the plan acts on, and then what it acts on since that was seen,
 * so that nothing is ever changed that nobody looked at.
 */
static bool observe_changed(struct run *run, struct plan_options options)
{
	struct observe_request *requests;
	struct map asked = { 0 };
	size_t count, all;

	for (;;) {
		observe_requests(&run->arena, &run->plan, &requests, &count);
		all = count;
		observe_acting(&run->arena, &run->plan, &asked, requests, &count);
		run->observation.coverage.skipped = all - asked.count;
		if (!count)
			return true;
		options.offline = false;
		if (!observe_some(run, requests, count) || !make_plan(run, &options))
			return false;
	}
}

bool run_observe(struct run *run, bool destroy)
{
	const struct plan_options options = {
		.destroy = destroy, .offline = true, .draft = true,
		.take_over = run->options->take_over, .targets = run->options->targets,
		.replace = run->options->replace, .resume = run->options->resume,
		.secret_key = run->session.secret_key,
	};
	struct observe_request *requests;
	size_t count;

	if (!make_plan(run, &options))
		return false;
	if (run->options->refresh == REFRESH_CHANGED)
		return observe_changed(run, options);
	observe_requests(&run->arena, &run->plan, &requests, &count);
	return observe_some(run, requests, count);
}

bool run_plan(struct run *run, bool destroy, bool offline)
{
	struct plan_options options = {
		.destroy = destroy, .back = run->back,
		.allow_data_loss = run->options->allow_data_loss,
		.take_over = run->options->take_over,
		.targets = run->options->targets,
		.replace = run->options->replace,
		.resume = run->options->resume,
		.offline = offline,
		.secret_key = run->session.secret_key,
	};
	struct error err = { 0 };

	if (!run->state.row_count)
		options.stages = stages_known(run);
	if (!make_plan(run, &options))
		return false;
	if (!offline && !observe_risks(&run->session, &run->plan, &run->observation, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	run->plan.coverage = run->observation.coverage;
	review_make(&run->arena, &run->plan, &run->review);
	return true;
}
