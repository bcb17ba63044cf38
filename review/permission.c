#include "permission.h"

#include "base/json.h"
#include "namebook.h"
#include "permission_rows.h"
#include "schemas/permissions.h"

/* Everything that a plan's resources say, before and after; only of scopes that change. */
struct gathering {
	struct arena *a;
	const struct plan *plan;
	struct namebook names;
	struct map scopes;		/* touched ones */
	struct VEC_OF(struct str) sources;
	struct grants *out;		/* where what is read goes */
	/* of the resource at hand */
	const struct schema *schema;
	struct str address;
	const struct value *properties;
	bool only_touched;
	struct map *whole;		/* scopes that come or go as a whole; NULL: none do */
};

static struct str show(void *context, struct arena *a, struct str text)
{
	(void)a;
	return namebook_show(context, text);
}

/* ---- what a rule's policy hangs on ---- */

struct subjects VEC_OF(struct str);

static void add_subjects(struct gathering *g, struct str property, struct str type,
			 const struct value *v, struct subjects *out)
{
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		add_subjects(g, property, type, &v->list.items[i], out);
	if (v->kind == VALUE_STRING && v->string.length)
		*vec_push(g->a, out) = namebook_find(
			&g->names, schema_property(g->schema, property), type, v->string);
}

static void find_subjects(struct gathering *g, const struct permission_rule *rule,
			  struct subjects *out)
{
	for (size_t i = 0; i < rule->of.count; i++) {
		const struct value *v = value_get(g->properties, rule->of.items[i]);

		if (v)
			add_subjects(g, rule->of.items[i], rule->of_types.items[i], v, out);
	}
	if (!out->count)
		*vec_push(g->a, out) = g->address;
}

/* ---- reading one value by its rule ---- */

static struct str scope_class(enum permission_kind kind)
{
	switch (kind) {
	case PERMISSION_IDENTITY:
	case PERMISSION_ATTACHED:
	case PERMISSION_BOUNDARY:
		return STR("may ");
	case PERMISSION_TRUST:
		return STR("is ");
	case PERMISSION_RESOURCE:
	case PERMISSION_GRANT:
	case PERMISSION_PUBLIC:
	case PERMISSION_OTHER:
	case PERMISSION_NONE:
		break;
	}
	return STR("of ");
}

static struct grant_reader reader_for(struct gathering *g, const struct permission_rule *rule,
				      struct str subject)
{
	struct str class = scope_class(rule->kind);
	struct grant_reader reader = {
		.a = g->a, .scope = STR_JOIN(g->a, class, subject), .context = &g->names,
		.show = show, .source = (uint32_t)g->sources.count - 1,
	};
	struct str label = namebook_label(&g->names, subject);

	if (str_equal_c(class, "may ")) {
		reader.principal = STR_JOIN(g->a, STR("of:"), subject);
		reader.principal_shown = label;
		reader.resource = reader.resource_shown = STR("*");
		if (rule->kind != PERMISSION_IDENTITY)
			reader.resource_shown = STR("what it names");
	} else {
		reader.resource = subject;
		reader.resource_shown = label;
		reader.resource_policy = true;
	}
	return reader;
}

static void set_text(struct gathering *g, struct value *map, const char *key, struct str text)
{
	value_set(g->a, map, str_from_c(key), value_string(text));
}

/* "lambda:InvokeFunction" for "s3.amazonaws.com" where SourceArn is ..., as a document. */
static struct value grant_document(struct gathering *g, const struct permission_rule *rule,
				   const struct value *who)
{
	const struct value *actions = value_get(g->properties, rule->actions);
	struct value document = value_map(), conditions = value_map(), equals = value_map();
	struct value principal = value_map();
	bool service = who->kind == VALUE_STRING && str_contains(who->string, STR(".amazonaws."));

	set_text(g, &document, "Effect", STR("Allow"));
	if (actions)
		value_set(g->a, &document, STR("Action"), *actions);
	value_set(g->a, &principal, service ? STR("Service") : STR("AWS"), *who);
	value_set(g->a, &document, STR("Principal"), principal);
	for (size_t i = 0; i < rule->conditions.count; i++) {
		const struct value *v = value_get(g->properties, rule->conditions.items[i]);

		if (v && v->kind != VALUE_NULL)
			value_set(g->a, &equals, rule->conditions.items[i], *v);
	}
	if (equals.map.count) {
		value_set(g->a, &conditions, STR("StringEquals"), equals);
		value_set(g->a, &document, STR("Condition"), conditions);
	}
	return document;
}

