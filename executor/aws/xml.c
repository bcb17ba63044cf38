#include "xml.h"

#include <expat.h>

#include "base/buf.h"

struct parsing {
	struct arena *a;
	XML_Parser parser;
	struct xml_node *root;
	struct xml_node *open[XML_DEPTH_LIMIT];
	struct buf texts[XML_DEPTH_LIMIT];
	size_t depth, count;
	const char *refusal;
};

static void refuse(struct parsing *p, const char *why)
{
	if (!p->refusal)
		p->refusal = why;
	XML_StopParser(p->parser, XML_FALSE);
}

static struct str local_name(const char *name)
{
	struct str s = str_from_c(name);
	size_t colon = str_index(s, ':');

	return colon < s.length ? str_slice(s, colon + 1, s.length) : s;
}

static void add_attributes(struct parsing *p, struct xml_node *node, const char **pairs)
{
	for (size_t i = 0; pairs[i]; i += 2) {
		struct xml_attribute *attribute = arena_new(p->a, struct xml_attribute);

		attribute->name = str_copy(p->a, str_from_c(pairs[i]));
		attribute->value = str_copy(p->a, str_from_c(pairs[i + 1]));
		attribute->next = node->attributes;
		node->attributes = attribute;
	}
}

static void on_start(void *context, const char *name, const char **attributes)
{
	struct parsing *p = context;
	struct xml_node *node, *parent;

	if (p->depth >= XML_DEPTH_LIMIT || p->count++ >= XML_NODE_LIMIT) {
		refuse(p, "too deep or too many elements");
		return;
	}
	node = arena_new(p->a, struct xml_node);
	node->name = str_copy(p->a, local_name(name));
	add_attributes(p, node, attributes);
	if (p->depth > 0) {
		parent = p->open[p->depth - 1];
		if (parent->last)
			parent->last->next = node;
		else
			parent->first = node;
		parent->last = node;
	} else {
		p->root = node;
	}
	buf_init(&p->texts[p->depth], p->a);
	p->open[p->depth++] = node;
}

static void on_end(void *context, const char *name)
{
	struct parsing *p = context;
	struct xml_node *node;

	(void)name;
	if (p->refusal || p->depth == 0)
		return;
	node = p->open[--p->depth];
	if (!node->first)
		node->text = buf_str(&p->texts[p->depth]);
}

static void on_text(void *context, const char *text, int length)
{
	struct parsing *p = context;

	if (p->refusal || p->depth == 0 || p->open[p->depth - 1]->first)
		return;
	buf_add(&p->texts[p->depth - 1], str_of(text, (size_t)length));
}

static void on_doctype(void *context, const char *name, const char *system, const char *public,
		       int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(context, "it has a document type");
}

struct xml_node *xml_parse(struct arena *a, struct str text, struct error *err)
{
	struct parsing *p = arena_new(a, struct parsing);
	enum XML_Status status;

	p->a = a;
	if (text.length > INT32_MAX) {
		error_set(err, ERROR_LIMIT, "the XML is too large");
		return NULL;
	}
	p->parser = XML_ParserCreate(NULL);
	CHECK(p->parser);
	XML_SetUserData(p->parser, p);
	XML_SetElementHandler(p->parser, on_start, on_end);
	XML_SetCharacterDataHandler(p->parser, on_text);
	XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
	status = XML_Parse(p->parser, text.data ? text.data : "", (int)text.length, XML_TRUE);
	if (status != XML_STATUS_OK || !p->root)
		error_set(err, ERROR_PARSE, "malformed XML: %s",
			  p->refusal ? p->refusal :
			  XML_ErrorString(XML_GetErrorCode(p->parser)));
	XML_ParserFree(p->parser);
	return status == XML_STATUS_OK ? p->root : NULL;
}

const struct xml_node *xml_child(const struct xml_node *node, struct str name)
{
	if (!node)
		return NULL;
	for (const struct xml_node *child = node->first; child; child = child->next)
		if (str_equal(child->name, name))
			return child;
	return NULL;
}

struct str xml_child_text(const struct xml_node *node, const char *name)
{
	const struct xml_node *child = xml_child(node, str_from_c(name));

	return child ? child->text : (struct str){ 0 };
}

const struct str *xml_attribute_get(const struct xml_node *node, struct str name)
{
	for (const struct xml_attribute *a = node->attributes; a; a = a->next)
		if (str_equal(a->name, name))
			return &a->value;
	return NULL;
}
