#include "driver.h"

/*
 * Templates: "arn:{partition}:sqs:{region}:{account}:{QueueName}".  A part in
 * braces that is not known yet makes the whole unknown, with what stands
 * before it as its known beginning.
 */
static bool scope_part(const struct scope *scope, struct str name, struct str *out)
{
	if (str_equal(name, STR("partition")))
		*out = scope->partition;
	else if (str_equal(name, STR("dns")))
		*out = partition_dns_suffix(scope->partition);
	else if (str_equal(name, STR("region")))
		*out = scope->region;
	else if (str_equal(name, STR("account")))
		*out = scope->account;
	else
		return false;
	return true;
}

/* False, with what is known, if the part is not. */
static bool fill_part(struct buf *b, struct str part, const struct scope *scope,
		      const struct value *properties, struct value *unknown)
{
	size_t bar = str_index(part, '|');
	struct str name = str_slice(part, 0, bar), text;
	const struct value *v;

	if (scope_part(scope, name, &text)) {
		buf_add(b, text);
		if (!text.length)
			*unknown = value_unknown(b->arena,
				str_format(b->arena, "the %.*s is not known yet", STR_ARG(name)),
				buf_str(b));
		return text.length != 0;
	}
	v = value_path(properties, name);
	if (v && v->kind == VALUE_STRING) {
		buf_add(b, v->string);
		return true;
	}
	if (v && v->kind == VALUE_INT) {
		buf_printf(b, "%lld", (long long)v->integer);
		return true;
	}
	if (v && v->kind == VALUE_UNKNOWN) {
		buf_add(b, v->unknown->prefix);
		*unknown = value_unknown(b->arena, v->unknown->reason, buf_str(b));
		return false;
	}
	if ((!v || v->kind == VALUE_NULL) && bar < part.length) {
		buf_add(b, str_slice(part, bar + 1, part.length));
		return true;
	}
	*unknown = value_unknown(b->arena, str_format(b->arena, "'%.*s' is not known yet",
						      STR_ARG(name)), buf_str(b));
	return false;
}

struct value driver_fill(struct arena *a, struct str template, const struct scope *scope,
			 const struct value *properties)
{
	struct value unknown;
	struct buf b;

	buf_init(&b, a);
	while (template.length) {
		size_t open = str_index(template, '{'), close;

		buf_add(&b, str_slice(template, 0, open));
		template = str_slice(template, open, template.length);
		close = str_index(template, '}');
		if (close == template.length) {
			buf_add(&b, template);
			break;
		}
		if (!fill_part(&b, str_slice(template, 1, close), scope, properties, &unknown))
			return unknown;
		template = str_slice(template, close + 1, template.length);
	}
	return value_string(buf_str(&b));
}

bool driver_known(struct arena *a, const struct driver *driver, const struct scope *scope,
		  const struct value *properties, struct str attribute, struct value *out)
{
	for (size_t i = 0; i < driver->known_count; i++) {
		if (!str_equal(driver->known[i].attribute, attribute))
			continue;
		*out = driver_fill(a, driver->known[i].template, scope, properties);
		return true;
	}
	return false;
}
