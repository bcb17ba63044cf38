#include "units.h"

struct unit {
	const char *name;
	int64_t factor;
};

static bool quantity_parse(struct str text, const struct unit *units, size_t count, int64_t *out)
{
	size_t digits = 0;
	struct str unit;
	int64_t number;

	while (digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9')
		digits++;
	if (!digits || !str_to_int(str_slice(text, 0, digits), &number))
		return false;
	unit = str_slice(text, digits, text.length);
	for (size_t i = 0; i < count; i++) {
		if (!str_equal_c(unit, units[i].name))
			continue;
		if (number > INT32_MAX / units[i].factor)
			return false;
		*out = number * units[i].factor;
		return true;
	}
	return false;
}

bool duration_parse(struct str text, int64_t *seconds)
{
	static const struct unit units[] = {
		{ "s", 1 }, { "m", 60 }, { "h", 3600 }, { "d", 86400 },
	};

	return quantity_parse(text, units, sizeof(units) / sizeof(*units), seconds);
}

bool megabytes_parse(struct str text, int64_t *megabytes)
{
	static const struct unit units[] = { { "MB", 1 }, { "GB", 1024 } };

	return quantity_parse(text, units, sizeof(units) / sizeof(*units), megabytes);
}
