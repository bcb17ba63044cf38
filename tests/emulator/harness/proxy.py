"""A loopback proxy between effc and the emulator that breaks what a test asks it to break.

It can kill effc at a chosen call, lose replies, throttle, hide what was just made from reads, refuse what AWS
refuses and the emulator accepts, and answer reads in other words than were written (`echo`).  Time is what
the requests say (X-Amz-Date), so that a virtual clock in effc moves it.
"""

import calendar
import http.client
import http.server
import os
import re
import signal
import socketserver
import threading
import time

from . import echo, hide, paging
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
        self.lock = threading.Lock()
        self.connections = 0
        self.clear()

    def clear(self):
        with getattr(self, "lock", threading.Lock()):
            self.log, self.mutations, self.refused, self.pid = [], 0, [], None
            self.kill, self.lose, self.throttle_every = None, set(), 0
            self.hidden = hide.Hidden(0)
            self.tagging = Tagging(self.emulator)
            self.echo_seed = None
            self.deny, self.rewrites, self.page_sizes = None, [], dict(paging.SIZES)
            self.strict = True
            self.statements, self.busy, self.now_s = {}, {}, 0.0

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
                else:
                    proxy.handle(self)

            do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = handle_any

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
        number, verdict = self._enter(call)
        try:
            if verdict == "kill":
                self._shoot(handler)
                return
            if verdict == "throttle":
                self._reply(handler, 400, throttled(call))
                return
            if self.deny and re.search(self.deny, call.operation):
                self._reply(handler, 403, *denied(call))
                return
            refusal = self._refuse(call) if self.strict else None
            if refusal:
                self._reply(handler, *refusal)
                return
            status, headers, body = self._forward(call, raw)
            self._learn(call, status, body)
            if verdict == "kill after":
                self._shoot(handler)
                return
            if number in self.lose and call.mutates:
                handler.close_connection = True
                return
            status, headers, body = self._rewrite(call, status, headers, body)
            self._reply(handler, status, body, headers)
        finally:
            self._leave(call)

    def _enter(self, call):
        with self.lock:
            stamp = call.headers.get("x-amz-date")
            if stamp:
                self.now_s = max(self.now_s, calendar.timegm(time.strptime(stamp, "%Y%m%dT%H%M%SZ")))
            self.log.append(call)
            if call.mutates:
                self.mutations += 1
            number = self.mutations
            kill = self.kill
            if kill and not kill.done and call.mutates and number == kill.at:
                kill.done = True
                return number, "kill after" if kill.after else "kill"
            if self.throttle_every and len(self.log) % self.throttle_every == 0:
                return number, "throttle"
            parent = self._parent(call)
            if parent:
                self.busy[parent] = self.busy.get(parent, 0) + 1
            return number, ""

    def _leave(self, call):
        with self.lock:
            parent = self._parent(call)
            if parent and self.busy.get(parent, 0) > 0:
                self.busy[parent] -= 1

    @staticmethod
    def _parent(call):
        if call.service == "apigateway" and call.mutates and len(call.parts) >= 1 and "/tags/" not in call.path:
            return call.parts[0]
        return None

    def _shoot(self, handler):
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
        handler.close_connection = True

    def _forward(self, call, raw):
        if call.service == "tagging" and call.operation == "GetResources":
            return 200, [("Content-Type", "application/x-amz-json-1.1")], self.tagging.answer(call)
        target, raw = self.hidden.mangle(call, raw, self.now_s)
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        headers = {k: v for k, v in call.headers.items() if k not in HOP}
        connection.request(call.method, target, body=raw or None, headers=headers)
        reply = connection.getresponse()
        body = reply.read()
        result = reply.status, [(k, v) for k, v in reply.getheaders() if k.lower() not in HOP], body
        connection.close()
        return result

    def _learn(self, call, status, body):
        if not 200 <= status < 300:
            return
        with self.lock:
            if call.operation == "AddPermission":
                self.statements.setdefault(call.parts[0], set()).add(call.body.get("StatementId"))
            elif call.operation == "RemovePermission":
                self.statements.get(call.parts[0], set()).discard(call.parts[1])
            elif call.operation == "DeleteFunction":
                self.statements.pop(call.parts[0], None)
            self.hidden.learn(call, body, self.now_s)

    def _rewrite(self, call, status, headers, body):
        if not call.mutates and 200 <= status < 300:
            body = self.hidden.filter(call, body, self.now_s)
            body = paging.page(call, body, self.page_sizes)
            for rewrite in self.rewrites:
                body = rewrite(call, body)
            if self.echo_seed is not None:
                body = echo.rewrite(call, body, self.echo_seed)
        return status, headers, body

    @staticmethod
    def _reply(handler, status, body, headers=()):
        try:
            handler.send_response(status)
            for name, value in headers:
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if handler.command != "HEAD":
                handler.wfile.write(body)
        except OSError:
            # effc was killed, or gave up waiting.
            handler.close_connection = True

    # ---- what AWS refuses and the emulator accepts ----

    def _refuse(self, call):
        conflict = None
        with self.lock:
            parent = self._parent(call)
            if parent and self.busy.get(parent, 0) > 1:
                conflict = "ConflictException", "Unable to complete operation due to concurrent modification"
            elif call.operation == "AddPermission" and \
                    call.body.get("StatementId") in self.statements.get(call.parts[0], set()):
                conflict = "ResourceConflictException", "The statement id provided already exists"
        if not conflict and call.operation == "CreateEventSourceMapping":
            conflict = self._duplicate_mapping(call)
        if not conflict and call.operation == "CreateRoute":
            conflict = self._duplicate_route(call)
        if not conflict:
            return None
        with self.lock:
            self.refused.append((str(call), conflict[0]))
        body = '{"Message":"%s","message":"%s","Type":"User"}' % (conflict[1], conflict[1])
        return 409, body.encode(), [("x-amzn-ErrorType", conflict[0]), ("Content-Type", "application/json")]

    def _ask(self, call, target):
        import json
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        headers = {"authorization": call.headers.get("authorization", "")}
        connection.request("GET", target, headers=headers)
        body = connection.getresponse().read()
        connection.close()
        return json.loads(body or b"{}")

    def _duplicate_mapping(self, call):
        function = call.body.get("FunctionName", "").rpartition(":")[2]
        source = call.body.get("EventSourceArn")
        for mapping in self._ask(call, "/2015-03-31/event-source-mappings/").get("EventSourceMappings", []):
            if mapping.get("EventSourceArn") == source and \
                    mapping.get("FunctionArn", "").rpartition(":")[2] == function:
                return "ResourceConflictException", "An event source mapping with this source and function exists"
        return None

    def _duplicate_route(self, call):
        for route in self._ask(call, "/v2/apis/%s/routes" % call.parts[0]).get("items", []):
            if route.get("routeKey") == call.body.get("routeKey"):
                return "ConflictException", "Route with key %s already exists" % call.body.get("routeKey")
        return None


def throttled(call):
    if "x-amz-target" in call.headers or call.service in ("lambda", "apigateway", "scheduler"):
        return b'{"__type":"ThrottlingException","message":"Rate exceeded"}'
    return (b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message>"
            b"</Error><RequestId>0</RequestId></ErrorResponse>")


def denied(call):
    if call.service == "iam":
        return (b"<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error>"
                b"<RequestId>0</RequestId></ErrorResponse>"), []
    return (b'{"__type":"AccessDeniedException","message":"not authorized"}',
            [("x-amzn-ErrorType", "AccessDeniedException")])


def count(log, pattern):
    """How many calls fit a pattern such as 'lambda (Create|Update)'."""
    return sum(1 for call in log if re.search(pattern, str(call)))
