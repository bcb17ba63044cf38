#!/usr/bin/env python3
"""The calls of a refresh without a change of services of several sizes, against the emulator: by operation, in all, and
what is allowed.  usage: reads.py [UNITS ...]"""
import collections
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "emulator"))
import harness.program  # noqa: E402
import service  # noqa: E402
from harness.emulator import Emulator  # noqa: E402
from harness.proxy import Proxy  # noqa: E402

harness.program.RUN_LIMIT_S = 1800
SIZES = [5, 50, 200]
START = {"EFFC_TEST_NOW": "1767225600"}     # an apply whose waits take no time


def refresh(units):
    """Makes the service in an empty account, then plans again."""
    with Emulator() as emulator, Proxy(emulator) as proxy, harness.program.Workspace() as work:
        for path, text in service.files(units).items():
            work.write(text, path)
        work.run(proxy, "apply", "--yes", program="effc-test", env=START, code=0)
        changes, calls = proxy.mutations, len(proxy.log)
        start = time.monotonic()
        work.run(proxy, "plan", code=0)
        return proxy.log[calls:], proxy.mutations - changes, time.monotonic() - start


def main():
    failed = False
    for units in [int(text) for text in sys.argv[1:]] or SIZES:
        log, changes, seconds = refresh(units)
        allowed = service.reads_allowed(units)
        failed |= changes > 0 or len(log) > allowed
        print("%d units, %d resources: %d calls (%.2f a unit) of %.0f, %d of them change something, %.1f s" % (
            units, service.resources(units), len(log), len(log) / units, allowed, changes, seconds))
        for name, count in collections.Counter("%s %s" % (c.service, c.operation) for c in log).most_common():
            print("%8d  %s" % (count, name))
    return failed


if __name__ == "__main__":
    sys.exit(main())
