executor_kit = tests/unit/executor_kit.c tests/unit/executor_kit.h tests/unit/fake_aws.c \
	tests/unit/fake_aws.h tests/unit/fake_schemas.c $(store_fixture)

unit_programs += tests/unit/executor_apply
tests_unit_executor_apply_SOURCES = tests/unit/executor_apply.c $(executor_kit)
tests_unit_executor_apply_LDADD = $(EXECUTOR_LIBS) $(CHECK_LIBS)
