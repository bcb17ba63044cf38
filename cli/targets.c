#include "run.h"

static bool is_lived_in(const struct model *m, const struct target *t)
{
	for (size_t i = 0; i < m->resource_count; i++)
		if (str_equal(m->resources[i].scope.target, t->scope.target))
			return true;
	for (size_t i = 0; i < m->existing_count; i++)
		if (str_equal(m->existing[i].scope.target, t->scope.target))
			return true;
	return false;
}

bool run_targets(struct run *run)
{
	const struct model *m = &run->model;

	for (size_t i = 0; i < m->target_count; i++) {
		const struct target *t = &m->targets[i];
		bool own = t->role_arn.length || t->profile.length;
		bool away = t->scope.account.length &&
			    !str_equal(t->scope.account, m->scope.account);

		if ((own || away) && is_lived_in(m, t))
			return run_say(run, EXIT_ERROR,
				       "target '%.*s' (%.*s) %s, and one run has one set of "
				       "credentials for now: such a target can be checked, and "
				       "planned with --refresh none",
				       STR_ARG(t->scope.target),
				       STR_ARG(span_text(&run->arena, m->sources, t->span)),
				       t->role_arn.length ? "is reached by a role" :
				       t->profile.length ? "is reached by a profile" :
				       "is another account");
	}
	return true;
}
