#include "kind.h"

/* Sorted by name; a new kind is a new file and a line here. */
static const struct kind *const kinds[] = {
	&kind_function,
	&kind_http,
	&kind_queue,
	&kind_schedule,
	&kind_table,
};

const struct kind *kind_at(size_t index)
{
	return index < sizeof(kinds) / sizeof(*kinds) ? kinds[index] : NULL;
}

const struct kind *kind_find(struct str name)
{
	for (size_t i = 0; kind_at(i); i++) {
		if (str_equal_c(name, kind_at(i)->name))
			return kind_at(i);
	}
	return NULL;
}
