#include "graph.h"

#include "base/json.h"
#include "base/utf8.h"
#include "render.h"

#define GRAPH_FORMAT_VERSION "1.0"
#define MERMAID_EDGES 500		/* what it draws without being configured */

/*
 * A node is called by its number in dot and mermaid, so that an id is never part of their
 * syntax: it stands in labels alone, with all that could end or format one written as a
 * character's number.
 */

/* ---- dot ---- */

static const char *colour_of(enum action_kind kind)
{
	if (kind == ACTION_CREATE)
		return "#1a7f37";
	if (kind == ACTION_UPDATE)
		return "#9a6700";
	if (kind == ACTION_REPLACE || kind == ACTION_DELETE || kind == ACTION_COLLECT)
		return "#cf222e";
	return "#57606a";
}

/* In a quoted text of dot: backslashes begin escapes, and entities of HTML are known. */
static void add_dot(struct arena *a, struct buf *out, struct str text)
{
	struct buf shown;

	buf_init(&shown, a);
	render_shown(&shown, text);
	for (size_t i = 0; i < shown.length; i++) {
		char c = shown.data[i];

		if (c == '&')
			buf_add_c(out, "&amp;");
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else
			buf_add_char(out, c);
	}
}

static const char *action_word(const struct action *act)
{
	return act->kind == ACTION_NONE ? "unchanged" : action_kind_name(act->kind);
}

static void print_dot(struct arena *a, struct buf *out, const struct plan *plan,
		      const struct graph *g)
{
	buf_add_c(out, "digraph \"");
	add_dot(a, out, plan->model->project);
	buf_add_char(out, '/');
	add_dot(a, out, plan->model->stage);
	buf_add_c(out, "\" {\n\trankdir=LR;\n"
		  "\tnode [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
	for (size_t i = 0; i < g->node_count; i++) {
		const struct action *act = &g->nodes[i].act;
		const char *colour = colour_of(act->kind);

		buf_printf(out, "\tn%zu [label=\"", i);
		add_dot(a, out, g->nodes[i].label);
		buf_add_c(out, "\\n");
		add_dot(a, out, render_type(plan, act));
		buf_printf(out, "\\n%s\", color=\"%s\", fontcolor=\"%s\"%s];\n", action_word(act),
			   colour, colour, act->kind == ACTION_REPLACE ? ", penwidth=2" :
			   act->kind == ACTION_DELETE ? ", style=\"rounded,dashed\"" : "");
	}
	for (size_t i = 0; i < g->edge_count; i++)
		buf_printf(out, "\tn%u -> n%u;\n", g->edges[i].from, g->edges[i].to);
	buf_add_c(out, "}\n");
}

/* ---- mermaid ---- */

static bool is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == ' ' || c == '.' || c == '/' || c == ':' || c == '-' || c == '_' ||
	       (unsigned char)c >= 0x80;
}

/* "#35;" is a character by its number, whatever it would mean by itself. */
static void add_mermaid(struct arena *a, struct buf *out, struct str text)
{
	struct buf shown;

	buf_init(&shown, a);
	render_shown(&shown, text);
	for (size_t i = 0; i < shown.length; i++) {
		char c = shown.data[i];

		if (is_plain(c))
			buf_add_char(out, c);
		else
			buf_printf(out, "#%u;", (unsigned)(unsigned char)c);
	}
}

/* A class for each action that there is, in the order in which they come. */
static void print_mermaid_classes(struct buf *out, const struct graph *g)
{
	uint32_t told = 0;

	for (size_t i = 0; i < g->node_count; i++) {
		const struct action *act = &g->nodes[i].act;

		CHECK((unsigned)act->kind < 32);
		if (told & (UINT32_C(1) << act->kind))
			continue;
		told |= UINT32_C(1) << act->kind;
		buf_printf(out, "  classDef %s stroke:%s,color:%s,fill:none%s\n", action_word(act),
			   colour_of(act->kind), colour_of(act->kind),
			   act->kind == ACTION_REPLACE ? ",stroke-width:3px" :
			   act->kind == ACTION_DELETE ? ",stroke-dasharray:4" : "");
	}
}

