#include "work.h"

#include "base/trace.h"
#include "secret.h"

/*
 * The table of what is stored against what is wanted and seen.
 *
 *	row's status	seen		becomes
 *	(none)		absent		create
 *			ours		create that looks first and takes it over
 *			foreign		create, in conflict
 *	creating	found		finish it by an update, or replace
 *			else		create again: same instance, same name
 *	created,	found		three-way comparison
 *	updated,	absent		create again: same instance, same name
 *	replaced	not read	the spec against what was applied
 *	updating	found		finish from what is live, or replace
 *			not read	finish from what surely held
 *	replacing	any		finish the replacement; a further one nests if
 *					this one may exist
 *			not made whole	back to an older one that is wanted again (back.c)
 *	deleting	found		wanted again: repair it
 *			else		create again
 *
 * What is gone is made again under its generation: nothing carries its
 * instance any more, and the driver waits where a name stays burnt.
 */

static bool is_seen(const struct observed *seen, enum seen kind)
{
	return seen && seen->seen == kind;
}

/* Its older generation was to go first and stands yet: nothing was sent that made this one. */
static bool waits_for_older(const struct row *row)
{
	return row && row->status == ROW_REPLACING && row->delete_first && !row->sent &&
	       row->previous;
}

const struct observed *work_seen(const struct work *w, struct str address)
{
	static const struct observed absent = { .seen = SEEN_ABSENT };
	const struct observed *seen;

	if (!w->live || w->options->offline)
		return NULL;
	seen = map_get(&w->live->by_address, address);
	/* Who has its name is the older one, and its removal looks whether that is ours. */
	if (is_seen(seen, SEEN_FOREIGN) && waits_for_older(state_peek(w->plan->state, address)))
		return &absent;
	return seen && seen->seen != SEEN_NOT_READ ? seen : NULL;
}

/* Data in a queue is what it holds now. */
static bool holds_messages(const struct observed *seen)
{
	const struct value *messages = NULL;

	if (is_seen(seen, SEEN_FOUND) && seen->facts.kind == VALUE_MAP)
		messages = value_get(&seen->facts, STR("messages"));
	return messages && messages->kind == VALUE_INT && messages->integer > 0;
}

bool work_allows_loss(const struct work *w, struct str address)
{
	return str_list_has(&w->options->allow_data_loss, address) ||
	       str_list_has(&w->options->allow_data_loss, STR("all"));
}

enum guard work_guard(const struct work *w, struct str address, enum guard guard,
		      const struct observed *seen)
{
	if (guard == GUARD_NONE || (guard == GUARD_SOFT && !holds_messages(seen)))
		return GUARD_NONE;
	return work_allows_loss(w, address) ? GUARD_NONE : guard;
}

void action_rebind(struct work *w, struct action *act, struct str property)
{
	struct str *items;

	if (str_list_has(&act->rebind, property))
		return;
	items = arena_array(w->arena, struct str, act->rebind.count + 1);
	if (act->rebind.count)
		memcpy(items, act->rebind.items, act->rebind.count * sizeof(*items));
	items[act->rebind.count] = property;
	act->rebind = (struct str_list){ items, act->rebind.count + 1 };
}

/* ---- comparing ---- */

static struct walk walk_of(struct work *w, uint32_t i, struct change_vec *out)
{
	struct walk walk;

	walk_init(&walk, w->arena, &w->scratch, w->model->resources[i].schema, out);
	return walk;
}

/* Secrets of the state or of what was read, as they are wanted where they are the same. */
static struct value opened(struct work *w, uint32_t i, const struct value *kept)
{
	return secret_open(w->arena, w->model->resources[i].schema->driver,
			   w->options->secret_key, kept, &w->plan->resolved[i].properties);
}

static struct str top_level(struct str path)
{
	size_t end = 0;

	while (end < path.length && path.data[end] != '.' && path.data[end] != '[')
		end++;
	return str_slice(path, 0, end);
}

/* What it stands for is nobody's business: code that another tool deploys. */
static bool is_unwatched(const struct resource *r)
{
	const struct driver *driver = r->schema->driver;

	for (size_t n = 0; ignores_any(r) && n < driver->write_only.count; n++) {
		if (ignores_whole(r, top_level(driver->write_only.items[n])))
			return true;
	}
	return false;
}

