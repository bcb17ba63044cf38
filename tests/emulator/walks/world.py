"""A random spec and its edits, and what must stand in the account once it is applied."""

import json
import re

from . import kinds

HEAD = {"project": {"name": "walk", "region": "eu-west-1"}}
MOST = 7
OWNER = re.compile(r"(?:walk-dev-|of-|/)([a-z]\d+)\b")
# Nothing but a replacement that was asked for makes one of these anew.
LASTING = {"queue", "topic", "table", "bucket", "parameter", "role", "log group", "api", "group"}


def owner(thing):
    """The id of the block that a thing is of, or "stage"; by what it carries, else by what it names."""
    if "who" in thing.tags:
        return thing.tags["who"]
    if "effortless:handler" in thing.tags:
        return thing.tags["effortless:handler"]
    texts = {"integration": "uri", "route": "route", "permission": "source"}
    text = thing.key[1] if thing.kind == "schedule" else str(thing.settings[texts[thing.kind]])
    found = OWNER.findall(text)
    return found[-1] if found else ""


class Live:
    """Ours of a ledger, by the block that it is of."""

    def __init__(self, things):
        self.of = {}
        for thing in things:
            self.of.setdefault((owner(thing), thing.kind), []).append(thing)

    def one(self, block, kind):
        found = self.of.get((block.id, kind), [])
        assert len(found) == 1, "%s of %s: %r" % (kind, block.id, found)
        return found[0]


