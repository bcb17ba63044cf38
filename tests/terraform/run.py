#!/usr/bin/env python3
"""Expressions give in effc what they give in Terraform's console: the same value, or a mistake in both.

expressions.txt holds the edges of every operator and function, generate.py makes more from a seed.  Values are
compared as JSON, which says their type; numbers that are no integers to 15 digits, as effc has them.  The console
evaluates many at once within try(); each of those that fail is run again, to see it fail there on its own.

differences.txt lists what is meant to differ.  A difference that it does not list fails, and so does an entry that
no longer makes a difference.

Usage: run.py [--seed N] [--count N] [EXPRESSION ...]       EFFC_BUILDDIR: where the program is
"""

import argparse
import base64
import concurrent.futures
import json
import math
import os
import pathlib
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import generate  # noqa: E402

HERE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[2])) / "tests" / "terraform"
PROGRAM = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "effc"
VERSION = "1.11."
SEED = 20250301
COUNT = 2500
BATCH_BYTES = 30000     # the console reads lines of at most 64 KiB
LIMIT_S = 120
MISTAKE = "a mistake"   # stands for the value where there is none


FILES = {
    "data.txt": b"some text, \xc3\xa9\n", "bytes.bin": b"\x00\x01\xfe\xff", "sub/data.json": b'{"a": [1, 2.5]}\n',
    "sub/deep/other.json": b"{}", "hello.tpl": b"hello ${name}%{ for x in list }, ${upper(x)}%{ endfor }\n",
    "bad.tpl": b"a ${ b", "list.tpl": b"${[1, 2]}", "nested.tpl": b"${templatefile(\"hello.tpl\", {})}",
}


class Unknown:
    """A value that Terraform's console cannot tell."""


class Console:
    """One run at a time in each folder, which holds a lock."""

    def __init__(self, home, folders):
        self.folders = queue.SimpleQueue()
        for folder in folders:
            self.folders.put(folder)
        (home / "rc").write_text("", encoding="utf-8")
        self.environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "CHECKPOINT_DISABLE": "1",
                            "TF_CLI_CONFIG_FILE": str(home / "rc")}

    def run(self, line, command="console", *options):
        folder = self.folders.get()
        try:
            return subprocess.run(["terraform", command, *options], input=line + "\n", capture_output=True, text=True,
                                  cwd=folder, env=self.environment, timeout=LIMIT_S)
        finally:
            self.folders.put(folder)

    def version(self):
        done = self.run("", "version", "-json")
        return json.loads(done.stdout)["terraform_version"]

    def batch(self, expressions):
        """Their values; halved until what the console cannot read at all stands alone."""
        done = self.run("base64encode(jsonencode([%s]))" % ",".join(
            'try(jsonencode(%s), "")' % text for text in expressions))
        answer = done.stdout.strip().strip('"')
        if done.returncode == 0 and re.fullmatch(r"[A-Za-z0-9+/=]+", answer):
            texts = json.loads(base64.b64decode(answer))
            return [json.loads(text) if text else MISTAKE for text in texts]
        if len(expressions) == 1:
            return [Unknown if done.returncode == 0 else MISTAKE]
        half = len(expressions) // 2
        return self.batch(expressions[:half]) + self.batch(expressions[half:])

    def fails(self, text):
        return self.run("jsonencode(%s)" % text).returncode != 0


def make_folder(folder):
    for name, data in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def batches(expressions):
    batch, size = [], 0
    for text in expressions:
        if batch and size + len(text.encode()) > BATCH_BYTES:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text.encode()) + 30
    if batch:
        yield batch


def ours(expressions, folder):
    done = subprocess.run([str(PROGRAM), "eval", "--json"], input="\n".join(expressions) + "\n", text=True,
                          capture_output=True, cwd=folder, timeout=LIMIT_S,
                          env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder),
                               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode not in (0, 1) or len(lines) != len(expressions):
        sys.exit("effc eval ended with %d after %d of %d expressions:\n%s" % (
            done.returncode, len(lines), len(expressions), done.stderr[-2000:]))
    return [line["value"] if "value" in line else MISTAKE for line in lines], lines


