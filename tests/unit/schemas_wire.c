#include "unit.h"

#include "base/json.h"
#include "schemas/scope.h"
#include "schemas/wire.h"

static bool parse(struct arena *a, const char *text, struct wire_service *out, struct error *err)
{
	struct value json;

	ck_assert_msg(json_parse(a, str_from_c(text), SPAN_NOWHERE, &json, err), "%s", err->text);
	return wire_service_parse(a, STR("test"), &json, out, err);
}

#define METADATA "\"metadata\":{\"protocol\":\"json\"}"

/* What is refused, and a part of what is said. */
static const struct {
	const char *text, *said;
} refused[] = {
	{ "[]", "no metadata" },
	{ "{\"metadata\":3}", "no metadata" },
	{ "{\"metadata\":{\"protocol\":\"cbor\"}}", "unknown protocol 'cbor'" },
	{ "{\"metadata\":{\"protocol\":7,\"protocols\":[1,\"x\"]}}", "unknown protocol ''" },
	{ "{" METADATA ",\"shapes\":[]}", "'shapes' is no object" },
	{ "{" METADATA ",\"shapes\":{\"A\":1}}", "unknown type ''" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"set\"}}}", "unknown type 'set'" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"list\"}}}", "has no 'member'" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"list\",\"member\":{\"shape\":\"B\"}}}}",
	  "the shape 'B', which is missing" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"map\",\"key\":{\"shape\":\"A\"}}}}",
	  "has no 'value'" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"structure\",\"members\":[]}}}",
	  "is no object" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"structure\",\"members\":{\"x\":null}}}}",
	  "missing" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"structure\",\"payload\":\"x\"}}}",
	  "payload 'x' is no member" },
	{ "{" METADATA
	  ",\"shapes\":{\"A\":{\"type\":\"structure\",\"members\":{\"x\":{\"shape\":\"A\","
	  "\"location\":\"cookie\"}}}}}",
	  "unknown location 'cookie'" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"timestamp\",\"timestampFormat\":\"era\"}}}",
	  "unknown timestamp format 'era'" },
	{ "{" METADATA ",\"shapes\":{\"A\":{\"type\":\"string\",\"enum\":[1]}}}",
	  "enum value is no string" },
	{ "{" METADATA
	  ",\"shapes\":{\"A\":{\"type\":\"structure\",\"error\":{\"httpStatusCode\":99999}}}}",
	  "no such HTTP status" },
	{ "{" METADATA ",\"operations\":[]}", "'operations' is no object" },
	{ "{" METADATA ",\"operations\":{\"Do\":3}}", "operation 'Do' is no object" },
	{ "{" METADATA ",\"operations\":{\"Do\":{\"input\":{\"shape\":\"A\"}}}}",
	  "the shape 'A', which is missing" },
	{ "{" METADATA ",\"operations\":{\"Do\":{\"errors\":[7]}}}", "missing" },
};

START_TEST(refuses)
{
	struct wire_service service;
	struct error err = { 0 };
	struct arena a;

	arena_init(&a);
	ck_assert_msg(!parse(&a, refused[_i].text, &service, &err), "accepted: %s",
		      refused[_i].text);
	ck_assert_msg(strstr(err.text, refused[_i].said) != NULL, "%s\nsaid: %s\nwant: %s",
		      refused[_i].text, err.text, refused[_i].said);
	arena_release(&a);
}
END_TEST

