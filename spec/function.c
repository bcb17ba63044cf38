#include "function.h"

#include <stdlib.h>
#include <string.h>

#include "convert.h"
#include "function/family.h"

static const struct family *const families[] = {
	&character_family, &conversion_family, &date_family, &encoding_family, &file_family,
	&format_family, &hash_family, &ip_family, &list_family, &map_family, &number_family,
	&regex_family, &set_family, &string_family,
};
#define FAMILY_COUNT (sizeof(families) / sizeof(*families))

/* What Terraform has and a pure evaluation cannot: sorted. */
static const struct {
	const char *name, *reason;
} refusals[] = {
	{ "abspath", "it would bring paths of this machine into the result" },
	{ "base64gzip", "its bytes would depend on the version of a library" },
	{ "bcrypt", "it uses chance, so every run would differ" },
	{ "ephemeralasnull", "there are no ephemeral values" },
	{ "get_env", "use a variable: [variable.x], set by --var or EFF_VAR_x" },
	{ "pathexpand", "it would bring paths of this machine into the result" },
	{ "plantimestamp", "it reads the clock, so every run would differ" },
	{ "rsadecrypt", "a private key has no place in a spec" },
	{ "timestamp", "it reads the clock, so every run would differ" },
	{ "type", "it is for Terraform's console only" },
	{ "uuid", "it uses chance, so every run would differ; see uuidv5" },
};

static int compare_name(const void *key, const void *function)
{
	const struct str *name = key;

	return str_compare(*name, str_from_c(((const struct function *)function)->name));
}

const struct function *function_find(struct str name)
{
	const struct function *found = NULL;

	for (size_t i = 0; i < FAMILY_COUNT && !found; i++)
		found = bsearch(&name, families[i]->functions, families[i]->count, sizeof(*found),
				compare_name);
	return found;
}

/* The first of a family behind a name; NULL: its first. */
static const struct function *first_after(const struct family *family, const char *name)
{
	for (size_t i = 0; i < family->count; i++) {
		if (!name || strcmp(family->functions[i].name, name) > 0)
			return &family->functions[i];
	}
	return NULL;
}

static const struct function *next_after(const char *name)
{
	const struct function *next = NULL;

	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		const struct function *f = first_after(families[i], name);

		if (f && (!next || strcmp(f->name, next->name) < 0))
			next = f;
	}
	return next;
}

const struct function *function_at(size_t index)
{
	const struct function *f = next_after(NULL);

	while (f && index--)
		f = next_after(f->name);
	return f;
}

const char *function_refusal(struct str name)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		if (str_equal_c(name, refusals[i].name))
			return refusals[i].reason;
	}
	return NULL;
}

struct str function_nearest(struct str name)
{
	struct str names[256];
	size_t count = 0;

	for (size_t i = 0; i < FAMILY_COUNT; i++) {
		for (size_t k = 0; k < families[i]->count; k++) {
			CHECK(count < sizeof(names) / sizeof(*names));
			names[count++] = str_from_c(families[i]->functions[k].name);
		}
	}
	return str_nearest(name, names, count);
}

static size_t parameter_count(const struct function *f)
{
	size_t count = 0;

	while (count < FUNCTION_PARAMETERS_MOST && f->parameters[count].name)
		count++;
	return count;
}

void function_print(struct buf *out, const struct function *f)
{
	buf_printf(out, "%s(", f->name);
	for (size_t i = 0; i < parameter_count(f); i++) {
		const struct parameter *p = &f->parameters[i];

		buf_printf(out, "%s%s%s%s", i ? ", " : "", p->name, p->variadic ? "..." : "",
			   p->optional ? "?" : "");
	}
	buf_add_char(out, ')');
}

/* What would be told of a secret stays untold: the text of the message and its excerpt. */
static void withhold(struct function_call *c, size_t index)
{
	uint32_t marks = c->marks;

	if (index < c->count && c->args)
		marks |= marks_within(&c->args[index]);
	if (!(marks & VALUE_SECRET))
		return;
	c->d->items[c->d->count - 1].text =
		str_format(c->d->arena, "'%s' can do nothing with this secret value",
			   c->function->name);
	diag_sensitive(c->d);
}

struct value function_fail(struct function_call *c, size_t index, const char *format, ...)
{
	struct value out = value_null();
	va_list args;

	if (c->d) {
		va_start(args, format);
		diag_error_v(c->d, index < c->count && c->spans ? c->spans[index] : c->span, format,
			     args);
		va_end(args);
		withhold(c, index);
	}
	c->marks |= VALUE_DAMAGED;
	out.marks = VALUE_DAMAGED;
	out.span = c->span;
	return out;
}

