#include "function.h"
#include "kind/kind.h"
#include "rules.h"
#include "spec/expr.h"

#define VISIBILITY_USUAL_S 30
#define TIMEOUT_USUAL_S 3
#define BATCH_WITHOUT_WINDOW 10
#define ROUTES_MOST 300

static const struct value *property(const struct part *p, const char *name)
{
	return value_get_c(&p->resource.properties, name);
}

/* The part of that type which an open property names; NULL: none, or not known. */
static const struct part *target(struct compiler *c, const struct value *v, const char *type)
{
	const struct part *found;

	if (!v || v->kind != VALUE_EXPR || v->expr->kind != EXPR_ATTRIBUTE)
		return NULL;
	found = c->part_list[v->expr->resource];
	return str_equal_c(found->resource.schema->type, type) ? found : NULL;
}

/* False if it is neither written out nor left to its usual value. */
static bool number_of(const struct part *p, const char *name, int64_t usual, int64_t *out)
{
	const struct value *v = property(p, name);

	*out = v && v->kind == VALUE_INT ? v->integer : usual;
	return !v || v->kind == VALUE_INT;
}

static bool is_fifo(const struct part *p)
{
	const struct value *v = property(p, "FifoQueue");

	return v && v->kind == VALUE_BOOL && v->boolean;
}

static struct span place(const struct part *p, const char *name)
{
	const struct value *v = property(p, name);

	return v && v->span.file != SPAN_NOWHERE ? v->span : p->resource.span;
}

static void check_visibility(struct compiler *c, const struct part *mapping,
			     const struct part *queue)
{
	const struct part *function =
		target(c, property(mapping, "FunctionName"), "AWS::Lambda::Function");
	int64_t visible_s, timeout_s;

	if (!function || !number_of(queue, "VisibilityTimeout", VISIBILITY_USUAL_S, &visible_s) ||
	    !number_of(function, "Timeout", TIMEOUT_USUAL_S, &timeout_s) || visible_s >= timeout_s)
		return;
	diag_error(c->d, place(queue, "VisibilityTimeout"),
		   "E0533 messages become visible again after %lld s, before the function's "
		   "timeout of %lld s", (long long)visible_s, (long long)timeout_s);
	diag_help(c->d, "VisibilityTimeout = %lld is usual", (long long)timeout_s * 6);
}

static void check_batch(struct compiler *c, const struct part *mapping, const struct part *queue)
{
	int64_t batch, window_s;

	if (!number_of(mapping, "BatchSize", BATCH_WITHOUT_WINDOW, &batch) ||
	    !number_of(mapping, "MaximumBatchingWindowInSeconds", 0, &window_s))
		return;
	if (is_fifo(queue) && window_s > 0)
		diag_error(c->d, place(mapping, "MaximumBatchingWindowInSeconds"),
			   "E0534 a fifo queue takes no 'MaximumBatchingWindowInSeconds'");
	if (is_fifo(queue) && batch > BATCH_WITHOUT_WINDOW) {
		diag_error(c->d, place(mapping, "BatchSize"),
			   "E0534 a fifo queue gives batches of at most %d", BATCH_WITHOUT_WINDOW);
	} else if (!is_fifo(queue) && batch > BATCH_WITHOUT_WINDOW && window_s < 1) {
		diag_error(c->d, place(mapping, "BatchSize"),
			   "E0535 a batch of more than %d needs a window of at least 1 s",
			   BATCH_WITHOUT_WINDOW);
		diag_help(c->d, "MaximumBatchingWindowInSeconds = 1");
	}
}

void rule_mapping(struct compiler *c, const struct part *p)
{
	const struct value *source = property(p, "EventSourceArn");
	const struct part *queue = target(c, source, "AWS::SQS::Queue");
	const struct value *start = property(p, "StartingPosition");
	bool stream = target(c, source, "AWS::DynamoDB::Table") ||
		      target(c, source, "AWS::Kinesis::Stream");

	if (p->lowered)
		return;
	if (queue) {
		check_visibility(c, p, queue);
		check_batch(c, p, queue);
	}
	if (queue && start)
		diag_error(c->d, place(p, "StartingPosition"),
			   "E0550 a queue has no 'StartingPosition'");
	else if (stream && !start && !(p->block && p->block->damaged)) {
		diag_error(c->d, p->resource.span, "E0550 a stream needs a 'StartingPosition'");
		diag_help(c->d, "\"LATEST\" or \"TRIM_HORIZON\"");
	}
}

