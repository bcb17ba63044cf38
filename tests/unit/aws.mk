# A test is three lines:
# unit_programs += tests/unit/aws_x
# tests_unit_aws_x_SOURCES = tests/unit/aws_x.c
# tests_unit_aws_x_LDADD = $(AWS_LIBS) $(CHECK_LIBS)
