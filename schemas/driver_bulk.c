#include "driver_parse.h"

/* Of a batch: what one call may ask for. */
#define BATCH_MOST 1000
#define TAGGING_API "resourcegroupstaggingapi"

static const char *const bulk_extra[] = {
	"api", "batch", "prefix", "items", "match", "props", "instead", "as", "facts", NULL,
};

static const struct driver_step *step_find(const struct driver_steps *steps, struct str operation)
{
	for (size_t i = 0; i < steps->read.count; i++) {
		if (str_equal(steps->read.items[i].call.operation, operation))
			return &steps->read.items[i];
	}
	return NULL;
}

/* match: {.item.path: $Name}: what tells which resource an item is. */
static void match_parse(struct driver_parser *p, const struct value *v, struct driver_bulk *out)
{
	const struct member *m;
	struct value key;

	if (!v || v->kind != VALUE_MAP || v->map.count != 1) {
		diag_error(p->d, v ? v->span : out->span,
			   "'bulk' needs one 'match': {.path of an item: expression}");
		return;
	}
	m = v->map.entries[0].value;
	key = value_string(v->map.entries[0].key);
	key.span = m->key_span;
	out->item_key = term_parse(p, &key);
	out->key = term_parse(p, &m->value);
	if (out->item_key.kind != TERM_REPLY || !out->item_key.path.count)
		diag_error(p->d, m->key_span, "'match' needs a path of an item");
}

/* instead: {Operation: [Property]}: needless, but for what an item does not tell. */
static void instead_parse(struct driver_parser *p, const struct value *v, struct driver_bulk *out)
{
	if (!v)
		return;
	if (v->kind != VALUE_MAP || v->map.count > DRIVER_ITEMS_LIMIT) {
		diag_error(p->d, v->span, "'instead' must be a map of read steps' operations");
		return;
	}
	out->instead = arena_array(p->arena, struct driver_instead, v->map.count);
	for (uint32_t i = 0; i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (!step_find(p->steps, v->map.entries[i].key))
			diag_error(p->d, m->key_span, "no step of 'read' calls '%.*s'",
				   STR_ARG(v->map.entries[i].key));
		out->instead[out->instead_count++] = (struct driver_instead){
			v->map.entries[i].key, value_str_list(p, &m->value, "a property") };
	}
}

/* batch: {Names: 10} */
static void batch_parse(struct driver_parser *p, const struct value *v, struct driver_bulk *out)
{
	const struct member *m;

	if (!v)
		return;
	m = v->kind == VALUE_MAP && v->map.count == 1 ? v->map.entries[0].value : NULL;
	if (!m || m->value.kind != VALUE_INT || m->value.integer < 1 ||
	    m->value.integer > BATCH_MOST) {
		diag_error(p->d, v->span, "'batch' is one {InputMember: how many at most}");
		return;
	}
	out->batch = v->map.entries[0].key;
	out->batch_most = (size_t)m->value.integer;
}

/* Without `out` an item is read as the reply of the first step that it stands for. */
static void taken_parse(struct driver_parser *p, const struct value *v, struct driver_bulk *out)
{
	const struct value *as = value_get_c(v, "as");
	const struct driver_step *step = NULL;

	out->as = key_str(p, v, "as");
	facts_parse(p, value_get_c(v, "facts"), &out->facts);
	if (out->instead_count)
		step = step_find(p->steps, out->instead[0].operation);
	if (value_get_c(v, "out")) {
		if (as)
			diag_error(p->d, as->span, "'as' is for a bulk without 'out'");
		return;
	}
	if (!step) {
		diag_error(p->d, out->span, "'bulk' needs 'out', or a step that it stands for");
		return;
	}
	out->call.out = step->call.out;
	if (!out->facts.count)
		out->facts = step->facts;
}

