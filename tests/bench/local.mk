helper_programs += tests/bench/fill_state
tests_bench_fill_state_SOURCES = tests/bench/fill_state.c
tests_bench_fill_state_LDADD = $(STORE_LIBS)

helper_programs += tests/bench/read_toml
tests_bench_read_toml_SOURCES = tests/bench/read_toml.c
tests_bench_read_toml_LDADD = $(SPEC_LIBS)

# Nothing of effc is in it, but every library that effc loads.
helper_programs += tests/bench/empty
tests_bench_empty_SOURCES = tests/bench/empty.c
tests_bench_empty_LDFLAGS = -Wl,--no-as-needed
tests_bench_empty_LDADD = $(CLI_LIBS)

EXTRA_DIST += \
	tests/bench/apply.py \
	tests/bench/check_growth.py \
	tests/bench/hand_scheduled.py \
	tests/bench/measure.py \
	tests/bench/offline.py \
	tests/bench/peer_apply.py \
	tests/bench/peer_plan.py \
	tests/bench/peer_toml.cpp \
	tests/bench/quotas.py \
	tests/bench/reads.py \
	tests/bench/replay_server.py \
	tests/bench/run.py \
	tests/bench/service.py \
	tests/bench/spec.py

check_scripts += tests/bench/check_growth.py

bench: effc$(EXEEXT) tests/bench/fill_state$(EXEEXT) tests/bench/read_toml$(EXEEXT) \
		tests/bench/empty$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/run.py
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/apply.py

bench-apply: effc$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/apply.py

bench-reads: effc$(EXEEXT) effc-test$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/reads.py
