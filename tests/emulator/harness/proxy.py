"""A loopback proxy between effc and the emulator that breaks what a test asks it to break.

It can kill effc at a chosen call, throttle, hide what was just made from reads, refuse what AWS refuses and the
emulator accepts, and answer reads in other words than were written (`echo`); all other ways in which the world may
be are rules (rules.py).  Time is what the requests say (X-Amz-Date), so that a virtual clock in effc moves it.
"""

import calendar
import http.client
import http.server
import os
import re
import signal
import socket
import socketserver
import struct
import threading
import time

from . import echo, errors, hide, paging, strict
from .calls import Call
from .tagging import Tagging

SETTLE_LIMIT_S = 60
PING = "/proxy-ping"
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host", "proxy-connection"}


class Kill:
    """SIGKILL at the n-th mutating call (from 1), before it is forwarded or after the service acted."""

    def __init__(self, at, after):
        self.at, self.after, self.done = at, after, False


class Proxy:
    """Use as a context.  Set the faults before a run; `log` holds every Call in order."""

    def __init__(self, emulator):
        self.emulator = emulator
        self.lock, self.landing = threading.Lock(), threading.Lock()
        self.connections, self.broken = 0, []
        self.clear()

    def clear(self):
        with getattr(self, "lock", threading.Lock()):
            self.log, self.mutations, self.refused, self.pid = [], 0, [], None
            self.kill, self.throttle_every = None, 0
            for rule in getattr(self, "rules", ()):
                rule.release()
            self.rules, self.pending = [], []
            self.one_per_api = strict.OnePerApi()
            self.strict_rules = [self.one_per_api, strict.Duplicates(self.emulator), strict.Gone()]
            self.hidden = hide.Hidden(0)
            self.tagging = Tagging(self.emulator)
            self.echo_seed = None
            self.deny, self.rewrites, self.page_sizes = None, [], dict(paging.SIZES)
            self.strict = True
            self.now_s = 0.0

    def __enter__(self):
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body are sent as they come: else each reply waits forty milliseconds for the caller's word.
            disable_nagle_algorithm = True

            def setup(self):
                with proxy.lock:
                    proxy.connections += 1
                super().setup()

            def finish(self):
                try:
                    super().finish()
                except OSError:
                    pass
                with proxy.lock:
                    proxy.connections -= 1

            def handle_any(self):
                if self.path == PING:
                    proxy._reply(self, 200, b"")
                    self.close_connection = True
                    return
                try:
                    proxy.handle(self)
                except OSError:
                    raise
                except Exception as e:
                    # A fault of the proxy must not look like one of the world.
                    proxy.broken.append(repr(e))
                    raise

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any

            def handle(self):
                try:
                    super().handle()
                except OSError:
                    # effc is gone.
                    pass

            def log_message(self, *_):
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def settle(self):
        """Waits until what a killed process had sent is done: virtual time would not wait for it.

        Its connections are all accepted once one of ours is, and end when they were read to their end.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SETTLE_LIMIT_S)
        connection.request("GET", PING)
        connection.getresponse().read()
        connection.close()
        end = time.monotonic() + SETTLE_LIMIT_S
        while time.monotonic() < end:
            with self.lock:
                if not self.connections:
                    return
            time.sleep(0.01)
        raise AssertionError("requests of a killed run did not end")

    # ---- one request ----

    def handle(self, handler):
        length = int(handler.headers.get("Content-Length") or 0)
        raw = handler.rfile.read(length)
        if len(raw) < length:
            # Killed in the middle of its sending: no service acts on half a request.
            handler.close_connection = True
            return
        call = Call(handler.command, handler.path, {k.lower(): v for k, v in handler.headers.items()}, raw)
        verdict = self._enter(call)
        self.land()
        self.one_per_api.begin(call)
        try:
            if verdict == "kill":
                self._shoot(handler)
                return
            refusal = self._refusal(call, verdict)
            if refusal:
                call.refused = call.status = refusal[0]
                self._reply(handler, *refusal)
                return
            if self._postpone(call, raw):
                handler.close_connection = True
                return
            status, headers, body = self._forward(call, raw)
            call.status = status
            self._learn(call, status, body)
            if verdict == "kill after":
                self._shoot(handler)
                return
            status, headers, body = self._rewrite(call, status, headers, body)
            self.one_per_api.end(call)
            self._deliver(handler, call, status, body, headers)
        finally:
            self.one_per_api.end(call)

    def _enter(self, call):
        with self.lock:
            stamp = call.headers.get("x-amz-date")
            if stamp:
                call.at_s = calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ"))
                self.now_s = max(self.now_s, call.at_s)
            self.log.append(call)
            if call.mutates:
                self.mutations += 1
            kill = self.kill
            if kill and not kill.done and call.mutates and self.mutations == kill.at:
                kill.done = True
                return "kill after" if kill.after else "kill"
            if self.throttle_every and len(self.log) % self.throttle_every == 0:
                return "throttle"
            return ""

    def _refusal(self, call, verdict):
        """What the caller hears of a request that nothing comes of."""
        if verdict == "throttle":
            return errors.throttled(call)
        if self.deny and re.search(self.deny, call.operation):
            return errors.denied(call)
        for rule in self.rules:
            refusal = rule.refuse(call, self.now_s)
            if refusal:
                return refusal
        return self._refuse(call) if self.strict else None

    def _postpone(self, call, raw):
        """True if nobody will hear of it, and the service acts later."""
        for rule in self.rules:
            delay_s = rule.postpone(call, self.now_s)
            if delay_s is not None:
                with self.lock:
                    self.pending.append((self.now_s + delay_s, call, raw))
                return True
        return False

    def land(self, now_s=None):
        """What was postponed until now is done, in the order in which it came."""
        with self.landing:
            with self.lock:
                now_s = max(self.now_s, now_s or 0)
                due = [p for p in self.pending if p[0] <= now_s]
                self.pending = [p for p in self.pending if p[0] > now_s]
            for _, call, raw in due:
                if not (self.strict and self._refuse(call)):
                    status, _, body = self._forward(call, raw)
                    self._learn(call, status, body)

    def _shoot(self, handler):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        handler.close_connection = True

    def _forward(self, call, raw):
        if call.service == "tagging" and call.operation == "GetResources":
            return 200, [("Content-Type", "application/x-amz-json-1.1")], self.tagging.answer(call)
        target, raw = self.hidden.mangle(call, raw, self.now_s)
        for rule in self.rules:
            target, raw = rule.mangle(call, target, raw, self.now_s)
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        headers = {k: v for k, v in call.headers.items() if k not in HOP}
        connection.request(call.method, target, body=raw or None, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        headers = [(k, v) for k, v in reply.getheaders() if k.lower() not in HOP]
        if reply.status == 400 and call.service == "dynamodb":
            headers, body = table_not_found(headers, body)
        result = reply.status, headers, body
        connection.close()
        return result

    def _learn(self, call, status, body):
        if not 200 <= status < 300:
            return
        with self.lock:
            self.hidden.learn(call, body, self.now_s)
        for rule in self.rules + self.strict_rules:
            rule.learn(call, body, self.now_s)

    def _rewrite(self, call, status, headers, body):
        if not call.mutates and 200 <= status < 300:
            body = self.hidden.filter(call, body, self.now_s)
            body = paging.page(call, body, self.page_sizes)
            for rule in self.rules:
                body = rule.change(call, body, self.now_s)
            for rewrite in self.rewrites:
                body = rewrite(call, body)
            if self.echo_seed is not None:
                body = echo.rewrite(call, body, self.echo_seed)
        return status, headers, body

    def _deliver(self, handler, call, status, body, headers):
        for rule in self.rules:
            way = rule.deliver(call, self.now_s)
            if way:
                handler.close_connection = True
                self._break(handler, way, rule, (status, body, headers))
                return
        self._reply(handler, status, body, headers)

    def _break(self, handler, way, rule, reply):
        status, body, headers = reply
        if way == "hang":
            wait_for_end(handler.connection, rule)
        elif way == "reset":
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            handler.connection.close()
        elif way == "half":
            self._reply(handler, status, body[:len(body) // 2], headers, len(body) + 1)

    @staticmethod
    def _reply(handler, status, body, headers=(), length=None):
        try:
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body) if length is None else length))
            handler.end_headers()
            if handler.command != "HEAD":
                handler.wfile.write(body)
        except OSError:
            # effc was killed, or gave up waiting.
            handler.close_connection = True

    def _refuse(self, call):
        """What AWS refuses and the emulator accepts."""
        for rule in self.strict_rules:
            refusal = rule.refuse(call, self.now_s)
            if refusal:
                # What is gone already may well be deleted again; a conflict should not have come.
                if not isinstance(rule, strict.Gone):
                    with self.lock:
                        self.refused.append((str(call), refusal[0]))
                return refusal
        return None


def wait_for_end(connection, rule):
    """Until the caller has gone or the rule is released."""
    connection.settimeout(0.05)
    while not rule.over.is_set():
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            continue
        except OSError:
            return


def count(log, pattern):
    """How many calls fit a pattern such as 'lambda (Create|Update)'."""
    return sum(1 for call in log if re.search(pattern, str(call)))


def table_not_found(headers, body):
    """The emulator has a word of its own for a table that is not there, where it is asked for its time to live or its
    tags; the model of DynamoDB has ResourceNotFoundException alone."""
    headers = [(k, re.sub(r"\bResourceNotFound$", "ResourceNotFoundException", v)) for k, v in headers]
    return headers, re.sub(rb'("__type": *"[^"]*\bResourceNotFound)"', rb'\1Exception"', body)
