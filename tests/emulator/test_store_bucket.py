"""The state in a bucket: another machine goes on from it, whoever died is taken over, two at once do not meet, and
one that was frozen past its lease neither changes nor records anything when it wakes up."""

import json
import os
import random
import re
import signal
import threading
import time
import unittest

from case import Case, at, seed
from harness.account import client
from harness.made import Made
from harness.proxy import Kill, Proxy
from kill_table import REPLACEMENTS, Stack

BUCKET = "effc-state"
PLACE = "team/"
# Thirty seconds of a lease in one and a half, for all who take part.
FAST = {"program": "effc-test", "env": {"EFFC_TEST_SPEED": "20"}}
STEP = int(os.environ.get("EFFC_STEP", "19"))
LONG = os.environ.get("EFFC_LONG")
NOW = time.time()
PROJECT = "[project]\nstate = \"s3://effc-state/team\"\n"

SPEC = """[project]
name = "lease"
region = "eu-west-1"
state = "s3://effc-state/team"
""" + "".join("[queue.q%d]\n" % n for n in range(4))


class Freezing(Proxy):
    """Stops effc (SIGSTOP) at its n-th mutating call, which is carried out and answered all the same.

    Writes of objects go one by one: the emulator looks at a condition and writes then, in two steps.
    """

    writing = threading.Lock()

    def clear(self):
        super().clear()
        self.freeze_at = 0

    def _forward(self, call, raw):
        if call.service != "s3" or call.method == "GET":
            return super()._forward(call, raw)
        with self.writing:
            return super()._forward(call, raw)

    def _enter(self, call):
        entered = super()._enter(call)
        with self.lock:
            if self.freeze_at and is_of_stack(call) and self.freeze_at == stack_calls(self.log):
                self.freeze_at = 0
                os.kill(self.pid, signal.SIGSTOP)
        return entered


def is_of_stack(call):
    return call.mutates and BUCKET not in call.path and "state-key" not in str(call.body)


def stack_calls(log):
    return sum(1 for call in log if is_of_stack(call))


