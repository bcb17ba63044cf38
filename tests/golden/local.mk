golden_cases = \
	tests/golden/cases/check_json.txt \
	tests/golden/cases/check_mistakes.txt \
	tests/golden/cases/check_no_spec.txt \
	tests/golden/cases/command_line.txt \
	tests/golden/cases/config_origin.txt \
	tests/golden/cases/explain.txt \
	tests/golden/cases/control_characters.txt \
	tests/golden/cases/debug_tree.txt \
	tests/golden/cases/eval.txt \
	tests/golden/cases/eval_spec.txt \
	tests/golden/cases/fmt.txt \
	tests/golden/cases/formats.txt \
	tests/golden/cases/graph.txt \
	tests/golden/cases/help.txt \
	tests/golden/cases/init.txt \
	tests/golden/cases/init_raw.txt \
	tests/golden/cases/init_table.txt \
	tests/golden/cases/plan_expressions.txt \
	tests/golden/cases/plan_markdown.txt \
	tests/golden/cases/plan_new_stage.txt \
	tests/golden/cases/plan_offline.txt \
	tests/golden/cases/plan_slips.txt \
	tests/golden/cases/why.txt

EXTRA_DIST += $(golden_cases) tests/golden/run.py

check_scripts += tests/golden/run.py
