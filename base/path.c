#include "fs.h"

#include "buf.h"

struct str path_folder(struct str path)
{
	size_t slash = str_last_index(path, '/');

	if (slash == path.length)
		return STR(".");
	while (slash > 0 && path.data[slash - 1] == '/')
		slash--;
	return slash ? str_slice(path, 0, slash) : STR("/");
}

struct str path_join(struct arena *a, struct str folder, struct str name)
{
	if (!folder.length || str_equal(folder, STR(".")) || str_starts(name, STR("/")))
		return name;
	if (!name.length)
		return folder;
	return str_format(a, "%.*s%s%.*s", STR_ARG(folder),
			  str_ends(folder, STR("/")) ? "" : "/", STR_ARG(name));
}

bool path_normalize(struct arena *a, struct str path, struct str *out)
{
	bool absolute = str_starts(path, STR("/"));
	VEC(struct str) parts = { 0 };
	struct str part, joined;

	while (str_split(&path, '/', &part)) {
		if (!part.length || str_equal(part, STR(".")))
			continue;
		if (!str_equal(part, STR("..")))
			*vec_push(a, &parts) = part;
		else if (!parts.count)
			return false;
		else
			parts.count--;
	}
	joined = str_join(a, STR("/"), parts.items, parts.count);
	if (absolute)
		*out = str_format(a, "/%.*s", STR_ARG(joined));
	else
		*out = joined.length ? joined : STR(".");
	return true;
}
