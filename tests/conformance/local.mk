# One program with a name for each suite's question; not part of `make check`,
# since the suites are not shipped.
EXTRA_PROGRAMS += tests/conformance/helper
CLEANFILES += tests/conformance/helper$(EXEEXT)

tests_conformance_helper_SOURCES = \
	tests/conformance/helper.c \
	tests/conformance/helper.h \
	tests/conformance/json_parser.c \
	tests/conformance/profile_reader.c \
	tests/conformance/protocol.c \
	tests/conformance/sigv4_signer.c \
	tests/conformance/toml_decoder.c \
	tests/conformance/toml_encoder.c \
	tests/conformance/yaml_loader.c
tests_conformance_helper_LDADD = $(AWS_LIBS) $(SPEC_LIBS)

EXTRA_DIST += tests/conformance/run.sh

# CONFORMANCE: the folder of the suites and their runners, e.g. ../shared/conformance.
conformance: tests/conformance/helper$(EXEEXT)
	$(SHELL) $(srcdir)/tests/conformance/run.sh '$(abs_top_builddir)/tests/conformance/helper' \
		'$(PYTHON)' '$(abs_top_srcdir)' '$(CONFORMANCE)'
