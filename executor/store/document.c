#include "document.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"

#define LINEAGE_DIGITS 32
#define HEX_DIGITS (2 * SHA256_BYTES)
#define HEAD "{\"effc_state\":"
#define TAIL "\"sha256\":\""
#define TAIL_END "\"}\n"

/* ---- writing ---- */

static void set_text(struct arena *a, struct value *map, struct str key, struct str text)
{
	if (text.length)
		value_set(a, map, key, value_string(text));
}

static struct value pin_value(struct arena *a, const struct scope *pin)
{
	struct value v = value_map();

	set_text(a, &v, STR("account"), pin->account);
	set_text(a, &v, STR("partition"), pin->partition);
	set_text(a, &v, STR("region"), pin->region);
	set_text(a, &v, STR("target"), pin->target);
	return v;
}

static struct value note_value(struct arena *a, const struct document_note *note)
{
	struct value v = value_map();

	value_set(a, &v, STR("added"), value_int((int64_t)note->added));
	value_set(a, &v, STR("changed"), value_int((int64_t)note->changed));
	value_set(a, &v, STR("removed"), value_int((int64_t)note->removed));
	value_set(a, &v, STR("wall_ms"), value_int(note->wall_ms));
	set_text(a, &v, STR("who"), note->who);
	set_text(a, &v, STR("command"), note->command);
	return v;
}

static void add_member(struct buf *out, const char *name, const struct value *v)
{
	buf_printf(out, "\"%s\":", name);
	json_print_canonical(out, v);
	buf_add_char(out, ',');
}

static void add_text(struct buf *out, const char *name, struct str text)
{
	struct value v = value_string(text);

	add_member(out, name, &v);
}

static int compare_tombstones(const void *a, const void *b)
{
	const struct tombstone *left = a, *right = b;

	return str_compare(left->address, right->address);
}

static void add_tombstones(struct buf *out, const struct state *state)
{
	struct tombstone *sorted = arena_array(out->arena, struct tombstone,
					       state->tombstone_count);

	if (state->tombstone_count) {
		memcpy(sorted, state->tombstones, state->tombstone_count * sizeof(*sorted));
		qsort(sorted, state->tombstone_count, sizeof(*sorted), compare_tombstones);
	}
	buf_add_c(out, "\"tombstones\":{");
	for (size_t i = 0; i < state->tombstone_count; i++) {
		buf_add_c(out, i ? ",\n" : "\n");
		json_print_string(out, sorted[i].address);
		buf_printf(out, ":%u", sorted[i].generation);
	}
	buf_add_c(out, "},\n");
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *const *left = a, *const *right = b;

	return address_compare(&(*left)->address, &(*right)->address);
}

static const struct row **sorted_rows(struct arena *a, const struct state *state)
{
	const struct row **sorted = arena_array(a, const struct row *, state->row_count);

	for (size_t i = 0; i < state->row_count; i++)
		sorted[i] = state->rows[i];
	if (state->sorted_count != state->row_count)
		qsort(sorted, state->row_count, sizeof(*sorted), compare_rows);
	return sorted;
}

static void add_rows(struct buf *out, const struct state *state)
{
	const struct row **rows = sorted_rows(out->arena, state);

	buf_add_c(out, "\"rows\":[");
	for (size_t i = 0; i < state->row_count; i++) {
		struct arena scratch;

		arena_init(&scratch);
		buf_add_c(out, i ? ",\n" : "\n");
		buf_add(out, row_encode(&scratch, rows[i]));
		arena_release(&scratch);
	}
	buf_add_c(out, "],\n");
}

struct str document_write(struct arena *a, const struct state *state,
			  const struct document_note *note)
{
	struct value pin = pin_value(a, &state->pin);
	struct value empty = value_map(), run;
	struct buf out;

	CHECK(state->lineage.length && state->project.length && state->stage.length);
	buf_init(&out, a);
	buf_printf(&out, HEAD "%d,\n", DOCUMENT_FORMAT);
	add_text(&out, "lineage", state->lineage);
	add_member(&out, "outputs", state->outputs.kind == VALUE_MAP ? &state->outputs : &empty);
	add_member(&out, "pin", &pin);
	add_text(&out, "project", state->project);
	if (note) {
		run = note_value(a, note);
		add_member(&out, "run", &run);
	}
	buf_printf(&out, "\n\"serial\":%llu,", (unsigned long long)state->serial);
	add_text(&out, "stage", state->stage);
	buf_add_char(&out, '\n');
	add_rows(&out, state);
	add_tombstones(&out, state);
	buf_printf(&out, TAIL "%.*s" TAIL_END, STR_ARG(sha256_hex(a, buf_str(&out))));
	return buf_str(&out);
}

