#ifndef EFFC_TESTS_CONFORMANCE_HELPER_H
#define EFFC_TESTS_CONFORMANCE_HELPER_H

#include "base/buf.h"
#include "base/error.h"
#include "base/str.h"
#include "base/value.h"

/*
 * Our side of the conformance suites: one question on standard input, one
 * answer on standard output, by the same archives as the program.  A new
 * suite is a function in a file of its own and a row in the table of helper.c.
 */
typedef bool conformance_helper(struct arena *a, struct str question, struct buf *answer,
				struct error *err);

conformance_helper json_parser_answer, json_spec_answer, sigv4_signer_answer,
	protocol_answer, profile_reader_answer, toml_decoder_answer, toml_encoder_answer,
	toml_formatter_answer, yaml_loader_answer;

/* Text of a value that must be there, or empty. */
struct str question_str(const struct value *question, const char *key);
bool question_bool(const struct value *question, const char *key);

#endif
