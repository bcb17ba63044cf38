"""Guarded data stays until a plan that shows its end was allowed."""

import unittest

from case import Case
from harness.account import client
from harness.proxy import Kill

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[table.orders]
partition_key = "id:string"
sort_key = "%s:string"
"""


class Guard(Case):
    def test_reverted_replacement_is_blocked_again(self):
        """Killed before the new table was asked for; then the spec goes back to what the old one is."""
        work = self.workspace()
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=0)
        dynamodb = client(self.emulator.url, "dynamodb")
        dynamodb.put_item(TableName="shop-dev-orders", Item={"id": {"S": "1"}, "createdAt": {"S": "2"}})
        work.write(SPEC % "madeAt")
        self.proxy.kill = Kill(self.proxy.mutations + 1, False)
        work.run(self.proxy, "apply", "--yes", "--allow-data-loss", "orders", code=-9)
        work.write(SPEC % "createdAt")
        work.run(self.proxy, "apply", "--yes", code=4)
        self.assertEqual(dynamodb.scan(TableName="shop-dev-orders")["Count"], 1)
        # What was allowed goes on without being asked again.
        work.write(SPEC % "madeAt")
        work.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(len(dynamodb.list_tables()["TableNames"]), 1)

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


if __name__ == "__main__":
    unittest.main()