/* ---- reading ---- */

enum part {
	PART_FORMAT, PART_LINEAGE, PART_OUTPUTS, PART_PIN, PART_PROJECT, PART_RUN, PART_SERIAL,
	PART_STAGE, PART_ROWS, PART_TOMBSTONES, PART_DIGEST,
	PARTS
};
static const char *const part_names[PARTS] = {
	"effc_state", "lineage", "outputs", "pin", "project", "run", "serial", "stage", "rows",
	"tombstones", "sha256",
};

struct reading {
	struct arena *arena;
	struct str text, name;
	struct str parts[PARTS];	/* as written; empty: absent */
	struct state_document *out;
	struct error *err;
};

static bool damaged(struct reading *r, const char *what)
{
	return error_set(r->err, ERROR_CORRUPT, "the state '%.*s' is damaged: %s",
			 STR_ARG(r->name), what);
}

static bool damaged_part(struct reading *r, enum part part, const char *what)
{
	return error_set(r->err, ERROR_CORRUPT, "the state '%.*s' is damaged: its '%s' %s",
			 STR_ARG(r->name), part_names[part], what);
}

/* Of what has no valid digest too: a newer form may have another. */
static bool check_format(struct reading *r, bool whole)
{
	struct str head = str_slice(r->text, 0, sizeof(HEAD) - 1);
	struct str rest = str_slice(r->text, head.length, r->text.length);
	struct str digits = str_slice(rest, 0, str_index(rest, ','));
	int64_t format;

	if (!r->text.length)
		return damaged(r, "it is empty");
	if (!str_equal_c(head, HEAD))
		return error_set(r->err, ERROR_CORRUPT, "'%.*s' is no state of effc",
				 STR_ARG(r->name));
	if (digits.length == rest.length || !str_to_int(digits, &format) || format < 1)
		return damaged(r, "its first line names no format");
	if (format > DOCUMENT_FORMAT)
		return error_set(r->err, ERROR_CORRUPT,
				 "the state '%.*s' has format %lld, written by a newer effc%s; "
				 "this one knows formats up to %d",
				 STR_ARG(r->name), (long long)format, whole ? "" :
				 ", or is damaged", DOCUMENT_FORMAT);
	return true;
}

static bool digest_holds(struct reading *r)
{
	size_t size = sizeof(TAIL) - 1 + HEX_DIGITS + sizeof(TAIL_END) - 1, start;
	struct str tail, want;

	if (r->text.length < size)
		return false;
	start = r->text.length - size;
	tail = str_slice(r->text, start, r->text.length);
	want = STR_JOIN(r->arena, STR(TAIL),
			sha256_hex(r->arena, str_slice(r->text, 0, start)), STR(TAIL_END));
	return str_equal(tail, want);
}

static bool ends_whole(struct str text)
{
	return str_ends(text, STR(TAIL_END));
}

static bool check_bytes(struct reading *r)
{
	bool whole = r->text.length <= DOCUMENT_LIMIT_BYTES && digest_holds(r);

	if (r->text.length > DOCUMENT_LIMIT_BYTES)
		return error_set(r->err, ERROR_LIMIT, "the state '%.*s' has more than %u MiB",
				 STR_ARG(r->name), DOCUMENT_LIMIT_BYTES >> 20);
	if (!check_format(r, whole))
		return false;
	if (whole)
		return true;
	if (!ends_whole(r->text))
		return error_set(r->err, ERROR_CORRUPT,
				 "the state '%.*s' is damaged: it was cut short, after %zu bytes",
				 STR_ARG(r->name), r->text.length);
	return damaged(r, "its digest does not hold, so it was changed after it was written");
}

/* Exactly our members, in our order; only `run` may be absent. */
static bool cut(struct reading *r)
{
	struct json_items items = { .scratch = r->arena, .text = str_trim(r->text),
				    .err = r->err };
	struct str name, item;
	unsigned at = 0;

	while (json_next(&items, &name, &item)) {
		if (at == PART_RUN && !str_equal_c(name, part_names[at]))
			at++;
		if (!items.map || at == PARTS || !str_equal_c(name, part_names[at]))
			return damaged(r, "its members are not what this effc writes");
		r->parts[at++] = item;
	}
	if (items.failed) {
		if (r->err)
			r->err->kind = ERROR_CORRUPT;
		return error_context(r->err, "the state '%.*s' is damaged", STR_ARG(r->name));
	}
	return at == PARTS || damaged(r, "members are missing");
}

