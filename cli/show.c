#include "command.h"

#include "shown.h"

/* The length of a colour's escape sequence at the start of the text; 0: there is none. */
static size_t colour_length(struct str text)
{
	size_t i = 2;

	if (!str_starts(text, STR("\033[")))
		return 0;
	while (i < text.length && text.data[i] >= '0' && text.data[i] <= '9')
		i++;
	return i < text.length && text.data[i] == 'm' ? i + 1 : 0;
}

/* Whoever wrote the file: a terminal is sent lines and colours, and nothing else. */
static void add_text(struct buf *out, struct str text, bool colour)
{
	while (text.length) {
		size_t escape = colour_length(text), end = 0;

		if (escape && colour)
			buf_add(out, str_slice(text, 0, escape));
		text = str_slice(text, escape, text.length);
		if (escape)
			continue;
		if (text.data[0] == '\n') {
			buf_add_char(out, '\n');
			text = str_slice(text, 1, text.length);
			continue;
		}
		do
			end++;
		while (end < text.length && text.data[end] != '\n' && text.data[end] != '\033');
		add_shown(out, str_slice(text, 0, end), 0);
		text = str_slice(text, end, text.length);
	}
}

static const char *rendering(const struct options *o)
{
	switch (plan_format(o)) {
	case OUTPUT_JSON:
		return "json";
	case OUTPUT_MARKDOWN:
		return "markdown";
	case OUTPUT_TEXT:
		return o->verbose ? "text_verbose" : "text";
	case OUTPUT_DEFAULT:
	case OUTPUT_DOT:
	/* A page made of a file that anybody may have written is not handed to a browser. */
	case OUTPUT_HTML:
	case OUTPUT_MERMAID:
		break;
	}
	return NULL;
}

int command_show(struct run *run)
{
	const struct options *o = run->options;
	const char *name = rendering(o);
	struct saved saved;
	struct str text;
	struct buf out;

	if (o->arguments.count != 1)
		run_say(run, EXIT_ERROR, "'effc show' takes one file: effc show PLAN");
	else if (!name)
		run_say(run, EXIT_ERROR, "a saved plan is text, json or markdown");
	if (run->exit || !read_saved(run, o->arguments.items[0], &saved))
		return run->exit;
	text = value_get_str(&saved.renderings, name);
	buf_init(&out, &run->arena);
	if (plan_format(o) == OUTPUT_TEXT)
		add_text(&out, text, run->colour);
	else
		buf_add(&out, text);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
