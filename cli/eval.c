#include "command.h"

#include "base/json.h"
#include "spec/expr.h"

/*
 * Expressions of the command line, or of the lines of standard input.  Beside a
 * spec they are compiled as outputs of it, so that they see what an output sees;
 * without one they stand alone.  Their text is a source of its own, so that
 * mistakes show it.
 */
#define TEXT_BYTES_MOST (4u << 20)
#define EXPRESSIONS_MOST 10000

struct expression {
	uint32_t start, end;		/* in the source */
	struct value written;		/* "${...}" */
	struct value value;
	bool good;
};

struct evaluation {
	struct run *run;
	uint32_t file;
	struct str text;
	struct expression *items;
	size_t count;
};

static bool read_input(struct run *run, struct str *out)
{
	FILE *in = run->doors->in;
	struct buf text;
	int c;

	buf_init_limit(&text, &run->arena, TEXT_BYTES_MOST);
	while ((c = getc(in)) != EOF && !text.overflow)
		buf_add_char(&text, (char)c);
	*out = buf_str(&text);
	if (text.overflow)
		return run_say(run, EXIT_ERROR, "more than %u bytes of expressions",
			       TEXT_BYTES_MOST);
	return str_is_utf8(*out) ||
	       run_say(run, EXIT_ERROR, "standard input is no text (UTF-8)");
}

static bool read_text(struct run *run, struct str *out)
{
	const struct str_list *given = &run->options->arguments;

	if (!given->count)
		return read_input(run, out);
	*out = str_join(&run->arena, STR("\n"), given->items, given->count);
	return true;
}

/* "${" and "}" around what stands in the source from start to end. */
static struct value wrap(struct evaluation *ev, uint32_t start, uint32_t end)
{
	struct arena *a = &ev->run->arena;
	size_t length = end - start + 3;
	uint32_t *offsets = arena_array(a, uint32_t, length + 1);
	struct value v = value_string(str_format(a, "${%.*s}",
						 STR_ARG(str_slice(ev->text, start, end))));

	for (size_t i = 0; i <= length; i++)
		offsets[i] = i < 2 ? start : i - 2 < end - start ? start + (uint32_t)i - 2 : end;
	v.offsets = offsets;
	v.span = (struct span){ ev->file, start, end };
	return v;
}

/* Arguments may have several lines; on standard input each line is an expression. */
static bool split(struct evaluation *ev)
{
	const struct str_list *given = &ev->run->options->arguments;
	size_t lines = 1, start = 0;

	for (size_t i = 0; i < ev->text.length; i++)
		lines += ev->text.data[i] == '\n';
	if (given->count)
		lines = given->count;
	if (lines > EXPRESSIONS_MOST + 1)
		return run_say(ev->run, EXIT_ERROR, "more than %d expressions", EXPRESSIONS_MOST);
	ev->items = arena_array(&ev->run->arena, struct expression, lines);
	for (size_t i = 0; i < lines; i++) {
		struct str rest = str_slice(ev->text, start, ev->text.length);
		size_t length = given->count ? given->items[i].length : str_index(rest, '\n');
		struct expression *e = &ev->items[ev->count];

		if (str_trim(str_slice(rest, 0, length)).length) {
			e->start = (uint32_t)start;
			e->end = (uint32_t)(start + length);
			e->written = wrap(ev, e->start, e->end);
			ev->count++;
		}
		start += length + 1;
	}
	return true;
}

/* ---- without a spec ---- */

static struct value no_lookup(void *context ATTR_UNUSED, struct arena *a ATTR_UNUSED,
			      const struct expr *reference, size_t *used ATTR_UNUSED,
			      struct diags *d)
{
	struct value out = value_null();

	out.marks = VALUE_DAMAGED;
	if (d) {
		diag_error(d, reference->span, "E0274 there is no spec here, so nothing is "
			   "called '%.*s'", STR_ARG(reference->steps[0].name));
		diag_help(d, "give one with -f, or write text between quotes");
	}
	return out;
}

static void evaluate_alone(struct evaluation *ev)
{
	struct run *run = ev->run;

	for (size_t i = 0; i < ev->count; i++) {
		struct expression *e = &ev->items[i];
		size_t budget = EXPR_STEP_BUDGET, before = run->diags.error_count;
		struct expr_scope scope = {
			.lookup = no_lookup, .budget = &budget, .files = run->doors->files,
		};
		struct value parsed;

		if (!expr_parse(&run->arena, &e->written, &parsed, &run->diags))
			continue;
		e->value = value_evaluate(&run->arena, &parsed, &scope, &run->diags);
		e->good = run->diags.error_count == before;
	}
}

/* ---- beside a spec ---- */

#define OUTPUT_PREFIX "effc_eval_"

static void add_outputs(struct evaluation *ev)
{
	struct arena *a = &ev->run->arena;
	struct value *root = &ev->run->spec.root, outputs = value_map();
	const struct value *written = value_get_c(root, "output");

	if (written && written->kind == VALUE_MAP)
		outputs.map = map_copy(a, &written->map, (uint32_t)ev->count);
	for (size_t i = 0; i < ev->count; i++) {
		struct value output = value_map();

		value_set(a, &output, STR("value"), ev->items[i].written);
		output.span = ev->items[i].written.span;
		value_set(a, &outputs, str_format(a, OUTPUT_PREFIX "%zu", i), output);
	}
	value_replace(a, root, STR("output"), outputs);
}