static bool parse_part(struct reading *r, enum part part, enum value_kind kind, struct value *out)
{
	CHECK(json_parse(r->arena, r->parts[part], SPAN_NOWHERE, out, NULL));
	return out->kind == kind || damaged_part(r, part, "has the wrong kind");
}

static bool take_text(struct reading *r, enum part part, struct str *out)
{
	struct value v;

	if (!parse_part(r, part, VALUE_STRING, &v))
		return false;
	*out = v.string;
	return out->length || damaged_part(r, part, "is empty");
}

static bool take_lineage(struct reading *r)
{
	struct str *lineage = &r->out->state.lineage;

	if (!take_text(r, PART_LINEAGE, lineage))
		return false;
	for (size_t i = 0; i < lineage->length; i++) {
		if (!strchr("0123456789abcdef", lineage->data[i]))
			return damaged_part(r, PART_LINEAGE, "is no lineage");
	}
	return lineage->length == LINEAGE_DIGITS ||
	       damaged_part(r, PART_LINEAGE, "is no lineage");
}

static bool take_pin(struct reading *r)
{
	struct scope *pin = &r->out->state.pin;
	struct { const char *name; struct str *place; } parts[] = {
		{ "account", &pin->account }, { "partition", &pin->partition },
		{ "region", &pin->region }, { "target", &pin->target },
	};
	uint32_t known = 0;
	struct value v;

	if (!parse_part(r, PART_PIN, VALUE_MAP, &v))
		return false;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		*parts[i].place = value_get_str(&v, parts[i].name);
		known += parts[i].place->length > 0;
	}
	return known == v.map.count ||
	       damaged_part(r, PART_PIN, "says what this version does not know");
}

static bool take_number(const struct value *map, const char *name, int64_t *out)
{
	const struct value *v = value_get_c(map, name);

	if (!v || v->kind != VALUE_INT || v->integer < 0)
		return false;
	*out = v->integer;
	return true;
}

static bool take_note(struct reading *r)
{
	struct document_note *note = &r->out->note;
	int64_t added, changed, removed;
	uint32_t known = 4;
	struct value v;

	if (!r->parts[PART_RUN].length)
		return true;
	if (!parse_part(r, PART_RUN, VALUE_MAP, &v))
		return false;
	note->who = value_get_str(&v, "who");
	note->command = value_get_str(&v, "command");
	known += (note->who.length > 0) + (note->command.length > 0);
	if (v.map.count != known || !take_number(&v, "added", &added) ||
	    !take_number(&v, "changed", &changed) || !take_number(&v, "removed", &removed) ||
	    !take_number(&v, "wall_ms", &note->wall_ms))
		return damaged_part(r, PART_RUN, "is not what this effc writes");
	note->added = (size_t)added;
	note->changed = (size_t)changed;
	note->removed = (size_t)removed;
	return true;
}

static bool take_head(struct reading *r)
{
	struct state *state = &r->out->state;
	int64_t serial;

	if (!take_lineage(r) || !take_text(r, PART_PROJECT, &state->project) ||
	    !take_text(r, PART_STAGE, &state->stage) || !take_pin(r) || !take_note(r) ||
	    !parse_part(r, PART_OUTPUTS, VALUE_MAP, &state->outputs))
		return false;
	if (!str_to_int(r->parts[PART_SERIAL], &serial) || serial < 0)
		return damaged_part(r, PART_SERIAL, "is no number");
	state->serial = (uint64_t)serial;
	return true;
}

/* In order, so that none comes twice. */
static bool take_row(struct reading *r, struct str text)
{
	struct state *state = &r->out->state;
	const struct row *last = state->row_count ? state->rows[state->row_count - 1] : NULL;
	struct row *row = arena_new(r->arena, struct row);

	if (state->row_count >= DOCUMENT_ROWS_LIMIT)
		return error_set(r->err, ERROR_LIMIT, "the state '%.*s' has more than %d rows",
				 STR_ARG(r->name), DOCUMENT_ROWS_LIMIT);
	if (text.data[0] != '{')
		return damaged_part(r, PART_ROWS, "have something that is no row");
	if (!row_read(r->arena, text, last, row, r->err))
		return error_context(r->err, "the state '%.*s', row %zu", STR_ARG(r->name),
				     state->row_count + 1);
	if (last && address_compare(&last->address, &row->address) >= 0)
		return damaged_part(r, PART_ROWS, "are not in their order");
	state_put(r->arena, state, row);
	return true;
}

