# Scenarios against the emulator: one file each, run by run.py.
EXTRA_PROGRAMS += effc-test
effc_test_SOURCES = tests/emulator/effc_test.c tests/unit/fault_vfs.c tests/unit/fault_vfs.h
effc_test_LDADD = $(CLI_LIBS)

# Single operations of drivers, for test_drivers.py.
EXTRA_PROGRAMS += op-run
op_run_SOURCES = tests/emulator/op_run.c
op_run_LDADD = $(DRIVER_LIBS)

emulator_files = \
	tests/emulator/case.py \
	tests/emulator/golden/raw.json \
	tests/emulator/golden/shop.json \
	tests/emulator/harness/__init__.py \
	tests/emulator/harness/account.py \
	tests/emulator/harness/browser.py \
	tests/emulator/harness/calls.py \
	tests/emulator/harness/echo.py \
	tests/emulator/harness/emulator.py \
	tests/emulator/harness/errors.py \
	tests/emulator/harness/foreign.py \
	tests/emulator/harness/hide.py \
	tests/emulator/harness/inside_out.py \
	tests/emulator/harness/late.py \
	tests/emulator/harness/loss.py \
	tests/emulator/harness/made.py \
	tests/emulator/harness/order.py \
	tests/emulator/harness/paging.py \
	tests/emulator/harness/program.py \
	tests/emulator/harness/propagation.py \
	tests/emulator/harness/proxy.py \
	tests/emulator/harness/quota.py \
	tests/emulator/harness/rules.py \
	tests/emulator/harness/strict.py \
	tests/emulator/harness/tagging.py \
	tests/emulator/harness/terminal.py \
	tests/emulator/harness/visibility.py \
	tests/emulator/kill_table.py \
	tests/emulator/life_table.py \
	tests/emulator/run.py \
	tests/emulator/schemas/drivers/SNS.Subscription.yaml \
	tests/emulator/schemas/types/SNS.json \
	tests/emulator/schemas/wire/sns.json \
	tests/emulator/test_between.py \
	tests/emulator/test_consistency.py \
	tests/emulator/test_bootstrap.py \
	tests/emulator/test_drift.py \
	tests/emulator/test_drivers.py \
	tests/emulator/test_echo.py \
	tests/emulator/test_existing.py \
	tests/emulator/test_expiry.py \
	tests/emulator/test_expressions.py \
	tests/emulator/test_failures.py \
	tests/emulator/test_foreign.py \
	tests/emulator/test_guard.py \
	tests/emulator/test_iam.py \
	tests/emulator/test_import.py \
	tests/emulator/test_kill.py \
	tests/emulator/test_kill_big.py \
	tests/emulator/test_laws.py \
	tests/emulator/test_life.py \
	tests/emulator/test_lock.py \
	tests/emulator/test_loss.py \
	tests/emulator/test_meta.py \
	tests/emulator/test_mistakes.py \
	tests/emulator/test_modules.py \
	tests/emulator/test_overlay.py \
	tests/emulator/test_ownership.py \
	tests/emulator/test_page.py \
	tests/emulator/test_part.py \
	tests/emulator/test_policy.py \
	tests/emulator/test_raw.py \
	tests/emulator/test_reads.py \
	tests/emulator/test_recipe.py \
	tests/emulator/test_resume.py \
	tests/emulator/test_rough.py \
	tests/emulator/test_rules.py \
	tests/emulator/test_saved.py \
	tests/emulator/test_shop.py \
	tests/emulator/test_signals.py \
	tests/emulator/test_state.py \
	tests/emulator/test_storms.py \
	tests/emulator/test_store_bucket.py \
	tests/emulator/test_targets.py \
	tests/emulator/test_terminal.py \
	tests/emulator/test_theirs.py \
	tests/emulator/test_timeline.py \
	tests/emulator/test_walks.py \
	tests/emulator/test_undo.py \
	tests/emulator/test_why.py \
	tests/emulator/walks/__init__.py \
	tests/emulator/walks/inside.py \
	tests/emulator/walks/kinds.py \
	tests/emulator/walks/ledger.py \
	tests/emulator/walks/outside.py \
	tests/emulator/walks/walk.py \
	tests/emulator/walks/world.py

example_files = \
	examples/demo.sh \
	examples/pull-request/README.md \
	examples/pull-request/comment.py \
	examples/pull-request/workflow.yml \
	examples/raw/effortless.toml \
	examples/shop/effortless.toml \
	examples/shop/src/api.js \
	examples/shop/src/expenses.js \
	examples/shop/src/jobs.js \
	examples/shop/src/orders.js \
	examples/teams/effortless.toml \
	examples/teams/infra/alarms.toml \
	examples/teams/modules/team/effortless.toml \
	examples/teams/modules/team/src/work.js

EXTRA_DIST += $(emulator_files) $(example_files)

check-emulator: effc$(EXEEXT) effc-test$(EXEEXT) op-run$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/emulator/run.py

# The long run of test_walks.py: EFFC_SEED repeats one.
check-walks: effc-test$(EXEEXT)
	EFFC_WALKS=$${EFFC_WALKS:-500} $(AM_TESTS_ENVIRONMENT) \
	$(PYTHON) $(srcdir)/tests/emulator/run.py test_walks.py

# Every point at which an apply, an update, a destroy and each kind of replacement can be killed.
check-kill: effc$(EXEEXT) effc-test$(EXEEXT)
	EFFC_LONG=1 $(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/emulator/run.py test_kill.py
