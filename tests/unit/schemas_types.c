#include "unit.h"

#include "base/json.h"
#include "schemas/overrides.h"
#include "schemas/types.h"

static const char sample[] =
	"{\"id\":[\"Name\",\"Box.Inner\"],\"ref\":\"Arn\",\"tags\":\"Tags\",\"arn\":\"arn:x\","
	"\"stateful\":true,"
	"\"properties\":{"
	"\"Name\":{\"type\":\"string\",\"min\":1,\"max\":80,\"pattern\":\"^a\",\"enum\":[\"a\","
	"\"ab\"],"
	"\"required\":true,\"create_only\":true},"
	"\"Arn\":{\"type\":\"string\",\"read_only\":true},"
	"\"Role\":{\"type\":\"string\",\"refers\":[\"AWS::IAM::Role.Arn\",\"AWS::X::Y.A.B\"]},"
	"\"Box\":{\"type\":\"object\",\"ref\":\"Box\"},"
	"\"Plain\":{\"type\":\"object\",\"properties\":{\"X\":{\"type\":\"json\"}}},"
	"\"Counts\":{\"type\":\"map\",\"of\":{\"type\":\"integer\",\"min\":0}},"
	"\"Boxes\":{\"type\":\"list\",\"of\":{\"type\":\"object\",\"ref\":\"Box\"},"
	"\"unordered\":true,\"unique\":true},"
	"\"Tags\":{\"type\":\"map\",\"of\":{\"type\":\"string\"}}},"
	"\"definitions\":{\"Box\":{\"Inner\":{\"type\":\"string\",\"write_only\":true},"
	"\"Again\":{\"type\":\"list\",\"of\":{\"type\":\"object\",\"ref\":\"Box\"}}}}}";

static bool parse(struct arena *a, const char *text, struct schema *out, struct diags *d)
{
	struct value facts;
	struct error err = { 0 };

	ck_assert_msg(json_parse(a, str_from_c(text), SPAN_NOWHERE, &facts, &err), "%s", err.text);
	diags_init(d, a);
	return type_parse(a, STR("AWS::T::T"), &facts, out, d);
}

START_TEST(reads_every_fact)
{
	const struct property *p;
	struct schema s;
	struct diags d;
	struct arena a;

	arena_init(&a);
	ck_assert(parse(&a, sample, &s, &d));
	ck_assert_uint_eq(s.identifier_count, 2);
	unit_str_eq(s.identifiers[1], "Box.Inner");
	unit_str_eq(s.ref_property, "Arn");
	ck_assert(s.tags_are_map && s.stateful && s.tier == TIER_CLOUD_CONTROL);
	p = schema_property(&s, STR("Name"));
	ck_assert(p->required && p->create_only && !p->read_only && !p->maybe_create_only);
	ck_assert(p->shape->has_min && p->shape->has_max && p->shape->min == 1 &&
		  p->shape->max == 80);
	ck_assert_uint_eq(p->shape->enum_count, 2);
	unit_str_eq(p->shape->pattern, "^a");
	p = schema_property(&s, STR("Role"));
	ck_assert_uint_eq(p->reference_count, 2);
	unit_str_eq(p->references[0].type, "AWS::IAM::Role");
	unit_str_eq(p->references[0].attribute, "Arn");
	unit_str_eq(p->references[1].attribute, "A.B");
	p = schema_property(&s, STR("Boxes"));
	ck_assert(p->shape->unordered && p->shape->unique);
	unit_str_eq(p->shape->element->name, "Box");
	ck_assert_ptr_eq(p->shape->element, schema_property(&s, STR("Box"))->shape);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *path, *found;
} paths[] = {
	{ "Name", "Name" },
	{ "Box.Inner", "Inner" },
	{ "Boxes", "Boxes" },
	{ "Boxes[]", "Boxes" },
	{ "Boxes[].Inner", "Inner" },
	{ "Boxes.*.Inner", "Inner" },
	{ "Boxes.12.Again[].Again[].Inner", "Inner" },
	{ "Counts.any", "Counts" },
	{ "Tags[]", "Tags" },
	{ "Plain.X.what.ever[].below", "X" },
	{ "", NULL },
	{ "Nothing", NULL },
	{ "Name.Deeper", NULL },
	{ "Name[]", NULL },
	{ "Boxes.Inner", NULL },
	{ "Boxes.-1.Inner", NULL },
	{ "Box..Inner", NULL },
	{ "Box.Nothing", NULL },
	{ "Counts.any.deeper", NULL },
};

