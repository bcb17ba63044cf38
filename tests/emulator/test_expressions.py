"""Operators, functions and loops over what is only known once it is made, through a whole life."""

import unittest

from case import Case, actions
from harness.account import client

SPEC = """
[project]
name = "said"
region = "eu-west-1"

[local]
xs = [1, 2]
names = { b = "bob", a = "ann" }

[AWS.SNS.Topic.news]
DisplayName = "${upper(project)} ${length(local.xs) + 1}"

[AWS.SSM.Parameter.shout]
Type = "String"
Value = "${upper(news.TopicArn)}-${length(local.xs) + 1}"

[AWS.SSM.Parameter.loop]
Type = "String"
Value = "${join(',', [for k, v in local.names : '${k}=${v}@${news.TopicName}'])}"

[AWS.SSM.Parameter.choice]
Type = "String"
Value = "${length(split(':', news.TopicArn)) == 6 ? 'six' : 'other'}"

[AWS.SSM.Parameter.directive]
Type = "String"
Value = "%{ for n in values(local.names) ~} <${n}> %{ endfor ~}of ${try(tonumber(news.TopicArn), news.TopicName)}"

[output.account]
value = "${split(':', news.TopicArn)[4]}"
"""


class Expressions(Case):
    def setUp(self):
        super().setUp()
        self.said = self.workspace()
        self.said.write(SPEC)
        self.ssm = client(self.emulator.url, "ssm")

    def values(self):
        found = self.ssm.describe_parameters()["Parameters"]
        names = [p["Name"] for p in found]
        return {n.split("-")[-1]: self.ssm.get_parameter(Name=n)["Parameter"]["Value"] for n in names}

    def test_life(self):
        before = self.snapshot()
        plan = self.said.plan(self.proxy, code=0)
        self.assertEqual(set(actions(plan).values()), {"create"})
        self.said.run(self.proxy, "apply", "--yes", code=0)
        arn = "arn:aws:sns:eu-west-1:123456789012:said-dev-news"
        self.assertEqual(self.values(), {
            "shout": arn.upper() + "-3",
            "loop": "a=ann@said-dev-news,b=bob@said-dev-news",
            "choice": "six",
            "directive": "<ann> <bob> of said-dev-news",
        })
        self.assert_empty(self.said.plan(self.proxy, code=0))
        self.said.edit("xs = [1, 2]", "xs = [1, 2, 3]")
        plan = self.said.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"news": "update", "shout": "update"})
        self.said.run(self.proxy, "apply", "--yes", code=0)
        self.assertEqual(self.values()["shout"], arn.upper() + "-4")
        self.assert_empty(self.said.plan(self.proxy, code=0))
        outputs = self.said.run(self.proxy, "outputs", code=0)
        self.assertIn("123456789012", outputs.out)
        self.said.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.snapshot(), before)

    def test_what_cannot_be_worked_out(self):
        """What goes wrong only with the real value stops that resource and says why."""
        self.said.edit("'other'}\"", "'other'}${tonumber(split(':', news.TopicArn)[5])}\"")
        self.said.run(self.proxy, "check", code=0)
        result = self.said.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("a number is needed", result.err + result.out)
        self.assertNotIn("choice", self.values())


if __name__ == "__main__":
    unittest.main()
