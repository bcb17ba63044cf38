#include "yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "stats.h"
#include "yaml_scalar.h"

#define BOM "\xEF\xBB\xBF"

/* What an alias stands for. */
struct anchor {
	struct value value;
	struct str text;		/* of a scalar, as it would be a key */
	bool scalar, open;		/* open: it is still being read */
	uint32_t values;		/* in it, with those of its aliases */
	unsigned height;		/* of the containers in it */
};

struct yaml_reader {
	struct arena *arena;
	struct str text;
	uint32_t file;
	unsigned options;
	struct diags *diags;
	yaml_parser_t parser;
	yaml_event_t event;
	unsigned depth, reached;	/* containers around; the most there were */
	unsigned mistakes;
	uint32_t values;
	uint32_t end;			/* of the node last read */
	struct map anchors;		/* name -> struct anchor */
	/* libyaml counts characters, spans count bytes: the last place that was worked out. */
	size_t character, byte;
	size_t fed;			/* to libyaml */
};

/* Where the node that begins with the event stands, before anything else is read. */
struct head {
	struct span span;		/* of its first event */
	struct anchor *anchor;		/* NULL: it has none */
	struct str tag;			/* empty: none */
	bool is_text;			/* its tag is "!": what looks like a number is none */
};

/* Like all readers here: false after what ends the reading; out is always set. */
static bool read_node(struct yaml_reader *r, struct value *out);

static bool continues(const struct yaml_reader *r, size_t byte)
{
	return byte < r->text.length && ((unsigned char)r->text.data[byte] & 0xC0) == 0x80;
}

static uint32_t byte_of(struct yaml_reader *r, yaml_mark_t mark)
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

static struct span event_span(struct yaml_reader *r)
{
	struct span span = { .file = r->file };

	span.start = byte_of(r, r->event.start_mark);
	span.end = byte_of(r, r->event.end_mark);
	return span;
}

static struct value damaged_value(struct span span)
{
	struct value v = value_null();

	v.span = span;
	v.marks = VALUE_DAMAGED;
	return v;
}

bool yaml_counts(struct yaml_reader *r, struct span span)
{
	if (r->mistakes++ < YAML_MISTAKE_LIMIT)
		return true;
	diag_error(r->diags, span, "E0104 more than %d mistakes in this file: the rest is not read",
		   YAML_MISTAKE_LIMIT);
	return false;
}

static bool stop_syntax(struct yaml_reader *r)
{
	const yaml_parser_t *p = &r->parser;
	struct yaml_refusal refusal = {
		.text = r->text, .file = r->file, .context = p->context,
		.problem = p->problem ? p->problem : "it cannot be read",
	};

	r->mistakes++;
	/* What libyaml cannot decode has no mark. */
	if (p->error == YAML_READER_ERROR) {
		refusal.at = (uint32_t)(p->problem_offset +
					(str_starts(r->text, STR(BOM)) ? strlen(BOM) : 0));
		refusal.context = NULL;
	} else {
		refusal.at = byte_of(r, p->problem_mark);
		refusal.begun = p->context ? byte_of(r, p->context_mark) : refusal.at;
	}
	yaml_refuse(&refusal, r->diags);
	return false;
}

static bool next(struct yaml_reader *r)
{
	yaml_event_delete(&r->event);
	memset(&r->event, 0, sizeof(r->event));
	return yaml_parser_parse(&r->parser, &r->event) || stop_syntax(r);
}

static struct str event_text(struct yaml_reader *r)
{
	return str_copy(r->arena, str_of((const char *)r->event.data.scalar.value,
					 r->event.data.scalar.length));
}

static struct str name_of(const yaml_char_t *text)
{
	return text ? str_from_c((const char *)text) : (struct str){ 0 };
}

static bool in_anchor(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == '-';
}

/* A scalar's span without the tag and the anchor before it. */
static struct span scalar_span(const struct yaml_reader *r, struct span span)
{
	uint32_t at = span.start;

	while (at < span.end && (r->text.data[at] == '!' || r->text.data[at] == '&')) {
		bool anchor = r->text.data[at] == '&';

		for (at++; at < span.end && (unsigned char)r->text.data[at] > ' '; at++)
			if (anchor && !in_anchor(r->text.data[at]))
				break;
		if (at < span.end && (unsigned char)r->text.data[at] > ' ')
			break;
		while (at < span.end && ((unsigned char)r->text.data[at] <= ' ' ||
					 r->text.data[at] == '#')) {
			if (r->text.data[at] == '#')
				while (at < span.end && r->text.data[at] != '\n')
					at++;
			else
				at++;
		}
	}
	span.start = at;
	return span;
}

