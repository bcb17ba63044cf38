#!/usr/bin/env python3
"""Holds `effc build --lowered` to its promises, for every folder of examples/ and every example of docs/language.md, in
each of their stages: as TOML it is a spec that checks clean; as a template it has no error for cfn-lint, which
is left out where that is not installed.

EFFC_SRCDIR and EFFC_BUILDDIR say where the examples and the program are.
"""

import pathlib
import re
import sys
import tempfile

import check_examples

try:
    from cfnlint.api import lint
except ImportError:
    lint = None

SOURCE, PROGRAM = check_examples.SOURCE, check_examples.PROGRAM
# What a template cannot say is refused; such an example counts, but there may not be many.
REFUSED = "cannot be said in a template"
GIVEN = ()


def stages_of(text):
    return sorted({s for s in re.findall(r"^\[stage\.([a-z][a-z0-9]*)", text, re.M)} | {"dev"})


def check_toml(name, folder, stage):
    """1 wrong, 0 right."""
    words = ["--stage", stage, "--region", "eu-west-1"]
    done = check_examples.run("build", "--lowered", "toml", *words, *GIVEN, folder=folder)
    with tempfile.TemporaryDirectory(prefix="effc-lowered-") as other:
        pathlib.Path(other, "effortless.toml").write_text(done.stdout, encoding="utf-8")
        given = ["--var=%s=some-text" % v for v in re.findall(r"^\[variable\.(\w+)\]", done.stdout, re.M)]
        again = check_examples.run("check", *words, *given, folder=other) if done.returncode == 0 else done
    if again.returncode != 0 or again.stderr:
        print("%s, stage '%s', as TOML: %d\n%s" % (name, stage, again.returncode, again.stderr))
        return 1
    return 0


def check_template(name, folder, stage):
    """1 wrong, 0 right, None: refused with the reason."""
    words = ["--stage", stage, "--region", "eu-west-1", *GIVEN]
    done = check_examples.run("build", "--lowered", "cloudformation", *words, folder=folder)
    if done.returncode == 1 and REFUSED in done.stderr:
        return None
    if done.returncode != 0:
        print("%s, stage '%s': %d\n%s" % (name, stage, done.returncode, done.stderr))
        return 1
    wrong = [m for m in lint(done.stdout, regions=["eu-west-1"]) if m.rule.severity == "error"]
    for match in wrong:
        print("%s, stage '%s': %s %s" % (name, stage, match.rule.id, match.message))
    return 1 if wrong else 0


def specs():
    """(name, folder, text) of each."""
    for folder in sorted((SOURCE / "examples").iterdir()):
        for spec in folder.glob("effortless.toml"):
            yield folder.name, folder, spec.read_text(encoding="utf-8")
    page = check_examples.Page(SOURCE / "docs" / "language.md")
    for line, language, text in page.blocks:
        if language != "toml":
            continue
        with tempfile.TemporaryDirectory(prefix="effc-lowered-") as folder:
            page.write(pathlib.Path(folder), language, text)
            yield "docs/language.md:%d" % line, folder, text


def main():
    results = []
    for name, folder, text in specs():
        for stage in stages_of(text):
            results.append(check_toml(name, folder, stage))
            if lint:
                results.append(check_template(name, folder, stage))
    refused = results.count(None)
    print("%d lowered specs: %d with errors, %d refused as templates%s" %
          (len(results), results.count(1), refused, "" if lint else "; no cfn-lint here to check templates with"))
    return 1 if 1 in results or refused * 4 > len(results) else 0


if __name__ == "__main__":
    sys.exit(main())
