# A target is three lines below and a folder corpus/NAME.  Built with --enable-fuzzing it is a
# libFuzzer program, else one that feeds it the files it is given.

if FUZZING
fuzz_main =
else
fuzz_main = tests/fuzz/replay.c
endif

fuzz_programs += tests/fuzz/fuzz_blob
tests_fuzz_fuzz_blob_SOURCES = tests/fuzz/fuzz_blob.c $(fuzz_main)
tests_fuzz_fuzz_blob_LDADD = $(SCHEMAS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_document
tests_fuzz_fuzz_document_SOURCES = tests/fuzz/fuzz_document.c $(fuzz_main)
tests_fuzz_fuzz_document_LDADD = $(STORE_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_driver
tests_fuzz_fuzz_driver_SOURCES = tests/fuzz/fuzz_driver.c $(fuzz_main)
tests_fuzz_fuzz_driver_LDADD = $(SCHEMAS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_expr
tests_fuzz_fuzz_expr_SOURCES = tests/fuzz/fuzz_expr.c $(fuzz_main)
tests_fuzz_fuzz_expr_LDADD = $(SPEC_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_fmt
tests_fuzz_fuzz_fmt_SOURCES = tests/fuzz/fuzz_fmt.c $(fuzz_main)
tests_fuzz_fuzz_fmt_LDADD = $(SPEC_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_journal
tests_fuzz_fuzz_journal_SOURCES = tests/fuzz/fuzz_journal.c $(fuzz_main)
tests_fuzz_fuzz_journal_LDADD = $(STORE_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_main)
tests_fuzz_fuzz_json_LDADD = $(BASE_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_op
tests_fuzz_fuzz_op_SOURCES = tests/fuzz/fuzz_op.c $(fuzz_main)
tests_fuzz_fuzz_op_LDADD = $(DRIVER_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_profile
tests_fuzz_fuzz_profile_SOURCES = tests/fuzz/fuzz_profile.c $(fuzz_main)
tests_fuzz_fuzz_profile_LDADD = $(AWS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_reply
tests_fuzz_fuzz_reply_SOURCES = tests/fuzz/fuzz_reply.c $(fuzz_main)
tests_fuzz_fuzz_reply_LDADD = $(AWS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_saved
tests_fuzz_fuzz_saved_SOURCES = tests/fuzz/fuzz_saved.c $(fuzz_main)
tests_fuzz_fuzz_saved_LDADD = $(REVIEW_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_review
tests_fuzz_fuzz_review_SOURCES = \
	tests/fuzz/fuzz_review.c \
	tests/unit/html_check.c tests/unit/html_check.h \
	tests/unit/markdown_check.c tests/unit/markdown_check.h $(fuzz_main)
tests_fuzz_fuzz_review_LDADD = $(REVIEW_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_spec
tests_fuzz_fuzz_spec_SOURCES = tests/fuzz/fuzz_spec.c $(fuzz_main)
tests_fuzz_fuzz_spec_LDADD = $(SPEC_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_state
tests_fuzz_fuzz_state_SOURCES = tests/fuzz/fuzz_state.c $(fuzz_main)
tests_fuzz_fuzz_state_LDADD = $(PLANNER_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_template
tests_fuzz_fuzz_template_SOURCES = tests/fuzz/fuzz_template.c $(fuzz_main)
tests_fuzz_fuzz_template_LDADD = $(SPEC_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_toml
tests_fuzz_fuzz_toml_SOURCES = tests/fuzz/fuzz_toml.c $(fuzz_main)
tests_fuzz_fuzz_toml_LDADD = $(SPEC_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c $(fuzz_main)
tests_fuzz_fuzz_wire_LDADD = $(SCHEMAS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_xml
tests_fuzz_fuzz_xml_SOURCES = tests/fuzz/fuzz_xml.c $(fuzz_main)
tests_fuzz_fuzz_xml_LDADD = $(AWS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_yaml
tests_fuzz_fuzz_yaml_SOURCES = tests/fuzz/fuzz_yaml.c $(fuzz_main)
tests_fuzz_fuzz_yaml_LDADD = $(BASE_LIBS) $(FUZZ_LIBS)

helper_programs += $(fuzz_programs)
check_scripts += tests/fuzz/check_corpus.sh

fuzz_corpus = \
	tests/fuzz/corpus/blob/two.bin \
	tests/fuzz/corpus/document/body.json \
	tests/fuzz/corpus/document/whole.json \
	tests/fuzz/corpus/driver/bulk.yaml \
	tests/fuzz/corpus/driver/small.yaml \
	tests/fuzz/corpus/expr/calls \
	tests/fuzz/corpus/expr/directives \
	tests/fuzz/corpus/expr/loops \
	tests/fuzz/corpus/expr/operators \
	tests/fuzz/corpus/expr/refused \
	tests/fuzz/corpus/expr/template \
	tests/fuzz/corpus/expr/text_within_text \
	tests/fuzz/corpus/expr/whole \
	tests/fuzz/corpus/fmt/comments.toml \
	tests/fuzz/corpus/fmt/sample.json \
	tests/fuzz/corpus/journal/lease.json \
	tests/fuzz/corpus/journal/manifest.json \
	tests/fuzz/corpus/journal/write_gone.json \
	tests/fuzz/corpus/journal/write_row.json \
	tests/fuzz/corpus/json/escapes.json \
	tests/fuzz/corpus/json/numbers.json \
	tests/fuzz/corpus/json/sample.json \
	tests/fuzz/corpus/op/bulk.yaml \
	tests/fuzz/corpus/op/queue.yaml \
	tests/fuzz/corpus/op/role.yaml \
	tests/fuzz/corpus/op/route.yaml \
	tests/fuzz/corpus/profile/config \
	tests/fuzz/corpus/profile/continued \
	tests/fuzz/corpus/profile/sample \
	tests/fuzz/corpus/reply/bytes \
	tests/fuzz/corpus/reply/ec2 \
	tests/fuzz/corpus/reply/error-json \
	tests/fuzz/corpus/reply/error-xml \
	tests/fuzz/corpus/reply/json \
	tests/fuzz/corpus/reply/json_error \
	tests/fuzz/corpus/reply/late-error \
	tests/fuzz/corpus/reply/null-json \
	tests/fuzz/corpus/reply/null-rest \
	tests/fuzz/corpus/reply/payload-in-rpc \
	tests/fuzz/corpus/reply/query \
	tests/fuzz/corpus/reply/query_error \
	tests/fuzz/corpus/reply/rest-json \
	tests/fuzz/corpus/reply/rest-xml \
	tests/fuzz/corpus/reply/rest_json \
	tests/fuzz/corpus/reply/rest_xml \
	tests/fuzz/corpus/saved/body.json \
	tests/fuzz/corpus/saved/whole.plan \
	tests/fuzz/corpus/review/hostile \
	tests/fuzz/corpus/review/previous \
	tests/fuzz/corpus/spec/blocks.yaml \
	tests/fuzz/corpus/spec/flow.yaml \
	tests/fuzz/corpus/spec/list_that_ends_in_a_tag.yaml \
	tests/fuzz/corpus/spec/mistakes.json \
	tests/fuzz/corpus/spec/mistakes.yaml \
	tests/fuzz/corpus/spec/sample.json \
	tests/fuzz/corpus/state/format2.json \
	tests/fuzz/corpus/state/row.json \
	tests/fuzz/corpus/template/mistakes \
	tests/fuzz/corpus/template/page \
	tests/fuzz/corpus/toml/mistakes.toml \
	tests/fuzz/corpus/toml/sample.toml \
	tests/fuzz/corpus/wire/recursive.json \
	tests/fuzz/corpus/xml/deep.xml \
	tests/fuzz/corpus/xml/entities.xml \
	tests/fuzz/corpus/xml/sample.xml \
	tests/fuzz/corpus/yaml/alias.yaml \
	tests/fuzz/corpus/yaml/sample.yaml \
	tests/fuzz/corpus/yaml/tag.yaml

EXTRA_DIST += \
	$(fuzz_corpus) \
	tests/fuzz/check_corpus.sh \
	tests/fuzz/replay.c \
	tests/fuzz/run.sh

# Of a build with --enable-fuzzing.  SECONDS for each target; TARGETS are names, all if there is none.
SECONDS = 20
TARGETS =

fuzz: $(fuzz_programs)
	$(SHELL) $(srcdir)/tests/fuzz/run.sh $(SECONDS) $(srcdir) \
		$(if $(TARGETS),$(TARGETS:%=./tests/fuzz/fuzz_%),$(fuzz_programs:%=./%))
