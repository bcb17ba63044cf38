#include "work.h"

#include "secret.h"

/*
 * import: something that exists becomes this stack's.  It keeps its name and all
 * that the spec does not speak of; what the spec says otherwise is changed with
 * the same action, and nothing of it may need another thing in its place.
 */

/* ---- what it is known by ---- */

/* What stands before a part of the key in an ARN: ":table/" of "{account}:table/{Name}". */
static struct str literal_before(struct str template, struct str part)
{
	size_t end = 0, start;

	while (end < template.length &&
	       !(template.data[end] == '{' &&
		 str_starts(str_slice(template, end + 1, template.length), part) &&
		 end + 1 + part.length < template.length &&
		 template.data[end + 1 + part.length] == '}'))
		end++;
	if (end == template.length)
		return (struct str){ 0 };
	for (start = end; start > 0 && template.data[start - 1] != '}'; start--)
		continue;
	return str_slice(template, start, end);
}

static struct str after_last(struct str text, struct str mark)
{
	for (size_t i = text.length; mark.length && i + 1 > mark.length; i--) {
		if (str_ends(str_slice(text, 0, i), mark))
			return str_slice(text, i, text.length);
	}
	return text;
}

/* An ARN or a URL ends with the name that the calls want. */
static struct str name_of(const struct driver *driver, struct str part, struct str text)
{
	struct str mark = { 0 };

	if (!str_starts(text, STR("arn:")) && !str_starts(text, STR("https://")))
		return text;
	for (size_t i = 0; i < driver->known_count && !mark.length &&
	     str_starts(text, STR("arn:")); i++)
		mark = literal_before(driver->known[i].template, part);
	text = after_last(text, mark.length ? mark : STR("/"));
	return str_ends(text, STR(":*")) ? str_slice(text, 0, text.length - 2) : text;
}

struct value plan_adopted_key(struct arena *a, const struct schema *schema, struct str identifier)
{
	const struct driver *driver = schema->driver;
	struct value key = value_map();
	struct str rest = identifier, part;

	for (size_t i = 0; driver && i < driver->key.count; i++) {
		bool last = i + 1 == driver->key.count;
		size_t end = last ? rest.length : str_index(rest, '|');

		part = str_slice(rest, 0, end);
		rest = str_slice(rest, end + !last, rest.length);
		if (driver->key_is_chosen && driver->key.count == 1)
			part = name_of(driver, driver->key.items[0], part);
		if (part.length)
			value_set(a, &key, driver->key.items[i], value_string(part));
	}
	return key;
}

/* ---- comparing ---- */

static bool is_mark(const struct value *tag)
{
	const struct value *key = value_get(tag, STR("Key"));

	return key && key->kind == VALUE_STRING && str_starts(key->string, STR("effortless:"));
}

/* Tags without those that say whose it is: everything that is adopted gets these. */
static struct value without_marks(struct arena *a, const struct value *tags)
{
	struct value out = value_map();

	if (tags->kind == VALUE_LIST)
		out = value_list(NULL, 0);
	for (size_t i = 0; tags->kind == VALUE_LIST && i < tags->list.count; i++) {
		if (!is_mark(&tags->list.items[i]))
			value_append(a, &out, tags->list.items[i]);
	}
	for (uint32_t i = 0; tags->kind == VALUE_MAP && i < tags->map.count; i++) {
		const struct member *m = tags->map.entries[i].value;

		if (!str_starts(tags->map.entries[i].key, STR("effortless:")))
			value_set(a, &out, tags->map.entries[i].key, m->value);
	}
	out.span = tags->span;
	return out;
}

/* What the spec wants of it besides the marks of its owner. */
static struct value compared(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	const struct driver *driver = r->schema->driver;
	struct value out = w->plan->resolved[i].properties;
	const struct value *tags = value_get(&out, r->schema->tag_property), *written;

	out.map = map_copy(w->arena, &out.map, 1);
	if (tags)
		value_replace(w->arena, &out, r->schema->tag_property,
			      without_marks(w->arena, tags));
	if (driver->owner != OWNER_DESCRIPTION)
		return out;
	written = value_get(&r->properties, driver->owner_property);
	if (written)
		value_replace(w->arena, &out, driver->owner_property, *written);
	else
		map_remove(&out.map, driver->owner_property);
	return out;
}

/* What was read as a hash is told from what the spec has by its hash, and is not shown. */
static void mark_hashed(struct work *w, const struct value *live, struct value *wanted)
{
	for (uint32_t i = 0; i < live->map.count; i++) {
		struct str name = live->map.entries[i].key;
		const struct member *m = live->map.entries[i].value;
		const struct value *v = value_get(wanted, name);
		struct value marked;

		if (!v || v->kind != VALUE_STRING || m->value.kind != VALUE_STRING ||
		    !str_starts(m->value.string, STR("hmac:")))
			continue;
		marked = *v;
		marked.marks |= VALUE_SECRET;
		value_replace(w->arena, wanted, name, marked);
	}
}

