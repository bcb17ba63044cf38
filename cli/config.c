#include "command.h"

#include "base/json.h"
#include "shown.h"

/* The settings in effect, one a line; with --origin, where each was said. */
#define VALUE_BYTES_MOST 100

static struct str setting_name(struct run *run, const struct setting *s)
{
	return str_format(&run->arena, "%.*s.%.*s", STR_ARG(s->owner), STR_ARG(s->key));
}

struct option_origins run_origins(const struct run *run)
{
	const struct options *o = run->options;
	bool first = door_environment(run->doors, "AWS_REGION").length > 0;
	bool second = door_environment(run->doors, "AWS_DEFAULT_REGION").length > 0;

	return (struct option_origins){
		.stage = o->stage_given ? STR("--stage") : o->stage.length ? STR("EFF_STAGE")
								      : STR("built in"),
		.region = o->region_given ? STR("--region") : STR("EFF_REGION"),
		.environment_region = first ? STR("AWS_REGION") : second ? STR("AWS_DEFAULT_REGION")
			: STR("the profile of the AWS configuration"),
	};
}

/* An address, a key, or a part of one: "orders", "timeout", "orders.stream". */
static bool is_meant(struct run *run, const struct setting *s, struct str word)
{
	struct str name = setting_name(run, s);

	return str_equal(word, s->owner) || str_equal(word, s->key) || str_equal(word, name) ||
	       (str_starts(name, word) && name.data[word.length] == '.') ||
	       (str_starts(s->key, word) && s->key.data[word.length] == '.');
}

static bool is_wanted(struct run *run, const struct setting *s)
{
	const struct str_list *given = &run->options->arguments;

	for (size_t i = 0; i < given->count; i++)
		if (is_meant(run, s, given->items[i]))
			return true;
	return given->count == 0;
}

static bool words_exist(struct run *run)
{
	const struct str_list *given = &run->options->arguments;
	const struct model *m = &run->model;
	struct str *names = arena_array(&run->arena, struct str, m->setting_count * 2), near;

	for (size_t i = 0; i < m->setting_count; i++) {
		names[2 * i] = m->settings[i].owner;
		names[2 * i + 1] = m->settings[i].key;
	}
	for (size_t k = 0; k < given->count; k++) {
		bool found = false;

		for (size_t i = 0; i < m->setting_count && !found; i++)
			found = is_meant(run, &m->settings[i], given->items[k]);
		if (found)
			continue;
		near = str_nearest(given->items[k], names, m->setting_count * 2);
		return run_say(run, EXIT_ERROR, "nothing is called '%.*s'%s%.*s%s",
			       STR_ARG(given->items[k]), near.length ? ": did you mean '" : "",
			       STR_ARG(near), near.length ? "'?" : "");
	}
	return true;
}

static struct str place_of(struct run *run, const struct setting *s)
{
	return s->span.file == SPAN_NOWHERE ? (struct str){ 0 }
					    : span_text(&run->arena, &run->sources, s->span);
}

static void print_line(struct run *run, const struct setting *s, size_t width)
{
	struct value v = model_value(&run->arena, &run->model, &s->value);
	struct str place = place_of(run, s), name = setting_name(run, s);
	struct buf out;

	buf_init(&out, &run->arena);
	add_shown(&out, name, 0);
	if (run->options->origin && name.length < width)
		buf_add_repeat(&out, ' ', width - name.length);
	buf_add_c(&out, " = ");
	add_shown(&out, json_text(&run->arena, &v), run->options->origin ? VALUE_BYTES_MOST : 0);
	if (run->options->origin) {
		buf_add_c(&out, "   # ");
		add_shown(&out, s->origin, 0);
		buf_printf(&out, "%s%.*s", place.length ? ", " : "", STR_ARG(place));
	}
	fprintf(run->doors->out, "%s\n", out.data);
}

static void print_json(struct run *run)
{
	struct value list = value_list(NULL, 0);
	struct buf out;

	for (size_t i = 0; i < run->model.setting_count; i++) {
		const struct setting *s = &run->model.settings[i];
		struct value item = value_map();
		struct str place = place_of(run, s);

		if (!is_wanted(run, s))
			continue;
		value_set(&run->arena, &item, STR("owner"), value_string(s->owner));
		value_set(&run->arena, &item, STR("key"), value_string(s->key));
		value_set(&run->arena, &item, STR("value"),
			  model_value(&run->arena, &run->model, &s->value));
		value_set(&run->arena, &item, STR("origin"), value_string(s->origin));
		if (place.length)
			value_set(&run->arena, &item, STR("place"), value_string(place));
		value_append(&run->arena, &list, item);
	}
	buf_init(&out, &run->arena);
	json_print_pretty(&out, &list, 0);
	fprintf(run->doors->out, "%s\n", out.data);
}

int command_config(struct run *run)
{
	size_t width = 0;

	if (!run_read(run) || !run_compile(run) || !words_exist(run))
		return run->exit;
	if (run->options->json) {
		print_json(run);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < run->model.setting_count; i++) {
		struct str name = setting_name(run, &run->model.settings[i]);

		if (is_wanted(run, &run->model.settings[i]) && name.length > width &&
		    name.length <= 48)
			width = name.length;
	}
	for (size_t i = 0; i < run->model.setting_count; i++)
		if (is_wanted(run, &run->model.settings[i]))
			print_line(run, &run->model.settings[i], width);
	return EXIT_DONE;
}
