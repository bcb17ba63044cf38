"""Runs effc on a spec of some size, without account or network: its check; the plan of a new stack,
of one that exists as planned, of an edit, of a chain and a star."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import spec

HERE = pathlib.Path(__file__).resolve().parent
BUILD = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve()


class Run:
    """What one run of a program took."""

    def __init__(self, took, out, err):
        self.seconds = took["seconds"]
        self.user = took["user"]        # in the program itself, which others disturb least
        self.peak_kib = took["peak_kib"]
        self.out = out                  # the file that holds what it printed
        line = re.search(r"^stats: (.*)$", err, re.MULTILINE)
        self.stats = {name: int(count) for name, count in
                      re.findall(r"(\w+)=(\d+)", line.group(1) if line else "")}


def environment(folder):
    """Nothing of the caller's account."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": folder, "EFF_LOCAL_STATE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}


def run(folder, *command):
    """One run of a program in a folder; what it prints stays there as out."""
    out, err = pathlib.Path(folder, "out"), pathlib.Path(folder, "err")
    measure = subprocess.run([sys.executable, "-S", HERE / "measure.py", out, err, *command],
                             cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, check=True)
    took = json.loads(measure.stdout)
    errors = err.read_text(encoding="utf-8", errors="replace")
    if took["code"] != 0:
        raise SystemExit("%s failed with %d:\n%s" % (" ".join(map(str, command)), took["code"],
                                                     errors[-4000:]))
    return Run(took, out, errors)


def effc(folder, *arguments):
    """One run of effc."""
    return run(folder, BUILD / "effc", *arguments)


def write_spec(folder, text):
    """A spec where the commands look for it."""
    path = pathlib.Path(folder, "effortless.toml")
    path.write_text(text, encoding="utf-8")
    return path


def check(resources):
    """The check of a spec."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        write_spec(folder, spec.text(resources))
        return effc(folder, "check", "--stats")


def check_keyed(resources):
    """The same of a spec of for_each and modules."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        for path, text in spec.keyed(resources).items():
            pathlib.Path(folder, path).parent.mkdir(exist_ok=True)
            pathlib.Path(folder, path).write_text(text, encoding="utf-8")
        return effc(folder, "check", "--stats")


def make_state(folder):
    """As if the spec in a folder had been applied."""
    state = pathlib.Path(folder, ".effc", "state")
    state.mkdir(parents=True)
    subprocess.run([str(BUILD / "tests/bench/fill_state"), "effortless.toml",
                    str(state / "dev.db")], cwd=folder, stdin=subprocess.DEVNULL, check=True)


def plan(folder):
    """The plan of the spec in a folder as text, with the number of its actions."""
    made = effc(folder, "plan", "--refresh", "none", "--allow-data-loss", "all", "--stats")
    text = made.out.read_text(encoding="utf-8").partition("\n")[0]
    made.actions = sum(int(count) for count in re.findall(
        r"(\d+) to (?:create|update|replace|delete)", text))
    return made


def plans(resources):
    """The plan of a new stack, of the same once it exists, and of an edit of it, with the number
    of actions that the edit should have."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        write_spec(folder, spec.text(resources))
        new = plan(folder)
        make_state(folder)
        there = plan(folder)
        text, changes = spec.edited(resources)
        write_spec(folder, text)
        changed = plan(folder)
        changed.wanted = changes
        return new, there, changed


def plan_there(resources):
    """The plan of a stack that exists, with nothing to do."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        write_spec(folder, spec.text(resources))
        make_state(folder)
        return plan(folder)


def linked(resources, chain):
    """The plan of a chain or a star that exists."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        write_spec(folder, spec.linked(resources, chain))
        make_state(folder)
        return plan(folder)
