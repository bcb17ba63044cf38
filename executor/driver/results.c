#include "machine.h"
#include "path.h"

/* How a key and a description say whose it is, as the planner writes them too. */
#define KEY_MARK "effc-"
#define DESCRIPTION_MARK "effortless:instance="

static struct str description_with(struct op *op, const struct value *text)
{
	struct str have = text && text->kind == VALUE_STRING ? text->string : (struct str){ 0 };

	if (str_contains(have, op->input.instance))
		return have;
	return str_format(op->arena, "%.*s%s" DESCRIPTION_MARK "%.*s", STR_ARG(have),
			  have.length ? " " : "", STR_ARG(op->input.instance));
}

static void tags_with(struct op *op, struct value *properties, struct str property)
{
	const struct value *tags = value_get(properties, property);
	struct value map, own;

	if (!tags_to_map(op->arena, tags ? tags : &(struct value){ .kind = VALUE_NULL }, &map))
		return;
	if (value_get(&map, INSTANCE_TAG))
		return;
	own = value_shallow(op->arena, &map);
	value_set(op->arena, &own, INSTANCE_TAG, value_string(op->input.instance));
	value_set(op->arena, properties, property,
		  tags_from_map(op->arena, &own, op->driver->steps->tags_are_map));
}

struct value with_instance(struct op *op, const struct value *properties)
{
	struct str property = op->driver->owner_property;
	struct value out;

	if (properties->kind != VALUE_MAP)
		return value_map();
	out = value_shallow(op->arena, properties);
	if (!op->input.instance.length)
		return out;
	if (op->driver->owner == OWNER_TAG)
		tags_with(op, &out, property);
	else if (op->driver->owner == OWNER_KEY && !value_get(&out, property))
		value_set(op->arena, &out, property,
			  value_string(str_format(op->arena, KEY_MARK "%.*s",
						  STR_ARG(op->input.instance))));
	else if (op->driver->owner == OWNER_DESCRIPTION)
		value_set(op->arena, &out, property,
			  value_string(description_with(op, value_get(&out, property))));
	return out;
}

static void learn(struct op *op, const struct driver_out *out, struct value item)
{
	struct str name = out->path.parts[0].field;
	struct value *into = str_list_has(&op->driver->attributes, name) ? &op->eval.attributes :
									   &op->observed;
	struct value list;

	if (!out->append) {
		term_path_set(op->arena, into, &out->path, item);
		return;
	}
	if (!path_get(op->arena, into, &out->path, 0, &list) || list.kind != VALUE_LIST)
		list = value_list(NULL, 0);
	value_append(op->arena, &list, item);
	term_path_set(op->arena, into, &out->path, list);
}

static void learn_all(struct op *op, const struct value *map)
{
	for (uint32_t i = 0; map->kind == VALUE_MAP && i < map->map.count; i++) {
		struct str name = map->map.entries[i].key;
		const struct member *m = map->map.entries[i].value;

		value_set(op->arena, str_list_has(&op->driver->attributes, name) ?
			  &op->eval.attributes : &op->observed, name, m->value);
	}
}

bool outs_take(struct op *op, const struct driver_outs *outs)
{
	op->eval.reading = true;
	for (size_t i = 0; i < outs->count; i++) {
		const struct driver_out *out = &outs->items[i];
		struct value item;

		switch (eval_term(&op->eval, &out->term, &item)) {
		case EVAL_FAILED:
			error_context(op->eval.err, "'%.*s' of the reply", STR_ARG(out->name));
			return false;
		case EVAL_NOTHING:
			break;
		case EVAL_VALUE:
			if (out->path.count)
				learn(op, out, item);
			else
				learn_all(op, &item);
			break;
		}
		/* What never changes is told always; without it nothing can be addressed. */
		if (str_list_has(&op->driver->stable, out->name) &&
		    !value_get(&op->eval.attributes, out->name))
			return error_set(op->eval.err, ERROR_PARSE, "the reply has no '%.*s'",
					 STR_ARG(out->name));
	}
	return true;
}

/* Numbers come as numbers or as texts, and several are added up. */
static bool fact_number(const struct value *v, int64_t *out)
{
	*out = 0;
	if (v->kind == VALUE_INT) {
		*out = v->integer;
		return true;
	}
	if (v->kind == VALUE_STRING)
		return str_to_int(v->string, out);
	if (v->kind != VALUE_LIST || !v->list.count)
		return false;
	for (size_t i = 0; i < v->list.count; i++) {
		int64_t part;

		if (!fact_number(&v->list.items[i], &part) || part < 0 || *out > INT64_MAX - part)
			return false;
		*out += part;
	}
	return true;
}

