check_scripts += tests/catalogue/check_references.py tests/catalogue/check_types.py

# A minute or two: all types, not only those that are drawn.  With -j2 both at once.
check-catalogue: check-catalogue-types check-catalogue-references
check-catalogue-types: all
	$(AM_TESTS_ENVIRONMENT) ALL=1 $(PYTHON) $(srcdir)/tests/catalogue/check_types.py
check-catalogue-references: all
	$(AM_TESTS_ENVIRONMENT) ALL=1 $(PYTHON) $(srcdir)/tests/catalogue/check_references.py

EXTRA_DIST += \
	tests/catalogue/cases.py \
	tests/catalogue/check_references.py \
	tests/catalogue/check_types.py \
	tests/catalogue/facts.py \
	tests/catalogue/texts.py \
	tests/catalogue/toml.py \
	tests/catalogue/values.py
