#include "bootstrap.h"

#include <string.h>

#include "base/json.h"
#include "review/needs.h"

/*
 * Roles that workflows of one repository take by their own identity, without keys: one that
 * may only look, for pull requests, and one that may do what the spec needs, for a branch.
 */
#define ISSUER "token.actions.githubusercontent.com"
#define POLICY_NAME "effc"
#define POLICY_MOST 10240 /* characters of a role's inline policies */
#define NAME_MOST 64

struct ci {
	struct str repository, branch;
	struct str provider; /* its ARN */
};

static bool is_name(struct str s, const char *more)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    !strchr(more, c))
			return false;
	}
	return s.length > 0;
}

/* "OWNER/REPOSITORY", or with "@BRANCH". */
static bool read_ci(struct boot *b, struct ci *out, struct error *err)
{
	struct str given = b->run->options->ci_roles;
	size_t at = str_index(given, '@'), slash;

	out->repository = str_slice(given, 0, at);
	out->branch = at < given.length ? str_slice(given, at + 1, given.length) : STR("main");
	slash = str_index(out->repository, '/');
	out->provider =
		str_format(&b->run->arena, "arn:%.*s:iam::%.*s:oidc-provider/" ISSUER,
			   STR_ARG(b->run->model.scope.partition), STR_ARG(b->run->who.account));
	if (is_name(str_slice(out->repository, 0, slash), "-_.") &&
	    is_name(str_slice(out->repository, slash + 1, out->repository.length), "-_.") &&
	    is_name(out->branch, "-_./"))
		return true;
	return error_set(err, ERROR_REFUSED,
			 "'%.*s' is no repository: OWNER/REPOSITORY, or "
			 "OWNER/REPOSITORY@BRANCH",
			 STR_ARG(given));
}

static bool find_provider(struct boot *b, const struct ci *ci, struct error *err)
{
	struct value input = value_map();
	struct reply reply;

	value_set(&b->run->arena, &input, STR("OpenIDConnectProviderArn"),
		  value_string(ci->provider));
	if (!boot_ask(b, "iam", "GetOpenIDConnectProvider", input, "NoSuchEntity", &reply, err))
		return false;
	if (reply.class == REPLY_OK)
		return true;
	boot_step(b, STR("let the account believe the identities of GitHub's workflows"), "iam",
		  "CreateOpenIDConnectProvider",
		  boot_value(b, "{\"Url\":\"https://" ISSUER "\",\"ClientIDList\":"
				"[\"sts.amazonaws.com\"]}"));
	return true;
}

/* ---- policies ---- */

static bool only_looks(struct str action)
{
	static const char *const verbs[] = { "Get", "List", "Describe", "Head", "BatchGet" };
	struct str verb = str_slice(action, str_index(action, ':') + 1, action.length);

	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (str_starts(verb, str_from_c(verbs[i])))
			return true;
	return false;
}

static void add_looks(struct boot *b, const struct value *actions, struct map *seen,
		      struct value *out)
{
	struct arena *a = &b->run->arena;
	size_t count = actions && actions->kind == VALUE_LIST ? actions->list.count : 0;

	for (size_t i = 0; i < count; i++) {
		struct str action = actions->list.items[i].string;

		if (!only_looks(action) || map_has(seen, action))
			continue;
		*map_put(a, seen, action) = b;
		value_append(a, out, value_string(action));
	}
}

/*
 * What a pull request adds has a name that no role knows yet, so looking is allowed at
 * everything; what is looked at are settings, not data.
 */
static struct value looking(struct boot *b, const struct value *needs)
{
	const struct value *all = value_get_c(needs, "Statement");
	struct value statement = boot_value(b, "{\"Effect\":\"Allow\",\"Resource\":\"*\"}");
	struct value actions = value_list(NULL, 0), out = value_list(NULL, 0);
	struct map seen = { 0 };

	for (size_t i = 0; i < all->list.count; i++)
		add_looks(b, value_get_c(&all->list.items[i], "Action"), &seen, &actions);
	if (!actions.list.count)
		return out;
	value_set(&b->run->arena, &statement, STR("Action"), actions);
	value_append(&b->run->arena, &out, statement);
	return out;
}

/* ---- a role ---- */

