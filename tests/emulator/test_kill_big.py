"""kill -9 at a random moment of an apply of 300 resources: the next run needs nobody's hand, and a minute at most.

The moments are drawn from the whole length of an undisturbed apply (EFFC_SEED repeats them).  Time is virtual in the
short run: what a recovery would wait for counts as if it were waited for.  EFFC_LONG=1 kills ten times and
waits for real.
"""

import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import threading
import time
import unittest

from case import seed
from harness.program import SOURCE, Workspace
from harness.proxy import Proxy
from walks.inside import Inside
from walks.ledger import ledger

sys.path.insert(0, str(pathlib.Path(SOURCE) / "tests" / "bench"))
import service  # noqa: E402

LONG = bool(os.environ.get("EFFC_LONG"))
KILLS = 10 if LONG else 2
UNITS = 30
LIMIT_S = 60


class KillBig(unittest.TestCase):
    def setUp(self):
        self.emulator = Inside().__enter__()
        self.addCleanup(self.emulator.__exit__)
        self.proxy = Proxy(self.emulator).__enter__()
        self.proxy.server.handle_error = lambda *_: None
        self.addCleanup(self.proxy.__exit__)

    def fresh(self, units=UNITS):
        self.emulator.reset()
        self.proxy.clear()
        work = Workspace()
        self.addCleanup(work.__exit__)
        for name, text in service.files(units).items():
            work.write(text, name)
        return work

    def apply(self, work):
        """How long it takes: what passes, and what would pass while it waits."""
        now, start, more = time.time(), time.monotonic(), {}
        if not LONG:
            now = max(now, self.proxy.now_s) + 1
            more = {"program": "effc-test", "env": {"EFFC_TEST_NOW": str(int(now))}}
        result = work.run(self.proxy, "apply", "--yes", code=0, **more)
        virtual = 0 if LONG else max(self.proxy.now_s - now, 0)
        return time.monotonic() - start, virtual, result

    def killed(self, work, after_s):
        """True if it was killed, and did not end before."""
        process = work.start(self.proxy, "apply", "--yes")
        timer = threading.Timer(after_s, process.kill)
        timer.start()
        try:
            process.communicate(timeout=180)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        finally:
            timer.cancel()
        self.proxy.settle()
        return process.returncode == -signal.SIGKILL

    def standing(self):
        """What stands, each thing by all that it is but what is drawn anew for every stack."""
        out = []
        for thing in ledger(self.emulator).values():
            text = re.sub(r"[0-9a-f]{32}", "<instance>", "%s %s" % (thing.kind, thing.content()))
            out.append(re.sub(r"(execute-api:[^:]*:[^:]*:|integrations/)[a-z0-9]+", r"\1<id>", text))
        return sorted(out)

    def test_kills(self):
        chance = random.Random(SEED)
        # The emulator loads a service when it is first asked.
        self.apply(self.fresh(1))
        whole_s = self.apply(self.fresh())[0]
        wanted = self.standing()
        for number in range(KILLS):
            moment = chance.uniform(0.02, 0.98) * whole_s
            with self.subTest(kill=number, seed=SEED):
                work = self.fresh()
                died = self.killed(work, moment)
                while not died and moment > whole_s / 50:
                    moment, work = moment / 2, self.fresh()
                    died = self.killed(work, moment)
                sent = self.proxy.mutations
                real_s, virtual_s, result = self.apply(work)
                print("covered: killed after %.1f s of %.1f, %d changes sent; the next run took %.1f s and %d waiting"
                      % (moment, whole_s, sent, real_s, virtual_s))
                self.assertTrue(died)
                self.assertLess(real_s + virtual_s, LIMIT_S, result.err[-600:])
                self.assertEqual(self.standing(), wanted)
                plan = work.plan(self.proxy, code=0)
                self.assertEqual(plan["actions"], [])


SEED = seed()

if __name__ == "__main__":
    unittest.main()
