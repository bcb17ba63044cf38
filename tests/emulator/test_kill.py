"""SIGKILL at every mutating call, before and after the service acted, and in place of every write of the state.

The next run succeeds with no hand; the account equals that of an undisturbed run, the plan is empty, nothing was made
twice and nothing of others was touched.  A sample by a printed seed; EFFC_LONG=1 (make check-kill) takes every call
and every tenth write, EFFC_LONG=all every write, too.
"""

import json
import os
import random
import re
import signal
import time
import unittest

from case import Case, at, seed
from harness import foreign
from harness.hide import Hidden
from harness.made import Made
from harness.proxy import Kill as Point
from kill_table import REPLACEMENTS, Shop, Stack

# Two processes of this file may share the lives between them: EFFC_PART=0/2 and 1/2.
PART, PARTS = (int(n) for n in os.environ.get("EFFC_PART", "0/1").split("/"))
LONG = os.environ.get("EFFC_LONG")
APPLY = ("apply", "--yes", "--allow-data-loss", "all")
DESTROY = ("destroy", "--yes", "--allow-data-loss", "all")
NOW = time.time()


class Life:
    """One command on one stack: what was there before, what there is after it when nothing disturbs it."""

    def __init__(self, case, stack, args, change=False, hide_s=0, sample=2):
        self.case, self.stack, self.args, self.change, self.hide_s = case, stack, args, change, hide_s
        self.sample = sample
        self.name = "%s %s%s%s" % (stack.name, args[0], " change" if change else "", " late reads" if hide_s else "")

    def begin(self):
        """A workspace in front of the command that will be disturbed."""
        case = self.case
        case.emulator.reset()
        case.proxy.clear()
        foreign.make(case.emulator.url)
        shop = case.workspace("shop" if isinstance(self.stack, Shop) else None)
        self.stack.make(shop)
        if self.change or self.args == DESTROY:
            shop.run(case.proxy, *APPLY, code=0, **at(NOW))
        if self.change:
            self.stack.change(shop)
        case.proxy.mutations = 0
        case.proxy.hidden = Hidden(self.hide_s)
        case.proxy.rules = [Made()]
        return shop

    def undisturbed(self):
        """Runs it; the numbers of mutating calls and of writes of the state, and what came of it."""
        with self.begin() as shop:
            seen = shop.folder / "seen"
            run = at(NOW + 100)
            run["env"].update(EFFC_TEST_DISK="kill:%d" % (1 << 30), EFFC_TEST_SEEN=str(seen))
            shop.run(self.case.proxy, *self.args, code=0, **run)
            self.calls, self.writes = self.case.proxy.mutations, int(seen.read_text())
            self.wanted = self.case.text()
            self.check(shop)

    def points(self):
        """(call or None, write or None, after): some of them in short runs."""
        calls = [(n, None, after) for n in range(1, self.calls + 1) for after in (False, True)]
        writes = [(None, n, False) for n in range(1, self.writes + 1)]
        if not LONG:
            calls, writes = (self.case.random.sample(p, self.sample) for p in (calls, writes))
        elif LONG != "all":
            writes = writes[self.case.random.randrange(10)::10]
        return calls + writes

    def disturbed(self, call, write, after):
        """Killed once, then run again."""
        case = self.case
        with self.begin() as shop:
            run = at(NOW + 100)
            if call:
                case.proxy.kill = Point(call, after)
            else:
                run["env"]["EFFC_TEST_DISK"] = "kill:%d" % write
            result = shop.run(case.proxy, *self.args, **run)
            # Replies that come together are written together: there may be fewer writes than the first time.
            case.assertIn(result.code, (-signal.SIGKILL,) if call else (-signal.SIGKILL, 0), str(result))
            case.proxy.settle()
            case.proxy.kill = None
            then = max(case.proxy.now_s, NOW + 100) + 1
            again = shop.run(case.proxy, *self.args, **at(then))
            case.assertEqual(again.code, 0, "first: %s\nthen: %s" % (result, again))
            case.assertEqual(case.text(), self.wanted)
            self.check(shop)

    def check(self, shop):
        case = self.case
        made = case.proxy.rules[0]
        case.assertEqual(made.twice(), {})
        case.assertEqual(made.touched, [])
        case.assertEqual(case.proxy.refused, [])
        if self.args != DESTROY:
            case.proxy.hidden = Hidden(0)
            case.assert_empty(shop.plan(case.proxy, code=0))


class Kill(Case):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def text(self):
        """The account; new names end with digits of an instance, which differ from run to run.

        A schedule is enabled where an update does not say it, and the emulator then leaves that out.
        """
        text = json.dumps(self.snapshot(), indent=1, sort_keys=True)
        text = re.sub(r"(?<=[a-z])-[0-9a-f]{6}\b", "-<new>", text)
        return re.sub(r'\n *"State": "ENABLED",?', "", text)

    def go(self, life):
        with self.subTest(life=life.name):
            life.undisturbed()
        self.assertGreater(life.calls, 2)
        points = life.points()
        for call, write, after in points:
            with self.subTest(life=life.name, call=call, write=write, after=after):
                life.disturbed(call, write, after)
        print("covered: %s: %d of %d calls before and after, %d of %d writes of the state" % (
            life.name, len({p[0] for p in points if p[0]}), life.calls, sum(1 for p in points if p[1]), life.writes),
            flush=True)

    def test_shop(self):
        lives = [Life(self, Shop(), APPLY), Life(self, Shop(), APPLY, change=True), Life(self, Shop(), DESTROY),
                 # Creates stay invisible for eight seconds of the time that effc sees.
                 Life(self, Shop(), APPLY, hide_s=8)]
        for life in lives[PART::PARTS]:
            self.go(life)

    def test_change_of_what_it_is_found_by(self):
        """A route is found by its key where its id is not known; here the key is what was about to change."""
        life = Life(self, Shop(), APPLY, change=True)
        life.undisturbed()
        life.disturbed(1, None, False)

    def test_replacements(self):
        lives = [Life(self, Stack(name), APPLY, change=True, sample=1) for name in REPLACEMENTS]
        for life in lives[PART::PARTS]:
            self.go(life)

    def test_replacements_with_late_reads(self):
        lives = [Life(self, Stack(name), APPLY, change=True, hide_s=8, sample=1) for name in REPLACEMENTS]
        for life in (lives if LONG else self.random.sample(lives, 2))[PART::PARTS]:
            self.go(life)


SEED = seed()

if __name__ == "__main__":
    unittest.main()
