#include "schema.h"

/* schemas/data.S */
extern const char effc_schemas_start[], effc_schemas_end[];

struct str schemas_embedded(void)
{
	return str_of(effc_schemas_start, (size_t)(effc_schemas_end - effc_schemas_start));
}
