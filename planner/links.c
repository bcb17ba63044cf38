#include "work.h"

#include "base/stats.h"

#define SCRATCH_MOST (1u << 20)

/* Which links a resource makes, with weak ones apart. */
struct collect {
	struct work *work;
	uint32_t from;
	const struct driver *driver;
	VEC(uint32_t) targets;		/* of this resource; for its edges */
};

/*
 * A wish only if the value can be told before the other exists: by its own
 * property or by the driver's template.
 */
static bool is_foretold(struct work *w, uint32_t resource, struct str attribute)
{
	const struct resource *r = &w->model->resources[resource];
	const struct driver *driver = r->schema->driver;

	if (str_equal(attribute, r->name.property) || value_path(&r->properties, attribute))
		return true;
	for (size_t i = 0; driver && i < driver->known_count; i++) {
		if (str_equal(driver->known[i].attribute, attribute))
			return true;
	}
	return false;
}

static bool is_weak(const struct driver *driver, struct str path)
{
	for (size_t i = 0; driver && i < driver->weak_count; i++) {
		if (path_fits(driver->weak[i].property, path, true))
			return true;
	}
	return false;
}

static void collect_link(void *context, struct str path, const struct expr *e)
{
	struct collect *c = context;
	struct work *w = c->work;
	bool weak;

	if (e->kind != EXPR_ATTRIBUTE)
		return;
	CHECK(e->resource < w->model->resource_count);
	weak = is_weak(c->driver, path) && is_foretold(w, e->resource, e->attribute);
	digraph_link(&w->scratch, &w->links, c->from, e->resource, weak ? LINK_WEAK : LINK_HARD);
	*vec_push(&w->scratch, &c->targets) = e->resource;
}

static int compare_strs(const void *a, const void *b)
{
	const struct str *left = a, *right = b;

	stats.comparisons++;
	return str_compare(*left, *right);
}

static void edges_make(struct collect *c, struct resolved *resolved)
{
	struct work *w = c->work;
	struct str *items = arena_array(w->arena, struct str, c->targets.count);
	size_t kept = 0;

	for (size_t i = 0; i < c->targets.count; i++)
		items[i] = w->plan->resolved[c->targets.items[i]].address;
	qsort(items, c->targets.count, sizeof(*items), compare_strs);
	for (size_t i = 0; i < c->targets.count; i++) {
		if (!kept || !str_equal(items[kept - 1], items[i]))
			items[kept++] = items[i];
	}
	resolved->edges = (struct str_list){ items, kept };
}

static void report_cycle(struct work *w, const struct cycle *cycle)
{
	const struct resource *first = &w->model->resources[cycle->nodes[0]];
	struct buf path;

	buf_init(&path, &w->scratch);
	for (size_t i = 0; i <= cycle->count; i++) {
		uint32_t node = cycle->nodes[i % cycle->count];

		buf_printf(&path, "%s'%.*s'", i ? " -> " : "",
			   STR_ARG(w->plan->resolved[node].address));
	}
	diag_error(w->diags, first->span, "resources need each other in a circle: %.*s",
		   STR_ARG(buf_str(&path)));
}

bool work_links(struct work *w, uint32_t *order)
{
	struct collect c = { .work = w };
	struct cycle cycle = { 0 };
	struct arena paths;

	arena_init(&paths);
	w->links.node_count = w->model->resource_count;
	for (uint32_t i = 0; i < w->model->resource_count; i++) {
		const struct resource *r = &w->model->resources[i];

		c.from = i;
		c.driver = r->schema->driver;
		c.targets.count = 0;
		if (!r->known && value_has_unknown(&r->properties))
			expr_visit(&paths, &r->properties, collect_link, &c);
		if (r->lifecycle)
			expr_visit(&paths, &r->lifecycle->replace_when, collect_link, &c);
		for (size_t k = 0; k < r->depends_count; k++) {
			CHECK(r->depends_on[k] < w->model->resource_count);
			digraph_link(&w->scratch, &w->links, i, r->depends_on[k], LINK_HARD);
			*vec_push(&w->scratch, &c.targets) = r->depends_on[k];
		}
		edges_make(&c, &w->plan->resolved[i]);
		if (paths.used_bytes > SCRATCH_MOST) {
			arena_release(&paths);
			arena_init(&paths);
		}
	}
	arena_release(&paths);
	if (digraph_order(w->arena, &w->links, order, &cycle))
		return true;
	report_cycle(w, &cycle);
	return false;
}

/* ---- references of one resource ---- */

struct visiting {
	const struct reference_visit *visit;
	bool stopped;
};

static void visit_one(void *context, struct str path, const struct expr *e)
{
	struct visiting *v = context;

	(void)path;
	if (e->kind == EXPR_ATTRIBUTE && !v->stopped)
		v->stopped = v->visit->visit(v->visit->context, e->resource, e->attribute);
}

bool references_visit(struct arena *scratch, const struct resource *resource, struct str property,
		      const struct reference_visit *v)
{
	struct visiting visiting = { .visit = v };
	const struct value *under = property.length ?
		value_path(&resource->properties, property) : &resource->properties;

	if (under && value_has_unknown(under))
		expr_visit(scratch, under, visit_one, &visiting);
	return visiting.stopped;
}
