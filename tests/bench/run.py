#!/usr/bin/env python3
"""Time, user time and peak memory (medians) of offline plans of 1,000 and of 10,000 resources, and
how many times more ten times the resources take."""
import statistics

import offline

ROUNDS = 5
SMALL, LARGE = 1000, 10000


class Figures:
    """Medians over the rounds."""

    def __init__(self, runs):
        self.seconds = statistics.median(run.seconds for run in runs)
        self.user = statistics.median(run.user for run in runs)
        self.peak_mib = statistics.median(run.peak_kib for run in runs) / 1024


def measure(resources):
    """A new stack's figures, and those of one that is there."""
    rounds = [offline.plans(resources) for _ in range(ROUNDS)]
    return Figures([new for new, _ in rounds]), Figures([there for _, there in rounds])


def show(what, small, large):
    for resources, figures in ((SMALL, small), (LARGE, large)):
        print("%-6s %6d resources: %7.3f s, user %7.3f s, peak %7.1f MiB" %
              (what, resources, figures.seconds, figures.user, figures.peak_mib))
    print("%-6s %15s times: %7.1f    user %7.1f    peak %7.1f" %
          (what, "", large.seconds / small.seconds, large.user / max(small.user, 0.001),
           large.peak_mib / small.peak_mib))


def main():
    small, large = measure(SMALL), measure(LARGE)
    for what, before, after in zip(("new", "there"), small, large):
        show(what, before, after)


if __name__ == "__main__":
    main()
