"""AWS shows late what it did, or does it late: nothing fails, nothing is made twice, nothing is believed gone.

T3 and T5: effects that land after a lost reply; roles that cannot be used yet; reads that lag, lists more than gets,
and that go back and forth.  All in virtual time.
"""

import random
import time
import unittest

from case import Case, at, seed
from harness.late import Late
from harness.made import Made
from harness.propagation import Propagation
from harness.proxy import Kill as Point
from harness.visibility import Eventually
from kill_table import CREATE_FIRST, DELETE_FIRST, HEAD, CODE, PARENT, UNIQUE

APPLY = ("apply", "--yes", "--allow-data-loss", "all")
DESTROY = ("destroy", "--yes", "--allow-data-loss", "all")
# What the type with the shortest window of consistency bears.
WINDOW_S = 10
NOW = time.time()


class Consistency(Case):
    def setUp(self):
        super().setUp()
        self.seed = seed()
        self.random = random.Random(self.seed)
        self.shop = self.workspace("shop")
        self.made = Made()

    def run_effc(self, *args, code=0, after_s=1):
        return self.shop.run(self.proxy, *args, code=code, **at(max(NOW, self.proxy.now_s) + after_s))

    def assert_once(self):
        self.proxy.land(self.proxy.now_s + 3600)
        self.assertEqual(self.made.twice(), {})
        self.assertEqual(self.proxy.refused, [])

    def assert_settled(self):
        """Also while reads still lag, a second apply believes nothing gone and changes nothing."""
        mutations = self.proxy.mutations
        self.run_effc(*APPLY)
        self.assertEqual(self.proxy.mutations, mutations, [str(c) for c in self.proxy.log if c.mutates][-5:])

    def test_late_effects(self):
        for part in range(3):
            with self.subTest(part=part):
                self.emulator.reset()
                self.proxy.clear()
                self.shop, self.made = self.workspace("shop"), Made()
                late = Late(self.seed + part, 2, self.random.randrange(1, WINDOW_S - 1))
                self.proxy.rules = [self.made, late]
                self.run_effc(*APPLY)
                self.assertGreater(len(late.late), 5)
                self.assert_once()
                self.assert_golden("shop.json", self.snapshot())
                self.proxy.rules = [self.made]
                self.assert_settled()

    def test_late_effects_of_a_killed_run(self):
        """The run ends with kill -9, and its last requests reach the service after the next run looked."""
        for _ in range(4):
            call = self.random.randrange(2, 36)
            with self.subTest(call=call):
                self.emulator.reset()
                self.proxy.clear()
                self.shop, self.made = self.workspace("shop"), Made()
                self.proxy.rules = [self.made, Late(self.seed, 1, self.random.randrange(2, WINDOW_S - 1))]
                self.proxy.rules[1].chooser.picks = lambda made: self.proxy.mutations >= call - 3
                self.proxy.kill = Point(call, False)
                self.run_effc(*APPLY, code=-9)
                self.proxy.settle()
                self.proxy.kill, self.proxy.rules[1].chooser.most = None, 0
                self.run_effc(*APPLY)
                self.assert_once()
                self.assert_golden("shop.json", self.snapshot())
                self.assert_settled()

    def test_late_deletions(self):
        empty = self.snapshot()
        self.run_effc(*APPLY)
        late = Late(self.seed, 2, self.random.randrange(1, WINDOW_S - 1))
        self.proxy.rules = [late]
        self.run_effc(*DESTROY)
        self.assertGreater(len(late.late), 5)
        self.proxy.land(self.proxy.now_s + 3600)
        self.assertEqual(self.snapshot(), empty)

    def test_fresh_roles(self):
        roles = Propagation(self.seed, 5, 60)
        self.proxy.rules = [self.made, roles]
        self.run_effc(*APPLY)
        self.assertGreater(len(roles.refused), 5)
        self.assert_golden("shop.json", self.snapshot())
        self.assert_once()
        self.assert_settled()

    def test_reads_that_lag(self):
        lag = Eventually(self.seed, 3, 6, 2)
        self.proxy.rules = [self.made]
        self.proxy.hidden = lag
        self.run_effc(*APPLY)
        self.assertGreater(lag.hid, 10)
        self.assert_once()
        self.assert_settled()
        self.proxy.hidden = Eventually(0, 0, 0, 0)
        self.assert_golden("shop.json", self.snapshot())

    def test_reads_that_lag_behind_replacements(self):
        for name, text in (("create", CREATE_FIRST), ("delete", DELETE_FIRST), ("parent", PARENT), ("unique", UNIQUE)):
            with self.subTest(stack=name):
                self.emulator.reset()
                self.proxy.clear()
                self.shop, self.made = self.workspace(), Made()
                self.proxy.rules = [self.made, Propagation(self.seed, 5, 20)]
                self.proxy.hidden = Eventually(self.seed, 3, 6, 2)
                self.shop.write(CODE % 1, "src/worker.js")
                for version in ("v1", "v2"):
                    self.shop.write(HEAD + text.replace("@v", version))
                    self.made.count.clear()
                    self.run_effc(*APPLY)
                    self.assert_once()
                    self.assert_settled()
                self.run_effc(*DESTROY)
                self.assertEqual(self.snapshot(), {})


if __name__ == "__main__":
    unittest.main()
