#!/usr/bin/env python3
"""Times and peak memory (medians over rounds, what is compared in the same round): `effc check` and
offline plans, and how many times more ten times the resources take; a chain beside a star; an edit;
what starting costs; the TOML reader and the plan beside another one; the size of the program."""
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import offline
import peer_plan
import spec

ROUNDS = 5
FEW_ROUNDS = 2                  # of what takes long
START_ROUNDS = 50
SMALL, MEDIUM, LARGE = 1000, 10000, 100000
MIB = 1024 * 1024
READER = "effc's reader"


class Figures:
    """Medians over runs."""

    def __init__(self, runs):
        self.seconds = statistics.median(run.seconds for run in runs)
        self.user = statistics.median(run.user for run in runs)
        self.peak_mib = statistics.median(run.peak_kib for run in runs) / 1024


def show(what, resources, figures):
    print("%-22s %6d resources: %7.1f ms, user %7.1f ms, peak %7.1f MiB" %
          (what, resources, figures.seconds * 1e3, figures.user * 1e3, figures.peak_mib))


def show_times(what, larger, smaller):
    print("%-22s %16s: %7.1f     user %7.1f     peak %7.1f" %
          (what, "times", larger.seconds / smaller.seconds,
           larger.user / max(smaller.user, 0.001), larger.peak_mib / smaller.peak_mib))


def grows(what, medium, large):
    """Ten times the resources."""
    medium, large = Figures(medium), Figures(large)
    show(what, MEDIUM, medium)
    show(what, LARGE, large)
    show_times(what, large, medium)


def bench_check():
    large = [offline.check(LARGE) for _ in range(FEW_ROUNDS)]
    grows("check", [offline.check(MEDIUM) for _ in range(ROUNDS)], large)


def bench_plans():
    rounds = [offline.plans(MEDIUM) for _ in range(ROUNDS)]
    new, there, changed = zip(*rounds)
    show("plan, new", MEDIUM, Figures(new))
    grows("plan, nothing to do", there, [offline.plan_there(LARGE) for _ in range(FEW_ROUNDS)])
    show("plan, %d changes" % changed[0].actions, MEDIUM, Figures(changed))


def bench_links():
    """Each after the one before it; all after the first."""
    rounds = [(offline.linked(MEDIUM, True), offline.linked(MEDIUM, False))
              for _ in range(ROUNDS)]
    chain, star = (Figures(runs) for runs in zip(*rounds))
    show("plan, a chain", MEDIUM, chain)
    show("plan, a star", MEDIUM, star)
    show_times("chain to star", chain, star)


def bench_peer_plan():
    """Of few resources, since the other one takes long."""
    if not peer_plan.installed():
        print("no terraform: the plan has no peer here")
        return
    rounds = [(offline.linked(SMALL, False), peer_plan.plan(SMALL)) for _ in range(FEW_ROUNDS)]
    ours, theirs = (Figures(runs) for runs in zip(*rounds))
    show("plan, a star", SMALL, ours)
    show("Terraform's, a star", SMALL, theirs)
    show_times("Terraform to effc", theirs, ours)


def bench_start(folder):
    rounds = [(offline.effc(folder, "version"),
               offline.run(folder, offline.BUILD / "tests/bench/empty"))
              for _ in range(START_ROUNDS)]
    version, empty = (statistics.median(pair[i].seconds for pair in rounds) for i in (0, 1))
    print("effc version: %.2f ms; an empty program with its libraries: %.2f ms; times: %.2f" %
          (version * 1e3, empty * 1e3, version / empty))


def compiled_peer(folder):
    """toml++ where a C++ compiler and the library are, else None."""
    compiler, program = shutil.which("c++"), pathlib.Path(folder, "peer_toml")
    if not compiler or subprocess.run(
            [compiler, "-std=c++17", "-O2", offline.HERE / "peer_toml.cpp", "-o", program,
             "-ltomlplusplus"], stderr=subprocess.DEVNULL, check=False).returncode:
        return None
    return program


def read_rounds(program, text):
    """One time for each round, in milliseconds."""
    out = subprocess.run([program, text, "3"], stdout=subprocess.PIPE, check=True)
    return [float(line) for line in out.stdout.split()]


def bench_reader(folder):
    text = offline.write_spec(folder, spec.text(MEDIUM))
    programs = {READER: offline.BUILD / "tests/bench/read_toml"}
    peer = compiled_peer(folder)
    if peer:
        programs["toml++"] = peer
    else:
        print("no c++ with libtomlplusplus-dev: the reader has no peer here")
    times = {name: [] for name in programs}
    for _ in range(ROUNDS):
        for name, program in programs.items():
            times[name] += read_rounds(program, text)
    for name in programs:
        milliseconds = statistics.median(times[name])
        print("TOML, %-14s %7.1f MB/s" % (name + ":", text.stat().st_size / 1e3 / milliseconds))


def bench_size(folder):
    program = pathlib.Path(folder, "effc")
    shutil.copy(offline.BUILD / "effc", program)
    subprocess.run(["strip", program], check=False)
    print("the program: %.1f MiB, without symbols %.1f MiB" %
          ((offline.BUILD / "effc").stat().st_size / MIB, program.stat().st_size / MIB))


def main():
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        bench_size(folder)
        bench_start(folder)
        bench_reader(folder)
    bench_check()
    bench_plans()
    bench_links()
    bench_peer_plan()


if __name__ == "__main__":
    main()
