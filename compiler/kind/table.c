#include "compiler/build.h"
#include "compiler/consumer.h"

#include "kind.h"

/* on_failure keeps what failed as long as a queue can. */
#define DEAD_LETTER_KEPT_S (14 * 86400)
#define STREAM_RETRIES 1
#define INDEXES_MOST 20

static bool check_stream(struct compiler *c, const struct value *v, struct str where);
static bool check_projection(struct compiler *c, const struct value *v, struct str where);

static const struct key index_items[] = {
	{ .name = "partition_key", .kind = KEY_TEXT, .required = true },
	{ .name = "sort_key", .kind = KEY_TEXT },
	{ .name = "projection", .kind = KEY_ANY, .check = check_projection },
};
static const struct key_set index_keys = KEY_SET(index_items);

static const struct key stream_items[] = {
	{ .name = "handler", .kind = KEY_TEXT },
	{ .name = "view", .kind = KEY_CHOICE,
	  .detail = "new_and_old_images new_image old_image keys_only" },
	{ .name = "batch_size", .kind = KEY_INTEGER, .min = 1, .max = 10000 },
	{ .name = "window", .kind = KEY_DURATION, .min = 0, .max = 300 },
	{ .name = "on_failure", .kind = KEY_BOOLEAN },
	{ .name = "retries", .kind = KEY_INTEGER, .min = 0, .max = 10000 },
	{ .name = "parallel", .kind = KEY_INTEGER, .min = 1, .max = 10 },
	{ .name = "start", .kind = KEY_CHOICE, .detail = "latest trim_horizon" },
};
static const struct key_set stream_keys = KEY_SET(stream_items);

static const struct key items[] = {
	{ .name = "partition_key", .kind = KEY_TEXT, .required = true,
	  .detail = "for example \"orderId:string\"" },
	{ .name = "sort_key", .kind = KEY_TEXT },
	{ .name = "ttl", .kind = KEY_TEXT },
	{ .name = "index", .kind = KEY_TABLES, .set = &index_keys },
	{ .name = "stream", .kind = KEY_TABLE, .set = &stream_keys, .check = check_stream },
	{ .name = "point_in_time_recovery", .kind = KEY_BOOLEAN },
	{ .name = "deletion_protection", .kind = KEY_BOOLEAN },
	{ .name = "billing", .kind = KEY_CHOICE, .detail = "on_demand provisioned" },
	{ .name = "read_capacity", .kind = KEY_INTEGER, .min = 1, .max = 40000 },
	{ .name = "write_capacity", .kind = KEY_INTEGER, .min = 1, .max = 40000 },
	{ .name = "handler", .kind = KEY_REFUSED,
	  .detail = "a table's handler reads its stream: stream = { handler = \"src/x.js#f\" }" },
};

static const struct short_attribute attributes[] = {
	{ .name = "arn", .part = "", .attribute = "Arn" },
	{ .name = "name", .part = "", .attribute = "TableName" },
	{ .name = "stream_arn", .part = "", .attribute = "StreamArn" },
	{ .name = "function_arn", .part = "function", .attribute = "Arn" },
	{ .name = "dead_letter_url", .part = "dlq", .attribute = "QueueUrl" },
};

static bool check_stream(struct compiler *c, const struct value *v, struct str where)
{
	static const char *const needing[] = {
		"batch_size", "window", "on_failure", "retries", "parallel", "start",
	};
	bool good = true;

	if (v->marks & VALUE_DAMAGED || value_get_c(v, "handler"))
		return true;
	for (size_t i = 0; i < sizeof(needing) / sizeof(*needing); i++) {
		const struct member *m = value_member(v, str_from_c(needing[i]));

		if (!m)
			continue;
		diag_error(c->d, m->key_span, "E0505 '%s' of the stream of %.*s needs a handler",
			   needing[i], STR_ARG(where));
		good = false;
	}
	return good;
}

static bool check_projection(struct compiler *c, const struct value *v, struct str where)
{
	bool good = v->kind == VALUE_LIST ||
		    (v->kind == VALUE_STRING && text_in_words(v->string, "all keys_only"));

	(void)where;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		good = good && v->list.items[i].kind == VALUE_STRING;
	if (good)
		return true;
	diag_error(c->d, v->span, "E0538 'projection' must be \"all\", \"keys_only\" or a list of "
		   "attributes");
	return false;
}

/* The attributes of all keys, each with one type. */
struct definitions {
	struct compiler *c;
	struct block *block;
	struct value list;
	struct map types;		/* name -> struct str: "S" */
};

static const char *attribute_type(struct str word)
{
	return str_equal_c(word, "string") ? "S" : str_equal_c(word, "number") ? "N"
	     : str_equal_c(word, "binary") ? "B" : NULL;
}

