#include "command.h"

#include "planner/revision.h"

#define KEY_DIGITS 16

/* ---- what the plan is bound to ---- */

static void set(struct run *run, struct value *map, const char *name, struct value v)
{
	value_set(&run->arena, map, str_from_c(name), v);
}

static void set_text(struct run *run, struct value *map, const char *name, struct str text)
{
	set(run, map, name, value_string(text));
}

/* Those that the spec declares; others change nothing. */
static struct value variables(struct run *run, struct str key)
{
	struct given_variables given = run_variables(run);
	const struct value *declared = value_get_c(&run->spec.root, "variable");
	struct value out = value_map();

	for (size_t i = 0; i < given.count; i++) {
		const struct given_variable *v = &given.items[i];
		struct str text = str_format(&run->arena, "%.*s=%.*s", STR_ARG(v->name),
					     STR_ARG(v->text));
		struct str digest = revision_digest(&run->arena, key, "variable", text);

		if (value_get(declared, v->name))
			value_set(&run->arena, &out, v->name, value_string(digest));
	}
	return out;
}

static struct value code(struct run *run)
{
	struct value out = value_map();

	for (size_t i = 0; i < run->model.resource_count; i++) {
		const struct resource *r = &run->model.resources[i];
		const struct value *digest = r->bundle ? value_path(&r->properties,
								    STR("Code.Bundle")) : NULL;

		if (digest && digest->kind == VALUE_STRING)
			value_set(&run->arena, &out, address_text(&run->arena, &r->address),
				  value_string(digest->string));
	}
	return out;
}

static void set_planned(struct run *run, struct value *out, struct str key)
{
	struct arena *a = &run->arena;

	set_text(run, out, "account", run->model.scope.account);
	set(run, out, "wanted", revision_wanted(a, &run->plan, key));
	set(run, out, "existing", revision_existing(a, &run->plan, key));
	set(run, out, "live",
	    revision_live(a, &run->plan, run->schemas, &run->observation, key));
	set_text(run, out, "digest", run->review.digest);
}

struct value saved_bonds(struct run *run, bool planned)
{
	struct str key = run->session.secret_key;
	struct value out = value_map();

	set_text(run, &out, "program", STR(PACKAGE_VERSION));
	set_text(run, &out, "data", schemas_digest(run->schemas, &run->arena));
	set_text(run, &out, "key",
		 str_slice(revision_digest(&run->arena, key, "key", STR("")), 0, KEY_DIGITS));
	set_text(run, &out, "project", run->model.project);
	set_text(run, &out, "stage", run->model.stage);
	set_text(run, &out, "region", run->model.scope.region);
	set_text(run, &out, "lineage", run->state.lineage);
	set(run, &out, "serial", value_int((int64_t)run->state.serial));
	set(run, &out, "variables", variables(run, key));
	set(run, &out, "files", reads_digests(&run->arena, &run->reads, run->spec.folder, key));
	set(run, &out, "code", code(run));
	if (planned)
		set_planned(run, &out, key);
	return out;
}

/* ---- the file ---- */

static struct value texts_value(struct run *run, const struct str_list *texts)
{
	struct value out = value_list(NULL, 0);

	for (size_t i = 0; i < texts->count; i++)
		value_append(&run->arena, &out, value_string(texts->items[i]));
	return out;
}

static struct value options_value(struct run *run)
{
	const struct options *o = run->options;
	struct value out = value_map();

	set(run, &out, "destroy", value_bool(o->destroy));
	set_text(run, &out, "refresh", refresh_name(o->refresh));
	set_text(run, &out, "region", o->region);
	set(run, &out, "allow_data_loss", texts_value(run, &o->allow_data_loss));
	set(run, &out, "take_over", texts_value(run, &o->take_over));
	set(run, &out, "target", texts_value(run, &o->targets));
	set(run, &out, "replace", texts_value(run, &o->replace));
	return out;
}

static struct value renderings(struct run *run)
{
	struct value out = value_map();

	set_text(run, &out, "text", rendered_plan(run, OUTPUT_TEXT, true, false));
	set_text(run, &out, "text_verbose", rendered_plan(run, OUTPUT_TEXT, true, true));
	set_text(run, &out, "json", rendered_plan(run, OUTPUT_JSON, false, false));
	set_text(run, &out, "markdown", rendered_plan(run, OUTPUT_MARKDOWN, false, false));
	return out;
}

bool save_plan(struct run *run)
{
	const struct saved saved = {
		.bound = saved_bonds(run, true),
		.options = options_value(run),
		.renderings = renderings(run),
	};
	struct str text = saved_write(&run->arena, &saved, run->session.secret_key);
	struct error err = { 0 };

	if (!file_replace(run->options->out, text, 0600, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (run->options->refresh == REFRESH_NONE)
		fputs("warning: the saved plan can be shown, not applied: what is live was not "
		      "looked at\n", run->doors->err);
	return true;
}

bool read_saved(struct run *run, struct str path, struct saved *out)
{
	const struct files *files = run->doors->files;
	struct error err = { 0 };
	struct str text;

	if (!files->read(files->context, &run->arena, path, SAVED_LIMIT_BYTES, &text, &err))
		return run_fail(run, EXIT_ERROR, &err);
	if (saved_read(&run->arena, text, out, &err))
		return true;
	error_context(&err, "cannot use '%.*s'", STR_ARG(path));
	return run_fail(run, EXIT_ERROR, &err);
}
