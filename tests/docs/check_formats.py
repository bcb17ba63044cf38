#!/usr/bin/env python3
"""Holds the readers of YAML and JSON to the one of TOML: every spec of examples/ and of docs/language.md, written
in each format, is lowered to the same resources, and effc fmt leaves its meaning as it is.

EFFC_SRCDIR and EFFC_BUILDDIR say where the examples and the program are.
"""

import json
import pathlib
import re
import shutil
import sys
import tempfile
import tomllib

import check_examples
import check_lowered


def yaml_of(value, indent=0):
    """Tables over lines, everything else as JSON, which YAML reads too."""
    if not isinstance(value, dict) or not value:
        return " " + json.dumps(value, ensure_ascii=False) + "\n"
    lines = "" if indent == 0 else "\n"
    for key, item in value.items():
        shown = key if re.fullmatch(r"[A-Za-z_]\w*", key) else json.dumps(key)
        lines += " " * indent + shown + ":" + yaml_of(item, indent + 2)
    return lines


FORMS = {
    "effortless.yaml": yaml_of,
    "effortless.json": lambda tree: json.dumps(tree, indent=2),
}


def lowered(folder, stage):
    done = check_examples.run("build", "--lowered", "toml", "--stage", stage, "--region", "eu-west-1", folder=folder)
    return done.returncode, done.stdout or done.stderr


def check_spec(name, folder, text):
    """How many comparisons, how many of them wrong."""
    count = wrong = 0
    stages = check_lowered.stages_of(text)
    want = {stage: lowered(folder, stage) for stage in stages}
    forms = [(file, form(tomllib.loads(text))) for file, form in FORMS.items()]
    for file, written in [("effortless.toml", text)] + forms:
        with tempfile.TemporaryDirectory(prefix="effc-formats-") as other:
            shutil.copytree(folder, other, dirs_exist_ok=True)
            pathlib.Path(other, "effortless.toml").unlink()
            pathlib.Path(other, file).write_text(written, encoding="utf-8")
            if not file.endswith(".yaml"):
                check_examples.run("fmt", folder=other)
            for stage in stages:
                have = lowered(other, stage)
                count += 1
                if have != want[stage] or have[0] != 0:
                    print("%s, stage '%s', as %s:\n%s" % (name, stage, file, have[1]))
                    wrong += 1
    return count, wrong


def main():
    count = wrong = 0
    for name, folder, text in check_lowered.specs():
        one = check_spec(name, folder, text)
        count, wrong = count + one[0], wrong + one[1]
    print("%d specs in other formats: %d are lowered otherwise" % (count, wrong))
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