static void define(struct definitions *d, struct str name, const char *type, struct span span)
{
	struct arena *a = d->c->arena;
	const char *known = map_get(&d->types, name);
	struct value entry = value_map();

	if (known) {
		if (*known != *type)
			diag_error(d->c->d, span, "E0539 '%.*s' has another type in another key",
				   STR_ARG(name));
		return;
	}
	*map_put(a, &d->types, name) = (void *)(uintptr_t)type;
	value_set(a, &entry, STR("AttributeName"), text_value_at(name, span));
	value_set(a, &entry, STR("AttributeType"), text_value(type));
	value_append(a, &d->list, entry);
}

/* "orderId:string" */
static void add_key(struct definitions *d, struct value *schema, const struct value *table,
		    const char *key, const char *role)
{
	const struct value *v = config_get(table, key);
	struct value entry = value_map();
	struct str name;
	const char *type;
	size_t colon;

	if (!v || v->kind != VALUE_STRING)
		return;
	colon = str_last_index(v->string, ':');
	name = str_slice(v->string, 0, colon);
	type = attribute_type(str_slice(v->string, colon + 1, v->string.length));
	if (!name.length || !type) {
		diag_error(d->c->d, v->span, "E0540 '%.*s' is no key", STR_ARG(v->string));
		diag_help(d->c->d, "a name and its type: \"%.*s:string\" (string, number or "
			  "binary)", STR_ARG(name.length ? name : STR("orderId")));
		d->block->damaged = true;
		return;
	}
	define(d, name, type, v->span);
	value_set(d->c->arena, &entry, STR("AttributeName"), text_value_at(name, v->span));
	value_set(d->c->arena, &entry, STR("KeyType"), text_value(role));
	value_append(d->c->arena, schema, entry);
}

static struct value key_schema(struct definitions *d, const struct value *table)
{
	struct value schema = value_list(NULL, 0);

	schema.span = table->span;
	add_key(d, &schema, table, "partition_key", "HASH");
	add_key(d, &schema, table, "sort_key", "RANGE");
	return schema;
}

static struct value projection_of(struct arena *a, const struct value *index)
{
	const struct value *v = config_get(index, "projection");
	struct value out = value_map();
	const char *type = "ALL";

	if (v && v->kind == VALUE_LIST)
		type = "INCLUDE";
	else if (v && v->kind == VALUE_STRING && str_equal_c(v->string, "keys_only"))
		type = "KEYS_ONLY";
	value_set(a, &out, STR("ProjectionType"), text_value(type));
	if (v && v->kind == VALUE_LIST)
		value_set(a, &out, STR("NonKeyAttributes"), *v);
	return out;
}

static bool is_provisioned(const struct block *b)
{
	return str_equal_c(config_text(&b->config, "billing", "on_demand"), "provisioned");
}

static struct value throughput_of(struct compiler *c, struct block *b)
{
	struct value out = value_map();

	value_set(c->arena, &out, STR("ReadCapacityUnits"),
		  config_int_value(&b->config, "read_capacity", 1));
	value_set(c->arena, &out, STR("WriteCapacityUnits"),
		  config_int_value(&b->config, "write_capacity", 1));
	return out;
}

static void set_indexes(struct compiler *c, struct block *b, struct part *table,
			struct definitions *d)
{
	const struct value *indexes = config_get(&b->config, "index");
	struct value list = value_list(NULL, 0);

	if (!indexes || indexes->kind != VALUE_MAP || !indexes->map.count)
		return;
	if (indexes->map.count > INDEXES_MOST) {
		const struct member *first_over = indexes->map.entries[INDEXES_MOST].value;

		diag_error(c->d, first_over->key_span, "E0541 a table has at most %d indexes",
			   INDEXES_MOST);
	}
	for (uint32_t i = 0; i < indexes->map.count && i < INDEXES_MOST; i++) {
		const struct member *m = indexes->map.entries[i].value;
		struct value index = value_map();

		index.span = m->key_span;
		value_set(c->arena, &index, STR("IndexName"),
			  text_value_at(indexes->map.entries[i].key, m->key_span));
		value_set(c->arena, &index, STR("KeySchema"), key_schema(d, &m->value));
		value_set(c->arena, &index, STR("Projection"), projection_of(c->arena, &m->value));
		if (is_provisioned(b))
			value_set(c->arena, &index, STR("ProvisionedThroughput"),
				  throughput_of(c, b));
		value_append(c->arena, &list, index);
	}
	part_set(c, table, "GlobalSecondaryIndexes", list);
}

static void set_billing(struct compiler *c, struct block *b, struct part *table)
{
	static const char *const capacities[] = { "read_capacity", "write_capacity" };
	bool provisioned = is_provisioned(b);
	bool known = config_get(&b->config, "billing") || block_lacks(b, &b->config, "billing");

	for (size_t i = 0; i < sizeof(capacities) / sizeof(*capacities); i++) {
		const struct value *v = config_get(&b->config, capacities[i]);

		if (v && known && !provisioned)
			diag_error(c->d, v->span, "E0542 '%s' needs billing = \"provisioned\"",
				   capacities[i]);
		else if (provisioned && block_lacks(b, &b->config, capacities[i]))
			diag_error(c->d, config_get(&b->config, "billing")->span,
				   "E0543 provisioned billing needs '%s'", capacities[i]);
	}
	part_set(c, table, "BillingMode",
		 text_value(provisioned ? "PROVISIONED" : "PAY_PER_REQUEST"));
	if (provisioned)
		part_set(c, table, "ProvisionedThroughput", throughput_of(c, b));
}

