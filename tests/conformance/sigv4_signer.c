#include "helper.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "executor/aws/aws.h"

static bool part(struct str text, size_t start, size_t end, int *out)
{
	int64_t number;

	if (!str_to_int(str_slice(text, start, end), &number))
		return false;
	*out = (int)number;
	return true;
}

/* "20150830T123600Z" */
static bool read_time(struct str text, int64_t *out)
{
	struct utc t;

	if (text.length != 16 || !part(text, 0, 4, &t.year) || !part(text, 4, 6, &t.month) ||
	    !part(text, 6, 8, &t.day) || !part(text, 9, 11, &t.hour) ||
	    !part(text, 11, 13, &t.minute) || !part(text, 13, 15, &t.second))
		return false;
	*out = utc_to_s(t);
	return true;
}

static void read_headers(struct arena *a, const struct value *question, struct sign_input *in)
{
	const struct value *list = value_get_c(question, "headers");
	struct http_header *headers;

	if (!list || list->kind != VALUE_LIST)
		return;
	headers = arena_array(a, struct http_header, list->list.count);
	for (size_t i = 0; i < list->list.count; i++) {
		const struct value *pair = &list->list.items[i];

		if (pair->kind != VALUE_LIST || pair->list.count != 2)
			continue;
		headers[in->header_count].name = pair->list.items[0].string;
		headers[in->header_count++].value = pair->list.items[1].string;
	}
	in->headers = headers;
}

static bool read_input(struct arena *a, const struct value *q, struct sign_input *in,
		       struct error *err)
{
	const struct value *expires = value_get_c(q, "expires_in");

	*in = (struct sign_input){
		.method = question_str(q, "method"), .uri = question_str(q, "uri"),
		.region = question_str(q, "region"), .service = question_str(q, "service"),
		.normalize_path = question_bool(q, "normalize_path"),
		.encode_path = question_bool(q, "encode_path"),
		.sign_body = question_bool(q, "sign_body"),
		.payload_hash = question_str(q, "payload_hash"),
		.omit_session_token = question_bool(q, "omit_session_token"),
		.in_query = str_equal_c(question_str(q, "placement"), "query"),
		.expires_in_s = expires && expires->kind == VALUE_INT ? expires->integer : 0,
	};
	read_headers(a, q, in);
	if (!base64_decode(a, question_str(q, "body_base64"), &in->body) ||
	    !read_time(question_str(q, "timestamp"), &in->time_s))
		return error_set(err, ERROR_PARSE, "the question's body or time is malformed");
	return true;
}

static void print_answer(struct arena *a, const struct signature *s, struct buf *answer)
{
	struct value v = value_map(), headers = value_list(NULL, 0);

	value_set(a, &v, STR("canonical_request"), value_string(s->canonical_request));
	value_set(a, &v, STR("string_to_sign"), value_string(s->string_to_sign));
	value_set(a, &v, STR("signature"), value_string(s->signature));
	value_set(a, &v, STR("uri"), value_string(s->uri));
	for (size_t i = 0; i < s->header_count; i++) {
		struct value pair = value_list(NULL, 0);

		value_append(a, &pair, value_string(s->headers[i].name));
		value_append(a, &pair, value_string(s->headers[i].value));
		value_append(a, &headers, pair);
	}
	value_set(a, &v, STR("headers"), headers);
	json_print(answer, &v);
}

bool sigv4_signer_answer(struct arena *a, struct str question, struct buf *answer,
			 struct error *err)
{
	struct credentials who = { 0 };
	struct signature signature;
	struct sign_input in;
	struct value q;

	if (!json_parse(a, question, SPAN_NOWHERE, &q, err))
		return false;
	if (!str_equal_c(question_str(&q, "algorithm"), "AWS4-HMAC-SHA256"))
		return error_set(err, ERROR_PARSE, "only AWS4-HMAC-SHA256 is known");
	who.access_key_id = question_str(&q, "access_key_id");
	who.secret_access_key = question_str(&q, "secret_access_key");
	who.session_token = question_str(&q, "session_token");
	if (!read_input(a, &q, &in, err) || !sigv4_sign(a, &in, &who, &signature, err))
		return false;
	print_answer(a, &signature, answer);
	return true;
}