def same(one, other):
    if isinstance(one, bool) or isinstance(other, bool) or one is Unknown:
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return one == other or math.isclose(one, other, rel_tol=1e-14)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


class Differences:
    """Lines of a kind and a pattern of the expression; the comment above them is the reason."""

    def __init__(self, path):
        self.entries = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            kind, pattern = line.split(None, 1)
            if kind not in ("value", "refused", "answered"):
                sys.exit("%s:%d: unknown kind '%s'" % (path, number, kind))
            self.entries.append([kind, re.compile(pattern), number, 0])

    def allows(self, kind, text):
        found = False
        for entry in self.entries:
            if entry[0] == kind and entry[1].search(text):
                entry[3] += 1
                found = True
        return found

    def unused(self):
        return [entry for entry in self.entries if not entry[3]]


def kind_of(theirs, mine):
    if mine == MISTAKE:
        return "refused"
    return "answered" if theirs == MISTAKE else "value"


def read_expressions(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def check_alone(console, expressions, pool):
    """Those that do not fail in a run of their own."""
    return [text for text, fails in zip(expressions, pool.map(console.fails, expressions)) if not fails]


def compare(console, expressions, folder, pool):
    theirs = [value for values in pool.map(console.batch, batches(expressions)) for value in values]
    mine, lines = ours(expressions, folder)
    differences = Differences(HERE / "differences.txt")
    wrong = []
    for text, their, my, line in zip(expressions, theirs, mine, lines):
        if same(their, my) or differences.allows(kind_of(their, my), text):
            continue
        their = "(known after apply)" if their is Unknown else json.dumps(their, ensure_ascii=False)
        shown = line["diagnostics"][0]["message"] if line.get("diagnostics") else json.dumps(my, ensure_ascii=False)
        wrong.append("%s\n    Terraform: %s\n    effc:      %s" % (text, their[:300], shown[:300]))
    return theirs, wrong, differences


def check_cover(expressions):
    """Every function is called somewhere."""
    done = subprocess.run([str(PROGRAM), "explain", "functions"], capture_output=True, text=True, timeout=LIMIT_S,
                          check=True)
    called = set(re.findall(r"(\w+)\(", "\n".join(expressions)))
    return sorted(set(re.findall(r"^(\w+)\(", done.stdout, re.M)) - called)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=int(os.environ.get("EFFC_SEED", SEED)))
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("expressions", nargs="*")
    options = parser.parse_args()
    start = time.monotonic()
    if not shutil.which("terraform"):
        print("skipped: terraform is not installed")
        return 77
    with tempfile.TemporaryDirectory(prefix="effc-terraform-") as name, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        folders = [make_folder(pathlib.Path(name) / text) for text in ("one", "two")]
        console = Console(pathlib.Path(name), folders)
        if not console.version().startswith(VERSION):
            print("skipped: terraform is %s, the expectations are of %sx" % (console.version(), VERSION))
            return 77
        expressions = options.expressions or list(dict.fromkeys(
            read_expressions(HERE / "expressions.txt") + generate.make(options.seed, options.count)))
        theirs, wrong, differences = compare(console, expressions, folders[0], pool)
        mistakes = [text for text, value in zip(expressions, theirs) if value == MISTAKE]
        fine = check_alone(console, mistakes, pool)
    wrong += ["%s\n    fails within try(), but not alone" % text for text in fine]
    if not options.expressions:
        wrong += ["differences.txt:%d: '%s' is no difference any more" % (entry[2], entry[1].pattern)
                  for entry in differences.unused()]
        wrong += ["%s() is never called" % name for name in check_cover(expressions)]
    print("\n".join(wrong))
    print("%d expressions, %d mistakes, seed %d, %.0f s: %d wrong" % (
        len(expressions), len(mistakes), options.seed, time.monotonic() - start, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