static struct str trust(struct boot *b, const struct ci *ci, struct str subject)
{
	struct value v =
		boot_value(b,
			   "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":"
			   "\"Allow\",\"Principal\":{\"Federated\":\"%.*s\"},\"Action\":"
			   "\"sts:AssumeRoleWithWebIdentity\",\"Condition\":"
			   "{\"StringEquals\":{\"" ISSUER ":aud\":\"sts.amazonaws.com\",\"" ISSUER
			   ":sub\":\"repo:%.*s:%.*s\"}}}]}",
			   STR_ARG(ci->provider), STR_ARG(ci->repository), STR_ARG(subject));

	return json_text(&b->run->arena, &v);
}

static void set_text(struct boot *b, struct value *map, const char *key, struct str text)
{
	value_set(&b->run->arena, map, str_from_c(key), value_string(text));
}

static bool put_role(struct boot *b, struct str name, struct str trusts, struct str policy,
		     const char *what, struct error *err)
{
	struct arena *a = &b->run->arena;
	struct value input = value_map(), key = value_map();
	struct reply reply;

	if (name.length > NAME_MOST || policy.length > POLICY_MOST)
		return error_set(
			err, ERROR_LIMIT,
			"the role '%.*s' would be too large: its name has "
			"at most %d characters, its policy %d. Make it yourself, from 'effc "
			"plan --iam'",
			STR_ARG(name), NAME_MOST, POLICY_MOST);
	set_text(b, &key, "RoleName", name);
	if (!boot_ask(b, "iam", "GetRole", key, "NoSuchEntity", &reply, err))
		return false;
	set_text(b, &input, "RoleName", name);
	if (reply.class == REPLY_OK) {
		set_text(b, &input, "PolicyDocument", trusts);
		boot_step(b, str_format(a, "say again who may take the role '%.*s'", STR_ARG(name)),
			  "iam", "UpdateAssumeRolePolicy", input);
	} else {
		set_text(b, &input, "AssumeRolePolicyDocument", trusts);
		set_text(b, &input, "Description", str_format(a, "effc: %s", what));
		boot_step(b, str_format(a, "make the role '%.*s': %s", STR_ARG(name), what), "iam",
			  "CreateRole", input);
	}
	input = value_map();
	set_text(b, &input, "RoleName", name);
	set_text(b, &input, "PolicyName", STR(POLICY_NAME));
	set_text(b, &input, "PolicyDocument", policy);
	boot_step(b, str_format(a, "say what the role '%.*s' may do", STR_ARG(name)), "iam",
		  "PutRolePolicy", input);
	boot_tell(b, str_format(a, "%s: arn:%.*s:iam::%.*s:role/%.*s", what,
				STR_ARG(b->run->model.scope.partition),
				STR_ARG(b->run->who.account), STR_ARG(name)));
	return true;
}

static struct str policy_of(struct boot *b, struct value statements)
{
	struct value policy = boot_value(b, "{\"Version\":\"2012-10-17\"}");

	value_set(&b->run->arena, &policy, STR("Statement"), statements);
	return json_text(&b->run->arena, &policy);
}

static struct str role_name(struct boot *b, const char *what)
{
	return str_format(&b->run->arena, "%.*s-%.*s-effc-%s", STR_ARG(b->run->model.project),
			  STR_ARG(b->run->model.stage), what);
}

/* As of a stage that has nothing yet: all that it takes to make it, and to take it down. */
static bool whole_plan(struct run *run, struct needs *out)
{
	struct observation nothing = { 0 };

	run->state = (struct state){ .outputs = value_map() };
	run->observation = nothing;
	if (!run_bundle(run) || !run_plan(run, false, true))
		return false;
	needs_make(&run->arena, run->schemas, &run->plan, out);
	return true;
}

bool boot_roles(struct boot *b, struct error *err)
{
	struct value look, act = value_list(NULL, 0);
	const struct value *all;
	struct needs needs;
	struct ci ci;

	if (!read_ci(b, &ci, err) || !find_provider(b, &ci, err) || !whole_plan(b->run, &needs))
		return false;
	all = value_get_c(&needs.policy, "Statement");
	look = looking(b, &needs.policy);
	for (size_t i = 0; i < all->list.count; i++)
		value_append(&b->run->arena, &act, all->list.items[i]);
	state_needs(b->run, &look, false);
	state_needs(b->run, &act, true);
	return put_role(b, role_name(b, "plan"), trust(b, &ci, STR("pull_request")),
			policy_of(b, look), "looks, for plans of pull requests", err) &&
	       put_role(
		       b, role_name(b, "apply"),
		       trust(b, &ci,
			     str_format(&b->run->arena, "ref:refs/heads/%.*s", STR_ARG(ci.branch))),
		       policy_of(b, act), "changes what the spec names, for applies of the branch",
		       err);
}
