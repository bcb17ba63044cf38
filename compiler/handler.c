#include "handler.h"

#include "base/fs.h"

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.length; i++) {
		char ch = s.data[i];

		if (!(ch >= 'a' && ch <= 'z') && !(ch >= 'A' && ch <= 'Z') &&
		    !(ch >= '0' && ch <= '9') && ch != '_' && ch != '$')
			return false;
	}
	return s.length > 0;
}

static bool refuse(struct compiler *c, struct span span, struct str text, const char *form)
{
	diag_error(c->d, span, "E0501 '%.*s' is no handler", STR_ARG(text));
	diag_help(c->d, "write %s", form);
	return false;
}

/* "src/orders.onOrder" and "src/orders.js", as other tools take them. */
static bool refuse_node(struct compiler *c, struct span span, struct str text)
{
	size_t dot = str_last_index(text, '.');
	struct str behind = str_slice(text, dot + 1, text.length);

	if (str_index(text, '#') < text.length || !is_name(behind))
		return refuse(c, span, text,
			      "\"src/orders.js#onOrder\": a file and what it exports");
	diag_error(c->d, span, "E0501 '%.*s' is no handler", STR_ARG(text));
	if (text_in_words(behind, "js mjs cjs"))
		diag_help(c->d, "write \"%.*s#handler\", with the name that the file exports",
			  STR_ARG(text));
	else
		diag_help(c->d, "write \"%.*s.js#%.*s\": a file and what it exports", (int)dot,
			  text.data, STR_ARG(behind));
	return false;
}

/* The folder that a file is in; a file at the top is packed alone. */
static struct str bundle_of(struct str file)
{
	return str_index(file, '/') == file.length ? file : path_folder(file);
}

static bool node_handler(struct compiler *c, struct str text, struct span span,
			 struct handler *out)
{
	size_t hash = str_index(text, '#'), dot;
	struct str file = str_slice(text, 0, hash), extension;
	struct str export = str_slice(text, hash + 1, text.length);

	dot = str_last_index(file, '.');
	extension = str_slice(file, dot + 1, file.length);
	if (text_in_words(extension, "ts tsx mts cts jsx")) {
		diag_error(c->d, span, "E0502 '.%.*s' files have to be bundled, which is not "
			   "supported yet", STR_ARG(extension));
		diag_help(c->d, "name the JavaScript file that they are compiled to");
		return false;
	}
	if (hash == text.length || !is_name(export) || !text_in_words(extension, "js mjs cjs"))
		return refuse_node(c, span, text);
	out->bundle = bundle_of(file);
	out->file = file;
	out->entry = str_format(c->arena, "%.*s.%.*s", (int)dot, file.data, STR_ARG(export));
	return true;
}

static bool python_handler(struct compiler *c, struct str text, struct span span,
			   struct handler *out)
{
	size_t dot = str_last_index(text, '.'), slash = str_last_index(text, '/');

	if (dot == text.length || (slash < text.length && dot < slash) || !dot ||
	    !is_name(str_slice(text, dot + 1, text.length)))
		return refuse(c, span, text, "\"src/orders.on_order\": a module and its function");
	out->entry = text;
	out->file = str_format(c->arena, "%.*s.py", (int)dot, text.data);
	out->bundle = slash < text.length
		    ? str_slice(text, 0, slash)
		    : out->file;
	return true;
}

bool handler_parse(struct compiler *c, struct str text, struct span span, struct str runtime,
		   struct handler *out)
{
	struct str path;
	size_t slash;

	if (!text.length || text.data[0] == '/' || !path_normalize(c->arena, text, &path) ||
	    !path.length || str_equal(path, STR("."))) {
		diag_error(c->d, span, "E0503 a handler is a file below the folder of the spec");
		return false;
	}
	if (str_starts(runtime, STR("nodejs")))
		return node_handler(c, path, span, out);
	if (str_index(path, '#') < path.length) {
		diag_error(c->d, span, "E0504 'file#export' is for Node, and the runtime is '%.*s'",
			   STR_ARG(runtime));
		return false;
	}
	if (str_starts(runtime, STR("python")))
		return python_handler(c, path, span, out);
	slash = str_last_index(path, '/');
	out->bundle = path;
	out->entry = slash < path.length ? str_slice(path, slash + 1, path.length) : path;
	return true;
}
