#include "helper.h"

#include "base/json.h"
#include "executor/aws/aws.h"

static struct value sections_value(struct arena *a, const struct map *sections)
{
	struct value all = value_map();

	for (uint32_t i = 0; i < sections->count; i++) {
		const struct map *properties = sections->entries[i].value;
		struct value section = value_map();

		for (uint32_t j = 0; j < properties->count; j++) {
			const struct str *text = properties->entries[j].value;

			value_set(a, &section, properties->entries[j].key, value_string(*text));
		}
		value_set(a, &all, sections->entries[i].key, section);
	}
	return all;
}

static const struct str *file_text(const struct value *q, const char *key, struct str *text)
{
	const struct value *v = value_get_c(q, key);

	if (!v || v->kind != VALUE_STRING)
		return NULL;
	*text = v->string;
	return text;
}

static bool answer_parse(struct arena *a, const struct value *q, struct buf *answer,
			 struct error *err)
{
	struct str config, credentials;
	struct value v = value_map();
	struct profiles all;

	if (!profiles_parse(a, file_text(q, "config_file", &config),
			    file_text(q, "credentials_file", &credentials), &all, err))
		return false;
	value_set(a, &v, STR("profiles"), sections_value(a, &all.profiles));
	value_set(a, &v, STR("sso_sessions"), sections_value(a, &all.sso_sessions));
	json_print(answer, &v);
	return true;
}

static void answer_locate(struct arena *a, const struct value *q, struct buf *answer)
{
	const struct value *variables = value_get_c(q, "environment");
	struct aws_environment env = { 0 };
	struct profile_location where;
	struct value v = value_map();

	for (uint32_t i = 0; variables && i < variables->map.count; i++) {
		struct str name = variables->map.entries[i].key;
		struct str *text = arena_new(a, struct str);

		*text = value_get(variables, name)->string;
		*map_put(a, &env.variables, name) = text;
	}
	profiles_locate(a, &env, &where);
	value_set(a, &v, STR("config"), value_string(where.config));
	value_set(a, &v, STR("credentials"), value_string(where.credentials));
	value_set(a, &v, STR("profile"), value_string(where.profile));
	json_print(answer, &v);
}

bool profile_reader_answer(struct arena *a, struct str question, struct buf *answer,
			   struct error *err)
{
	struct value q;
	struct str mode;

	if (!json_parse(a, question, SPAN_NOWHERE, &q, err))
		return false;
	mode = question_str(&q, "mode");
	if (str_equal_c(mode, "parse"))
		return answer_parse(a, &q, answer, err);
	if (!str_equal_c(mode, "locate"))
		return error_set(err, ERROR_PARSE, "mode '%.*s' is not supported yet",
				 STR_ARG(mode));
	answer_locate(a, &q, answer);
	return true;
}