/* The help that belongs to a failure: how the function is called. */
static struct value fail_count(struct function_call *c, const char *many)
{
	struct value out = function_fail(c, SIZE_MAX, "E0260 '%s' has too %s arguments",
					 c->function->name, many);
	struct buf b;

	if (!c->d)
		return out;
	buf_init(&b, c->arena);
	function_print(&b, c->function);
	diag_help(c->d, "write %.*s", STR_ARG(buf_str(&b)));
	return out;
}

static bool check_count(struct function_call *c, struct value *out)
{
	size_t most = parameter_count(c->function), least = 0;
	bool variadic = most && c->function->parameters[most - 1].variadic;

	while (least < most && !c->function->parameters[least].optional &&
	       !c->function->parameters[least].variadic)
		least++;
	if (c->count >= least && (variadic || c->count <= most))
		return true;
	*out = fail_count(c, c->count < least ? "few" : "many");
	return false;
}

static const struct parameter *parameter_of(const struct function *f, size_t index)
{
	size_t last = parameter_count(f) - 1;

	return &f->parameters[index < last ? index : last];
}

/* False after a mistake, or where one was reported before. */
static bool convert_argument(struct function_call *c, size_t index, struct value *arg)
{
	const struct parameter *p = parameter_of(c->function, index);
	struct value given = *arg;
	struct str why;

	if (given.marks & VALUE_DAMAGED && given.kind == VALUE_NULL)
		return false;
	if (given.kind == VALUE_NULL && !p->null) {
		function_fail(c, index, "E0261 '%s' of '%s' is null", p->name, c->function->name);
		return false;
	}
	if (value_convert(c->arena, &given, p->type, arg, &why))
		return true;
	function_fail(c, index, "E0262 '%s' of '%s': %.*s", p->name, c->function->name,
		      STR_ARG(why));
	return false;
}

/* What one argument means for the whole: its marks, and whether the call has to wait for it. */
static const struct value *look_into(struct function_call *c, const struct value *arg)
{
	const struct function *f = c->function;

	if (f->partial || (f->deep && !value_waits(arg))) {
		c->marks |= arg->marks;
		return NULL;
	}
	c->marks |= marks_within(arg);
	return waiting_part(arg);
}

/* About a node for each value and 64 bytes of text. */
static size_t weigh(const struct value *v)
{
	size_t weight = 1;

	if (v->kind == VALUE_STRING)
		weight += v->string.length / 64;
	for (size_t i = 0; v->kind == VALUE_LIST && i < v->list.count; i++)
		weight += weigh(&v->list.items[i]);
	for (uint32_t i = 0; v->kind == VALUE_MAP && i < v->map.count; i++)
		weight += weigh(&((const struct member *)v->map.entries[i].value)->value);
	return weight;
}

/* Of what is not looked into. */
static size_t weigh_container(const struct value *v)
{
	return 1 + (v->kind == VALUE_LIST ? v->list.count / 32 :
		    v->kind == VALUE_MAP ? v->map.count / 32 :
		    v->kind == VALUE_STRING ? v->string.length / 64 : 0);
}

/* What a call reads counts, or small expressions could make much work of one large value. */
static bool charge(struct function_call *c)
{
	size_t *left = c->scope ? c->scope->budget : NULL, amount = 0;

	if (!left)
		return true;
	for (size_t i = 0; i < c->count; i++)
		amount += c->function->deep ? weigh_container(&c->args[i]) : weigh(&c->args[i]);
	if (amount < *left) {
		*left -= amount;
		return true;
	}
	if (*left)
		function_fail(c, SIZE_MAX, "E0222 working this out takes too many steps");
	c->marks |= VALUE_DAMAGED;
	*left = 0;
	return false;
}

static struct value apply(struct function_call *c)
{
	struct value *args = arena_array(c->arena, struct value, c->count + 1);
	const struct value *waiting = NULL;
	bool good = charge(c);

	for (size_t i = 0; i < c->count; i++) {
		const struct value *waits;

		args[i] = c->args[i];
		good = convert_argument(c, i, &args[i]) && good;
		waits = look_into(c, &args[i]);
		if (waits && (!waiting || waits->kind == VALUE_EXPR))
			waiting = waits;
	}
	c->args = args;
	if (!good) {
		struct value out = value_null();

		out.marks = VALUE_DAMAGED;
		return out;
	}
	return waiting ? result_waits(c, waiting) : c->function->call(c);
}

struct value function_apply(struct function_call *c)
{
	struct value out;

	c->open = false;
	c->marks = 0;
	if (check_count(c, &out))
		out = c->function->lazy ? c->function->call(c) : apply(c);
	out.marks |= c->marks;
	out.span = c->span;
	return out;
}
