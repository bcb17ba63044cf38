#include "command.h"

#include "base/json.h"
#include "review/needs.h"
#include "shown.h"

#define INLINE_MOST 10240		/* characters of a role's inline policies, without blanks */

static void tell_missing(struct run *run, const struct needs *needs)
{
	struct buf out;

	buf_init(&out, &run->arena);
	for (size_t i = 0; i < needs->missing.count; i++) {
		buf_add_c(&out, "incomplete: ");
		add_shown(&out, needs->missing.items[i], 0);
		buf_add_char(&out, '\n');
	}
	if (!value_get_c(&needs->policy, "Statement")->list.count)
		buf_add_c(&out, "nothing is called, and so nothing is needed\n");
	if (!run->model.scope.account.length && !run->state.pin.account.length)
		buf_add_c(&out, "the account is not known without credentials: "
			  "'*' stands for it\n");
	fwrite(out.data ? out.data : "", 1, out.length, run->doors->err);
}

/* With --json what is missing stands beside the policy, for programs. */
static struct value whole(struct run *run, const struct needs *needs)
{
	struct arena *a = &run->arena;
	struct value v = value_map(), missing = value_list(NULL, 0);

	for (size_t i = 0; i < needs->missing.count; i++)
		value_append(a, &missing, value_string(needs->missing.items[i]));
	value_set(a, &v, STR("format_version"), value_string(STR("1.0")));
	value_set(a, &v, STR("complete"), value_bool(!needs->missing.count));
	value_set(a, &v, STR("missing"), missing);
	value_set(a, &v, STR("policy"), needs->policy);
	return v;
}

/* Also of where the state lives: that is of no plan, but of every run. */
static void add_state(struct run *run, struct needs *needs)
{
	struct value statements = value_list(NULL, 0), policy = value_map();
	const struct value *all = value_get_c(&needs->policy, "Statement");

	for (size_t i = 0; i < all->list.count; i++)
		value_append(&run->arena, &statements, all->list.items[i]);
	state_needs(run, &statements, true);
	value_set(&run->arena, &policy, STR("Version"),
		  *value_get_c(&needs->policy, "Version"));
	value_set(&run->arena, &policy, STR("Statement"), statements);
	needs->policy = policy;
}

void show_needs(struct run *run)
{
	struct needs needs;
	struct value v;
	struct buf out;

	needs_make(&run->arena, run->schemas, &run->plan, &needs);
	if (run->model.state.bucket.length)
		add_state(run, &needs);
	v = run->options->json ? whole(run, &needs) : needs.policy;
	buf_init(&out, &run->arena);
	json_print_pretty(&out, &v, 0);
	buf_add_char(&out, '\n');
	fwrite(out.data, 1, out.length, run->doors->out);
	fflush(run->doors->out);
	tell_missing(run, &needs);
	if (json_text(&run->arena, &needs.policy).length > INLINE_MOST)
		fprintf(run->doors->err, "this is more than the %d characters of a role's inline "
			"policies: attach it as managed policies, in parts\n", INLINE_MOST);
}
