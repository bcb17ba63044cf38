#include "family.h"

struct csv {
	struct function_call *call;
	struct str text;
	size_t at;
	unsigned line;
};

struct field_vec VEC_OF(struct value);

static bool fail(struct csv *r, const char *why)
{
	function_fail(r->call, 0, "E0265 line %u of the CSV text: %s", r->line, why);
	return false;
}

static int peek(const struct csv *r)
{
	return r->at < r->text.length ? (unsigned char)r->text.data[r->at] : -1;
}

/* At the end of a field: a comma, a line end or the end. */
static bool at_end(const struct csv *r)
{
	int c = peek(r);

	return c < 0 || c == ',' || c == '\n' ||
	       (c == '\r' && str_starts(str_slice(r->text, r->at, r->text.length), STR("\r\n")));
}

static bool read_quoted(struct csv *r, struct str *out)
{
	struct buf b;

	buf_init(&b, r->call->arena);
	for (r->at++;; r->at++) {
		int c = peek(r);

		if (c < 0)
			return fail(r, "a quoted field has no end");
		if (c == '"') {
			r->at++;
			if (peek(r) != '"')
				break;
		}
		if (c == '\r' && r->at + 1 < r->text.length && r->text.data[r->at + 1] == '\n')
			continue;
		r->line += c == '\n';
		buf_add_char(&b, (char)c);
	}
	*out = buf_str(&b);
	return at_end(r) || fail(r, "something stands behind a quoted field");
}

static bool read_field(struct csv *r, struct str *out)
{
	size_t start = r->at;

	if (peek(r) == '"')
		return read_quoted(r, out);
	while (!at_end(r)) {
		if (peek(r) == '"')
			return fail(r, "a quote stands in a field that is not quoted");
		r->at++;
	}
	*out = str_slice(r->text, start, r->at);
	return true;
}

static void skip_line_end(struct csv *r)
{
	if (peek(r) == '\r')
		r->at++;
	if (peek(r) == '\n')
		r->at++;
	r->line++;
}

/* Empty lines are none.  No fields: the end. */
static bool read_line(struct csv *r, struct field_vec *fields)
{
	struct str field;

	fields->count = 0;
	while (r->at < r->text.length && at_end(r) && peek(r) != ',')
		skip_line_end(r);
	while (r->at < r->text.length || fields->count) {
		if (!read_field(r, &field))
			return false;
		*vec_push(r->call->arena, fields) = value_string(field);
		if (peek(r) != ',')
			break;
		r->at++;
	}
	if (peek(r) >= 0)
		skip_line_end(r);
	return true;
}

static bool check_names(struct csv *r, const struct field_vec *names)
{
	struct map seen = { 0 };

	r->line = 1;
	if (!names->count)
		return fail(r, "the names of the columns are missing");
	for (size_t i = 0; i < names->count; i++) {
		void **place = map_put(r->call->arena, &seen, names->items[i].string);

		if (*place)
			return fail(r, "two columns have the same name");
		*place = &names->items[i];
	}
	return true;
}

struct value function_csvdecode(struct function_call *c)
{
	struct csv r = { .call = c, .text = c->args[0].string, .line = 1 };
	struct field_vec names = { 0 }, fields = { 0 };
	struct value out = value_list(NULL, 0);
	size_t cells = 0;

	if (!read_line(&r, &names) || !check_names(&r, &names))
		return value_null();
	while (read_line(&r, &fields) && fields.count) {
		struct value row = value_map();

		if (fields.count != names.count) {
			r.line--;
			fail(&r, "it has not as many fields as the first line");
			return value_null();
		}
		cells += fields.count;
		if (cells > FUNCTION_ITEMS_MOST)
			return fail_too_many(c);
		for (size_t i = 0; i < fields.count; i++)
			value_set(c->arena, &row, names.items[i].string, fields.items[i]);
		value_append(c->arena, &out, row);
	}
	return out;
}
