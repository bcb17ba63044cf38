#!/usr/bin/env python3
"""Golden plans: a stack that exists, what happened since, a spec; the plan in every format.

A case is a text file of tests/golden/plans/; plan_case.c says what its sections are. The outputs
stand in it behind them, each under its format; of the page, the text that a reader sees. Every case
is also planned again in another locale and another time zone, and with the tables of its spec in
another order: but for line numbers the bytes must be the same.

    plans.py [--accept] [CASE ...]

--accept writes what was printed into the cases; then read the diff.  EFFC_BUILDDIR says where
plan_case is, EFFC_SEED repeats a shuffle.
"""
import difflib
import html.parser
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "tests/golden/plan_case"
FORMATS = ("text", "markdown", "json", "html")
LIMIT_S = 60
RUNS = 10  # of the case that has everything
SECRETS = ("hunter", "AKIAABCD", "ghp_abcd", "MIIEow")  # of the cases that have some
OTHER_WORLD = {"LC_ALL": "tr_TR.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Pacific/Chatham", "COLUMNS": "40"}


class Visible(html.parser.HTMLParser):
    """The text of a page, a line a block; and what would be sent for, of which there is nothing."""
    HIDDEN = {"script", "style", "svg", "title"}
    INLINE = {"a", "b", "button", "code", "del", "em", "i", "ins", "kbd", "mark", "small", "span", "strong", "td", "th"}

    def __init__(self):
        super().__init__()
        self.hidden = 0
        self.lines = [""]

    def handle_starttag(self, tag, attributes):
        self.hidden += tag in self.HIDDEN
        for name, value in attributes:
            if name in ("src", "srcset", "action", "data") or name == "href" and not value.startswith("#"):
                self.lines.append("%s=%s" % (name, value))
        if tag not in self.INLINE:
            self.lines.append("")

    def handle_endtag(self, tag):
        self.hidden -= tag in self.HIDDEN
        self.lines[-1] += "" if tag in self.INLINE else "\n"

    def handle_data(self, data):
        if not self.hidden:
            self.lines[-1] += " " + " ".join(data.split())

    @classmethod
    def of(cls, page):
        seen = cls()
        seen.feed(page)
        lines = (" ".join(line.split()) for line in "\n".join(seen.lines).split("\n"))
        return "".join(line + "\n" for line in lines if line)


def run(path, environment=None):
    done = subprocess.run([PROGRAM, path], env={**os.environ, **(environment or {})}, capture_output=True,
                          timeout=LIMIT_S)
    # A new member of the JSON changes the case that has it, and not all of them.
    out = re.sub(r'^\{"format_version":"[0-9.]+"', '{"format_version":"..."', done.stdout.decode("utf-8", "replace"),
                 flags=re.M)
    for secret in SECRETS:
        if secret in out:
            return 1, "", "a rendering has the secret %s...\n" % secret
    out, mark, page = out.partition("== html\n")
    out += mark + (Visible.of(page) if mark else "")
    return done.returncode, out, done.stderr.decode("utf-8", "replace")


def inputs_of(text):
    """The case without its outputs."""
    found = re.search(r"^== (?:%s)$" % "|".join(FORMATS), text, re.M)
    return text[:found.start()] if found else text


def shuffled(case, chance):
    """The spec's tables in another order; the first one, whatever stands before a header, stays."""
    head, mark, spec = case.partition("== spec\n")
    tables = re.split(r"(?m)^(?=\[)", spec)
    rest = [table if table.endswith("\n\n") else table.rstrip("\n") + "\n\n" for table in tables[1:]]
    chance.shuffle(rest)
    return head + mark + tables[0] + "".join(rest)


def without_lines(text):
    """Columns are as wide as their texts, and a line number is part of one."""
    return re.sub(r" +", " ", re.sub(r"(effortless\.toml):\d+(:\d+)?", r"\1", text))


def difference(title, want, have):
    return "".join(difflib.unified_diff(want.splitlines(True), have.splitlines(True), "expected", title))


def check_same(path, case, printed, chance):
    """What another world or another order changes."""
    report = ""
    for _ in range(RUNS if path.stem == "everything_at_once" else 0):
        report += difference("printed again", printed, run(path)[1])
    report += difference("in another locale and time zone", printed, run(path, OTHER_WORLD)[1])
    with tempfile.TemporaryDirectory(prefix="effc-plans-") as folder:
        other = pathlib.Path(folder, path.name)
        other.write_text(shuffled(case, chance), encoding="utf-8")
        status, out, err = run(other)
        if status:
            return report + "with its tables shuffled: " + err
        return report + difference("with its tables shuffled", without_lines(printed), without_lines(out))


def check_readme(path, printed):
    """The README shows the text and the markdown of its case as they are."""
    readme = (HERE.parents[1] / "README.md").read_text(encoding="utf-8")
    text, markdown = re.split(r"^== \w+\n", printed, flags=re.M)[1:3]
    return "".join("README.md does not show this %s of %s:\n%s" % (name, path.name, shown)
                   for name, shown in (("text", "```text\n%s```\n" % text),
                                       ("markdown", "````markdown\n%s````\n" % markdown)) if shown not in readme)


def check_case(path, accept, chance):
    text = path.read_text(encoding="utf-8")
    case = inputs_of(text)
    status, out, err = run(path)
    if status:
        return err
    if case + out != text and accept:
        path.write_text(case + out, encoding="utf-8")
        print("%s: accepted" % path.name)
    elif case + out != text:
        return difference("printed", text, case + out)
    return check_same(path, case, out, chance) + (check_readme(path, out) if path.stem == "readme" else "")


def main():
    seed = int(os.environ.get("EFFC_SEED") or random.randrange(1 << 32))
    arguments = sys.argv[1:]
    names = [a for a in arguments if not a.startswith("--")]
    paths = [pathlib.Path(n) for n in names] or sorted((HERE / "plans").glob("*.txt"))
    failed = 0
    for path in paths:
        report = check_case(path, "--accept" in arguments, random.Random(seed))
        if report:
            failed += 1
            print("%s: FAILED (EFFC_SEED=%d)\n%s" % (path.name, seed, report))
    print("%d plans as they should be, %d not" % (len(paths) - failed, failed))
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
