"""Guarded data stays until a plan that shows its end was allowed."""

import unittest

from case import Case
from harness.account import client
from harness.proxy import Kill, count

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[table.orders]
partition_key = "id:string"
sort_key = "%s:string"
"""


class Guard(Case):
    def test_reverted_replacement_keeps_the_table(self):
        """Killed before the new table was asked for; then the spec goes back to what the old one is."""
        work = self.workspace()
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=0)
        dynamodb = client(self.emulator.url, "dynamodb")
        dynamodb.put_item(TableName="shop-dev-orders", Item={"id": {"S": "1"}, "createdAt": {"S": "2"}})
        work.write(SPEC % "madeAt")
        self.proxy.kill = Kill(self.proxy.mutations + 1, False)
        work.run(self.proxy, "apply", "--yes", "--allow-data-loss", "orders", code=-9)
        # What was allowed goes on without being asked again.
        work.write(SPEC % "madeAt")
        self.assertEqual(work.plan(self.proxy, code=0)["counts"]["replace"], 1)
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(dynamodb.scan(TableName="shop-dev-orders")["Count"], 1)
        self.assertEqual(dynamodb.list_tables()["TableNames"], ["shop-dev-orders"])
        # It is another wish now, and asks again.
        work.write(SPEC % "madeAt")
        work.run(self.proxy, "apply", "--yes", code=4)
        self.assertEqual(dynamodb.scan(TableName="shop-dev-orders")["Count"], 1)
        work.run(self.proxy, "apply", "--yes", "--allow-data-loss", "orders", code=0)
        self.assertEqual(len(dynamodb.list_tables()["TableNames"]), 1)

    def test_made_replacement_asks_before_it_goes(self):
        """T14 with data: the new table was made when the spec goes back, and may hold something by now."""
        work = self.workspace()
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=0)
        dynamodb = client(self.emulator.url, "dynamodb")
        dynamodb.put_item(TableName="shop-dev-orders", Item={"id": {"S": "1"}, "createdAt": {"S": "2"}})
        work.write(SPEC % "madeAt")
        self.proxy.kill = Kill(self.proxy.mutations + 1, True)
        work.run(self.proxy, "apply", "--yes", "--allow-data-loss", "orders", code=-9)
        self.proxy.settle()
        self.assertEqual(len(dynamodb.list_tables()["TableNames"]), 2)
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=4)
        self.assertEqual(len(dynamodb.list_tables()["TableNames"]), 2)
        work.run(self.proxy, "apply", "--yes", "--allow-data-loss", "orders", code=0)
        self.assertEqual(dynamodb.list_tables()["TableNames"], ["shop-dev-orders"])
        self.assertEqual(dynamodb.scan(TableName="shop-dev-orders")["Count"], 1)
        self.assert_empty(work.plan(self.proxy, code=0))

    def test_what_only_the_state_knows_is_honoured(self):
        """T18: retain or its end, an edge, a rename change no thing; what goes then goes by them."""
        work = self.workspace()
        head = '[project]\nname = "shop"\nregion = "eu-west-1"\n'
        topic, user = "[AWS.SNS.Topic.%s]\n%s", '[AWS.SSM.Parameter.p]\nType = "String"\nValue = "%s"\n'
        sns = client(self.emulator.url, "sns")

        def apply(text, *options):
            work.write(head + text)
            self.proxy.mutations = 0
            work.run(self.proxy, "apply", "--yes", *options, code=0)
            return self.proxy.mutations

        # Retained by an edit that is of the state alone; its block goes, it stays.
        apply(topic % ("kept", ""))
        self.assertEqual(apply(topic % ("kept", "retain = true\n")), 0)
        self.assertEqual(apply(""), 0)
        self.assertEqual(len(sns.list_topics()["Topics"]), 1)
        sns.delete_topic(TopicArn=sns.list_topics()["Topics"][0]["TopicArn"])
        # Retained no more: it goes.
        apply(topic % ("gone", "retain = true\n"))
        self.assertEqual(apply(topic % ("gone", "")), 0)
        self.assertEqual(apply(""), 1)
        # Of a renamed one, retain goes with it.
        apply(topic % ("old", "retain = true\n"))
        apply(topic % ("new", 'retain = true\nrenamed_from = "old"\n'))
        self.assertEqual(apply(""), 0)
        self.assertEqual(len(sns.list_topics()["Topics"]), 1)
        sns.delete_topic(TopicArn=sns.list_topics()["Topics"][0]["TopicArn"])
        # An edge that no property shows: what is deleted later goes in the new order.
        apply(topic % ("first", "") + user % "v")
        self.assertEqual(apply(topic % ("first", "") + user % "v" + 'depends_on = ["first"]\n'), 0)
        self.proxy.log.clear()
        apply("", "--allow-data-loss", "p")
        order = [line for line in map(str, self.proxy.log) if "DeleteTopic" in line or "DeleteParameter" in line]
        self.assertEqual(["DeleteParameter" in line for line in order], [True, False], order)

    def test_queue_with_messages(self):
        """A queue is guarded by what waits in it."""
        work = self.workspace()
        work.write(SPEC % "id2" + "[queue.jobs]\n")
        work.run(self.proxy, "apply", "--yes", code=0)
        sqs = client(self.emulator.url, "sqs")
        url = sqs.list_queues()["QueueUrls"][0]
        sqs.send_message(QueueUrl=url, MessageBody="keep")
        work.write(SPEC % "id2")
        work.run(self.proxy, "apply", "--yes", code=4)
        self.assertEqual(sqs.list_queues()["QueueUrls"], [url])
        sqs.purge_queue(QueueUrl=url)
        work.run(self.proxy, "apply", "--yes", code=0)
        self.assertNotIn("QueueUrls", sqs.list_queues())

    def test_facts_of_data_at_risk(self):
        """How much would go, and whether it could come back: asked only where a plan takes something away."""
        work = self.workspace()
        work.write(SPEC % "id2" + "[AWS.S3.Bucket.files]\n")
        work.run(self.proxy, "apply", "--yes", code=0)
        client(self.emulator.url, "dynamodb").put_item(TableName="shop-dev-orders",
                                                       Item={"id": {"S": "1"}, "id2": {"S": "2"}})
        self.proxy.clear()
        work.plan(self.proxy, code=0)
        self.assertEqual(count(self.proxy.log, "DescribeContinuousBackups|versions"), 0)
        work.write('[project]\nname = "shop"\nregion = "eu-west-1"\n')
        facts = {a["address"]: a["facts"] for a in work.plan(self.proxy, code=4)["actions"]}
        self.assertEqual(facts["orders"]["items"], 1)
        self.assertEqual(facts["orders"]["point_in_time_recovery"], False)
        self.assertEqual(facts["files"], {"empty": True})
        for format_ in ("text", "markdown"):
            shown = work.run(self.proxy, "plan", "--format", format_, code=4).out
            self.assertRegex(shown, r"1 item \(\d+ B\), no point-in-time recovery")
            self.assertIn("nothing: it is empty", shown)
        self.proxy.deny = "versions|Backups"
        facts = {a["address"]: a.get("facts") for a in work.plan(self.proxy, code=4)["actions"]}
        self.assertEqual((facts["orders"]["items"], facts["files"]), (1, None))


if __name__ == "__main__":
    unittest.main()
