"""examples/teams: a module for each key, its whole life; what keys and variables change, and what they leave alone."""

import json
import unittest

from case import Case, actions
from harness.account import client

THREE = json.dumps({"billing": 4, "search": 7, "shipping": 2})


def of_team(plan, team):
    """address -> action of what belongs to one team."""
    return {a: action for a, action in actions(plan).items() if "['%s']" % team in a}


class Modules(Case):
    def setUp(self):
        super().setUp()
        self.teams = self.workspace("teams")

    def apply(self, *args):
        self.teams.run(self.proxy, "apply", "--yes", *args, code=0)
        self.assert_empty(self.teams.plan(self.proxy, *args, code=0))

    def queues(self):
        urls = client(self.emulator.url, "sqs").list_queues().get("QueueUrls", [])
        return {u.rsplit("/", 1)[1] for u in urls}

    def attribute(self, queue, name):
        sqs = client(self.emulator.url, "sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"][name]

    def test_life(self):
        before = self.snapshot()
        self.apply()
        self.assertEqual(self.queues(), {
            "teams-dev-team-%s-%s" % (team, queue) for team in ("billing", "search")
            for queue in ("work", "work-dlq", "results-fast", "results-slow")})
        self.assertEqual(self.attribute("teams-dev-team-search-results-slow", "MessageRetentionPeriod"), str(7 * 86400))
        self.assertEqual(self.attribute("teams-dev-team-search-results-slow", "VisibilityTimeout"), "900")
        self.check_function("billing")
        self.check_parameters({"billing", "search"})
        outputs = json.loads(self.teams.run(self.proxy, "outputs", "--json", code=0).out)
        self.assertIn("teams-dev-team-billing-work", json.dumps(outputs["first"]))
        self.assertEqual(set(outputs["queues"]), {"billing", "search"})
        self.teams.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.snapshot(), before)

    def check_function(self, team):
        name = "teams-dev-team-%s-work" % team
        function = client(self.emulator.url, "lambda").get_function(FunctionName=name)
        variables = function["Configuration"]["Environment"]["Variables"]
        self.assertEqual(variables["LEVEL"], "debug")
        self.assertTrue(variables["EFF_QUEUE_results_fast"].endswith("team-%s-results-fast" % team))
        self.assertEqual(variables["EFF_TABLE_store"], "teams-dev-team-%s-store" % team)
        self.assertEqual(function["Tags"]["team"], team)
        self.assertEqual(function["Tags"]["effortless:handler"], "team:%s/work" % team)
        policy = client(self.emulator.url, "iam").get_role_policy(RoleName=name + "-role", PolicyName="inline")
        resources = [r for s in policy["PolicyDocument"]["Statement"] for r in s["Resource"]]
        others = [r for r in resources if "team-" in r and "team-%s-" % team not in r]
        self.assertEqual(others, [])

    def check_parameters(self, teams):
        ssm = client(self.emulator.url, "ssm")
        found = {p["Name"]: p["Value"] for p in ssm.get_parameters_by_path(Path="/teams/dev")["Parameters"]}
        self.assertEqual(set(found), {"/teams/dev/" + team for team in teams})
        for team in teams:
            self.assertTrue(found["/teams/dev/" + team].endswith("teams-dev-team-%s-work" % team))

    def test_a_key_comes_and_goes(self):
        self.apply()
        before = self.snapshot()
        plan = self.teams.plan(self.proxy, "--var", "teams=" + THREE, code=0)
        self.assertEqual(set(actions(plan).values()), {"create"})
        self.assertEqual(of_team(plan, "shipping"), actions(plan))
        self.assertEqual(len(actions(plan)), 10)
        self.apply("--var", "teams=" + THREE)
        self.check_parameters({"billing", "search", "shipping"})
        blocked = self.teams.run(self.proxy, "apply", "--yes", code=4)
        self.assertIn("module.team['shipping'].store", blocked.out + blocked.err)
        self.teams.run(self.proxy, "apply", "--yes", "--allow-data-loss", "module.team['shipping'].store",
                       "--allow-data-loss", "team['shipping']", code=0)
        self.assertEqual(self.snapshot(), before)

    def test_a_variable_changes_what_uses_it(self):
        self.apply()
        plan = self.teams.plan(self.proxy, "--var", 'teams={"billing": 4, "search": 8}', code=0)
        self.assertEqual(actions(plan), {
            "module.team['search'].results['fast']": "update", "module.team['search'].results['slow']": "update"})
        plan = json.loads(self.teams.run(self.proxy, "plan", "--json", env={"EFF_VAR_level": "info"}, code=0).out)
        self.assertEqual(actions(plan), {
            "module.team['billing'].work/function": "update", "module.team['search'].work/function": "update"})
        plan = json.loads(self.teams.run(self.proxy, "plan", "--json", "--var", "level=debug",
                                         env={"EFF_VAR_level": "info"}, code=0).out)
        self.assert_empty(plan)
        self.apply("--var", "level=warn")

    def test_a_value_that_is_not_allowed_sends_nothing(self):
        result = self.teams.run(self.proxy, "apply", "--yes", "--var", "level=loud", code=1)
        self.assertIn("E0353", result.err)
        self.assertEqual(self.snapshot(), {})


if __name__ == "__main__":
    unittest.main()
