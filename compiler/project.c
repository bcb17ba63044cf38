#include "build.h"
#include "compiler.h"
#include "kind/kind.h"

/* [project], the settings of [stage.X], region and account. */

static bool project_name_is_valid(struct str name)
{
	for (size_t i = 0; i < name.length; i++) {
		char ch = name.data[i];
		bool letter = (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');

		if (!letter && !(i && ((ch >= '0' && ch <= '9') || ch == '-')))
			return false;
	}
	return name.length && name.length <= 40;
}

bool project_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_STRING && project_name_is_valid(v->string))
		return true;
	diag_error(c->d, v->span, "E0321 '%.*s' is no name of a project",
		   STR_ARG(v->kind == VALUE_STRING ? v->string : (struct str){ 0 }));
	diag_help(c->d, "a letter, then letters, digits and hyphens, 40 at most");
	return false;
}

bool account_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	bool good = v->kind == VALUE_STRING && v->string.length == 12;

	(void)where;
	if (v->kind == VALUE_INT) {
		diag_error(c->d, v->span, "E0322 an account number is text, not an integer");
		diag_help(c->d, "write \"%012lld\", with quotes", (long long)v->integer);
		return false;
	}
	for (size_t i = 0; good && i < v->string.length; i++)
		good = v->string.data[i] >= '0' && v->string.data[i] <= '9';
	if (!good)
		diag_error(c->d, v->span, "E0322 an account number has twelve digits, in quotes");
	return good;
}

/* Parts of letters and digits between hyphens, the last one a number. */
static bool region_is_plausible(struct str region)
{
	struct str rest = region, part;
	size_t parts = 0;
	int64_t number = 0;
	bool last_is_number = false;

	if (region.length > 32)
		return false;
	while (str_split(&rest, '-', &part)) {
		if (!part.length)
			return false;
		for (size_t i = 0; i < part.length; i++) {
			char ch = part.data[i];

			if (!(ch >= 'a' && ch <= 'z') && !(ch >= '0' && ch <= '9'))
				return false;
		}
		last_is_number = str_to_int(part, &number);
		parts++;
	}
	return parts >= 3 && last_is_number;
}

bool region_is_valid(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_STRING && region_is_plausible(v->string))
		return true;
	diag_error(c->d, v->span, "E0323 '%.*s' is no region",
		   STR_ARG(v->kind == VALUE_STRING ? v->string : (struct str){ 0 }));
	diag_help(c->d, "for example \"eu-west-1\"");
	return false;
}

bool tags_are_valid(struct compiler *c, const struct value *v, struct str where)
{
	bool good = true;

	(void)where;
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		struct str key = v->map.entries[i].key;
		const struct member *m = v->map.entries[i].value;

		if (!str_starts(key, STR("aws:")) && !str_starts(key, STR("effortless:")) &&
		    key.length && key.length <= 128)
			continue;
		diag_error(c->d, m->key_span, "E0326 '%.*s' cannot be the key of a tag",
			   STR_ARG(key));
		diag_help(c->d, "1 to 128 characters; 'aws:' and 'effortless:' are taken");
		good = false;
	}
	return good;
}

static bool check_role_path(struct compiler *c, const struct value *v, struct str where)
{
	(void)where;
	if (v->kind == VALUE_STRING && str_starts(v->string, STR("/")) &&
	    str_ends(v->string, STR("/")) && v->string.length <= 512)
		return true;
	diag_error(c->d, v->span, "E0327 'role_path' begins and ends with '/'");
	return false;
}

static const struct key project_items[] = {
	{ .name = "name", .kind = KEY_TEXT, .required = true, .check = project_is_valid },
	{ .name = "region", .kind = KEY_TEXT, .check = region_is_valid },
	{ .name = "account", .kind = KEY_ANY, .check = account_is_valid },
	{ .name = "tags", .kind = KEY_VALUE_TABLE, .check = tags_are_valid },
	{ .name = "permissions_boundary", .kind = KEY_VALUE },
	{ .name = "role_path", .kind = KEY_TEXT, .check = check_role_path },
	{ .name = "include", .kind = KEY_TEXTS },
	{ .name = "sandbox", .kind = KEY_REFUSED },
	{ .name = "profile", .kind = KEY_REFUSED, .detail = "set AWS_PROFILE" },
	{ .name = "state", .kind = KEY_ANY, .check = state_is_valid },
};
const struct key_set project_keys = KEY_SET(project_items);

