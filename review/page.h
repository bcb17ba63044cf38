#ifndef EFFC_REVIEW_PAGE_H
#define EFFC_REVIEW_PAGE_H

#include "picture.h"

/*
 * The page of a plan: what html.c and svg.c share, and the style and script that are put into
 * it.  Both are files of this folder, laid into the program by assets.S; the page says by their
 * digests that a browser may use them, and nothing else.
 */
struct str page_style(void);
struct str page_script(void);

/* Shown text (render.h) as text of a page, also within quotes: never markup. */
void page_escape(struct buf *out, struct str shown);
/* Text of users and of AWS the same way. */
void page_text(struct buf *out, struct arena *scratch, struct str text);
/* The same with its middle left out past limit_bytes. */
void page_short(struct buf *out, struct arena *scratch, struct str text, size_t limit_bytes);
/* "data", "replace", ...; HARMS: "none". */
const char *page_class(enum harm harm);

/* What is behind the line of an item. */
void page_item_body(struct buf *out, const struct review_item *item, bool properties);
/* The graph, with links to "#i" and the index of an item. */
void page_graph(struct buf *out, const struct review *review);

#endif