static struct part *emit_table(struct compiler *c, struct block *b)
{
	struct part *table = part_add(c, b, "table", "AWS::DynamoDB::Table");
	struct definitions d = { .c = c, .block = b, .list = value_list(NULL, 0) };
	const struct value *ttl = config_get(&b->config, "ttl");

	part_set(c, table, "KeySchema", key_schema(&d, &b->config));
	set_billing(c, b, table);
	set_indexes(c, b, table, &d);
	part_set(c, table, "AttributeDefinitions", d.list);
	if (ttl && ttl->kind == VALUE_STRING) {
		part_set(c, table, "TimeToLiveSpecification.AttributeName", *ttl);
		part_set(c, table, "TimeToLiveSpecification.Enabled", value_bool(true));
	}
	if (config_get(&b->config, "point_in_time_recovery"))
		part_set(c, table, "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled",
			 value_bool(config_bool(&b->config, "point_in_time_recovery", false)));
	if (config_get(&b->config, "deletion_protection"))
		part_set(c, table, "DeletionProtectionEnabled",
			 value_bool(config_bool(&b->config, "deletion_protection", false)));
	return table;
}

static void set_mapping(struct compiler *c, struct part *mapping, const struct value *stream,
			const struct part *dead)
{
	struct str start = str_upper(c->arena, config_text(stream, "start", "latest"));

	part_set(c, mapping, "StartingPosition", value_string(start));
	part_set(c, mapping, "BisectBatchOnFunctionError", value_bool(true));
	part_set(c, mapping, "MaximumRetryAttempts",
		 config_int_value(stream, "retries", STREAM_RETRIES));
	if (config_get(stream, "parallel"))
		part_set(c, mapping, "ParallelizationFactor",
			 config_int_value(stream, "parallel", 1));
	if (dead)
		part_set(c, mapping, "DestinationConfig.OnFailure.Destination",
			 part_reference(c, dead, "Arn"));
}

/* The stream's ARN pattern is known from the table's, so the role need not wait for it. */
static void emit_stream(struct compiler *c, struct block *b, struct part *table,
			const struct value *stream)
{
	struct value streams = JOIN(c->arena, stream->span, part_reference(c, table, "Arn"),
				    text_value("/stream/*"));
	struct part *dead = NULL;
	struct function f;

	if (!function_begin(c, b, config_get(stream, "handler"), 0, &f))
		return;
	policy_allow(c, &f.policy, "Stream", "dynamodb:DescribeStream dynamodb:GetRecords "
		     "dynamodb:GetShardIterator dynamodb:ListStreams", &streams, 1, NULL);
	if (config_bool(stream, "on_failure", false)) {
		struct value arn;

		dead = dead_letters_add(c, b, false);
		part_set(c, dead, "MessageRetentionPeriod", value_int(DEAD_LETTER_KEPT_S));
		arn = part_reference(c, dead, "Arn");
		policy_allow(c, &f.policy, "OnFailure", "sqs:SendMessage", &arn, 1, NULL);
	}
	value_set(c->arena, &f.environment, STR("EFF_TABLE_SELF"),
		  part_reference(c, table, "TableName"));
	function_end(&f);
	set_mapping(c, mapping_add(c, b, &f, part_reference(c, table, "StreamArn"), stream,
				   CONSUMER_STREAM_BATCH), stream, dead);
}

static void emit(struct compiler *c, struct block *b)
{
	static const struct key_set *const stream_sets[] = { &stream_keys, NULL };
	struct part *table = emit_table(c, b);
	const struct value *stream = config_get(&b->config, "stream");

	if (stream && stream->kind == VALUE_MAP) {
		struct str view = config_text(stream, "view", "new_and_old_images");

		part_set(c, table, "StreamSpecification.StreamViewType",
			 value_string(str_upper(c->arena, view)));
		emit_stream(c, b, table, stream);
	}
	if (!value_get_c(&b->body, "handler") &&
	    (stream ? table_lacks(stream, stream_sets, "handler")
		    : block_lacks(b, &b->config, "stream")))
		function_keys_refuse(c, b, "needs a handler of the table's stream");
}

const struct kind kind_table = {
	.name = "table",
	.type = "AWS::DynamoDB::Table",
	.primary = "table",
	.parts = "dlq function logs mapping role table",
	.keys = KEY_SET(items),
	.has_function = true,
	.attributes = attributes,
	.attribute_count = sizeof(attributes) / sizeof(*attributes),
	.emit = emit,
};