static void find_changes(struct work *w, uint32_t i, const struct observed *seen)
{
	const struct resource *r = &w->model->resources[i];
	struct action *act = &w->decided[i].action;
	struct value wanted = compared(w, i);
	struct value live = seen->properties;
	struct walk walk;

	walk_init(&walk, w->arena, &w->scratch, r->schema, &act->changes);
	if (live.kind != VALUE_MAP)
		return;
	mark_hashed(w, &live, &wanted);
	live = secret_open(w->arena, r->schema->driver, w->options->secret_key, &live, &wanted);
	walk_repair(&walk, &wanted, &live);
	/* What cannot be read is sent as the spec has it. */
	for (size_t n = 0; n < r->schema->driver->write_only.count; n++) {
		struct str path = r->schema->driver->write_only.items[n];
		struct str property = str_slice(path, 0, str_index(path, '.'));

		if (value_get(&wanted, property))
			action_rebind(w, act, property);
	}
}

/* ---- whose it is ---- */

/* The row of this stack that is the same thing; NULL: none. */
static const struct row *same_thing(struct work *w, uint32_t i, const struct value *key)
{
	const struct schema *schema = w->model->resources[i].schema;

	for (size_t k = 0; k < w->state->row_count; k++) {
		const struct row *row = w->rows[k];

		if (str_equal(row->type, schema->type) && !row->adopting &&
		    row_is_of(row, key))
			return row;
	}
	return NULL;
}

static struct str forcing_text(struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];
	const struct action *act = &w->decided[i].action;
	struct buf b;

	buf_init(&b, w->arena);
	for (size_t k = 0; k < act->changes.count; k++) {
		if (change_forces(r->schema, &act->changes.items[k]))
			buf_printf(&b, "%s%.*s", b.length ? ", " : "",
				   STR_ARG(act->changes.items[k].path));
	}
	return buf_str(&b);
}

static struct str conflict_of(struct work *w, uint32_t i, const struct observed *seen,
			      const struct value *key)
{
	const struct resource *r = &w->model->resources[i];
	struct str id = r->lifecycle->import, forcing;
	const struct row *other = same_thing(w, i, key);

	if (other)
		return str_format(w->arena, "'%.*s' is '%.*s' of this stack already", STR_ARG(id),
				  STR_ARG(address_text(&w->scratch, &other->address)));
	if (!seen)
		return (struct str){ 0 };
	if (seen->seen == SEEN_ABSENT)
		return str_format(w->arena, "there is no %.*s '%.*s' to import",
				  STR_ARG(r->schema->type), STR_ARG(id));
	if (seen->seen == SEEN_FOREIGN)
		return str_format(w->arena, "'%.*s' belongs to %.*s; nothing of it is touched: "
				  "--take-over %.*s makes it this stack's", STR_ARG(id),
				  STR_ARG(seen->owner),
				  STR_ARG(w->plan->resolved[i].address));
	forcing = forcing_text(w, i);
	if (forcing.length)
		return str_format(w->arena, "'%.*s' differs in what cannot be changed: %.*s; write "
				  "it as it is there", STR_ARG(id), STR_ARG(forcing));
	return (struct str){ 0 };
}

/* ---- the decision ---- */

/* Its own name, and not the one that would be made for it. */
static void take_name(struct work *w, uint32_t i, const struct observed *seen,
		      const struct value *key)
{
	struct resolved *resolved = &w->plan->resolved[i];
	struct str property = w->model->resources[i].name.property;
	const struct value *name = value_get(key, property);

	if (!name && seen)
		name = value_get(&seen->properties, property);
	if (property.length)
		resolved->name = name && name->kind == VALUE_STRING ? name->string
								     : (struct str){ 0 };
}

bool is_adopted(const struct work *w, uint32_t i)
{
	const struct resource *r = &w->model->resources[i];

	return r->lifecycle && r->lifecycle->import.length && r->schema->driver &&
	       !w->plan->resolved[i].row;
}

void adopt_decide(struct work *w, uint32_t i, const struct observed *seen)
{
	const struct resource *r = &w->model->resources[i];
	struct resolved *resolved = &w->plan->resolved[i];
	struct action *act = &w->decided[i].action;
	struct value key = plan_adopted_key(w->arena, r->schema, r->lifecycle->import);

	resolved->adoption = str_list_has(&w->options->take_over, resolved->address) ?
			     ADOPT_ANY : ADOPT_FREE;
	resolve_first(w, i);
	take_name(w, i, seen, &key);
	resolve_properties(w, i);
	triggers_resolve(w, i);
	act->kind = ACTION_ADOPT;
	act->reason = str_format(w->arena, "'%.*s' exists and becomes this stack's",
				 STR_ARG(r->lifecycle->import));
	if (seen && seen->seen == SEEN_FOUND)
		find_changes(w, i, seen);
	act->conflict = conflict_of(w, i, seen, &key);
}
