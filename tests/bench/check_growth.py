#!/usr/bin/env python3
"""Part of `make check`: ten times the resources are at most 10.5 times the work."""
import sys

import offline

FACTOR = 10.5


def main():
    small, large = offline.plan(1000), offline.plan(10000)
    failed = False
    for run, wanted in ((small, 1000), (large, 10000)):
        if run.actions < wanted:
            print("%d resources are planned, expected %d" % (run.actions, wanted))
            failed = True
    for name, before in sorted(small.stats.items()):
        after = large.stats.get(name, 0)
        factor = after / before if before else float("inf") if after else 0.0
        too_much = after > before * FACTOR
        print("%-16s %12d %14d  x%.2f%s" % (name, before, after, factor,
                                           "  TOO MUCH" if too_much else ""))
        failed = failed or too_much
    if not small.stats.get("bytes_allocated") or not small.stats.get("probes"):
        print("the statistics count nothing")
        failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main())
