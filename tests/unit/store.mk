unit_programs += tests/unit/store_rows tests/unit/store_damage tests/unit/store_document \
	tests/unit/store_faults tests/unit/store_history tests/unit/store_lease

store_fixture = tests/unit/store_fixture.c tests/unit/store_fixture.h

tests_unit_store_rows_SOURCES = tests/unit/store_rows.c $(store_fixture)
tests_unit_store_rows_LDADD = $(STORE_LIBS) $(CHECK_LIBS)

tests_unit_store_document_SOURCES = tests/unit/store_document.c $(store_fixture)
tests_unit_store_document_LDADD = $(STORE_LIBS) $(CHECK_LIBS)

tests_unit_store_history_SOURCES = tests/unit/store_history.c $(store_fixture)
tests_unit_store_history_LDADD = $(STORE_LIBS) $(CHECK_LIBS)

tests_unit_store_damage_SOURCES = tests/unit/store_damage.c $(store_fixture)
tests_unit_store_damage_LDADD = $(STORE_LIBS) $(CHECK_LIBS)

tests_unit_store_faults_SOURCES = tests/unit/store_faults.c tests/unit/fault_vfs.c \
	tests/unit/fault_vfs.h $(store_fixture)
tests_unit_store_faults_LDADD = $(STORE_LIBS) $(CHECK_LIBS)

tests_unit_store_lease_SOURCES = tests/unit/store_lease.c $(store_fixture)
tests_unit_store_lease_CPPFLAGS = $(AM_CPPFLAGS) $(SQLITE_CFLAGS)
tests_unit_store_lease_LDADD = $(STORE_LIBS) $(CHECK_LIBS)
