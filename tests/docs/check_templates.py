#!/usr/bin/env python3
"""Holds `effc build --lowered cloudformation` to cfn-lint: the template of every folder of examples/ and of every
example in docs/language.md has no error, in any of its stages.  Skipped where cfn-lint is not installed.

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


def stages_of(text):
    return sorted({s for s in re.findall(r"^\[stage\.([a-z][a-z0-9]*)", text, re.M)} | {"dev"})


def check(name, folder, stage):
    """1 wrong, 0 right, None: refused with the reason."""
    words = ["--stage", stage, "--region", "eu-west-1"]
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


def main():
    if not lint:
        print("templates: skipped: cfn-lint is not installed")
        return 77
    results = []
    for folder in sorted((SOURCE / "examples").iterdir()):
        for spec in folder.glob("effortless.*"):
            for stage in stages_of(spec.read_text(encoding="utf-8")):
                results.append(check(folder.name, folder, stage))
    page = check_examples.Page(SOURCE / "docs" / "language.md")
    for line, language, text in page.blocks:
        if language != "toml" or "[project]" not in text:
            continue
        with tempfile.TemporaryDirectory(prefix="effc-templates-") as folder:
            pathlib.Path(folder, "effortless.toml").write_text(text, encoding="utf-8")
            for stage in stages_of(text):
                results.append(check("docs/language.md:%d" % line, folder, stage))
    refused = results.count(None)
    print("%d templates: %d with errors, %d refused" % (len(results), results.count(1), refused))
    return 1 if 1 in results or refused * 4 > len(results) else 0


if __name__ == "__main__":
    sys.exit(main())
