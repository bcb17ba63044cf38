#include "review/review.h"
#include "tests/unit/html_check.h"
#include "tests/unit/markdown_check.h"

/*
 * A plan whose every text is hostile, as a comment that follows one of anybody's: whatever it
 * says, nothing gets out of its cell or fence, and it fits.  On the page none of it is markup,
 * and the text of a terminal has no character that one obeys.
 */
#define ITEMS 6
#define BUDGET_BYTES 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	struct str rest;
	struct arena *arena;
};

static unsigned take_byte(struct input *in)
{
	unsigned byte = in->rest.length ? (unsigned char)in->rest.data[0] : 0;

	in->rest = str_slice(in->rest, 1, in->rest.length);
	return byte;
}

/* The bytes up to the next zero. */
static struct str take_text(struct input *in)
{
	struct str text = { 0 };

	(void)str_split(&in->rest, '\0', &text);
	return text;
}

static struct value take_value(struct input *in)
{
	struct value v = value_map();

	if (take_byte(in) % 2)
		return value_string(take_text(in));
	value_set(in->arena, &v, take_text(in), value_string(take_text(in)));
	return v;
}

static void take_change(struct input *in, struct review_item *item)
{
	item->changes = arena_array(in->arena, struct review_change, 1);
	item->change_count = 1;
	item->changes[0] = (struct review_change){
		.path = take_text(in), .before = take_value(in), .after = take_value(in),
		.had = true, .has = true, .forces = take_byte(in) % 2, .rule = take_text(in),
	};
}

static void take_item(struct input *in, struct review_item *item, enum harm harm)
{
	static const enum action_kind kinds[HARMS] = {
		[HARM_DATA] = ACTION_REPLACE, [HARM_REPLACE] = ACTION_REPLACE,
		[HARM_DELETE] = ACTION_DELETE, [HARM_ACCESS] = ACTION_UPDATE,
		[HARM_UPDATE] = ACTION_UPDATE, [HARM_CREATE] = ACTION_CREATE,
		[HARM_STATE] = ACTION_FORGET,
	};

	*item = (struct review_item){
		.harm = harm, .kind = kinds[harm], .address = take_text(in),
		.label = take_text(in), .type = take_text(in), .place = take_text(in),
		.region = take_text(in), .name = take_text(in), .reason = take_text(in),
		.cascade = take_text(in), .conflict = take_text(in), .loss = take_text(in),
		.order = take_text(in), .remedy = take_text(in), .properties = take_value(in),
		.blocked = harm == HARM_DATA ? GUARD_HARD : GUARD_NONE,
	};
	if (item->properties.kind != VALUE_MAP)
		item->properties = value_map();
	take_change(in, item);
}

static void take_items(struct input *in, struct review *review)
{
	unsigned counts[HARMS] = { 0 };
	size_t at = 0;

	for (int i = 0; i < ITEMS; i++)
		counts[take_byte(in) % HARMS]++;
	review->items = arena_array(in->arena, struct review_item, ITEMS);
	review->by_address = arena_array(in->arena, uint32_t, ITEMS);
	for (int harm = 0; harm < HARMS; harm++) {
		review->first[harm] = at;
		for (unsigned i = 0; i < counts[harm]; i++, at++) {
			take_item(in, &review->items[at], (enum harm)harm);
			review->by_address[at] = (uint32_t)at;
			review->counts.blocked += review->items[at].blocked != GUARD_NONE;
			review->counts.conflicts += review->items[at].conflict.length > 0;
		}
	}
	review->first[HARMS] = at;
	review->item_count = at;
}

static void check_markdown(const struct review *review, struct arena *a, struct str previous)
{
	struct review_markdown options = { .max_bytes = BUDGET_BYTES, .previous = previous };
	const char *wrong;
	struct buf out;
	size_t line;

	buf_init(&out, a);
	review_print_markdown(&out, review, &options);
	CHECK(out.length <= BUDGET_BYTES);
	wrong = markdown_check(buf_str(&out), &line);
	if (wrong)
		BUG("line %zu: %s\n%s", line, wrong, out.data);
}

static void check_html(const struct review *review, struct arena *a)
{
	const char *wrong;
	struct buf out;
	size_t at;

	buf_init(&out, a);
	review_print_html(&out, review);
	wrong = html_check(a, buf_str(&out), &at);
	if (wrong)
		BUG("byte %zu: %s\n%s", at, wrong, out.data);
}

static void check_text(const struct review *review, struct arena *a)
{
	struct buf out;

	buf_init(&out, a);
	review_print_text(&out, review, false, true);
	for (size_t i = 0; i < out.length; i++)
		CHECK(out.data[i] == '\n' || ((unsigned char)out.data[i] >= 0x20 &&
					      out.data[i] != 0x7F));
	buf_truncate(&out, 0);
	review_print_json(&out, review);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct input in = { .rest = str_of((const char *)data, size), .arena = &a };
	struct model model = { 0 };
	struct state state = { 0 };
	struct plan plan = { .model = &model, .state = &state };
	struct review review = { .plan = &plan, .outputs = value_map() };

	arena_init(&a);
	review.digest = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	review.project = take_text(&in);
	review.stage = take_text(&in);
	review.new_stage = true;
	review.meant_stage = take_text(&in);
	take_items(&in, &review);
	check_text(&review, &a);
	check_html(&review, &a);
	check_markdown(&review, &a, in.rest);
	arena_release(&a);
	return 0;
}