/* An attribute that stands for something unreadable, such as the digest of code. */
static void watch(struct work *w, uint32_t i, const struct observed *seen)
{
	struct action *act = &w->decided[i].action;
	const struct driver *driver = w->model->resources[i].schema->driver;

	if (driver && is_unwatched(&w->model->resources[i]))
		return;
	for (size_t k = 0; driver && k < driver->watch.count; k++) {
		struct str name = driver->watch.items[k];
		const struct value *was = value_path(&act->have->attributes, name);
		const struct value *is = value_path(&seen->attributes, name);

		if (!was || !is || value_equal(was, is))
			continue;
		*vec_push(w->arena, &act->changes) = (struct change){
			.path = name, .before = *is, .after = *was, .drift = true,
			.span = SPAN_NONE,
		};
		for (size_t n = 0; n < driver->write_only.count; n++) {
			struct str property = top_level(driver->write_only.items[n]);

			if (value_get(&w->plan->resolved[i].properties, property))
				action_rebind(w, act, property);
		}
	}
}

/* What cannot change in place does not drift: reading it otherwise is no reason to lose it. */
static bool is_lasting(const struct schema *schema, struct str path)
{
	const struct property *property = schema_property(schema, top_level(path));

	return property && property->create_only &&
	       !(schema->driver && str_list_has(&schema->driver->in_place, property->name));
}

/* The tag that says whose it is, gone from what has our name. */
static bool is_lost_mark(const struct driver *driver, const struct change *change)
{
	return driver && driver->owner == OWNER_TAG &&
	       str_equal(top_level(change->path), driver->owner_property) &&
	       str_contains(change->path, STR("effortless:instance"));
}

static void find_drift(struct work *w, uint32_t i, const struct observed *seen)
{
	struct action *act = &w->decided[i].action;
	const struct schema *schema = w->model->resources[i].schema;
	size_t edited = act->changes.count, kept = edited;
	struct walk walk = walk_of(w, i, &act->changes);
	struct value baseline = opened(w, i, &act->have->baseline);
	struct value live = opened(w, i, &seen->properties);
	struct value wanted = ignore_live(w->arena, &w->model->resources[i],
					  &w->plan->resolved[i].properties, &live);

	if (baseline.kind != VALUE_MAP || live.kind != VALUE_MAP)
		return;
	walk_drift(&walk, &wanted, &baseline, &live);
	for (size_t k = edited; k < act->changes.count; k++) {
		struct change *change = &act->changes.items[k];
		struct str property = top_level(change->path);
		bool newly_read = !value_get(&act->have->baseline, property) && schema->driver &&
				  schema->driver->version != act->have->driver_version;

		if (is_lasting(schema, change->path) || newly_read)
			continue;
		if (is_lost_mark(schema->driver, change) &&
		    !(schema->driver->returns.length &&
		      str_starts(act->have->name, schema->driver->returns)))
			act->conflict = str_format(w->arena,
				"'%.*s' does not carry the mark of this stack: either its tag was "
				"removed, or ours was deleted and this is another; if it is ours, "
				"put its tag effortless:instance = %.*s back",
				STR_ARG(act->have->name), STR_ARG(act->have->instance));
		action_rebind(w, act, property);
		act->changes.items[kept++] = *change;
	}
	act->changes.count = kept;
	watch(w, i, seen);
}

/* ---- reasons ---- */

static void add_names(struct buf *b, const char *title, const struct change_vec *changes,
		      bool drift)
{
	struct str last = { 0 };

	for (size_t i = 0; i < changes->count; i++) {
		struct str name = top_level(changes->items[i].path);

		if (changes->items[i].drift != drift || str_equal(name, last))
			continue;
		if (last.length)
			buf_add_c(b, ", ");
		else
			buf_printf(b, "%s%s: ", b->length ? "; " : "", title);
		buf_add(b, name);
		last = name;
	}
}

static struct str update_reason(struct work *w, const struct action *act)
{
	struct buf b;

