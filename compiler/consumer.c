#include "consumer.h"

#include "build.h"

struct part *dead_letters_add(struct compiler *c, struct block *b, bool fifo)
{
	struct part *dead = part_add(c, b, "dlq", "AWS::SQS::Queue");

	dead->name_tail = "-dlq";
	if (fifo)
		part_set(c, dead, "FifoQueue", value_bool(true));
	return dead;
}

struct part *mapping_add(struct compiler *c, struct block *b, const struct function *f,
			 struct value source, const struct value *config, int64_t batch)
{
	struct part *mapping = part_add(c, b, "mapping", "AWS::Lambda::EventSourceMapping");
	struct value types = value_list(NULL, 0);

	value_append(c->arena, &types, text_value("ReportBatchItemFailures"));
	part_set(c, mapping, "EventSourceArn", source);
	part_set(c, mapping, "FunctionName", part_reference(c, f->part, "FunctionName"));
	part_set(c, mapping, "BatchSize", config_int_value(config, "batch_size", batch));
	if (config_get(config, "window"))
		part_set(c, mapping, "MaximumBatchingWindowInSeconds",
			 config_seconds_value(config, "window", 0));
	part_set(c, mapping, "FunctionResponseTypes", types);
	return mapping;
}

void consumer_keys_refuse(struct compiler *c, struct block *b, const char *keys)
{
	for (uint32_t i = 0; i < b->body.map.count; i++) {
		struct str name = b->body.map.entries[i].key;
		const struct member *m = b->body.map.entries[i].value;

		if (text_in_words(name, keys))
			diag_error(c->d, m->key_span, "E0505 '%.*s' needs a handler",
				   STR_ARG(name));
	}
	function_keys_refuse(c, b, "needs a handler");
}
