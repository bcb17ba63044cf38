"""T20: signals at random moments: it ends within five seconds, and the next run goes on, with no lock in its way.

SIGINT, SIGTERM and SIGHUP, also while a service does not answer; twice; SIGKILL later; and a reader that has gone.
"""

import random
import signal
import time
import unittest

from case import Case, at, seed
from harness.loss import Hang

# Five seconds are what requests in flight get; the rest is what a busy machine may take to be told.
ENDS_S, SLACK_S = 5, 5
START_S = 60


class Signals(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(seed())

    def begin(self):
        self.emulator.reset()
        self.proxy.clear()
        self.shop = self.workspace("shop")

    def reach(self, process, mutations):
        end = time.monotonic() + START_S
        while self.proxy.mutations < mutations and process.poll() is None and time.monotonic() < end:
            time.sleep(0.002)

    def ended(self, process, since, within_s):
        out, err = process.communicate(timeout=START_S)
        self.assertLess(time.monotonic() - since, within_s + SLACK_S, err)
        self.assertNotIn("AddressSanitizer", err)
        return out, err

    def goes_on(self):
        """Whatever was begun is ended by the next run, which nothing keeps out."""
        self.proxy.settle()
        for rule in self.proxy.rules:
            rule.release()
        self.proxy.rules = []
        then = max(time.time(), self.proxy.now_s) + 1
        self.shop.run(self.proxy, "apply", "--yes", code=0, **at(then))
        self.assert_golden("shop.json", self.snapshot())
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        self.assertEqual(self.proxy.refused, [])

    def signalled(self, number, hang):
        self.begin()
        if hang:
            self.proxy.rules = [Hang("CreateTable")]
        process = self.shop.start(self.proxy, "apply", "--yes")
        self.reach(process, self.random.randrange(2, 20))
        since = time.monotonic()
        process.send_signal(number)
        out, err = self.ended(process, since, ENDS_S)
        # On a quick machine it may have been done already.
        self.assertIn(process.returncode, (130, 0), out + err)
        for rule in self.proxy.rules:
            rule.release()
        self.goes_on()

    def test_each(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=number.name):
                self.signalled(number, False)

    def test_while_a_service_does_not_answer(self):
        self.signalled(self.random.choice((signal.SIGINT, signal.SIGTERM, signal.SIGHUP)), True)

    def test_second_one_ends_it_at_once(self):
        self.begin()
        hang = Hang("CreateTable")
        self.proxy.rules = [hang]
        process = self.shop.start(self.proxy, "apply", "--yes")
        self.reach(process, 6)
        end = time.monotonic() + START_S
        while not hang.held and time.monotonic() < end:
            time.sleep(0.002)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        since = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.ended(process, since, 0)
        self.assertEqual(process.returncode, 130)
        hang.release()
        self.goes_on()

    def test_killed_while_it_winds_down(self):
        self.begin()
        hang = Hang("CreateTable|CreateFunction")
        self.proxy.rules = [hang]
        process = self.shop.start(self.proxy, "apply", "--yes")
        self.reach(process, self.random.randrange(4, 12))
        process.send_signal(signal.SIGTERM)
        time.sleep(self.random.random())
        process.kill()
        self.ended(process, time.monotonic(), 0)
        hang.release()
        self.goes_on()

    def test_reader_that_has_gone(self):
        """Nobody reads what is told any more: as after `| head`, or with the terminal closed."""
        self.begin()
        process = self.shop.start(self.proxy, "apply", "--yes")
        self.reach(process, self.random.randrange(1, 12))
        process.stdout.close()
        process.stderr.close()
        process.wait(START_S)
        self.assertNotEqual(process.returncode, -signal.SIGPIPE)
        self.goes_on()


if __name__ == "__main__":
    unittest.main()
