unit_programs += tests/unit/aws_client
tests_unit_aws_client_SOURCES = tests/unit/aws_client.c tests/unit/wire_facts.h
tests_unit_aws_client_LDADD = $(AWS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/aws_codec
tests_unit_aws_codec_SOURCES = tests/unit/aws_codec.c tests/unit/wire_facts.h
tests_unit_aws_codec_LDADD = $(AWS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/aws_credentials
tests_unit_aws_credentials_SOURCES = tests/unit/aws_credentials.c
tests_unit_aws_credentials_LDADD = $(AWS_LIBS) $(CHECK_LIBS)

unit_programs += tests/unit/aws_sigv4
tests_unit_aws_sigv4_SOURCES = tests/unit/aws_sigv4.c
tests_unit_aws_sigv4_LDADD = $(AWS_LIBS) $(CHECK_LIBS)