START_TEST(walks_paths)
{
	const struct property *found;
	struct schema s;
	struct diags d;
	struct arena a;

	arena_init(&a);
	ck_assert(parse(&a, sample, &s, &d));
	found = schema_property_path(&s, str_from_c(paths[_i].path));
	ck_assert_msg(!found == !paths[_i].found, "path '%s'", paths[_i].path);
	if (found)
		unit_str_eq(found->name, paths[_i].found);
	arena_release(&a);
}
END_TEST

#define TOGETHER(list) \
	"{\"properties\":{\"A\":{\"type\":\"string\"}},\"constraints\":{\"\":" list "}}"
#define PROPERTY(facts) "{\"properties\":{\"A\":" facts "}}"

static const struct {
	const char *text, *said;
} refused[] = {
	{ "[]", "'properties'" },
	{ "{}", "'properties'" },
	{ "{\"properties\":[]}", "expected an object of 'properties'" },
	{ "{\"properties\":{},\"idd\":[]}", "unknown key 'idd'" },
	{ "{\"properties\":{},\"id\":[\"X\"]}", "no property 'X'" },
	{ "{\"properties\":{},\"id\":\"X\"}", "expected a list for 'id'" },
	{ "{\"properties\":{},\"tags\":\"X\"}", "no list or map of tags 'X'" },
	{ "{\"properties\":{},\"ref\":\"X\"}", "no property 'X'" },
	{ "{\"properties\":{},\"definitions\":7}", "expected an object of 'definitions'" },
	{ "{\"properties\":{},\"definitions\":{\"D\":7}}", "expected an object of 'properties'" },
	{ PROPERTY("7"), "expected an object, not a" },
	{ PROPERTY("{}"), "unknown kind ''" },
	{ PROPERTY("{\"type\":\"strin\"}"), "unknown kind 'strin'" },
	{ PROPERTY("{\"type\":\"string\",\"requird\":true}"), "unknown key 'requird'" },
	{ PROPERTY("{\"type\":\"string\",\"required\":1}"),
	  "expected true or false for 'required'" },
	{ PROPERTY("{\"type\":\"string\",\"min\":\"1\"}"), "expected a number for 'min'" },
	{ PROPERTY("{\"type\":\"string\",\"min\":2,\"max\":1}"), "min is more than max" },
	{ PROPERTY("{\"type\":\"string\",\"enum\":[true]}"), "expected strings in 'enum'" },
	{ PROPERTY("{\"type\":\"string\",\"format\":\"date\"}"), "unknown format 'date'" },
	{ TOGETHER("{}"), "expected a list of constraints of ''" },
	{ TOGETHER("[7]"), "expected an object in the constraints of" },
	{ TOGETHER("[{\"one\":[]}]"), "expected a list of groups in a constraint of" },
	{ TOGETHER("[{\"one\":[[\"B\"]]}]"), "a constraint of the unknown property 'B'" },
	{ TOGETHER("[{\"any\":[[]]}]"), "an empty group in a constraint of" },
	{ TOGETHER("[{\"with\":\"B\",\"needs\":[\"A\"]}]"), "the unknown property 'B'" },
	{ TOGETHER("[{\"with\":\"A\"}]"), "an empty group in a constraint of" },
	{ TOGETHER("[{\"without\":\"A\",\"needs\":[\"A\"]}]"), "unknown key 'without'" },
	{ PROPERTY("{\"type\":\"string\",\"refers\":[\"AWS::X::Y.\"]}"), "no reference to a type" },
	{ PROPERTY("{\"type\":\"list\"}"), "needs 'of'" },
	{ PROPERTY("{\"type\":\"object\"}"), "needs 'properties'" },
	{ PROPERTY("{\"type\":\"object\",\"ref\":\"D\"}"), "no definition 'D'" },
};

