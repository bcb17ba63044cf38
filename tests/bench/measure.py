"""Runs a program and prints what it took.  The kernel counts the memory of whoever starts a program
as the program's own, so this is a small process of its own.

    measure.py OUT ERR COMMAND [ARGUMENT ...]
"""
import json
import os
import sys
import time


def main():
    out, err = (os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                for path in sys.argv[1:3])
    start = time.monotonic()
    pid = os.posix_spawn(sys.argv[3], sys.argv[3:], os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, err, 2)])
    _, status, usage = os.wait4(pid, 0)
    print(json.dumps({"seconds": time.monotonic() - start, "user": usage.ru_utime,
                      "peak_kib": usage.ru_maxrss, "code": os.waitstatus_to_exitcode(status)}))


if __name__ == "__main__":
    main()
