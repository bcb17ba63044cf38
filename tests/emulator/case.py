"""What every scenario starts from: one emulator and one proxy a file, an empty account a test."""

import json
import os
import pathlib
import random
import unittest

from harness.account import snapshot
from harness.emulator import Emulator
from harness.program import SOURCE, Workspace
from harness.proxy import Proxy

GOLDEN = SOURCE / "tests" / "emulator" / "golden"


class Case(unittest.TestCase):
    maxDiff = None
    emulator_program = ("-m", "moto.server")

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator(cls.emulator_program).__enter__()
        cls.addClassCleanup(cls.emulator.__exit__)
        cls.proxy = Proxy(cls.emulator).__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)

    def setUp(self):
        self.emulator.reset()
        self.proxy.clear()

    def tearDown(self):
        broken, self.proxy.broken = self.proxy.broken, []
        self.assertEqual(broken, [], "the fault proxy failed")

    def workspace(self, example=None):
        workspace = Workspace(example)
        self.addCleanup(workspace.__exit__)
        return workspace

    def snapshot(self, *region):
        return snapshot(self.emulator.url, *region)

    def assert_golden(self, name, value):
        """Compares with golden/NAME; EFFC_ACCEPT=1 writes it (then read the diff)."""
        path = pathlib.Path(GOLDEN / name)
        text = json.dumps(value, indent=1, sort_keys=True) + "\n"
        if os.environ.get("EFFC_ACCEPT"):
            path.write_text(text)
        self.assertEqual(path.read_text(), text, "differs from %s; accept with EFFC_ACCEPT=1" % path.name)

    def assert_empty(self, plan):
        self.assertEqual([(a["address"], a["action"]) for a in plan["actions"]], [])


def at(now):
    """Virtual time for a run, so that the windows of consistency that it waits out take none."""
    return {"program": "effc-test", "env": {"EFFC_TEST_NOW": str(int(now))}}


def seed():
    """EFFC_SEED, printed, so that a failure can be repeated; else the same each time, and in a long run a new one.

    So a change is held to what the one before was held to, and long runs look elsewhere.
    """
    chosen = int(os.environ.get("EFFC_SEED") or (random.randrange(1 << 30) if os.environ.get("EFFC_LONG") else 1))
    print("EFFC_SEED=%d" % chosen)
    return chosen


def actions(plan):
    """address -> action of a plan's JSON."""
    return {a["address"]: a["action"] for a in plan["actions"]}
