#!/usr/bin/env python3
"""Times and peak memory (medians over rounds, what is compared in the same round): `effc check` and
offline plans, and how many times more ten times the resources take; what starting costs; the TOML
reader beside another one; the size of the program."""
import pathlib
import shutil
import statistics
import subprocess
import tempfile

import offline

ROUNDS = 5
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


def show(what, smaller, larger):
    """smaller and larger are (resources, figures)."""
    for resources, figures in (smaller, larger):
        print("%-6s %6d resources: %7.1f ms, user %7.1f ms, peak %7.1f MiB" %
              (what, resources, figures.seconds * 1e3, figures.user * 1e3, figures.peak_mib))
    print("%-6s %15s times: %7.1f     user %7.1f     peak %7.1f" %
          (what, "", larger[1].seconds / smaller[1].seconds,
           larger[1].user / max(smaller[1].user, 0.001), larger[1].peak_mib / smaller[1].peak_mib))


def bench_check():
    rounds = [(offline.check(MEDIUM), offline.check(LARGE)) for _ in range(ROUNDS)]
    show("check", (MEDIUM, Figures([run for run, _ in rounds])),
         (LARGE, Figures([run for _, run in rounds])))


def bench_plans():
    rounds = [(offline.plans(SMALL), offline.plans(MEDIUM)) for _ in range(ROUNDS)]
    for index, what in enumerate(("new", "there")):
        show(what, (SMALL, Figures([small[index] for small, _ in rounds])),
             (MEDIUM, Figures([medium[index] for _, medium in rounds])))


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
    text = offline.write_spec(folder, MEDIUM)
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


if __name__ == "__main__":
    main()
