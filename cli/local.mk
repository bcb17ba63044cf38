noinst_LIBRARIES += libcli.a libmistakes.a

libcli_a_SOURCES = \
	cli/addresses.c \
	cli/applied.c \
	cli/apply.c \
	cli/blocking.c \
	cli/bootstrap.c \
	cli/bootstrap.h \
	cli/bootstrap_bucket.c \
	cli/bootstrap_move.c \
	cli/bootstrap_roles.c \
	cli/build.c \
	cli/cache.c \
	cli/check.c \
	cli/code.c \
	cli/command.h \
	cli/config.c \
	cli/debug.c \
	cli/doors.h \
	cli/drift.c \
	cli/effc.c \
	cli/eval.c \
	cli/explain.c \
	cli/explain.h \
	cli/explain_type.c \
	cli/fmt.c \
	cli/graph.c \
	cli/iam.c \
	cli/import.c \
	cli/init.c \
	cli/keep.c \
	cli/key.c \
	cli/lock.c \
	cli/mistake.c \
	cli/mistake.h \
	cli/open.c \
	cli/options.c \
	cli/options.h \
	cli/outputs.c \
	cli/owner.c \
	cli/plan.c \
	cli/progress.c \
	cli/progress.h \
	cli/reads.c \
	cli/reads.h \
	cli/run.c \
	cli/run.h \
	cli/resume.c \
	cli/saved.c \
	cli/schema.c \
	cli/show.c \
	cli/shown.c \
	cli/shown.h \
	cli/signals.c \
	cli/signals.h \
	cli/stages.c \
	cli/state.c \
	cli/state.h \
	cli/state_adopt.c \
	cli/state_edit.c \
	cli/state_history.c \
	cli/state_needs.c \
	cli/state_rebuild.c \
	cli/state_verify.c \
	cli/targets.c \
	cli/timeline.c \
	cli/timeline.h \
	cli/undo.c \
	cli/undo.h \
	cli/version.c \
	cli/why.c

# Always made again, since any page may have changed; replaced only if its bytes differ.
cli/mistakes.txt: mistakes-always
	$(AM_V_at)$(MKDIR_P) cli && cat $(srcdir)/docs/mistakes/[EW]*.md >cli/mistakes.new && \
	if cmp -s cli/mistakes.new cli/mistakes.txt; then rm -f cli/mistakes.new; \
	else mv -f cli/mistakes.new cli/mistakes.txt; fi
mistakes-always:
.PHONY: mistakes-always

# Flags of its own: what C files include cannot be assembled.
libmistakes_a_SOURCES = cli/mistakes.S
libmistakes_a_CPPFLAGS = -I$(top_builddir)
libmistakes_a_CCASFLAGS = -Wa,-I$(top_builddir)
cli/libmistakes_a-mistakes.$(OBJEXT): cli/mistakes.txt

CLEANFILES += cli/mistakes.txt cli/mistakes.new

CLI_LIBS = libcli.a libmistakes.a libreview.a libpage.a $(EXECUTOR_LIBS) $(BUNDLE_LIBS)

bin_PROGRAMS += effc
effc_SOURCES = cli/main.c
effc_LDADD = $(CLI_LIBS)
