#include "run.h"

#include <stdarg.h>
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/trace.h"
#include "bundle/bundle.h"
#include "shown.h"
#include "signals.h"

#define CONNECT_TIMEOUT_MS 5000
#define EXCHANGE_TIMEOUT_MS 60000
#define RESPONSE_LIMIT_BYTES (64u << 20)
#define CONNECTIONS 32
#define KEY_LIMIT_BYTES 4096
#define LAST_SECOND 253402300799	/* of the year 9999 */

struct packed {
	struct bundle bundle;
	struct str zip;			/* made when first asked for */
	bool zipped;
};

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
	run->colour = wants_colour(doors, options->colour);
	diags_init(&run->diags, &run->arena);
	gather_environment(run);
	/* A plan's JSON is one document; the other commands stream events. */
	events = options->json && !str_equal_c(options->command, "plan");
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

void run_release(struct run *run)
{
	progress_end(&run->progress);
	if (run->transport)
		run->transport->release(run->transport->context);
	if (run->store)
		run->store->close(run->store->context);
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
	    !spec_find(&run->arena, run->doors->files, STR("."), &found, &err))
		return run_fail(run, EXIT_ERROR, &err);
	ok = spec_read(&run->arena, run->doors->files, &run->sources,
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
		if (!schemas_overlay(run->schemas, run->doors->files,
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

/* EFF_VAR_NAME=text, then --var, which goes before it. */
static struct given_variables given_variables(struct run *run)
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
	const struct given_variables given = given_variables(run);
	struct compile_options options = {
		.stage = run->options->stage,
		.region = run->options->region,
		.variables = given.items,
		.variable_count = given.count,
		.files = run->doors->files,
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

/* The code of a resource, scanned once for all that share it. */
static const struct bundle *scan_code(struct run *run, struct map *scanned,
				      const struct bundle_request *request, struct error *err)
{
	struct str key = str_join(&run->arena, STR("\n"), request->files, request->file_count);
	struct packed *packed;

	key = str_format(&run->arena, "%.*s\n%.*s", STR_ARG(request->path), STR_ARG(key));
	packed = map_get(scanned, key);
	if (packed)
		return &packed->bundle;
	packed = arena_new(&run->arena, struct packed);
	if (!bundle_scan(&run->arena, run->doors->files, run->spec.folder, request->path,
			 request->files, request->file_count, &packed->bundle, err))
		return NULL;
	*map_put(&run->arena, scanned, key) = packed;
	*map_put(&run->arena, &run->bundles, packed->bundle.digest) = packed;
	return &packed->bundle;
}

static bool has_entry(const struct bundle *bundle, struct str entry, struct error *err)
{
	if (entry.length == 0)
		return true;
	for (size_t i = 0; i < bundle->file_count; i++)
		if (str_equal(bundle->files[i].path, entry))
			return true;
	return error_set(err, ERROR_IO, "there is no file '%.*s'", STR_ARG(entry));
}

bool run_bundle(struct run *run)
{
	struct map scanned = { 0 };

	for (size_t i = 0; i < run->model.resource_count; i++) {
		struct resource *resource = &run->model.resources[i];
		struct error err = { 0 };
		const struct bundle *bundle;
		struct value code = value_map();

		if (resource->bundle.path.length == 0)
			continue;
		bundle = scan_code(run, &scanned, &resource->bundle, &err);
		if (bundle && !has_entry(bundle, resource->bundle.entry, &err))
			bundle = NULL;
		if (!bundle) {
			diag_error(&run->diags, resource->bundle.span,
				   "E0544 cannot pack the code: %s", err.text);
			continue;
		}
		value_set(&run->arena, &code, STR("Bundle"), value_string(bundle->digest));
		value_set(&run->arena, &resource->properties, STR("Code"), code);
	}
	if (run_report(run, true))
		return true;
	run->exit = EXIT_ERROR;
	return false;
}

static bool artifact(void *context, struct arena *a, struct str digest, struct str *bytes,
		     struct error *err)
{
	struct run *run = context;
	struct packed *packed = map_get(&run->bundles, digest);

	(void)a;
	if (!packed)
		return error_set(err, ERROR_IO, "the code %.*s is not in this spec any more",
				 STR_ARG(digest));
	if (!packed->zipped &&
	    !bundle_zip(&run->arena, run->doors->files, &packed->bundle, &packed->zip, err))
		return false;
	packed->zipped = true;
	*bytes = packed->zip;
	return true;
}

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

static struct str holder(struct run *run)
{
	struct str user = door_environment(run->doors, "USER");
	struct str job = door_environment(run->doors, "GITHUB_RUN_ID");

	return str_format(&run->arena, "effc %.*s%s%.*s%s%.*s", STR_ARG(run->options->command),
			  user.length ? " of " : "", STR_ARG(user), job.length ? ", CI run " : "",
			  STR_ARG(job));
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

/* Account and region of the stack, from the pin in the spec, else from the state. */
static void set_account(struct run *run, struct str account)
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
		set_account(run, pin->account);
	return true;
}

bool run_open(struct run *run, bool write)
{
	struct str path = state_path(run);
	struct error err = { 0 };
	const struct clock *clock = run->doors->clock;

	if (truthy(door_environment(run->doors, "CI")) && !run->options->local_state)
		return run_say(run, EXIT_ERROR,
			       "the state would be a file of this machine (%.*s), which a CI job "
			       "loses: pass --local-state if that is meant",
			       STR_ARG(path));
	run->store = store_sqlite(&run->arena, path, !write, run->doors->store_vfs, &err);
	if (!run->store)
		return run_fail(run, EXIT_ERROR, &err);
	if (write && !run->store->lock(run->store->context, holder(run),
				       clock->wall_ms(clock->context), &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!run->store->load(run->store->context, &run->arena, &run->state, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (run->state.lineage.length == 0 && write && !make_state(run, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (!load_secret_key(run, write, &err))
		return run_fail(run, EXIT_ERROR, &err);
	return check_pins(run);
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
	run->session.artifact = artifact;
	run->session.artifact_context = run;
	run->session.interrupted = signals_count();
	run->session.parallel = run->options->parallel;
	return session_start(&run->session, err);
}

bool run_connect(struct run *run)
{
	struct identity who = { 0 };
	struct error err = { 0 };
	struct str account = run->model.scope.account;

	if (!start_session(run, &err) ||
	    !session_identity(&run->session, &run->model.scope, &who, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	if (account.length > 0 && !str_equal(account, who.account))
		return run_say(run, EXIT_ERROR,
			       "the credentials are of account %.*s, but %s account %.*s",
			       STR_ARG(who.account),
			       run->model.account_pinned ? "the spec names" : "this stage lives in",
			       STR_ARG(account));
	set_account(run, who.account);
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

bool run_observe(struct run *run, bool destroy)
{
	const struct plan_options options = {
		.destroy = destroy, .offline = true, .draft = true,
		.secret_key = run->session.secret_key,
	};
	struct observe_request *requests;
	struct error err = { 0 };
	size_t count;

	if (!make_plan(run, &options))
		return false;
	observe_requests(&run->arena, &run->plan, &requests, &count);
	if (!observe(&run->session, requests, count, &run->observation, &err))
		return run_fail(run, *signals_count() ? EXIT_INTERRUPTED : EXIT_ERROR, &err);
	progress_end(&run->progress);
	return true;
}

bool run_plan(struct run *run, bool destroy, bool offline)
{
	struct plan_options options = {
		.destroy = destroy,
		.allow_data_loss = run->options->allow_data_loss,
		.offline = offline,
		.secret_key = run->session.secret_key,
	};

	if (!run->state.row_count)
		options.stages = stages_known(run);
	return make_plan(run, &options);
}
