#include "page.h"

#include "layout.h"

#define MARGIN 12
#define FITTED 1700			/* wider ones are scrolled: they would be unreadable */
#define LABEL_BYTES 28
#define DETAIL_BYTES 32

static void add_route(struct buf *out, const struct route *route)
{
	const struct point *p = route->points;

	buf_printf(out, "<path class=\"edge\" d=\"M%d %d", p[0].x, p[0].y);
	for (size_t i = 1; i < route->point_count; i += 2) {
		int32_t middle = (p[i - 1].x + p[i].x) / 2;

		buf_printf(out, "C%d %d %d %d %d %d", middle, p[i - 1].y, middle, p[i].y, p[i].x,
			   p[i].y);
		if (i + 1 < route->point_count)
			buf_printf(out, "H%d", p[i + 1].x);
	}
	buf_add_c(out, "\" marker-end=\"url(#tip)\"/>\n");
}

static void add_node(struct buf *out, struct arena *scratch, const struct picture_node *node,
		     const struct box *box)
{
	if (node->item != NO_ITEM)
		buf_printf(out, "<a href=\"#i%u\">", node->item);
	buf_printf(out, "<g class=\"node %s\" transform=\"translate(%d %d)\"><title>",
		   page_class(node->harm), box->x, box->y);
	page_text(out, scratch, node->label);
	buf_add_c(out, ": ");
	page_text(out, scratch, node->detail);
	buf_printf(out, "</title><rect width=\"%d\" height=\"%d\" rx=\"6\"/>"
		   "<text class=\"label\" x=\"12\" y=\"18\">", BOX_WIDTH, BOX_HEIGHT);
	page_short(out, scratch, node->label, LABEL_BYTES);
	buf_add_c(out, "</text><text class=\"detail\" x=\"12\" y=\"34\">");
	page_short(out, scratch, node->detail, DETAIL_BYTES);
	buf_add_c(out, "</text></g>");
	buf_add_c(out, node->item != NO_ITEM ? "</a>\n" : "\n");
}

static void add_drawing(struct buf *out, struct arena *scratch, const struct picture *picture)
{
	struct layout layout;
	int32_t width, height;

	layout_make(scratch, picture->node_count, picture->edges, picture->edge_count, &layout);
	width = layout.width + 2 * MARGIN;
	height = layout.height + 2 * MARGIN;
	buf_printf(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		   "aria-labelledby=\"graph\">\n"
		   "<svg%s xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		   "viewBox=\"%d %d %d %d\">\n"
		   "<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
		   "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
		   "<path d=\"M0 0.5 8 4 0 7.5z\"/></marker></defs>\n",
		   width <= FITTED ? " class=\"fit\"" : "", width, height, -MARGIN, -MARGIN,
		   width, height);
	for (size_t i = 0; i < layout.route_count; i++)
		add_route(out, &layout.routes[i]);
	for (size_t i = 0; i < picture->node_count; i++)
		add_node(out, scratch, &picture->nodes[i], &layout.boxes[i]);
	buf_add_c(out, "</svg>\n</div>\n");
}

void page_graph(struct buf *out, const struct review *review)
{
	struct arena scratch;
	struct picture picture;

	if (!review->item_count)
		return;
	arena_init(&scratch);
	picture_make(&scratch, review, &picture);
	buf_add_c(out, "<section class=\"graph\">\n<h2 id=\"graph\">Graph</h2>\n<p>");
	page_text(out, &scratch, picture.note);
	if (picture.node_count)
		buf_add_c(out, " An arrow points to what is needed; needs that follow from "
			  "others are left out.");
	buf_add_c(out, "</p>\n");
	if (picture.node_count)
		add_drawing(out, &scratch, &picture);
	buf_add_c(out, "</section>\n");
	arena_release(&scratch);
}
