#include "command.h"

#include <string.h>

#include "spec/toml_write.h"

/*
 * effc import TYPE ID: what exists, as a block at the end of the spec that says to
 * import it.  Nothing of the file above changes, and nothing in AWS: the next plan
 * shows it as adopted, the next apply makes it this stack's.
 */

/* ---- what is asked for ---- */

static const struct schema *type_asked(struct run *run, struct str text)
{
	struct str type = str_replace(&run->arena, text, STR("."), STR("::")), near;
	const struct schema *schema = schema_find(run->schemas, type);
	const struct str *types;
	size_t count;

	if (schema && schema->driver)
		return schema;
	if (schema) {
		run_say(run, EXIT_ERROR, "%.*s has no driver: it cannot be read",
			STR_ARG(schema->type));
		return NULL;
	}
	types = schemas_types(run->schemas, &count);
	near = str_nearest(type, types, count);
	run_say(run, EXIT_ERROR, "there is no type %.*s%s%.*s%s", STR_ARG(text),
		near.length ? ": did you mean " : "", STR_ARG(near), near.length ? "?" : "");
	return NULL;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "legacy-orders" gives "legacyOrders". */
static struct str id_made(struct arena *a, struct str identifier)
{
	bool upper = false;
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < identifier.length; i++) {
		char c = identifier.data[i];
		bool digit = c >= '0' && c <= '9';

		if (!is_letter(c) && !digit) {
			upper = b.length > 0;
			continue;
		}
		if (!b.length && digit)
			buf_add_c(&b, "the");
		buf_add_char(&b, upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
		upper = false;
	}
	return buf_str(&b);
}

static bool id_is_free(struct run *run, struct str id)
{
	if (!id_is_valid(id))
		return run_say(run, EXIT_ERROR, "'%.*s' can be no id of a block: say another one "
			       "with --as", STR_ARG(id));
	for (size_t i = 0; i < run->model.resource_count; i++) {
		const struct address *address = &run->model.resources[i].address;

		if (!address->module.length && str_equal_fold(address->id, id))
			return run_say(run, EXIT_ERROR, "there is a block '%.*s': say another id "
				       "with --as", STR_ARG(address->id));
	}
	return true;
}

static bool is_not_ours(struct run *run, const struct schema *schema, struct str identifier,
			const struct value *key)
{
	for (size_t i = 0; i < run->state.row_count; i++) {
		const struct row *row = run->state.rows[i];

		if (str_equal(row->type, schema->type) && row_is_of(row, key))
			return run_say(run, EXIT_ERROR, "'%.*s' is '%.*s' of this stack already",
				       STR_ARG(identifier),
				       STR_ARG(address_text(&run->arena, &row->address)));
	}
	return true;
}

/* ---- what is there ---- */

static const struct observed *look(struct run *run, const struct schema *schema,
				   struct str identifier, const struct value *key)
{
	const struct observe_request request = {
		.address = identifier, .schema = schema, .scope = &run->model.scope,
		.properties = *key, .adoption = ADOPT_FREE, .whole = true,
	};
	const struct observed *seen;
	struct error err = { 0 };

	if (!observe(&run->session, &request, 1, &run->observation, &err)) {
		run_fail(run, EXIT_ERROR, &err);
		return NULL;
	}
	progress_end(&run->progress);
	seen = map_get(&run->observation.by_address, identifier);
	if (seen && seen->seen == SEEN_FOUND)
		return seen;
	if (seen && seen->seen == SEEN_FOREIGN)
		run_say(run, EXIT_BLOCKED, "'%.*s' belongs to %.*s: to take it all the same, write "
			"its block with 'import' and apply with --take-over", STR_ARG(identifier),
			STR_ARG(seen->owner));
	else
		run_say(run, EXIT_ERROR, "there is no %.*s '%.*s'", STR_ARG(schema->type),
			STR_ARG(identifier));
	return NULL;
}

/* ---- the block ---- */

/* Numbers that are all zero say that there is none: capacity that is not provisioned. */
static bool is_zeros(const struct value *v)
{
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		const struct member *m = v->map.entries[i].value;

		if (m->value.kind != VALUE_INT || m->value.integer)
			return false;
	}
	return v->kind == VALUE_MAP;
}

static bool is_empty(const struct value *v)
{
	return is_zeros(v) || v->kind == VALUE_NULL || (v->kind == VALUE_LIST && !v->list.count) ||
	       (v->kind == VALUE_MAP && !v->map.count) ||
	       (v->kind == VALUE_STRING && !v->string.length);
}

/* What is secret was read as its hash alone, and stays out of files. */
static bool is_withheld(const struct value *v)
{
	if (v->kind == VALUE_STRING)
		return str_starts(v->string, STR("hmac:"));
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++) {
		if (is_withheld(&v->list.items[i]))
			return true;
	}
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++) {
		if (is_withheld(&((struct member *)v->map.entries[i].value)->value))
			return true;
	}
	return false;
}

/* What AWS assumes need not be said. */
static bool is_assumed(const struct schema *schema, struct str name, const struct value *v)
{
	const struct value *assumed = value_get(&schema->driver->defaults, name);

	return assumed && value_equal(assumed, v);
}

