"""Two mistakes each of syntax, unknown key, type, reference and name limit, in two files: ten diagnostics."""

import json
import re
import unittest

from case import Case

ONE = """\
[project]
name = "shop"
region = "eu-west-1"

[queue.jobs]
visibilty_timeout = "30s"

[table.orders]
partition_key = "orderId:string"
ttl = 5

[function.work]
handler = "src/work.js#run"
memory = = 128
env = { QUEUE = "${jobz.url}" }

[AWS.SQS.Queue.long]
QueueName = "a-queue-name-that-is-much-longer-than-the-eighty-characters-which-the-service-allows-for"
"""

TWO = """\
[AWS.SNS.Topic.news]
DisplayNmae = "news"

[AWS.Logs.LogGroup.audit]
RetentionInDays = "a month"

[AWS.SSM.Parameter.where]
Type = "String"
Value = "${news.TopicArm}"

[schedule.nightly]
every = "rate(1 day)
handler = "src/work.js#run"

[AWS.IAM.Role.boss]
RoleName = "a-role-name-that-is-longer-than-the-sixty-four-characters-which-are-allowed"
AssumeRolePolicyDocument = { Version = "2012-10-17", Statement = [] }
"""

# path, line, column, and a word that the message must have
WANTED = [
    ("one.toml", 6, 1, "visibilty_timeout"),
    ("one.toml", 10, 7, "ttl"),
    ("one.toml", 14, 10, "="),
    ("one.toml", 15, 20, "jobz"),
    ("one.toml", 18, 13, "80"),
    ("two.toml", 2, 1, "DisplayNmae"),
    ("two.toml", 5, 19, "RetentionInDays"),
    ("two.toml", 9, 17, "TopicArm"),
    ("two.toml", 12, 9, "string"),
    ("two.toml", 16, 12, "64"),
]


class Mistakes(Case):
    def test_ten_at_once(self):
        project = self.workspace()
        project.write(ONE, "one.toml")
        project.write(TWO, "two.toml")
        project.write("exports.run = async () => {};\n", "src/work.js")
        for command in (("check",), ("plan",), ("apply", "--yes")):
            result = project.run(self.proxy, *command, "-f", "one.toml", "-f", "two.toml", code=1)
            found = re.findall(r"^(\w+\.toml):(\d+):(\d+): error\[E\d{4}\]: (.*)$", result.err, re.M)
            self.assertEqual([(p, int(l), int(c)) for p, l, c, _ in found], [w[:3] for w in WANTED], result.err)
            for (*_, text), (*_, word) in zip(found, WANTED):
                self.assertIn(word, text)
        self.assertEqual(self.proxy.log, [])

    def test_as_json(self):
        project = self.workspace()
        project.write(ONE, "one.toml")
        project.write(TWO, "two.toml")
        project.write("exports.run = async () => {};\n", "src/work.js")
        result = project.run(self.proxy, "check", "--json", "-f", "one.toml", "-f", "two.toml", code=1)
        found = json.loads(result.out)["diagnostics"]
        self.assertEqual([(d["path"], d["line"], d["column"]) for d in found], [w[:3] for w in WANTED])


if __name__ == "__main__":
    unittest.main()
