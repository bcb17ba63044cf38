#include <string.h>

#include "family.h"

/* Networks of IPv4 and IPv6, both as 16 bytes of which IPv4 uses the first four. */
struct network {
	unsigned char bytes[16];
	unsigned bits;			/* of an address: 32 or 128 */
	unsigned prefix;
};

static bool read_number(struct str s, unsigned base, uint32_t most, uint32_t *out)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t number = 0;

	if (!s.length || s.length > 5)
		return false;
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i] >= 'A' && s.data[i] <= 'F' ? (char)(s.data[i] + 32) : s.data[i];
		const char *digit = c ? memchr(digits, c, base) : NULL;

		if (!digit)
			return false;
		number = number * base + (uint32_t)(digit - digits);
	}
	*out = number;
	return number <= most;
}

static bool read_ipv4(struct str s, unsigned char out[4])
{
	struct str part;
	uint32_t number;
	size_t count = 0;

	for (; str_split(&s, '.', &part); count++) {
		if (count == 4 || !read_number(part, 10, 255, &number))
			return false;
		out[count] = (unsigned char)number;
	}
	return count == 4;
}

/* Groups between colons into bytes; the last may be an IPv4 address.  How many bytes. */
static bool read_groups(struct str s, unsigned char out[16], size_t *count)
{
	struct str part;
	uint32_t number;

	*count = 0;
	while (s.length) {
		size_t colon = str_index(s, ':');

		part = str_slice(s, 0, colon);
		if (colon + 1 == s.length)
			return false;
		s = str_slice(s, colon + 1, s.length);
		if (!s.length && str_index(part, '.') < part.length) {
			if (*count > 12 || !read_ipv4(part, out + *count))
				return false;
			*count += 4;
			return true;
		}
		if (*count > 14 || part.length > 4 || !read_number(part, 16, 0xFFFF, &number))
			return false;
		out[(*count)++] = (unsigned char)(number >> 8);
		out[(*count)++] = (unsigned char)number;
	}
	return true;
}

static bool read_ipv6(struct str s, unsigned char out[16])
{
	size_t gap = str_find(s, STR("::")), before, after;
	unsigned char tail[16];

	memset(out, 0, 16);
	if (gap == s.length)
		return read_groups(s, out, &before) && before == 16;
	if (!read_groups(str_slice(s, 0, gap), out, &before) ||
	    !read_groups(str_slice(s, gap + 2, s.length), tail, &after) || before + after > 14)
		return false;
	memcpy(out + 16 - after, tail, after);
	return true;
}

static bool read_network(struct str s, struct network *out)
{
	size_t slash = str_index(s, '/');
	struct str address = str_slice(s, 0, slash);
	uint32_t prefix;

	*out = (struct network){ .bits = str_index(address, ':') < slash ? 128 : 32 };
	if (!read_number(str_slice(s, slash + 1, s.length), 10, out->bits, &prefix))
		return false;
	out->prefix = prefix;
	return out->bits == 32 ? read_ipv4(address, out->bytes) : read_ipv6(address, out->bytes);
}

static void clear_host(struct network *n)
{
	for (unsigned bit = n->prefix; bit < 128; bit++)
		n->bytes[bit / 8] &= (unsigned char)~(0x80u >> bit % 8);
}

static bool argument_network(struct function_call *c, struct network *out)
{
	if (!read_network(c->args[0].string, out)) {
		function_fail(c, 0, "E0267 '%.*s' is no network such as 10.0.0.0/16 or fd00::/56",
			      STR_ARG(argument_shown(c, 0)));
		return false;
	}
	clear_host(out);
	return true;
}

/* The number into the bits that end before `end`; those in front of it stay. */
static void put_number(struct network *n, unsigned end, uint64_t number)
{
	for (unsigned bit = end; bit > 0 && number; number >>= 1) {
		bit--;
		if (number & 1)
			n->bytes[bit / 8] |= (unsigned char)(0x80u >> bit % 8);
	}
}

/* The longest run of empty groups, at least two, becomes "::". */
static void add_ipv6(struct buf *b, const unsigned char bytes[16])
{
	unsigned group[8], start = 8, length = 1;

	for (unsigned i = 0; i < 8; i++)
		group[i] = (unsigned)bytes[i * 2] << 8 | bytes[i * 2 + 1];
	for (unsigned i = 0; i < 8; i++) {
		unsigned run = 0;

		while (i + run < 8 && !group[i + run])
			run++;
		if (run > length) {
			start = i;
			length = run;
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == start) {
			buf_add_c(b, "::");
			i += length - 1;
		} else {
			buf_printf(b, "%s%x", i && i != start + length ? ":" : "", group[i]);
		}
	}
}

static struct value print_network(struct function_call *c, const struct network *n, bool prefix)
{
	const unsigned char *bytes = n->bytes;
	struct buf b;

	buf_init(&b, c->arena);
	if (n->bits == 32)
		buf_printf(&b, "%d.%d.%d.%d", bytes[0], bytes[1], bytes[2], bytes[3]);
	else
		add_ipv6(&b, bytes);
	if (prefix)
		buf_printf(&b, "/%u", n->prefix);
	return value_string(buf_str(&b));
}

