#include "compiler/build.h"
#include "compiler/consumer.h"

#include "kind.h"

#define TIMEOUT_FACTOR 6		/* visibility of a queue, in timeouts of its function */
#define DEAD_LETTER_KEPT_S (14 * 86400)
#define FIFO_BATCH_MOST 10

static const struct key dead_letter_items[] = {
	{ .name = "after", .kind = KEY_INTEGER, .required = true, .min = 1, .max = 1000 },
	{ .name = "retention", .kind = KEY_DURATION, .min = 60, .max = 1209600 },
};
static const struct key_set dead_letter_keys = KEY_SET(dead_letter_items);

static const struct key items[] = {
	{ .name = "handler", .kind = KEY_TEXT },
	{ .name = "batch_size", .kind = KEY_INTEGER, .min = 1, .max = 10000 },
	{ .name = "window", .kind = KEY_DURATION, .min = 0, .max = 300 },
	{ .name = "dead_letter", .kind = KEY_TABLE, .set = &dead_letter_keys },
	{ .name = "fifo", .kind = KEY_BOOLEAN },
	{ .name = "content_deduplication", .kind = KEY_BOOLEAN },
	{ .name = "visibility_timeout", .kind = KEY_DURATION, .min = 0, .max = 43200 },
	{ .name = "retention", .kind = KEY_DURATION, .min = 60, .max = 1209600 },
	{ .name = "delay", .kind = KEY_DURATION, .min = 0, .max = 900 },
};

static const struct short_attribute attributes[] = {
	{ .name = "arn", .part = "", .attribute = "Arn" },
	{ .name = "url", .part = "", .attribute = "QueueUrl" },
	{ .name = "name", .part = "", .attribute = "QueueName" },
	{ .name = "dead_letter_arn", .part = "dlq", .attribute = "Arn" },
	{ .name = "dead_letter_url", .part = "dlq", .attribute = "QueueUrl" },
	{ .name = "function_arn", .part = "function", .attribute = "Arn" },
};

static void set_seconds(struct compiler *c, struct block *b, struct part *queue, const char *key,
			const char *property)
{
	if (config_get(&b->config, key))
		part_set(c, queue, property, config_seconds_value(&b->config, key, 0));
}

static struct part *emit_queue(struct compiler *c, struct block *b)
{
	struct part *queue = part_add(c, b, "queue", "AWS::SQS::Queue");

	set_seconds(c, b, queue, "retention", "MessageRetentionPeriod");
	set_seconds(c, b, queue, "delay", "DelaySeconds");
	set_seconds(c, b, queue, "visibility_timeout", "VisibilityTimeout");
	if (config_bool(&b->config, "fifo", false)) {
		part_set(c, queue, "FifoQueue", value_bool(true));
		part_set(c, queue, "ContentBasedDeduplication",
			 value_bool(config_bool(&b->config, "content_deduplication", true)));
	}
	return queue;
}

/* A dead-letter queue is of the same kind as its queue. */
static void emit_dead_letters(struct compiler *c, struct block *b, struct part *queue)
{
	const struct value *config = config_get(&b->config, "dead_letter");
	struct value redrive = value_map();
	struct part *dead;

	if (!config || config->kind != VALUE_MAP)
		return;
	dead = dead_letters_add(c, b, config_bool(&b->config, "fifo", false));
	part_set(c, dead, "MessageRetentionPeriod",
		 config_seconds_value(config, "retention", DEAD_LETTER_KEPT_S));
	value_set(c->arena, &redrive, STR("deadLetterTargetArn"), part_reference(c, dead, "Arn"));
	value_set(c->arena, &redrive, STR("maxReceiveCount"), config_int_value(config, "after", 3));
	part_set(c, queue, "RedrivePolicy", redrive);
}

static struct span place_of(const struct block *b, const char *key)
{
	const struct value *v = config_get(&b->config, key);

	return v ? v->span : b->span;
}

static void check_visibility(struct compiler *c, struct block *b, int64_t timeout_s)
{
	int64_t visibility = config_seconds(&b->config, "visibility_timeout", timeout_s);

	if (visibility >= timeout_s)
		return;
	diag_error(c->d, place_of(b, "visibility_timeout"),
		   "E0533 messages become visible again after %lld s, before the function's "
		   "timeout of %lld s", (long long)visibility, (long long)timeout_s);
	diag_help(c->d, "at least %lld s; %lld s is usual", (long long)timeout_s,
		  (long long)timeout_s * TIMEOUT_FACTOR);
}

static void check_batch(struct compiler *c, struct block *b)
{
	bool fifo = config_bool(&b->config, "fifo", false);
	int64_t batch = config_int(&b->config, "batch_size", CONSUMER_QUEUE_BATCH);
	int64_t window = config_seconds(&b->config, "window", 0);

	if (fifo && window > 0)
		diag_error(c->d, place_of(b, "window"), "E0534 a fifo queue takes no 'window'");
	if (fifo && batch > FIFO_BATCH_MOST)
		diag_error(c->d, place_of(b, "batch_size"),
			   "E0534 a fifo queue gives batches of at most %d", FIFO_BATCH_MOST);
	else if (!fifo && batch > CONSUMER_QUEUE_BATCH && window < 1) {
		diag_error(c->d, place_of(b, "batch_size"),
			   "E0535 a batch of more than %d needs a 'window' of at least 1 s",
			   CONSUMER_QUEUE_BATCH);
		diag_help(c->d, "window = \"1s\"");
	}
}

static void emit_consumer(struct compiler *c, struct block *b, struct part *queue)
{
	struct value arn = part_reference(c, queue, "Arn"), visibility;
	struct function f;

	if (!function_begin(c, b, config_get(&b->config, "handler"), 0, &f))
		return;
	policy_allow(c, &f.policy, "Consume", "sqs:ChangeMessageVisibility sqs:DeleteMessage "
		     "sqs:GetQueueAttributes sqs:ReceiveMessage", &arn, 1, NULL);
	function_end(&f);
	if (!config_get(&b->config, "visibility_timeout")) {
		visibility = value_int(f.timeout_s * TIMEOUT_FACTOR);
		part_set(c, queue, "VisibilityTimeout", visibility);
	}
	check_visibility(c, b, f.timeout_s);
	check_batch(c, b);
	mapping_add(c, b, &f, arn, &b->config, CONSUMER_QUEUE_BATCH);
}

static void emit(struct compiler *c, struct block *b)
{
	const struct member *alone = value_member(&b->body, STR("content_deduplication"));
	struct part *queue = emit_queue(c, b);

	emit_dead_letters(c, b, queue);
	if (alone && !config_bool(&b->config, "fifo", false))
		diag_error(c->d, alone->key_span,
			   "E0536 only a fifo queue knows 'content_deduplication'");
	if (config_get(&b->config, "handler"))
		emit_consumer(c, b, queue);
	else if (block_lacks(b, &b->config, "handler"))
		consumer_keys_refuse(c, b, "batch_size window");
	else
		function_look(c, b);
}

const struct kind kind_queue = {
	.name = "queue",
	.type = "AWS::SQS::Queue",
	.primary = "queue",
	.parts = "dlq function logs mapping queue role",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
};
