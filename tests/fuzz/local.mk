# A target is three lines below and a folder corpus/NAME.  Built with --enable-fuzzing it is a
# libFuzzer program, else one that feeds it the files it is given.

if FUZZING
fuzz_main =
else
fuzz_main = tests/fuzz/replay.c
endif

fuzz_programs += tests/fuzz/fuzz_json
tests_fuzz_fuzz_json_SOURCES = tests/fuzz/fuzz_json.c $(fuzz_main)
tests_fuzz_fuzz_json_LDADD = $(BASE_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_wire
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c $(fuzz_main)
tests_fuzz_fuzz_wire_LDADD = $(SCHEMAS_LIBS) $(FUZZ_LIBS)

fuzz_programs += tests/fuzz/fuzz_yaml
tests_fuzz_fuzz_yaml_SOURCES = tests/fuzz/fuzz_yaml.c $(fuzz_main)
tests_fuzz_fuzz_yaml_LDADD = $(BASE_LIBS) $(FUZZ_LIBS)

helper_programs += $(fuzz_programs)
check_scripts += tests/fuzz/check_corpus.sh

fuzz_corpus = \
	tests/fuzz/corpus/json/escapes.json \
	tests/fuzz/corpus/json/numbers.json \
	tests/fuzz/corpus/json/sample.json \
	tests/fuzz/corpus/wire/recursive.json \
	tests/fuzz/corpus/yaml/alias.yaml \
	tests/fuzz/corpus/yaml/sample.yaml \
	tests/fuzz/corpus/yaml/tag.yaml

EXTRA_DIST += \
	$(fuzz_corpus) \
	tests/fuzz/check_corpus.sh \
	tests/fuzz/replay.c \
	tests/fuzz/run.sh

FUZZ_SECONDS = 20

# In a build with --enable-fuzzing.
fuzz: $(fuzz_programs)
	$(SHELL) $(srcdir)/tests/fuzz/run.sh $(FUZZ_SECONDS) $(srcdir) $(fuzz_programs:%=./%)