class Bucket(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = Freezing(cls.emulator).__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.s3 = client(self.emulator.url, "s3")
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def machine(self, example=None):
        """A folder of its own, with a home of its own."""
        workspace = self.workspace(example)
        if example:
            workspace.edit("[project]\n", PROJECT)
        else:
            workspace.write(SPEC)
        return workspace

    def objects(self):
        listed = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {o["Key"]: self.s3.get_object(Bucket=BUCKET, Key=o["Key"])["Body"].read().decode() for o in listed}

    def account(self):
        """What is there besides the state and its key."""
        found = self.snapshot()
        for part in list(found.values()):
            for key in [k for k in part if BUCKET in k or "state-key" in k]:
                del part[key]
        return found

    def test_another_machine(self):
        here, there = self.machine(), self.machine()
        self.assertIn("'effc bootstrap'", there_is_no_bucket(self, here))
        here.run(self.proxy, "apply", "--yes", code=0)
        self.assertFalse((here.spec / ".effc" / "state").exists())
        objects = self.objects()
        names = {name.replace(PLACE + "lease/dev/", "") for name in objects}
        self.assertEqual({n for n in names if not n.startswith("history/")}, {"state.json", "lease.json"})
        self.assertFalse(json.loads(objects[PLACE + "lease/dev/lease.json"])["held"])
        key = client(self.emulator.url, "ssm").get_parameter(Name="/effc/lease/dev/state-key", WithDecryption=True)
        self.assertEqual(key["Parameter"]["Type"], "SecureString")
        for text in objects.values():
            self.assertNotIn(key["Parameter"]["Value"], text)
        self.assert_empty(there.plan(self.proxy, code=0))
        # A plan is held to the key: a team has one.
        for machine in (here, there):
            machine.write(SPEC + "[queue.more]\n")
        here.run(self.proxy, "plan", "--out", str(there.spec / "more.plan"), code=0)
        there.run(self.proxy, "apply", "more.plan", code=0)
        here.write(SPEC)
        here.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assert_no_stack()

    def assert_no_stack(self):
        self.assertEqual(client(self.emulator.url, "sqs").list_queues().get("QueueUrls", []), [])

    def test_in_ci(self):
        there = self.machine()
        there.run(self.proxy, "apply", "--yes", code=0, env={"CI": "1", "EFF_LOCAL_STATE": None})

    def test_killed_and_gone_on_from_elsewhere(self):
        with self.machine("shop") as shop:
            shop.run(self.proxy, "apply", "--yes", code=0)
            wanted, total = self.account(), stack_calls(self.proxy.log)
        self.assertGreater(total, 20)
        mutations = self.proxy.mutations
        for n in range(2, mutations, STEP):
            for after in (False, True):
                with self.subTest(call=n, after=after):
                    self.emulator.reset()
                    self.proxy.clear()
                    self.s3.create_bucket(Bucket=BUCKET,
                                          CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
                    with self.machine("shop") as here, self.machine("shop") as there:
                        self.proxy.kill = Kill(n, after)
                        self.assertEqual(here.run(self.proxy, "apply", "--yes").code, -signal.SIGKILL)
                        self.proxy.settle()
                        self.proxy.kill = None
                        there.run(self.proxy, "apply", "--yes", code=0, program="effc-test",
                                  env={"EFFC_TEST_NOW": str(int(self.proxy.now_s) + 1)})
                        self.assertEqual(self.account(), wanted)
                        self.assert_empty(there.plan(self.proxy, code=0))
                        self.assertEqual(self.proxy.refused, [])

    def test_a_destroy_that_was_killed(self):
        destroy = ("destroy", "--yes", "--allow-data-loss", "all")
        with self.machine("shop") as shop:
            shop.run(self.proxy, "apply", "--yes", code=0)
            self.proxy.mutations = 0
            shop.run(self.proxy, *destroy, code=0)
            mutations, empty = self.proxy.mutations, self.account()
        for n in range(6, mutations, STEP):
            with self.subTest(call=n):
                with self.machine("shop") as here, self.machine("shop") as there:
                    here.run(self.proxy, "apply", "--yes", code=0)
                    self.proxy.mutations = 0
                    self.proxy.kill = Kill(n, n % 2)
                    self.assertEqual(here.run(self.proxy, *destroy).code, -signal.SIGKILL)
                    self.proxy.settle()
                    self.proxy.kill = None
                    there.run(self.proxy, *destroy, code=0, program="effc-test",
                              env={"EFFC_TEST_NOW": str(int(self.proxy.now_s) + 1)})
                    self.assertEqual(self.account(), empty)

    def replaced(self, kind, kill=None):
        """A stack of this kind is made, then replaced; killed there, it is gone on from elsewhere."""
        stack, apply = Stack(kind), ("apply", "--yes", "--allow-data-loss", "all")
        self.emulator.reset()
        self.proxy.clear()
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        with self.machine() as here, self.machine() as there:
            for machine in (here, there):
                stack.make(machine)
                machine.edit("[project]\n", PROJECT)
            here.run(self.proxy, *apply, code=0, **at(NOW))
            for machine in (here, there):
                stack.change(machine)
                machine.edit("[project]\n", PROJECT)
            self.proxy.mutations = 0
            self.proxy.rules = [Made()]
            self.proxy.kill = kill
            first = here.run(self.proxy, *apply, **at(NOW + 100))
            mutations = self.proxy.mutations
            self.assertEqual(first.code, -signal.SIGKILL if kill else 0, str(first))
            self.proxy.settle()
            self.proxy.kill = None
            if kill:
                there.run(self.proxy, *apply, code=0, **at(max(self.proxy.now_s, NOW + 100) + 1))
            self.assert_empty(there.plan(self.proxy, code=0))
            self.assertEqual(self.proxy.refused, [])
            self.assertEqual(self.proxy.rules[0].twice(), {})
            account = json.dumps(self.account(), indent=1, sort_keys=True)
        # New names end with digits of an instance.
        return mutations, re.sub(r"(?<=[a-z])-[0-9a-f]{6}\b", "-<new>", account)

    def test_replacements_that_were_killed(self):
        for kind in REPLACEMENTS:
            mutations, wanted = self.replaced(kind)
            points = [(n, after) for n in range(1, mutations + 1) for after in (False, True)]
            for n, after in points if LONG else self.random.sample(points, 1):
                with self.subTest(kind=kind, call=n, after=after):
                    self.assertEqual(self.replaced(kind, Kill(n, after))[1], wanted)

    def test_frozen_past_its_lease(self):
        here, there = self.machine(), self.machine()
        self.proxy.freeze_at = 2
        first = here.start(self.proxy, "apply", "--yes", "--parallel", "1", **FAST)
        self.addCleanup(lambda: first.poll() is None and first.kill())
        os.waitpid(first.pid, os.WUNTRACED)
        there.run(self.proxy, "apply", "--yes", code=0, **FAST)
        done, calls, objects = self.account(), stack_calls(self.proxy.log), self.objects()
        os.kill(first.pid, signal.SIGCONT)
        _, err = first.communicate(timeout=60)
        self.assertEqual(first.returncode, 1, err)
        self.assertIn("was taken from this run by effc apply", err)
        self.assertEqual(stack_calls(self.proxy.log), calls)
        self.assertEqual(self.account(), done)
        self.assertEqual(set(self.objects()), set(objects))
        self.assertTrue(self.objects() == objects, "an object changed")
        self.assert_empty(there.plan(self.proxy, code=0))

    def test_broken(self):
        here, there = self.machine(), self.machine()
        self.proxy.freeze_at = 2
        first = here.start(self.proxy, "apply", "--yes", "--parallel", "1")
        self.addCleanup(lambda: first.poll() is None and first.kill())
        os.waitpid(first.pid, os.WUNTRACED)
        status = json.loads(there.run(self.proxy, "lock", "status", "--json", code=0).out)
        self.assertEqual((status["held"], status["process"]), (True, first.pid))
        there.run(self.proxy, "lock", "break", "--yes", code=0)
        self.assertFalse(json.loads(there.run(self.proxy, "lock", "status", "--json", code=0).out)["held"])
        first.kill()
        first.communicate()
        there.run(self.proxy, "apply", "--yes", code=0, **FAST)
        self.assert_empty(there.plan(self.proxy, code=0))

    def test_damaged(self):
        here = self.machine()
        here.run(self.proxy, "apply", "--yes", code=0)
        here.write(SPEC + "[queue.more]\n")
        here.run(self.proxy, "apply", "--yes", code=0)
        key = PLACE + "lease/dev/state.json"
        whole = self.objects()[key]
        older = self.objects()[PLACE + "lease/dev/history/" + min(self.versions(here))[1] + ".json"]
        for bad in (whole[:-9], whole.replace("lease-dev-q1", "lease-dev-q7"), "", older):
            with self.subTest(bad=bad[:20], length=len(bad)):
                self.s3.put_object(Bucket=BUCKET, Key=key, Body=bad.encode())
                before = self.account()
                refused = here.run(self.proxy, "apply", "--yes", code=1)
                self.assertIn("effc state rollback", refused.err)
                self.assertEqual(self.account(), before)
                here.run(self.proxy, "state", "rollback", max(self.versions(here))[1], "--yes", code=0)
                self.assert_empty(here.plan(self.proxy, code=0))
        # What could not be read is kept beside.
        self.assertEqual(sum("/damaged/" in name for name in self.objects()), 3)

    def versions(self, workspace):
        names = [n.rpartition("/")[2][:-5] for n in self.objects() if "/history/" in n]
        return [(int(n.split("-")[0]), n) for n in names]

    def test_two_at_once(self):
        with self.machine() as alone:
            alone.run(self.proxy, "apply", "--yes", code=0)
            wanted = self.account()
        self.emulator.reset()
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        runs = [self.machine().start(self.proxy, "apply", "--yes", **FAST) for _ in range(2)]
        ends = [(run, *run.communicate(timeout=120)) for run in runs]
        codes = sorted(run.returncode for run, _, _ in ends)
        self.assertIn(codes, ([0, 0], [0, 1]), ends)
        for run, _, err in ends:
            if run.returncode:
                self.assertIn("is being changed by effc apply", err)
        self.assertEqual(self.account(), wanted)
        self.assert_empty(self.machine().plan(self.proxy, code=0))


def there_is_no_bucket(case, workspace):
    case.s3.delete_bucket(Bucket=BUCKET)
    err = workspace.run(case.proxy, "plan", code=1).err
    case.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return err


SEED = seed()

if __name__ == "__main__":
    unittest.main()
