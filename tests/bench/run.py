#!/usr/bin/env python3
"""Time and peak memory of an offline plan of 1,000 and of 10,000 resources."""
import offline

ROUNDS = 3


def main():
    for resources in (1000, 10000):
        runs = [offline.plan(resources) for _ in range(ROUNDS)]
        best = min(runs, key=lambda r: r.seconds)
        print("%6d resources: %6.2f s, peak %7.1f MiB" %
              (resources, best.seconds, min(r.peak_kib for r in runs) / 1024))


if __name__ == "__main__":
    main()
