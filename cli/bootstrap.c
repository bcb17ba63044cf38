#include "bootstrap.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "command.h"
#include "shown.h"

#define TEXT_MOST 4096

struct value boot_value(struct boot *b, const char *format, ...)
{
	char text[TEXT_MOST];
	struct error err = { 0 };
	struct value v;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	CHECK(length > 0 && (size_t)length < sizeof(text));
	if (!json_parse(&b->run->arena, str_copy(&b->run->arena, str_from_c(text)), SPAN_NOWHERE,
			&v, &err))
		BUG("%s: %s", text, err.text);
	return v;
}

/* What belongs to the bucket is asked of the bucket that is meant. */
static struct call call_of(struct boot *b, const char *service, const char *operation,
			   struct value input)
{
	bool of_bucket = str_equal_c(STR("s3"), service);

	if (of_bucket)
		value_set(&b->run->arena, &input, STR("Bucket"), value_string(b->place.bucket));
	if (of_bucket && !str_equal_c(STR("CreateBucket"), operation))
		value_set(&b->run->arena, &input, STR("ExpectedBucketOwner"),
			  value_string(b->place.owner));
	return (struct call){
		.service = str_from_c(service),
		.operation = str_from_c(operation),
		.input = input,
		.scope = &b->place.scope,
	};
}

static bool send(struct boot *b, const struct call *call, const char *refusal, struct reply *out,
		 struct error *err)
{
	struct buf text;

	if (!session_exchange(&b->run->session, &b->run->arena, call, out, err))
		return false;
	if (out->class == REPLY_OK || (refusal && reply_is(out, str_from_c(refusal))))
		return true;
	buf_init(&text, &b->run->arena);
	aws_describe(&text, call, out);
	return error_set(err, ERROR_AWS, "%.*s", STR_ARG(buf_str(&text)));
}

bool boot_ask(struct boot *b, const char *service, const char *operation, struct value input,
	      const char *refusal, struct reply *out, struct error *err)
{
	struct call call = call_of(b, service, operation, input);

	return send(b, &call, refusal, out, err);
}

void boot_step(struct boot *b, struct str says, const char *service, const char *operation,
	       struct value input)
{
	*vec_push(&b->run->arena, &b->steps) = (struct boot_step){
		.says = says,
		.call = call_of(b, service, operation, input),
	};
}

void boot_tell(struct boot *b, struct str text)
{
	struct str_list *told = &b->told;

	told->items = arena_grow(&b->run->arena, told->items, told->count * sizeof(text),
				 (told->count + 1) * sizeof(text), _Alignof(struct str));
	told->items[told->count++] = text;
}

static void print_lines(struct run *run, const char *before, struct str text)
{
	struct buf out;

	buf_init(&out, &run->arena);
	buf_add_c(&out, before);
	add_shown(&out, text, 0);
	fprintf(run->doors->out, "%s\n", out.data);
}

static void show(struct boot *b)
{
	struct run *run = b->run;

	fprintf(run->doors->out, "the bucket '%.*s' in %.*s, account %.*s\n",
		STR_ARG(b->place.bucket), STR_ARG(b->place.scope.region), STR_ARG(b->place.owner));
	for (size_t i = 0; i < b->steps.count; i++)
		print_lines(run, "  + ", b->steps.items[i].says);
}

static bool carry_out(struct boot *b, struct error *err)
{
	for (size_t i = 0; i < b->steps.count; i++) {
		const struct boot_step *step = &b->steps.items[i];
		struct reply reply;

		if (step->carry_out ? !step->carry_out(b, err) :
				      !send(b, &step->call, NULL, &reply, err))
			return error_context(err,
					     "%zu of %zu steps are done, and what is done "
					     "stays; cannot %.*s",
					     i, b->steps.count, STR_ARG(step->says));
	}
	return true;
}

static bool look(struct boot *b, struct error *err)
{
	return boot_bucket(b, err) && boot_move(b, err) &&
	       (!b->run->options->ci_roles.length || boot_roles(b, err));
}

int command_bootstrap(struct run *run)
{
	struct boot b = { .run = run };
	struct error err = { 0 };

	if (!run_read(run) || !run_compile(run))
		return run->exit;
	if (!run->model.state.bucket.length) {
		run_say(run, EXIT_ERROR,
			"the spec names no bucket for the state: write "
			"state = \"s3://BUCKET/FOLDER\" under [project]; the name of a bucket is "
			"unique in the world");
		return run->exit;
	}
	if (!run_session(run))
		return run->exit;
	b.place = run_place(run);
	run_set_account(run, run->who.account);
	if (!look(&b, &err)) {
		if (run->exit == EXIT_DONE)
			run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	show(&b);
	if (!b.steps.count)
		fputs("Everything is there already.\n", run->doors->out);
	if (b.steps.count && !confirm(run, "Do this?", STR("yes")))
		return run->exit;
	if (!carry_out(&b, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return run->exit;
	}
	for (size_t i = 0; i < b.told.count; i++)
		print_lines(run, "", b.told.items[i]);
	return EXIT_DONE;
}
