#include "found.h"

#include "loop.h"
#include "row.h"

#define PAGES_MOST 1000
#define GENERATIONS_TRIED 16
#define INSTANCE_DIGITS 32

/* ---- marks ---- */

static void take_tag(struct mark *mark, struct str key, const struct value *v)
{
	const struct { struct str key; struct str *place; } all[] = {
		{ STR("effortless:instance"), &mark->instance },
		{ STR("effortless:project"), &mark->project },
		{ STR("effortless:stage"), &mark->stage },
		{ STR("effortless:handler"), &mark->handler },
		{ STR("effortless:type"), &mark->type },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (str_equal(key, all[i].key) && v && v->kind == VALUE_STRING)
			*all[i].place = v->string;
	}
}

struct mark mark_of_tags(const struct value *tags)
{
	struct mark mark = { 0 };

	for (size_t i = 0; tags && tags->kind == VALUE_LIST && i < tags->list.count; i++)
		take_tag(&mark, value_get_str(&tags->list.items[i], "Key"),
			 value_get_c(&tags->list.items[i], "Value"));
	for (uint32_t i = 0; tags && tags->kind == VALUE_MAP && i < tags->map.count; i++)
		take_tag(&mark, tags->map.entries[i].key,
			 &((const struct member *)tags->map.entries[i].value)->value);
	return mark;
}

struct mark mark_of(const struct schema *schema, const struct observed *seen)
{
	static const struct str word = STR_INIT("effortless:instance=");
	const struct driver *driver = schema->driver;
	const struct value *v = value_get(&seen->properties, driver->owner_property);
	struct mark mark = { 0 };
	size_t at;

	if (driver->owner == OWNER_TAG)
		return mark_of_tags(v);
	if (driver->owner != OWNER_DESCRIPTION || !v || v->kind != VALUE_STRING)
		return mark;
	at = str_find(v->string, word);
	mark.instance = str_slice(v->string, at + word.length, v->string.length);
	mark.instance = str_slice(mark.instance, 0, INSTANCE_DIGITS);
	return mark;
}

/* ---- the row ---- */

/* Of what is live, the properties that are managed; what cannot be read is not known. */
static struct value managed(struct arena *a, const struct found *f)
{
	struct value out = value_map();

	for (uint32_t i = 0; i < f->seen->properties.map.count; i++) {
		const struct map_entry *entry = &f->seen->properties.map.entries[i];

		if (!f->wanted || value_get(f->wanted, entry->key))
			value_set(a, &out, entry->key,
				  ((const struct member *)entry->value)->value);
	}
	return out;
}

/* The generation whose instance it carries, so that the next one differs from it. */
static void take_instance(struct arena *a, const struct found *f, struct row *row)
{
	row->generation = f->generation;
	row->instance = instance_id(a, f->lineage, f->scope, f->address, f->generation);
	if (!f->instance.length)
		return;
	for (uint32_t g = 0; g < GENERATIONS_TRIED; g++) {
		struct str made = instance_id(a, f->lineage, f->scope, f->address, g);

		if (str_equal(made, f->instance))
			row->generation = g;
	}
	row->instance = f->instance;
}

struct row *row_found(struct arena *a, const struct found *f)
{
	const struct resource *r = f->resource;
	const struct value *name = value_get(&f->seen->properties, r->name.property);
	struct row *row = arena_new(a, struct row);

	*row = (struct row){
		.type = r->schema->type, .scope = *f->scope, .status = ROW_CREATED,
		.properties = managed(a, f), .attributes = f->seen->attributes,
		.baseline = f->seen->properties, .guard = r->guard, .retain = r->retain,
		.driver_version = r->schema->driver->version, .sent = true,
	};
	CHECK(address_parse(a, f->address, &row->address));
	take_instance(a, f, row);
	if (r->name.property.length && name && name->kind == VALUE_STRING)
		row->name = name->string;
	row->identifier = row_identifier(a, r->schema, row);
	return row;
}

/* ---- what carries our tags ---- */

struct search {
	struct job job;
	const struct scope *scope;
	struct arena *arena;
	struct str project, stage;
	struct tagged_vec *out;
	struct error *err;
	struct str token;
	unsigned pages;
	bool done;
};

static struct value filter(struct arena *a, struct str key, struct str text)
{
	struct value v = value_map(), *item = arena_new(a, struct value);

	*item = value_string(text);
	value_set(a, &v, STR("Key"), value_string(key));
	value_set(a, &v, STR("Values"), value_list(item, 1));
	return v;
}

static struct step search_send(struct search *s)
{
	struct step step = { .kind = STEP_SEND };
	struct arena *a = &s->job.arena;
	struct value input = value_map(), filters = value_list(NULL, 0);

	value_append(a, &filters, filter(a, STR("effortless:project"), s->project));
	value_append(a, &filters, filter(a, STR("effortless:stage"), s->stage));
	value_set(a, &input, STR("TagFilters"), filters);
	if (s->token.length)
		value_set(a, &input, STR("PaginationToken"), value_string(s->token));
	step.call = (struct call){
		.service = STR("resourcegroupstaggingapi"), .operation = STR("GetResources"),
		.input = input, .scope = s->scope,
	};
	return step;
}

static void search_take(struct search *s, const struct value *list)
{
	for (size_t i = 0; list && list->kind == VALUE_LIST && i < list->list.count; i++) {
		struct value item = value_copy(s->arena, &list->list.items[i]);
		struct tagged *t = vec_push(s->arena, s->out);

		t->arn = value_get_str(&item, "ResourceARN");
		t->mark = mark_of_tags(value_get_c(&item, "Tags"));
	}
}

static struct step search_next(struct job *job, const struct reply *last,
			       int64_t now_ms ATTR_UNUSED)
{
	struct search *s = job->context;
	struct buf text;

	if (!last)
		return search_send(s);
	if (last->class != REPLY_OK) {
		buf_init(&text, &job->arena);
		aws_describe(&text, &job->step.call, last);
		error_set(s->err, ERROR_AWS, "%.*s", STR_ARG(buf_str(&text)));
		return (struct step){ .kind = STEP_FAIL };
	}
	search_take(s, value_get_c(&last->body, "ResourceTagMappingList"));
	s->token = str_copy(s->arena, value_get_str(&last->body, "PaginationToken"));
	if (s->token.length && ++s->pages < PAGES_MOST)
		return search_send(s);
	s->done = true;
	return (struct step){ .kind = STEP_DONE };
}

static void search_ended(struct job *job, bool dropped)
{
	struct search *s = job->context;

	if (dropped)
		error_set(s->err, ERROR_REFUSED, "interrupted while looking for tags");
	else if (job->failure.kind != ERROR_NONE)
		error_set(s->err, job->failure.kind, "%s", job->failure.text);
}

bool tagged_find(struct session *session, const struct scope *scope, struct str project,
		 struct str stage, struct tagged_vec *out, struct error *err)
{
	struct search s = {
		.scope = scope, .arena = session->arena, .project = project, .stage = stage,
		.out = out, .err = err,
	};

	*out = (struct tagged_vec){ 0 };
	s.job.label = STR("tags");
	s.job.verb = STR("read");
	s.job.context = &s;
	s.job.next = search_next;
	s.job.ended = search_ended;
	loop_add(session->loop, &s.job);
	return loop_run(session->loop, err) == LOOP_DONE && s.done;
}
