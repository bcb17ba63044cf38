#include "aws.h"

#include "base/buf.h"
#include "codec.h"

#define PROFILE_LIMIT_BYTES ((size_t)1 << 20)

/*
 * No source so far asks the network, so the machine is through at its first
 * step; those to come (roles, SSO, containers, instances) give SEND.
 */
struct credentials_machine {
	struct arena *a;
	const struct aws_environment *env;
	struct str profile;		/* empty: AWS_PROFILE or "default" */
};

struct credentials_machine *credentials_start(struct arena *a, const struct aws_environment *env,
					      struct str profile)
{
	struct credentials_machine *m = arena_new(a, struct credentials_machine);

	*m = (struct credentials_machine){ a, env, profile };
	return m;
}

static struct str variable(const struct aws_environment *env, const char *name)
{
	const struct str *text = map_get(&env->variables, str_from_c(name));

	return text ? *text : (struct str){ 0 };
}

static struct str property(const struct map *profile, const char *name)
{
	const struct str *text = map_get(profile, str_from_c(name));

	return text ? *text : (struct str){ 0 };
}

/* ---- the environment ---- */

static bool from_environment(const struct aws_environment *env, struct credentials *out,
			     struct error *err)
{
	struct str expires = variable(env, "AWS_CREDENTIAL_EXPIRATION");
	struct value time;

	out->access_key_id = variable(env, "AWS_ACCESS_KEY_ID");
	out->secret_access_key = variable(env, "AWS_SECRET_ACCESS_KEY");
	out->session_token = variable(env, "AWS_SESSION_TOKEN");
	out->account = variable(env, "AWS_ACCOUNT_ID");
	out->origin = STR("environment");
	if (out->access_key_id.length == 0)
		return error_set(err, ERROR_CREDENTIALS,
				 "AWS_SECRET_ACCESS_KEY is set, but AWS_ACCESS_KEY_ID is not");
	if (out->secret_access_key.length == 0)
		return error_set(err, ERROR_CREDENTIALS,
				 "AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not");
	if (expires.length > 0 && time_read(expires, &time) && time.kind == VALUE_INT)
		out->expires_at_s = time.integer;
	return true;
}

static bool has_environment(const struct aws_environment *env)
{
	return variable(env, "AWS_ACCESS_KEY_ID").length > 0 ||
	       variable(env, "AWS_SECRET_ACCESS_KEY").length > 0;
}

/* ---- the profile files ---- */

static bool read_if_there(struct arena *a, const struct files *files, struct str path,
			  struct str *text, const struct str **out, struct error *err)
{
	*out = NULL;
	if (path.length == 0 || files->kind(files->context, path) == FILE_NONE)
		return true;
	if (!files->read(files->context, a, path, PROFILE_LIMIT_BYTES, text, err))
		return false;
	*out = text;
	return true;
}

static bool load_profiles(struct arena *a, const struct aws_environment *env,
			  const struct profile_location *where, struct profiles *out,
			  struct error *err)
{
	struct str config_text, credentials_text;
	const struct str *config, *credentials;

	return read_if_there(a, env->files, where->config, &config_text, &config, err) &&
	       read_if_there(a, env->files, where->credentials, &credentials_text, &credentials,
			     err) &&
	       profiles_parse(a, config, credentials, out, err);
}

/* What a profile or the environment may ask for and we cannot do yet. */
static const char *unsupported_source(const struct map *profile, bool has_keys)
{
	if (property(profile, "role_arn").length > 0)
		return property(profile, "web_identity_token_file").length > 0 ?
		       "a web identity role (web_identity_token_file)" : "a role (role_arn)";
	if (has_keys)
		return NULL;
	if (property(profile, "sso_session").length > 0 ||
	    property(profile, "sso_start_url").length > 0)
		return "single sign-on (sso_session)";
	if (property(profile, "credential_process").length > 0)
		return "a program (credential_process)";
	return NULL;
}

static bool no_profile(const struct credentials_machine *m, const struct profiles *all,
		       const struct profile_location *where, struct str name, struct error *err)
{
	struct str *names = arena_array(m->a, struct str, all->profiles.count + 1);
	struct str near;

	for (uint32_t i = 0; i < all->profiles.count; i++)
		names[i] = all->profiles.entries[i].key;
	near = str_nearest(name, names, all->profiles.count);
	if (near.length > 0)
		return error_set(err, ERROR_CREDENTIALS,
				 "there is no AWS profile '%.*s': did you mean '%.*s'?",
				 STR_ARG(name), STR_ARG(near));
	return error_set(err, ERROR_CREDENTIALS,
			 "there is no AWS profile '%.*s' in '%.*s' or '%.*s'", STR_ARG(name),
			 STR_ARG(where->config), STR_ARG(where->credentials));
}

