#include "aws.h"

#include "base/buf.h"

/*
 * The ini dialect of AWS's shared files.  Sections and properties begin in the
 * first column; a line that begins with a blank goes on with the property
 * above.  What has an invalid name is dropped with all that belongs to it;
 * what is no line of the dialect at all is an error.
 */
enum section { SECTION_NONE, SECTION_DROPPED, SECTION_PROFILE, SECTION_SSO };

struct reader {
	struct arena *a;
	struct profiles *out;
	struct error *err;
	bool is_config;
	bool prefixed_default;		/* [profile default] was seen: [default] does not count */
	unsigned line;
	enum section section;
	struct map *properties;		/* of the open section; NULL if it is dropped */
	bool in_property;
	struct str *value;		/* of the open property; NULL if it is dropped */
	struct buf text;		/* what value shows */
	bool nested;			/* the open property began empty: properties follow */
};

static bool refuse(struct reader *r, const char *what)
{
	return error_set(r->err, ERROR_CREDENTIALS, "the AWS %s file, line %u: %s",
			 r->is_config ? "config" : "credentials", r->line, what);
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char c = s.data[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || str_contains(STR("-_/.%@:+"), str_of(&c, 1))))
			return false;
	}
	return s.length > 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Cuts a comment off: at any mark, or only at one behind a blank. */
static struct str cut_comment(struct str line, bool after_blank)
{
	for (size_t i = 0; i < line.length; i++) {
		bool mark = line.data[i] == '#' || line.data[i] == ';';

		if (mark && (!after_blank || i == 0 || is_blank(line.data[i - 1])))
			return str_slice(line, 0, i);
	}
	return line;
}

static struct map *section_map(struct arena *a, struct map *all, struct str name)
{
	void **place = map_put(a, all, name);

	if (!*place)
		*place = arena_new(a, struct map);
	return *place;
}

/* "profile x" behind its first word, or empty if the word is another. */
static struct str behind_word(struct str s, const char *word)
{
	struct str first = str_from_c(word);

	if (!str_starts(s, first) || s.length == first.length || !is_blank(s.data[first.length]))
		return (struct str){ 0 };
	return str_trim(str_slice(s, first.length, s.length));
}

static void open_profile(struct reader *r, struct str name)
{
	if (!is_name(name))
		return;
	r->section = SECTION_PROFILE;
	r->properties = section_map(r->a, &r->out->profiles, name);
}

static void open_config_section(struct reader *r, struct str title)
{
	struct str name = behind_word(title, "profile");
	struct str session = behind_word(title, "sso-session");

	if (str_equal_c(title, "default")) {
		if (!r->prefixed_default)
			open_profile(r, title);
	} else if (name.length > 0) {
		if (str_equal_c(name, "default") && !r->prefixed_default) {
			r->prefixed_default = true;
			map_remove(&r->out->profiles, name);
		}
		open_profile(r, name);
	} else if (is_name(session)) {
		r->section = SECTION_SSO;
		r->properties = section_map(r->a, &r->out->sso_sessions, session);
	}
}

static bool read_section(struct reader *r, struct str line)
{
	struct str text = str_trim(cut_comment(line, false));

	if (!str_ends(text, STR("]")))
		return refuse(r, "a section has to end with ']'");
	text = str_trim(str_slice(text, 1, text.length - 1));
	r->section = SECTION_DROPPED;
	r->properties = NULL;
	r->in_property = false;
	if (r->is_config)
		open_config_section(r, text);
	else
		open_profile(r, text);
	return true;
}

static bool read_property(struct reader *r, struct str line)
{
	size_t equals;
	struct str name;

	if (r->section == SECTION_NONE)
		return refuse(r, "a profile has to begin before its properties: '[...]'");
	line = cut_comment(line, true);
	equals = str_index(line, '=');
	if (equals == line.length)
		return refuse(r, "a property needs an '='");
	name = str_trim(str_slice(line, 0, equals));
	if (name.length == 0)
		return refuse(r, "a property needs a name before its '='");
	r->in_property = true;
	r->value = NULL;
	line = str_trim(str_slice(line, equals + 1, line.length));
	r->nested = line.length == 0;
	if (!r->properties || !is_name(name))
		return true;
	r->value = arena_new(r->a, struct str);
	*r->value = line;
	buf_init(&r->text, r->a);
	buf_add(&r->text, line);
	*map_put(r->a, r->properties, str_lower(r->a, name)) = r->value;
	return true;
}

static bool read_continuation(struct reader *r, struct str line)
{
	struct str text = str_trim(line);
	size_t equals = str_index(text, '=');

	if (r->section == SECTION_NONE)
		return refuse(r, "a profile has to begin before its properties: '[...]'");
	if (!r->in_property)
		return refuse(r, "a line that begins with a blank, but no property before it");
	if (r->nested && equals == text.length)
		return refuse(r, "a property inside a property needs an '='");
	if (r->nested && str_trim(str_slice(text, 0, equals)).length == 0)
		return refuse(r, "a property inside a property needs a name before its '='");
	if (!r->value)
		return true;
	buf_add_char(&r->text, '\n');
	buf_add(&r->text, text);
	*r->value = buf_str(&r->text);
	return true;
}

static bool read_line(struct reader *r, struct str line)
{
	if (str_ends(line, STR("\r")))
		line.length--;
	if (str_trim(line).length == 0 || line.data[0] == '#' || line.data[0] == ';')
		return true;
	if (line.data[0] == '[')
		return read_section(r, line);
	return is_blank(line.data[0]) ? read_continuation(r, line) : read_property(r, line);
}

static bool read_file(struct arena *a, struct str text, bool is_config, struct profiles *out,
		      struct error *err)
{
	struct reader r = { .a = a, .out = out, .err = err, .is_config = is_config };
	struct str line;

	while (text.length > 0 && str_split(&text, '\n', &line)) {
		r.line++;
		if (!read_line(&r, line))
			return false;
	}
	return true;
}

bool profiles_parse(struct arena *a, const struct str *config_file,
		    const struct str *credentials_file, struct profiles *out, struct error *err)
{
	*out = (struct profiles){ 0 };
	if (config_file && !read_file(a, *config_file, true, out, err))
		return false;
	return !credentials_file || read_file(a, *credentials_file, false, out, err);
}

/* ---- where ---- */

static struct str variable(const struct aws_environment *env, const char *name)
{
	const struct str *text = map_get(&env->variables, str_from_c(name));

	return text ? *text : (struct str){ 0 };
}

static struct str file_place(struct arena *a, const struct aws_environment *env,
			     const char *name, const char *otherwise)
{
	struct str path = variable(env, name), home = variable(env, "HOME");

	if (path.length == 0)
		return home.length > 0 ? str_format(a, "%.*s%s", STR_ARG(home), otherwise) : path;
	if (str_starts(path, STR("~/")) && home.length > 0)
		return str_format(a, "%.*s%.*s", STR_ARG(home),
				  STR_ARG(str_slice(path, 1, path.length)));
	return path;
}

void profiles_locate(struct arena *a, const struct aws_environment *env,
		     struct profile_location *out)
{
	out->config = file_place(a, env, "AWS_CONFIG_FILE", "/.aws/config");
	out->credentials = file_place(a, env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
	out->profile = variable(env, "AWS_PROFILE");
	if (out->profile.length == 0)
		out->profile = variable(env, "AWS_DEFAULT_PROFILE");
	if (out->profile.length == 0)
		out->profile = STR("default");
}
