#include <stddef.h>
#include <stdint.h>

#include "executor/aws/aws.h"

/*
 * Any bytes as the two profile files, the second behind the first zero byte:
 * refused with a line, or read; and then asked for credentials.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set(struct arena *a, struct map *variables, struct str name, struct str text)
{
	struct str *value = arena_new(a, struct str);

	*value = text;
	*map_put(a, variables, name) = value;
}

static void ask(struct arena *a, struct str config, struct str credentials)
{
	struct aws_environment env = { 0 };
	struct files *files = files_memory(a);
	struct credentials_machine *machine;
	struct http_request request;
	struct credentials who;
	struct error err = { 0 };

	files_memory_add(a, files, STR("/h/.aws/config"), config);
	files_memory_add(a, files, STR("/h/.aws/credentials"), credentials);
	env.files = files;
	set(a, &env.variables, STR("HOME"), STR("/h"));
	machine = credentials_start(a, &env, (struct str){ 0 });
	if (credentials_next(machine, NULL, 0, &request, &who, &err) == CREDENTIALS_FAILED)
		CHECK(err.text[0]);
	else
		CHECK(who.access_key_id.length > 0 && who.secret_access_key.length > 0);
	(void)region_find(a, &env, (struct str){ 0 }, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	size_t end = str_index(text, '\0');
	struct str config = str_slice(text, 0, end), credentials = str_slice(text, end + 1, size);
	struct error err = { 0 };
	struct profiles all;
	struct arena a;

	arena_init(&a);
	if (!profiles_parse(&a, &config, &credentials, &all, &err))
		CHECK(err.kind == ERROR_CREDENTIALS && err.text[0]);
	ask(&a, config, credentials);
	arena_release(&a);
	return 0;
}