static const char sample[] =
	"{\"metadata\":{\"protocol\":\"smithy-rpc-v2-cbor\","
	"\"protocols\":[\"smithy-rpc-v2-cbor\",\"query\"],"
	"\"endpointPrefix\":\"monitoring\",\"awsQueryCompatible\":{},"
	"\"xmlNamespace\":\"http://m/\"},"
	"\"operations\":{"
	"\"Put\":{\"http\":{\"method\":\"PUT\",\"requestUri\":\"/{Name}\"},"
	"\"input\":{\"shape\":\"Node\",\"locationName\":\"Root\","
	"\"xmlNamespace\":{\"uri\":\"http://n/\",\"prefix\":\"n\"}},"
	"\"output\":{\"shape\":\"Node\",\"resultWrapper\":\"PutResult\"},"
	"\"errors\":[{\"shape\":\"Gone\"}],"
	"\"authtype\":\"none\",\"httpChecksum\":{\"requestChecksumRequired\":true},"
	"\"endpoint\":{\"hostPrefix\":\"data.\"}},"
	"\"Plain\":{}},"
	"\"shapes\":{"
	"\"Node\":{\"type\":\"structure\",\"required\":[\"Name\",\"Other\"],\"members\":{"
	"\"Name\":{\"shape\":\"Text\",\"location\":\"uri\",\"locationName\":\"name\"},"
	"\"Children\":{\"shape\":\"Nodes\",\"flattened\":true},"
	"\"ByName\":{\"shape\":\"NodeMap\"},"
	"\"Free\":{\"shape\":\"Document\"},"
	"\"Token\":{\"shape\":\"Text\",\"idempotencyToken\":true},"
	"\"When\":{\"shape\":\"Time\",\"timestampFormat\":\"rfc822\"}}},"
	"\"Nodes\":{\"type\":\"list\",\"member\":{\"shape\":\"Node\",\"locationName\":\"item\"}},"
	"\"NodeMap\":{\"type\":\"map\",\"key\":{\"shape\":\"Text\"},"
	"\"value\":{\"shape\":\"Nodes\"}},"
	"\"Document\":{\"type\":\"structure\",\"document\":true},"
	"\"Gone\":{\"type\":\"structure\",\"members\":{},\"error\":{\"code\":\"Not.There\","
	"\"httpStatusCode\":404}},"
	"\"Time\":{\"type\":\"timestamp\",\"timestampFormat\":\"iso8601\"},"
	"\"Text\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"sensitive\":true}},"
	"\"pagination\":{\"Put\":{\"input_token\":\"Marker\",\"output_token\":[\"Next\"],"
	"\"result_key\":[\"A\",\"B\"]}}}";

START_TEST(reads_every_trait)
{
	const struct wire_operation *put, *plain;
	const struct wire_member *m;
	struct wire_service s;
	struct error err = { 0 };
	struct arena a;

	arena_init(&a);
	ck_assert_msg(parse(&a, sample, &s, &err), "%s", err.text);
	ck_assert_int_eq(s.protocol, WIRE_QUERY);
	ck_assert(s.query_compatible && !s.global);
	unit_str_eq(s.signing_name, "monitoring");
	put = wire_operation_find(&s, STR("Put"));
	plain = wire_operation_find(&s, STR("Plain"));
	ck_assert(put && plain && !wire_operation_find(&s, STR("Get")));
	unit_str_eq(plain->method, "POST");
	unit_str_eq(plain->uri, "/");
	ck_assert(!plain->input && !plain->unsigned_call);
	unit_str_eq(put->uri, "/{Name}");
	unit_str_eq(put->input_name, "Root");
	unit_str_eq(put->input_namespace, "http://n/");
	unit_str_eq(put->input_prefix, "n");
	unit_str_eq(put->output_wrapper, "PutResult");
	unit_str_eq(put->host_prefix, "data.");
	ck_assert(put->unsigned_call && put->checksum_required);
	unit_str_eq(put->page_input_token, "Marker");
	unit_str_eq(put->page_output_token, "Next");
	unit_str_eq(put->page_result, "");
	ck_assert_uint_eq(put->error_count, 1);
	unit_str_eq(put->errors[0]->error_code, "Not.There");
	ck_assert_int_eq(put->errors[0]->error_status, 404);
	ck_assert(put->errors[0]->exception);
	unit_str_eq(put->input->members.entries[0].key, "Name");
	m = map_get(&put->input->members, STR("Name"));
	ck_assert(m->required && m->location == WIRE_URI && m->shape->sensitive);
	unit_str_eq(m->location_name, "name");
	ck_assert_uint_eq(m->shape->enums.count, 2);
	m = map_get(&put->input->members, STR("When"));
	ck_assert(m->timestamp == WIRE_TIME_RFC822 && m->shape->timestamp == WIRE_TIME_ISO8601);
	m = map_get(&put->input->members, STR("Token"));
	ck_assert(m->idempotency_token && !m->required);
	m = map_get(&put->input->members, STR("Children"));
	ck_assert(m->flattened && m->shape->item->shape == put->input);
	arena_release(&a);
}
END_TEST