bool facts_take(struct op *op, const struct driver_outs *facts)
{
	op->eval.reading = true;
	for (size_t i = 0; i < facts->count; i++) {
		struct value v;
		int64_t number;

		switch (eval_term(&op->eval, &facts->items[i].term, &v)) {
		case EVAL_FAILED:
			return false;
		case EVAL_NOTHING:
			continue;
		case EVAL_VALUE:
			break;
		}
		if (v.kind != VALUE_BOOL && !fact_number(&v, &number))
			continue;
		value_set(op->arena, &op->result.facts, facts->items[i].name,
			  v.kind == VALUE_BOOL ? v : value_int(number));
	}
	return true;
}

/* Attributes that follow from what is known. */
static void known_complete(struct op *op)
{
	struct value names = eval_names(&op->eval);

	for (size_t i = 0; i < op->driver->known_count; i++) {
		struct str name = op->driver->known[i].attribute;
		struct value known;

		if (!value_get(&op->eval.attributes, name) &&
		    driver_known(op->arena, op->driver, op->input.scope, &names, name, &known) &&
		    known.kind == VALUE_STRING)
			value_set(op->arena, &op->eval.attributes, name, known);
	}
}

bool attributes_complete(struct op *op)
{
	const struct driver *driver = op->driver;

	for (size_t i = 0; i < driver->key.count; i++) {
		const struct value *v = value_get(&op->eval.properties, driver->key.items[i]);

		if (value_get(&op->eval.attributes, driver->key.items[i]))
			continue;
		if (v && v->kind == VALUE_STRING)
			value_set(op->arena, &op->eval.attributes, driver->key.items[i], *v);
		else
			return error_set(op->eval.err, ERROR_PARSE, "the reply has no '%.*s'",
					 STR_ARG(driver->key.items[i]));
	}
	known_complete(op);
	return true;
}

/* Other people's tags are none of ours; what the caller names, and what it may not know yet, is. */
static void tags_filtered(struct op *op, struct value *observed)
{
	struct str property = op->driver->steps->tags;
	const struct value *seen = value_get(observed, property);
	const struct value *wanted = value_get(&op->input.properties, property);
	struct value map, ours = value_map(), want = value_map();

	if (!seen || !tags_to_map(op->arena, seen, &map))
		return;
	if (wanted && !tags_to_map(op->arena, wanted, &want))
		return;
	for (uint32_t i = 0; i < map.map.count; i++) {
		struct str key = map.map.entries[i].key;
		const struct member *m = map.map.entries[i].value;

		if (str_starts(key, STR("aws:")))
			continue;
		if (wanted ? value_get(&want, key) != NULL : !str_equal(key, INSTANCE_TAG))
			value_set(op->arena, &ours, key, m->value);
	}
	if (ours.map.count || wanted)
		value_set(op->arena, observed, property,
			  tags_from_map(op->arena, &ours, op->driver->steps->tags_are_map));
	else
		(void)map_remove(&observed->map, property);
}

static void description_stripped(struct op *op, struct value *observed)
{
	struct str property = op->driver->owner_property;
	const struct value *seen = value_get(observed, property);
	const struct value *wanted = value_get(&op->input.properties, property);
	struct str mark = str_format(op->arena, DESCRIPTION_MARK "%.*s",
				     STR_ARG(op->input.instance));
	struct str text;

	if (!seen || seen->kind != VALUE_STRING || !str_ends(seen->string, mark))
		return;
	if (wanted && wanted->kind == VALUE_STRING && str_equal(wanted->string, seen->string))
		return;
	text = str_trim(str_slice(seen->string, 0, seen->string.length - mark.length));
	if (text.length)
		value_set(op->arena, observed, property, value_string(text));
	else
		(void)map_remove(&observed->map, property);
}

struct value observed_result(struct op *op)
{
	struct value out = value_shallow(op->arena, &op->observed);

	if (op->driver->steps->tags.length)
		tags_filtered(op, &out);
	if (op->driver->owner == OWNER_DESCRIPTION && op->input.instance.length)
		description_stripped(op, &out);
	return out;
}
