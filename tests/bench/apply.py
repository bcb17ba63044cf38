#!/usr/bin/env python3
"""Applies and destroys the service workload (service.py) against the replay server, with a latency
added to each call: its calls, its wall time beside that of hand_scheduled.py, which makes only what
must be made, and Terraform's time for a graph of that shape, where it is installed.

    apply.py [PROFILE:UNITS ...]

What costs too many calls makes it fail.  EFFC_LATENCY_MS: other than 30; EFFC_LONG=1: large services are
destroyed, too."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

import offline
import peer_apply
import service

HERE = pathlib.Path(__file__).resolve().parent
LATENCY_MS = os.environ.get("EFFC_LATENCY_MS", "30")
CASES = [("flat", 5), ("flat", 50), ("aws", 5), ("aws", 50)]
ROUNDS = {5: 3}                         # else one: the median of them
APPLY_CALLS, SHARED_CALLS = 12, 3
SMALL = 5


class Replay:
    """The server, of our own, on a port that it chose."""

    def __init__(self, profile):
        self.process = subprocess.Popen([sys.executable, HERE / "replay_server.py", profile, LATENCY_MS],
                                        stdout=subprocess.PIPE, text=True)
        self.url = "http://127.0.0.1:%d" % int(self.process.stdout.readline())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, path):
        with urllib.request.urlopen(self.url + path, timeout=30) as reply:
            return json.load(reply)


def environment(folder, url):
    return dict(offline.environment(folder), AWS_ENDPOINT_URL=url, AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")


def effc(folder, replay, *arguments):
    """The seconds of one run, and the calls that it made."""
    before = replay.ask("/_stats")
    start = time.monotonic()
    done = subprocess.run([offline.BUILD / "effc", *arguments], cwd=folder,
                          env=environment(folder, replay.url), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit("effc %s: %d\n%s" % (" ".join(arguments), done.returncode, done.stdout[-4000:]))
    after = replay.ask("/_stats")
    changes = after["mutating"] - before["mutating"]
    return seconds, changes, sum(after["calls"].values()) - sum(before["calls"].values()) - changes


def by_hand(replay, profile, units):
    done = subprocess.run([sys.executable, HERE / "hand_scheduled.py", replay.url, str(units), profile, LATENCY_MS],
                          stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def round_of(profile, units):
    """(seconds by hand, of the apply, of the destroy), (changes, reads) of both."""
    with Replay(profile) as replay, tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        hand = by_hand(replay, profile, units)
        replay.ask("/_reset")
        for path, text in service.files(units).items():
            file = pathlib.Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        apply = effc(folder, replay, "apply", "--yes")
        again = effc(folder, replay, "plan", "--detailed-exitcode")
        destroy = None
        if units <= SMALL or os.environ.get("EFFC_LONG"):
            destroy = effc(folder, replay, "destroy", "--yes", "--allow-data-loss", "all")
        return hand, apply, again, destroy


def case(profile, units):
    rounds = sorted((round_of(profile, units) for _ in range(ROUNDS.get(units, 1))),
                    key=lambda r: r[1][0] / r[0]["seconds"])
    hand, apply, again, destroy = rounds[len(rounds) // 2]
    ratio = apply[0] / hand["seconds"]
    print("%-4s %3d units, %4d resources: apply %6.2f s, by hand %6.2f s, %.2f times" % (
        profile, units, service.resources(units), apply[0], hand["seconds"], ratio))
    print("     %d changes (by hand %d), %d reads; a plan after it %d reads%s" % (
        apply[1], hand["calls"], apply[2], again[2],
        "; destroy %.2f s, %d changes, %d reads" % destroy if destroy else ""), flush=True)
    failed = False
    if apply[1] > APPLY_CALLS * units + SHARED_CALLS:
        failed = True
        print("  TOO MANY changes: %d a unit and %d are allowed" % (APPLY_CALLS, SHARED_CALLS))
    return failed


def bench_peer(units):
    seconds = peer_apply.apply(units)
    print("Terraform, %d units, a graph of that shape that calls nothing: apply %.2f s, destroy %.2f s" % (
        units, *seconds))


def main():
    wanted = [text.split(":") for text in sys.argv[1:]] or CASES
    print("%s ms added to each call" % LATENCY_MS)
    failed = False
    for profile, units in wanted:
        failed |= case(profile, int(units))
    if shutil.which("terraform"):
        for units in sorted({int(units) for _, units in wanted}):
            bench_peer(units)
    return failed


if __name__ == "__main__":
    sys.exit(main())
