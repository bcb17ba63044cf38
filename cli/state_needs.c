#include "run.h"

/* What a role needs of the bucket and of the key where the state lives. */

static void add(struct run *run, struct value *out, const char *sid, const char *actions,
		struct str resource)
{
	struct arena *a = &run->arena;
	struct value statement = value_map(), list = value_list(NULL, 0);
	struct str rest = str_from_c(actions), action;

	while (str_split(&rest, ' ', &action))
		value_append(a, &list, value_string(action));
	value_set(a, &statement, STR("Sid"), value_string(str_from_c(sid)));
	value_set(a, &statement, STR("Effect"), value_string(STR("Allow")));
	value_set(a, &statement, STR("Action"), list);
	value_set(a, &statement, STR("Resource"), value_string(resource));
	value_append(a, out, statement);
}

void state_needs(struct run *run, struct value *out, bool write)
{
	struct arena *a = &run->arena;
	struct bucket_place place = run_place(run);
	const struct scope *scope = &run->model.scope;
	struct str account = run->who.account.length ? run->who.account : STR("*");

	add(run, out, "State", write ? "s3:GetObject s3:PutObject s3:DeleteObject" : "s3:GetObject",
	    str_format(a, "arn:%.*s:s3:::%.*s/%.*s*", STR_ARG(place.scope.partition),
		       STR_ARG(place.bucket), STR_ARG(place.folder)));
	add(run, out, "StateList", "s3:ListBucket",
	    str_format(a, "arn:%.*s:s3:::%.*s", STR_ARG(place.scope.partition),
		       STR_ARG(place.bucket)));
	add(run, out, "StateKey", write ? "ssm:GetParameter ssm:PutParameter" : "ssm:GetParameter",
	    str_format(a, "arn:%.*s:ssm:%.*s:%.*s:parameter/effc/%.*s/%.*s/state-key",
		       STR_ARG(scope->partition), STR_ARG(scope->region), STR_ARG(account),
		       STR_ARG(run->model.project), STR_ARG(run->model.stage)));
	if (place.kms_key.length)
		add(run, out, "StateKms", write ? "kms:Decrypt kms:GenerateDataKey" : "kms:Decrypt",
		    place.kms_key);
}
