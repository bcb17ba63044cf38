"""effc undo, and apply --on-failure: the way back is a plan like any other."""

import json
import shutil
import unittest

from case import Case, actions
from harness.account import client
from harness.rules import Rule

SPEC = """[project]
name = "shop"
region = "eu-west-1"

[AWS.SNS.Topic.alerts]

[AWS.SQS.Queue.jobs]
VisibilityTimeout = 40

[AWS.SQS.Queue.failed]

[output.jobs]
value = "${jobs.Arn}"
"""


class Refused(Rule):
    """A queue of this name is never made: what a mistake that only AWS notices looks like."""
    source = "AWS.md, errors"
    answers = {("sqs", "CreateQueue"): ["InvalidAttributeValue"]}

    def __init__(self, name):
        self.name = name

    def refuse(self, call, now_s):
        if call.operation == "CreateQueue" and call.body.get("QueueName") == self.name:
            return self.say(call, "InvalidAttributeValue", "no such value")
        return None


class Undo(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()
        self.work.write(SPEC)
        self.empty = self.snapshot()
        self.ok("apply", "--yes")
        self.made = self.snapshot()

    def ok(self, *words):
        return self.work.run(self.proxy, *words, code=0)

    def plan_is_empty(self):
        self.assert_empty(self.work.plan(self.proxy, code=0))

    def test_an_update_a_creation_and_a_deletion(self):
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50\nRedrivePolicy = "
                       '{ deadLetterTargetArn = "${failed.Arn}", maxReceiveCount = 3 }')
        self.work.edit("[AWS.SNS.Topic.alerts]", "[AWS.SNS.Topic.news]")
        self.ok("apply", "--yes")
        changed = self.snapshot()
        self.assertNotEqual(changed, self.made)
        result = self.work.run(self.proxy, "undo", code=1)
        self.assertIn("--yes", result.err)
        self.assertEqual(self.snapshot(), changed)
        result = self.ok("undo", "--yes")
        self.assertIn("Back to version", result.out)
        self.work.write(SPEC)
        self.plan_is_empty()
        self.assertEqual(strip(self.snapshot()), strip(self.made))
        # And the undo is undone.
        self.ok("undo", "--yes")
        self.assertEqual(strip(self.snapshot()), strip(changed))

    def test_the_first_apply(self):
        result = self.ok("undo", "--yes")
        self.assertIn("before the first apply", result.out)
        self.assertEqual(self.snapshot(), self.empty)

    def test_to_a_version(self):
        first = json.loads(self.ok("state", "history", "--json").out)[0]["version"]
        for seconds in (50, 60, 70):
            self.work.write(SPEC.replace("= 40", "= %d" % seconds))
            self.ok("apply", "--yes")
        self.ok("undo", first, "--yes")
        self.work.write(SPEC)
        self.plan_is_empty()
        self.work.run(self.proxy, "undo", "77777", "--yes", code=1)

    def test_a_rename(self):
        self.work.edit("[AWS.SQS.Queue.failed]", '[AWS.SQS.Queue.dead]\nrenamed_from = "failed"')
        self.ok("apply", "--yes")
        result = self.ok("undo", "--yes")
        self.assertNotIn("to delete", result.out)
        self.work.write(SPEC)
        self.plan_is_empty()
        self.assertEqual(self.snapshot(), self.made)

    def test_edits_of_the_state_are_rolled_back_instead(self):
        self.ok("state", "remove", "failed", "--yes")
        result = self.work.run(self.proxy, "undo", "--yes", code=1)
        self.assertIn("effc state rollback", result.err)

    def failing(self, on_failure, code=1):
        """An update that works, a creation that works, and one that AWS refuses after both."""
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50")
        self.work.edit("[AWS.SNS.Topic.alerts]", """[AWS.SNS.Topic.alerts]
[AWS.SNS.Topic.first]
depends_on = ["jobs"]
[AWS.SQS.Queue.second]
depends_on = ["first"]
[AWS.SQS.Queue.third]
depends_on = ["second"]
[AWS.SQS.Queue.fourth]
depends_on = ["second"]
""")
        self.proxy.rules = [Refused("shop-dev-second")]
        return self.work.run(self.proxy, "apply", "--yes", "--on-failure", on_failure, code=code)

    def test_rollback(self):
        result = self.failing("rollback")
        self.proxy.rules = []
        self.assertIn("Rolled back: all is as it was before this run.", result.out)
        self.assertEqual(strip(self.snapshot()), strip(self.made))
        self.work.write(SPEC)
        self.plan_is_empty()

    def chained(self, on_failure):
        """One that is refused at once, and a row of others that takes six times as long."""
        chain = "".join("[AWS.SQS.Queue.q%d]\ndepends_on = [%s]\n" % (i, '"q%d"' % (i - 1) if i else "")
                        for i in range(6))
        self.work.edit("[AWS.SNS.Topic.alerts]", "[AWS.SNS.Topic.alerts]\n[AWS.SQS.Queue.second]\n" + chain)
        self.proxy.rules = [Refused("shop-dev-second")]
        result = self.work.run(self.proxy, "apply", "--yes", "--on-failure", on_failure, "--json", code=1)
        self.proxy.rules = []
        return result, actions(self.work.plan(self.proxy))

    def test_continue(self):
        _, left = self.chained("continue")
        self.assertEqual(left, {"second": "create"})

    def test_stop(self):
        result, left = self.chained("stop")
        self.assertEqual(left.get("q5"), "create")
        self.assertIn("nothing more was started after a failure", result.out)
        self.assertNotIn("rollback", result.out)
        self.ok("apply", "--yes")
        self.plan_is_empty()


