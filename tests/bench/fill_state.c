#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/json.h"
#include "executor/store/store.h"

/*
 * Makes the state as if a plan had been applied:
 *
 *	effc debug plan | fill_state .effc/state/dev.db
 *
 * so that a plan of a large stack that exists can be measured without making
 * it.  What the plan did not know (an id that AWS chooses) the state lacks.
 */
#define PLAN_LIMIT_BYTES ((size_t)1 << 30)

static void stop(const char *what, const struct error *err)
{
	fprintf(stderr, "fill_state: %s: %s\n", what, err->text);
	exit(EXIT_FAILURE);
}

/* {"unknown": reason}: how JSON says it. */
static bool is_unknown(const struct value *v)
{
	return v->kind == VALUE_MAP && v->map.count == 1 && value_get_c(v, "unknown");
}

static struct value known_part(struct arena *a, const struct value *v)
{
	struct value known = *v;

	if (v->kind == VALUE_LIST) {
		known = value_list(NULL, 0);
		for (size_t i = 0; i < v->list.count; i++) {
			if (!is_unknown(&v->list.items[i]))
				value_append(a, &known, known_part(a, &v->list.items[i]));
		}
	} else if (v->kind == VALUE_MAP) {
		known = value_map();
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *member = v->map.entries[i].value;

			if (!is_unknown(&member->value))
				value_set(a, &known, v->map.entries[i].key,
					  known_part(a, &member->value));
		}
	}
	return known;
}

static struct row *row_make(struct arena *a, const struct value *action, const struct scope *scope,
			    struct str lineage)
{
	struct str text = value_get_str(action, "address");
	const struct value *properties = value_get_c(action, "properties");
	struct row *row = arena_new(a, struct row);

	CHECK(address_parse(a, text, &row->address) && properties);
	row->type = value_get_str(action, "type");
	row->scope = *scope;
	row->name = value_get_str(action, "name");
	row->identifier = row->name;
	row->generation = 1;
	row->instance = instance_id(a, lineage, scope, text, row->generation);
	row->status = ROW_CREATED;
	row->properties = known_part(a, properties);
	row->before = value_null();
	row->attributes = value_map();
	row->baseline = value_null();
	row->driver_version = 1;
	return row;
}

static void fill(struct arena *a, struct store *store, const struct value *plan)
{
	const struct value *actions = value_get_c(plan, "actions");
	struct str region = value_get_str(plan, "region"), lineage;
	struct scope scope = {
		.partition = partition_of_region(region),
		.account = STR("123456789012"),
		.region = region,
	};
	struct error err = { 0 };
	uint64_t durable;

	CHECK(actions && actions->kind == VALUE_LIST);
	lineage = str_format(a, "%032x", 7);
	if (!store->lock(store->context, STR("bench"), 0, &err) ||
	    !store->create(store->context, value_get_str(plan, "project"),
			   value_get_str(plan, "stage"), lineage, &err))
		stop("cannot make the state", &err);
	for (size_t i = 0; i < actions->list.count; i++) {
		struct store_write write = {
			.put = row_make(a, &actions->list.items[i], &scope, lineage),
			.pin = i == 0 ? &scope : NULL,
		};

		store->submit(store->context, &write, 1);
	}
	if (!store->poll(store->context, &durable, &err))
		stop("cannot write the state", &err);
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	struct store *store;
	struct value plan;
	struct str text;
	struct arena a;

	if (argc != 2) {
		fprintf(stderr, "usage: fill_state FILE <plan.json\n");
		return EXIT_FAILURE;
	}
	arena_init(&a);
	if (!files_real()->read(NULL, &a, STR("/dev/stdin"), PLAN_LIMIT_BYTES, &text, &err) ||
	    !json_parse(&a, text, SPAN_NOWHERE, &plan, &err))
		stop("cannot read the plan", &err);
	store = store_sqlite(&a, str_from_c(argv[1]), false, NULL, &err);
	if (!store)
		stop("cannot open the state", &err);
	fill(&a, store, &plan);
	store->close(store->context);
	arena_release(&a);
	return EXIT_SUCCESS;
}
