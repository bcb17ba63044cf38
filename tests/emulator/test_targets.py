"""[target.NAME]: blocks of two regions in one graph, through their whole life."""

import unittest

from case import Case, actions
from harness.account import client

HOME, EDGE = "eu-west-1", "us-east-1"
SPEC = """
[project]
name = "far"
region = "eu-west-1"

[target.edge]
region = "us-east-1"

[queue.jobs]

[queue.remote]
target = "edge"
handler = "src/a.js#run"

[http.ping]
target = "edge"
method = "GET"
path = "/ping"
auth = "none"
handler = "src/a.js#run"
env = { JOBS = "${jobs.arn}", HERE = "${region}" }
deps = ["remote"]

[schedule.daily]
target = "edge"
every = "rate(1 day)"
handler = "src/a.js#run"

[AWS.SSM.Parameter.where]
Type = "String"
Value = "${remote.arn}"

[AWS.SSM.Parameter.there]
target = "edge"
Type = "String"
Value = "${region} ${jobs.arn}"

[output.queue]
value = "${remote.arn}"
"""


class Targets(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)
        self.shop.write("exports.run = async () => 'done';\n", "src/a.js")

    def client(self, service, region):
        return client(self.emulator.url, service, region)

    def parameter(self, name, region):
        return self.client("ssm", region).get_parameter(Name=name)["Parameter"]["Value"]

    def queues(self, region):
        return [u.rsplit("/", 1)[1] for u in self.client("sqs", region).list_queues().get("QueueUrls", [])]

    def test_life(self):
        before = {region: self.snapshot(region) for region in (HOME, EDGE)}
        plan = self.shop.plan(self.proxy, code=0)
        regions = {a["address"]: a.get("region", HOME) for a in plan["actions"]}
        self.assertEqual(regions["stage/edge_api"], EDGE)
        self.assertEqual(regions["ping/role"], EDGE)
        self.assertEqual(regions["jobs"], HOME)
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

        self.assertEqual(self.queues(HOME), ["far-dev-jobs"])
        self.assertEqual(self.queues(EDGE), ["far-dev-remote"])
        self.assertEqual(self.client("lambda", HOME).list_functions()["Functions"], [])
        function = self.client("lambda", EDGE).get_function(FunctionName="far-dev-ping")["Configuration"]
        variables = function["Environment"]["Variables"]
        self.assertEqual(variables["JOBS"], "arn:aws:sqs:eu-west-1:123456789012:far-dev-jobs")
        self.assertEqual(variables["HERE"], EDGE)
        self.assertIn(EDGE, function["Role"])
        policy = self.client("iam", HOME).get_role_policy(RoleName="far-dev-ping-us-east-1-role", PolicyName="inline")
        resources = {r for s in policy["PolicyDocument"]["Statement"] for r in s["Resource"]}
        self.assertIn("arn:aws:sqs:us-east-1:123456789012:far-dev-remote", resources)
        self.assertEqual({r.split(":")[3] for r in resources}, {EDGE})
        self.assertEqual(self.client("apigatewayv2", HOME).get_apis()["Items"], [])
        self.assertEqual(len(self.client("apigatewayv2", EDGE).get_apis()["Items"]), 1)
        self.assertEqual(len(self.client("lambda", EDGE).list_event_source_mappings()["EventSourceMappings"]), 1)
        self.assertEqual(self.parameter("far-dev-where", HOME), "arn:aws:sqs:us-east-1:123456789012:far-dev-remote")
        self.assertEqual(self.parameter("far-dev-there", EDGE),
                         "us-east-1 arn:aws:sqs:eu-west-1:123456789012:far-dev-jobs")

        self.shop.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual({region: self.snapshot(region) for region in (HOME, EDGE)}, before)

    def test_drift_and_moving(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        edge = self.client("sqs", EDGE)
        url = edge.get_queue_url(QueueName="far-dev-remote")["QueueUrl"]
        edge.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "7"})
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"remote": "update"})
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(edge.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
                         ["VisibilityTimeout"], "180")

        self.shop.edit("[queue.jobs]\n", "[queue.jobs]\ntarget = \"edge\"\n")
        plan = self.shop.plan(self.proxy)
        self.assertEqual(actions(plan)["jobs"], "replace")
        self.shop.run(self.proxy, "apply", "--yes", "--allow-data-loss", "jobs", code=0)
        self.assertEqual(self.queues(HOME), [])
        self.assertEqual(sorted(name.split("-")[2] for name in self.queues(EDGE)), ["jobs", "remote"])
        self.assertIn("sqs:us-east-1", self.parameter("far-dev-there", EDGE).split()[1])
        self.assert_empty(self.shop.plan(self.proxy, code=0))

        # What leaves the spec goes from where it is.
        self.shop.edit("[AWS.SSM.Parameter.there]\ntarget = \"edge\"\nType", "[AWS.SSM.Parameter.gone]\nType")
        self.shop.run(self.proxy, "apply", "--yes", "--allow-data-loss", "there", code=0)
        self.assertEqual(self.client("ssm", EDGE).describe_parameters()["Parameters"], [])
        self.assertTrue(self.parameter("far-dev-gone", HOME).startswith("eu-west-1 "))

    def test_other_credentials_are_refused(self):
        self.shop.edit('region = "us-east-1"', 'role_arn = "arn:aws:iam::999988887777:role/deploy"')
        self.shop.run(self.proxy, "check", code=0)
        plan = self.shop.plan(self.proxy, "--refresh", "none", code=0)
        values = {a["address"]: a["properties"] for a in plan["actions"]}
        self.assertEqual(values["where"]["Value"], "arn:aws:sqs:eu-west-1:999988887777:far-dev-remote")
        for command in (["plan"], ["apply", "--yes"]):
            result = self.shop.run(self.proxy, *command, code=1)
            self.assertIn("target 'edge'", result.err)
            self.assertIn("effortless.toml:6", result.err)
        self.assertEqual(self.proxy.mutations, 0)


if __name__ == "__main__":
    unittest.main()
