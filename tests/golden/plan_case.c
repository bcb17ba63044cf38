#include <stdio.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/json.h"
#include "plan_world.h"

/*
 * Prints a plan in every format, offline and in milliseconds:
 *
 *	plan_case CASE
 *
 * A case is a text of sections: `before` (a spec that was applied; may be absent), `earlier` (a
 * spec whose plan was the previous comment), `rows`, `live`, `options` (JSON, see
 * plan_world.h; also max_bytes, verbose), `spec`.  Others are ignored: they are what it must
 * print, for plans.py.
 */
#define CASE_LIMIT_BYTES (16u << 20)

static const char *const formats[] = { "text", "markdown", "json", "html" };

static struct str section(struct str text, const char *name)
{
	struct str line, head = str_from_c(name);
	const char *start = NULL;

	while (str_split(&text, '\n', &line)) {
		if (!str_starts(line, STR("== ")))
			continue;
		if (start)
			return str_of(start, (size_t)(line.data - start));
		if (str_equal(str_slice(line, 3, line.length), head))
			start = text.data;
	}
	return start ? str_of(start, (size_t)(line.data + line.length - start)) : text;
}

static struct value json_section(struct world *w, struct str text, const char *name)
{
	struct str body = str_trim(section(text, name));
	struct error err = { 0 };
	struct value v = value_map();

	if (body.length && (!json_parse(&w->arena, body, SPAN_NOWHERE, &v, &err) ||
			    v.kind != VALUE_MAP))
		world_stop(name, str_from_c(err.text));
	return v;
}

static struct review_markdown markdown_options(const struct value *options)
{
	const struct value *most = value_get_c(options, "max_bytes");
	const struct value *verbose = value_get_c(options, "verbose");

	return (struct review_markdown){
		.max_bytes = most ? (size_t)most->integer : MARKDOWN_USUAL_BYTES,
		.verbose = verbose && verbose->boolean,
	};
}

static void print(struct world *w, const struct world_plan *p, struct review_markdown markdown,
		  const char *format)
{
	struct buf out;

	buf_init(&out, &w->arena);
	if (str_equal_c(STR("text"), format))
		review_print_text(&out, &p->review, false, markdown.verbose);
	else if (str_equal_c(STR("markdown"), format))
		review_print_markdown(&out, &p->review, &markdown);
	else if (str_equal_c(STR("html"), format))
		review_print_html(&out, &p->review);
	else
		review_print_json(&out, &p->review);
	printf("== %s\n", format);
	fwrite(out.data, 1, out.length, stdout);
}

int main(int argc, char **argv)
{
	struct value rows, live, options, none = value_map();
	struct review_markdown markdown;
	struct error err = { 0 };
	struct world_plan *p;
	struct str text;
	struct buf previous;
	struct world w;

	if (argc != 2)
		world_stop("usage", STR("plan_case CASE"));
	world_init(&w);
	if (!files_real()->read(files_real()->context, &w.arena, str_from_c(argv[1]),
				CASE_LIMIT_BYTES, &text, &err))
		world_stop("case", str_from_c(err.text));
	rows = json_section(&w, text, "rows");
	live = json_section(&w, text, "live");
	options = json_section(&w, text, "options");
	markdown = markdown_options(&options);
	if (section(text, "before").length) {
		world_apply(&w, world_make_plan(&w, section(text, "before"), &none));
		world_change_rows(&w, &rows);
	}
	world_change_live(&w, &live);
	if (section(text, "earlier").length) {
		p = world_make_plan(&w, section(text, "earlier"), &options);
		buf_init(&previous, &w.arena);
		review_print_markdown(&previous, &p->review, &markdown);
		markdown.previous = buf_str(&previous);
	}
	p = world_make_plan(&w, section(text, "spec"), &options);
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		print(&w, p, markdown, formats[i]);
	world_release(&w);
	return EXIT_SUCCESS;
}
