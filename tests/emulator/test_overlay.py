"""A driver that effc does not have, of AWS::SNS::Subscription, taught by a folder alone: YAML and facts, no C."""

import unittest

from case import SOURCE, Case, actions

SPEC = """
[project]
name = "news"
region = "eu-west-1"

[AWS.SNS.Topic.press]

[AWS.SQS.Queue.inbox]

[AWS.SNS.Subscription.feed]
TopicArn = "${press.TopicArn}"
Protocol = "sqs"
Endpoint = "${inbox.Arn}"
RawMessageDelivery = true
FilterPolicy = { kind = ["order"] }
"""


class Overlay(Case):
    def setUp(self):
        super().setUp()
        self.news = self.workspace()
        self.news.write(SPEC)
        self.schemas = ("--schemas", str(SOURCE / "tests" / "emulator" / "schemas"))

    def run_effc(self, *args, code=0):
        return self.news.run(self.proxy, *args, *self.schemas, code=code)

    def plan(self):
        return self.news.plan(self.proxy, *self.schemas, code=0)

    def subscriptions(self):
        return [s for t in self.snapshot().get("topics", {}).values() for s in t["subscriptions"]]

    def test_not_applied_without_the_folder(self):
        result = self.news.run(self.proxy, "apply", "--yes", code=4)
        self.assertIn("AWS::SNS::Subscription has no driver", result.out + result.err)
        self.assertEqual(self.snapshot(), {})

    def test_life(self):
        self.run_effc("apply", "--yes")
        self.assertEqual(self.subscriptions(),
                         [{"Protocol": "sqs", "Endpoint": "arn:aws:sqs:eu-west-1:123456789012:news-dev-inbox"}])
        self.assert_empty(self.plan())
        self.news.edit('kind = ["order"]', 'kind = ["order", "refund"]')
        self.assertEqual(actions(self.plan()), {"feed": "update"})
        self.run_effc("apply", "--yes")
        self.assert_empty(self.plan())
        self.news.edit("RawMessageDelivery = true\n", "")
        self.assertEqual(actions(self.plan()), {"feed": "update"})
        self.run_effc("apply", "--yes")
        self.assert_empty(self.plan())
        self.news.edit('Endpoint = "${inbox.Arn}"', 'Endpoint = "${other.Arn}"')
        self.news.edit("[AWS.SQS.Queue.inbox]", "[AWS.SQS.Queue.other]\n\n[AWS.SQS.Queue.inbox]")
        self.assertEqual(actions(self.plan()), {"feed": "replace", "other": "create"})
        self.run_effc("apply", "--yes")
        self.assertEqual([s["Endpoint"].rpartition(":")[2] for s in self.subscriptions()], ["news-dev-other"])
        self.run_effc("destroy", "--yes", "--allow-data-loss", "all")
        self.assertEqual(self.snapshot(), {})

    def test_delete_that_cannot_be_said_is_no_delete(self):
        self.news.write('[project]\nname = "news"\nregion = "eu-west-1"\n\n[AWS.SQS.Queue.inbox]\n')
        self.news.run(self.proxy, "apply", "--yes", code=0)
        made = self.snapshot()
        text = (SOURCE / "schemas" / "drivers" / "SQS.Queue.yaml").read_text()
        said = "call: DeleteQueue, in: {QueueUrl: "
        self.assertIn(said + "$QueueUrl", text)
        self.news.write(text.replace(said + "$QueueUrl", said + "text($Tags)"), "bad/drivers/SQS.Queue.yaml")
        result = self.news.run(self.proxy, "destroy", "--yes", "--schemas", "bad", code=1)
        self.assertIn("DeleteQueue: list where a text is needed", result.err)
        self.assertEqual(self.snapshot(), made)
        self.news.run(self.proxy, "destroy", "--yes", code=0)
        self.assertEqual(self.snapshot(), {})

    def test_mistakes_in_a_driver_have_their_place(self):
        folder = self.news.folder / "schemas" / "drivers"
        folder.mkdir(parents=True)
        text = (SOURCE / "tests" / "emulator" / "schemas" / "drivers" / "SNS.Subscription.yaml").read_text()
        (folder / "SNS.Subscription.yaml").write_text(text.replace("call: Subscribe", "call: Subscirbe", 1))
        result = self.news.run(self.proxy, "check", "--schemas", str(SOURCE / "tests" / "emulator" / "schemas"),
                               "--schemas", str(self.news.folder / "schemas"), code=1)
        self.assertRegex(result.err, r"SNS\.Subscription\.yaml:\d+:\d+: error: .*'Subscirbe'")


if __name__ == "__main__":
    unittest.main()
