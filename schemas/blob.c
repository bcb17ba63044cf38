#include "blob.h"

#define MAGIC "effcdata"
#define FORMAT 1
#define HEADER_BYTES 60
#define ENTRY_BYTES 20

enum {
	AT_VERSION = 8,
	AT_COUNT = 12,
	AT_NAMES_END = 16,
	AT_SIZE = 20,
	AT_CHECK = 24,
	AT_DIGEST = 28
};

static uint32_t get_u32(struct str bytes, size_t at)
{
	const unsigned char *p = (const unsigned char *)bytes.data + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void add_u32(struct buf *b, size_t number)
{
	CHECK(number <= UINT32_MAX);
	for (unsigned shift = 0; shift < 32; shift += 8)
		buf_add_char(b, (char)(number >> shift & 0xff));
}

static struct str index_bytes(struct arena *a, const struct blob_item *items, size_t count,
			      size_t names_end)
{
	size_t name = HEADER_BYTES + count * ENTRY_BYTES, document = names_end;
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < count; i++) {
		add_u32(&b, name);
		add_u32(&b, items[i].name.length);
		add_u32(&b, document);
		add_u32(&b, items[i].document.length);
		add_u32(&b, crc32_of(items[i].document));
		name += items[i].name.length;
		document += items[i].document.length;
	}
	for (size_t i = 0; i < count; i++)
		buf_add(&b, items[i].name);
	return buf_str(&b);
}

static struct sha256 items_digest(const struct blob_item *items, size_t count)
{
	struct sha256_stream stream;

	sha256_begin(&stream);
	for (size_t i = 0; i < count; i++) {
		sha256_add(&stream, items[i].name);
		sha256_add(&stream, STR("\n"));
		sha256_add(&stream, items[i].document);
		sha256_add(&stream, STR("\n"));
	}
	return sha256_end(&stream);
}

struct str blob_write(struct arena *a, const struct blob_item *items, size_t count)
{
	size_t names_end = HEADER_BYTES + count * ENTRY_BYTES, size;
	struct sha256 digest = items_digest(items, count);
	struct buf checked, out;

	for (size_t i = 0; i < count; i++) {
		CHECK(i == 0 || str_compare(items[i - 1].name, items[i].name) < 0);
		names_end += items[i].name.length;
	}
	size = names_end;
	for (size_t i = 0; i < count; i++)
		size += items[i].document.length;
	buf_init(&checked, a);
	buf_add(&checked, str_of((const char *)digest.bytes, SHA256_BYTES));
	buf_add(&checked, index_bytes(a, items, count, names_end));
	buf_init(&out, a);
	buf_add_c(&out, MAGIC);
	add_u32(&out, FORMAT);
	add_u32(&out, count);
	add_u32(&out, names_end);
	add_u32(&out, size);
	add_u32(&out, crc32_of(buf_str(&checked)));
	buf_add(&out, buf_str(&checked));
	for (size_t i = 0; i < count; i++)
		buf_add(&out, items[i].document);
	return buf_str(&out);
}

/* Whatever the index says, no more than there is. */
static struct str part(const struct blob *b, uint32_t index, size_t field)
{
	size_t entry = HEADER_BYTES + (size_t)index * ENTRY_BYTES + field;
	size_t start = get_u32(b->bytes, entry);

	return str_slice(b->bytes, start, start + get_u32(b->bytes, entry + 4));
}

/* A field of the index that starts where the one before ended; at moves to its end. */
static bool follows(const struct blob *b, uint32_t index, size_t field, size_t *at, size_t end)
{
	size_t entry = HEADER_BYTES + (size_t)index * ENTRY_BYTES + field;
	size_t length = get_u32(b->bytes, entry + 4);

	if (get_u32(b->bytes, entry) != *at || length > end - *at)
		return false;
	*at += length;
	return true;
}

/* Names and documents fill their parts without gap, in order. */
static bool index_is_sound(const struct blob *b, size_t names_end)
{
	size_t name = HEADER_BYTES + (size_t)b->count * ENTRY_BYTES, document = names_end;

	for (uint32_t i = 0; i < b->count; i++) {
		if (!follows(b, i, 0, &name, names_end) ||
		    !follows(b, i, 8, &document, b->bytes.length))
			return false;
		if (i && str_compare(blob_name(b, i - 1), blob_name(b, i)) >= 0)
			return false;
	}
	return name == names_end && document == b->bytes.length;
}

static bool header_is_sound(const struct blob *b, size_t names_end)
{
	if (get_u32(b->bytes, AT_SIZE) != b->bytes.length || names_end > b->bytes.length)
		return false;
	if (b->count > (b->bytes.length - HEADER_BYTES) / ENTRY_BYTES)
		return false;
	return names_end >= HEADER_BYTES + (size_t)b->count * ENTRY_BYTES;
}

bool blob_open(struct str bytes, struct blob *out, struct error *err)
{
	size_t names_end;

	*out = (struct blob){ .bytes = bytes };
	if (bytes.length < HEADER_BYTES || !str_starts(bytes, STR(MAGIC)))
		return error_set(err, ERROR_CORRUPT, "the embedded schemas are none");
	if (get_u32(bytes, AT_VERSION) != FORMAT)
		return error_set(err, ERROR_CORRUPT, "the embedded schemas have version %u, not %u",
				 get_u32(bytes, AT_VERSION), FORMAT);
	out->count = get_u32(bytes, AT_COUNT);
	names_end = get_u32(bytes, AT_NAMES_END);
	if (!header_is_sound(out, names_end))
		return error_set(err, ERROR_CORRUPT,
				 "the index of the embedded schemas is damaged");
	for (size_t i = 0; i < SHA256_BYTES; i++)
		out->digest.bytes[i] = (uint8_t)bytes.data[AT_DIGEST + i];
	return true;
}

bool blob_verify(const struct blob *b, struct error *err)
{
	size_t names_end = get_u32(b->bytes, AT_NAMES_END);
	struct str checked = str_slice(b->bytes, AT_DIGEST, names_end), document;

	if (crc32_of(checked) != get_u32(b->bytes, AT_CHECK) || !index_is_sound(b, names_end))
		return error_set(err, ERROR_CORRUPT,
				 "the index of the embedded schemas is damaged");
	for (uint32_t i = 0; i < b->count; i++) {
		if (!blob_take(b, i, &document))
			return error_set(err, ERROR_CORRUPT,
					 "the embedded document '%.*s' is damaged",
					 STR_ARG(blob_name(b, i)));
	}
	return true;
}

struct str blob_name(const struct blob *b, uint32_t index)
{
	return part(b, index, 0);
}

uint32_t blob_find(const struct blob *b, struct str name)
{
	uint32_t low = 0, high = b->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = str_compare(blob_name(b, middle), name);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return UINT32_MAX;
}

bool blob_take(const struct blob *b, uint32_t index, struct str *document)
{
	*document = part(b, index, 8);
	return crc32_of(*document) ==
	       get_u32(b->bytes, HEADER_BYTES + (size_t)index * ENTRY_BYTES + 16);
}
