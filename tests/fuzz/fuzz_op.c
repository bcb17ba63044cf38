#include "base/yaml.h"
#include "executor/driver/pages.h"
#include "schemas/steps.h"

/*
 * Any driver that can be read, held against the facts and then walked through
 * every kind of operation, with replies and properties taken from its own
 * text, so that their names fit.
 */
#define TURNS 60

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool give_bytes(void *context, struct arena *a, struct str digest, struct str *bytes,
		       struct error *err)
{
	(void)context;
	(void)a;
	(void)err;
	*bytes = digest;
	return true;
}

static struct reply answer(const struct value *body, int turn, enum op_kind kind)
{
	struct reply reply = { .class = REPLY_OK, .body = *body };

	if ((turn + (int)kind) % 3 == 2) {
		reply.class = REPLY_ERROR;
		reply.code = turn % 2 ? STR("NoSuchEntity") : STR("ResourceNotFoundException");
	}
	return reply;
}

/* Pages of its own text, and a read that is told by them. */
static void tell(struct arena *a, struct op_input *input, const struct driver_bulk *bulk,
		 const struct value *source, struct served *served)
{
	struct page_member members[2] = { 0 };
	struct bulk_ask ask;
	struct pages pages = {
		.driver = input->driver, .bulk = bulk, .scope = input->scope, .members = members,
		.count = 2, .keep = a,
	};
	struct step step;

	if (!bulk_ask(a, input, bulk, &ask))
		ask = (struct bulk_ask){ value_map(), STR("aaaa") };
	pages.input = ask.input;
	for (size_t i = 0; i < 2; i++) {
		members[i].key = ask.key;
		members[i].saves = bulk_saves(input, bulk);
	}
	step = pages_next(&pages, a, NULL);
	for (int i = 0; i < TURNS && step.kind == STEP_SEND; i++) {
		struct reply reply = answer(source, i, OP_READ);

		step = pages_next(&pages, a, &reply);
	}
	CHECK(step.kind == STEP_DONE || step.kind == STEP_SEND);
	*served = (struct served){ bulk, members[0].found ? members[0].item : *source };
	input->served = served;
	input->served_count = 1;
}

static void walk(struct arena *a, const struct driver *driver, const struct value *source,
		 enum op_kind kind)
{
	const struct scope scope = { .partition = STR("aws"), .account = STR("123456789012"),
				     .region = STR("eu-west-1") };
	struct op_input input = {
		.driver = driver, .scope = &scope, .instance = STR("aaaa"), .token = STR("t"),
		.properties = kind == OP_UPDATE ? driver->defaults : *source, .previous = *source,
		.attributes = driver->defaults, .artifact = give_bytes,
	};
	const struct driver_steps *steps = driver->steps;
	struct served served;
	struct op *op;
	int64_t now_ms = 0;
	struct step step;

	if (kind == OP_READ && steps->bulk_count)
		tell(a, &input, &steps->bulks[source->map.count % steps->bulk_count], source,
		     &served);
	op = op_new(a, kind, &input);
	step = op_next(op, NULL, now_ms);

	for (int i = 0; i < TURNS && (step.kind == STEP_SEND || step.kind == STEP_WAIT); i++) {
		struct reply reply = answer(source, i, kind);

		now_ms += step.wait_ms;
		step = op_next(op, step.kind == STEP_SEND ? &reply : NULL, now_ms);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of((const char *)data, size);
	struct driver driver = { 0 };
	struct schemas *schemas;
	struct value source;
	struct error err;
	struct diags d;
	struct arena a;

	arena_init(&a);
	diags_init(&d, &a);
	schemas = schemas_open(&a, schemas_embedded(), &err);
	CHECK(schemas);
	if (yaml_parse(&a, text, SPAN_NOWHERE, &source, &d) &&
	    driver_parse(&a, &source, &driver, &d)) {
		if (!driver_check(&driver, &source, schemas, &d))
			CHECK(d.error_count > 0);
		for (int kind = OP_READ; kind <= OP_DELETE; kind++)
			walk(&a, &driver, &source, (enum op_kind)kind);
	}
	arena_release(&a);
	return 0;
}
