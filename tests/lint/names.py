#!/usr/bin/env python3
"""Outside the driver builtins, no C file of executor/ names a service or an operation.

What is known of services is data (schemas/wire, schemas/drivers).  This looks for the names of the
wire facts in the string literals and identifiers of executor/; comments are free.  names.allow holds
the exceptions, each with its reason: a path, a word, why.

Usage: names.py SRCDIR
"""
import json
import pathlib
import re
import sys

TOKENS = re.compile(r"""
    /\*.*?\*/ | //[^\n]*                       # comments
  | "(?P<text>(?:[^"\\\n]|\\.)*)"
  | '(?:[^'\\\n]|\\.)*'
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
""", re.VERBOSE | re.DOTALL)

# Names of services that are also plain words: only a whole literal counts.
PLAIN = {"logs", "scheduler", "tagging", "events", "email", "config", "monitoring"}


def facts(root):
    operations, services = set(), set()
    for path in sorted(root.glob("schemas/wire/*.json")):
        wire = json.loads(path.read_text(encoding="utf-8"))
        operations.update(wire["operations"])
        metadata = wire.get("metadata", {})
        services.add(path.stem.lower())
        for key in ("endpointPrefix", "signingName"):
            if isinstance(metadata.get(key), str):
                services.add(metadata[key].lower())
    if not operations:
        sys.exit("names.py: no wire facts under %s" % root)
    return operations, services


def allowed(path):
    exceptions = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = line.split(None, 2)
        if len(parts) < 3:
            sys.exit("%s:%d: a path, a word and a reason are needed" % (path, number))
        exceptions[(parts[0], parts[1])] = False
    return exceptions


def names_in(source, operations, services):
    """Pairs of offset and name."""
    for token in TOKENS.finditer(source):
        text, word = token.group("text"), token.group("word")
        if text is not None:
            if text.lower() in services:
                yield token.start(), text.lower()
                continue
            for part in re.findall(r"[A-Za-z0-9]+", text):
                if part in operations:
                    yield token.start(), part
                elif part.lower() in services - PLAIN:
                    yield token.start(), part.lower()
        elif word is not None:
            if word in operations:
                yield token.start(), word
            for part in word.lower().split("_"):
                if part in services - PLAIN:
                    yield token.start(), part


def main():
    root = pathlib.Path(sys.argv[1])
    operations, services = facts(root)
    exceptions = allowed(root / "tests/lint/names.allow")
    failed = False
    for path in sorted(root.glob("executor/**/*.[ch]")):
        name = path.relative_to(root).as_posix()
        if name.startswith("executor/driver/builtin"):
            continue
        source = path.read_text(encoding="utf-8")
        for offset, word in names_in(source, operations, services):
            if (name, word) in exceptions:
                exceptions[(name, word)] = True
                continue
            print("%s:%d: names '%s', which is data" % (name, source.count("\n", 0, offset) + 1, word))
            failed = True
    for (name, word), used in exceptions.items():
        if not used:
            print("names.allow: '%s' no longer names '%s'" % (name, word))
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
