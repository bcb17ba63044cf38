#include "command.h"

#include "compiler/address.h"
#include "review/why.h"
#include "shown.h"

static bool unknown(struct run *run, struct str address, struct str near)
{
	struct buf text;

	buf_init(&text, &run->arena);
	add_shown(&text, address, 0);
	return run_say(run, EXIT_ERROR, "neither the spec nor the state has '%.*s'%s%.*s%s",
		       STR_ARG(buf_str(&text)), near.length ? ": did you mean '" : "",
		       STR_ARG(near), near.length ? "'?" : "");
}

static bool make_plan(struct run *run)
{
	bool offline = run->options->refresh == REFRESH_NONE;

	if (!run_read(run) || !run_compile(run) || !run_bundle(run) || !run_open(run, false))
		return false;
	if (!offline && (!run_connect(run) || !run_observe(run, false)))
		return false;
	return run_plan(run, false, offline);
}

int command_why(struct run *run)
{
	const struct str_list *arguments = &run->options->arguments;
	struct str near = { 0 }, address;
	struct why why;
	struct buf out;

	if (arguments->count != 1) {
		run_say(run, EXIT_ERROR, "say of what: effc why ADDRESS");
		return run->exit;
	}
	if (!make_plan(run))
		return run->exit;
	address = address_plain(&run->arena, arguments->items[0]);
	if (!why_make(&run->arena, run->schemas, &run->review, address, &why, &near)) {
		unknown(run, address, near);
		return run->exit;
	}
	buf_init(&out, &run->arena);
	if (run->options->json)
		why_print_json(&out, &why);
	else
		why_print_text(&out, &why, run->colour);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
