#include "compiler.h"
#include "section.h"

/*
 * [target.edge]: another place for blocks, with its own region, or reached with
 * other rights.  A block with `target = "edge"` lives there with all its parts;
 * what such blocks share has a copy there, `stage/edge_api` beside `stage/api`.
 * Without role or profile the stack's own rights are used, and the account is
 * the stack's.
 */
static bool check_role(struct compiler *c, const struct value *v, struct str where)
{
	struct str rest = v->string, part;
	size_t parts = 0;

	(void)where;
	while (str_split(&rest, ':', &part))
		parts++;
	if (parts == 6 && str_starts(v->string, STR("arn:")) &&
	    str_contains(v->string, STR(":role/")))
		return true;
	diag_error(c->d, v->span, "E0450 'role_arn' must be the ARN of a role");
	diag_help(c->d, "\"arn:aws:iam::111122223333:role/deploy\"");
	return false;
}

static const struct key items[] = {
	{ .name = "region", .kind = KEY_TEXT, .check = region_is_valid },
	{ .name = "account", .kind = KEY_ANY, .check = account_is_valid },
	{ .name = "role_arn", .kind = KEY_TEXT, .check = check_role },
	{ .name = "profile", .kind = KEY_TEXT },
};
const struct key_set target_keys = KEY_SET(items);

/* The account of a role stands in its ARN. */
static struct str account_of_role(struct str arn)
{
	struct str part = { 0 };

	for (int i = 0; i < 5; i++)
		str_split(&arn, ':', &part);
	return part;
}

static void check_account(struct compiler *c, const struct target *t, const struct value *table)
{
	struct str account = account_of_role(t->role_arn);
	const struct value *given = config_get(table, "account");

	if (t->profile.length && !t->scope.account.length && table_lacks(table,
	    (const struct key_set *const[]){ &target_keys, NULL }, "account")) {
		diag_error(c->d, t->span, "E0451 target '%.*s' has a 'profile' and no 'account'",
			   STR_ARG(t->scope.target));
		diag_help(c->d, "ARNs are known, and nothing is sent to another account, if it is "
			  "written here");
	} else if (given && account.length && !str_equal(account, t->scope.account)) {
		diag_error(c->d, given->span, "E0451 the role of target '%.*s' is of account %.*s",
			   STR_ARG(t->scope.target), STR_ARG(account));
	}
}

static void target_read(struct compiler *c, struct str name, const struct member *m)
{
	const struct key_set *const sets[] = { &target_keys, NULL };
	struct value table = words_bind(c, c->top, &m->value);
	struct target *t = &c->model->targets[c->model->target_count];
	const struct scope *own = &c->model->scope;

	if (!keys_check(c, &table, m->key_span,
			str_format(c->arena, "target '%.*s'", STR_ARG(name)), sets, true)) {
		*map_put(c->arena, &c->targets, name) = NULL;
		return;
	}
	*t = (struct target){
		.role_arn = config_text(&table, "role_arn", ""),
		.profile = config_text(&table, "profile", ""), .span = m->key_span,
	};
	t->scope.target = name;
	t->scope.region = config_text(&table, "region", "");
	if (!t->scope.region.length)
		t->scope.region = own->region;
	t->scope.partition = partition_of_region(t->scope.region);
	t->scope.account = config_text(&table, "account", "");
	check_account(c, t, &table);
	if (!t->scope.account.length)
		t->scope.account = t->role_arn.length ? account_of_role(t->role_arn)
						      : own->account;
	if (!str_equal(t->scope.partition, own->partition) && !t->role_arn.length &&
	    !t->profile.length)
		diag_error(c->d, m->key_span,
			   "E0452 target '%.*s' is in another partition, where the stack's "
			   "credentials mean nothing", STR_ARG(name));
	c->model->target_count++;
	*map_put(c->arena, &c->targets, name) = t;
}

void targets_collect(struct compiler *c)
{
	const struct value *all = value_get_c(&c->top->root, "target");

	if (!all)
		return;
	if (all->kind != VALUE_MAP) {
		if (!(all->marks & VALUE_DAMAGED))
			diag_error(c->d, all->span, "E0309 'target' holds tables: [target.NAME]");
		return;
	}
	c->model->targets = arena_array(c->arena, struct target, all->map.count);
	for (uint32_t i = 0; i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;
		struct str name = all->map.entries[i].key;

		if (!id_is_word(name)) {
			diag_error(c->d, m->key_span, "E0306 '%.*s' is no id", STR_ARG(name));
			diag_help(c->d, "a letter, then letters, digits and '_'");
		}
		if (m->value.kind == VALUE_MAP)
			target_read(c, name, m);
		else if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [target.%.*s] must be a table",
				   STR_ARG(name));
	}
}

const struct scope *target_scope(struct compiler *c, struct module *module,
				 const struct value *written)
{
	const struct value *v = value_get_c(written, "target");
	VEC(struct str) names = { 0 };
	struct target *t;
	struct value bound;
	struct str near;

	if (!v)
		return &c->model->scope;
	bound = words_bind(c, module, v);
	/* Another kind of value is refused where the block's keys are. */
	if (bound.kind != VALUE_STRING)
		return &c->model->scope;
	t = map_get(&c->targets, bound.string);
	if (t)
		return &t->scope;
	if (map_has(&c->targets, bound.string))
		return NULL;
	for (uint32_t i = 0; i < c->targets.count; i++)
		*vec_push(c->arena, &names) = c->targets.entries[i].key;
	diag_error(c->d, v->span, "E0453 there is no target '%.*s'", STR_ARG(bound.string));
	near = suggest(c, bound.string, names.items, names.count);
	if (near.length)
		diag_help(c->d, "did you mean '%.*s'?", STR_ARG(near));
	else
		diag_help(c->d, "write [target.%.*s] with its 'region'", STR_ARG(bound.string));
	return NULL;
}

bool lives_with(struct compiler *c, const struct block *b, const struct block *other,
		struct span span)
{
	const struct scope *here = b->scope, *there = other->scope;

	if (b->misplaced || other->misplaced)
		return true;
	if (str_equal(here->region, there->region) && str_equal(here->account, there->account))
		return true;
	diag_error(c->d, span, "E0454 %.*s lives in %.*s, and %.*s in %.*s%s",
		   STR_ARG(other->title), STR_ARG(there->region), STR_ARG(b->title),
		   STR_ARG(here->region),
		   str_equal(here->region, there->region) ? " of another account" : "");
	diag_help(c->d, "a handler reaches what lives with it: give both the same 'target'");
	return false;
}