static bool take_rows(struct reading *r)
{
	struct json_items items = { .scratch = r->arena, .text = r->parts[PART_ROWS] };
	struct str name, item;

	if (items.text.data[0] != '[')
		return damaged_part(r, PART_ROWS, "have the wrong kind");
	while (json_next(&items, &name, &item)) {
		if (!take_row(r, item))
			return false;
	}
	return true;
}

static bool take_tombstones(struct reading *r)
{
	struct state *state = &r->out->state;
	struct value v;

	if (!parse_part(r, PART_TOMBSTONES, VALUE_MAP, &v))
		return false;
	state->tombstones = arena_array(r->arena, struct tombstone, v.map.count);
	for (uint32_t i = 0; i < v.map.count; i++) {
		struct str address = v.map.entries[i].key;
		const struct member *member = v.map.entries[i].value;
		int64_t generation = member->value.integer;
		struct address ignored;

		if (member->value.kind != VALUE_INT || generation < 0 || generation > UINT32_MAX ||
		    !address_parse(r->arena, address, &ignored))
			return damaged_part(r, PART_TOMBSTONES, "have something that is none");
		if (i && str_compare(state->tombstones[i - 1].address, address) >= 0)
			return damaged_part(r, PART_TOMBSTONES, "are not in their order");
		state->tombstones[state->tombstone_count++] = (struct tombstone){
			.address = address, .generation = (uint32_t)generation,
		};
	}
	return true;
}

bool document_read_head(struct arena *a, struct str text, struct str name,
			struct state_document *out, struct error *err)
{
	struct reading r = { .arena = a, .text = text, .name = name, .out = out, .err = err };

	*out = (struct state_document){ .state.outputs = value_map() };
	return check_bytes(&r) && cut(&r) && take_head(&r);
}

bool document_read(struct arena *a, struct str text, struct str name, struct state_document *out,
		   struct error *err)
{
	struct reading r = { .arena = a, .text = text, .name = name, .out = out, .err = err };

	*out = (struct state_document){ .state.outputs = value_map() };
	return check_bytes(&r) && cut(&r) && take_head(&r) && take_rows(&r) &&
	       take_tombstones(&r);
}

bool document_is_of(const struct state_document *document, struct str name, struct str project,
		    struct str stage, struct str lineage, struct error *err)
{
	const struct state *state = &document->state;

	if (!str_equal(state->project, project) || !str_equal(state->stage, stage))
		return error_set(err, ERROR_CORRUPT,
				 "the state '%.*s' is that of project '%.*s', stage '%.*s', not "
				 "of '%.*s', stage '%.*s': it was put there by mistake",
				 STR_ARG(name), STR_ARG(state->project), STR_ARG(state->stage),
				 STR_ARG(project), STR_ARG(stage));
	if (lineage.length && !str_equal(state->lineage, lineage))
		return error_set(err, ERROR_CORRUPT,
				 "the state '%.*s' has lineage %.*s, not %.*s: it was made anew, "
				 "or copied from another place",
				 STR_ARG(name), STR_ARG(state->lineage), STR_ARG(lineage));
	return true;
}

/* ---- what changed ---- */

static bool same_row(const struct row *one, const struct row *other)
{
	struct arena scratch;
	bool same;

	arena_init(&scratch);
	same = one == other ||
	       str_equal(row_encode(&scratch, one), row_encode(&scratch, other));
	arena_release(&scratch);
	return same;
}

void document_count_changes(const struct state *before, const struct state *after,
			    struct document_note *note)
{
	size_t kept = 0;

	note->added = note->changed = 0;
	for (size_t i = 0; i < after->row_count; i++) {
		struct arena scratch;
		const struct row *was;

		arena_init(&scratch);
		was = state_peek(before, address_text(&scratch, &after->rows[i]->address));
		arena_release(&scratch);
		kept += was != NULL;
		note->added += !was;
		note->changed += was && !same_row(was, after->rows[i]);
	}
	note->removed = before->row_count - kept;
}
