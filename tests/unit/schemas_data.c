#include "unit.h"

#include "base/json.h"
#include "base/regex.h"
#include "base/fs.h"
#include "schemas/actions.h"
#include "schemas/catalogue.h"
#include "schemas/schema.h"

/* What holds of the data that this program embeds. */

static struct arena arena;
static struct schemas *all;

static void open_all(void)
{
	struct error err = { 0 };

	arena_init(&arena);
	all = schemas_open(&arena, schemas_embedded(), &err);
	ck_assert_msg(all != NULL, "%s", err.text);
}

static void close_all(void)
{
	arena_release(&arena);
}

static struct value read_json(const char *path)
{
	const char *source = getenv("EFFC_SRCDIR");
	struct str full = str_format(&arena, "%s/%s", source ? source : ".", path), text;
	const struct files *files = files_real();
	struct error err = { 0 };
	struct value out;

	ck_assert_msg(files->read(files->context, &arena, full, 1 << 20, &text, &err), "%s",
		      err.text);
	ck_assert_msg(json_parse(&arena, text, SPAN_NOWHERE, &out, &err), "%s", err.text);
	return out;
}

START_TEST(is_whole)
{
	struct error err = { 0 };

	ck_assert_msg(schemas_verify(schemas_embedded(), &err), "%s", err.text);
}
END_TEST

START_TEST(every_document_decodes)
{
	for (uint32_t i = 0; i < all->blob.count; i++) {
		struct str name = blob_name(&all->blob, i), folder;
		struct str rest = name;

		ck_assert(str_split(&rest, '/', &folder));
		if (str_equal(folder, STR("type")))
			ck_assert(schema_find(all, rest) != NULL);
		else if (str_equal(folder, STR("wire")))
			ck_assert(schemas_wire(all, rest) != NULL);
		else if (str_equal(folder, STR("driver")))
			ck_assert(catalogue_driver(all, rest) != NULL &&
				  schema_find(all, rest) != NULL);
		else if (str_equal(folder, STR("service")))
			ck_assert(str_equal(schemas_service(all, rest)->service, rest));
		else if (str_equal(folder, STR("actions")))
			ck_assert_ptr_nonnull(schemas_actions(all, rest));
		else
			unit_str_eq(name, "runtimes");
	}
}
END_TEST

/* A create whose reply was lost is found again: each driver says how (docs/drivers.md). */
START_TEST(every_driver_says_how_it_recovers)
{
	size_t count = 0;

	for (uint32_t i = 0; i < all->blob.count; i++) {
		struct str rest = blob_name(&all->blob, i), folder;
		const struct driver *driver;

		if (!str_split(&rest, '/', &folder) || !str_equal(folder, STR("driver")))
			continue;
		driver = catalogue_driver(all, rest);
		count++;
		ck_assert_msg(driver->recover != RECOVER_UNSAID, "%.*s does not say 'recover'",
			      STR_ARG(rest));
		/* Until then what is not seen may yet come: no second one is made. */
		ck_assert_msg(driver->consistency_ms > 0, "%.*s has no window", STR_ARG(rest));
	}
	ck_assert_uint_ge(count, 16);
}
END_TEST

START_TEST(types_are_sorted)
{
	size_t count;
	const struct str *names = schemas_types(all, &count);

	ck_assert_uint_eq(count, 1828);
	for (size_t i = 1; i < count; i++)
		ck_assert_int_lt(str_compare(names[i - 1], names[i]), 0);
}
END_TEST

static void check_page(const struct wire_operation *op)
{
	struct str name = op->name;

	if (!op->page_input_token.length)
		return;
	ck_assert_msg(wire_path(op->input, op->page_input_token) != NULL, "%.*s", STR_ARG(name));
	ck_assert_msg(wire_path(op->output, op->page_output_token) != NULL, "%.*s", STR_ARG(name));
	ck_assert_msg(wire_path(op->output, op->page_result) != NULL, "%.*s", STR_ARG(name));
	if (op->page_more.length)
		ck_assert_msg(wire_path(op->output, op->page_more) != NULL, "%.*s", STR_ARG(name));
	if (op->page_limit_key.length)
		ck_assert_msg(wire_path(op->input, op->page_limit_key) != NULL, "%.*s",
			      STR_ARG(name));
}

