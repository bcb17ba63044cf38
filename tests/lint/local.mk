lint_files = \
	tests/lint/codes.py \
	tests/lint/dist.sh \
	tests/lint/doors.sh \
	tests/lint/layers.sh \
	tests/lint/length.sh \
	tests/lint/names.allow \
	tests/lint/names.py \
	tests/lint/scripts.sh

EXTRA_DIST += $(lint_files) tests/lint/check_layers.sh

check_scripts += tests/lint/check_layers.sh

# Runs them all and fails at the end.
lint:
	@status=0; \
	run() { echo "lint: $$1"; shift; "$$@" || { echo "lint: FAILED"; status=1; }; }; \
	run layers $(SHELL) $(srcdir)/tests/lint/layers.sh $(srcdir); \
	run doors $(SHELL) $(srcdir)/tests/lint/doors.sh $(srcdir); \
	run codes $(PYTHON) $(srcdir)/tests/lint/codes.py $(srcdir); \
	run names $(PYTHON) $(srcdir)/tests/lint/names.py $(srcdir); \
	run scripts $(SHELL) $(srcdir)/tests/lint/scripts.sh $(srcdir) $(PYTHON); \
	run length $(SHELL) $(srcdir)/tests/lint/length.sh $(srcdir); \
	$(MAKE) $(AM_MAKEFLAGS) distdir top_distdir=lint-dist distdir=lint-dist >lint-dist.log 2>&1 \
		|| { cat lint-dist.log; status=1; }; \
	run dist $(SHELL) $(srcdir)/tests/lint/dist.sh $(srcdir) lint-dist; \
	rm -rf lint-dist lint-dist.log; \
	exit $$status
