#include "transport.h"

struct str http_header_get(const struct http_response *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_equal_fold(r->headers[i].name, str_from_c(name)))
			return r->headers[i].value;
	return (struct str){ 0 };
}
