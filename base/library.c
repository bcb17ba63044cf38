#include "library.h"

#include <dlfcn.h>
#include <string.h>

bool library_load(const struct library *library, struct error *err)
{
	void *handle = NULL;

	for (const char *const *name = library->names; !handle && *name; name++)
		handle = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return error_set(err, library->kind, "%s is not installed: %s", library->title,
				 dlerror());
	for (size_t i = 0; i < library->call_count; i++) {
		void *symbol = dlsym(handle, library->calls[i].name);

		if (!symbol)
			return error_set(err, library->kind, "%s is too old: it has no %s",
					 library->title, library->calls[i].name);
		memcpy(library->calls[i].place, &symbol, sizeof(symbol));
	}
	return true;
}
