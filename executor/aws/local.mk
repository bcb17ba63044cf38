noinst_LIBRARIES += libaws.a

libaws_a_SOURCES = \
	executor/aws/aws.h \
	executor/aws/client.c \
	executor/aws/client.h \
	executor/aws/codec.c \
	executor/aws/codec.h \
	executor/aws/encode.c \
	executor/aws/encode.h \
	executor/aws/credentials.c \
	executor/aws/endpoint.c \
	executor/aws/errors.c \
	executor/aws/json.c \
	executor/aws/profile.c \
	executor/aws/query.c \
	executor/aws/reply.c \
	executor/aws/rest_read.c \
	executor/aws/rest_write.c \
	executor/aws/scalar.c \
	executor/aws/sigv4.c \
	executor/aws/xml.c \
	executor/aws/xml.h \
	executor/aws/xml_read.c \
	executor/aws/xml_write.c
libaws_a_CPPFLAGS = $(AM_CPPFLAGS) $(EXPAT_CFLAGS)

AWS_LIBS = libaws.a $(EXPAT_LIBS) $(NET_LIBS) $(SCHEMAS_LIBS)