static const struct key stage_items[] = {
	{ .name = "region", .kind = KEY_TEXT, .check = region_is_valid },
	{ .name = "account", .kind = KEY_ANY, .check = account_is_valid },
	{ .name = "protect", .kind = KEY_CHOICE, .detail = "all hard none" },
	{ .name = "state", .kind = KEY_ANY, .check = state_is_valid },
	{ .name = "profile", .kind = KEY_REFUSED, .detail = "set AWS_PROFILE" },
	{ .name = "expires", .kind = KEY_REFUSED },
	{ .name = "AWS", .kind = KEY_ANY },
	{ .name = "check", .kind = KEY_ANY },
	{ .name = "policy", .kind = KEY_ANY },
	{ .name = "defaults", .kind = KEY_ANY },
	{ .name = "existing", .kind = KEY_ANY },
	{ .name = "local", .kind = KEY_ANY },
	{ .name = "module", .kind = KEY_ANY },
	{ .name = "output", .kind = KEY_ANY },
	{ .name = "target", .kind = KEY_ANY },
	{ .name = "variable", .kind = KEY_ANY },
};
static const struct key_set stage_keys = KEY_SET(stage_items);

/* An overlay may stand over blocks of every kind. */
static struct key_set kind_sections(struct compiler *c)
{
	VEC(struct key) items = { 0 };

	for (size_t i = 0; kind_at(i); i++)
		*vec_push(c->arena, &items) =
			(struct key){ .name = kind_at(i)->name, .kind = KEY_ANY };
	return (struct key_set){ items.items, items.count };
}

bool stage_table_check(struct compiler *c, const struct member *m, struct str name)
{
	const struct key_set kinds = kind_sections(c);
	const struct key_set *const sets[] = { &stage_keys, &kinds, NULL };

	if (m->value.kind != VALUE_MAP) {
		if (!(m->value.marks & VALUE_DAMAGED))
			diag_error(c->d, m->value.span, "E0309 [stage.%.*s] must be a table",
				   STR_ARG(name));
		return false;
	}
	keys_check(c, &m->value, m->key_span, str_format(c->arena, "[stage.%.*s]", STR_ARG(name)),
		   sets, false);
	return true;
}

static struct str region_choose(struct compiler *c, const struct value *project)
{
	if (c->options->region.length)
		return c->options->region;
	if (config_get(&c->settings, "region"))
		return config_text(&c->settings, "region", "");
	if (config_get(project, "region"))
		return config_text(project, "region", "");
	return c->options->environment_region;
}

static void region_read(struct compiler *c, const struct value *project, struct span place)
{
	struct scope *scope = &c->model->scope;

	scope->region = region_choose(c, project);
	c->home_region = config_text(project, "region", "");
	if (!c->home_region.length)
		c->home_region = scope->region;
	if (!scope->region.length && project && !(project->marks & VALUE_DAMAGED) &&
	    !value_get_c(project, "region")) {
		diag_error(c->d, place, "E0324 no region is given");
		diag_help(c->d, "write 'region' under [project], or use --region or AWS_REGION");
	} else if (scope->region.length && !region_is_plausible(scope->region) &&
		   (str_equal(scope->region, c->options->region) ||
		    str_equal(scope->region, c->options->environment_region))) {
		diag_error(c->d, SPAN_NONE, "E0323 '%.*s' is no region", STR_ARG(scope->region));
	}
	scope->partition = partition_of_region(scope->region);
}

static void account_read(struct compiler *c, const struct value *project)
{
	struct str pinned = config_text(&c->settings, "account", "");

	if (!pinned.length)
		pinned = config_text(project, "account", "");
	c->model->account_pinned = pinned.length > 0;
	c->model->scope.account = pinned.length ? pinned : c->options->account;
}