START_TEST(refuses)
{
	struct schema s;
	struct diags d;
	struct arena a;

	arena_init(&a);
	ck_assert_msg(!parse(&a, refused[_i].text, &s, &d), "accepted: %s", refused[_i].text);
	ck_assert_uint_gt(d.error_count, 0);
	ck_assert_msg(str_contains(d.items[0].text, str_from_c(refused[_i].said)),
		      "%s\nsaid: %.*s\nwant: %s", refused[_i].text, STR_ARG(d.items[0].text),
		      refused[_i].said);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *override;
	const char *said;		/* NULL: it applies */
	const char *changed;		/* text that the facts then have */
} corrections[] = {
	{ "[{\"at\":\"Name\",\"set\":{\"max\":64},\"why\":\"w\"}]", NULL, "\"max\":64" },
	{ "[{\"at\":\"Name\",\"set\":{\"create_only\":null},\"why\":\"w\"}]", NULL,
	  "\"required\":true}" },
	{ "[{\"at\":\"Boxes.Again.Inner\",\"set\":{\"max\":9},\"why\":\"w\"}]", NULL,
	  "\"write_only\":true,\"max\":9" },
	{ "[{\"at\":\"Box.New\",\"add\":{\"type\":\"json\"},\"why\":\"w\"}]", NULL,
	  "\"New\":{\"type\":\"json\"}" },
	{ "[{\"set\":{\"id\":[\"Arn\"]},\"why\":\"w\"}]", NULL, "\"id\":[\"Arn\"]" },
	{ "[{\"at\":\"Name\",\"set\":{\"max\":80},\"why\":\"w\"}]", "no longer changes 'max'",
	  NULL },
	{ "[{\"at\":\"Name\",\"set\":{\"unique\":null},\"why\":\"w\"}]",
	  "no longer changes 'unique'", NULL },
	{ "[{\"at\":\"Name\",\"add\":{\"type\":\"json\"},\"why\":\"w\"}]",
	  "is there already: 'Name'", NULL },
	{ "[{\"at\":\"No.Where\",\"add\":{\"type\":\"json\"},\"why\":\"w\"}]", "nowhere to add",
	  NULL },
	{ "[{\"at\":\"Nope\",\"set\":{\"max\":1},\"why\":\"w\"}]", "no property 'Nope'", NULL },
	{ "[{\"at\":\"Name\",\"set\":{\"max\":64}}]", "no reason for 'Name'", NULL },
	{ "[{\"at\":\"Name\",\"why\":\"w\"}]", "expected one of set and add", NULL },
	{ "[7]", "no reason", NULL },
	{ "{}", "expected a list", NULL },
};

START_TEST(corrects)
{
	struct value facts, overrides = value_map(), list;
	struct error err = { 0 };
	struct map types = { 0 };
	struct diags d;
	struct arena a;
	bool ok;

	arena_init(&a);
	diags_init(&d, &a);
	ck_assert(json_parse(&a, str_from_c(sample), SPAN_NOWHERE, &facts, &err));
	ck_assert(json_parse(&a, str_from_c(corrections[_i].override), SPAN_NOWHERE, &list, &err));
	*map_put(&a, &types, STR("AWS::T::T")) = &facts;
	value_set(&a, &overrides, STR("AWS::T::T"), list);
	ok = overrides_apply(&a, &overrides, &types, &d);
	ck_assert_msg(ok == !corrections[_i].said, "%s", corrections[_i].override);
	if (ok)
		ck_assert_msg(
			str_contains(json_text(&a, &facts), str_from_c(corrections[_i].changed)),
			"%s\n%.*s", corrections[_i].changed, STR_ARG(json_text(&a, &facts)));
	else
		ck_assert_msg(str_contains(d.items[0].text, str_from_c(corrections[_i].said)),
			      "said: %.*s\nwant: %s", STR_ARG(d.items[0].text),
			      corrections[_i].said);
	arena_release(&a);
}
END_TEST

START_TEST(corrects_no_unknown_type)
{
	struct value overrides = value_map();
	struct map types = { 0 };
	struct diags d;
	struct arena a;

	arena_init(&a);
	diags_init(&d, &a);
	value_set(&a, &overrides, STR("AWS::No::Type"), value_list(NULL, 0));
	ck_assert(!overrides_apply(&a, &overrides, &types, &d));
	ck_assert(str_contains(d.items[0].text, STR("no type 'AWS::No::Type'")));
	arena_release(&a);
}
END_TEST

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void fill(TCase *tc)
{
	tcase_add_test(tc, reads_every_fact);
	tcase_add_loop_test(tc, walks_paths, 0, COUNT_OF(paths));
	tcase_add_loop_test(tc, refuses, 0, COUNT_OF(refused));
	tcase_add_loop_test(tc, corrects, 0, COUNT_OF(corrections));
	tcase_add_test(tc, corrects_no_unknown_type);
}

int main(void)
{
	return unit_run("schemas_types", fill);
}