	buf_init(&b, w->arena);
	if (act->repair)
		buf_add_c(&b, "an earlier run left it unfinished");
	add_names(&b, "changed in the spec", &act->changes, false);
	add_names(&b, "changed outside", &act->changes, true);
	if (act->cascade.length && act->rebind.count)
		buf_printf(&b, "%sset again since '%.*s' is replaced: %.*s", b.length ? "; " : "",
			   STR_ARG(act->cascade),
			   STR_ARG(str_join(&w->scratch, STR(", "), act->rebind.items,
					    act->rebind.count)));
	return buf_str(&b);
}

/* ---- decisions ---- */

static void decide_create(struct work *w, uint32_t i, const struct observed *seen,
			  const char *reason)
{
	struct decision *decision = &w->decided[i];
	struct action *act = &decision->action;

	act->kind = ACTION_CREATE;
	act->changes.count = 0;
	act->rebind.count = 0;
	act->reason = str_from_c(reason);
	decision->fresh = true;
	/* A new one takes nothing over, also not what is ignored later. */
	if (ignores_any(&w->model->resources[i]))
		resolve_properties(w, i);
	if (act->have && act->have->previous)
		replace_order(w, i, act->have->previous);
	if (!is_seen(seen, SEEN_FOREIGN))
		return;
	act->conflict = str_format(w->arena,
		"'%.*s' exists and is not ours%s%.*s; nothing of it is touched: if this stack made "
		"it, bring its state (.effc/state) back or make it anew with 'effc state rebuild'; "
		"else choose another name",
		STR_ARG(w->plan->resolved[i].name.length ? w->plan->resolved[i].name :
			act->address),
		seen->owner.length ? ": it belongs to " : "", STR_ARG(seen->owner));
}

static void decide_update(struct work *w, uint32_t i)
{
	struct action *act = &w->decided[i].action;
	struct resolved *resolved = &w->plan->resolved[i];

	act->kind = ACTION_UPDATE;
	act->reason = update_reason(w, act);
	if (is_seen(act->live, SEEN_FOUND))
		resolved->properties = ignore_live(w->arena, &w->model->resources[i],
						   &resolved->properties,
						   &act->live->properties);
}

/* Both sorted: rows are written with the edges of a plan. */
static bool same_edges(const struct str_list *a, const struct str_list *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!str_equal(a->items[i], b->items[i]))
			return false;
	}
	return true;
}

static void decide_unchanged(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	struct action *act = &w->decided[i].action;
	const struct row *row = act->have;

	if (row->guard != r->guard || row->retain != r->retain ||
	    triggers_differ(&w->plan->resolved[i]) ||
	    !same_edges(&row->edges, &w->plan->resolved[i].edges)) {
		act->kind = ACTION_METADATA;
		act->reason = STR("only what the state keeps of it changes");
	} else if (row->previous) {
		act->kind = ACTION_COLLECT;
		act->reason = STR("an earlier run replaced it and did not remove the old one");
	}
}

static void decide_settled(struct work *w, uint32_t i, const struct observed *seen)
{
	struct action *act = &w->decided[i].action;
	const struct row *row = act->have;
	struct walk walk = walk_of(w, i, &act->changes);
	struct value applied;

	if (!w->decided[i].as_applied) {
		row_open(row);
		applied = opened(w, i, &row->properties);
		walk_changes(&walk, &applied, &w->plan->resolved[i].properties);
	}
	if (is_seen(seen, SEEN_FOUND) && str_equal(row->type, w->model->resources[i].schema->type))
		find_drift(w, i, seen);
	if (replace_needed(w, i)) {
		replace_decide(w, i);
		return;
	}
	rebind_decide(w, i);
	if (act->changes.count || act->rebind.count)
		decide_update(w, i);
	else
		decide_unchanged(w, i);
}

/* A property that was applied, or was about to be, and is not wanted any more. */
static void add_removed(struct work *w, uint32_t i, const struct value *applied)
{
	struct action *act = &w->decided[i].action;
	const struct value *wanted = &w->plan->resolved[i].properties;
	struct value gone = value_map(), none = value_map();
	struct walk walk = walk_of(w, i, &act->changes);

	for (uint32_t k = 0; applied->kind == VALUE_MAP && k < applied->map.count; k++) {
		struct str name = applied->map.entries[k].key;
		const struct member *member = applied->map.entries[k].value;

		if (!value_get(wanted, name))
			value_set(&w->scratch, &gone, name, member->value);
	}
	walk_changes(&walk, &gone, &none);
}

