"""The committed facts are what the import tools give; skipped (77) where the pinned packages are not at hand."""
import filecmp
import os
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.environ.get("EFFC_SRCDIR", "."))
TOOLS = os.path.join(ROOT, "tools", "import")


def skip(why):
    print("skipped: " + why)
    sys.exit(77)


def generate(tool, out, *more):
    """False if a pinned package is missing."""
    done = subprocess.run([sys.executable, os.path.join(TOOLS, tool), "--out", out, *more],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    errors = done.stderr.decode()
    if done.returncode and ("is not installed" in errors or "is pinned" in errors):
        print(errors.strip())
        return False
    if done.returncode:
        sys.exit(errors)
    return True


def compare(want, have):
    names = sorted(os.listdir(want))
    if names != sorted(os.listdir(have)):
        sys.exit("%s: the files are %s" % (want, " ".join(sorted(os.listdir(have)))))
    for name in names:
        if not filecmp.cmp(os.path.join(want, name), os.path.join(have, name), shallow=False):
            sys.exit("%s differs from what the import gives" % os.path.join(want, name))


def main():
    checked = 0
    with tempfile.TemporaryDirectory() as work:
        wire = os.path.join(work, "wire")
        if generate("import_wire.py", wire):
            compare(os.path.join(ROOT, "schemas", "wire"), wire)
            checked += 1
        cache = os.path.join(TOOLS, "cache")
        types = os.path.join(work, "types")
        # Without the cached package it would have to be fetched, and tests stay on this machine.
        if os.path.isdir(cache) and generate("import_types.py", types, "--cache", cache):
            compare(os.path.join(ROOT, "schemas", "types"), types)
            with open(os.path.join(work, "overrides", "runtimes.yaml"), encoding="utf-8") as f:
                have = f.read()
            with open(os.path.join(ROOT, "schemas", "overrides", "runtimes.yaml"), encoding="utf-8") as f:
                if f.read() != have:
                    sys.exit("runtimes.yaml differs from what the import gives")
            checked += 1
    if checked < 2:
        skip("the pinned packages are not installed, or the npm one is not in tools/import/cache")


if __name__ == "__main__":
    main()
