"""A person at a terminal: the question, the live tree, Ctrl-C."""

import re
import time
import unittest

from case import Case
from harness.terminal import Screen, Terminal

DELAY_S = 0.15
SPEC = """
[project]
name = "shop"
region = "eu-west-1"
"""
QUEUES = 16


class OnTerminal(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace()
        self.shop.write(SPEC + "".join("[queue.aQueueWithALongNameSoThatItsLineIsTooWide%02d]\n" % i
                                       for i in range(QUEUES)))
        forward = self.proxy._forward

        def slowly(call, raw):
            time.sleep(DELAY_S)
            return forward(call, raw)

        self.proxy._forward = slowly
        self.addCleanup(delattr, self.proxy, "_forward")

    def run_effc(self, *args, **more):
        return Terminal(self.shop, self.proxy, *args, **more)

    def test_apply_asks_shows_and_leaves_a_clean_screen(self):
        run = self.run_effc("apply", steps=[("to go on: ", "yes\n")])
        self.assertEqual(run.code, 0, run.text)
        self.assertNotIn("  .. ", run.text)
        self.assertEqual(len(re.findall(r"^ok +create ", run.text, re.M)), QUEUES, run.text)
        self.assertIn("\n%d done" % QUEUES, run.text)
        # While it ran: a dozen at most, the rest counted, and the count of what has ended goes up.
        live = [f for f in run.frames if "  .. create" in f]
        self.assertTrue(any("  .. and 4 more\n  0 of 16" in f for f in live), run.text)
        counts = [int(n) for f in live for n in re.findall(r"^  (\d+) of 16\b", f, re.M)]
        self.assertEqual(counts, sorted(counts))
        self.assertGreater(counts[-1], 0)
        # Nothing of the block is ever seen twice.
        for frame in live:
            self.assertEqual(len(re.findall(r"^  \d+ of 16\b", frame, re.M)), 1, frame)

    def test_no_is_no(self):
        run = self.run_effc("apply", steps=[("to go on: ", "y\n")])
        self.assertEqual(run.code, 1, run.text)
        self.assertIn("not confirmed; nothing was changed", run.text)
        self.assertEqual(self.proxy.mutations, 0)

    def test_interrupted(self):
        run = self.run_effc("apply", "--yes", "--parallel", "2", steps=[("ok ", "\x03")])
        self.assertEqual(run.code, 130, run.text)
        self.assertIn("interrupted: what is under way may end; once more", run.text.replace("\n", " "))
        self.assertNotIn("  .. ", run.text)
        self.assertNotIn("skipped", run.text)
        self.assertRegex(run.text, r"\d+ done, \d+ (left open|not started)")

    def test_interrupted_at_the_question(self):
        run = self.run_effc("apply", steps=[("to go on: ", "\x03")])
        self.assertEqual(run.code, 130, run.text)
        self.assertEqual(self.proxy.mutations, 0)

    def test_the_screen_wraps_as_terminals_do(self):
        screen = Screen(4)
        screen.feed(b"abcdef\r\n\x1b[?7lghijkl\x1b[?7h\r\n")
        self.assertEqual(str(screen), "abcd\nef\nghil")


if __name__ == "__main__":
    unittest.main()