static void print_mermaid(struct arena *a, struct buf *out, const struct plan *plan,
			  const struct graph *g)
{
	buf_add_c(out, "flowchart LR\n");
	if (g->edge_count > MERMAID_EDGES)
		buf_printf(out, "  %%%% %zu edges: set maxEdges, mermaid draws no more than %d\n",
			   g->edge_count, MERMAID_EDGES);
	for (size_t i = 0; i < g->node_count; i++) {
		const struct action *act = &g->nodes[i].act;

		buf_printf(out, "  n%zu[\"", i);
		add_mermaid(a, out, g->nodes[i].label);
		buf_add_c(out, "<br/>");
		add_mermaid(a, out, render_type(plan, act));
		buf_printf(out, "<br/>%s\"]:::%s\n", action_word(act), action_word(act));
	}
	for (size_t i = 0; i < g->edge_count; i++)
		buf_printf(out, "  n%u --> n%u\n", g->edges[i].from, g->edges[i].to);
	print_mermaid_classes(out, g);
}

/* ---- JSON: as docs/graph-json.md says ---- */

static void set_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	if (text.length)
		value_set(a, map, str_from_c(key), value_string(text));
}

static struct value node_value(struct arena *a, const struct plan *plan,
			       const struct graph_node *node)
{
	const struct action *act = &node->act;
	struct value v = value_map();

	set_text(a, &v, "address", act->address);
	set_text(a, &v, "label", node->label);
	set_text(a, &v, "type", render_type(plan, act));
	set_text(a, &v, "action", str_from_c(act->kind == ACTION_NONE ? "none" :
					     action_kind_name(act->kind)));
	set_text(a, &v, "place", render_place(a, plan, act));
	set_text(a, &v, "region", render_region(plan, act));
	set_text(a, &v, "name", act->name);
	return v;
}

static void add_member(struct buf *out, const char *key, struct str text)
{
	buf_printf(out, "\"%s\":", key);
	json_print_string(out, text);
	buf_add_c(out, ",\n ");
}

static void print_json(struct buf *out, const struct plan *plan, const struct graph *g)
{
	struct arena scratch;

	buf_add_char(out, '{');
	add_member(out, "format_version", STR(GRAPH_FORMAT_VERSION));
	add_member(out, "project", plan->model->project);
	add_member(out, "stage", plan->model->stage);
	add_member(out, "region", plan->model->scope.region);
	buf_add_c(out, "\"nodes\":[");
	for (size_t i = 0; i < g->node_count; i++) {
		struct value v;

		arena_init(&scratch);
		v = node_value(&scratch, plan, &g->nodes[i]);
		buf_add_c(out, i ? ",\n  " : "\n  ");
		json_print(out, &v);
		arena_release(&scratch);
	}
	buf_add_c(out, g->node_count ? "\n ],\n \"edges\":[" : "],\n \"edges\":[");
	for (size_t i = 0; i < g->edge_count; i++) {
		buf_add_c(out, i ? ",\n  {\"from\":" : "\n  {\"from\":");
		json_print_string(out, g->nodes[g->edges[i].from].act.address);
		buf_add_c(out, ",\"to\":");
		json_print_string(out, g->nodes[g->edges[i].to].act.address);
		buf_add_char(out, '}');
	}
	buf_add_c(out, g->edge_count ? "\n ]}\n" : "]}\n");
}

void review_print_graph(struct buf *out, const struct plan *plan, enum graph_format format)
{
	struct arena scratch;
	struct graph g;

	arena_init(&scratch);
	graph_make(&scratch, plan, &g);
	switch (format) {
	case GRAPH_DOT:
		print_dot(&scratch, out, plan, &g);
		break;
	case GRAPH_MERMAID:
		print_mermaid(&scratch, out, plan, &g);
		break;
	case GRAPH_JSON:
		print_json(out, plan, &g);
		break;
	}
	arena_release(&scratch);
}