static bool refuse_tag(struct yaml_reader *r, const struct head *head)
{
	struct str tag = head->tag;

	if (str_starts(tag, STR(YAML_TAGS)))
		tag = str_format(r->arena, "!!%.*s",
				 STR_ARG(str_slice(tag, sizeof(YAML_TAGS) - 1, tag.length)));
	if (!YAML_MISTAKE(r, head->span, "E0132 the tag '%.*s' has no meaning here", STR_ARG(tag)))
		return false;
	if (str_equal_c(tag, "!Ref") || str_equal_c(tag, "!GetAtt") || str_equal_c(tag, "!Sub"))
		diag_help(r->diags, "write \"${id.attribute}\" for what belongs to another block");
	else
		diag_help(r->diags, "leave it out; text needs quotes where it looks like a number");
	return true;
}

/*
 * libyaml ends an anchor's name at its first odd character, and takes '?' in [ ] and
 * { } for the mark of a key, whatever follows: it would read another text than is there.
 */
static bool check_glued(struct yaml_reader *r, const struct head *head, struct span span)
{
	char before = span.start ? r->text.data[span.start - 1] : ' ';
	struct span glued = { r->file, span.start - 1, span.start };

	if (before == '?')
		return YAML_MISTAKE(r, glued, "E0140 text that begins with '?' needs quotes");
	if (in_anchor(before) && head->anchor && span.end > span.start)
		return YAML_MISTAKE(r, span, "E0134 the name of an anchor is of letters, digits, "
				    "'-' and '_', and ends with a blank");
	return true;
}

static bool read_scalar(struct yaml_reader *r, struct head *head, struct value *out)
{
	bool plain = r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct span span = scalar_span(r, head->span);
	struct str text = event_text(r);

	if (!check_glued(r, head, span))
		return false;
	plain = plain && !(head->is_text && text.length);
	*out = plain ? yaml_plain_scalar(r->arena, text) : value_string(text);
	if (head->tag.length && yaml_is_scalar_tag(head->tag)) {
		if (!yaml_tagged_scalar(r->arena, text, head->tag, out)) {
			*out = damaged_value(span);
			return YAML_MISTAKE(r, head->span, "E0132 '%.*s' is not what its tag says",
					    STR_ARG(text));
		}
	} else if (head->tag.length && !(r->options & YAML_ANY_TAG)) {
		*out = damaged_value(span);
		return refuse_tag(r, head);
	}
	out->span = span;
	r->end = span.end;
	if (out->kind == VALUE_STRING)
		yaml_place_text(r->arena, r->text, span.start, span.end, out);
	if (head->anchor) {
		head->anchor->text = text;
		head->anchor->scalar = true;
	}
	return true;
}

