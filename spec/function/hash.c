#include <string.h>

#include "base/hash.h"

#include "family.h"

enum form { FORM_HEX, FORM_BASE64 };

static struct value digest(struct function_call *c, enum digest_kind kind, enum form form,
			   struct str data)
{
	struct str bytes = digest_bytes(c->arena, kind, data);

	if (form == FORM_BASE64)
		return value_string(base64_encode(c->arena, bytes));
	return value_string(hex_encode(c->arena, (const uint8_t *)bytes.data, bytes.length));
}

static struct value of_text(struct function_call *c, enum digest_kind kind, enum form form)
{
	return digest(c, kind, form, c->args[0].string);
}

static struct value of_file(struct function_call *c, enum digest_kind kind, enum form form)
{
	struct str bytes;

	return function_read(c, 0, &bytes) ? digest(c, kind, form, bytes) : value_null();
}

#define DIGEST(name, source, kind, form) \
	static struct value name(struct function_call *c) { return source(c, kind, form); }
DIGEST(md5, of_text, DIGEST_MD5, FORM_HEX)
DIGEST(sha1, of_text, DIGEST_SHA1, FORM_HEX)
DIGEST(sha256, of_text, DIGEST_SHA256, FORM_HEX)
DIGEST(sha512, of_text, DIGEST_SHA512, FORM_HEX)
DIGEST(base64sha256, of_text, DIGEST_SHA256, FORM_BASE64)
DIGEST(base64sha512, of_text, DIGEST_SHA512, FORM_BASE64)
DIGEST(filemd5, of_file, DIGEST_MD5, FORM_HEX)
DIGEST(filesha1, of_file, DIGEST_SHA1, FORM_HEX)
DIGEST(filesha256, of_file, DIGEST_SHA256, FORM_HEX)
DIGEST(filesha512, of_file, DIGEST_SHA512, FORM_HEX)
DIGEST(filebase64sha256, of_file, DIGEST_SHA256, FORM_BASE64)
DIGEST(filebase64sha512, of_file, DIGEST_SHA512, FORM_BASE64)

#define UUID_BYTES 16

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* With or without hyphens, braces or "urn:uuid:". */
static bool parse_uuid(struct str s, char out[UUID_BYTES])
{
	bool hyphens;

	if (str_starts(s, STR("urn:uuid:")))
		s = str_slice(s, strlen("urn:uuid:"), s.length);
	else if (s.length == 38 && s.data[0] == '{' && s.data[37] == '}')
		s = str_slice(s, 1, 37);
	hyphens = s.length == 36;
	if (!hyphens && s.length != 32)
		return false;
	for (size_t i = 0, at = 0; i < UUID_BYTES; i++, at += 2) {
		if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && s.data[at++] != '-')
			return false;
		if (hex_digit(s.data[at]) < 0 || hex_digit(s.data[at + 1]) < 0)
			return false;
		out[i] = (char)(hex_digit(s.data[at]) << 4 | hex_digit(s.data[at + 1]));
	}
	return true;
}

static bool find_namespace(struct str name, char out[UUID_BYTES])
{
	static const char *const names[] = { "dns", "url", "oid", NULL, "x500" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i] && str_equal_c(name, names[i])) {
			CHECK(parse_uuid(STR("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), out));
			out[3] = (char)(out[3] + (int)i);
			return true;
		}
	}
	return parse_uuid(name, out);
}

static struct value uuidv5(struct function_call *c)
{
	char space[UUID_BYTES];
	struct str digest, hex;
	uint8_t bytes[UUID_BYTES];
	struct buf b;

	if (!find_namespace(c->args[0].string, space))
		return function_fail(c, 0, "E0265 a namespace is dns, url, oid, x500 or a UUID");
	buf_init(&b, c->arena);
	buf_add(&b, str_of(space, UUID_BYTES));
	buf_add(&b, c->args[1].string);
	digest = digest_bytes(c->arena, DIGEST_SHA1, buf_str(&b));
	memcpy(bytes, digest.data, UUID_BYTES);
	bytes[6] = (uint8_t)((bytes[6] & 0x0F) | 0x50);
	bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
	hex = hex_encode(c->arena, bytes, UUID_BYTES);
	return value_string(str_format(c->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.data,
				       hex.data + 8, hex.data + 12, hex.data + 16,
				       hex.data + 20));
}

#define TEXT_DIGEST(n, what) { #n, { P("string", &string_type) }, &string_type, .call = n, \
			       .summary = what }
#define FILE_DIGEST(n, what) { #n, { P("path", &string_type) }, &string_type, .call = n, \
			       .summary = what }

static const struct function functions[] = {
	TEXT_DIGEST(base64sha256, "the SHA-256 digest of a text as base64"),
	TEXT_DIGEST(base64sha512, "the SHA-512 digest of a text as base64"),
	FILE_DIGEST(filebase64sha256, "the SHA-256 digest of a file as base64"),
	FILE_DIGEST(filebase64sha512, "the SHA-512 digest of a file as base64"),
	FILE_DIGEST(filemd5, "the MD5 digest of a file, in hexadecimal"),
	FILE_DIGEST(filesha1, "the SHA-1 digest of a file, in hexadecimal"),
	FILE_DIGEST(filesha256, "the SHA-256 digest of a file, in hexadecimal"),
	FILE_DIGEST(filesha512, "the SHA-512 digest of a file, in hexadecimal"),
	TEXT_DIGEST(md5, "the MD5 digest of a text, in hexadecimal"),
	TEXT_DIGEST(sha1, "the SHA-1 digest of a text, in hexadecimal"),
	TEXT_DIGEST(sha256, "the SHA-256 digest of a text, in hexadecimal"),
	TEXT_DIGEST(sha512, "the SHA-512 digest of a text, in hexadecimal"),
	{ "uuidv5", { P("namespace", &string_type), P("name", &string_type) }, &string_type,
	  .call = uuidv5, .summary = "the UUID of a name, the same every time" },
};

const struct family hash_family = FAMILY(functions);
