#include "run.h"

#include "base/hash.h"

#define KEY_LIMIT_BYTES 4096
#define KEY_BYTES 32

/*
 * The key that the state's hashes of secrets are made with; made by the first apply and kept
 * out of the state: beside a local one in the user's configuration, beside one in a bucket,
 * which a team shares, in a parameter that is encrypted.
 */
static bool key_of_file(struct run *run, bool write, struct error *err)
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

/* ---- of a team ---- */

static struct str parameter_name(struct run *run)
{
	return str_format(&run->arena, "/effc/%.*s/%.*s/state-key", STR_ARG(run->model.project),
			  STR_ARG(run->model.stage));
}

static bool ask(struct run *run, const char *operation, const struct value *input,
		struct reply *reply, struct error *err)
{
	struct call call = {
		.service = STR("ssm"), .operation = str_from_c(operation), .input = *input,
		.scope = &run->model.scope,
	};
	struct buf text;

	if (!session_exchange(&run->session, &run->arena, &call, reply, err))
		return false;
	if (reply->class == REPLY_OK || reply_is(reply, STR("ParameterNotFound")) ||
	    reply_is(reply, STR("ParameterAlreadyExists")))
		return true;
	buf_init(&text, &run->arena);
	aws_describe(&text, &call, reply);
	return error_set(err, ERROR_AWS,
			 "the key that hides secrets in the state, the parameter %.*s: %.*s",
			 STR_ARG(parameter_name(run)), STR_ARG(buf_str(&text)));
}

static bool read_parameter(struct run *run, bool *found, struct error *err)
{
	struct value input = value_map();
	const struct value *parameter;
	struct reply reply;

	value_set(&run->arena, &input, STR("Name"), value_string(parameter_name(run)));
	value_set(&run->arena, &input, STR("WithDecryption"), value_bool(true));
	if (!ask(run, "GetParameter", &input, &reply, err))
		return false;
	parameter = reply.class == REPLY_OK ? value_get_c(&reply.body, "Parameter") : NULL;
	*found = parameter && parameter->kind == VALUE_MAP;
	if (*found)
		run->session.secret_key = value_get_str(parameter, "Value");
	return !*found || run->session.secret_key.length ||
	       error_set(err, ERROR_PARSE, "the parameter %.*s is empty",
			 STR_ARG(parameter_name(run)));
}

static struct str random_key(struct run *run)
{
	const struct random *random = run->doors->random;
	uint8_t bytes[KEY_BYTES];

	random->bytes(random->context, bytes, sizeof(bytes));
	return hex_encode(&run->arena, bytes, sizeof(bytes));
}

/* Never over one that is there: what was sealed with it could not be compared any more. */
static bool make_parameter(struct run *run, struct str key, struct error *err)
{
	struct arena *a = &run->arena;
	struct value input = value_map();
	struct reply reply;
	bool found;

	value_set(a, &input, STR("Name"), value_string(parameter_name(run)));
	value_set(a, &input, STR("Type"), value_string(STR("SecureString")));
	value_set(a, &input, STR("Value"), value_string(key));
	value_set(a, &input, STR("Overwrite"), value_bool(false));
	value_set(a, &input, STR("Description"),
		  value_string(STR("effc: hides secrets in the state of this stage")));
	if (!ask(run, "PutParameter", &input, &reply, err))
		return false;
	/* Another run may have been faster. */
	return read_parameter(run, &found, err) &&
	       (found || error_set(err, ERROR_AWS, "the parameter %.*s was made and is not there",
				   STR_ARG(parameter_name(run))));
}

static bool key_of_parameter(struct run *run, bool write, struct error *err)
{
	bool found;

	if (!read_parameter(run, &found, err))
		return false;
	if (found)
		return true;
	run->session.secret_key = random_key(run);
	return !write || make_parameter(run, run->session.secret_key, err);
}

bool run_secret_key(struct run *run, bool write, struct error *err)
{
	return run->model.state.bucket.length ? key_of_parameter(run, write, err) :
						key_of_file(run, write, err);
}

bool run_key(struct run *run)
{
	struct error err = { 0 };

	return run_secret_key(run, true, &err) || run_fail(run, EXIT_ERROR, &err);
}

bool run_move_key(struct run *run, struct error *err)
{
	bool found;

	if (!read_parameter(run, &found, err) || found)
		return found;
	return key_of_file(run, false, err) &&
	       (!run->session.secret_key.length ||
		make_parameter(run, run->session.secret_key, err));
}
