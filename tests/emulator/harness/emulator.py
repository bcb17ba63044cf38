"""The emulator of AWS that the tests talk to: moto's server, one process of our own on a free port."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

ACCOUNT = "123456789012"
REGION = "eu-west-1"
START_LIMIT_S = 60


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Emulator:
    """Use as a context; `port` is where it listens.  `program`: what python runs in place of the server itself."""

    def __init__(self, program=("-m", "moto.server")):
        self.program = program
        self.port = free_port()
        self.process = None

    def __enter__(self):
        env = dict(os.environ, MOTO_IAM_LOAD_MANAGED_POLICIES="false")
        self.process = subprocess.Popen(
            [sys.executable, *self.program, "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        end = time.monotonic() + START_LIMIT_S
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    self.reset()
                    return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the emulator ended at once") from None
                time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("the emulator did not start within %d s" % START_LIMIT_S)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def reset(self):
        """An empty account whose ids are the same in every run."""
        self._post("/moto-api/reset")
        self._post("/moto-api/seed?a=7")

    def _post(self, path):
        urllib.request.urlopen(urllib.request.Request(self.url + path, method="POST"), timeout=30).read()
