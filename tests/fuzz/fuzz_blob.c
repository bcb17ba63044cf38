#include "schemas/blob.h"

/* Any bytes as the embedded data: refused, or every name and document lies within. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(struct str part, struct str whole)
{
	CHECK(part.length <= whole.length);
	CHECK(!part.length || (part.data >= whole.data &&
			       part.data + part.length <= whole.data + whole.length));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = str_of((const char *)data, size), document;
	struct error err = { 0 };
	struct blob blob;

	if (!blob_open(bytes, &blob, &err)) {
		CHECK(err.kind != ERROR_NONE && err.text[0]);
		return 0;
	}
	for (uint32_t i = 0; i < blob.count; i++) {
		check_inside(blob_name(&blob, i), bytes);
		if (blob_take(&blob, i, &document))
			check_inside(document, bytes);
	}
	return 0;
}