static void protect_read(struct compiler *c)
{
	struct str protect = config_text(&c->settings, "protect", "");

	c->protect = str_equal_c(protect, "all") ? PROTECT_ALL
		   : str_equal_c(protect, "hard") ? PROTECT_HARD
		   : str_equal_c(protect, "none") ? PROTECT_NONE : PROTECT_DEFAULT;
}

static const char project_words[] = "name region account tags permissions_boundary role_path";

/*
 * What stands above [project] but belongs under it is reported there; here it is
 * as if it were given, so that what it lacks is no second mistake.
 */
static void adopt_misplaced(struct compiler *c)
{
	const struct member *m = value_member(&c->top->root, STR("project"));
	struct value empty = value_map(), project = empty;
	struct span place = m ? m->key_span : SPAN_NONE;
	bool any = false;

	if (m && m->value.kind != VALUE_MAP)
		return;
	project = table_merge(c->arena, &empty, m ? &m->value : &empty);
	for (uint32_t i = 0; i < c->top->root.map.count; i++) {
		const struct member *item = c->top->root.map.entries[i].value;
		struct str name = c->top->root.map.entries[i].key;
		struct value given = value_null();

		if (!text_in_words(name, project_words) || value_get(&project, name))
			continue;
		given.marks = VALUE_DAMAGED;
		member_put(c->arena, &project, name, item->key_span, given);
		if (!any && !m)
			place = item->key_span;
		any = true;
	}
	if (any)
		member_put(c->arena, &c->top->root, STR("project"), place, project);
}

/* [projct]: what it is meant to be is said where it stands. */
static bool is_misspelt(const struct compiler *c)
{
	static const struct str wanted = STR_INIT("project");

	for (uint32_t i = 0; i < c->top->root.map.count; i++) {
		if (str_nearest(c->top->root.map.entries[i].key, &wanted, 1).length)
			return true;
	}
	return false;
}

static void report_no_project(struct compiler *c, const struct member *m, struct span place)
{
	if (c->damaged || (m && m->value.marks & VALUE_DAMAGED) || (!m && is_misspelt(c)))
		return;
	if (m && m->value.kind == VALUE_LIST) {
		diag_error(c->d, place, "E0309 'project' must be a table");
		diag_help(c->d, "write [project]");
		return;
	}
	diag_error(c->d, place, "E0325 there is no [project] with a name");
	diag_help(c->d, "begin with [project] and, under it, name = \"shop\"");
}

void project_read(struct compiler *c)
{
	const struct key_set *const sets[] = { &project_keys, NULL };
	const struct member *m;
	const struct value *project;
	struct span place = { c->spec->document_count ? c->spec->documents[0].file : SPAN_NOWHERE,
			      0, 0 };

	adopt_misplaced(c);
	m = value_member(&c->top->root, STR("project"));
	project = m && m->value.kind == VALUE_MAP ? &m->value : NULL;
	if (m)
		place = m->key_span;
	if (project)
		keys_check(c, project, place, STR("[project]"), sets, true);
	else
		report_no_project(c, m, place);
	c->model->project = config_text(project, "name", "");
	region_read(c, project, place);
	account_read(c, project);
	protect_read(c);
	state_read(c, project);
	c->role_path = config_text(project, "role_path", "");
	c->model->tags = value_map();
}

void project_bind(struct compiler *c)
{
	const struct value *project = value_get_c(&c->top->root, "project");
	const struct value *boundary = config_get(project, "permissions_boundary");
	const struct value *tags = config_get(project, "tags");

	if (boundary && (boundary->kind == VALUE_STRING || boundary->kind == VALUE_EXPR))
		c->boundary = words_bind(c, c->top, boundary);
	if (!tags || tags->kind != VALUE_MAP)
		return;
	c->model->tags = words_bind(c, c->top, tags);
	for (uint32_t i = 0; i < c->model->tags.map.count; i++) {
		const struct member *m = c->model->tags.map.entries[i].value;

		if (m->value.kind == VALUE_EXPR)
			diag_error(c->d, m->value.span,
				   "E0336 a tag of the project must be known before anything "
				   "is made");
	}
}
