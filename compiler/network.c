#include "network.h"

static bool is_number(struct str text, int64_t most)
{
	int64_t number;

	return text.length && text.length <= 3 && text.data[0] != '-' && text.data[0] != '+' &&
	       str_to_int(text, &number) && number <= most;
}

static bool is_ipv4(struct str text)
{
	struct str part;
	unsigned count = 0;

	while (str_split(&text, '.', &part)) {
		if (++count > 4 || !is_number(part, 255))
			return false;
	}
	return count == 4;
}

static bool is_hex(struct str text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (str_index(STR("0123456789abcdefABCDEF"), text.data[i]) == 22)
			return false;
	}
	return text.length >= 1 && text.length <= 4;
}

/* Colon-separated groups; the last may be an IPv4 address, which counts as two. */
static bool count_groups(struct str text, unsigned *count)
{
	struct str part;

	while (text.length) {
		bool more = str_index(text, ':') < text.length;

		if (!str_split(&text, ':', &part))
			return false;
		if (!more && is_ipv4(part))
			*count += 2;
		else if (is_hex(part))
			*count += 1;
		else
			return false;
		if (more && !text.length)
			return false;
	}
	return true;
}

static bool is_ipv6(struct str text)
{
	unsigned count = 0;

	for (size_t i = 0; i + 1 < text.length; i++) {
		if (text.data[i] == ':' && text.data[i + 1] == ':')
			return count_groups(str_slice(text, 0, i), &count) &&
			       count_groups(str_slice(text, i + 2, text.length), &count) &&
			       count < 8;
	}
	return count_groups(text, &count) && count == 8;
}

bool is_network(struct str text, enum text_format format)
{
	size_t slash = str_index(text, '/');
	struct str address = str_slice(text, 0, slash), bits;

	if (slash == text.length)
		return false;
	bits = str_slice(text, slash + 1, text.length);
	if (format == FORMAT_IPV4_NETWORK)
		return is_ipv4(address) && is_number(bits, 32);
	return is_ipv6(address) && is_number(bits, 128);
}
