"""Runs the scenarios, two processes at a time, and ends with 'N passed, M failed'.

    run.py [FILE ...]      all test_*.py, or those named

A failed scenario's output is printed whole.  EFFC_KEEP=1 keeps the working folders.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
WORKERS = 2
PARTS = {"test_kill.py": 2, "test_life.py": 2, "test_walks.py": 2}
LIMIT_S = 7200 if os.environ.get("EFFC_LONG") else 1700


def jobs(names):
    """The long ones first, shared between processes."""
    files = [HERE / n if "/" not in n else pathlib.Path(n) for n in names] or sorted(HERE.glob("test_*.py"))
    files.sort(key=lambda f: f.name not in PARTS)
    for file in files:
        parts = PARTS.get(file.name, 1)
        for part in range(parts):
            yield file, "%d/%d" % (part, parts)


def run(job):
    file, part = job
    start = time.monotonic()
    env = dict(os.environ, EFFC_PART=part, PYTHONPATH=str(HERE), PYTHONDONTWRITEBYTECODE="1")
    try:
        done = subprocess.run([sys.executable, str(file), "-v"], cwd=HERE, env=env, capture_output=True, text=True,
                              timeout=LIMIT_S)
        text = done.stdout + done.stderr
        code = done.returncode
    except subprocess.TimeoutExpired as e:
        text, code = "took longer than %d s\n%s" % (LIMIT_S, e.stderr or ""), 1
    ran = re.search(r"^Ran (\d+) test", text, re.M)
    ran = int(ran.group(1)) if ran else 0
    failed = sum(int(n) for n in re.findall(r"(?:failures|errors)=(\d+)", text))
    if code != 0 and failed == 0 or ran == 0:
        failed = max(failed, 1)
    # Sub-tests can fail more often than there are tests.
    return file.name, part, max(ran - failed, 0), failed, time.monotonic() - start, text


def main():
    try:
        import boto3  # noqa: F401
        import moto  # noqa: F401
    except ImportError as e:
        print("skipped: emulator scenarios: %s" % e)
        return 77
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        for name, part, good, bad, seconds, text in pool.map(run, jobs(sys.argv[1:])):
            passed, failed = passed + good, failed + bad
            print("%-6s %s %s: %d passed, %d failed, %.0f s" % (
                "ok" if not bad else "FAILED", name, part if part != "0/1" else "", good, bad,
                seconds), flush=True)
            print("".join(re.findall(r"^covered: .*\n", text, re.M)), end="", flush=True)
            if bad:
                print(text, flush=True)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
