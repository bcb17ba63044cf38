#include "walk_spec.h"

struct world world;

struct str slot_address(unsigned slot)
{
	static char texts[WALK_SLOTS][8];

	snprintf(texts[slot], sizeof(texts[slot]), "r%02u", slot);
	return str_from_c(texts[slot]);
}

unsigned slot_of(struct str address)
{
	return (unsigned)(address.data[1] - '0') * 10 + (unsigned)(address.data[2] - '0');
}

/* ---- the spec ---- */

static const char *attribute_name(const struct wish *target, unsigned attribute)
{
	static const char *const names[] = { "Id", "Stream", "Arn" };

	/* Only what has a name has an Arn. */
	return attribute == 2 && target->type != TYPE_THING ? "Id" : names[attribute];
}

/* As the spec writes it, or (resolved) what it stands for now; false: no such property. */
static bool add_reference(struct buf *b, const struct wish *wish, unsigned ref, bool resolved)
{
	const struct wish *target = wish->refs[ref].to < 0 ? NULL :
		&world.wishes[wish->refs[ref].to];
	const struct thing *thing;
	const struct row *row;
	struct str address;
	const char *name;

	if (!target || !target->present || target == wish)
		return false;
	address = slot_address((unsigned)wish->refs[ref].to);
	name = attribute_name(target, wish->refs[ref].attribute);
	if (!resolved) {
		buf_printf(b, "\"@%.*s.%s\"", STR_ARG(address), name);
		return true;
	}
	row = state_find(&world.w.kit.state, address);
	thing = row ? walk_thing(&world.w, address, row->generation) : NULL;
	WALK_CHECK(&world.w, thing, "%.*s does not stand", STR_ARG(address));
	buf_printf(b, "\"%.*s\"",
		   STR_ARG(walk_attribute(&world.w, thing, str_from_c(name)).string));
	return true;
}

static void add_named_reference(struct buf *b, const char *before, const struct wish *wish,
				unsigned ref, bool resolved, const char *after)
{
	struct buf text;

	buf_init(&text, &world.w.kit.arena);
	if (add_reference(&text, wish, ref, resolved))
		buf_printf(b, "%s%.*s%s", before, STR_ARG(buf_str(&text)), after);
}

static void add_rules(struct buf *b, const struct wish *wish)
{
	if (!wish->rules)
		return;
	buf_add_c(b, ",\"Rules\":[");
	for (unsigned i = 0; i < 3; i++) {
		if (wish->rules >> i & 1)
			buf_printf(b, "%s{\"Id\":\"%u\",\"Value\":\"%u\",\"Fixed\":\"f%u\"}",
				   b->data[b->length - 1] == '[' ? "" : ",", i, wish->rules,
				   wish->fixed);
	}
	buf_add_c(b, "]");
}

static void add_texts(struct buf *b, const struct wish *wish)
{
	if (wish->name && wish->type == TYPE_THING)
		buf_printf(b, ",\"Name\":\"%c%u\"", wish->name == 1 ? 'n' : 'm', wish->key);
	if (wish->swap)
		buf_printf(b, ",\"Swap\":\"%u\"", wish->swap);
	if (wish->policy)
		buf_printf(b, ",\"Policy\":{\"Statement\":[{\"Action\":[\"a\",\"b\"],"
			   "\"Resource\":\"%u\"}]}", wish->policy);
	if (wish->set)
		buf_printf(b, ",\"Set\":[\"a\",\"b%u\",\"c\"]", wish->set);
	if (wish->text)
		buf_printf(b, ",\"Description\":\"text%c\"", "aAbc"[wish->text % 4]);
	if (wish->wait)
		buf_printf(b, ",\"Wait\":%u", 29 + wish->wait);
	if (wish->code)
		buf_printf(b, ",\"Code\":\"c%u\"", wish->code);
	if (wish->nested)
		buf_printf(b, ",\"Nested\":{\"Id\":\"%u\",\"Value\":\"%u\"}", wish->nested / 2,
			   wish->nested);
	if (wish->place)
		buf_printf(b, ",\"InPlace\":\"%u\"", wish->place);
	if (wish->tag && wish->type != TYPE_CHILD)
		buf_printf(b, ",\"Tags\":[{\"Key\":\"team\",\"Value\":\"%u\"}]", wish->tag);
}

struct str wish_text(const struct wish *wish, bool resolved)
{
	struct buf b;

