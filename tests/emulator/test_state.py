"""effc state: looking, editing, going back, and a state that is damaged, older, another's, lost."""

import json
import shutil
import unittest

from case import Case, actions
from harness.account import client

SPEC = """[project]
name = "shop"
region = "eu-west-1"

[AWS.SNS.Topic.alerts]

[AWS.SQS.Queue.jobs]
VisibilityTimeout = 40

[AWS.IAM.Role.worker]
Description = "works on ${jobs.Arn}"
AssumeRolePolicyDocument.Version = "2012-10-17"
AssumeRolePolicyDocument.Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal.Service = "lambda.amazonaws.com" },
]
"""


class State(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()
        self.work.write(SPEC)
        self.empty = self.snapshot()
        self.run_ok("apply", "--yes")
        self.made = self.snapshot()
        self.folder = self.work.spec / ".effc" / "state"
        self.db = self.folder / "dev.db"

    def run_ok(self, *words):
        return self.work.run(self.proxy, *words, code=0)

    def json(self, *words):
        return json.loads(self.run_ok("state", *words, "--json").out)

    def plan_is_empty(self):
        self.assert_empty(self.work.plan(self.proxy, code=0))

    def test_list_and_show(self):
        listed = self.json("list")
        self.assertEqual([r["address"] for r in listed["resources"]], ["alerts", "jobs", "worker"])
        self.assertEqual({r["status"] for r in listed["resources"]}, {"created"})
        self.assertEqual([r["address"] for r in self.json("list", "j*", "w*")["resources"]], ["jobs", "worker"])
        self.assertIn("shop-dev-jobs", self.run_ok("state", "list", "jobs").out)
        shown = json.loads(self.run_ok("state", "show", "worker").out)
        self.assertEqual(shown["edges"], ["jobs"])
        self.assertEqual(shown["name"], "shop-dev-worker")
        result = self.work.run(self.proxy, "state", "show", "job", code=1)
        self.assertIn("did you mean 'jobs'?", result.err)
        for words in (["state"], ["state", "lst"], ["state", "show"], ["state", "move", "a"]):
            self.work.run(self.proxy, *words, code=1)

    def test_move_and_remove(self):
        self.work.edit("Queue.jobs", "Queue.tasks")
        self.work.edit("jobs.Arn", "tasks.Arn")
        self.run_ok("state", "move", "jobs", "tasks", "--yes")
        self.assertEqual(json.loads(self.run_ok("state", "show", "worker").out)["edges"], ["tasks"])
        self.assertNotIn("delete", actions(self.work.plan(self.proxy)).values())
        self.assertEqual(self.snapshot(), self.made)
        result = self.work.run(self.proxy, "state", "move", "tasks", "alerts", "--yes", code=1)
        self.assertIn("already", result.err)
        # Nothing is asked where nobody can answer.
        self.work.run(self.proxy, "state", "remove", "tasks", code=1)
        result = self.run_ok("state", "remove", "tasks", "--yes")
        self.assertIn("stays in AWS", result.out)
        self.assertEqual(self.snapshot(), self.made)
        self.assertEqual([r["address"] for r in self.json("list")["resources"]], ["alerts", "worker"])
        # What was forgotten by mistake is taken back as it is.
        self.run_ok("state", "adopt", "tasks", "shop-dev-jobs", "--yes")
        self.assertNotIn("create", actions(self.work.plan(self.proxy)).values())
        self.run_ok("apply", "--yes")
        self.plan_is_empty()
        self.assertEqual(self.work.run(self.proxy, "state", "verify").code, 0)

    def test_adopt_of_others_is_refused(self):
        sqs = client(self.emulator.url, "sqs")
        sqs.create_queue(QueueName="theirs", tags={"effortless:project": "blog", "effortless:stage": "dev",
                                                   "effortless:instance": "0" * 32})
        self.work.edit("[AWS.SQS.Queue.jobs]", "[AWS.SQS.Queue.more]\n\n[AWS.SQS.Queue.jobs]")
        result = self.work.run(self.proxy, "state", "adopt", "more", "theirs", "--yes", code=4)
        self.assertIn("project 'blog'", result.err)
        result = self.work.run(self.proxy, "state", "adopt", "more", "shop-dev-jobs", "--yes", code=1)
        self.assertIn("'jobs' of this stage already", result.err)
        self.work.run(self.proxy, "state", "adopt", "more", "nowhere", "--yes", code=1)
        self.work.run(self.proxy, "state", "adopt", "nobody", "theirs", "--yes", code=1)

    def test_history_and_rollback(self):
        first = self.json("history")
        self.assertEqual([v["added"] for v in first], [3])
        self.run_ok("apply", "--yes")
        self.assertEqual(len(self.json("history")), 1, "a run that changes nothing leaves no version")
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50")
        self.run_ok("apply", "--yes")
        second = self.json("history")
        self.assertEqual([v["changed"] for v in second], [1, 0])
        self.assertEqual(second[0]["command"], "apply")
        self.run_ok("state", "rollback", first[0]["version"], "--yes")
        third = self.json("history")
        self.assertGreater(third[0]["serial"], second[0]["serial"])
        self.assertEqual(third[0]["command"], "state")
        # AWS has 50, and the spec says so: nothing to do but to note it.
        self.run_ok("apply", "--yes")
        self.plan_is_empty()
        result = self.work.run(self.proxy, "state", "rollback", "99999", "--yes", code=1)
        self.assertIn("effc state history", result.err)

    def test_a_history_that_cannot_be_written_is_told(self):
        history = self.folder / "dev.history"
        shutil.rmtree(history)
        history.write_text("in the way")
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50")
        result = self.work.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("dev.history", result.err)
        history.unlink()
        self.run_ok("apply", "--yes")
        self.plan_is_empty()

    def test_a_state_from_before_the_history(self):
        shutil.rmtree(self.folder / "dev.history")
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50")
        self.run_ok("apply", "--yes")
        self.assertEqual([v["command"] for v in self.json("history")], ["apply", ""])
        self.run_ok("undo", "--yes")
        self.assertEqual(self.snapshot(), self.made)

    def test_export(self):
        text = self.run_ok("state", "export").out
        document = json.loads(text)
        self.assertEqual([r["address"] for r in document["rows"]], ["alerts", "jobs", "worker"])
        kept = self.run_ok("state", "export", self.json("history")[0]["version"]).out
        self.assertEqual(json.loads(kept)["rows"], document["rows"])

    def damage(self, how):
        data = self.db.read_bytes()
        if how == "empty":
            self.db.write_bytes(b"")
        elif how == "cut":
            self.db.write_bytes(data[:len(data) // 2])
        elif how == "flipped":
            at = data.index(b"shop-dev-jobs")
            self.db.write_bytes(data[:at] + b"X" + data[at + 1:])
        elif how == "lost":
            self.db.unlink()
        elif how == "older":
            shutil.copy(self.folder / "older", self.db)
        elif how == "another":
            other = self.workspace()
            other.write('[project]\nname = "blog"\nregion = "eu-west-1"\n[AWS.SNS.Topic.news]\n')
            other.run(self.proxy, "apply", "--yes", code=0)
            shutil.copy(other.spec / ".effc" / "state" / "dev.db", self.db)

    def test_damage_is_told_and_mended(self):
        shutil.copy(self.db, self.folder / "older")
        self.work.edit("VisibilityTimeout = 40", "VisibilityTimeout = 50")
        self.run_ok("apply", "--yes")
        for how in ("empty", "cut", "flipped", "lost", "older", "another"):
            with self.subTest(how):
                self.damage(how)
                made = self.snapshot()
                last = self.json("history")[0]["version"]
                for words in (["plan"], ["apply", "--yes"], ["destroy", "--yes", "--allow-data-loss", "all"],
                              ["state", "verify"], ["state", "remove", "jobs", "--yes"]):
                    result = self.work.run(self.proxy, *words, code=1)
                    self.assertIn("effc state rollback %s --stage dev" % last, result.err)
                    self.assertIn("Nothing was changed", result.err)
                self.assertEqual(self.snapshot(), made)
                self.run_ok("state", "rollback", last, "--yes")
                self.plan_is_empty()
                self.run_ok("state", "verify")
                self.assertEqual(self.snapshot(), made)

    def test_verify_tells_what_is_gone_and_what_is_anothers(self):
        self.run_ok("state", "verify")
        sqs, sns = client(self.emulator.url, "sqs"), client(self.emulator.url, "sns")
        url = sqs.get_queue_url(QueueName="shop-dev-jobs")["QueueUrl"]
        sqs.tag_queue(QueueUrl=url, Tags={"effortless:instance": "f" * 32})
        sns.delete_topic(TopicArn=sns.list_topics()["Topics"][0]["TopicArn"])
        result = self.work.run(self.proxy, "state", "verify", "--json", code=1)
        problems = "\n".join(json.loads(result.out)["problems"])
        self.assertIn("alerts is gone", problems)
        self.assertIn("jobs is not ours any more", problems)
        self.run_ok("state", "verify", "--refresh", "none")

    def test_rebuild(self):
        refused = self.work.run(self.proxy, "state", "rebuild", "--yes", code=1)
        self.assertIn("has a state that can be read", refused.err)
        shutil.rmtree(self.work.spec / ".effc")
        sqs = client(self.emulator.url, "sqs")
        sqs.create_queue(QueueName="stray", tags={"effortless:project": "shop", "effortless:stage": "dev",
                                                  "effortless:instance": "1" * 32, "effortless:handler": "gone"})
        result = self.work.run(self.proxy, "apply", "--yes", code=4)
        self.assertIn("effc state rebuild", result.out + result.err)
        result = self.run_ok("state", "rebuild", "--yes")
        self.assertIn("stray", result.out)
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="stray")["QueueUrl"])
        plan = actions(self.work.plan(self.proxy))
        self.assertLessEqual(set(plan.values()), {"metadata", "update"})
        self.run_ok("apply", "--yes")
        self.plan_is_empty()
        self.run_ok("destroy", "--yes", "--allow-data-loss", "all")
        self.assertEqual(self.snapshot(), self.empty)


class Shop(Case):
    def test_rebuild_of_a_shop(self):
        shop = self.workspace("shop")
        client(self.emulator.url, "ssm").put_parameter(Name="/shop/dev/database-url", Type="SecureString", Value="x")
        shop.run(self.proxy, "apply", "--yes", code=0)
        rows = json.loads(shop.run(self.proxy, "state", "list", "--json", code=0).out)["resources"]
        shutil.rmtree(shop.spec / ".effc")
        result = json.loads(shop.run(self.proxy, "state", "rebuild", "--yes", "--json", code=0).out)
        missing = {r["address"] for r in rows} - {r["address"] for r in json.loads(
            shop.run(self.proxy, "state", "list", "--json", code=0).out)["resources"]}
        # What says whose it is by a mark of the lost state alone is told, and nothing else is missing.
        self.assertEqual({m.get("address") for m in result["open"]}, missing, result)
        types = {r["type"] for r in rows if r["address"] in missing}
        self.assertLessEqual(types, {"AWS::Lambda::Permission", "AWS::ApiGatewayV2::Integration"}, missing)
        shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(shop.plan(self.proxy, code=0))


if __name__ == "__main__":
    unittest.main()
