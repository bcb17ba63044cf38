#include "section.h"

static const struct section sections[] = {
	{ .name = "check", .named = true, .keys = &check_keys },
	{ .name = "defaults", .named = true },
	{ .name = "existing" },
	{ .name = "local" },
	{ .name = "module", .named = true, .keys = &module_keys },
	{ .name = "output", .named = true, .keys = &output_keys },
	{ .name = "policy", .named = true, .keys = &policy_keys },
	{ .name = "project", .keys = &project_keys },
	{ .name = "stage", .named = true },
	{ .name = "target", .named = true, .keys = &target_keys },
	{ .name = "variable", .named = true, .keys = &variable_keys },
};

const struct section *section_at(size_t index)
{
	return index < sizeof(sections) / sizeof(*sections) ? &sections[index] : NULL;
}

const struct section *section_find(struct str name)
{
	for (size_t i = 0; section_at(i); i++)
		if (str_equal_c(name, sections[i].name))
			return &sections[i];
	return NULL;
}