/* Every {label} of an address is a required member that goes there. */
static void check_labels(const struct wire_operation *op)
{
	struct str rest = op->uri;
	uint32_t labels = 0, members = 0;

	for (size_t i = 0; i < rest.length; i++)
		labels += rest.data[i] == '{';
	for (uint32_t i = 0; op->input && i < op->input->members.count; i++) {
		const struct wire_member *m = op->input->members.entries[i].value;
		struct str name = m->location_name.length ? m->location_name : m->name;

		if (m->location != WIRE_URI)
			continue;
		members++;
		ck_assert(m->required);
		ck_assert_msg(str_contains(op->uri, str_format(&arena, "{%.*s", STR_ARG(name))),
			      "%.*s: %.*s", STR_ARG(op->name), STR_ARG(name));
	}
	ck_assert_msg(labels == members, "%.*s: %.*s", STR_ARG(op->name), STR_ARG(op->uri));
}

START_TEST(wire_facts_are_complete)
{
	struct value filter = read_json("tools/import/filter.json");
	const struct value *services = value_get_c(&filter, "operations");

	for (uint32_t i = 0; i < services->map.count; i++) {
		const struct wire_service *wire = schemas_wire(all, services->map.entries[i].key);
		const struct member *m = services->map.entries[i].value;

		ck_assert(wire != NULL);
		ck_assert(wire->endpoint_prefix.length && wire->signing_name.length &&
			  wire->service_id.length);
		ck_assert_uint_eq(wire->operations.count, m->value.list.count);
		for (size_t k = 0; k < m->value.list.count; k++) {
			const struct wire_operation *op =
				wire_operation_find(wire, m->value.list.items[k].string);

			ck_assert_msg(op != NULL, "%.*s", STR_ARG(m->value.list.items[k].string));
			for (size_t e = 0; e < op->error_count; e++)
				ck_assert(op->errors[e]->exception);
			check_page(op);
			check_labels(op);
		}
	}
}
END_TEST

static void check_fields(const struct map *fields, unsigned depth);

static struct map patterns;		/* those that were tried */

/* It is read, and no text makes it run for long. */
static void check_pattern(struct str pattern)
{
	static const char *const texts[] = {
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!",
		"arn:aws:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a:a!",
		"a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-a-\n",
		"1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.\xff",
	};
	void **seen = map_put(&arena, &patterns, pattern);
	struct error err = { 0 };
	struct regex *regex;

	if (*seen)
		return;
	*seen = &patterns;
	regex = regex_new(regex_from_dialects(&arena, pattern), &err);
	ck_assert_msg(regex != NULL, "%s", err.text);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		(void)regex_match(regex, str_from_c(texts[i]));
	regex_free(regex);
}

/* Recursive types are walked four levels deep. */
static void check_shape(const struct shape *shape, unsigned depth)
{
	if (shape->pattern.length)
		check_pattern(shape->pattern);
	if (shape->key_pattern.length)
		check_pattern(shape->key_pattern);
	if (shape->kind == PROPERTY_LIST || shape->kind == PROPERTY_MAP)
		check_shape(shape->element, depth);
	if (shape->kind == PROPERTY_OBJECT)
		check_fields(&shape->fields, depth + 1);
}

static void check_fields(const struct map *fields, unsigned depth)
{
	if (depth > 4)
		return;
	for (uint32_t i = 0; i < fields->count; i++) {
		const struct property *p = fields->entries[i].value;

		ck_assert(!(p->read_only && (p->required || p->write_only)) || depth);
		for (size_t k = 0; k < p->reference_count; k++) {
			const struct schema *target = schema_find(all, p->references[k].type);

			ck_assert_msg(
				!target || schema_property_path(target, p->references[k].attribute),
				"%.*s.%.*s", STR_ARG(p->references[k].type),
				STR_ARG(p->references[k].attribute));
		}
		check_shape(p->shape, depth);
	}
}

