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


def wrong_actions(what, run, wanted):
    if run.actions == wanted:
        return False
    print("%s: planned %d actions, not %d" % (what, run.actions, wanted))
    return True


def check_plans():
    small, large = offline.plans(SMALL), offline.plans(LARGE)
    failed = False
    for number, what in enumerate(("a new stack", "a stack that exists", "an edit")):
        for resources, runs in ((SMALL, small), (LARGE, large)):
            wanted = (resources, 0, runs[2].wanted)[number]
            failed |= wrong_actions(what, runs[number], wanted)
        failed |= grows_too_fast(what, small[number], large[number])
        failed |= counts_nothing(small[number], ("bytes_read", "bytes_allocated", "probes"))
    return failed | counts_nothing(small[1], ("comparisons",))


def check_links():
    """A chain is as deep as it is long, and no more work than a star."""
    failed = False
    runs = {(chain, count): offline.linked(count, chain)
            for chain in (True, False) for count in (SMALL, LARGE)}
    for chain, what in ((True, "a chain"), (False, "a star")):
        failed |= wrong_actions(what, runs[chain, LARGE], 0)
        failed |= grows_too_fast(what, runs[chain, SMALL], runs[chain, LARGE])
    for name, count in runs[True, LARGE].stats.items():
        if count > 1.1 * runs[False, LARGE].stats[name]:
            print("a chain takes %d %s, a star %d" % (count, name, runs[False, LARGE].stats[name]))
            failed = True
    return failed


def main():
    failed = False
    for what, check in (("a check", offline.check),
                        ("a check of keys and modules", offline.check_keyed)):
        small = check(SMALL)
        failed |= grows_too_fast(what, small, check(LARGE))
        failed |= counts_nothing(small, ("bytes_read", "bytes_allocated", "probes"))
    failed |= check_plans()
    failed |= check_links()
    return failed


if __name__ == "__main__":
    sys.exit(main())