void rule_dead_letters(struct compiler *c, const struct part *p)
{
	const struct value *v = value_path(&p->resource.properties,
					   STR("RedrivePolicy.deadLetterTargetArn"));
	const struct part *dead = target(c, v, "AWS::SQS::Queue");

	if (!dead || is_fifo(dead) == is_fifo(p))
		return;
	diag_error(c->d, v->expr->span, "E0551 the dead-letter queue of a %s queue is %s too",
		   is_fifo(p) ? "fifo" : "standard", is_fifo(p) ? "fifo" : "standard");
}

/* ---- tables */

struct keys {
	struct compiler *c;
	struct map defined, used;
	bool whole;			/* all of it is written out */
};

static void use_keys(struct keys *k, const struct value *keys)
{
	for (size_t i = 0; keys && keys->kind == VALUE_LIST && i < keys->list.count; i++) {
		const struct value *name = value_get_c(&keys->list.items[i], "AttributeName");

		if (!name || name->kind != VALUE_STRING) {
			k->whole = false;
			continue;
		}
		*map_put(k->c->arena, &k->used, name->string) = k;
		if (k->whole && !map_has(&k->defined, name->string)) {
			diag_error(k->c->d, name->span, "E0552 the key '%.*s' is not defined",
				   STR_ARG(name->string));
			diag_help(k->c->d, "add it to 'AttributeDefinitions'");
		}
	}
	k->whole = k->whole && (!keys || keys->kind == VALUE_LIST);
}

static void use_indexes(struct keys *k, const struct value *indexes)
{
	for (size_t i = 0; indexes && indexes->kind == VALUE_LIST && i < indexes->list.count; i++)
		use_keys(k, value_get_c(&indexes->list.items[i], "KeySchema"));
	k->whole = k->whole && (!indexes || indexes->kind == VALUE_LIST);
}

static void define_keys(struct keys *k, const struct value *attributes)
{
	k->whole = attributes && attributes->kind == VALUE_LIST;
	for (size_t i = 0; k->whole && i < attributes->list.count; i++) {
		const struct value *name = value_get_c(&attributes->list.items[i],
						       "AttributeName");

		k->whole = name && name->kind == VALUE_STRING;
		if (k->whole)
			*map_put(k->c->arena, &k->defined, name->string) = k;
	}
}

void rule_table_keys(struct compiler *c, const struct part *p)
{
	struct keys k = { .c = c };
	const struct value *attributes = property(p, "AttributeDefinitions");

	define_keys(&k, attributes);
	use_keys(&k, property(p, "KeySchema"));
	use_indexes(&k, property(p, "GlobalSecondaryIndexes"));
	use_indexes(&k, property(p, "LocalSecondaryIndexes"));
	for (size_t i = 0; k.whole && i < attributes->list.count; i++) {
		const struct value *name = value_get_c(&attributes->list.items[i],
						       "AttributeName");

		if (!map_has(&k.used, name->string))
			diag_error(c->d, name->span, "E0553 '%.*s' is the key of nothing",
				   STR_ARG(name->string));
	}
}

/* ---- functions, schedules, routes */

void rule_function(struct compiler *c, const struct part *p)
{
	static const char own[] =
		"_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV "
		"AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE "
		"AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE "
		"AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY "
		"AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN "
		"AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR";
	const struct value *runtime = property(p, "Runtime");
	const struct value *all = value_path(&p->resource.properties,
					     STR("Environment.Variables"));

	if (!p->lowered && runtime && runtime->kind == VALUE_STRING)
		runtime_check(c, runtime->string, runtime->span);
	for (uint32_t i = 0; all && all->kind == VALUE_MAP && i < all->map.count; i++) {
		const struct member *m = all->map.entries[i].value;

		if (!text_in_words(all->map.entries[i].key, own))
			continue;
		diag_error(c->d, m->key_span.file == SPAN_NOWHERE ? p->resource.span : m->key_span,
			   "E0515 '%.*s' cannot be a variable", STR_ARG(all->map.entries[i].key));
		diag_help(c->d, "Lambda sets it");
	}
}

void rule_schedule(struct compiler *c, const struct part *p)
{
	const struct value *v = property(p, "ScheduleExpression");

	if (!p->lowered && v && v->kind == VALUE_STRING)
		(void)schedule_check(c, v, (struct str){ 0 });
}

void rule_routes(struct compiler *c, const struct part *p)
{
	size_t count = 0;

	if (p->lowered)
		return;
	for (size_t i = 0; i < c->part_count; i++) {
		const struct part *route = c->part_list[i];

		count += str_equal_c(route->resource.schema->type, "AWS::ApiGatewayV2::Route") &&
			 target(c, property(route, "ApiId"), "AWS::ApiGatewayV2::Api") == p;
	}
	if (count > ROUTES_MOST)
		diag_error(c->d, p->resource.span, "E0531 an HTTP API has at most %d routes",
			   ROUTES_MOST);
}