/* What could not be read may have left the end of what came before. */
static uint32_t later(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static bool read_list(struct yaml_reader *r, struct value *out)
{
	while (next(r)) {
		struct value item;
		bool more;

		if (r->event.type == YAML_SEQUENCE_END_EVENT)
			return true;
		more = read_node(r, &item);
		out->marks |= item.marks & VALUE_DAMAGED;
		out->span.end = later(out->span.end, r->end);
		value_append(r->arena, out, item);
		if (!more)
			break;
	}
	out->marks |= VALUE_DAMAGED;
	return false;
}

/* False if what the event begins can be no key. */
static bool key_text(struct yaml_reader *r, struct str *key)
{
	const struct anchor *anchor;

	*key = (struct str){ 0 };
	if (r->event.type == YAML_SCALAR_EVENT) {
		*key = event_text(r);
		return true;
	}
	if (r->event.type != YAML_ALIAS_EVENT)
		return false;
	anchor = map_get(&r->anchors, name_of(r->event.data.alias.anchor));
	if (anchor)
		*key = anchor->text;
	return !anchor || anchor->scalar;
}

/* place: NULL after a mistake; the value is read all the same. */
static bool read_key(struct yaml_reader *r, struct value *map, struct value **place)
{
	bool alias = r->event.type == YAML_ALIAS_EVENT;
	struct span span = event_span(r);
	unsigned before = r->mistakes;
	struct member *member;
	struct value node;
	struct str key;
	bool known = key_text(r, &key), good = read_node(r, &node);

	*place = NULL;
	if (good && !known && r->mistakes == before)
		good = YAML_MISTAKE(r, span, "E0138 a key must be a word or a string");
	if (!good || r->mistakes > before)
		return good;
	if (!alias)
		span = node.span;
	if (value_member(map, key))
		return YAML_MISTAKE(r, span, "E0128 the key '%.*s' is given twice", STR_ARG(key));
	*place = value_set(r->arena, map, key, damaged_value(span));
	member = (struct member *)((char *)*place - offsetof(struct member, value));
	member->key_span = span;
	return true;
}

static bool read_map(struct yaml_reader *r, struct value *out)
{
	struct value *place = NULL, item;

	while (next(r)) {
		bool more;

		if (r->event.type == YAML_MAPPING_END_EVENT)
			return true;
		if (!read_key(r, out, &place) || !next(r))
			break;
		more = read_node(r, &item);
		/* What a table within lacks, this one has. */
		if (!place || item.kind != VALUE_MAP)
			out->marks |= place ? item.marks & VALUE_DAMAGED : VALUE_DAMAGED;
		out->span.end = later(out->span.end, r->end);
		if (place)
			*place = item;
		if (!more)
			break;
	}
	/* Text that goes on where a key was meant ends with the mistake. */
	if (place)
		place->marks |= VALUE_DAMAGED;
	out->marks |= VALUE_DAMAGED;
	return false;
}

/* A list or map: its span runs to the end of what closes it, or of the last item. */
static bool read_nested(struct yaml_reader *r, struct head *head, struct value *out)
{
	bool list = r->event.type == YAML_SEQUENCE_START_EVENT;
	bool flow = list ? r->event.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE :
		r->event.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	struct str tag = list ? STR(YAML_TAGS "seq") : STR(YAML_TAGS "map");
	bool good = true;

	*out = list ? value_list(NULL, 0) : value_map();
	out->span = head->span;
	if (r->depth == YAML_DEPTH_LIMIT) {
		*out = damaged_value(head->span);
		return YAML_STOP(r, head->span, "E0105 values nested deeper than %d levels",
				 YAML_DEPTH_LIMIT);
	}
	if (head->tag.length && !str_equal(head->tag, tag) && !(r->options & YAML_ANY_TAG)) {
		out->marks |= VALUE_DAMAGED;
		good = refuse_tag(r, head);
	}
	if (++r->depth > r->reached)
		r->reached = r->depth;
	good = good && (list ? read_list(r, out) : read_map(r, out));
	r->depth--;
	if (good && flow)
		out->span.end = byte_of(r, r->event.end_mark);
	r->end = out->span.end;
	return good;
}

static bool read_alias(struct yaml_reader *r, const struct head *head, struct value *out)
{
	struct str name = name_of(r->event.data.alias.anchor);
	const struct anchor *anchor = map_get(&r->anchors, name);

	*out = damaged_value(head->span);
	r->end = head->span.end;
	if (!anchor)
		return YAML_MISTAKE(r, head->span, "E0134 no '&%.*s' stands above this alias",
				    STR_ARG(name));
	if (anchor->open)
		return YAML_MISTAKE(r, head->span, "E0134 '*%.*s' stands in what it is an alias of",
				    STR_ARG(name));
	if (r->values > YAML_VALUE_LIMIT || anchor->values > YAML_VALUE_LIMIT - r->values)
		return YAML_STOP(r, head->span, "E0135 the aliases make the file too large");
	r->values += anchor->values;
	if (r->depth + anchor->height > YAML_DEPTH_LIMIT)
		return YAML_MISTAKE(r, head->span, "E0105 values nested deeper than %d levels",
				    YAML_DEPTH_LIMIT);
	if (r->depth + anchor->height > r->reached)
		r->reached = r->depth + anchor->height;
	*out = anchor->value;
	return true;
}

/* Notes the anchor and the tag of the event, which is gone once the node is read. */
static void read_head(struct yaml_reader *r, struct head *head)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	head->span = event_span(r);
	if (r->event.type == YAML_SCALAR_EVENT) {
		anchor = r->event.data.scalar.anchor;
		tag = r->event.data.scalar.tag;
	} else if (r->event.type == YAML_SEQUENCE_START_EVENT) {
		anchor = r->event.data.sequence_start.anchor;
		tag = r->event.data.sequence_start.tag;
	} else if (r->event.type == YAML_MAPPING_START_EVENT) {
		anchor = r->event.data.mapping_start.anchor;
		tag = r->event.data.mapping_start.tag;
	}
	head->is_text = str_equal_c(name_of(tag), "!");
	if (!head->is_text)
		head->tag = str_copy(r->arena, name_of(tag));
	if (!anchor)
		return;
	head->anchor = arena_new(r->arena, struct anchor);
	head->anchor->open = true;
	*map_put(r->arena, &r->anchors, str_copy(r->arena, name_of(anchor))) = head->anchor;
}

