EXTRA_DIST += \
	tests/bench/check_growth.py \
	tests/bench/offline.py \
	tests/bench/run.py \
	tests/bench/spec.py

check_scripts += tests/bench/check_growth.py

bench: effc$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/bench/run.py
