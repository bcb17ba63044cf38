#include "html_check.h"

#include "base/vec.h"

static const char *const tags[] = {
	"!DOCTYPE", "a", "b", "body", "button", "code", "dd", "defs", "details", "div", "dl", "dt",
	"footer", "g", "h1", "h2", "h3", "head", "header", "html", "i", "input", "li", "main", "marker",
	"meta", "output", "p", "path", "pre", "rect", "script", "section", "small", "span", "style",
	"summary", "svg", "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
};

static bool is_tag(struct str name)
{
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		if (str_equal_c(name, tags[i]))
			return true;
	}
	return false;
}

static bool is_empty_tag(struct str name)
{
	return str_equal_c(name, "meta") || str_equal_c(name, "input") ||
	       str_equal_c(name, "!DOCTYPE");
}

static bool is_entity(struct str rest)
{
	static const char *const entities[] = { "amp;", "lt;", "gt;", "quot;", "#39;" };

	for (size_t i = 0; i < sizeof(entities) / sizeof(*entities); i++) {
		if (str_starts(rest, str_from_c(entities[i])))
			return true;
	}
	return false;
}

/* How far a tag reaches that holds no markup. */
static size_t raw_length(struct str name, struct str rest)
{
	if (str_equal_c(name, "style"))
		return str_find(rest, STR("</style>"));
	return str_equal_c(name, "script") ? str_find(rest, STR("</script>")) : 0;
}

struct tags_open VEC_OF(struct str);

/* rest: from behind its '<'.  *skip: how much of it is passed over. */
static const char *check_tag(struct arena *a, struct str rest, struct tags_open *open, size_t *skip)
{
	bool closes = rest.length && rest.data[0] == '/';
	size_t end = closes, close = str_index(rest, '>');
	struct str name;

	while (end < rest.length && !strchr(" >/", rest.data[end]))
		end++;
	name = str_slice(rest, closes, end);
	if (!is_tag(name) || close == rest.length)
		return "a tag that is not ours";
	if (closes) {
		if (!open->count || !str_equal(open->items[--open->count], name))
			return "a tag that closes another one";
	} else if (rest.data[close - 1] != '/' && !is_empty_tag(name)) {
		*vec_push(a, open) = name;
		*skip = raw_length(name, rest);
	}
	return NULL;
}

const char *html_check(struct arena *a, struct str text, size_t *at)
{
	struct tags_open open = { 0 };
	const char *wrong = NULL;

	for (*at = 0; *at < text.length && !wrong; ++*at) {
		unsigned char c = (unsigned char)text.data[*at];
		struct str rest = str_slice(text, *at + 1, text.length);
		size_t skip = 0;

		if ((c < 0x20 && c != '\n') || c == 0x7F)
			wrong = "a control character";
		else if (c == '&' && !is_entity(rest))
			wrong = "no entity of ours";
		else if (c == '<')
			wrong = check_tag(a, rest, &open, &skip);
		*at += skip;
	}
	return wrong || !open.count ? wrong : "a tag that stays open";
}
