executor_kit = tests/unit/executor_kit.c tests/unit/executor_kit.h tests/unit/fake_aws.c \
	tests/unit/fake_aws.h tests/unit/fake_schemas.c tests/unit/fault_vfs.c tests/unit/fault_vfs.h $(store_fixture)

unit_programs += tests/unit/executor_apply
tests_unit_executor_apply_SOURCES = tests/unit/executor_apply.c $(executor_kit)
tests_unit_executor_apply_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_back
tests_unit_executor_back_SOURCES = tests/unit/executor_back.c $(executor_kit)
tests_unit_executor_back_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_crash
tests_unit_executor_crash_SOURCES = tests/unit/executor_crash.c $(executor_kit)
tests_unit_executor_crash_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_faults
tests_unit_executor_faults_SOURCES = tests/unit/executor_faults.c $(executor_kit)
tests_unit_executor_faults_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_loop
tests_unit_executor_loop_SOURCES = tests/unit/executor_loop.c $(executor_kit)
tests_unit_executor_loop_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/store_s3
tests_unit_store_s3_SOURCES = tests/unit/store_s3.c tests/unit/fake_s3.c tests/unit/fake_s3.h $(store_fixture)
tests_unit_store_s3_LDADD = $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_revision
tests_unit_executor_revision_SOURCES = tests/unit/executor_revision.c $(executor_kit)
tests_unit_executor_revision_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/executor_states
tests_unit_executor_states_SOURCES = tests/unit/executor_states.c tests/unit/executor_states_table.h $(executor_kit)
tests_unit_executor_states_LDADD = libreview.a $(EXECUTOR_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/store_suite
tests_unit_store_suite_SOURCES = tests/unit/store_suite.c tests/unit/fake_s3.c tests/unit/fake_s3.h $(store_fixture)
tests_unit_store_suite_LDADD = $(EXECUTOR_LIBS) $(CHECK_LIBS)
