"""Random walks: random specs of all drivers, runs that end badly, things that others change, make and delete.

After each step: the state is sound, nothing that is not ours was touched, nothing stands twice, and whatever of ours
stands is in the state.  After each walk a clean apply converges on what the spec says, its plan is empty, and a
destroy leaves the account as it was.

    EFFC_WALKS=500 EFFC_SEED=1 ...      so many walks, from this seed on
"""

import os
import random
import sys
import unittest

from walks.walk import Walk
from walks.inside import Inside

WALKS = os.environ.get("EFFC_WALKS")
SEED = os.environ.get("EFFC_SEED")
PART, PARTS = (int(n) for n in os.environ.get("EFFC_PART", "0/1").split("/"))


def seeds():
    """This part's; a seed alone is one walk, and without one a short run takes the same each time."""
    if SEED and not WALKS:
        return [int(SEED)] if PART == 0 else []
    count = int(WALKS or 50)
    first = int(SEED) if SEED else random.randrange(1 << 31) if WALKS else 1
    return range(first + PART, first + count, PARTS)


class Walks(unittest.TestCase):
    def test_walks(self):
        done = steps = seed = 0
        with Inside() as emulator:
            for seed in seeds():
                walk = Walk(emulator, seed)
                try:
                    walk.run()
                except Exception as e:
                    print("\n".join(walk.said), file=sys.stderr)
                    raise AssertionError("walk EFFC_SEED=%d: %s" % (seed, e)) from e
                finally:
                    walk.end()
                done += 1
                steps += walk.steps
        print("covered: %d walks, %d steps, the last of seed %s" % (done, steps, seed))


if __name__ == "__main__":
    unittest.main()