/*
 * Whether an unfinished one must be replaced shows against what its row says,
 * and what is left to do shows against what is live.
 */
bool row_is_forced(struct work *w, uint32_t i)
{
	struct action *act = &w->decided[i].action;
	struct walk walk = walk_of(w, i, &act->changes);
	const struct row *row = act->have;
	struct value applied = opened(w, i, row->before.kind == VALUE_MAP ? &row->before :
									    &row->properties);

	walk_changes(&walk, &applied, &w->plan->resolved[i].properties);
	return replace_needed(w, i);
}

static void repair_changes(struct work *w, uint32_t i, const struct observed *seen)
{
	struct action *act = &w->decided[i].action;
	struct walk walk = walk_of(w, i, &act->changes);
	struct value live, wanted;

	act->repair = true;
	if (!is_seen(seen, SEEN_FOUND) || seen->properties.kind != VALUE_MAP)
		return;
	act->changes.count = 0;
	live = opened(w, i, &seen->properties);
	wanted = ignore_live(w->arena, &w->model->resources[i],
			     &w->plan->resolved[i].properties, &live);
	walk_repair(&walk, &wanted, &live);
	add_removed(w, i, &act->have->before);
	add_removed(w, i, &act->have->properties);
}

static void decide_unfinished(struct work *w, uint32_t i, const struct observed *seen)
{
	if (row_is_forced(w, i)) {
		replace_decide(w, i);
		return;
	}
	repair_changes(w, i, seen);
	rebind_decide(w, i);
	decide_update(w, i);
}

static void decide_again(struct work *w, uint32_t i, const struct observed *seen,
			 const char *reason)
{
	decide_create(w, i, seen, reason);
	w->decided[i].action.repair = true;
}

static void decide_replacing(struct work *w, uint32_t i, const struct observed *seen)
{
	struct decision *decision = &w->decided[i];
	struct action *act = &decision->action;
	/* Before anything was sent there is nothing that a further one would replace. */
	bool there = act->have->sent && !is_seen(seen, SEEN_ABSENT) && !is_seen(seen, SEEN_FOREIGN);
	bool another = row_is_forced(w, i);

	if (another && there) {
		replace_decide(w, i);
		return;
	}
	/* The guard was lifted for what the spec said then. */
	if (another && act->have->previous)
		act->blocked = work_guard(w, act->address, act->have->previous->guard, seen);
	repair_changes(w, i, seen);
	act->rebind.count = 0;
	act->kind = ACTION_REPLACE;
	act->delete_first = act->have->delete_first;
	act->reason = STR("an earlier run began to replace it and did not finish");
	act->cascade = (struct str){ 0 };
	/* What stands may be in its way now, or stand on what goes first, which it did not then. */
	if (!act->delete_first && act->have->previous)
		replace_order(w, i, act->have->previous);
	decision->fresh = true;
	decision->stands = there && is_seen(seen, SEEN_FOUND);
	if (is_seen(seen, SEEN_FOREIGN)) {
		decide_create(w, i, seen, "the name of its replacement is taken");
		act->kind = ACTION_REPLACE;
	}
}

static void decide_row(struct work *w, uint32_t i, const struct observed *seen)
{
	const struct row *row = w->decided[i].action.have;
	bool found = is_seen(seen, SEEN_FOUND);
	bool gone = is_seen(seen, SEEN_ABSENT) || is_seen(seen, SEEN_FOREIGN);

	switch (row->status) {
	case ROW_CREATING:
		if (found)
			decide_unfinished(w, i, seen);
		else
			decide_again(w, i, seen, "an earlier run began to create it");
		return;
	case ROW_CREATED:
	case ROW_UPDATED:
	case ROW_REPLACED:
		if (gone)
			decide_create(w, i, seen, "it is gone: something else deleted it");
		else
			decide_settled(w, i, seen);
		return;
	case ROW_UPDATING:
		if (gone)
			decide_create(w, i, seen, "it is gone: something else deleted it");
		else
			decide_unfinished(w, i, seen);
		return;
	case ROW_REPLACING:
		decide_replacing(w, i, seen);
		return;
	case ROW_DELETING:
		if (found)
			decide_unfinished(w, i, seen);
		else
			decide_again(w, i, seen, "an earlier run deleted it; it is wanted again");
		return;
	}
	BUG("row of status %d", (int)row->status);
}

