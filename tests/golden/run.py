#!/usr/bin/env python3
"""Runs golden cases: one text file each, what is there, what is run, what it must print.

    # Why this case is here.
    == file effortless.toml
    [project]
    ...
    == run effc check
    == status 1
    == stderr
    effortless.toml:1:1: error: ...

`== holds FILE` after a run shows what the file holds then. A case may run several commands in its
own folder, in order. A run expects status 0 and no output unless it says otherwise. An output that
does not end with a newline is marked by a last line that is a lone backslash.

    run.py [--accept] [CASE ...]

--accept writes what was printed into the cases; then read the diff.  EFFC_BUILDDIR says where effc
is.  The folder of a failed case is kept and named.
"""
import difflib
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
LIMIT_S = 60


class Section:
    def __init__(self, kind, argument):
        self.kind = kind
        self.argument = argument
        self.lines = []

    def text(self):
        text = "".join(line + "\n" for line in self.lines)
        return text[:-3] if text.endswith("\n\\\n") else text

    def set_text(self, text):
        if text and not text.endswith("\n"):
            text += "\n\\\n"
        self.lines = text.split("\n")[:-1]

    def written(self):
        head = "== %s %s" % (self.kind, self.argument) if self.argument else "== " + self.kind
        return "".join(line + "\n" for line in [head] + self.lines)


def parse(path):
    """The comment on top and the sections."""
    comment, sections = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("== "):
            kind, _, argument = line[3:].partition(" ")
            if kind not in ("file", "run", "status", "stdout", "stderr", "holds"):
                sys.exit("%s:%d: unknown section '%s'" % (path, number, kind))
            sections.append(Section(kind, argument.strip()))
        elif sections:
            sections[-1].lines.append(line)
        else:
            comment.append(line)
    if not any(s.kind == "run" for s in sections):
        sys.exit("%s: nothing is run" % path)
    return comment, sections


def execute(command, folder):
    words = shlex.split(command)
    if words[0] != "effc":
        sys.exit("a case runs effc, not '%s'" % words[0])
    words[0] = str(pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve() / "effc")
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "EFF_LOCAL_STATE": "1",
                   "AWS_EC2_METADATA_DISABLED": "true",
                   "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
    return subprocess.run(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT_S)


def difference(name, want, have):
    lines = difflib.unified_diff(want.splitlines(True), have.splitlines(True),
                                 "expected " + name, "found " + name)
    return "".join(line if line.endswith("\n") else line + "\n\\\n" for line in lines)


def after_run(sections, index):
    """The expectations of the run at this index, by kind."""
    found = {}
    for section in sections[index + 1:]:
        if section.kind in ("run", "file"):
            break
        key = section.kind + section.argument if section.kind == "holds" else section.kind
        found[key] = section
    return found


def text_of(path):
    return path.read_text(encoding="utf-8") if path.is_file() else "(no such file)\n"


def check_run(sections, index, folder):
    """What differs, as text; and the sections that would make it pass."""
    done = execute(sections[index].argument, folder)
    want = after_run(sections, index)
    have = {"status": str(done.returncode),
            "stdout": done.stdout.decode("utf-8", "replace"),
            "stderr": done.stderr.decode("utf-8", "replace")}
    report, good = "", []
    expected = want["status"].argument if "status" in want else "0"
    if have["status"] != expected:
        report += "expected status %s, found %s\n" % (expected, have["status"])
    if have["status"] != "0":
        good.append(Section("status", have["status"]))
    for kind in ("stdout", "stderr"):
        text = want[kind].text() if kind in want else ""
        report += difference(kind, text, have[kind])
        if have[kind]:
            good.append(Section(kind, ""))
            good[-1].set_text(have[kind])
    for section in want.values():
        if section.kind == "holds":
            text = text_of(pathlib.Path(folder, section.argument))
            report += difference(section.argument, section.text(), text)
            good.append(Section("holds", section.argument))
            good[-1].set_text(text)
    return report, good


def check_case(path):
    """A report, empty if all is well; and the case as it would pass."""
    comment, sections = parse(path)
    folder = tempfile.mkdtemp(prefix="effc-golden-%s-" % path.stem)
    report, written = "", "".join(line + "\n" for line in comment)
    for index, section in enumerate(sections):
        if section.kind == "file":
            target = pathlib.Path(folder, section.argument)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(section.text(), encoding="utf-8")
            written += section.written()
        elif section.kind == "run":
            wrong, good = check_run(sections, index, folder)
            if wrong:
                report += "$ %s\n%s" % (section.argument, wrong)
            written += section.written() + "".join(s.written() for s in good)
    if report:
        report += "its folder: %s\nrun it again: EFFC_BUILDDIR=%s %s %s\n" % (
            folder, os.environ.get("EFFC_BUILDDIR", "."), sys.executable + " " + __file__, path)
    else:
        shutil.rmtree(folder)
    return report, written


def main():
    arguments = sys.argv[1:]
    accept = "--accept" in arguments
    names = [a for a in arguments if a != "--accept"]
    paths = [pathlib.Path(n) for n in names] or sorted((HERE / "cases").glob("*.txt"))
    failed = 0
    for path in paths:
        report, written = check_case(path)
        if report and accept:
            path.write_text(written, encoding="utf-8")
            print("%s: accepted" % path.name)
        elif report:
            failed += 1
            print("%s: FAILED\n%s" % (path.name, report))
    print("%d passed, %d failed" % (len(paths) - failed, failed))
    return 1 if failed or not paths else 0


if __name__ == "__main__":
    sys.exit(main())
