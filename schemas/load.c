#include "load.h"

#include "base/json.h"
#include "base/yaml.h"

#define FILE_BYTES_LIMIT (16u << 20)

static bool parse(struct loader *l, struct str path, struct loaded *out)
{
	struct error err = { 0 };

	if (str_ends(path, STR(".yaml")))
		return yaml_parse(l->arena, out->text, out->span.file, &out->value, l->d);
	if (json_parse(l->arena, out->text, out->span.file, &out->value, &err))
		return true;
	diag_error(l->d, out->span, "%s", err.text);
	return false;
}

bool load_file(struct loader *l, struct str path, struct loaded *out)
{
	struct error err = { 0 };
	struct str file = str_slice(path, str_last_index(path, '/') == path.length ? 0 :
				    str_last_index(path, '/') + 1, path.length);

	*out = (struct loaded){ .name = str_slice(file, 0, str_last_index(file, '.')),
				.span = SPAN_NONE };
	if (!l->files->read(l->files->context, l->arena, path, FILE_BYTES_LIMIT, &out->text,
			    &err)) {
		diag_error(l->d, SPAN_NONE, "%s", err.text);
		return false;
	}
	out->span.file = sources_add(l->arena, l->sources, path, out->text);
	return parse(l, path, out);
}

bool load_folder(struct loader *l, struct str folder, struct str ending, struct loaded_vec *out)
{
	struct file_info_vec found = { 0 };
	struct error err = { 0 };
	bool ok = true;

	if (!l->files->list(l->files->context, l->arena, folder, &found, &err)) {
		diag_error(l->d, SPAN_NONE, "%s", err.text);
		return false;
	}
	for (size_t i = 0; i < found.count; i++) {
		struct loaded one;

		if (!str_ends(found.items[i].path, ending))
			continue;
		if (load_file(l, path_join(l->arena, folder, found.items[i].path), &one))
			*vec_push(l->arena, out) = one;
		else
			ok = false;
	}
	return ok;
}