static bool is_said(const struct schema *schema, struct str name, const struct value *v)
{
	const struct property *property = schema_property(schema, name);

	return property && !property->read_only && !is_empty(v) && !is_withheld(v) &&
	       !is_assumed(schema, name, v);
}

static struct value block_made(struct run *run, const struct schema *schema, struct str identifier,
			       const struct observed *seen)
{
	struct value body = value_map();

	for (uint32_t i = 0; i < seen->properties.map.count; i++) {
		const struct member *m = seen->properties.map.entries[i].value;
		struct str name = seen->properties.map.entries[i].key;

		if (is_said(schema, name, &m->value))
			value_set(&run->arena, &body, name, m->value);
	}
	value_set(&run->arena, &body, STR("import"), value_string(identifier));
	return body;
}

/* An expression cannot come out of AWS. */
static void no_expression(const void *context, struct buf *out, const struct expr *e)
{
	(void)context;
	(void)out;
	(void)e;
	BUG("an expression in what was read");
}

static struct str block_text(struct run *run, const struct schema *schema, struct str id,
			     const struct value *body)
{
	const struct toml_form form = { no_expression, NULL };
	struct str rest = schema->type, part;
	struct value root = *body;
	struct str names[8];
	struct buf out;
	size_t count = 0;

	while (count < 7 && str_split(&rest, ':', &part)) {
		if (part.length)
			names[count++] = part;
	}
	names[count++] = id;
	for (size_t i = count; i-- > 0;) {
		struct value outer = value_map();

		value_set(&run->arena, &outer, names[i], root);
		root = outer;
	}
	buf_init(&out, &run->arena);
	toml_write(&out, &root, &form);
	return buf_str(&out);
}

static void tell_unreadable(struct run *run, const struct schema *schema,
			    const struct observed *seen, const struct value *body)
{
	for (uint32_t i = 0; i < schema->properties.count; i++) {
		const struct property *property = schema->properties.entries[i].value;

		const struct value *v = value_get(&seen->properties, property->name);

		if (v && is_withheld(v))
			fprintf(run->doors->err, "note: '%.*s' may be secret and is left out: "
				"write it into the block\n", STR_ARG(property->name));
		else if (property->required && !value_get(body, property->name))
			fprintf(run->doors->err, "note: '%.*s' is required and cannot be read: "
				"write it into the block\n", STR_ARG(property->name));
	}
}

/* ---- the file ---- */

static bool append(struct run *run, struct str block)
{
	const struct document *document = &run->spec.documents[0];
	struct str text = run->sources.items[document->file].text;
	struct error err = { 0 };
	struct buf out;

	if (!str_ends(document->path, STR(".toml")))
		return run_say(run, EXIT_ERROR, "'%.*s' is no TOML: take the block from --dry-run",
			       STR_ARG(document->path));
	buf_init(&out, &run->arena);
	buf_add(&out, text);
	if (text.length && text.data[text.length - 1] != '\n')
		buf_add_char(&out, '\n');
	buf_add_char(&out, '\n');
	buf_add(&out, block);
	if (!file_rewrite(document->path, buf_str(&out), &err))
		return run_fail(run, EXIT_ERROR, &err);
	fprintf(run->doors->out, "%.*s: written at its end; 'effc plan' shows what adopting it "
		"does\n", STR_ARG(document->path));
	return true;
}

static int import(struct run *run, const struct schema *schema, struct str identifier)
{
	struct value key = plan_adopted_key(&run->arena, schema, identifier), body;
	const struct str_list *words = &schema->driver->key;
	struct str id = run->options->as.length ? run->options->as :
			id_made(&run->arena, identifier), text;
	const struct observed *seen;

	if (key.map.count != words->count) {
		run_say(run, EXIT_ERROR, "'%.*s' identifies no %.*s: write its %.*s",
			STR_ARG(identifier), STR_ARG(schema->type),
			STR_ARG(str_join(&run->arena, STR("|"), words->items, words->count)));
		return run->exit;
	}
	if (!run->options->as.length && words->count == 1)
		id = id_made(&run->arena, value_get_str(&key, str_to_c(&run->arena,
								       words->items[0])));
	if (!id_is_free(run, id) || !is_not_ours(run, schema, identifier, &key))
		return run->exit;
	seen = look(run, schema, identifier, &key);
	if (!seen)
		return run->exit;
	body = block_made(run, schema, identifier, seen);
	text = block_text(run, schema, id, &body);
	tell_unreadable(run, schema, seen, &body);
	if (run->options->dry_run)
		fwrite(text.data, 1, text.length, run->doors->out);
	else if (!append(run, text))
		return run->exit;
	return EXIT_DONE;
}

int command_import(struct run *run)
{
	const struct str_list *words = &run->options->arguments;
	const struct schema *schema;

	if (words->count != 2) {
		run_say(run, EXIT_ERROR, "say a type and an identifier: effc import "
			"AWS::SQS::Queue orders");
		return run->exit;
	}
	if (!run_read(run) || !run_compile(run))
		return run->exit;
	schema = type_asked(run, words->items[0]);
	if (!schema || !run_open(run, false) || !run_connect(run))
		return run->exit;
	return import(run, schema, words->items[1]);
}
