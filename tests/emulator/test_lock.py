"""Two runs at one state: the second says who holds it and changes nothing; one that is frozen, and whose lease was
taken meanwhile, neither changes nor records anything when it wakes up."""

import json
import os
import signal
import time
import unittest

from case import Case
from harness.proxy import Proxy

SPEC = """[project]
name = "lease"
region = "eu-west-1"
""" + "".join("[queue.q%d]\n" % n for n in range(6))


class Freezing(Proxy):
    """Stops effc (SIGSTOP) at its n-th mutating call, which is carried out and answered all the same."""

    def clear(self):
        super().clear()
        self.freeze_at, self.frozen = 0, None

    def _enter(self, call):
        entered = super()._enter(call)
        with self.lock:
            if self.freeze_at and call.mutates and self.mutations == self.freeze_at:
                self.frozen, self.freeze_at = self.pid, 0
                os.kill(self.frozen, signal.SIGSTOP)
        return entered


class Lock(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = Freezing(cls.emulator).__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)

    def frozen(self, workspace, at):
        self.proxy.freeze_at = at
        process = workspace.start(self.proxy, "apply", "--yes", "--parallel", "1", env={"USER": "ada"})
        self.addCleanup(lambda: process.poll() is None and process.kill())
        os.waitpid(process.pid, os.WUNTRACED)
        return process

    def status(self, workspace):
        return json.loads(workspace.run(self.proxy, "lock", "status", "--json", code=0).out)

    def test_a_second_apply_and_a_frozen_one(self):
        workspace = self.workspace()
        workspace.write(SPEC)
        self.assertEqual(self.status(workspace)["held"], False)
        first = self.frozen(workspace, 2)
        before = self.snapshot()
        second = workspace.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("is being changed by effc apply of ada on ", second.err)
        self.assertIn("(process %d), since " % first.pid, second.err)
        self.assertIn("effc lock break", second.err)
        self.assertEqual(self.snapshot(), before)
        status = self.status(workspace)
        self.assertEqual((status["held"], status["process"], status["user"]), (True, first.pid, "ada"))
        workspace.run(self.proxy, "lock", "break", code=1)
        self.assertTrue(self.status(workspace)["held"])
        broken = workspace.run(self.proxy, "lock", "break", "--yes", code=0)
        self.assertIn("The lease is free.", broken.out)
        self.assertFalse(self.status(workspace)["held"])

        # In virtual time, for what the first has sent is looked for a while.
        workspace.run(self.proxy, "apply", "--yes", code=0, program="effc-test",
                      env={"EFFC_TEST_NOW": str(int(time.time()))})
        done, calls = self.snapshot(), self.proxy.mutations
        self.assertGreater(self.status(workspace)["epoch"], status["epoch"])
        os.kill(first.pid, signal.SIGCONT)
        _, err = first.communicate(timeout=60)
        self.assertEqual(first.returncode, 1, err)
        self.assertIn("was taken from this run by effc apply", err)
        self.assertEqual(self.proxy.mutations, calls)
        self.assertEqual(self.snapshot(), done)
        self.assert_empty(workspace.plan(self.proxy, code=0))

    def test_nobody_holds_it(self):
        workspace = self.workspace()
        workspace.write(SPEC)
        self.assertIn("nobody holds", workspace.run(self.proxy, "lock", "break", code=0).out)
        workspace.run(self.proxy, "apply", "--yes", code=0)
        self.assertIn("nobody holds", workspace.run(self.proxy, "lock", "status", code=0).out)
        self.assertIn("'effc lock status' or 'effc lock break'", workspace.run(self.proxy, "lock", code=1).err)


if __name__ == "__main__":
    unittest.main()