/* Its row says what was applied, and nothing is left to do. */
static bool is_settled(const struct row *row)
{
	return row->status == ROW_CREATED || row->status == ROW_UPDATED ||
	       row->status == ROW_REPLACED;
}

static void decide_new(struct work *w, uint32_t i, const struct observed *seen)
{
	resolve_first(w, i);
	resolve_properties(w, i);
	triggers_resolve(w, i);
	if (is_seen(seen, SEEN_FOUND))
		decide_again(w, i, seen, "it exists and is ours, and is taken over");
	else
		decide_create(w, i, seen, "it is new");
	if (!w->model->resources[i].schema->driver)
		w->decided[i].action.conflict = str_format(w->arena,
			"%.*s has no driver: it is checked and planned, and can be applied when "
			"Cloud Control is spoken, which comes later",
			STR_ARG(w->model->resources[i].schema->type));
}

void decide(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	struct resolved *resolved = &w->plan->resolved[i];
	struct action *act = &w->decided[i].action;
	const struct observed *seen = work_seen(w, resolved->address);
	bool back;

	w->decided[i] = (struct decision){ .action = {
		.address = resolved->address, .want = i, .have = resolved->row,
		.live = seen, .span = r->span,
	} };
	if (resolved->row) {
		back = back_take(w, i, seen);
		seen = act->live;
		resolve_kept(w, i);
		resolve_properties(w, i);
		triggers_resolve(w, i);
		if (seen || !is_settled(resolved->row))
			row_open(resolved->row);
		decide_row(w, i, seen);
		if (back)
			back_decide(w, i);
		/* Who takes what an older generation had waits for that to go. */
		if (w->gives_way && w->gives_way[i].length && act->kind != ACTION_REPLACE)
			act->delete_first = act->have->previous != NULL;
		if (resolved->renamed_from.length)
			rename_decide(w, i);
		if (act->kind != ACTION_NONE)
			row_open(resolved->row);
	} else if (is_adopted(w, i)) {
		adopt_decide(w, i, seen);
	} else {
		decide_new(w, i, seen);
	}
	act->generation = resolved->generation;
	act->instance = resolved->instance;
	act->name = resolved->name;
}

static struct str removal_reason(const struct work *w)
{
	return w->options->destroy ? STR("everything of this stage is destroyed") :
	       w->options->back ? STR("it was made since then") :
	       STR("it is no longer in the spec");
}

void decide_removal(struct work *w, const struct row *row, struct decision *out)
{
	struct str address = address_text(w->arena, &row->address);
	const struct observed *seen = work_seen(w, address);
	struct action *act = &out->action;

	row_open(row);
	*out = (struct decision){ .action = {
		.kind = ACTION_DELETE, .address = address, .want = NO_RESOURCE, .have = row,
		.live = seen, .generation = row->generation, .instance = row->instance,
		.name = row->name, .span = SPAN_NONE, .reason = removal_reason(w),
	} };
	if (row->adopting) {
		act->kind = ACTION_FORGET;
		act->reason = STR("an earlier run began to import it; it stays what it was");
	} else if (is_seen(seen, SEEN_FOREIGN)) {
		act->kind = ACTION_FORGET;
		act->reason = STR("it is gone, and what has its name now is not ours");
	} else if (row->retain) {
		act->kind = ACTION_FORGET;
		act->reason = STR("it is no longer wanted, and is retained");
	} else if (row->status == ROW_CREATING && !row->sent && !row->previous) {
		act->reason = STR("an earlier run was to make it and did not begin");
	} else if (is_seen(seen, SEEN_ABSENT)) {
		act->reason = STR("it is gone already");
	} else if (row->status == ROW_DELETING) {
		act->reason = STR("an earlier run began to delete it");
		act->repair = true;
	} else if (row->status != ROW_CREATING || row->sent) {
		act->blocked = work_guard(w, address, row->guard, seen);
	}
}
