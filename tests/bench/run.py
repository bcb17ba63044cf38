#!/usr/bin/env python3
"""Time and peak memory of offline plans of 1,000 and of 10,000 resources."""
import offline

ROUNDS = 3


def show(what, resources, runs):
    print("%6d resources, %-8s %6.2f s, peak %7.1f MiB" %
          (resources, what, min(r.seconds for r in runs), min(r.peak_kib for r in runs) / 1024))


def main():
    for resources in (1000, 10000):
        rounds = [offline.plans(resources) for _ in range(ROUNDS)]
        show("new:", resources, [new for new, _ in rounds])
        show("there:", resources, [there for _, there in rounds])


if __name__ == "__main__":
    main()
