#!/usr/bin/env python3
"""Part of `make check`: eight times the resources are at most 8.4 times the work."""
import sys

import offline

# Arrays grow by doubling: from a thousand, a power of two is the step that counts no rounding as growth.
SMALL, LARGE = 1000, 8000
FACTOR = 8.4
SORTED = 11                     # of the comparisons of one sort: n log n


def grows_too_fast(what, small, large):
    """Prints every count; true if one grew by more than it may."""
    failed = False
    print(what)
    for name, before in sorted(small.stats.items()):
        after = large.stats[name]
        too_much = after > before * (SORTED if name == "comparisons" else FACTOR)
        print("  %-16s %12d %14d%s" % (name, before, after, "  TOO MUCH" if too_much else ""))
        failed = failed or too_much
    return failed


def counts_nothing(run, names):
    """A test of counters that stand still would hold nothing."""
    missing = [name for name in names if not run.stats.get(name)]
    for name in missing:
        print("'%s' was not counted" % name)
    return bool(missing)


def main():
    small_check, large_check = offline.check(SMALL), offline.check(LARGE)
    small_keyed, large_keyed = offline.check_keyed(SMALL), offline.check_keyed(LARGE)
    small_new, small_there = offline.plans(SMALL)
    large_new, large_there = offline.plans(LARGE)
    failed = False
    if small_new.actions != SMALL or large_new.actions != LARGE:
        print("planned %d and %d resources" % (small_new.actions, large_new.actions))
        failed = True
    if small_there.actions or large_there.actions:
        print("there is something to do where everything exists")
        failed = True
    failed |= grows_too_fast("a check", small_check, large_check)
    failed |= grows_too_fast("a check of keys and modules", small_keyed, large_keyed)
    failed |= grows_too_fast("a new stack", small_new, large_new)
    failed |= grows_too_fast("a stack that exists", small_there, large_there)
    failed |= counts_nothing(small_check, ("bytes_read", "bytes_allocated", "probes"))
    failed |= counts_nothing(small_keyed, ("bytes_read", "bytes_allocated", "probes"))
    failed |= counts_nothing(small_new, ("bytes_read", "bytes_allocated", "probes"))
    failed |= counts_nothing(small_there, ("bytes_read", "bytes_allocated", "probes", "comparisons"))
    return failed


if __name__ == "__main__":
    sys.exit(main())