static struct value public_document(struct gathering *g, const struct permission_rule *rule)
{
	struct value document = value_map();

	set_text(g, &document, "Effect", STR("Allow"));
	set_text(g, &document, "Action", rule->actions);
	set_text(g, &document, "Principal", STR(EVERYONE));
	return document;
}

/* Policies of others by their ARNs: allowed as a whole, or the most that is allowed. */
static struct value attached_document(struct gathering *g, const struct permission_rule *rule,
				      const struct value *arn)
{
	bool boundary = rule->kind == PERMISSION_BOUNDARY;
	struct str text = arn->kind == VALUE_STRING ? namebook_show(&g->names, arn->string) :
			  json_text(g->a, arn);
	struct value document = value_map();

	set_text(g, &document, "Effect", boundary ? STR("Deny") : STR("Allow"));
	set_text(g, &document, "Action",
		 STR_JOIN(g->a, boundary ? STR(BOUNDARY_POLICY) : STR(ATTACHED_POLICY), text));
	return document;
}

static void read_value(struct gathering *g, const struct permission_rule *rule,
		       struct str subject, const struct value *v)
{
	struct grant_reader reader = reader_for(g, rule, subject);
	struct value document = *v;

	switch (rule->kind) {
	case PERMISSION_GRANT:
		document = grant_document(g, rule, v);
		break;
	case PERMISSION_PUBLIC:
		if (v->kind != VALUE_STRING || !str_equal(v->string, rule->is))
			return;
		document = public_document(g, rule);
		break;
	case PERMISSION_ATTACHED:
	case PERMISSION_BOUNDARY:
		document = attached_document(g, rule, v);
		break;
	case PERMISSION_OTHER:
		grants_add_opaque(&reader, STR_JOIN(g->a, rule->at, STR(" "),
						    json_text_canonical(g->a, v)), g->out);
		return;
	case PERMISSION_IDENTITY:
	case PERMISSION_TRUST:
	case PERMISSION_RESOURCE:
	case PERMISSION_NONE:
		break;
	}
	grants_read(&reader, &document, g->out);
}

/* Lists are entered without a sign; a list at the end is one of policies or ARNs. */
static void read_at(struct gathering *g, const struct permission_rule *rule, struct str subject,
		    const struct value *v, struct str path)
{
	struct str step;

	if (v->kind == VALUE_LIST) {
		for (size_t i = 0; i < v->list.count; i++)
			read_at(g, rule, subject, &v->list.items[i], path);
		return;
	}
	if (v->kind == VALUE_NULL)
		return;
	if (!str_split(&path, '.', &step)) {
		read_value(g, rule, subject, v);
		return;
	}
	v = value_get(v, step);
	if (v)
		read_at(g, rule, subject, v, path);
}

static void read_rule(struct gathering *g, const struct permission_rule *rule)
{
	struct subjects subjects = { 0 };

	find_subjects(g, rule, &subjects);
	for (size_t i = 0; i < subjects.count; i++) {
		struct str scope = STR_JOIN(g->a, scope_class(rule->kind), subjects.items[i]);

		if (g->only_touched && !map_has(&g->scopes, scope))
			continue;
		*map_put(g->a, &g->scopes, scope) = g;
		if (g->whole && !rule->of.count)
			*map_put(g->a, g->whole, scope) = g;
		read_at(g, rule, subjects.items[i], g->properties, rule->at);
	}
}

static void read_properties(struct gathering *g, const struct schema *schema, struct str address,
			    const struct value *properties, struct grants *out)
{
	if (!properties || properties->kind != VALUE_MAP)
		return;
	g->schema = schema;
	g->address = address;
	g->properties = properties;
	g->out = out;
	*vec_push(g->a, &g->sources) = address;
	for (size_t i = 0; i < schema->permission_count; i++)
		read_rule(g, &schema->permissions[i]);
}

/* ---- of a plan ---- */

static bool ends_or_begins(enum action_kind kind)
{
	return kind == ACTION_CREATE || kind == ACTION_UPDATE || kind == ACTION_REPLACE ||
	       kind == ACTION_DELETE;
}

/* The wanted properties that matter, with what is written for what is not known yet. */
static struct value wanted(struct gathering *g, uint32_t i)
{
	const struct resource *r = &g->plan->model->resources[i];
	const struct value *resolved = &g->plan->resolved[i].properties;
	struct value out = value_map();