	buf_init(&b, &world.w.kit.arena);
	buf_printf(&b, "{\"Size\":%u,\"Key\":\"k%u\"", wish->size, wish->key);
	add_rules(&b, wish);
	add_texts(&b, wish);
	add_named_reference(&b, ",\"Role\":", wish, REF_ROLE, resolved, "");
	add_named_reference(&b, ",\"Mode\":", wish, REF_MODE, resolved, "");
	add_named_reference(&b, ",\"Parent\":", wish, REF_PARENT, resolved, "");
	add_named_reference(&b, ",\"List\":[\"first\",", wish, REF_LIST, resolved, "]");
	add_named_reference(&b, ",\"Environment\":{\"Variables\":{\"V\":", wish, REF_VARIABLE,
			    resolved, "}}");
	if (wish->type != TYPE_DESCRIBED)
		add_named_reference(&b, ",\"Note\":", wish, REF_NOTE, resolved, "");
	else if (wish->note)
		buf_printf(&b, ",\"Note\":\"mine %u\"", wish->note);
	buf_add_c(&b, "}");
	return buf_str(&b);
}

const struct schema *wish_schema(const struct wish *wish)
{
	const struct kit *k = &world.w.kit;
	const struct schema *const schemas[] = { k->thing, k->fixed, k->child, k->keyed,
						 k->described };

	return schemas[wish->type];
}

/* Where the state has both, it is to be left away. */
static void add_former(struct resource *r, unsigned slot)
{
	unsigned former = world.wishes[slot].former;
	struct state *state = &world.w.kit.state;

	if (former && !world.wishes[former - 1].present &&
	    !(state_find(state, slot_address(slot)) &&
	      state_find(state, slot_address(former - 1))))
		kit_renamed(&world.w.kit, r,
			    str_to_c(&world.w.kit.arena, slot_address(former - 1)));
}

void write_model(void)
{
	struct kit *k = &world.w.kit;

	kit_model(k);
	for (unsigned i = 0; i < world.slots; i++) {
		const struct wish *wish = &world.wishes[i];
		struct resource *r;

		if (!wish->present)
			continue;
		r = kit_add(k, str_to_c(&k->arena, slot_address(i)), wish_schema(wish),
			    str_to_c(&k->arena, wish_text(wish, false)));
		r->guard = (enum guard)wish->guard;
		r->retain = wish->retain;
		add_former(r, i);
		r->scope.region = wish->region ? STR("eu-north-1") : STR("eu-west-1");
	}
}

/* ---- edits ---- */

static uint32_t below(uint32_t bound)
{
	return walk_below(&world.w, bound);
}

static void random_references(struct wish *wish, unsigned slot)
{
	for (unsigned r = 0; r < REF_COUNT; r++) {
		struct ref *ref = &wish->refs[r];

		*ref = (struct ref){ -1, (uint8_t)below(3) };
		if (slot && walk_chance(&world.w, r == REF_PARENT ? 15 : 22))
			ref->to = (int8_t)below(slot);
	}
	if (wish->type == TYPE_CHILD && slot)
		wish->refs[REF_PARENT].to = (int8_t)below(slot);
	/* What may be named before it is there. */
	if (walk_chance(&world.w, 5))
		wish->refs[REF_NOTE] = (struct ref){ (int8_t)below(world.slots), 2 };
}

/* A weak reference to what comes later names an Arn, which only some have. */
void drop_bad_wishes(void)
{
	for (unsigned i = 0; i < world.slots; i++) {
		struct ref *ref = &world.wishes[i].refs[REF_NOTE];

		if (ref->to < (int)i)
			continue;
		ref->attribute = 2;
		if (world.wishes[ref->to].type != TYPE_THING)
			ref->to = -1;
	}
}

void random_wish(unsigned slot)
{
	struct wish *wish = &world.wishes[slot];

	*wish = (struct wish){
		.present = true, .type = (uint8_t)below(TYPE_COUNT), .key = ++world.next_key,
		.size = (uint8_t)below(3), .rules = (uint8_t)below(8),
		.policy = (uint8_t)below(3), .set = (uint8_t)below(3), .note = (uint8_t)below(3),
		.text = (uint8_t)below(5), .wait = (uint8_t)below(3), .code = (uint8_t)below(3),
		.nested = (uint8_t)below(4), .place = (uint8_t)below(2), .tag = (uint8_t)below(3),
		.name = (uint8_t)(below(4) ? 0 : 1 + below(2)),
		.guard = (uint8_t)(below(10) < 6 ? 0 : 1 + below(2)),
		.region = below(12) == 0, .retain = below(12) == 0,
	};
	random_references(wish, slot);
}

