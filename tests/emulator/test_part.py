"""A part of a stack: --target and --replace."""

import unittest

from case import Case, actions
from harness.account import client

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[AWS.SQS.Queue.jobs]
VisibilityTimeout = %d

[AWS.SNS.Topic.alerts]
DisplayName = "%s"

[AWS.SSM.Parameter.pointer]
Name = "/shop/topic"
Type = "String"
Value = "${alerts.TopicArn}"

[output.queue]
value = "${jobs.QueueUrl}"
"""


class Part(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()
        self.work.write(SPEC % (60, "a"))

    def test_target(self):
        self.work.run(self.proxy, "apply", "--yes", "--target", "pointer", code=0)
        taken = self.snapshot()
        self.assertEqual((len(taken["topics"]), len(taken["parameters"])), (1, 1))
        self.assertNotIn("queues", taken)
        self.work.run(self.proxy, "apply", "--yes", code=0)
        self.work.write(SPEC % (70, "b"))
        plan = self.work.plan(self.proxy, "--target", "jobs", code=0)
        self.assertEqual(actions(plan), {"jobs": "update"})
        self.assertEqual(plan["target"], {"asked_for": 1, "added": 0, "left_out": 2})
        result = self.work.run(self.proxy, "plan", "--target", "job", code=1)
        self.assertIn("--target: there is no 'job': did you mean 'jobs'?", result.err)
        self.work.run(self.proxy, "destroy", "--yes", "--target", "alerts", code=4)
        self.work.run(self.proxy, "destroy", "--yes", "--target", "alerts", "--allow-data-loss", "pointer", code=0)
        taken = self.snapshot()
        self.assertNotIn("topics", taken)
        self.assertNotIn("parameters", taken)
        self.assertEqual(len(taken["queues"]), 1)
        self.work.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.work.plan(self.proxy, code=0))

    def test_replace(self):
        self.work.run(self.proxy, "apply", "--yes", code=0)
        sns = client(self.emulator.url, "sns")
        before = sns.list_topics()["Topics"]
        plan = self.work.plan(self.proxy, "--replace", "alerts", code=0)
        self.assertEqual(actions(plan), {"alerts": "replace", "pointer": "update"})
        self.assertEqual(plan["actions"][0]["reason"], "asked for by --replace")
        result = self.work.run(self.proxy, "apply", "--yes", "--replace", "alert", code=1)
        self.assertIn("did you mean 'alerts'?", result.err)
        # What was reviewed is what is carried out, options included.
        self.work.run(self.proxy, "plan", "--replace", "alerts", "--out", "saved.plan", code=0)
        self.work.run(self.proxy, "apply", "--yes", "saved.plan", code=0)
        after = sns.list_topics()["Topics"]
        self.assertEqual((len(after), len(before)), (1, 1))
        self.assertNotEqual(before, after)
        self.assert_empty(self.work.plan(self.proxy, code=0))


if __name__ == "__main__":
    unittest.main()