static struct value cidrhost(struct function_call *c)
{
	struct network n;
	unsigned host;
	int64_t number;
	uint64_t size;

	if (!argument_network(c, &n) || !argument_whole(c, 1, &number))
		return value_null();
	host = n.bits - n.prefix;
	/* The last address that 64 bits can count. */
	size = host < 64 ? (1ull << host) - 1 : UINT64_MAX;
	if (number >= 0 ? (uint64_t)number > size : 0 - (uint64_t)(number + 1) > size)
		return function_fail(c, 1, "E0267 a network of prefix %u has no host %lld",
				     n.prefix, (long long)number);
	for (unsigned bit = n.prefix; number < 0 && bit + 64 < n.bits; bit++)
		n.bytes[bit / 8] |= (unsigned char)(0x80u >> bit % 8);
	put_number(&n, n.bits, (uint64_t)number & size);
	return print_network(c, &n, false);
}

static struct value cidrnetmask(struct function_call *c)
{
	struct network n;

	if (!argument_network(c, &n))
		return value_null();
	if (n.bits != 32)
		return function_fail(c, 0, "E0267 networks of IPv6 have no netmask");
	memset(n.bytes, 0xFF, sizeof(n.bytes));
	clear_host(&n);
	return print_network(c, &n, false);
}

/* Its prefix longer by so many bits. */
static bool extend(struct function_call *c, size_t index, struct network *n, int64_t *bits)
{
	if (!argument_whole(c, index, bits))
		return false;
	if (*bits < 0 || *bits > n->bits - n->prefix) {
		function_fail(c, index, "E0267 a prefix of %u bits can grow by 0 to %u bits",
			      n->prefix, n->bits - n->prefix);
		return false;
	}
	n->prefix += (unsigned)*bits;
	return true;
}

static struct value cidrsubnet(struct function_call *c)
{
	int64_t bits, number;
	struct network n;

	if (!argument_network(c, &n) || !extend(c, 1, &n, &bits) ||
	    !argument_whole(c, 2, &number))
		return value_null();
	if (number < 0 || (bits < 63 && number >> bits))
		return function_fail(c, 2, "E0267 %lld more bits of prefix have no subnet %lld",
				     (long long)bits, (long long)number);
	put_number(&n, n.prefix, (uint64_t)number);
	return print_network(c, &n, true);
}

/* Adds one at the bit before `end`; false if that carries out of the network. */
static bool advance(struct network *n, unsigned end, unsigned prefix)
{
	for (unsigned bit = end; bit > prefix;) {
		unsigned char mask;

		bit--;
		mask = (unsigned char)(0x80u >> bit % 8);
		n->bytes[bit / 8] ^= mask;
		if (n->bytes[bit / 8] & mask)
			return true;
	}
	return false;
}

/* To the next address where a network of this prefix may begin. */
static bool align(struct network *at, unsigned prefix, unsigned within)
{
	struct network start = *at;

	start.prefix = prefix;
	clear_host(&start);
	if (memcmp(start.bytes, at->bytes, sizeof(start.bytes)) != 0 &&
	    !advance(&start, prefix, within))
		return false;
	memcpy(at->bytes, start.bytes, sizeof(at->bytes));
	return true;
}

static struct value cidrsubnets(struct function_call *c)
{
	struct value out = value_list(NULL, 0);
	struct network whole, next;
	bool left = true;

	if (!argument_network(c, &whole))
		return value_null();
	next = whole;
	for (size_t i = 1; i < c->count; i++) {
		struct network subnet = whole;
		int64_t bits;

		if (!extend(c, i, &subnet, &bits))
			return value_null();
		if (!bits || bits > 32)
			return function_fail(c, i, "E0267 a prefix grows by 1 to 32 bits here");
		if (!left || !align(&next, subnet.prefix, whole.prefix))
			return function_fail(c, i, "E0267 there is no room left for this subnet");
		memcpy(subnet.bytes, next.bytes, sizeof(next.bytes));
		value_append(c->arena, &out, print_network(c, &subnet, true));
		left = advance(&next, subnet.prefix, whole.prefix);
	}
	return out;
}

#define STRING &string_type

static const struct function functions[] = {
	{ "cidrhost", { P("prefix", STRING), P("hostnum", &number_type) }, STRING,
	  .call = cidrhost, .summary = "the address of a host in a network; -1: the last" },
	{ "cidrnetmask", { P("prefix", STRING) }, STRING, .call = cidrnetmask,
	  .summary = "the netmask of a network" },
	{ "cidrsubnet", { P("prefix", STRING), P("newbits", &number_type),
			  P("netnum", &number_type) }, STRING, .call = cidrsubnet,
	  .summary = "a subnet by its number" },
	{ "cidrsubnets", { P("prefix", STRING), REST("newbits", &number_type) }, &strings_type,
	  .call = cidrsubnets, .summary = "subnets one after the other" },
};

const struct family ip_family = FAMILY(functions);