static bool read_kind(struct yaml_reader *r, struct head *head, struct value *out)
{
	switch (r->event.type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(r, head, out);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return read_nested(r, head, out);
	case YAML_ALIAS_EVENT:
		return read_alias(r, head, out);
	default:
		BUG("YAML event %d where a value begins", (int)r->event.type);
	}
}

/* The node whose first event has been read. */
static bool read_node(struct yaml_reader *r, struct value *out)
{
	unsigned depth = r->depth, reached = r->reached;
	uint32_t before = r->values;
	struct head head = { 0 };
	bool good;

	*out = damaged_value(SPAN_NONE);
	if (r->event.type != YAML_ALIAS_EVENT)
		r->values++;
	read_head(r, &head);
	if (head.anchor)
		r->reached = depth;
	good = read_kind(r, &head, out);
	if (!head.anchor)
		return good;
	head.anchor->value = *out;
	head.anchor->values = r->values - before;
	head.anchor->height = r->reached - depth;
	head.anchor->open = false;
	r->reached = r->reached > reached ? r->reached : reached;
	return good;
}

/* The document whose start has been read, to its end. */
static bool read_document(struct yaml_reader *r, struct value *out)
{
	r->anchors = (struct map){ 0 };
	return next(r) && read_node(r, out) && next(r);
}

static bool read_stream(struct yaml_reader *r, struct value *out)
{
	bool several = r->options & YAML_DOCUMENTS, good = next(r);
	unsigned count = 0;

	*out = several ? value_list(NULL, 0) : value_null();
	for (good = good && next(r); good && r->event.type != YAML_STREAM_END_EVENT;
	     good = good && next(r)) {
		struct value document = value_null();

		if (count++ && !several) {
			good = YAML_STOP(r, event_span(r), "E0133 only one document is allowed");
			diag_help(r->diags, "remove the '---' and what follows, or use two files");
			break;
		}
		good = read_document(r, &document);
		if (several)
			value_append(r->arena, out, document);
		else
			*out = document;
	}
	if (!good)
		out->marks |= VALUE_DAMAGED;
	return good;
}

/* libyaml would say where, but not which byte. */
static bool check_text(struct yaml_reader *r)
{
	struct span span = { r->file, 0, 0 };

	if (r->text.length >= UINT32_MAX)
		return YAML_STOP(r, span, "E0103 the file is larger than 4 GB");
	span.start = (uint32_t)str_utf8_length(r->text);
	span.end = span.start + 1;
	if (span.start == r->text.length)
		return true;
	(void)YAML_STOP(r, span, "E0101 byte 0x%02X is not UTF-8",
			(unsigned)(unsigned char)r->text.data[span.start]);
	diag_help(r->diags, "save the file as UTF-8");
	return false;
}

/* The text, and the newline that its last line may lack. */
static int feed(void *context, unsigned char *out, size_t size, size_t *count)
{
	struct yaml_reader *r = context;
	struct str rest = str_slice(r->text, r->fed, r->text.length);

	if (r->fed == r->text.length && !str_ends(r->text, STR("\n")))
		rest = STR("\n");
	*count = rest.length < size ? rest.length : size;
	if (*count)
		memcpy(out, rest.data, *count);
	r->fed += *count;
	return 1;
}

bool yaml_read(struct arena *a, struct str text, uint32_t file, unsigned options,
	       struct value *out, struct diags *d)
{
	struct yaml_reader r = { .arena = a, .text = text, .file = file, .options = options,
			    .diags = d };

	*out = damaged_value((struct span){ file, 0, 0 });
	if (!check_text(&r))
		return false;
	CHECK(yaml_parser_initialize(&r.parser));
	if (str_starts(text, STR(BOM)))
		r.byte = strlen(BOM);
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	r.fed = r.byte;
	yaml_parser_set_input(&r.parser, feed, &r);
	stats.bytes_read += text.length;
	read_stream(&r, out);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.parser);
	return r.mistakes == 0;
}

bool yaml_parse(struct arena *a, struct str text, uint32_t file, struct value *out,
		struct diags *d)
{
	return yaml_read(a, text, file, 0, out, d);
}
