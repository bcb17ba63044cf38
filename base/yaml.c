#include "yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "stats.h"
#include "yaml_scalar.h"

#define DEPTH_LIMIT 128
#define BOM "\xEF\xBB\xBF"

struct reader {
	struct arena *arena;
	struct str text;
	uint32_t file;
	struct diags *diags;
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned depth;
	/* libyaml counts characters, spans count bytes: the last place that was worked out. */
	size_t character, byte;
};

static bool read_node(struct reader *r, struct value *out);

static bool continues(const struct reader *r, size_t byte)
{
	return byte < r->text.length && ((unsigned char)r->text.data[byte] & 0xC0) == 0x80;
}

static uint32_t byte_of(struct reader *r, yaml_mark_t mark)
{
	while (r->character < mark.index && r->byte < r->text.length) {
		do
			r->byte++;
		while (continues(r, r->byte));
		r->character++;
	}
	while (r->character > mark.index && r->byte > 0) {
		do
			r->byte--;
		while (continues(r, r->byte));
		r->character--;
	}
	return (uint32_t)r->byte;
}

static struct span span_between(struct reader *r, yaml_mark_t start, yaml_mark_t end)
{
	struct span span = { .file = r->file };

	span.start = byte_of(r, start);
	span.end = byte_of(r, end);
	return span;
}

static struct span event_span(struct reader *r)
{
	return span_between(r, r->event.start_mark, r->event.end_mark);
}

static bool fail(struct reader *r, const char *what)
{
	diag_error(r->diags, event_span(r), "E0161 %s", what);
	return false;
}

/* What libyaml says of a malformed text. */
static bool fail_syntax(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "it cannot be read";
	struct span span = span_between(r, p->problem_mark, p->problem_mark);

	if (p->context)
		diag_error(r->diags, span, "E0160 invalid YAML: %s, %s", p->context, problem);
	else
		diag_error(r->diags, span, "E0160 invalid YAML: %s", problem);
	return false;
}

static bool next(struct reader *r)
{
	yaml_event_delete(&r->event);
	memset(&r->event, 0, sizeof(r->event));
	return yaml_parser_parse(&r->parser, &r->event) || fail_syntax(r);
}

static struct str event_text(struct reader *r)
{
	return str_copy(r->arena, str_of((const char *)r->event.data.scalar.value,
					 r->event.data.scalar.length));
}

/* Where the bytes stand in the source as they are, later stages can point into them. */
static void place_text(const struct reader *r, struct value *v)
{
	struct str source = str_slice(r->text, v->span.start, v->span.end);
	size_t quote = source.length && (source.data[0] == '"' || source.data[0] == '\'');

	if (str_starts(str_slice(source, quote, source.length), v->string))
		v->text_start = v->span.start + (uint32_t)quote;
	else
		v->text_start = v->span.end;
}

static bool read_scalar(struct reader *r, struct value *out)
{
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct str text = event_text(r);

	if (r->event.data.scalar.tag)
		return fail(r, "tags are not supported in YAML here");
	if (r->event.data.scalar.anchor)
		return fail(r, "anchors are not supported in YAML here");
	*out = plain ? yaml_plain_scalar(r->arena, text) : value_string(text);
	out->span = event_span(r);
	if (out->kind == VALUE_STRING)
		place_text(r, out);
	return true;
}

static bool read_list(struct reader *r, struct value *out)
{
	struct value item;

	if (r->event.data.sequence_start.tag)
		return fail(r, "tags are not supported in YAML here");
	if (r->event.data.sequence_start.anchor)
		return fail(r, "anchors are not supported in YAML here");
	*out = value_list(NULL, 0);
	while (next(r)) {
		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		if (!read_node(r, &item))
			return false;
		value_append(r->arena, out, item);
	}
	return false;
}

static bool read_key(struct reader *r, struct value *map, struct value **place)
{
	struct span span = event_span(r);
	struct member *member;
	struct str key;

	if (r->event.type == YAML_ALIAS_EVENT)
		return fail(r, "aliases are not supported in YAML here");
	if (r->event.type != YAML_SCALAR_EVENT)
		return fail(r, "a key must be a plain word or a string");
	if (r->event.data.scalar.tag || r->event.data.scalar.anchor)
		return fail(r, "tags and anchors are not supported in YAML here");
	key = event_text(r);
	if (value_member(map, key)) {
		diag_error(r->diags, span, "E0128 the key '%.*s' is given twice", STR_ARG(key));
		return false;
	}
	*place = value_set(r->arena, map, key, value_null());
	member = (struct member *)((char *)*place - offsetof(struct member, value));
	member->key_span = span;
	return true;
}

static bool read_map(struct reader *r, struct value *out)
{
	struct value *place = NULL;

	if (r->event.data.mapping_start.tag)
		return fail(r, "tags are not supported in YAML here");
	if (r->event.data.mapping_start.anchor)
		return fail(r, "anchors are not supported in YAML here");
	*out = value_map();
	while (next(r)) {
		if (r->event.type == YAML_MAPPING_END_EVENT)
			return true;
		if (!read_key(r, out, &place) || !next(r) || !read_node(r, place))
			return false;
	}
	return false;
}

/* A list or map: its span runs to the end of what closes it. */
static bool read_nested(struct reader *r, struct value *out)
{
	yaml_mark_t start = r->event.start_mark;
	bool list = r->event.type == YAML_SEQUENCE_START_EVENT;
	bool good;

	if (r->depth == DEPTH_LIMIT)
		return fail(r, "nested too deeply");
	r->depth++;
	good = list ? read_list(r, out) : read_map(r, out);
	r->depth--;
	if (good)
		out->span = span_between(r, start, r->event.end_mark);
	return good;
}

/* The node whose first event has been read. */
static bool read_node(struct reader *r, struct value *out)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, out);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return read_nested(r, out);
	case YAML_ALIAS_EVENT:
		return fail(r, "aliases are not supported in YAML here");
	default:
		return fail(r, "expected a value");
	}
}

static bool read_stream(struct reader *r, struct value *out)
{
	*out = value_null();
	if (!next(r) || !next(r))
		return false;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return true;
	if (!next(r) || !read_node(r, out) || !next(r) || !next(r))
		return false;
	return r->event.type == YAML_STREAM_END_EVENT || fail(r, "only one document is allowed");
}

static bool check_text(struct reader *r)
{
	struct span span = { r->file, 0, 0 };

	if (r->text.length < UINT32_MAX && str_is_utf8(r->text))
		return true;
	diag_error(r->diags, span, "E0160 invalid YAML: the text is not UTF-8 or too large");
	return false;
}

bool yaml_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct diags *d)
{
	struct reader r = { .arena = a, .text = text, .file = file, .diags = d };
	bool good;

	if (!check_text(&r))
		return false;
	CHECK(yaml_parser_initialize(&r.parser));
	if (str_starts(text, STR(BOM)))
		r.byte = strlen(BOM);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.parser,
				     (const unsigned char *)(text.data ? text.data : "") + r.byte,
				     text.length - r.byte);
	stats.bytes_read += text.length;
	good = read_stream(&r, out);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return good;
}
