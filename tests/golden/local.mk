golden_cases =

EXTRA_DIST += $(golden_cases) tests/golden/run.py
