#include "batch.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"

#define HEAD "{\"effc_journal\":1,\n"
#define TAIL ",\n\"sha256\":\""
#define TAIL_END "\"}\n"
#define HEX_DIGITS 64

/* ---- one write ---- */

static void set_text(struct arena *a, struct value *map, const char *key, struct str text)
{
	if (text.length)
		value_set(a, map, str_from_c(key), value_string(text));
}

static struct value pin_value(struct arena *a, const struct scope *pin)
{
	struct value v = value_map();

	set_text(a, &v, "target", pin->target);
	set_text(a, &v, "partition", pin->partition);
	set_text(a, &v, "account", pin->account);
	set_text(a, &v, "region", pin->region);
	return v;
}

struct str write_line(struct arena *a, const struct store_write *w)
{
	struct value v = value_map();

	if (w->put)
		set_text(a, &v, "put", row_encode(a, w->put));
	if (w->open)
		value_set(a, &v, STR("open"), value_bool(true));
	set_text(a, &v, "remove", w->remove);
	if (w->tombstone.address.length) {
		set_text(a, &v, "gone", w->tombstone.address);
		value_set(a, &v, STR("generation"), value_int(w->tombstone.generation));
	}
	if (w->outputs)
		value_set(a, &v, STR("outputs"), *w->outputs);
	if (w->pin)
		value_set(a, &v, STR("pin"), pin_value(a, w->pin));
	set_text(a, &v, "journal", w->journal);
	return json_text_canonical(a, &v);
}

static void bury(struct arena *a, struct state *s, struct str address, uint32_t generation)
{
	size_t size = sizeof(struct tombstone), count = s->tombstone_count;

	for (size_t i = 0; i < count; i++) {
		if (!str_equal(s->tombstones[i].address, address))
			continue;
		s->tombstones[i].generation = generation;
		return;
	}
	s->tombstones = arena_grow(a, s->tombstones, count * size, (count + 1) * size,
				   _Alignof(struct tombstone));
	s->tombstones[s->tombstone_count++] = (struct tombstone){ address, generation };
}

static bool put_row(struct arena *a, struct str text, bool doubt, struct state *s,
		    struct error *err)
{
	struct row *row = arena_new(a, struct row);

	if (!row_decode(a, text, row, err))
		return false;
	if (doubt && (row->status == ROW_CREATING || row->status == ROW_REPLACING ||
		      row->status == ROW_DELETING))
		row->sent = true;
	state_put(a, s, row);
	return true;
}

bool write_apply(struct arena *a, struct str line, bool doubt, struct state *s, struct error *err)
{
	const struct value *generation, *outputs, *pin, *open;
	struct value v;
	struct str put, gone;

	if (!json_parse(a, str_copy(a, line), SPAN_NOWHERE, &v, err))
		return false;
	if (v.kind != VALUE_MAP)
		return error_set(err, ERROR_CORRUPT, "a write is no table");
	put = value_get_str(&v, "put");
	gone = value_get_str(&v, "gone");
	generation = value_get_c(&v, "generation");
	outputs = value_get_c(&v, "outputs");
	pin = value_get_c(&v, "pin");
	open = value_get_c(&v, "open");
	if (put.length && !put_row(a, put, doubt && !open, s, err))
		return false;
	state_remove(s, value_get_str(&v, "remove"));
	if (gone.length && (!generation || generation->kind != VALUE_INT ||
			    generation->integer < 0 || generation->integer > UINT32_MAX))
		return error_set(err, ERROR_CORRUPT, "a tombstone has no generation");
	if (gone.length)
		bury(a, s, gone, (uint32_t)generation->integer);
	if (outputs && outputs->kind == VALUE_MAP)
		s->outputs = *outputs;
	if (pin && pin->kind == VALUE_MAP)
		s->pin = (struct scope){
			.target = value_get_str(pin, "target"),
			.partition = value_get_str(pin, "partition"),
			.account = value_get_str(pin, "account"),
			.region = value_get_str(pin, "region"),
		};
	return true;
}

/* ---- many ---- */

static struct str digest_of(struct arena *a, struct str text)
{
	struct sha256 digest = sha256_of(text);

	return hex_encode(a, digest.bytes, sizeof(digest.bytes));
}

struct str batch_text(struct arena *a, struct batch *b)
{
	struct value head = value_map();
	struct str text;
	struct buf out;

	value_set(a, &head, STR("lineage"), value_string(b->lineage));
	value_set(a, &head, STR("base"), value_int((int64_t)b->base));
	value_set(a, &head, STR("run"), value_string(b->run));
	value_set(a, &head, STR("number"), value_int((int64_t)b->number));
	value_set(a, &head, STR("after"), value_string(b->after));
	text = json_text_canonical(a, &head);
	buf_init(&out, a);
	buf_add_c(&out, HEAD);
	buf_add(&out, str_slice(text, 1, text.length - 1));
	buf_add_c(&out, ",\n\"writes\":[");
	for (size_t i = 0; i < b->writes.count; i++) {
		buf_add_c(&out, i ? ",\n" : "\n");
		buf_add(&out, b->writes.items[i]);
	}
	buf_add_c(&out, "]");
	b->digest = digest_of(a, buf_str(&out));
	buf_printf(&out, TAIL "%.*s" TAIL_END, STR_ARG(b->digest));
	return buf_str(&out);
}

static bool digest_holds(struct arena *a, struct str text, struct str *digest)
{
	size_t size = sizeof(TAIL) - 1 + HEX_DIGITS + sizeof(TAIL_END) - 1;
	struct str body, tail;

	if (text.length < size)
		return false;
	body = str_slice(text, 0, text.length - size);
	tail = str_slice(text, body.length, text.length);
	*digest = digest_of(a, body);
	return str_starts(text, STR(HEAD)) &&
	       str_equal(tail, str_format(a, TAIL "%.*s" TAIL_END, STR_ARG(*digest)));
}

static bool read_head(const struct value *v, struct batch *out)
{
	const struct value *base = value_get_c(v, "base"), *number = value_get_c(v, "number");

	out->lineage = value_get_str(v, "lineage");
	out->run = value_get_str(v, "run");
	out->after = value_get_str(v, "after");
	if (!base || base->kind != VALUE_INT || base->integer < 0 || !number ||
	    number->kind != VALUE_INT || number->integer < 0 || !out->run.length)
		return false;
	out->base = (uint64_t)base->integer;
	out->number = (uint64_t)number->integer;
	return true;
}

bool batch_read(struct arena *a, struct str text, struct str name, struct batch *out,
		struct error *err)
{
	const struct value *writes;
	struct value v;

	*out = (struct batch){ 0 };
	if (!digest_holds(a, text, &out->digest))
		return error_set(err, ERROR_CORRUPT, "the journal '%.*s' is damaged: its digest "
				 "does not hold", STR_ARG(name));
	if (!json_parse(a, text, SPAN_NOWHERE, &v, err))
		return error_context(err, "the journal '%.*s'", STR_ARG(name));
	writes = v.kind == VALUE_MAP ? value_get_c(&v, "writes") : NULL;
	if (!writes || writes->kind != VALUE_LIST || !read_head(&v, out))
		return error_set(err, ERROR_CORRUPT, "the journal '%.*s' is damaged: its head is "
				 "malformed", STR_ARG(name));
	out->writes.items = arena_array(a, struct str, writes->list.count);
	for (size_t i = 0; i < writes->list.count; i++)
		out->writes.items[out->writes.count++] =
			json_text_canonical(a, &writes->list.items[i]);
	return true;
}
