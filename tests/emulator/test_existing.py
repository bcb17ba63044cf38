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


NET = """
[project]
name = "net"
region = "eu-west-1"

[queue.bus]

[output.bus]
value = "${bus.arn}"
export = true
description = "where events go"

[output.zones]
value = ["a", "b", "${bus.name}"]
export = true

[output.limit]
value = 3
export = true

[output.version]
value = "3"
export = true

[output.own]
value = "not published"
"""

READER = """
[project]
name = "shop"
region = "eu-west-1"

[existing.stack.net]
project = "net"

[AWS.SSM.Parameter.copy]
Type = "String"
Value = "${net.bus} ${join(',', net.zones)} ${net.limit + 1}"

[check.zones]
condition = "${length(net.zones) == 3}"
message = "three zones, not ${length(net.zones)}"

[output.version]
value = "${net.version}"
"""


class Stacks(Case):
    def setUp(self):
        super().setUp()
        self.net, self.shop = self.workspace(), self.workspace()
        self.net.write(NET)
        self.shop.write(READER)
        self.ssm = client(self.emulator.url, "ssm")

    def value(self, name):
        return self.ssm.get_parameter(Name=name)["Parameter"]["Value"]

    def test_life(self):
        result = self.shop.run(self.proxy, "plan", code=1)
        self.assertIn("effortless.toml:6:17: error: project 'net', stage 'dev' publishes nothing in eu-west-1",
                      result.err)
        self.net.run(self.proxy, "apply", "--yes", code=0)
        bus = "arn:aws:sqs:eu-west-1:123456789012:net-dev-bus"
        self.assertEqual(self.value("/effc/net/dev/out/bus"), bus)
        self.assertEqual(self.value("/effc/net/dev/out/zones"), '["a","b","net-dev-bus"]')
        self.assertEqual(self.value("/effc/net/dev/out/limit"), "3")
        self.assertEqual(self.value("/effc/net/dev/out/version"), '"3"')
        names = [p["Name"] for p in self.ssm.describe_parameters()["Parameters"]]
        self.assertEqual(len(names), 4)
        self.assert_empty(self.net.plan(self.proxy, code=0))

        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(plan["existing"][0]["values"], {
            "bus": bus, "zones": ["a", "b", "net-dev-bus"], "limit": 3, "version": "3"})
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(self.value("shop-dev-copy"), bus + " a,b,net-dev-bus 4")
        self.assert_empty(self.shop.plan(self.proxy, code=0))

        self.net.edit("value = 3", "value = 4")
        self.net.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(actions(self.shop.plan(self.proxy, code=0)), {"copy": "update"})

        # What it stops to publish is missed by name, where it is asked for.
        self.net.edit('export = true\n\n[output.limit]', '\n[output.limit]')
        self.net.run(self.proxy, "apply", "--yes", code=0)
        result = self.shop.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("publishes no output 'zones'", result.err)
        self.assertIn("it publishes: ", result.err)
        self.shop.edit("${join(',', net.zones)}", "${net.buss}")
        result = self.shop.run(self.proxy, "plan", code=1)
        self.assertIn("effortless.toml:11:27: error: project 'net', stage 'dev' publishes no output 'buss'",
                      result.err)
        self.assertIn("did you mean 'bus'?", result.err)

        self.net.run(self.proxy, "destroy", "--yes", code=0)
        self.assertEqual([p["Name"] for p in self.ssm.describe_parameters()["Parameters"]], ["shop-dev-copy"])

    def test_checks(self):
        self.net.run(self.proxy, "apply", "--yes", code=0)
        mutations = self.proxy.mutations
        self.shop.edit("== 3", "== 2")
        result = self.shop.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("error[E0393]: check 'zones' does not hold: three zones, not 3", result.err)
        self.assertEqual(self.proxy.mutations, mutations)

        # What only the apply can tell is told after it.
        self.net.write(NET + """
[check.name]
condition = "${bus.QueueUrl == 'here'}"
message = "it is ${bus.QueueUrl}"
level = "warning"
""")
        self.net.run(self.proxy, "destroy", "--yes", code=0)
        result = self.net.run(self.proxy, "plan", code=0)
        self.assertNotIn("does not hold", result.err)
        result = self.net.run(self.proxy, "apply", "--yes", code=0)
        self.assertIn("warning[W0392]: check 'name' does not hold: it is http://", result.err)
        self.net.edit('level = "warning"', 'level = "error"')
        result = self.net.run(self.proxy, "plan", code=1)
        self.assertIn("error[E0393]: check 'name' does not hold: it is http://", result.err)


if __name__ == "__main__":
    unittest.main()
