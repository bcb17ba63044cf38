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
	tests/golden/cases/plan_iam.txt \
	tests/golden/cases/plan_markdown.txt \
	tests/golden/cases/plan_new_stage.txt \
	tests/golden/cases/plan_offline.txt \
	tests/golden/cases/plan_policy.txt \
	tests/golden/cases/plan_permissions.txt \
	tests/golden/cases/plan_saved.txt \
	tests/golden/cases/plan_slips.txt \
	tests/golden/cases/why.txt

EXTRA_DIST += $(golden_cases) tests/golden/run.py

check_scripts += tests/golden/run.py

# Plans of stacks that exist, offline.
helper_programs += tests/golden/plan_case
tests_golden_plan_case_SOURCES = \
	tests/golden/plan_case.c \
	tests/golden/plan_world.c tests/golden/plan_world.h
tests_golden_plan_case_LDADD = $(REVIEW_LIBS)

golden_plans = \
	tests/golden/plans/a_part_alone.txt \
	tests/golden/plans/another_region.txt \
	tests/golden/plans/another_type.txt \
	tests/golden/plans/bucket_not_empty.txt \
	tests/golden/plans/changed_outside.txt \
	tests/golden/plans/changed_outside_and_here.txt \
	tests/golden/plans/deleted_outside.txt \
	tests/golden/plans/destroy.txt \
	tests/golden/plans/destroy_allowed.txt \
	tests/golden/plans/destroys_among_many.txt \
	tests/golden/plans/edges_alone.txt \
	tests/golden/plans/environment_never_shown.txt \
	tests/golden/plans/everything_at_once.txt \
	tests/golden/plans/existing_offline.txt \
	tests/golden/plans/existing_read.txt \
	tests/golden/plans/first_plan.txt \
	tests/golden/plans/fixed_name_goes_first.txt \
	tests/golden/plans/guard_allowed.txt \
	tests/golden/plans/guard_in_the_state_alone.txt \
	tests/golden/plans/guard_outlives_its_block.txt \
	tests/golden/plans/hostile_text.txt \
	tests/golden/plans/interrupted_create.txt \
	tests/golden/plans/interrupted_create_that_never_was.txt \
	tests/golden/plans/interrupted_deletion.txt \
	tests/golden/plans/interrupted_replacement.txt \
	tests/golden/plans/interrupted_update.txt \
	tests/golden/plans/key_of_a_table.txt \
	tests/golden/plans/keys_of_for_each.txt \
	tests/golden/plans/known_beginning.txt \
	tests/golden/plans/long_values.txt \
	tests/golden/plans/moved_to_another_region.txt \
	tests/golden/plans/name_taken.txt \
	tests/golden/plans/new_stage.txt \
	tests/golden/plans/no_driver.txt \
	tests/golden/plans/nothing_to_do.txt \
	tests/golden/plans/offline_against_the_state.txt \
	tests/golden/plans/one_update.txt \
	tests/golden/plans/parent_and_child.txt \
	tests/golden/plans/policy_action_and_resource.txt \
	tests/golden/plans/policy_denies.txt \
	tests/golden/plans/policy_narrower.txt \
	tests/golden/plans/policy_warns.txt \
	tests/golden/plans/policy_wildcards.txt \
	tests/golden/plans/policy_written_otherwise.txt \
	tests/golden/plans/protect_alone.txt \
	tests/golden/plans/public_function.txt \
	tests/golden/plans/queue_with_messages.txt \
	tests/golden/plans/queue_with_messages_allowed.txt \
	tests/golden/plans/queue_without_messages.txt \
	tests/golden/plans/readme.txt \
	tests/golden/plans/renamed.txt \
	tests/golden/plans/renamed_and_removed.txt \
	tests/golden/plans/renamed_by_hand.txt \
	tests/golden/plans/replaced_because_asked.txt \
	tests/golden/plans/replaced_with_a_new_name.txt \
	tests/golden/plans/retain_alone.txt \
	tests/golden/plans/retained_and_removed.txt \
	tests/golden/plans/secret_parameter.txt \
	tests/golden/plans/sets_in_another_order.txt \
	tests/golden/plans/since_nothing.txt \
	tests/golden/plans/since_one_more_replacement.txt \
	tests/golden/plans/table_not_counted.txt \
	tests/golden/plans/tag_removed_outside.txt \
	tests/golden/plans/tags_of_everything.txt \
	tests/golden/plans/too_long_for_a_comment.txt \
	tests/golden/plans/too_many_deletions.txt \
	tests/golden/plans/turned_text.txt \
	tests/golden/plans/update_that_costs.txt \
	tests/golden/plans/verbose_update.txt \
	tests/golden/plans/what_looks_like_a_key.txt

EXTRA_DIST += $(golden_plans) tests/golden/hazards.py tests/golden/plans.py

check_scripts += tests/golden/hazards.py tests/golden/plans.py
