"""Every resource type: the smallest resource that its facts allow checks clean, and each of its constraints, broken
alone, is told with the right code at the right place.

EFFC_BUILDDIR says where the program and its facts are.  EFFC_SEED draws other types and texts; ALL=1 takes all types,
with arguments only those named.
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

import facts
import toml
from cases import Maker
from values import Impossible

HEAD = ("[project]", 'name = "all"', 'region = "eu-west-1"', "")
DRAWN = 200
BLOCKS_A_SPEC = 1500
# What rules of services say besides: they have tests of their own, and know what no fact says.
RULES = re.compile("[EW]05")
# A driver says more exactly which names a type takes.
NAME_CODES = {"E0405", "E0407"}


def check(text, work):
    """The diagnostics of a spec."""
    path = os.path.join(work, "effortless.toml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    program = os.path.abspath(os.path.join(os.environ.get("EFFC_BUILDDIR", "."), "effc"))
    done = subprocess.run([program, "check", "--json", "-f", path], cwd=work, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False,
                          env={"PATH": os.environ.get("PATH", ""), "HOME": work})
    if done.returncode not in (0, 1):
        sys.exit("effc check: exit %d\n%s" % (done.returncode, done.stderr.decode()[-3000:]))
    return json.loads(done.stdout)["diagnostics"]


class Report:
    def __init__(self):
        self.wrong, self.checked, self.skipped = 0, 0, {}

    def skip(self, why, count=1):
        self.skipped[why] = self.skipped.get(why, 0) + count

    def fault(self, text, lines):
        self.wrong += 1
        if self.wrong <= 40:
            print("%s\n    %s" % (text, "\n    ".join(line[:400] for line in lines)))


class Spec:
    """Blocks of one file, and what is expected of each."""

    def __init__(self, report):
        self.report = report
        self.clear()

    def clear(self):
        self.writer, self.blocks = toml.Writer(HEAD), []

    def add(self, type_, properties, case):
        """The block's id."""
        start, name = len(self.writer.lines), "b%d" % len(self.blocks)
        places = self.writer.block(type_.name, name, properties)
        self.blocks.append((type_, case, start, len(self.writer.lines), places))
        return name

    def next(self):
        """Between cases: a full file is checked, and another one begun."""
        if len(self.blocks) >= BLOCKS_A_SPEC:
            self.run()

    def run(self):
        if not self.blocks:
            return
        with tempfile.TemporaryDirectory() as work:
            found = check(self.writer.text(), work)
        by_block = [[] for _ in self.blocks]
        owner = {}
        for i, (_, _, start, end, _) in enumerate(self.blocks):
            for line in range(start + 1, end + 1):
                owner[line] = i
        for d in found:
            if d.get("line", 0) not in owner:
                self.report.fault("outside of all blocks: %s" % d, [])
            else:
                by_block[owner[d["line"]]].append(d)
        for block, said in zip(self.blocks, by_block):
            self.judge(block, said)
        self.clear()

    def judge(self, block, said):
        type_, case, start, end, places = block
        self.report.checked += 1
        said = [(d["code"], d["line"], d["column"], d["message"]) for d in said
                if not RULES.match(d["code"]) and d["severity"] == "error" or (case and d["code"] == case.code)]
        want = expected(case, places) if case else None
        if case is None and not said:
            return
        if want and len({s[:3] for s in said}) == 1 and agrees(type_, case, want, said[0]):
            return
        if want and want[0][0] == "W" and want in [s[:3] for s in said] and {s[0] for s in said} == {want[0]}:
            return
        self.report.fault("%s %s: wanted %s, found %s" % (
            type_.name, case.what + " at " + ".".join(map(str, case.path)) if case else "as small as can be",
            want or "nothing", said or "nothing"), self.writer.lines[start:end])


def expected(case, places):
    line, key, value = places[case.path]
    return case.code, line, {"value": value, "expression": value + 3}.get(case.part, key)


def agrees(type_, case, want, said):
    if said[:3] == want:
        return True
    named = case.path[:1] == (type_.name_property,) and case.code in NAME_CODES
    return named and said[0] == "E0430" and said[1:3] == want[1:]


def checks_of(type_, seed, spec, report, today):
    rng = random.Random("%s %s" % (seed, type_.name))
    if "unsupported" in type_.facts and not type_.native:
        report.skip("types that are not managed")
        return
    if type_.facts.get("ends", "9999") <= today:
        report.skip("types of services that have ended")
        return
    maker = Maker(type_, rng)
    try:
        spec.add(type_, maker.smallest(), None)
    except Impossible as e:
        report.skip("types without a smallest resource: %s (%s)" % (e, type_.name))
        return
    for case in maker.all():
        spec.add(type_, case.properties, case)
        spec.next()
    for why, count in maker.skipped.items():
        report.skip("cases: " + why, count)


def finish(seed, spec, report, what):
    """Prints what was found, and ends the test."""
    spec.run()
    for why, count in sorted(report.skipped.items()):
        print("skipped %d %s" % (count, why))
    print("EFFC_SEED=%s: %d resources, %s, %d wrong" % (seed, report.checked, what, report.wrong))
    left_out = sum(n for why, n in report.skipped.items() if why.startswith("cases"))
    if left_out * 20 > report.checked:
        sys.exit("more than one case in twenty was left out")
    sys.exit(1 if report.wrong else 0)


def today():
    return subprocess.run(["date", "+%Y-%m-%d"], stdout=subprocess.PIPE, check=True).stdout.decode().strip()


def seed_of_run():
    return os.environ.get("EFFC_SEED", str(random.randrange(10 ** 6)))


def main():
    seed = seed_of_run()
    types = facts.all_types()
    names = sys.argv[1:] or sorted(types)
    if not sys.argv[1:] and os.environ.get("ALL") != "1":
        names = sorted(random.Random(seed).sample(names, DRAWN))
    report = Report()
    spec = Spec(report)
    day = today()
    for name in names:
        checks_of(types[name], seed, spec, report, day)
    finish(seed, spec, report, "%d types" % len(names))


if __name__ == "__main__":
    main()