/* What only an apply or the account can tell. */
static struct value later(void *context, struct arena *a, const struct expr *reference,
			  size_t *used ATTR_UNUSED, struct diags *d ATTR_UNUSED)
{
	const struct model *model = context;
	struct str none = { 0 }, address, name;

	if (reference->kind == EXPR_ATTRIBUTE) {
		address = address_text(a, &model->resources[reference->resource].address);
		return value_unknown(a, str_format(a, "known after apply: %.*s of '%.*s'",
						   STR_ARG(reference->attribute),
						   STR_ARG(address)), none);
	}
	if (!str_equal_c(reference->steps[0].name, "existing"))
		return value_unknown(a, STR("known with credentials: the account"), none);
	name = reference->step_count > 1 ? reference->steps[1].name : none;
	return value_unknown(a, str_format(a, "read while planning: existing '%.*s'",
					   STR_ARG(name)), none);
}

static void take_outputs(struct evaluation *ev)
{
	struct model *model = &ev->run->model;
	size_t budget = EXPR_STEP_BUDGET;
	const struct expr_scope scope = {
		.context = model, .lookup = later, .budget = &budget,
		.files = ev->run->doors->files, .root = ev->run->spec.folder,
	};
	int64_t number;

	for (size_t i = 0; i < model->output_count; i++) {
		const struct output *o = &model->outputs[i];
		struct str prefix = STR(OUTPUT_PREFIX);

		if (!str_starts(o->name, prefix) ||
		    !str_to_int(str_slice(o->name, prefix.length, o->name.length), &number) ||
		    number < 0 || (size_t)number >= ev->count)
			continue;
		ev->items[number].value = value_evaluate(&ev->run->arena, &o->value, &scope, NULL);
		ev->items[number].good = !(ev->items[number].value.marks & VALUE_DAMAGED);
	}
}

static bool evaluate_beside(struct evaluation *ev)
{
	add_outputs(ev);
	if (!run_compile(ev->run))
		return false;
	take_outputs(ev);
	return true;
}

/* ---- results ---- */

/* Unknown parts as text; numbers and all else as they are. */
static struct value shown(struct arena *a, const struct value *v)
{
	struct value out = *v;

	if (v->kind == VALUE_UNKNOWN) {
		out = value_string(str_format(a, "(%.*s)", STR_ARG(v->unknown->reason)));
		out.marks = v->marks;
	} else if (v->kind == VALUE_LIST) {
		out = value_list(NULL, 0);
		out.marks = v->marks;
		for (size_t i = 0; i < v->list.count; i++)
			value_append(a, &out, shown(a, &v->list.items[i]));
	} else if (v->kind == VALUE_MAP) {
		out = value_map();
		out.marks = v->marks;
		for (uint32_t i = 0; i < v->map.count; i++) {
			const struct member *m = v->map.entries[i].value;

			value_set(a, &out, v->map.entries[i].key, shown(a, &m->value));
		}
	}
	return out;
}

/* The mistakes of one expression. */
static void print_mistakes(struct evaluation *ev, const struct expression *e, struct buf *out)
{
	struct diags mine;

	diags_init(&mine, &ev->run->arena);
	for (size_t i = 0; i < ev->run->diags.count; i++) {
		const struct diag *d = &ev->run->diags.items[i];

		if (d->span.file == ev->file && d->span.start >= e->start &&
		    d->span.start <= e->end)
			*vec_push(mine.arena, &mine) = *d;
	}
	buf_add_c(out, "{\"diagnostics\":");
	diags_print_json(out, &mine, &ev->run->sources);
	buf_add_c(out, "}\n");
}

static void print_results(struct evaluation *ev)
{
	bool json = ev->run->options->json;
	struct buf out;

	buf_init(&out, &ev->run->arena);
	for (size_t i = 0; i < ev->count; i++) {
		const struct expression *e = &ev->items[i];
		struct value value;

		if (!e->good && json)
			print_mistakes(ev, e, &out);
		if (!e->good)
			continue;
		value = shown(&ev->run->arena, &e->value);
		buf_add_c(&out, json ? "{\"value\":" : "");
		json_print(&out, &value);
		buf_add_c(&out, json ? "}\n" : "\n");
	}
	fwrite(out.data, 1, out.length, ev->run->doors->out);
}

static bool find_spec(struct run *run, bool *found)
{
	struct error err = { 0 };
	struct str path = { 0 };

	*found = run->options->files.count ||
		 spec_find(&run->arena, run->doors->files, STR("."), &path, &err) || path.length;
	return !*found || run_read(run);
}

int command_eval(struct run *run)
{
	struct evaluation ev = { .run = run };
	bool beside;

	if (!read_text(run, &ev.text) || !find_spec(run, &beside))
		return run->exit;
	ev.file = sources_add(&run->arena, &run->sources, STR("expression"), ev.text);
	if (!split(&ev))
		return run->exit;
	if (beside && !evaluate_beside(&ev))
		return run->exit;
	if (!beside)
		evaluate_alone(&ev);
	print_results(&ev);
	if (run->diags.error_count && !run->options->json)
		run_report(run, false);
	return run->diags.error_count ? EXIT_ERROR : run->exit;
}
