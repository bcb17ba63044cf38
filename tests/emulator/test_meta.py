"""Meta keys: what is ignored stays, what is named replaces."""

import unittest

from case import Case, actions
from harness.account import client
from harness.proxy import Kill

HEAD = """
[project]
name = "shop"
region = "eu-west-1"

"""


class Meta(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()

    def apply(self, text, *options, code=0):
        self.work.write(HEAD + text)
        result = self.work.run(self.proxy, "apply", "--yes", *options, code=code)
        if code == 0:
            self.assert_empty(self.work.plan(self.proxy, code=0))
        return result

    def plan(self, text, *options, code=0):
        self.work.write(HEAD + text)
        return self.work.plan(self.proxy, *options, code=code)

    def test_ignored_property_is_left_as_it_is(self):
        queue = '[AWS.SQS.Queue.jobs]\nVisibilityTimeout = %d\nDelaySeconds = %d\n' \
                'Tags = [{ Key = "team", Value = "%s" }]\n' \
                'ignore_changes = ["VisibilityTimeout", "Tags[team]"]\n'
        self.apply(queue % (60, 1, "a"))
        sqs = client(self.emulator.url, "sqs")
        url = sqs.get_queue_url(QueueName="shop-dev-jobs")["QueueUrl"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "77"})
        sqs.tag_queue(QueueUrl=url, Tags={"team": "z"})
        self.assert_empty(self.work.plan(self.proxy, code=0))
        self.assert_empty(self.plan(queue % (90, 1, "b"), code=0))
        self.assertEqual(actions(self.plan(queue % (90, 2, "b"))), {"jobs": "update"})
        self.apply(queue % (90, 2, "b"))
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual((attributes["VisibilityTimeout"], attributes["DelaySeconds"]), ("77", "2"))
        self.assertEqual(sqs.list_queue_tags(QueueUrl=url)["Tags"]["team"], "z")
        # What is made anew is made as written.
        sqs.delete_queue(QueueUrl=url)
        self.apply(queue % (90, 2, "b"))
        url = sqs.get_queue_url(QueueName="shop-dev-jobs")["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual(attributes["VisibilityTimeout"], "90")

    def test_replaced_when_a_value_changes(self):
        text = '[AWS.SQS.Queue.first]\n[AWS.SNS.Topic.alerts]\nreplace_when = ["%s", "${first.Arn}"]\n'
        self.apply(text % "v1")
        sns = client(self.emulator.url, "sns")
        before = [t["TopicArn"] for t in sns.list_topics()["Topics"]]
        plan = self.plan(text % "v2")
        self.assertEqual(actions(plan), {"alerts": "replace"})
        self.assertIn("'replace_when' names v2, which changed", plan["actions"][0]["reason"])
        self.apply(text % "v2")
        after = [t["TopicArn"] for t in sns.list_topics()["Topics"]]
        self.assertEqual((len(before), len(after)), (1, 1))
        self.assertNotEqual(before, after)
        # Begun to be watched together with what it names: the digest is kept once that is made.
        self.apply('[AWS.SQS.Queue.first]\n[AWS.SQS.Queue.more]\n[AWS.SNS.Topic.alerts]\n'
                   'replace_when = ["${more.QueueUrl}"]\n')
        self.assertEqual(after, [t["TopicArn"] for t in sns.list_topics()["Topics"]])

    def test_renamed_block_keeps_its_things(self):
        text = '[queue.%s]\nhandler = "src/a.js#run"\n%s' \
               '[http.report]\nmethod = "GET"\npath = "/r"\nauth = "none"\nhandler = "src/a.js#run"\ndeps = ["%s"]\n'
        self.work.write("exports.run = async () => {}\n", "src/a.js")
        self.apply(text % ("expenses", "", "expenses"))
        before = self.snapshot()
        new = text % ("costs", 'renamed_from = "expenses"\n', "costs")
        plan = self.plan(new)
        # Its environment names the block, and so do tags.
        self.assertEqual([a["address"] for a in plan["actions"] if a["address"].startswith("costs") and
                          a["action"] != "rename"], ["costs/function"])
        self.assertEqual({a["action"] for a in plan["actions"]} - {"rename", "update", "metadata"}, set())
        self.assertGreaterEqual(plan["counts"]["rename"], 4)
        self.apply(new)
        after = self.snapshot()
        for kind in before:
            self.assertEqual(list(after[kind]), list(before[kind]), kind)
        self.assertEqual(after["queues"]["shop-dev-expenses"]["tags"]["effortless:handler"], "costs")
        # The key can go, and the old id can be used for something new.
        self.apply(text % ("costs", "", "costs"))
        self.apply(text % ("costs", "", "costs") + "[queue.expenses]\nhandler = 'src/a.js#run'\n")
        self.assertEqual(len(self.snapshot()["queues"]), 2)
        self.work.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertNotIn("queues", self.snapshot())

    def test_killed_rename_goes_on(self):
        self.apply("[AWS.SQS.Queue.a]\n[AWS.SNS.Topic.b]\n")
        before = self.snapshot()
        self.work.write(HEAD + "[AWS.SQS.Queue.x]\nrenamed_from = 'a'\nVisibilityTimeout = 77\n"
                               "[AWS.SNS.Topic.y]\nrenamed_from = 'b'\n")
        self.proxy.kill = Kill(self.proxy.mutations + 1, False)
        self.work.run(self.proxy, "apply", "--yes", code=-9)
        self.work.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.work.plan(self.proxy, code=0))
        self.assertEqual([list(self.snapshot()[k]) for k in before], [list(before[k]) for k in before])

    def test_renamed_in_modules_and_keys(self):
        inner = "[AWS.SQS.Queue.%s]\n%s"
        self.work.write(inner % ("jobs", ""), "mod/effortless.toml")
        self.apply('[module.m]\nsource = "./mod"\n[AWS.SNS.Topic.one]\n')
        before = self.snapshot()
        self.work.write(inner % ("work", "renamed_from = 'jobs'\n"), "mod/effortless.toml")
        self.apply('[module.m]\nsource = "./mod"\n[AWS.SNS.Topic.all]\nfor_each = ["eu", "us"]\n'
                   'renamed_from = { eu = "one" }\n')
        after = self.snapshot()
        self.assertEqual(list(after["queues"]), list(before["queues"]))
        self.assertEqual(len(after["topics"]), 2)
        # The module itself, with all that is in it.
        self.work.write(inner % ("work", ""), "mod/effortless.toml")
        self.apply('[module.n]\nsource = "./mod"\nrenamed_from = "m"\n'
                   '[AWS.SNS.Topic.all]\nfor_each = ["eu", "us"]\n')
        self.assertEqual(list(self.snapshot()["queues"]), list(before["queues"]))
        # Out of the module.
        self.work.write("", "mod/effortless.toml")
        self.apply('[AWS.SQS.Queue.work]\nrenamed_from = "module.n.work"\n'
                   '[AWS.SNS.Topic.all]\nfor_each = ["eu", "us"]\n')
        self.assertEqual(list(self.snapshot()["queues"]), list(before["queues"]))

    def test_import(self):
        sqs, sns = client(self.emulator.url, "sqs"), client(self.emulator.url, "sns")
        url = sqs.create_queue(QueueName="legacy", Attributes={"VisibilityTimeout": "50", "DelaySeconds": "3"},
                               tags={"team": "a"})["QueueUrl"]
        topic = sns.create_topic(Name="old-alerts")["TopicArn"]
        text = '[AWS.SQS.Queue.jobs]\nimport = "legacy"\nVisibilityTimeout = %d\n' \
               '[AWS.SNS.Topic.alerts]\nimport = "' + topic + '"\n' \
               '[output.url]\nvalue = "${jobs.QueueUrl}"\n'
        plan = self.plan(text % 60)
        self.assertEqual(actions(plan), {"jobs": "adopt", "alerts": "adopt"})
        self.assertEqual([[c["path"] for c in a.get("changes", [])] for a in plan["actions"]],
                         [[], ["VisibilityTimeout"]])
        self.assertEqual(plan["outputs"]["url"], url)
        self.apply(text % 60)
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        self.assertEqual((attributes["VisibilityTimeout"], attributes["DelaySeconds"]), ("60", "3"))
        tags = sqs.list_queue_tags(QueueUrl=url)["Tags"]
        self.assertEqual((tags["team"], tags["effortless:handler"]), ("a", "jobs"))
        self.assertEqual(len(tags["effortless:instance"]), 32)
        self.assertEqual(len(sqs.list_queues()["QueueUrls"]), 1)
        # From now on it is like any other: the key says nothing, and it goes with its block.
        self.assertEqual(actions(self.plan(text.replace("legacy", "nothing") % 70)), {"jobs": "update"})
        self.apply("")
        self.assertNotIn("queues", self.snapshot())

    def test_import_refuses(self):
        sqs = client(self.emulator.url, "sqs")
        url = sqs.create_queue(QueueName="taken.fifo", Attributes={"FifoQueue": "true"}, tags={
            "effortless:instance": "0" * 32, "effortless:project": "other", "effortless:stage": "dev"})["QueueUrl"]
        text = '[AWS.SQS.Queue.jobs]\nimport = "%s"\n'
        plan = self.plan(text % "taken.fifo" + "FifoQueue = true\n", code=4)
        self.assertIn("project 'other'", plan["actions"][0]["conflict"])
        self.assertIn("there is no", self.plan(text % "none", code=4)["actions"][0]["conflict"])
        sqs.tag_queue(QueueUrl=url, Tags={"effortless:instance": "", "aws:cloudformation:stack-name": "web"})
        sqs.untag_queue(QueueUrl=url, TagKeys=["effortless:instance"])
        self.assertIn("CloudFormation stack 'web'", self.plan(text % "taken.fifo" + "FifoQueue = true\n",
                                                              code=4)["actions"][0]["conflict"])
        self.apply(text % "taken.fifo" + "FifoQueue = true\n", code=4)
        self.apply(text % "taken.fifo" + "FifoQueue = true\n", "--take-over", "jobs")
        self.assertEqual(len(sqs.list_queues()["QueueUrls"]), 1)

    def test_killed_import_goes_on(self):
        """Before the mark is there, and after it: it converges, and nothing is made twice."""
        sqs = client(self.emulator.url, "sqs")
        for acts in (False, True):
            self.emulator.reset()
            self.work = self.workspace()
            sqs.create_queue(QueueName="legacy")
            self.work.write(HEAD + '[AWS.SQS.Queue.jobs]\nimport = "legacy"\nVisibilityTimeout = 60\n')
            self.proxy.kill = Kill(self.proxy.mutations + 1, acts)
            self.work.run(self.proxy, "apply", "--yes", code=-9)
            self.work.run(self.proxy, "apply", "--yes", code=0)
            self.assert_empty(self.work.plan(self.proxy, code=0))
            self.assertEqual(len(sqs.list_queues()["QueueUrls"]), 1)


if __name__ == "__main__":
    unittest.main()
