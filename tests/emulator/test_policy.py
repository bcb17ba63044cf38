"""[policy]: what a rule denies is shown, stops plan and apply with 4, and nothing is changed."""

import unittest

from case import Case
from harness.account import client

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[AWS.SQS.Queue.work]
VisibilityTimeout = 30

[AWS.SNS.Topic.news]

[policy.stays]
actions = ["delete"]
types = ["AWS::SQS::*"]
message = "queues stay"

[policy.slow]
types = ["AWS::SQS::Queue"]
properties = ["VisibilityTimeout"]
values = [600]
level = "warn"
message = "that is long"

[stage.test.policy.stays]
level = "warn"
"""


class Policy(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)

    def denied(self, *args):
        before = self.proxy.mutations
        result = self.shop.run(self.proxy, *args, code=4)
        self.assertEqual(self.proxy.mutations, before)
        return result

    def test_life(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.shop.edit("VisibilityTimeout = 30", "VisibilityTimeout = 600")
        result = self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assertIn("warning: policy 'slow' (effortless.toml:16): that is long\n  update work: VisibilityTimeout\n",
                      result.out)

        self.shop.edit("[AWS.SQS.Queue.work]\nVisibilityTimeout = 600\n", "")
        said = "denied: policy 'stays' (effortless.toml:9): queues stay\n  delete work\n"
        self.assertIn(said, self.denied("plan").out)
        self.assertIn(said, self.denied("plan", "--detailed-exitcode", "--out", "a.plan").out)
        for args in (("apply", "--yes"), ("apply", "--yes", "--allow-data-loss", "all"), ("apply", "a.plan"),
                     ("destroy", "--yes", "--allow-data-loss", "all")):
            result = self.denied(*args)
            self.assertIn(said, result.out)
            self.assertIn("policy 'stays' (effortless.toml:9) denies it: queues stay; nothing was changed",
                          result.err)
        self.assertIn("denies it", self.denied("apply", "--yes", "--json").out)

        # It is lifted where it is written, and there alone.
        self.shop.edit('actions = ["delete"]', 'actions = ["replace"]')
        self.shop.run(self.proxy, "apply", "a.plan", code=5)
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assertNotIn("QueueUrls", client(self.emulator.url, "sqs").list_queues())

    def test_stage(self):
        self.shop.run(self.proxy, "apply", "--yes", "--stage", "test", code=0)
        result = self.shop.run(self.proxy, "destroy", "--yes", "--stage", "test", code=0)
        self.assertIn("warning: policy 'stays'", result.out)


if __name__ == "__main__":
    unittest.main()