class Shop(Case):
    def test_code_and_guards(self):
        shop = self.workspace("shop")
        client(self.emulator.url, "ssm").put_parameter(Name="/shop/dev/database-url", Type="SecureString", Value="x")
        shop.run(self.proxy, "apply", "--yes", code=0)
        before = shop.plan(self.proxy, code=0)
        handler = shop.spec / "src" / "jobs.js"
        old = handler.read_text()
        handler.write_text(old + "\n// more\n")
        shop.run(self.proxy, "apply", "--yes", code=0)
        cache = shop.spec / ".effc" / "cache" / "code"
        self.assertGreaterEqual(len(list(cache.iterdir())), 2)
        shop.run(self.proxy, "undo", "--yes", code=0)
        handler.write_text(old)
        self.assert_empty(shop.plan(self.proxy, code=0))
        # Without the kept code the change stays, and that is said; a damaged copy is not sent.
        handler.write_text(old + "\n// more\n")
        shop.run(self.proxy, "apply", "--yes", code=0)
        for kept in cache.iterdir():
            kept.write_bytes(b"x" + kept.read_bytes()[1:])
        result = shop.run(self.proxy, "undo", "--yes", code=1)
        self.assertIn("was changed after it was written", result.out + result.err)
        shop.run(self.proxy, "apply", "--yes", code=0)
        handler.write_text(old + "\n// other\n")
        shop.run(self.proxy, "apply", "--yes", code=0)
        shutil.rmtree(cache)
        result = shop.run(self.proxy, "undo", "--yes", code=0)
        self.assertIn("left: dailyReport: its Code stays as it is", result.out)
        self.assertEqual(before["actions"], [])

    def test_data_is_guarded(self):
        shop = self.workspace("shop")
        client(self.emulator.url, "ssm").put_parameter(Name="/shop/dev/database-url", Type="SecureString", Value="x")
        empty = self.snapshot()
        shop.run(self.proxy, "apply", "--yes", code=0)
        result = shop.run(self.proxy, "undo", "--yes", code=4)
        self.assertIn("--allow-data-loss", result.err)
        shop.run(self.proxy, "undo", "--yes", "--allow-data-loss", "orders", code=0)
        self.assertEqual(self.snapshot(), empty)

    def test_a_rollback_leaves_data(self):
        work = self.workspace()
        work.write(SPEC)
        work.run(self.proxy, "apply", "--yes", code=0)
        work.write(SPEC.replace("[AWS.SNS.Topic.alerts]", """[AWS.SNS.Topic.alerts]
[table.orders]
partition_key = "id:string"
[AWS.SQS.Queue.second]
depends_on = ["orders"]
"""))
        self.proxy.rules = [Refused("shop-dev-second")]
        result = work.run(self.proxy, "apply", "--yes", "--on-failure", "rollback", code=1)
        self.assertIn("left: orders: it may hold data", result.out)
        self.assertIn("but for 1 that stays", result.out)
        self.proxy.rules = []
        self.assertEqual(actions(work.plan(self.proxy)), {"second": "create"})


def strip(account):
    """Without what is another for each thing that was made anew."""
    text = json.dumps(account, sort_keys=True)
    return json.loads(text)


if __name__ == "__main__":
    unittest.main()
