#ifndef EFFC_TESTS_UNIT_COMPILER_CASE_H
#define EFFC_TESTS_UNIT_COMPILER_CASE_H

#include "unit.h"

#include "base/clock.h"
#include "base/fs.h"
#include "base/json.h"
#include "compiler/model.h"

/* One spec compiled against the embedded schemas, and what came of it. */
struct compiler_case {
	struct arena arena;
	struct sources sources;
	struct diags diags;
	struct spec spec;
	struct schemas *schemas;
	struct model model;
	struct compile_options options;
	bool good;
};

static inline void case_open(struct compiler_case *k)
{
	*k = (struct compiler_case){ 0 };
	arena_init(&k->arena);
	diags_init(&k->diags, &k->arena);
	k->schemas = schemas_open(&k->arena, schemas_embedded(), NULL);
	ck_assert(k->schemas != NULL);
}

static inline void case_compile(struct compiler_case *k, struct str text)
{
	struct files *files = files_memory(&k->arena);
	struct str path = STR("effortless.toml");
	bool read;

	files_memory_add(&k->arena, files, path, text);
	read = spec_read(&k->arena, files, &k->sources, &path, 1, &k->spec, &k->diags);
	k->good = model_compile(&k->arena, &k->spec, k->schemas, &k->options, &k->model,
				&k->diags) && read;
}

static inline void case_close(struct compiler_case *k)
{
	arena_release(&k->arena);
}

/* "3:1: text | help" a line, sorted by place. */
static inline struct str case_messages(struct compiler_case *k)
{
	struct buf out;

	buf_init(&out, &k->arena);
	diags_sort(&k->diags);
	for (size_t i = 0; i < k->diags.count; i++) {
		const struct diag *d = &k->diags.items[i];
		struct place place = span_place(&k->sources, d->span);

		buf_printf(&out, "%s%u:%u: %s%.*s", i ? "\n" : "", place.line, place.column,
			   d->severity == SEVERITY_WARNING ? "warning: " : "", STR_ARG(d->text));
		if (d->help.length)
			buf_printf(&out, " | %.*s", STR_ARG(d->help));
	}
	return buf_str(&out);
}

static inline const struct resource *case_resource(struct compiler_case *k, const char *address)
{
	uint32_t i = model_find(&k->model, str_from_c(address));

	ck_assert_msg(i != UINT32_MAX, "no resource '%s'", address);
	return &k->model.resources[i];
}

/* The property as `effc debug model` writes it, on one line; "" if it is not there. */
static inline void case_property(struct compiler_case *k, const char *address, const char *path,
				 const char *json)
{
	const struct resource *r = case_resource(k, address);
	const struct value *v = value_path(&r->properties, str_from_c(path));
	struct value shown;

	if (!v) {
		ck_assert_msg(!*json, "'%s' of '%s' is missing", path, address);
		return;
	}
	shown = model_value(&k->arena, &k->model, v);
	unit_str_eq(json_text(&k->arena, &shown), json);
}

#endif
