# Expressions against Terraform's console, where it is installed.
EXTRA_DIST += \
	tests/terraform/differences.txt \
	tests/terraform/expressions.txt \
	tests/terraform/generate.py \
	tests/terraform/run.py

check-terraform: effc$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(PYTHON) $(srcdir)/tests/terraform/run.py
