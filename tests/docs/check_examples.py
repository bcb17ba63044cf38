#!/usr/bin/env python3
"""Holds README.md, HACKING.md and docs/*.md to the program.

- Every example in TOML that has a [project] checks clean, with a file made for every handler that it names;
  in docs/language.md every example does.
- Every `effc COMMAND --option` names a command and options that exist; every `sh FILE` and link a file.
- The functions that the language page lists are those that there are.
- Every example in JSON is JSON, and every page of docs/ has an example before its first table.

EFFC_SRCDIR and EFFC_BUILDDIR say where the pages and the program are.
"""

import functools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "effc"
SHELL = ("sh", "console")


class Page:
    def __init__(self, path):
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.wrong = 0
        self.specs = self.commands = 0

    @property
    def blocks(self):
        """(line, language, text) of each fenced block; one with a file's name is kept for the spec that follows it."""
        self.files = {}
        for match in re.finditer(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", self.text, re.M | re.S):
            if match.group(2):
                self.files[match.group(2)] = match.group(3)
                continue
            yield self.text.count("\n", 0, match.start()) + 1, match.group(1), match.group(3)
            self.files = {}

    def write(self, root, language, text):
        """The spec of a block, with the files that stand above it."""
        for name, content in {**self.files, "effortless." + language: text}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, encoding="utf-8")

    def complain(self, line, text):
        print("%s:%d: %s" % (self.path.relative_to(SOURCE), line, text))
        self.wrong += 1


def run(*words, folder=None):
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": str(folder or SOURCE),
                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    return subprocess.run([str(PROGRAM), *words], cwd=folder, env=environment, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)


@functools.lru_cache(None)
def options_of(command):
    """None: no such command."""
    done = run(command, "--help")
    return set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", done.stdout)) if done.returncode == 0 else None


def check_spec(page, line, language, text):
    page.specs += 1
    with tempfile.TemporaryDirectory(prefix="effc-docs-") as folder:
        root = pathlib.Path(folder)
        page.write(root, language, text)
        names = re.findall(r'^ *handler *[=:] *"?([^"#]+)#|[{,] *handler *= *"([^"#]+)#', text, re.M)
        for name in {a or b for a, b in names}:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text("// made for the check\n", encoding="utf-8")
        for listed in re.findall(r"^files *= *\[([^\]]*)\]", text, re.M):
            for name in re.findall(r'"([^"]+)"', listed):
                (root / name).mkdir(parents=True, exist_ok=True)
                (root / name / "one.txt").write_text("made for the check\n", encoding="utf-8")
        stages = {s for s in re.findall(r"^\[stage\.([a-z][a-z0-9]*)", text, re.M)} | {"dev"}
        for stage in sorted(stages):
            done = run("check", "--stage", stage, folder=folder)
            if done.returncode != 0 or done.stderr:
                page.complain(line, "this example has mistakes in stage '%s':\n%s" % (stage, done.stderr))


def check_command(page, line, text):
    """text: from "effc" on."""
    words = text.split()[1:]
    if not words or words[0] in ("...", "COMMAND"):
        return
    page.commands += 1
    if words[0] in ("--help", "-h", "help"):
        return
    # "plan|apply" and "debug tokens|tree" name several.
    for command in words[0].split("|"):
        known = options_of(command) if re.fullmatch(r"[a-z]+", command) else None
        if known is None:
            if not words[0].startswith("-"):
                page.complain(line, "there is no command '%s': %s" % (command, text))
            continue
        for word in words[1:]:
            option = re.match(r"--?[a-z][a-z-]*", word)
            if option and option.group() not in known:
                page.complain(line, "'effc %s' has no %s" % (command, option.group()))


def check_block(page, line, language, text):
    if language in ("toml", "yaml") and (page.path.name == "language.md" or re.search(r"^\[project\]", text, re.M)):
        check_spec(page, line, language, text)
    elif language == "json":
        try:
            json.loads(text)
        except ValueError as e:
            page.complain(line, "this is no JSON: %s" % e)


def check_text(page):
    in_block, language = False, ""
    for number, line in enumerate(page.text.split("\n"), 1):
        if line.startswith("```"):
            in_block, language = not in_block, line[3:]
            continue
        shell = (in_block and language in SHELL) or line.startswith("    ")
        plain = line.split("  #")[0].strip() if shell else ""
        commands = [re.sub(r"^(\$ |\./)+", "", plain)] if shell else \
            [] if in_block else re.findall(r"`((?:effc|sh) [^`]+)`", line)
        for command in commands:
            if command.startswith("effc "):
                check_command(page, number, command)
            elif re.match(r"sh \S+\.sh", command) and not (SOURCE / command.split()[1]).exists():
                page.complain(number, "there is no file '%s'" % command.split()[1])
        for target in [] if in_block else re.findall(r"\]\(([^)#:]+)\)", line):
            if not (page.path.parent / target).exists():
                page.complain(number, "there is no '%s'" % target)


def check_start(page):
    first = next((line for line, _, _ in page.blocks), None)
    table = re.search(r"^\|", page.text, re.M)
    at = page.text.count("\n", 0, table.start()) + 1 if table else None
    if first is None or (at and at < first):
        page.complain(1, "the page does not start with an example")


def check_functions(page):
    """The functions that the language page lists are those of the tables in spec/function/."""
    there = set()
    for path in (SOURCE / "spec" / "function").glob("*.c"):
        for table in re.findall(r"struct function \w+\[\] = \{(.*?)\n\};", path.read_text(encoding="utf-8"), re.S):
            there.update(re.findall(r'^\t(?:\{ (?:\.name = )?|\w+\()"?(\w+)"?', table, re.M))
    section = page.text.partition("### Functions")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|.*$", section, re.M))))
    for name in sorted(there ^ listed):
        page.complain(1, "function '%s' is %s" % (name, "not listed" if name in there else "listed and not there"))
    if len(there) < 50:
        page.complain(1, "only %d functions were found" % len(there))


def main():
    docs = sorted((SOURCE / "docs").glob("*.md"))
    pages = [Page(p) for p in [SOURCE / "README.md", SOURCE / "HACKING.md"] + docs]
    for page in pages:
        for block in page.blocks:
            check_block(page, *block)
        check_text(page)
        if page.path in docs:
            check_start(page)
        if page.path.name == "language.md":
            check_functions(page)
    specs, commands = sum(p.specs for p in pages), sum(p.commands for p in pages)
    wrong = sum(p.wrong for p in pages)
    print("%d pages, %d specs, %d commands: %d mistakes" % (len(pages), specs, commands, wrong))
    # Nothing found would mean that nothing was looked at.
    return 1 if wrong or specs < 5 or commands < 5 else 0


if __name__ == "__main__":
    sys.exit(main())