	for (uint32_t k = 0; resolved->kind == VALUE_MAP && k < resolved->map.count; k++) {
		struct str name = resolved->map.entries[k].key;
		const struct member *m = resolved->map.entries[k].value;

		value_set(g->a, &out, name, namebook_filled(&g->names, &m->value,
							 value_get(&r->properties, name)));
	}
	return out;
}

/* What holds now: as read, and where nothing was, as last applied. */
static struct value standing(struct gathering *g, const struct action *act)
{
	const struct row *row = act->have;
	struct value out = value_map();
	const struct value *applied;

	if (row) {
		row_open(row);
		applied = row->status == ROW_UPDATING && row->before.kind == VALUE_MAP ?
			  &row->before : &row->properties;
		if (row->status != ROW_CREATING && applied->kind == VALUE_MAP)
			out.map = map_copy(g->a, &applied->map, 8);
	}
	if (!act->live || act->live->seen != SEEN_FOUND ||
	    act->live->properties.kind != VALUE_MAP)
		return out;
	for (uint32_t i = 0; i < act->live->properties.map.count; i++) {
		const struct member *m = act->live->properties.map.entries[i].value;

		value_replace(g->a, &out, act->live->properties.map.entries[i].key, m->value);
	}
	return out;
}

static const struct schema *schema_of(const struct plan *plan, const struct action *act)
{
	uint32_t at = act->want != NO_RESOURCE ? act->want : model_find(plan->model, act->address);

	if (at != NO_RESOURCE)
		return plan->model->resources[at].schema;
	return act->have && plan->model->schemas ?
	       schema_find(plan->model->schemas, act->have->type) : NULL;
}

static void read_action(struct gathering *g, const struct action *act, struct subtraction *s)
{
	const struct schema *schema = schema_of(g->plan, act);
	struct value before, after = value_null();

	if (!schema || !schema->permission_count || !ends_or_begins(act->kind))
		return;
	before = standing(g, act);
	if (act->want != NO_RESOURCE && act->kind != ACTION_DELETE)
		after = wanted(g, act->want);
	g->whole = act->kind == ACTION_CREATE && !before.map.count ? &s->fresh :
		   act->kind == ACTION_DELETE ? &s->gone : NULL;
	read_properties(g, schema, act->address, &before, &s->before);
	read_properties(g, schema, act->address, &after, &s->after);
	g->whole = NULL;
}

/* What says something of itself alone matters only where something else says it, too. */
static bool may_matter(struct gathering *g, const struct schema *schema, struct str address)
{
	for (size_t i = 0; i < schema->permission_count; i++) {
		const struct permission_rule *rule = &schema->permissions[i];

		if (rule->of.count ||
		    map_has(&g->scopes, STR_JOIN(g->a, scope_class(rule->kind), address)))
			return true;
	}
	return false;
}

/* What stays decides, too, about the scopes that change. */
static void read_unchanged(struct gathering *g, struct subtraction *s)
{
	const struct plan *plan = g->plan;

	g->only_touched = true;
	for (uint32_t i = 0; !plan->destroy && i < plan->model->resource_count; i++) {
		uint32_t at = plan->resolved[i].action;
		const struct schema *schema = plan->model->resources[i].schema;
		struct value same;

		if (!may_matter(g, schema, plan->resolved[i].address) ||
		    (at != NO_RESOURCE && ends_or_begins(plan->actions[at].kind)))
			continue;
		same = wanted(g, i);
		read_properties(g, schema, plan->resolved[i].address, &same, &s->before);
		read_properties(g, schema, plan->resolved[i].address, &same, &s->after);
	}
}

static bool concerns_permissions(const struct plan *plan)
{
	for (size_t i = 0; i < plan->action_count; i++) {
		const struct schema *schema = schema_of(plan, &plan->actions[i]);

		if (schema && schema->permission_count && ends_or_begins(plan->actions[i].kind))
			return true;
	}
	return false;
}

void permission_delta_make(struct arena *a, const struct plan *plan,
			   struct permission_delta *out)
{
	struct gathering g = { .a = a, .plan = plan };
	struct subtraction s = { .a = a, .account = plan->model->scope.account };

	*out = (struct permission_delta){ 0 };
	if (!concerns_permissions(plan))
		return;
	namebook_make(a, plan, &g.names);
	for (size_t i = 0; i < plan->action_count; i++)
		read_action(&g, &plan->actions[i], &s);
	if (g.scopes.count)
		read_unchanged(&g, &s);
	if (!s.account.length)
		s.account = plan->state->pin.account;
	s.sources = g.sources.items;
	permission_rows(&s, out);
}
