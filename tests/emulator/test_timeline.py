"""--timeline: what went on when, as a trace viewer reads it; also after a failure, a hang-up, and for hostile names."""

import json
import signal
import time
import unittest

from case import Case

SPEC = """
[project]
name = "when"
region = "eu-west-1"

[AWS.SQS.Queue.dead]
Tags = [{ Key = "a", Value = "kept \\u001b[31m to itself" }]

[AWS.SQS.Queue.first]
RedrivePolicy = { deadLetterTargetArn = "${dead.Arn}", maxReceiveCount = 3 }

[AWS.SSM.Parameter.where]
Type = "String"
Value = "${first.Arn}"
"""
PHASES = {"M", "X"}


class Timeline(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC)
        self.file = self.shop.spec / "when.json"

    def read(self):
        """The slices by the title of their track; each event is one that the format has."""
        text = self.file.read_text()
        self.assertNotIn("kept", text)
        events = json.loads(text)["traceEvents"]
        titles = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
        tracks = {title: [] for title in titles.values()}
        for event in events:
            self.assertIn(event["ph"], PHASES)
            self.assertIsInstance(event["tid"], int)
            if event["ph"] == "X":
                self.assertGreaterEqual(event["dur"], 0)
                self.assertGreaterEqual(event["ts"], 0)
                tracks[titles[event["tid"]]].append(event)
        return tracks

    def test_tracks_calls_and_the_longest_path(self):
        self.shop.run(self.proxy, "apply", "--yes", "--timeline", str(self.file), code=0)
        tracks = self.read()
        calls = [e["name"] for e in tracks["create first"] if e["cat"] == "call"]
        self.assertIn("sqs CreateQueue", calls)
        self.assertEqual([e["name"] for e in tracks["the longest path"]], ["dead", "first", "where"])
        whole = next(e for e in tracks["create first"] if e["cat"] == "make")
        self.assertEqual(whole["args"]["outcome"], "done")
        self.assertTrue(whole["args"]["critical"])
        for call in tracks["create first"]:
            self.assertLessEqual(call["ts"] + call["dur"], whole["ts"] + whole["dur"] + 2000)
        self.shop.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", "--timeline", str(self.file), code=0)
        self.assertIn("delete where", self.read())

    def test_after_a_failure(self):
        self.shop.edit('Type = "String"', 'Type = "String"\nAllowedPattern = "no"')
        self.shop.run(self.proxy, "apply", "--yes", "--timeline", str(self.file))
        outcomes = {e["args"]["outcome"] for es in self.read().values() for e in es if e["cat"] == "make"}
        self.assertIn("done", outcomes)

    def test_a_file_that_cannot_be_written(self):
        result = self.shop.run(self.proxy, "apply", "--yes", "--timeline", "nowhere/when.json", code=1)
        self.assertIn("the timeline was not written", result.err)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_a_hang_up_is_an_interrupt(self):
        process = self.shop.start(self.proxy, "apply", "--yes", "--timeline", str(self.file))
        deadline = time.monotonic() + 60
        while self.proxy.mutations < 1 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(signal.SIGHUP)
        out, err = process.communicate(timeout=60)
        # It may have ended by itself.
        self.assertIn(process.returncode, (0, 130), out + err)
        self.read()
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.shop.plan(self.proxy, code=0))


if __name__ == "__main__":
    unittest.main()
