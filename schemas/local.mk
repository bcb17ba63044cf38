noinst_LIBRARIES += libschemas.a libschemas_blob.a
noinst_PROGRAMS += schemas/datac

libschemas_a_SOURCES = \
	schemas/actions.c \
	schemas/actions.h \
	schemas/blob.c \
	schemas/blob.h \
	schemas/catalogue.h \
	schemas/check_bulk.c \
	schemas/driver.c \
	schemas/driver.h \
	schemas/driver_bulk.c \
	schemas/driver_call.c \
	schemas/driver_check.c \
	schemas/driver_check.h \
	schemas/driver_expr.c \
	schemas/driver_fill.c \
	schemas/driver_keys.c \
	schemas/driver_lens.c \
	schemas/driver_parse.h \
	schemas/driver_steps.c \
	schemas/driver_terms.c \
	schemas/driver_types.c \
	schemas/embedded.c \
	schemas/load.c \
	schemas/load.h \
	schemas/overlay.c \
	schemas/overrides.c \
	schemas/overrides.h \
	schemas/permissions.c \
	schemas/permissions.h \
	schemas/rules.c \
	schemas/rules.h \
	schemas/schema.c \
	schemas/schema.h \
	schemas/scope.c \
	schemas/scope.h \
	schemas/steps.h \
	schemas/types.c \
	schemas/types.h \
	schemas/wire.c \
	schemas/wire.h

schemas_datac_SOURCES = schemas/datac.c
schemas_datac_LDADD = libschemas.a $(BASE_LIBS)

# Always made again, since any file of four folders may have changed; the blob
# is replaced only if its bytes differ.
schemas/schemas.blob: schemas/datac$(EXEEXT) schemas-always
	$(AM_V_at)$(MKDIR_P) schemas && \
	schemas/datac$(EXEEXT) --types $(srcdir)/schemas/types --wire $(srcdir)/schemas/wire \
		--drivers $(srcdir)/schemas/drivers --overrides $(srcdir)/schemas/overrides \
		--out schemas/schemas.blob.new && \
	if cmp -s schemas/schemas.blob.new schemas/schemas.blob; then rm -f schemas/schemas.blob.new; \
	else mv -f schemas/schemas.blob.new schemas/schemas.blob; fi
schemas-always:
.PHONY: schemas-always

# Flags of its own: what C files include cannot be assembled.
libschemas_blob_a_SOURCES = schemas/data.S
libschemas_blob_a_CPPFLAGS = -I$(top_builddir)
libschemas_blob_a_CCASFLAGS = -Wa,-I$(top_builddir)
schemas/libschemas_blob_a-data.$(OBJEXT): schemas/schemas.blob

CLEANFILES += schemas/schemas.blob schemas/schemas.blob.new
# They are folders, and not programs that make could build from a types.c.
schemas/types schemas/wire schemas/overrides schemas/drivers:
	@:

EXTRA_DIST += docs/facts.md schemas/types schemas/wire schemas/drivers schemas/overrides schemas/NOTICE \
	tools/import/filter.json tools/import/sources.json tools/import/sources.py \
	tools/import/constraints.py \
	tools/import/import_types.py tools/import/import_wire.py

SCHEMAS_LIBS = libschemas.a libschemas_blob.a $(BASE_LIBS)
