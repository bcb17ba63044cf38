"""effc apply --resume: what an interrupted apply left, and nothing else, without asking twice."""

import signal
import time
import unittest

from case import Case, actions
from harness.proxy import Kill as Point

QUEUES = """
[project]
name = "again"
region = "eu-west-1"

[queue.first]

[AWS.SSM.Parameter.where]
Type = "String"
Value = "${first.arn}"

[AWS.SSM.Parameter.there]
Type = "String"
Value = "${where.Value} again"
"""
MORE = "\n[AWS.SSM.Parameter.more]\nType = \"String\"\nValue = \"x\"\n"


class Resume(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(QUEUES)

    def killed(self, call, *args, after=True):
        self.proxy.mutations = 0
        self.proxy.kill = Point(call, after)
        result = self.shop.run(self.proxy, *args)
        self.assertEqual(result.code, -signal.SIGKILL, str(result))
        self.proxy.settle()
        self.proxy.kill = None

    def resume(self, **more):
        # No --yes, and no terminal to ask on: what is asked fails.
        return self.shop.run(self.proxy, "apply", "--resume", program="effc-test",
                             env={"EFFC_TEST_NOW": str(int(time.time()))}, **more)

    def test_nothing_to_resume(self):
        self.assertIn("Nothing to resume", self.resume(code=0).out)
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.shop.write(QUEUES + MORE)
        before = self.snapshot()
        self.assertIn("Nothing to resume", self.resume(code=0).out)
        self.assertEqual(self.snapshot(), before)

    def test_a_killed_apply_is_ended_without_a_question(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        wanted = self.snapshot()
        for call in (1, 2, 3):
            for after in (False, True):
                with self.subTest(call=call, after=after):
                    self.emulator.reset()
                    self.shop = self.workspace()
                    self.shop.write(QUEUES)
                    self.killed(call, "apply", "--yes", after=after)
                    self.resume(code=0)
                    self.assertEqual(self.snapshot(), wanted)
                    self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_what_is_new_in_the_spec_is_left_alone(self):
        self.killed(2, "apply", "--yes")
        self.shop.write(QUEUES + MORE)
        text = self.resume(code=0).out
        self.assertNotIn("more", text)
        self.assertIn("only what an earlier apply left unfinished", text)
        self.assertEqual(actions(self.shop.plan(self.proxy, code=0)), {"more": "create"})

    def test_another_intent_is_asked_for(self):
        for change in ((" again", " else"), ("Type = \"String\"\nValue = \"${first", "Type = \"String\"\n"
                       "Description = \"d\"\nValue = \"${first")):
            with self.subTest(change=change):
                self.emulator.reset()
                self.shop = self.workspace()
                self.shop.write(QUEUES)
                self.killed(1, "apply", "--yes", after=False)
                self.shop.edit(*change)
                result = self.resume(code=1)
                self.assertIn("no terminal to ask on", result.err)
                self.shop.run(self.proxy, "apply", "--resume", "--yes", code=0)
                self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_a_destroy_is_not_ended_by_an_apply(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.killed(1, "destroy", "--yes", "--allow-data-loss", "all")
        self.assertIn("no terminal to ask on", self.resume(code=1).err)

    def test_removals_and_replacements(self):
        self.shop.write(QUEUES + MORE)
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.shop.write(QUEUES.replace("[queue.first]", "[queue.first]\nfifo = true"))
        self.killed(1, "apply", "--yes", "--allow-data-loss", "all", after=False)
        self.resume(code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_after_a_signal(self):
        process = self.shop.start(self.proxy, "apply", "--yes")
        deadline = time.monotonic() + 60
        while self.proxy.mutations < 1 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        # It may have ended by itself: then there is nothing to resume.
        self.assertIn(process.returncode, (0, 130), out + err)
        if process.returncode:
            self.assertIn("effc apply --resume", out)
        self.resume(code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_it_takes_no_other_choice(self):
        for other in (("--target", "first"), ("--replace", "first")):
            result = self.shop.run(self.proxy, "apply", "--resume", *other, code=1)
            self.assertIn("does not go with it", result.err)


if __name__ == "__main__":
    unittest.main()