static const struct {
	const char *path, *found;	/* NULL: none */
} paths[] = {
	{ "", "Node" },
	{ "Name", "Text" },
	{ ".Name", "Text" },
	{ "Children", "Nodes" },
	{ "Children[]", "Node" },
	{ ".Children[].Children[].When", "Time" },
	{ "ByName.*[].Name", "Text" },
	{ "ByName.any[]", "Node" },
	{ "Free.at.any[].depth", "Document" },
	{ "Nothing", NULL },
	{ "Name.Deeper", NULL },
	{ "Name[]", NULL },
	{ "Children.Name", NULL },
	{ "Children[", NULL },
	{ "Children[0]", NULL },
	{ "..Name", NULL },
	{ "Name..", NULL },
};

START_TEST(walks_paths)
{
	const struct wire_shape *found;
	struct wire_service s;
	struct error err = { 0 };
	struct arena a;

	arena_init(&a);
	ck_assert_msg(parse(&a, sample, &s, &err), "%s", err.text);
	found = wire_path(map_get(&s.shapes, STR("Node")), str_from_c(paths[_i].path));
	ck_assert_msg(!found == !paths[_i].found, "path '%s'", paths[_i].path);
	if (found)
		unit_str_eq(found->name, paths[_i].found);
	arena_release(&a);
}
END_TEST

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* Bytes of a sound document changed at random: refused or read, and then every path is safe. */
START_TEST(survives_changes)
{
	static const char bytes[] = "\"{}[]:,0abX";
	uint32_t seed = 20260 + (uint32_t)_i;
	char text[sizeof(sample)];
	struct error err = { 0 };
	struct wire_service s;
	struct value json;
	struct arena a;
	int read = 0;

	for (int round = 0; round < 400; round++) {
		memcpy(text, sample, sizeof(text));
		for (uint32_t n = next_random(&seed) % 4; n < 4; n++)
			text[next_random(&seed) % (sizeof(text) - 1)] =
				bytes[next_random(&seed) % 11];
		arena_init(&a);
		if (json_parse(&a, str_from_c(text), SPAN_NOWHERE, &json, &err) &&
		    wire_service_parse(&a, STR("test"), &json, &s, &err)) {
			read++;
			for (uint32_t i = 0; i < s.shapes.count; i++)
				(void)wire_path(s.shapes.entries[i].value,
						STR("Children[].ByName.x[].Name"));
		}
		arena_release(&a);
	}
	ck_assert_msg(read > 0, "seed %d: nothing could be read", 20260 + _i);
}
END_TEST

static const struct {
	const char *region, *partition, *suffix;
} regions[] = {
	{ "eu-west-1", "aws", "amazonaws.com" },
	{ "us-east-1", "aws", "amazonaws.com" },
	{ "cn-north-1", "aws-cn", "amazonaws.com.cn" },
	{ "us-gov-west-1", "aws-us-gov", "amazonaws.com" },
	{ "us-iso-east-1", "aws-iso", "c2s.ic.gov" },
	{ "us-isob-east-1", "aws-iso-b", "sc2s.sgov.gov" },
	{ "eu-isoe-west-1", "aws-iso-e", "cloud.adc-e.uk" },
	{ "us-isof-south-1", "aws-iso-f", "csp.hci.ic.gov" },
	{ "eusc-de-east-1", "aws-eusc", "amazonaws.eu" },
	{ "", "aws", "amazonaws.com" },
};

START_TEST(knows_partitions)
{
	struct str partition = partition_of_region(str_from_c(regions[_i].region));

	unit_str_eq(partition, regions[_i].partition);
	unit_str_eq(partition_dns_suffix(partition), regions[_i].suffix);
}
END_TEST

#define COUNT_OF(array) ((int)(sizeof(array) / sizeof((array)[0])))

static void fill(TCase *tc)
{
	tcase_add_loop_test(tc, refuses, 0, COUNT_OF(refused));
	tcase_add_test(tc, reads_every_trait);
	tcase_add_loop_test(tc, walks_paths, 0, COUNT_OF(paths));
	tcase_add_loop_test(tc, survives_changes, 0, 4);
	tcase_add_loop_test(tc, knows_partitions, 0, COUNT_OF(regions));
}

int main(void)
{
	return unit_run("schemas_wire", fill);
}
