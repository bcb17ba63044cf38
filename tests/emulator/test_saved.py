"""Saved plans: what was shown is what is carried out, or nothing is, and what moved is named."""

import unittest

from case import Case, actions
from harness.account import client
from harness.proxy import Kill

SPEC = """
[project]
name = "shop"
region = "eu-west-1"
include = ["more.toml"]

[variable.size]
type = "number"
default = 30

[variable.pass]
type = "string"
default = "hunter1"
sensitive = true

[existing.AWS.SQS.Queue.theirs]
QueueName = "their-queue"

[existing.AWS.SSM.Parameter.far]
Name = "/far/away"

[table.orders]
partition_key = "id:string"

[AWS.SQS.Queue.work]
VisibilityTimeout = "${var.size}"
MessageRetentionPeriod = "${theirs.VisibilityTimeout + 600}"

[function.job]
handler = "src/job.js#run"
env = { NOTE = "${file('note.txt')}", FAR = "${far.Value}" }
"""

MORE = """
[AWS.SNS.Topic.news]
DisplayName = "news"
"""


class Saved(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)
        self.shop.write(MORE, "more.toml")
        self.shop.write("exports.run = async () => 'done';\n", "src/job.js")
        self.shop.write("keep quiet", "note.txt")
        self.sqs, self.dynamodb = client(self.emulator.url, "sqs"), client(self.emulator.url, "dynamodb")
        self.ssm = client(self.emulator.url, "ssm")
        self.ssm.put_parameter(Name="/far/away", Value="hunter3", Type="String")
        self.url = self.sqs.create_queue(QueueName="their-queue",
                                         Attributes={"VisibilityTimeout": "77"})["QueueUrl"]

    def save(self, *args, code=0, name="a.plan"):
        return self.shop.run(self.proxy, "plan", "--out", name, *args, code=code)

    def apply(self, *args, code=0, name="a.plan"):
        return self.shop.run(self.proxy, "apply", name, *args, code=code)

    def stale(self, *says):
        """Refused with 5, everything that moved is named, nothing was sent that changes."""
        before, state = self.proxy.mutations, self.state()
        result = self.apply(code=5)
        for text in says:
            self.assertIn("moved: " + text, result.err)
        self.assertEqual(result.err.count("moved: "), len(says), result.err)
        self.assertIn("the saved plan 'a.plan' is stale", result.err)
        self.assertEqual(self.proxy.mutations, before)
        self.assertEqual(self.state(), state)

    def state(self):
        return self.shop.plan(self.proxy, "--refresh", "none")["digest"]

    def settle(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)

    def test_life(self):
        """Saved twice with the same bytes, shown without anything, applied as it is; destroyed the same way."""
        shown = self.save().out
        self.save(name="b.plan")
        first = (self.shop.spec / "a.plan").read_bytes()
        self.assertEqual(first, (self.shop.spec / "b.plan").read_bytes())
        self.assertEqual((self.shop.spec / "a.plan").stat().st_mode & 0o777, 0o600)
        for secret in (b"hunter1", b"hunter3", b"keep quiet", str(self.shop.folder).encode()):
            self.assertNotIn(secret, first)

        elsewhere = self.workspace()
        plan = str(self.shop.spec / "a.plan")
        self.assertEqual(elsewhere.run(self.proxy, "show", plan, code=0).out, shown)
        for options in (["--json"], ["--verbose"], ["--format", "markdown"]):
            self.assertEqual(elsewhere.run(self.proxy, "show", plan, *options, code=0).out,
                             self.shop.run(self.proxy, "plan", *options, code=0).out)

        result = self.apply()
        self.assertTrue(result.out.startswith(shown.split("new stage")[0].rsplit("  plan", 1)[0]), result.out)
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        self.stale("the stage has a state now, and was new then")

        self.save("--destroy", code=4)
        self.assertIn("blocked: table.orders", self.apply(code=4).out)
        self.save("--destroy", "--allow-data-loss", "orders")
        self.apply()
        self.assertEqual(self.dynamodb.list_tables()["TableNames"], [])
        self.assertEqual(len(self.sqs.list_queues()["QueueUrls"]), 1)

    def test_what_the_spec_says_moves(self):
        self.settle()
        self.shop.edit('"news"', '"news of today"', "more.toml")
        self.save()
        self.shop.edit("news of today", "news of tomorrow", "more.toml")
        self.stale("file 'more.toml' changed")
        self.shop.edit("news of tomorrow", "news of today", "more.toml")

        self.shop.write("be loud", "note.txt")
        self.stale("file 'note.txt' changed")
        self.shop.write("keep quiet", "note.txt")

        self.shop.write("exports.run = async () => 'more';\n", "src/job.js")
        self.stale("the code of 'job' changed")
        self.shop.write("exports.run = async () => 'done';\n", "src/job.js")

        with self.subTest("another include"):
            self.shop.edit('["more.toml"]', '["more.toml", "third.toml"]')
            self.shop.write("[AWS.SNS.Topic.third]\n", "third.toml")
            self.stale("file 'effortless.toml' changed", "file 'third.toml' is read now and was not then")
            self.shop.edit('["more.toml", "third.toml"]', '["more.toml"]')
        self.apply()
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_variables_are_given_again(self):
        self.settle()
        self.save("--var", "size=40", "--var", "pass=hunter2")
        self.assertNotIn(b"hunter2", (self.shop.spec / "a.plan").read_bytes())
        self.stale("variable 'size' was given then and is not now: give it again",
                   "variable 'pass' was given then and is not now: give it again")
        result = self.apply("--var", "size=41", "--var", "pass=hunter2", code=5)
        self.assertIn("moved: variable 'size' has another value", result.err)
        self.shop.run(self.proxy, "apply", "a.plan", "--var", "size=40", env={"EFF_VAR_pass": "hunter2"}, code=0)
        url = self.sqs.get_queue_url(QueueName="shop-dev-work")["QueueUrl"]
        self.assertEqual(self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
                         ["Attributes"]["VisibilityTimeout"], "40")

    def test_what_is_live_moves(self):
        self.settle()
        self.shop.edit('"news"', '"news of today"', "more.toml")
        self.save()
        work = self.sqs.get_queue_url(QueueName="shop-dev-work")["QueueUrl"]

        # What moves by itself is no reason to plan again.
        self.sqs.send_message(QueueUrl=work, MessageBody="one")
        self.sqs.set_queue_attributes(QueueUrl=work, Attributes={"DelaySeconds": "5"})
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"VisibilityTimeout": "78"})
        self.ssm.put_parameter(Name="/far/away", Value="hunter4", Type="String", Overwrite=True)
        self.stale("'work' changed live: DelaySeconds",
                   "existing 'theirs': its VisibilityTimeout was 77 and is 78",
                   "existing 'far': its Value is another")
        self.ssm.put_parameter(Name="/far/away", Value="hunter3", Type="String", Overwrite=True)
        self.sqs.set_queue_attributes(QueueUrl=work, Attributes={"DelaySeconds": "0"})
        self.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"VisibilityTimeout": "77"})

        self.dynamodb.delete_table(TableName="shop-dev-orders")
        self.stale("'orders' was found and is absent now")
        self.save()
        self.apply()
        self.assertEqual(self.dynamodb.list_tables()["TableNames"], ["shop-dev-orders"])
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_the_state_moves(self):
        self.settle()
        self.shop.edit('"news"', '"news of today"', "more.toml")
        self.save()
        self.save(name="b.plan")
        self.apply(name="b.plan")
        result = self.apply(code=5)
        self.assertRegex(result.err, r"moved: the state moved on: its serial was \d+ and is \d+\n")
        self.assertNotIn("live", result.err)     # told before anything is sent

    def test_an_unfinished_run(self):
        """What an earlier run left is planned, looked up by the apply, and finished."""
        self.proxy.kill = Kill(self.proxy.mutations + 3, True)
        self.shop.run(self.proxy, "apply", "--yes", code=-9)
        self.proxy.clear()
        self.assertNotEqual(actions(self.shop.plan(self.proxy)), {})
        self.save()
        self.apply()
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_a_failure_uses_it_up(self):
        """What is done is recorded, and the rest needs a plan of what is true then."""
        self.save()
        self.proxy.deny = "CreateTable"
        result = self.apply(code=1)
        self.assertIn("The saved plan is used up: plan again to go on from here.", result.out)
        self.proxy.deny = None
        self.stale("the stage has a state now, and was new then")
        self.save()
        self.apply()
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_files_that_are_none(self):
        self.settle()
        self.shop.edit('"news"', '"news of today"', "more.toml")
        self.save()
        whole = (self.shop.spec / "a.plan").read_text()
        for text, says in ((whole[:-9], "it is damaged"), (whole.replace("shop", "shap", 1), "it is damaged"),
                           ("", "it is no saved plan"), (SPEC, "it is no saved plan"),
                           (whole.replace("plan 1", "plan 9", 1), "it has format 9 of a newer effc")):
            self.shop.write(text, "b.plan")
            for command in ("show", "apply"):
                result = self.shop.run(self.proxy, command, "b.plan", code=1)
                self.assertIn("cannot use 'b.plan': " + says, result.err)
        self.shop.run(self.proxy, "show", "none.plan", code=1)

        # Of another machine, whose key differs.
        key = next((self.shop.folder / "home" / ".config" / "effc" / "keys").iterdir())
        key.write_text("0" * 64)
        self.stale("the key that hides secrets of this stage: it was")

    def test_options(self):
        self.assertIn("cannot", self.save("--refresh", "none", name="gone/a.plan", code=1).err)
        self.save("--refresh", "none")
        self.shop.run(self.proxy, "show", "a.plan", code=0)
        self.assertIn("planned with --refresh none", self.apply(code=1).err)
        self.save("--stage", "test")
        self.assertIn("is a plan of stage 'test', not of 'dev'", self.apply("--stage", "dev", code=1).err)
        self.assertIn("what is looked at", self.apply("--refresh", "changed", code=1).err)
        self.assertIn("what data may be lost", self.apply("--allow-data-loss", "all", code=1).err)
        self.assertEqual(self.proxy.mutations, 0)
        self.apply("--json")
        self.assertEqual(self.dynamodb.list_tables()["TableNames"], ["shop-test-orders"])


if __name__ == "__main__":
    unittest.main()
