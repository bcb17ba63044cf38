#ifndef EFFC_AWS_XML_H
#define EFFC_AWS_XML_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/*
 * A reply's XML as a tree (expat, whose only home is xml.c).  No document
 * types, so no entities but the five; limits on depth and count; prefixes of
 * element names are taken off, those of attributes are kept.  An element has
 * either text or elements: text beside elements is dropped.
 */
#define XML_DEPTH_LIMIT 100
#define XML_NODE_LIMIT 1000000

struct xml_attribute {
	struct str name, value;
	struct xml_attribute *next;
};

struct xml_node {
	struct str name;
	struct str text;
	struct xml_attribute *attributes;
	struct xml_node *first, *last, *next;	/* children; sibling */
};

/* NULL and err if it is malformed or beyond the limits. */
struct xml_node *xml_parse(struct arena *a, struct str text, struct error *err);

/* The first child of that name, or NULL; node may be NULL. */
const struct xml_node *xml_child(const struct xml_node *node, struct str name);
/* Its text, or empty. */
struct str xml_child_text(const struct xml_node *node, const char *name);
/* NULL if there is none. */
const struct str *xml_attribute_get(const struct xml_node *node, struct str name);

#endif