static bool nothing_found(const struct credentials_machine *m, struct str name, struct error *err)
{
	bool container = variable(m->env, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI").length > 0 ||
			 variable(m->env, "AWS_CONTAINER_CREDENTIALS_FULL_URI").length > 0;
	bool web = variable(m->env, "AWS_WEB_IDENTITY_TOKEN_FILE").length > 0;

	if (container || web)
		return error_set(err, ERROR_CREDENTIALS,
				 "credentials from %s are not supported yet: set "
				 "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
				 container ? "a container" : "a web identity token");
	return error_set(err, ERROR_CREDENTIALS,
			 "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
			 "put keys into the profile '%.*s' (`aws configure` does)", STR_ARG(name));
}

static bool keys_of_profile(const struct credentials_machine *m, const struct map *profile,
			    struct str name, struct credentials *out, struct error *err)
{
	const char *source;
	bool id, secret;

	out->access_key_id = property(profile, "aws_access_key_id");
	out->secret_access_key = property(profile, "aws_secret_access_key");
	out->session_token = property(profile, "aws_session_token");
	out->account = property(profile, "aws_account_id");
	out->origin = str_format(m->a, "profile '%.*s'", STR_ARG(name));
	id = out->access_key_id.length > 0;
	secret = out->secret_access_key.length > 0;
	source = unsupported_source(profile, id || secret);
	if (source)
		return error_set(err, ERROR_CREDENTIALS,
				 "the AWS profile '%.*s' takes its credentials from %s, which is "
				 "not supported yet: set the variables that `aws configure "
				 "export-credentials --profile %.*s --format env` prints",
				 STR_ARG(name), source, STR_ARG(name));
	if (!id && !secret)
		return nothing_found(m, name, err);
	if (!id || !secret)
		return error_set(err, ERROR_CREDENTIALS, "the AWS profile '%.*s' has no %s",
				 STR_ARG(name),
				 id ? "aws_secret_access_key" : "aws_access_key_id");
	return true;
}

static bool from_profile(const struct credentials_machine *m, struct credentials *out,
			 struct error *err)
{
	struct profile_location where;
	struct profiles all;
	const struct map *profile;
	bool chosen;
	struct str name;

	profiles_locate(m->a, m->env, &where);
	chosen = m->profile.length > 0 || variable(m->env, "AWS_PROFILE").length > 0;
	name = m->profile.length > 0 ? m->profile : where.profile;
	if (!load_profiles(m->a, m->env, &where, &all, err))
		return false;
	profile = map_get(&all.profiles, name);
	if (profile)
		return keys_of_profile(m, profile, name, out, err);
	return chosen ? no_profile(m, &all, &where, name, err) : nothing_found(m, name, err);
}

enum credentials_step credentials_next(struct credentials_machine *m,
				       const struct http_response *last, int64_t now_s,
				       struct http_request *request, struct credentials *out,
				       struct error *err)
{
	bool found;

	(void)last;
	(void)now_s;
	(void)request;
	*out = (struct credentials){ 0 };
	/* A profile that the user names wins over the environment. */
	if (m->profile.length == 0 && has_environment(m->env))
		found = from_environment(m->env, out, err);
	else
		found = from_profile(m, out, err);
	if (!found)
		return CREDENTIALS_FAILED;
	if (str_contains(out->access_key_id, STR("\n")) ||
	    str_contains(out->session_token, STR("\n"))) {
		error_set(err, ERROR_CREDENTIALS, "the keys of %.*s span lines",
			  STR_ARG(out->origin));
		return CREDENTIALS_FAILED;
	}
	return CREDENTIALS_DONE;
}

struct str region_find(struct arena *a, const struct aws_environment *env, struct str profile,
		       struct error *err)
{
	struct str region = variable(env, "AWS_REGION");
	struct profile_location where;
	const struct map *properties;
	struct profiles all;

	err->kind = ERROR_NONE;
	if (region.length == 0)
		region = variable(env, "AWS_DEFAULT_REGION");
	if (region.length > 0)
		return region;
	profiles_locate(a, env, &where);
	if (!load_profiles(a, env, &where, &all, err))
		return (struct str){ 0 };
	properties = map_get(&all.profiles, profile.length > 0 ? profile : where.profile);
	return properties ? property(properties, "region") : (struct str){ 0 };
}
