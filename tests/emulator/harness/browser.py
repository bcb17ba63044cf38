"""A real browser, if there is one, to look at pages with: Chromium without a window, spoken to over two pipes.

    with Browser() as browser:
        page = browser.open(path)
        page.value("document.title")
        page.screenshot(to)

What a page fetches, logs or throws is kept: page.requests and page.complaints.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
LIMIT_S = 60
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
         "--disable-dev-shm-usage", "--remote-debugging-pipe"]


def found():
    """The browser's path, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="effc-browser-")
        self.number = 0
        self.rest = b""
        self.events = []

    def __enter__(self):
        # The browser reads commands from descriptor 3 and writes to 4; ours must not be these.
        pipes = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for pair in (os.pipe(), os.pipe()) for fd in pair]

        def arrange():
            os.dup2(pipes[0], 3)
            os.dup2(pipes[3], 4)

        self.process = subprocess.Popen([found(), *FLAGS, "--user-data-dir=" + self.profile, "about:blank"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, pass_fds=(3, 4), preexec_fn=arrange)
        os.close(pipes[0])
        os.close(pipes[3])
        self.out, self.into = pipes[1], pipes[2]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self, until):
        """The next message; None after the moment `until`."""
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                return None
            more = os.read(self.into, 1 << 20)
            if not more:
                raise AssertionError("the browser ended with %s" % self.process.poll())
            self.rest += more
        text, _, self.rest = self.rest.partition(b"\0")
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + LIMIT_S
        while (reply := self.receive(until)) is not None:
            if reply.get("id") != self.number:
                self.events.append(reply)
            elif "error" in reply:
                raise AssertionError("%s: %s" % (method, reply["error"]))
            else:
                return reply["result"]
        raise AssertionError("%s: no answer" % method)

    def open(self, path, dark=False, width=1280, height=900):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Page(self, session, path, dark, width, height)


class Page:
    def __init__(self, browser, session, path, dark, width, height):
        self.browser, self.session = browser, session
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        browser.events.clear()
        self.url = path.resolve().as_uri()
        self.call("Page.navigate", url=self.url)
        self.wait("Page.loadEventFired")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def wait(self, method):
        until = time.monotonic() + LIMIT_S
        while not any(e.get("method") == method for e in self.browser.events):
            event = self.browser.receive(until)
            if event is None:
                raise AssertionError("no %s of %s" % (method, self.url))
            self.browser.events.append(event)

    def value(self, expression):
        """Of JavaScript, which the page's own policy does not bind."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise AssertionError("%s: %s" % (expression, done["exceptionDetails"]))
        return done["result"].get("value")

    def events(self, method):
        return [e["params"] for e in self.browser.events if e.get("method") == method]

    @property
    def requests(self):
        """What was asked for besides the page itself."""
        urls = [e["request"]["url"] for e in self.events("Network.requestWillBeSent")]
        return [url for url in urls if url.partition("#")[0] != self.url]

    @property
    def complaints(self):
        """Errors, warnings and what the policy refused."""
        logged = [e["entry"]["text"] for e in self.events("Log.entryAdded")]
        thrown = [str(e["exceptionDetails"]) for e in self.events("Runtime.exceptionThrown")]
        said = [str(e["args"]) for e in self.events("Runtime.consoleAPICalled")]
        return logged + thrown + said

    def screenshot(self, path):
        """All of it, not only what a window would show."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=True,
                            clip={"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 6000),
                                  "scale": 1})
        path.write_bytes(base64.b64decode(picture["data"]))
