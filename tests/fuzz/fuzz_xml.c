#include <stddef.h>
#include <stdint.h>

#include "executor/aws/xml.h"

/* Any bytes: refused with a reason, or a tree within the limits. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count(const struct xml_node *node, unsigned depth)
{
	size_t nodes = 1;

	CHECK(depth < XML_DEPTH_LIMIT && (!node->first || node->text.length == 0));
	for (const struct xml_node *child = node->first; child; child = child->next)
		nodes += count(child, depth + 1);
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = { 0 };
	struct xml_node *root;
	struct arena a;

	arena_init(&a);
	root = xml_parse(&a, str_of((const char *)data, size), &err);
	if (root)
		CHECK(count(root, 0) <= XML_NODE_LIMIT);
	else
		CHECK(err.kind != ERROR_NONE && err.text[0]);
	arena_release(&a);
	return 0;
}
