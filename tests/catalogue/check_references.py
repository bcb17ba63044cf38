"""Every reference that the facts allow, written as they have it, is no mistake; what is surely another thing is told.

EFFC_BUILDDIR says where the program and its facts are.  EFFC_SEED draws other properties; ALL=1 takes all.
"""
import os
import random

import check_types
import facts
from cases import Case, Maker
from toml import Expression
from values import Impossible

DRAWN = 300


def places(type_):
    """(path, references) of each property that takes some; every definition once."""
    seen = set()

    def shape(s, path):
        if s["type"] in ("list", "map"):
            yield from shape(s["of"], path + (0 if s["type"] == "list" else "k0",))
        elif s["type"] == "object" and s.get("ref", path) not in seen:
            seen.add(s.get("ref", path))
            for name, p in sorted(type_.writable(type_.fields(s), path).items()):
                yield from field(p, path + (name,))

    def field(p, path):
        if p.get("refers") and inner(p, path):
            yield inner(p, path), p["refers"]
        yield from shape(p, path)

    def inner(p, path):
        if p["type"] in ("list", "map"):
            return inner(p["of"], path + (0 if p["type"] == "list" else "k0",))
        return path if p["type"] == "string" else None
    for name, p in sorted(type_.writable(type_.facts["properties"], ()).items()):
        yield from field(p, (name,))


def is_sure(refers):
    """True where a queue's URL is surely no such thing."""
    if any(r.startswith("AWS::SQS::Queue.") for r in refers):
        return False
    if all(r.split(".")[-1] in ("Arn", "ARN") or r.endswith(("Arn", "ARN")) for r in refers):
        return True
    return len({r.split(".")[0] for r in refers}) == 1 and not refers[0].endswith("Name")


class Pairs:
    def __init__(self, seed, types):
        self.types, self.report = types, check_types.Report()
        self.spec = check_types.Spec(self.report)
        self.rng = random.Random(seed)
        self.day = check_types.today()

    def usable(self, name):
        type_ = self.types.get(name)
        return type_ and (type_.native or "unsupported" not in type_.facts) and \
            type_.facts.get("ends", "9999") > self.day

    def plant(self, type_, path, leaf):
        maker = Maker(type_, self.rng)
        return maker.plant(maker.top, type_.together(None), path, leaf)

    def right(self, type_, path, reference):
        name, _, attribute = reference.partition(".")
        if not self.usable(name):
            self.report.skip("references to types that are not managed")
            return
        other = self.types[name]
        field = other.facts["properties"].get(attribute.split(".")[0], {})
        if field.get("write_only"):
            self.report.skip("references to what is never read back")
            return
        try:
            target = self.spec.add(other, Maker(other, self.rng).smallest(), None)
            leaf = Expression("${%s.%s}" % (target, attribute))
            self.spec.add(type_, self.plant(type_, path, leaf), None)
        except Impossible as e:
            self.report.skip("cases: " + str(e).split(": ", maxsplit=1)[0])
        self.spec.next()

    def wrong(self, type_, path):
        queue = self.types["AWS::SQS::Queue"]
        try:
            target = self.spec.add(queue, {}, None)
            leaf = Expression("${%s.QueueUrl}" % target)
            case = Case("another thing", self.plant(type_, path, leaf), "E0426", path, "expression")
            self.spec.add(type_, case.properties, case)
        except Impossible as e:
            self.report.skip("cases: " + str(e).split(": ", maxsplit=1)[0])
        self.spec.next()


def main():
    seed = check_types.seed_of_run()
    types = facts.all_types()
    pairs = Pairs(seed, types)
    found = [(t, path, refers) for n, t in types.items() if pairs.usable(n) for path, refers in places(t)]
    if os.environ.get("ALL") != "1":
        found = random.Random(seed).sample(found, DRAWN)
    for type_, path, refers in found:
        for reference in refers:
            pairs.right(type_, path, reference)
        if is_sure(refers):
            pairs.wrong(type_, path)
    check_types.finish(seed, pairs.spec, pairs.report, "%d properties" % len(found))


if __name__ == "__main__":
    main()