/* Those further down name it by its new id. */
static void follow(unsigned from, unsigned to)
{
	for (unsigned i = to + 1; i < world.slots; i++) {
		for (unsigned r = 0; r < REF_COUNT; r++) {
			struct ref *ref = &world.wishes[i].refs[r];

			if (!world.wishes[i].present || ref->to != (int)from)
				continue;
			ref->to = (int8_t)to;
			world.touched[i] = true;
		}
	}
}

/* A thing has one address: only one block can be what it was. */
static bool is_former(unsigned slot)
{
	bool found = false;

	for (unsigned i = 0; i < world.slots; i++)
		found = found || (world.wishes[i].present && world.wishes[i].former == slot + 1);
	return found;
}

/* The same block under another id further down, as a renamed one or as another. */
static void rename_wish(unsigned slot)
{
	for (unsigned i = slot + 1; i < world.slots; i++) {
		if (world.wishes[i].present || world.settled[i].present)
			continue;
		world.wishes[i] = world.wishes[slot];
		world.wishes[i].former = (uint8_t)(below(3) && !is_former(slot) ? slot + 1 : 0);
		world.wishes[slot].present = false;
		world.touched[i] = true;
		if (below(2))
			follow(slot, i);
		return;
	}
}

static void edit_property(struct wish *wish)
{
	uint8_t *const small[] = {
		&wish->size, &wish->rules, &wish->policy, &wish->set, &wish->note, &wish->text,
		&wish->wait, &wish->code, &wish->nested, &wish->place, &wish->tag, &wish->name,
		&wish->swap, &wish->fixed,
	};

	*small[below(sizeof(small) / sizeof(small[0]))] = (uint8_t)below(3);
}

static void edit(unsigned slot)
{
	struct wish *wish = &world.wishes[slot];
	uint32_t what = below(100);

	world.touched[slot] = true;
	if (!wish->present || what < 3)
		random_wish(slot);
	else if (what < 55)
		edit_property(wish);
	else if (what < 70)
		random_references(wish, slot);
	else if (what < 80)
		wish->present = false;
	else if (what < 85)
		rename_wish(slot);
	else if (what < 88)
		wish->key = ++world.next_key;
	else if (what < 90)
		wish->region = !wish->region;
	else if (what < 96)
		wish->guard = (uint8_t)below(3);
	else
		wish->retain = !wish->retain;
}

void edit_some(void)
{
	uint32_t count = 1 + below(below(4) ? 4 : world.slots);

	while (count--)
		edit(below(world.slots));
	drop_bad_wishes();
}

/* ---- what others do ---- */

static struct thing *random_thing(void)
{
	size_t start = world.w.thing_count ? below((uint32_t)world.w.thing_count) : 0;

	for (size_t i = 0; i < world.w.thing_count; i++) {
		struct thing *t = &world.w.things[(start + i) % world.w.thing_count];

		if (t->alive && !t->foreign)
			return t;
	}
	return NULL;
}

void change_outside(void)
{
	static const char *const names[] = { "Size", "Role", "Set", "Description", "Code", "Wait",
					     "Environment", "Rules" };
	struct thing *t = random_thing();
	struct str name = str_from_c(names[below(sizeof(names) / sizeof(names[0]))]);
	struct value other = value_string(STR("of others"));

	if (!t || !value_get(&t->properties, name))
		return;
	if (str_equal_c(name, "Size") || str_equal_c(name, "Wait"))
		other = value_int(77);
	if (str_equal_c(name, "Set"))
		other = kit_json(&world.w.kit, "[\"z\"]");
	if (str_equal_c(name, "Rules") || str_equal_c(name, "Environment"))
		other = value_null();
	t->properties = value_copy(&world.w.kit.arena, &t->properties);
	value_replace(&world.w.kit.arena, &t->properties, name, other);
	world.touched[slot_of(t->address)] = true;
}

void delete_outside(void)
{
	struct thing *t = random_thing();

	if (!t)
		return;
	walk_delete_outside(&world.w, t);
	for (unsigned i = 0; i < world.slots; i++) {
		const struct row *row = state_find(&world.w.kit.state, slot_address(i));

		if (row && !walk_thing(&world.w, slot_address(i), row->generation))
			world.touched[i] = true;
	}
}
