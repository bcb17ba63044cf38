"""effc as a test runs it: in a copy of an example, against the proxy, in an environment of its own."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[3]))
BUILD = pathlib.Path(os.environ.get("EFFC_BUILDDIR", SOURCE))
RUN_LIMIT_S = 180


class Result:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def __str__(self):
        return "exit %d\n--- stdout\n%s\n--- stderr\n%s" % (self.code, self.out, self.err)


class Workspace:
    """A folder with a spec, its state, and a home of its own; removed at the end unless EFFC_KEEP is set."""

    def __init__(self, example=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="effc-test-"))
        self.spec = self.folder / "project"
        if example:
            shutil.copytree(SOURCE / "examples" / example, self.spec)
            # A distribution's files may be read-only.
            for path in [self.spec, *self.spec.rglob("*")]:
                path.chmod(0o755 if path.is_dir() else 0o644)
        else:
            self.spec.mkdir()
        (self.folder / "home").mkdir()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if os.environ.get("EFFC_KEEP"):
            print("kept:", self.folder, file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, text, name="effortless.toml"):
        (self.spec / name).parent.mkdir(parents=True, exist_ok=True)
        (self.spec / name).write_text(text)

    def edit(self, old, new, name="effortless.toml"):
        text = (self.spec / name).read_text()
        if old not in text:
            raise AssertionError("%r is not in %s" % (old, name))
        self.write(text.replace(old, new, 1), name)

    def environment(self, url, **more):
        env = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.folder / "home"), "AWS_ENDPOINT_URL": url,
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "EFF_LOCAL_STATE": "1", "ASAN_OPTIONS": "detect_leaks=1:abort_on_error=0:exitcode=99",
            "UBSAN_OPTIONS": "print_stacktrace=1",
        }
        env.update({k: v for k, v in more.items() if v is not None})
        return env

    def start(self, proxy, *args, program="effc", env=None):
        process = subprocess.Popen(
            [str(BUILD / program), *args], cwd=self.spec, env=self.environment(proxy.url, **(env or {})),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        proxy.pid = process.pid
        return process

    def run(self, proxy, *args, program="effc", env=None, code=None):
        """Runs to the end.  code: what it must exit with; a sanitizer's report always fails."""
        process = self.start(proxy, *args, program=program, env=env)
        try:
            out, err = process.communicate(timeout=RUN_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError("effc %s did not end in %d s\n%s\n%s" % (" ".join(args), RUN_LIMIT_S, out, err))
        result = Result(process.returncode, out, err)
        if process.returncode == 99 or "runtime error:" in err or "AddressSanitizer" in err:
            raise AssertionError("sanitizer report of effc %s\n%s" % (" ".join(args), result))
        if code is not None and process.returncode != code:
            raise AssertionError("effc %s: expected exit %d, got %s" % (" ".join(args), code, result))
        return result

    def plan(self, proxy, *args, code=None):
        return json.loads(self.run(proxy, "plan", "--json", *args, code=code).out)
