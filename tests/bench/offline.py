"""Runs offline plans of a spec of some size: no account, no network; of a new stack, then of one
that exists as planned."""
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

import spec

BUILD = pathlib.Path(os.environ.get("EFFC_BUILDDIR", ".")).resolve()


class Run:
    """What one plan took."""

    def __init__(self, seconds, user, peak_kib, stats, actions):
        self.seconds = seconds
        self.user = user            # seconds in the program itself, which others disturb least
        self.peak_kib = peak_kib
        self.stats = stats
        self.actions = actions


def environment(folder):
    """Nothing of the caller's account."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": folder, "EFF_LOCAL_STATE": "1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}


def plan(folder):
    """One plan of the spec in a folder; its JSON stays there as plan.json."""
    out_path, err_path = pathlib.Path(folder, "plan.json"), pathlib.Path(folder, "err")
    with open(out_path, "wb") as out, open(err_path, "wb") as err:
        start = time.monotonic()
        child = subprocess.Popen([str(BUILD / "effc"), "debug", "plan", "--stats"], cwd=folder,
                                 env=environment(folder), stdin=subprocess.DEVNULL,
                                 stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    errors = err_path.read_text(encoding="utf-8", errors="replace")
    if child.returncode != 0:
        raise SystemExit("effc debug plan failed with %d:\n%s" % (child.returncode, errors[-4000:]))
    line = re.search(r"^stats: (.*)$", errors, re.MULTILINE)
    if not line:
        raise SystemExit("effc --stats printed no statistics:\n" + errors[-4000:])
    stats = {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", line.group(1))}
    actions = json.loads(out_path.read_text(encoding="utf-8"))["actions"]
    return Run(seconds, usage.ru_utime, usage.ru_maxrss, stats, len(actions))


def plans(resources):
    """The plan of a new stack, and of the same once it exists."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        pathlib.Path(folder, "effortless.toml").write_text(spec.text(resources), encoding="utf-8")
        new = plan(folder)
        state = pathlib.Path(folder, ".effc", "state")
        state.mkdir(parents=True)
        subprocess.run([str(BUILD / "tests/bench/fill_state"), "effortless.toml",
                        str(state / "dev.db")], cwd=folder, stdin=subprocess.DEVNULL, check=True)
        return new, plan(folder)