static void bulk_parse(struct driver_parser *p, const struct value *v, struct driver_bulk *out)
{
	const struct value *items;

	out->span = v->span;
	if (!keys_known(p, v, "'bulk'", keys_joined(p, bulk_extra)))
		return;
	call_parse(p, v, &out->call);
	out->api = key_str(p, v, "api");
	if (!out->api.length)
		out->api = p->driver->api;
	items = value_get_c(v, "items");
	if (!out->call.operation.length || !items)
		diag_error(p->d, v->span, "'bulk' needs 'call' and 'items'");
	else
		out->items = term_parse(p, items);
	batch_parse(p, value_get_c(v, "batch"), out);
	out->prefix = key_str(p, v, "prefix");
	if (out->batch.length && (out->prefix.length || out->call.page_in.length))
		diag_error(p->d, v->span, "'batch' goes with neither 'prefix' nor 'page'");
	out->props = key_str_list(p, v, "props");
	instead_parse(p, value_get_c(v, "instead"), out);
	match_parse(p, value_get_c(v, "match"), out);
	taken_parse(p, v, out);
}

static void put(struct driver_parser *p, struct value *map, const char *key, struct value v)
{
	*value_set(p->arena, map, str_from_c(key), value_null()) = v;
}

static struct value text(const char *s)
{
	return value_string(str_from_c(s));
}

static struct value one(struct driver_parser *p, const char *key, struct value v)
{
	struct value map = value_map();

	put(p, &map, key, v);
	return map;
}

static struct value list_of(struct driver_parser *p, struct value v)
{
	struct value list = value_list(NULL, 0);

	value_append(p->arena, &list, v);
	return list;
}

/* {Key: effortless:project, Values: [what the tags of this resource say]} */
static struct value tag_filter(struct driver_parser *p, struct str property, const char *key)
{
	struct value filter = one(p, "Key", text(key));

	put(p, &filter, "Values",
	    list_of(p, value_string(str_format(p->arena, "find(taglist($%.*s) Key %s).Value",
					       STR_ARG(property), key))));
	return filter;
}

static struct value tagging_call(struct driver_parser *p, const struct value *arn,
				 struct str property)
{
	struct value in = value_map(), map = value_map();
	struct value filters = list_of(p, tag_filter(p, property, "effortless:project"));
	struct value out = value_map();

	value_append(p->arena, &filters, tag_filter(p, property, "effortless:stage"));
	put(p, &in, "TagFilters", filters);
	put(p, &in, "ResourcesPerPage", value_int(100));
	put(p, &map, "api", text(TAGGING_API));
	put(p, &map, "call", text("GetResources"));
	put(p, &map, "bare", value_bool(true));
	put(p, &map, "in", in);
	put(p, &map, "page", one(p, "PaginationToken", text(".PaginationToken")));
	put(p, &map, "items", text(".ResourceTagMappingList"));
	put(p, &map, "match", one(p, ".ResourceARN", *arn));
	put(p, &map, "props", list_of(p, value_string(property)));
	*value_set(p->arena, &out, property, value_null()) =
		text(p->steps->tags_are_map ? "tagmap(.Tags)" : "taglist(.Tags)");
	put(p, &map, "out", out);
	map.span = arn->span;
	return map;
}

void tagging_parse(struct driver_parser *p, const struct value *arn)
{
	struct driver_steps *steps = p->steps;
	struct value map, instead = value_map();

	if (!arn)
		return;
	for (size_t i = 0; i < steps->read.count; i++) {
		const struct driver_step *step = &steps->read.items[i];

		if (step->props.count == 1 && str_equal(step->props.items[0], steps->tags))
			value_set(p->arena, &instead, step->call.operation, value_list(NULL, 0));
	}
	map = tagging_call(p, arn, steps->tags);
	put(p, &map, "instead", instead);
	bulk_parse(p, &map, &steps->bulks[steps->bulk_count++]);
}

void bulks_parse(struct driver_parser *p, const struct value *v)
{
	size_t count = v && v->kind == VALUE_LIST ? v->list.count : 0;

	if (v && (v->kind != VALUE_LIST || count > DRIVER_ITEMS_LIMIT)) {
		diag_error(p->d, v->span, "'bulk' must be a list of calls");
		return;
	}
	/* Room for the one of `tags`. */
	p->steps->bulks = arena_array(p->arena, struct driver_bulk, count + 1);
	for (size_t i = 0; i < count; i++)
		bulk_parse(p, &v->list.items[i], &p->steps->bulks[p->steps->bulk_count++]);
}
