"""[existing]: what others made is read in the plan, and never touched."""

import unittest

from case import Case, actions
from harness.account import client

SPEC = """
[project]
name = "shop"
region = "eu-west-1"

[target.edge]
region = "us-east-1"

[existing.AWS.SQS.Queue.theirs]
QueueName = "their-queue"

[existing.AWS.DynamoDB.Table.stock]
TableName = "stock"

[existing.AWS.SSM.Parameter.far]
target = "edge"
Name = "/far/away"

[queue.mine]
handler = "src/a.js#run"
deps = ["theirs"]
env = { TTL = "${stock.TimeToLiveSpecification.AttributeName}", FAR = "${far.Value}" }

[output.timeout]
value = "${theirs.VisibilityTimeout}"
"""


class Existing(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)
        self.shop.write("exports.run = async () => 'done';\n", "src/a.js")
        url = self.emulator.url
        self.sqs, self.dynamodb = client(url, "sqs"), client(url, "dynamodb")
        self.url = self.sqs.create_queue(QueueName="their-queue", tags={"effortless:instance": "0" * 32},
                                         Attributes={"VisibilityTimeout": "77"})["QueueUrl"]
        self.dynamodb.create_table(TableName="stock", BillingMode="PAY_PER_REQUEST",
                                   KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        self.dynamodb.update_time_to_live(TableName="stock", TimeToLiveSpecification={
            "Enabled": True, "AttributeName": "gone_at"})
        client(url, "ssm", "us-east-1").put_parameter(Name="/far/away", Value="over there", Type="String")

    def values(self, plan):
        return {x["name"]: x["values"] for x in plan["existing"]}

    def test_life(self):
        theirs = self.snapshot()
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(self.values(plan), {
            "theirs": {"QueueUrl": self.url, "Arn": "arn:aws:sqs:eu-west-1:123456789012:their-queue",
                       "VisibilityTimeout": 77},
            "stock": {"TimeToLiveSpecification": {"AttributeName": "gone_at", "Enabled": True}},
            "far": {"Value": "(secret)"}})     # AWS marks it sensitive
        self.assertEqual(plan["outputs"], {"timeout": 77})
        self.assertEqual(plan["digest"], self.shop.plan(self.proxy, code=0)["digest"])

        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        function = client(self.emulator.url, "lambda").get_function(FunctionName="shop-dev-mine")["Configuration"]
        variables = function["Environment"]["Variables"]
        self.assertEqual(variables["TTL"], "gone_at")
        self.assertEqual(variables["FAR"], "over there")
        self.assertEqual(variables["EFF_QUEUE_theirs"], self.url)
        role = client(self.emulator.url, "iam").get_role_policy(RoleName="shop-dev-mine-role", PolicyName="inline")
        self.assertIn("arn:aws:sqs:eu-west-1:123456789012:their-queue",
                      [r for s in role["PolicyDocument"]["Statement"] for r in s["Resource"]])

        # What they change reaches what uses it, and nothing of theirs is put back.
        client(self.emulator.url, "ssm", "us-east-1").put_parameter(Name="/far/away", Value="nearer", Overwrite=True)
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"mine/function": "update"})
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

        self.shop.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.snapshot(), theirs)

    def test_missing_is_named(self):
        self.sqs.delete_queue(QueueUrl=self.url)
        for command in (["plan"], ["apply", "--yes"]):
            result = self.shop.run(self.proxy, *command, code=1)
            self.assertIn("effortless.toml:9:25: error", result.err)
            self.assertIn('existing \'theirs\' is not there: no AWS::SQS::Queue with QueueName "their-queue"',
                          result.err)
        self.assertEqual(self.proxy.mutations, 0)
        # Not needed to take everything down.
        self.shop.run(self.proxy, "destroy", "--yes", code=0)

    def test_without_network(self):
        plan = self.shop.plan(self.proxy, "--refresh", "none", code=0)
        self.assertIn("unknown", self.values(plan)["far"]["Value"])
        self.assertEqual(self.proxy.log, [])

    def test_type_without_driver(self):
        self.shop.edit("[queue.mine]", "[existing.AWS.EC2.VPC.net]\nVpcId = \"vpc-01234567\"\n\n[queue.mine]")
        self.shop.edit('value = "${theirs.VisibilityTimeout}"', 'value = "${net.CidrBlock}"')
        self.shop.run(self.proxy, "check", code=0)
        result = self.shop.run(self.proxy, "plan", code=4)
        self.assertIn("existing 'net': AWS::EC2::VPC has no driver", result.out)
        result = self.shop.run(self.proxy, "apply", "--yes", code=4)
        self.assertIn("existing 'net'", result.err)
        self.assertEqual(self.proxy.mutations, 0)


if __name__ == "__main__":
    unittest.main()
