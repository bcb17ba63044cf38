noinst_LIBRARIES += libcompiler.a

libcompiler_a_SOURCES = \
	compiler/address.c \
	compiler/address.h \
	compiler/block.c \
	compiler/build.c \
	compiler/build.h \
	compiler/check.c \
	compiler/check.h \
	compiler/check_scalar.c \
	compiler/check_together.c \
	compiler/network.c \
	compiler/network.h \
	compiler/cloudformation.c \
	compiler/cloudformation.h \
	compiler/compile.c \
	compiler/compiler.h \
	compiler/consumer.c \
	compiler/consumer.h \
	compiler/cycle.c \
	compiler/dependency.c \
	compiler/dependency.h \
	compiler/environment.c \
	compiler/environment.h \
	compiler/finish.c \
	compiler/function.c \
	compiler/function.h \
	compiler/handler.c \
	compiler/handler.h \
	compiler/iam.c \
	compiler/iam.h \
	compiler/json_schema.c \
	compiler/json_schema.h \
	compiler/keys.c \
	compiler/keys.h \
	compiler/kind/function.c \
	compiler/kind/http.c \
	compiler/kind/kind.c \
	compiler/kind/kind.h \
	compiler/kind/queue.c \
	compiler/kind/schedule.c \
	compiler/kind/table.c \
	compiler/model.c \
	compiler/model.h \
	compiler/name.c \
	compiler/name.h \
	compiler/overlay.c \
	compiler/part.c \
	compiler/project.c \
	compiler/raw.c \
	compiler/reference.c \
	compiler/refers.c \
	compiler/refers.h \
	compiler/rules.c \
	compiler/section.c \
	compiler/section.h \
	compiler/tags.c \
	compiler/target.c \
	compiler/units.c \
	compiler/units.h \
	compiler/words.c

COMPILER_LIBS = libcompiler.a $(SPEC_LIBS) $(SCHEMAS_LIBS)
