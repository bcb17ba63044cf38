#!/usr/bin/env python3
"""Holds the man page to the program: its commands, options, arguments, variables and exit codes are those of the help.

EFFC_SRCDIR and EFFC_BUILDDIR say where the page and the program are.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "effc"
PAGE = SOURCE / "docs" / "effc.1"


def help_of(*words):
    return subprocess.run([str(PROGRAM), *words, "--help"], check=True, capture_output=True, text=True,
                          env={"PATH": os.environ.get("PATH", "")}, timeout=60).stdout


def from_help():
    """Commands with their arguments; options as (letter, name, argument) with their commands; variables."""
    commands, options, variables = {}, {}, set()
    for name in re.findall(r"^  (\w+) +\S", help_of(), re.M):
        text = help_of(name)
        usage = re.match(r"usage: effc %s ?(.*?) ?\[OPTION \.\.\.\]" % name, text)
        commands[name] = re.sub(r"[\[\] ]", "", usage.group(1))
        for letter, option, argument, rest in re.findall(
                r"^ (?:-(\w),|   ) --([\w-]+)(?: ([A-Z=]+))? +(.*)$", text, re.M):
            options.setdefault((letter, option, argument), set()).add(name)
            variables.update(re.findall(r"\[(EFFC?_\w+)\]$", rest))
    return commands, options, variables


def sections(text):
    found = {}
    for part in re.split(r"^\.Sh ", text, flags=re.M)[1:]:
        title, _, body = part.partition("\n")
        found[title] = body
    return found


def items(body):
    """The head of each item of a section's lists, and what stands below it."""
    for part in re.split(r"^\.It ", body, flags=re.M)[1:]:
        head, _, rest = part.partition("\n")
        yield head, rest


def from_page(every):
    page = sections(PAGE.read_text(encoding="utf-8"))
    commands, options = {}, {}
    for head, _ in items(page["COMMANDS"]):
        match = re.match(r"Cm (\w+) ?(.*)$", head)
        commands[match.group(1)] = re.sub(r"\b(Op|Ar|Ns) ?", "", match.group(2)).replace(" ", "")
    for head, rest in items(page["OPTIONS"]):
        match = re.match(r"Fl (?:(\w) , )?-([\w-]+)(?: Ar ([\w=]+))?$", head)
        takers = re.search(r"^\.Pq (?:Cm (.*)|every command)$", rest, re.M)
        if not match or not takers:
            sys.exit("%s: cannot read the option '%s'" % (PAGE.name, head))
        options[(match.group(1) or "", match.group(2), match.group(3) or "")] = \
            set(takers.group(1).split()) if takers.group(1) else set(every)
    variables = set(re.findall(r"^\.It Ev (EFFC?_\w+)$", page["ENVIRONMENT"], re.M))
    codes = {head for head, _ in items(page["EXIT STATUS"])}
    return commands, options, variables, codes


def exit_codes():
    """Those of the README's table."""
    rows = re.findall(r"^\| ([\d, ]+) \|", (SOURCE / "README.md").read_text(encoding="utf-8"), re.M)
    return {code for row in rows for code in row.split(", ")}


def compare(what, page, program):
    """Sets or dicts; prints what only one of them has."""
    wrong = 0
    for key in sorted(set(page) | set(program), key=str):
        have = page.get(key) if isinstance(page, dict) else key in page
        want = program.get(key) if isinstance(program, dict) else key in program
        if isinstance(have, set) and isinstance(want, set):
            have, want = sorted(have), sorted(want)
        if have != want:
            print("%s: %s %s: the page has %s, the program %s" % (PAGE.name, what, key, have, want))
            wrong += 1
    return wrong


def lint():
    if not shutil.which("mandoc"):
        print("skipped: the form of %s: there is no mandoc" % PAGE.name)
        return 0
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(PAGE)], capture_output=True, text=True,
                          timeout=60)
    print(done.stdout, end="")
    return 1 if done.returncode else 0


def main():
    commands, options, variables = from_help()
    if len(commands) < 2 or len(options) < 2:
        sys.exit("the help of %s cannot be read" % PROGRAM)
    page = from_page(commands)
    wrong = compare("command", page[0], commands) + compare("option", page[1], options)
    wrong += compare("variable", page[2], variables) + compare("exit code", page[3], exit_codes()) + lint()
    print("%d commands, %d options, %d variables: %d mistakes" % (
        len(commands), len(options), len(variables), wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
