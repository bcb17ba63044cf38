"""SIGKILL at every mutating call of apply and of destroy of examples/shop, before and after the service acted.

The next run succeeds with no hand, and the account equals that of an undisturbed run.  The same with creates
that stay invisible to reads for a while, in virtual time.
"""

import os
import signal
import time
import unittest

from case import Case, at
from harness.hide import Hidden
from harness.proxy import Kill as Point

# Two processes of this file may share the points between them: EFFC_PART=0/2 and 1/2.
PART, PARTS = (int(n) for n in os.environ.get("EFFC_PART", "0/1").split("/"))


class Kill(Case):
    def points(self, count):
        self.assertGreater(count, 20, "the undisturbed run made too few changes to be the shop's")
        return [(n, after) for n in range(1, count + 1) for after in (False, True)][PART::PARTS]

    def fresh(self):
        self.emulator.reset()
        self.proxy.clear()
        return self.workspace("shop")

    def killed(self, shop, n, after, *args, program="effc", env=None):
        """Runs until the kill at call n; fails if that call was never made."""
        self.proxy.mutations = 0
        self.proxy.kill = Point(n, after)
        result = shop.run(self.proxy, *args, program=program, env=env)
        self.assertTrue(self.proxy.kill.done, "call %d was not reached" % n)
        self.assertEqual(result.code, -signal.SIGKILL, str(result))
        self.proxy.settle()
        self.proxy.kill = None

    def test_apply(self):
        shop = self.fresh()
        shop.run(self.proxy, "apply", "--yes", code=0)
        total, wanted = self.proxy.mutations, self.snapshot()
        for n, after in self.points(total):
            with self.subTest(call=n, after=after):
                with self.fresh() as shop:
                    self.killed(shop, n, after, "apply", "--yes")
                    shop.run(self.proxy, "apply", "--yes", code=0, **at(time.time()))
                    self.assertEqual(self.snapshot(), wanted)
                    self.assert_empty(shop.plan(self.proxy, code=0))
                    self.assertEqual(self.proxy.refused, [])

    def test_destroy(self):
        destroy = ("destroy", "--yes", "--allow-data-loss", "all")
        empty = self.snapshot()
        shop = self.fresh()
        shop.run(self.proxy, "apply", "--yes", code=0)
        self.proxy.mutations = 0
        shop.run(self.proxy, *destroy, code=0)
        for n, after in self.points(self.proxy.mutations):
            with self.subTest(call=n, after=after):
                with self.fresh() as shop:
                    shop.run(self.proxy, "apply", "--yes", code=0)
                    self.killed(shop, n, after, *destroy)
                    shop.run(self.proxy, *destroy, code=0, **at(time.time()))
                    self.assertEqual(self.snapshot(), empty)

    def test_apply_with_late_reads(self):
        """Creates stay invisible for eight seconds of the time that effc sees."""
        def hide():
            self.proxy.hidden = Hidden(8)

        now = time.time()
        shop = self.fresh()
        hide()
        shop.run(self.proxy, "apply", "--yes", code=0, **at(now))
        total, wanted = self.proxy.mutations, self.snapshot()
        for n, after in self.points(total):
            with self.subTest(call=n, after=after):
                with self.fresh() as shop:
                    hide()
                    self.killed(shop, n, after, "apply", "--yes", **at(now))
                    then = max(self.proxy.now_s, now) + 1
                    shop.run(self.proxy, "apply", "--yes", code=0, **at(then))
                    self.assertEqual(self.snapshot(), wanted)
                    self.assertEqual(self.proxy.refused, [])


if __name__ == "__main__":
    unittest.main()
