"""One walk: a folder with a spec, an account with things of others in it, steps, and what must hold after each."""

import json
import os
import random
import shutil
import signal
import sqlite3
import time

from harness.loss import Lost
from harness.program import Workspace
from harness.proxy import Kill, Proxy

from . import outside
from .ledger import ledger
from .world import World

OURS = "walk"
ENDS = {0, 1, 4, 130, -signal.SIGKILL}
CREATING = "creating"


class Breaking(Proxy):
    """The proxy, with an interrupt from the terminal at the n-th mutating call."""

    interrupt = None

    def __enter__(self):
        super().__enter__()
        # What was killed leaves its connections as they were.
        self.server.handle_error = lambda *_: None
        return self

    def clear(self):
        super().clear()
        self.interrupt = None

    def _forward(self, call, raw):
        if self.interrupt and call.mutates:
            self.interrupt -= 1
            if not self.interrupt:
                self.signal()
        return super()._forward(call, raw)

    def signal(self):
        try:
            os.kill(self.pid, signal.SIGINT)
        except ProcessLookupError:
            pass


class Walk:
    def __init__(self, emulator, seed):
        self.emulator, self.seed = emulator, seed
        self.chance = random.Random(seed)
        self.said, self.steps = [], 0
        emulator.reset()
        self.proxy = Breaking(emulator).__enter__()
        self.work = Workspace()
        self.work.write("export async function run(event) { return event; }\n", "src/a.js")
        self.now = time.time()
        self.parallel = self.chance.choice(["1", "32"])
        self.foreign = {}               # place -> content of what is not ours
        self.world = World(self.chance)
        self.squatters = []

    def end(self):
        self.work.__exit__()
        self.proxy.__exit__()

    def say(self, text):
        self.said.append(text)

    # ---- runs ----

    def effc(self, *args, work=None, proxy=None):
        """Time is virtual and goes on from run to run, so that what a recovery waits for takes none."""
        self.steps += 1
        proxy, work = proxy or self.proxy, work or self.work
        self.now = max(self.now, proxy.now_s) + 1
        env = {"EFFC_TEST_NOW": str(int(self.now)), "EFF_PARALLEL": self.parallel}
        result = work.run(proxy, *args, program="effc-test", env=env)
        if result.code == -signal.SIGKILL:
            proxy.settle()
        self.say("  effc %s: %d %s" % (" ".join(args), result.code, result.err.strip().replace("\n", "\n    ")[-900:]))
        assert result.code in ENDS, result
        assert "corrupt" not in result.err and "error[E" not in result.err, result
        return result

    def apply(self, *more):
        return self.effc("apply", "--yes", *more)

    ALLOW = ("--allow-data-loss", "all")

    def destroy(self, **more):
        return self.effc("destroy", "--yes", *self.ALLOW, **more)

    # ---- what must hold after every step ----

    def things(self):
        return ledger(self.emulator)

    def check(self):
        now = self.things()
        for place, content in self.foreign.items():
            assert place in now, "%s %s, which is not ours, is gone" % place
            assert now[place].content() == content, "%s %s, which is not ours, was changed: %s, was %s" % (
                *place, now[place].content(), content)
        ours = [t for place, t in now.items() if place not in self.foreign]
        rows = self.rows(self.work)
        self.check_known(ours, rows)
        self.check_single(ours)
        return ours

    @staticmethod
    def rows(work):
        """All rows of the state, older generations too."""
        path = work.spec / ".effc" / "state" / "dev.db"
        if not path.exists():
            return []
        with sqlite3.connect(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            texts = [text for text, in db.execute("SELECT encoded FROM rows")]
        rows = [json.loads(text) for text in texts]
        return rows + [older for row in rows for older in row.get("previous", [])]

    def check_known(self, ours, rows):
        instances = {row["instance"] for row in rows}
        named = json.dumps([[r.get("identifier"), r.get("attributes"), r["properties"]] for r in rows])
        begun = [r["type"] for r in rows if r["status"] in (CREATING, "replacing") or not r.get("identifier")]
        kept = self.world.must_stay | self.world.may_stay
        for thing in ours:
            if thing.tags.get("who") in kept:
                continue
            if thing.instance:
                known = thing.instance in instances
            else:
                last = thing.key[1] if isinstance(thing.key, tuple) else thing.key
                known = '"%s"' % last in named or "|%s" % last in named or \
                    any(t.rpartition("::")[2].lower() in thing.kind.replace("mapping", "eventsourcemapping")
                        for t in begun)
            assert known, "%r stands, and the state does not know it" % thing

    @staticmethod
    def check_single(ours):
        seen = {}
        for thing in ours:
            keys = [thing.instance]
            if thing.kind == "route":
                keys = [(thing.parent, thing.settings["route"])]
            elif thing.kind == "mapping":
                keys = [(thing.settings["function"], thing.settings["source"])]
            for key in keys:
                assert key is None or key not in seen, "two for one: %r and %r" % (seen[key], thing)
                seen[key] = thing

    # ---- steps ----

    def run(self):
        self.say("walk %d, %s at once" % (self.seed, self.parallel))
        for number in range(3):
            outside.foreign(self, number)
        before = dict(self.foreign)
        for _ in range(self.chance.randint(3, 6)):
            self.world.add()
        for _ in range(self.chance.randint(1, 4)):
            self.step()
        self.finish(before)

    def step(self):
        for _ in range(self.chance.choice([0, 1, 1, 2, 3])):
            self.say(self.world.edit())
        self.work.write(self.world.text(), "effortless.json")
        does = self.chance.choice([self.plainly, self.plainly, self.killed, self.killed, self.interrupted, self.lossy,
                                   self.throttled, self.failing, self.destroyed, self.changed, self.changed,
                                   self.squatted, self.together, self.elsewhere])
        self.say("%s:" % does.__name__)
        does()
        self.proxy.clear()
        self.check()

    def some(self, *more):
        """An apply or, now and then, a destroy."""
        if self.chance.random() < 0.15:
            return self.destroyed()
        return self.apply(*(more or self.ALLOW))

    def all_anew(self):
        self.world.renewed |= {b.uid for b in self.world.blocks}

    def plainly(self):
        before = {p: t.content() for p, t in self.things().items()}
        allow = self.ALLOW if self.chance.random() < 0.7 else ()
        result = self.apply(*allow)
        if result.code == 0:
            self.whole()
        else:
            assert result.code == 4 and not (allow and not self.squatters), result
            assert before == {p: t.content() for p, t in self.things().items()}, "refused, and yet changed"

    def whole(self):
        ours = self.check()
        for thing in self.world.check_whole(ours):
            self.foreign[thing.place] = thing.content()
        missing = [i for i in self.world.must_stay if not any(t.tags.get("who") == i for t in ours)]
        self.world.settle()
        self.world.must_stay -= set(missing)

    def killed(self):
        self.proxy.kill = Kill(1 + int(self.chance.expovariate(0.1)), self.chance.random() < 0.5)
        self.some()

    def interrupted(self):
        self.proxy.interrupt = 1 + int(self.chance.expovariate(0.1))
        self.some()

    def lossy(self):
        self.proxy.rules = [Lost(self.seed, one_in=self.chance.randint(1, 4))]
        self.some()

    def throttled(self):
        self.proxy.throttle_every = self.chance.randint(3, 7)
        self.some()

    def failing(self):
        self.proxy.deny = self.chance.choice([
            "CreateQueue|SetQueueAttributes", "CreateFunction|UpdateFunctionConfiguration", "PutRolePolicy", "Delete.*",
            "CreateTable|UpdateTable", "CreateRoute|CreateIntegration", "Tag.*", "CreateSchedule", "CreateRole"])
        self.some()

    def destroyed(self):
        """What is retained is forgotten by the state then: it would have to be imported to be wanted again."""
        self.all_anew()
        result = self.destroy()
        for block in list(self.world.blocks):
            if block in self.world.blocks and (block.retain or self.world.retain_known.get(block.uid)):
                self.world.remove(block)
        self.work.write(self.world.text(), "effortless.json")
        return result

    def changed(self):
        for _ in range(self.chance.randint(1, 3)):
            ours = [t for p, t in self.things().items() if p not in self.foreign]
            if ours:
                self.say("  " + outside.change(self, self.chance.choice(ours)))
        if self.chance.random() < 0.5:
            self.some()

    def squatted(self):
        outside.squat(self)
        self.some()

    def together(self):
        """Two runs at once: one goes on, the other is told who holds the state, or comes after it."""
        self.now = max(self.now, self.proxy.now_s) + 1
        env = {"EFFC_TEST_NOW": str(int(self.now)), "EFF_PARALLEL": self.parallel}
        both = [self.work.start(self.proxy, "apply", "--yes", *self.ALLOW, program="effc-test", env=env)
                for _ in range(2)]
        for process in both:
            out, err = process.communicate(timeout=180)
            self.say("  one of two: %d %s" % (process.returncode, err.strip()[-400:]))
            assert process.returncode in ENDS and "Sanitizer" not in err and "runtime error" not in err, out + err

    def elsewhere(self):
        """Another folder: a copy of ours with its state, as it is now; or with none, which is another stack."""
        copy = Workspace()
        shutil.copytree(self.work.spec, copy.spec, dirs_exist_ok=True)
        knows = self.chance.random() < 0.5
        before = {p: t.content() for p, t in self.things().items()}
        if not knows:
            shutil.rmtree(copy.spec / ".effc", ignore_errors=True)
            # What it retained would stay for ever: nobody's stack has it then.
            copy.write(self.world.text(retain=False), "effortless.json")
            self.effc("apply", "--yes", *self.ALLOW, work=copy)
            now = self.things()
            for place, content in before.items():
                assert place in now and now[place].content() == content, "the other stack changed %s %s" % place
            result = self.effc("destroy", "--yes", *self.ALLOW, work=copy)
            assert result.code == 0, result
            assert before == {p: t.content() for p, t in self.things().items()}, "the other stack left something"
        else:
            self.all_anew()
            assert self.destroy(work=copy).code in (0, 1)
        copy.__exit__()

    # ---- the end ----

    def finish(self, before):
        self.say("the end:")
        for squatter in self.squatters:
            outside.remove(self, squatter)
        self.squatters = []
        self.work.write(self.world.text(), "effortless.json")
        result = self.apply(*self.ALLOW)
        assert result.code == 0, result
        self.whole()
        actions = json.loads(self.effc("plan", "--json").out)["actions"]
        assert not actions, "the plan is not empty: %s" % json.dumps(actions)[:3000]
        kept = {p for p in self.foreign if p not in before}
        assert self.destroy().code == 0
        left = {p: t.content() for p, t in self.things().items()
                if p not in kept and not self.stays(t)}
        assert left == before, "not as it was: %r" % (set(left.items()) ^ set(before.items()))

    def stays(self, thing):
        return any(b.retain and b.id == thing.tags.get("who") for b in self.world.blocks)
