#include "db.h"

void total_add(struct total *total, const struct sha256 *digest)
{
	unsigned carry = 0;

	for (size_t i = SHA256_BYTES; i-- > 0;) {
		carry += (unsigned)total->bytes[i] + digest->bytes[i];
		total->bytes[i] = (uint8_t)(carry & 0xff);
		carry >>= 8;
	}
}

void total_subtract(struct total *total, const struct sha256 *digest)
{
	unsigned borrow = 0;

	for (size_t i = SHA256_BYTES; i-- > 0;) {
		unsigned taken = digest->bytes[i] + borrow;

		borrow = total->bytes[i] < taken;
		total->bytes[i] = (uint8_t)(total->bytes[i] - taken);
	}
}

/* With its length first, so that no two sequences of parts read the same. */
static void add_part(struct sha256_stream *stream, struct str part)
{
	uint8_t length[8];

	for (size_t i = 0; i < sizeof(length); i++)
		length[i] = (uint8_t)((uint64_t)part.length >> (8 * i));
	sha256_add(stream, str_of((const char *)length, sizeof(length)));
	sha256_add(stream, part);
}

static void add_number(struct sha256_stream *stream, uint64_t number)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(number >> (8 * i));
	add_part(stream, str_of((const char *)bytes, sizeof(bytes)));
}

struct sha256 row_digest(struct str address, struct str text)
{
	struct sha256_stream stream;

	sha256_begin(&stream);
	add_part(&stream, STR("row"));
	add_part(&stream, address);
	add_part(&stream, text);
	return sha256_end(&stream);
}

struct sha256 tombstone_digest(struct str address, int64_t generation)
{
	struct sha256_stream stream;

	sha256_begin(&stream);
	add_part(&stream, STR("tombstone"));
	add_part(&stream, address);
	add_number(&stream, (uint64_t)generation);
	return sha256_end(&stream);
}

struct sha256 meta_digest(const struct meta *meta)
{
	struct sha256_stream stream;

	sha256_begin(&stream);
	add_part(&stream, STR("meta"));
	add_number(&stream, (uint64_t)meta->schema_version);
	add_number(&stream, meta->serial);
	add_part(&stream, meta->lineage);
	add_part(&stream, meta->project);
	add_part(&stream, meta->stage);
	add_part(&stream, meta->pin);
	add_part(&stream, meta->outputs);
	add_number(&stream, meta->row_count);
	add_number(&stream, meta->tombstone_count);
	add_part(&stream, str_of((const char *)meta->total.bytes, SHA256_BYTES));
	return sha256_end(&stream);
}
