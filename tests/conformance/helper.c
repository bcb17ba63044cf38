#include "helper.h"

#define QUESTION_LIMIT_BYTES ((size_t)64 << 20)

static const struct {
	const char *name;
	conformance_helper *answer;
} helpers[] = {
	{ "json-parser", json_parser_answer },
	{ "json-spec", json_spec_answer },
	{ "profile-reader", profile_reader_answer },
	{ "protocol", protocol_answer },
	{ "sigv4-signer", sigv4_signer_answer },
	{ "toml-decoder", toml_decoder_answer },
	{ "toml-encoder", toml_encoder_answer },
	{ "toml-formatter", toml_formatter_answer },
	{ "yaml-loader", yaml_loader_answer },
};

struct str question_str(const struct value *question, const char *key)
{
	return value_get_str(question, key);
}

bool question_bool(const struct value *question, const char *key)
{
	const struct value *v = value_get_c(question, key);

	return v && v->kind == VALUE_BOOL && v->boolean;
}

static bool read_question(struct buf *in)
{
	char chunk[65536];
	size_t count;

	while ((count = fread(chunk, 1, sizeof(chunk), stdin)) > 0)
		buf_add(in, str_of(chunk, count));
	return !ferror(stdin) && !in->overflow;
}

static int answer(struct arena *a, conformance_helper *helper)
{
	struct error err = { 0 };
	struct buf in, out;

	buf_init_limit(&in, a, QUESTION_LIMIT_BYTES);
	buf_init(&out, a);
	if (!read_question(&in)) {
		fprintf(stderr, "the question cannot be read\n");
		return 2;
	}
	if (!helper(a, buf_str(&in), &out, &err)) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	fwrite(out.data, 1, out.length, stdout);
	putchar('\n');
	return 0;
}

int main(int argc, char **argv)
{
	struct arena a;
	int status;

	for (size_t i = 0; argc == 2 && i < sizeof(helpers) / sizeof(*helpers); i++) {
		if (strcmp(argv[1], helpers[i].name) != 0)
			continue;
		arena_init(&a);
		status = answer(&a, helpers[i].answer);
		arena_release(&a);
		return status;
	}
	fprintf(stderr, "usage: helper NAME <question >answer\nnames:");
	for (size_t i = 0; i < sizeof(helpers) / sizeof(*helpers); i++)
		fprintf(stderr, " %s", helpers[i].name);
	fprintf(stderr, "\n");
	return 2;
}
