# The pages and the man page against the program.
docs_tests = \
	tests/docs/check_examples.py \
	tests/docs/check_formats.py \
	tests/docs/check_graph.py \
	tests/docs/check_man.py \
	tests/docs/check_mistakes.py \
	tests/docs/check_schema.py \
	tests/docs/check_lowered.py

EXTRA_DIST += $(docs_tests)

check_scripts += $(docs_tests)