class World:
    def __init__(self, chance):
        self.chance, self.count, self.blocks = chance, 0, []
        self.renewed = set()            # uids that may be made anew by the next apply
        self.kept = {}                  # (uid, kind) -> the emulator's object, as of the last whole apply
        self.retain_known = {}          # uid -> retain as of the last whole apply
        self.may_stay, self.must_stay = set(), set()    # ids of retained blocks that are gone

    # ---- edits ----

    def text(self, retain=True):
        spec = json.loads(json.dumps(HEAD))
        for block in self.blocks:
            kept, block.retain = block.retain, block.retain and retain
            block.write(spec)
            block.retain = kept
        return json.dumps(spec, indent=1)

    def found(self, kind, block, name):
        """Blocks that this one may name there."""
        wanted = getattr(kinds, kind)
        good = [b for b in self.blocks if type(b) is wanted and b is not block and not reaches(b, block)]
        fits = getattr(block, "fits", lambda *_: True)
        return [b for b in good if fits(name, b) and suits(block, name, b)]

    def point(self, block, name):
        kind = block.uses[name]
        optional = kind.endswith("?")
        if optional and self.chance.random() < 0.5:
            block.named.pop(name, None)
            return
        good = self.found(kind.rstrip("?"), block, name)
        if not good and not optional:
            good = [self.add(getattr(kinds, kind), fifo=False)]
        if good:
            block.named[name] = self.chance.choice(good)
        else:
            block.named.pop(name, None)

    def add(self, kind=None, **more):
        self.count += 1
        block = (kind or self.chance.choice(kinds.KINDS))(self.count, self.chance)
        for name, value in more.items():
            if hasattr(block, name):
                setattr(block, name, value)
        for name in block.uses:
            self.point(block, name)
        self.blocks.append(block)
        self.mend(block)
        return block

    def mend(self, block):
        """A function and a source have one mapping."""
        pairs = [(id(b.use("function")), id(b.use("source"))) for b in self.blocks if type(b) is kinds.Mapping]
        if type(block) is kinds.Mapping and len(set(pairs)) < len(pairs):
            self.remove(block)

    def remove(self, block):
        self.blocks.remove(block)
        if block.retain or self.retain_known.get(block.uid):
            sure = block.retain and self.retain_known.get(block.uid)
            (self.must_stay if sure else self.may_stay).update([block.id, *block.former])
        for user in [b for b in self.blocks if block in b.named.values()]:
            for name in [n for n, b in user.named.items() if b is block]:
                if not user.uses[name].endswith("?"):
                    if user in self.blocks:
                        self.remove(user)
                else:
                    del user.named[name]

    def edit(self):
        """One change; its name, for what is printed of a failed walk."""
        if len(self.blocks) < 3:
            return "add %s" % self.add().id
        block = self.chance.choice(self.blocks)
        does = self.chance.choice(["add", "remove", "draw", "draw", "turn", "rename", "retain", "guard", "point"])
        if does == "add" and len(self.blocks) < MOST:
            block = self.add()
        elif does == "remove":
            self.remove(block)
        elif does == "turn" and block.replaceable:
            block.turn += 1
            self.renew(block)
        elif does == "rename" and block.renamable:
            self.count += 1
            block.former.append(block.id)
            block.id = "%s%d" % (block.letter, self.count)
        elif does == "retain" and block.retainable:
            block.retain = not block.retain
        elif does == "guard" and block.retainable:
            block.guarded = not block.guarded
        elif does == "point" and block.uses:
            self.point(block, self.chance.choice(sorted(block.uses)))
            self.mend(block)
        else:
            block.draw(self.chance)
        return "%s %s" % (does, block.id)

    def renew(self, block):
        self.renewed.add(block.uid)
        for user in self.blocks:
            if block in user.named.values() and user.uid not in self.renewed:
                self.renew(user)

    # ---- what must stand ----

    def check_whole(self, things):
        """After an apply that ended well: exactly what the spec says.  Gives what was left alone for being retained."""
        live = Live(things)
        wanted = [(block.id, kind, settings) for block in self.blocks for kind, settings in block.things()]
        for kind, shared in kinds.SHARED.items():
            if any(isinstance(b, kind) for b in self.blocks):
                wanted += [("stage", name, settings) for name, settings in shared]
        count = {}
        for who, kind, settings in wanted:
            count[who, kind] = count.get((who, kind), 0) + 1
            self.check_settings(live, who, kind, settings)
        for place, found in live.of.items():
            if place[0] in self.must_stay | self.may_stay and place not in count:
                continue
            assert len(found) == count.get(place, 0), "%s %s: %d wanted, there are %r" % (
                *place, count.get(place, 0), found)
        for place, n in count.items():
            assert len(live.of.get(place, [])) == n, "%s %s: %d wanted, %r" % (*place, n, live.of.get(place))
        self.check_lasting(live)
        return [t for t in things if owner(t) in self.must_stay | self.may_stay]

    @staticmethod
    def check_settings(live, who, kind, settings):
        settings = {k: v(live) if callable(v) else v for k, v in settings.items()}
        found = live.of.get((who, kind), [])
        assert any(all(t.settings.get(k) == v for k, v in settings.items()) for t in found), \
            "%s %s: wanted %r, there are %r" % (who, kind, settings, found)

    def check_lasting(self, live):
        for block in self.blocks:
            for kind in LASTING:
                found = live.of.get((block.id, kind), [])
                if len(found) != 1:
                    continue
                before = self.kept.get((block.uid, kind))
                if before is not None and block.uid not in self.renewed:
                    assert before is found[0].body, "%s of %s is another one for no reason" % (kind, block.id)
                self.kept[block.uid, kind] = found[0].body
        self.renewed.clear()

    def settle(self):
        """What an apply that ended well has written down."""
        self.retain_known = {b.uid: b.retain for b in self.blocks}
        for block in self.blocks:
            if self.chance.random() < 0.5:
                block.former = []


def reaches(start, goal):
    return start is goal or any(reaches(b, goal) for b in start.named.values())


def suits(block, name, other):
    """Schedules and mappings take plain queues; a mapping's source has no handler of its own."""
    return not (isinstance(block, (kinds.Schedule, kinds.Mapping)) and isinstance(other, kinds.Queue) and other.fifo)
