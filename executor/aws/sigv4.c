#include "aws.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/vec.h"
#include "encode.h"

#define ALGORITHM "AWS4-HMAC-SHA256"
#define HEADER_LIMIT 256

struct pair {
	struct str name, value;
	size_t place;			/* keeps headers of one name in their order */
};
struct pair_vec VEC_OF(struct pair);

/* What the stages share. */
struct signing {
	struct arena *arena;
	const struct sign_input *in;
	const struct credentials *who;
	char date[17];			/* "20150830T123600Z" */
	struct str scope;		/* "20150830/us-east-1/service/aws4_request" */
	struct str signed_names;	/* "host;x-amz-date" */
	struct str payload_hash;
	struct pair_vec headers;	/* all that go out, but the signature's */
};

static int compare_parameters(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = str_compare(x->name, y->name);

	return order ? order : str_compare(x->value, y->value);
}

static int compare_headers(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;
	int order = str_compare(x->name, y->name);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* ---- path ---- */

/* Removes "." and ".." and doubled slashes; a slash at the end stays. */
static struct str path_flatten(struct arena *a, struct str path)
{
	VEC(struct str) parts = { 0 };
	struct str rest = path, part;
	struct buf out;
	bool folder = false;

	while (str_split(&rest, '/', &part)) {
		folder = part.length == 0 || str_equal_c(part, ".") || str_equal_c(part, "..");
		if (str_equal_c(part, "..") && parts.count > 0)
			parts.count--;
		else if (!folder)
			*vec_push(a, &parts) = part;
	}
	if (str_ends(path, STR("/")))
		folder = true;
	buf_init(&out, a);
	for (size_t i = 0; i < parts.count; i++) {
		buf_add_char(&out, '/');
		buf_add(&out, parts.items[i]);
	}
	if (folder || parts.count == 0)
		buf_add_char(&out, '/');
	return buf_str(&out);
}

static struct str canonical_path(const struct signing *s)
{
	struct str uri = s->in->uri;
	struct str path = str_slice(uri, 0, str_index(uri, '?'));

	if (path.length == 0)
		path = STR("/");
	if (s->in->normalize_path)
		path = path_flatten(s->arena, path);
	return s->in->encode_path ? percent_encode(s->arena, path, true) : path;
}

/* ---- query ---- */

static void query_add(const struct signing *s, struct pair_vec *query, const char *name,
		      struct str value)
{
	*vec_push(s->arena, query) = (struct pair){ str_from_c(name),
						    percent_encode(s->arena, value, false), 0 };
}

/* As it goes out, or empty where the token is left out of the signature. */
static void query_signing(const struct signing *s, struct pair_vec *query, bool with_token)
{
	struct str credential = str_format(s->arena, "%.*s/%.*s", STR_ARG(s->who->access_key_id),
					   STR_ARG(s->scope));

	query_add(s, query, "X-Amz-Algorithm", STR(ALGORITHM));
	query_add(s, query, "X-Amz-Credential", credential);
	query_add(s, query, "X-Amz-Date", str_from_c(s->date));
	query_add(s, query, "X-Amz-Expires",
		  str_format(s->arena, "%lld", (long long)s->in->expires_in_s));
	query_add(s, query, "X-Amz-SignedHeaders", s->signed_names);
	if (with_token && s->who->session_token.length > 0)
		query_add(s, query, "X-Amz-Security-Token", s->who->session_token);
}

static struct str pairs_join(struct arena *a, const struct pair_vec *pairs)
{
	struct buf out;

	buf_init(&out, a);
	for (size_t i = 0; i < pairs->count; i++) {
		if (i > 0)
			buf_add_char(&out, '&');
		buf_add(&out, pairs->items[i].name);
		buf_add_char(&out, '=');
		buf_add(&out, pairs->items[i].value);
	}
	return buf_str(&out);
}

static struct str uri_query(struct str uri)
{
	size_t mark = str_index(uri, '?');

	return mark < uri.length ? str_slice(uri, mark + 1, uri.length) : (struct str){ 0 };
}

/* Decoded and encoded anew, since what stands in the URI may be encoded in part. */
static struct str canonical_query(const struct signing *s)
{
	struct str rest = uri_query(s->in->uri), part;
	struct pair_vec pairs = { 0 };

	while (rest.length > 0 && str_split(&rest, '&', &part)) {
		size_t equals = str_index(part, '=');
		struct str value = str_slice(part, equals + 1, part.length);

		if (part.length == 0)
			continue;
		*vec_push(s->arena, &pairs) = (struct pair){
			percent_encode(s->arena, percent_decode(s->arena,
				       str_slice(part, 0, equals)), false),
			percent_encode(s->arena, percent_decode(s->arena, value), false), 0,
		};
	}
	if (s->in->in_query)
		query_signing(s, &pairs, !s->in->omit_session_token);
	if (pairs.count > 1)
		qsort(pairs.items, pairs.count, sizeof(*pairs.items), compare_parameters);
	return pairs_join(s->arena, &pairs);
}

/* ---- headers ---- */

/* What proxies and libraries change on the way is not signed. */
static bool header_is_signed(struct str lower_name)
{
	static const char *const loose[] = { "authorization", "connection", "expect",
					     "transfer-encoding", "user-agent",
					     "x-amzn-trace-id" };

	for (size_t i = 0; i < sizeof(loose) / sizeof(*loose); i++)
		if (str_equal_c(lower_name, loose[i]))
			return false;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Runs of blanks and line folds become one blank. */
static void add_squeezed(struct buf *out, struct str value)
{
	size_t start = out->length;
	bool blank = false;

	for (size_t i = 0; i < value.length; i++) {
		if (is_blank(value.data[i])) {
			blank = out->length > start;
			continue;
		}
		if (blank)
			buf_add_char(out, ' ');
		blank = false;
		buf_add_char(out, value.data[i]);
	}
}

static bool has_header(const struct signing *s, const char *name)
{
	for (size_t i = 0; i < s->headers.count; i++)
		if (str_equal_fold(s->headers.items[i].name, str_from_c(name)))
			return true;
	return false;
}

static void header_add(struct signing *s, const char *name, struct str value)
{
	if (!has_header(s, name))
		*vec_push(s->arena, &s->headers) = (struct pair){ str_from_c(name), value, 0 };
}

static void headers_collect(struct signing *s)
{
	for (size_t i = 0; i < s->in->header_count; i++)
		*vec_push(s->arena, &s->headers) = (struct pair){ s->in->headers[i].name,
								  s->in->headers[i].value, 0 };
	if (s->in->in_query)
		return;
	header_add(s, "X-Amz-Date", str_copy(s->arena, str_from_c(s->date)));
	if (s->who->session_token.length > 0 && !s->in->omit_session_token)
		header_add(s, "X-Amz-Security-Token", s->who->session_token);
	if (s->in->sign_body)
		header_add(s, "x-amz-content-sha256", s->payload_hash);
}

/*
 * "name:value" lines, sorted by name, values of one name joined in the order
 * they came; also works out the list of names.
 */
static struct str canonical_headers(struct signing *s)
{
	struct pair_vec lower = { 0 };
	struct buf lines, names;
	struct str last = { 0 };

	for (size_t i = 0; i < s->headers.count; i++) {
		struct str name = str_lower(s->arena, s->headers.items[i].name);

		if (header_is_signed(name))
			*vec_push(s->arena, &lower) = (struct pair){
				name, s->headers.items[i].value, i };
	}
	if (lower.count > 1)
		qsort(lower.items, lower.count, sizeof(*lower.items), compare_headers);
	buf_init(&lines, s->arena);
	buf_init(&names, s->arena);
	for (size_t i = 0; i < lower.count; i++) {
		bool again = i > 0 && str_equal(lower.items[i].name, last);

		last = lower.items[i].name;
		if (again) {
			lines.length--;
			buf_add_char(&lines, ',');
		} else {
			if (i > 0)
				buf_add_char(&names, ';');
			buf_add(&names, last);
			buf_add(&lines, last);
			buf_add_char(&lines, ':');
		}
		add_squeezed(&lines, lower.items[i].value);
		buf_add_char(&lines, '\n');
	}
	s->signed_names = buf_str(&names);
	return buf_str(&lines);
}

/* ---- stages ---- */

static struct str canonical_request(struct signing *s)
{
	struct str headers = canonical_headers(s);
	struct str path = canonical_path(s), query = canonical_query(s);
	struct buf out;

	buf_init(&out, s->arena);
	buf_add(&out, s->in->method);
	buf_add_char(&out, '\n');
	buf_add(&out, path);
	buf_add_char(&out, '\n');
	buf_add(&out, query);
	buf_add_char(&out, '\n');
	buf_add(&out, headers);
	buf_add_char(&out, '\n');
	buf_add(&out, s->signed_names);
	buf_add_char(&out, '\n');
	buf_add(&out, s->payload_hash);
	return buf_str(&out);
}

static struct str digest_str(const struct sha256 *digest)
{
	return str_of((const char *)digest->bytes, SHA256_BYTES);
}

static struct str signature_of(const struct signing *s, struct str string_to_sign)
{
	struct str steps[] = { str_of(s->date, 8), s->in->region, s->in->service,
			       STR("aws4_request"), string_to_sign };
	struct sha256 key = { { 0 } };
	struct str secret;
	struct buf first;

	buf_init(&first, s->arena);
	buf_add_c(&first, "AWS4");
	buf_add(&first, s->who->secret_access_key);
	secret = buf_str(&first);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		key = hmac_sha256(i == 0 ? secret : digest_str(&key), steps[i]);
	return hex_encode(s->arena, key.bytes, SHA256_BYTES);
}

/* The target with the signature's parameters behind what was there. */
static struct str presigned_uri(const struct signing *s, struct str signature)
{
	struct pair_vec added = { 0 };
	struct str had = uri_query(s->in->uri);

	query_signing(s, &added, true);
	query_add(s, &added, "X-Amz-Signature", signature);
	return str_format(s->arena, "%.*s?%.*s%s%.*s",
			  STR_ARG(str_slice(s->in->uri, 0, str_index(s->in->uri, '?'))),
			  STR_ARG(had), had.length > 0 ? "&" : "",
			  STR_ARG(pairs_join(s->arena, &added)));
}

static void signature_headers(struct signing *s, struct signature *out)
{
	if (!s->in->in_query) {
		struct str value = str_format(s->arena,
			ALGORITHM " Credential=%.*s/%.*s, SignedHeaders=%.*s, Signature=%.*s",
			STR_ARG(s->who->access_key_id), STR_ARG(s->scope),
			STR_ARG(s->signed_names), STR_ARG(out->signature));

		if (s->who->session_token.length > 0)
			header_add(s, "X-Amz-Security-Token", s->who->session_token);
		header_add(s, "Authorization", value);
	}
	out->header_count = s->headers.count;
	out->headers = arena_array(s->arena, struct http_header, s->headers.count);
	for (size_t i = 0; i < s->headers.count; i++)
		out->headers[i] = (struct http_header){ s->headers.items[i].name,
							s->headers.items[i].value };
}

static bool input_check(const struct sign_input *in, const struct credentials *who,
			struct error *err)
{
	bool has_host = false;

	for (size_t i = 0; i < in->header_count; i++) {
		has_host = has_host || str_equal_fold(in->headers[i].name, STR("Host"));
		if (str_equal_fold(in->headers[i].name, STR("Authorization")))
			return error_set(err, ERROR_CREDENTIALS, "the request is signed already");
	}
	if (!has_host)
		return error_set(err, ERROR_CREDENTIALS, "a request without a host is not signed");
	if (in->header_count > HEADER_LIMIT)
		return error_set(err, ERROR_LIMIT, "more than %d headers to sign", HEADER_LIMIT);
	if (who->access_key_id.length == 0 || who->secret_access_key.length == 0)
		return error_set(err, ERROR_CREDENTIALS, "no access key to sign with");
	return true;
}

bool sigv4_sign(struct arena *a, const struct sign_input *in, const struct credentials *who,
		struct signature *out, struct error *err)
{
	struct signing s = { .arena = a, .in = in, .who = who };

	if (!input_check(in, who, err))
		return false;
	utc_compact(in->time_s, s.date);
	s.scope = str_format(a, "%.8s/%.*s/%.*s/aws4_request", s.date, STR_ARG(in->region),
			     STR_ARG(in->service));
	s.payload_hash = in->payload_hash.length > 0 ? in->payload_hash : sha256_hex(a, in->body);
	headers_collect(&s);
	*out = (struct signature){ 0 };
	out->canonical_request = canonical_request(&s);
	out->string_to_sign = str_format(a, ALGORITHM "\n%s\n%.*s\n%.*s", s.date,
					 STR_ARG(s.scope),
					 STR_ARG(sha256_hex(a, out->canonical_request)));
	out->signature = signature_of(&s, out->string_to_sign);
	out->uri = in->in_query ? presigned_uri(&s, out->signature) : in->uri;
	signature_headers(&s, out);
	return true;
}
