"""Drift: what others changed or deleted is told, and put back where that is asked for; the rest is left alone."""

import json
import unittest

from case import Case, actions
from harness.account import client

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[existing.AWS.SQS.Queue.theirs]
QueueName = "their-queue"

[table.orders]
partition_key = "id:string"

[AWS.SQS.Queue.work]
VisibilityTimeout = 30
MessageRetentionPeriod = "${theirs.VisibilityTimeout + 600}"

[AWS.SNS.Topic.news]
DisplayName = "news"

[function.job]
handler = "src/job.js#run"
env = { NOTE = "quiet" }
"""


class Drift(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)
        self.shop.write("exports.run = async () => 'done';\n", "src/job.js")
        url = self.emulator.url
        self.sqs, self.dynamodb, self.function = (client(url, name) for name in ("sqs", "dynamodb", "lambda"))
        self.sqs.create_queue(QueueName="their-queue", Attributes={"VisibilityTimeout": "77"})
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.work = self.sqs.get_queue_url(QueueName="shop-dev-work")["QueueUrl"]

    def drift(self, *args, code):
        before = self.proxy.mutations
        result = self.shop.run(self.proxy, "drift", *args, code=code)
        self.assertEqual(self.proxy.mutations, before)
        return result.out

    def kinds(self):
        """address -> kind, and its paths."""
        found = json.loads(self.drift("--json", code=2))
        return {d["address"]: (d["kind"], [c["path"] for c in d.get("changes", [])]) for d in found["drift"]}

    def test_life(self):
        self.assertEqual(self.drift(code=0), "shop/dev  nothing moved outside, 6 as applied\n")
        self.assertEqual(json.loads(self.drift("--json", code=0))["drift"], [])
        # None of our business, or AWS's own doing.
        self.sqs.tag_queue(QueueUrl=self.work, Tags={"theirs": "yes"})
        self.sqs.set_queue_attributes(QueueUrl=self.work, Attributes={"DelaySeconds": "5"})
        self.sqs.send_message(QueueUrl=self.work, MessageBody="one")
        self.drift(code=0)

        self.sqs.set_queue_attributes(QueueUrl=self.work, Attributes={"VisibilityTimeout": "45"})
        self.sqs.untag_queue(QueueUrl=self.work, TagKeys=["effortless:stage"])
        self.dynamodb.delete_table(TableName="shop-dev-orders")
        variables = self.function.get_function(FunctionName="shop-dev-job")["Configuration"]["Environment"]["Variables"]
        self.function.update_function_configuration(
            FunctionName="shop-dev-job", MemorySize=512, Environment={"Variables": {**variables, "NOTE": "hunter2"}})
        self.assertEqual(self.drift(code=2), """\
shop/dev  3 moved outside, 3 as applied

  ~   function.job  AWS::Lambda::Function  effortless.toml:19
        MemorySize 256 -> 512
        Environment.Variables.NOTE (changed)
  -   table.orders  AWS::DynamoDB::Table  effortless.toml:9
        it was deleted
  ~   work  AWS::SQS::Queue  effortless.toml:12
        VisibilityTimeout 30 -> 45
        Tags[effortless:stage].Value "dev" -> none
""")
        found = self.drift("--json", code=2)
        self.assertNotIn("hunter2", found)
        self.assertIn({"path": "VisibilityTimeout", "wanted": 30, "live": 45},
                      [c for d in json.loads(found)["drift"] for c in d.get("changes", [])])

        self.assertIn("pass --yes", self.shop.run(self.proxy, "drift", "--repair", code=1).err)
        result = self.shop.run(self.proxy, "drift", "--repair", "--yes", code=0)
        self.assertIn("3 done", result.out)
        self.drift(code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        attributes = self.sqs.get_queue_attributes(QueueUrl=self.work, AttributeNames=["All"])["Attributes"]
        self.assertEqual((attributes["VisibilityTimeout"], attributes["DelaySeconds"]), ("30", "5"))
        self.assertEqual(self.sqs.list_queue_tags(QueueUrl=self.work)["Tags"]["theirs"], "yes")

    def test_beside_an_edit(self):
        """An edit is no drift, is said beside it, and is not carried out by a repair."""
        self.shop.edit('"news"', '"news of today"')
        self.shop.write(SPEC.replace('"news"', '"news of today"') + "\n[AWS.SNS.Topic.more]\n")
        self.drift(code=0)
        self.sqs.set_queue_attributes(QueueUrl=self.work, Attributes={"VisibilityTimeout": "45"})
        self.assertEqual(self.kinds(), {"work": ("changed", ["VisibilityTimeout"])})
        result = self.shop.run(self.proxy, "drift", "--repair", "--yes", code=0)
        self.assertIn("1 done", result.out)
        self.drift(code=0)
        self.assertEqual(actions(self.shop.plan(self.proxy, code=0)), {"more": "create", "news": "update"})

        self.sqs.set_queue_attributes(QueueUrl=self.work, Attributes={"VisibilityTimeout": "45"})
        self.shop.edit("VisibilityTimeout = 30", "VisibilityTimeout = 60")
        self.assertIn("VisibilityTimeout 60 -> 45\n        the spec wants it changed as well", self.drift(code=2))
        before = self.proxy.mutations
        result = self.shop.run(self.proxy, "drift", "--repair", "--yes", code=1)
        self.assertIn("the spec wants all that moved changed as well; nothing was changed", result.err)
        self.assertEqual(self.proxy.mutations, before)
        # One of two is put back, and the other one is still there to be told.
        self.dynamodb.delete_table(TableName="shop-dev-orders")
        self.shop.run(self.proxy, "drift", "--repair", "--yes", code=2)
        self.assertEqual(self.kinds(), {"work": ("changed", ["VisibilityTimeout"])})
        self.assertEqual(self.dynamodb.list_tables()["TableNames"], ["shop-dev-orders"])
        # The spec says what is there: nobody has to move.
        self.shop.edit("VisibilityTimeout = 60", "VisibilityTimeout = 45")
        self.drift(code=0)

    def test_taken(self):
        """Deleted, and made again by somebody else: told, and not touched."""
        for tags, kind, says in (({"owner": "them"}, "changed", "does not carry the mark of this stack"),
                                 ({"effortless:instance": "0" * 32}, "taken", "is not ours")):
            self.sqs.delete_queue(QueueUrl=self.work)
            self.sqs.create_queue(QueueName="shop-dev-work", tags=tags)
            self.assertEqual(self.kinds()["work"][0], kind)
            self.assertIn(says, self.drift(code=2))
            before = self.proxy.mutations
            self.shop.run(self.proxy, "drift", "--repair", "--yes", code=4)
            self.assertEqual(self.proxy.mutations, before)

    def test_no_longer_wanted(self):
        self.shop.write(SPEC.split("[AWS.SNS")[0])
        client(self.emulator.url, "logs").delete_log_group(logGroupName="/aws/lambda/shop-dev-job")
        self.assertEqual(self.kinds(), {"job/logs": ("deleted", [])})


if __name__ == "__main__":
    unittest.main()
