#!/usr/bin/env python3
"""Time and peak memory (medians) of offline plans of 1,000 and of 10,000 resources."""
import statistics

import offline

ROUNDS = 5


def show(what, resources, runs):
    print("%6d resources, %-8s %7.3f s, peak %7.1f MiB" %
          (resources, what, statistics.median(r.seconds for r in runs),
           statistics.median(r.peak_kib for r in runs) / 1024))


def main():
    for resources in (1000, 10000):
        rounds = [offline.plans(resources) for _ in range(ROUNDS)]
        show("new:", resources, [new for new, _ in rounds])
        show("there:", resources, [there for _, there in rounds])


if __name__ == "__main__":
    main()
