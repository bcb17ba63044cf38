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

int command_show(struct run *run)
{
	const struct options *o = run->options;
	struct saved saved;
	struct buf out;

	if (o->arguments.count != 1) {
		run_say(run, EXIT_ERROR, "'effc show' takes one file: effc show PLAN");
		return run->exit;
	}
	if (!read_saved(run, o->arguments.items[0], &saved))
		return run->exit;
	buf_init(&out, &run->arena);
	if (o->json)
		buf_add(&out, value_get_str(&saved.renderings, "json"));
	else
		add_text(&out, value_get_str(&saved.renderings,
					     o->verbose ? "text_verbose" : "text"), run->colour);
	fwrite(out.data, 1, out.length, run->doors->out);
	return EXIT_DONE;
}
