#include "executor/aws/aws.h"

/* Any text as AWS's configuration file and as its credentials file. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void parse(const struct str *config, const struct str *credentials)
{
	struct profiles profiles = { 0 };
	struct error err = { 0 };
	struct arena a;

	arena_init(&a);
	if (!profiles_parse(&a, config, credentials, &profiles, &err))
		CHECK(err.kind != ERROR_NONE && err.text[0]);
	arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);

	parse(&text, NULL);
	parse(NULL, &text);
	parse(&text, &text);
	return 0;
}
