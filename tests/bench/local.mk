helper_programs += tests/bench/fill_state
tests_bench_fill_state_SOURCES = tests/bench/fill_state.c
tests_bench_fill_state_LDADD = $(STORE_LIBS)

EXTRA_DIST += \
	tests/bench/check_growth.py \
	tests/bench/offline.py \
	tests/bench/run.py \
	tests/bench/spec.py

check_scripts += tests/bench/check_growth.py

bench: effc$(EXEEXT) tests/bench/fill_state$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/run.py