START_TEST(types_are_consistent)
{
	size_t count;
	const struct str *names = schemas_types(all, &count);

	for (size_t i = 0; i < count; i++) {
		const struct schema *s = schema_find(all, names[i]);

		ck_assert(str_equal(s->type, names[i]));
		ck_assert_msg(s->identifier_count > 0 || s->tier == TIER_NONE, "%.*s", STR_ARG(names[i]));
		ck_assert((s->tier == TIER_NATIVE) == (s->driver != NULL));
		ck_assert((s->tier == TIER_NONE) <= (s->refusal.length > 0));
		check_fields(&s->properties, 0);
		for (uint32_t k = 1; k < s->properties.count; k++)
			ck_assert_msg(str_compare(s->properties.entries[k - 1].key,
						  s->properties.entries[k].key) < 0,
				      "%.*s: %.*s", STR_ARG(names[i]),
				      STR_ARG(s->properties.entries[k].key));
	}
	ck_assert_uint_ge(patterns.count, 2200);
}
END_TEST

START_TEST(types_have_tiers)
{
	size_t count, native = 0, cloud_control = 0;
	const struct str *names = schemas_types(all, &count);

	for (size_t i = 0; i < count; i++) {
		enum tier tier = schema_find(all, names[i])->tier;

		native += tier == TIER_NATIVE;
		cloud_control += tier == TIER_CLOUD_CONTROL;
	}
	ck_assert_uint_ge(native, 16);
	ck_assert_uint_ge(cloud_control, 1480);
}
END_TEST

/* Facts that much stands on, from sources and overrides alike. */
START_TEST(known_facts)
{
	const struct schema *table = schema_find(all, STR("AWS::DynamoDB::Table"));
	const struct schema *function = schema_find(all, STR("AWS::Lambda::Function"));
	const struct schema *schedule = schema_find(all, STR("AWS::Scheduler::Schedule"));
	const struct schema *api = schema_find(all, STR("AWS::ApiGatewayV2::Api"));
	const struct schema *vpc = schema_find(all, STR("AWS::EC2::VPC"));
	const struct property *p;

	ck_assert(table->stateful &&
		  schema_property(table, STR("LocalSecondaryIndexes"))->create_only);
	ck_assert_int_eq(schema_property_path(table, STR("KeySchema[].KeyType"))->shape->kind,
			 PROPERTY_STRING);
	p = schema_property(function, STR("Role"));
	ck_assert(p->required && p->reference_count == 1);
	unit_str_eq(p->references[0].type, "AWS::IAM::Role");
	ck_assert(schema_property_path(function, STR("Code.Bundle"))->write_only);
	ck_assert(schema_property(function, STR("CodeSha256"))->read_only);
	ck_assert_uint_eq(schedule->identifier_count, 2);
	unit_str_eq(schedule->tag_property, "");
	ck_assert(api->tags_are_map && !function->tags_are_map);
	ck_assert_int_eq(vpc->tier, TIER_CLOUD_CONTROL);
	ck_assert(schemas_wire(all, STR("iam"))->global && !schemas_wire(all, STR("sts"))->global);
}
END_TEST

START_TEST(known_rules)
{
	const struct service_rules *lambda = schemas_service(all, STR("lambda"));
	const struct service_rules *iam = schemas_service(all, STR("iam"));
	const struct runtime_rule *runtime = schemas_runtime(all, STR("nodejs20.x"));

	unit_str_eq(lambda->quotas[0].operation, "*");
	ck_assert(lambda->quotas[0].per_second == 15);
	ck_assert(str_list_has(&iam->not_throttle_codes, STR("LimitExceededException")));
	ck_assert_ptr_eq(iam, schemas_service(all, STR("iam")));
	unit_str_eq(schemas_service(all, STR("nothing"))->service, "nothing");
	unit_str_eq(runtime->deprecated, "2026-04-30");
	unit_str_eq(schemas_runtime(all, STR("nodejs24.x"))->name, "nodejs24.x");
	ck_assert(!schemas_runtime(all, STR("cobol")));
}
END_TEST

static void fill(TCase *tc)
{
	tcase_add_checked_fixture(tc, open_all, close_all);
	tcase_add_test(tc, is_whole);
	tcase_add_test(tc, every_document_decodes);
	tcase_add_test(tc, every_driver_says_how_it_recovers);
	tcase_add_test(tc, types_are_sorted);
	tcase_add_test(tc, wire_facts_are_complete);
	tcase_add_test(tc, types_are_consistent);
	tcase_add_test(tc, types_have_tiers);
	tcase_add_test(tc, known_facts);
	tcase_add_test(tc, known_rules);
}

int main(void)
{
	return unit_run("schemas_data", fill);
}
