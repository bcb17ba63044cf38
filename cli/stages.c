#include "run.h"

static const struct str state_suffix = STR_INIT(".db");

struct str_list stages_known(struct run *run)
{
	const struct files *files = run->doors->files;
	const struct value *overlays = value_get(&run->spec.root, STR("stage"));
	struct str folder = path_join(&run->arena, run->spec.folder, STR(".effc/state"));
	struct file_info_vec states = { 0 };
	VEC(struct str) out = { 0 };
	struct error err = { 0 };

	/* A folder that is not there, or cannot be read, only leaves a suggestion out. */
	if (files->kind(files->context, folder) == FILE_FOLDER &&
	    !files->list(files->context, &run->arena, folder, &states, &err))
		states.count = 0;
	for (size_t i = 0; i < states.count; i++) {
		struct str path = states.items[i].path;
		struct str name = str_slice(path, 0, path.length - state_suffix.length);

		if (str_ends(path, state_suffix) && stage_name_is_valid(name) &&
		    !str_equal(name, run->model.stage))
			*vec_push(&run->arena, &out) = name;
	}
	for (uint32_t i = 0; overlays && overlays->kind == VALUE_MAP && i < overlays->map.count;
	     i++) {
		if (stage_name_is_valid(overlays->map.entries[i].key))
			*vec_push(&run->arena, &out) = overlays->map.entries[i].key;
	}
	return (struct str_list){ out.items, out.count };
}
