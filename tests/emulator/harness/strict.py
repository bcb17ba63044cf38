"""What AWS refuses and the emulator accepts; in force unless a test sets proxy.strict to False."""

import http.client
import json
import threading

from .rules import Rule


class OnePerApi(Rule):
    """Two changes of one HTTP API at once: the second is told to come again."""

    source = "Amazon API Gateway Version 2 API Reference, ConflictException; AWS.md: one change at a time per parent"
    answers = {("apigateway", "*"): ["ConflictException"]}

    def __init__(self):
        self.lock, self.busy = threading.Lock(), {}

    @staticmethod
    def parent(call):
        if call.service == "apigateway" and call.mutates and call.parts and "/tags/" not in call.path:
            return call.parts[0]
        return None

    def begin(self, call):
        with self.lock:
            parent = call.changes = self.parent(call)
            if parent:
                self.busy[parent] = self.busy.get(parent, 0) + 1

    def end(self, call):
        """Before its reply is on its way: who has that may send the next."""
        with self.lock:
            parent, call.changes = call.changes, None
            if parent and self.busy.get(parent, 0) > 0:
                self.busy[parent] -= 1

    def refuse(self, call, now_s):
        with self.lock:
            if self.busy.get(self.parent(call), 0) < 2:
                return None
        return self.say(call, "ConflictException", "Unable to complete operation due to concurrent modification. "
                        "Please try again later.")


class Duplicates(Rule):
    """A statement, a mapping, a route that is there already."""

    source = "AWS Lambda API Reference, AddPermission and CreateEventSourceMapping, ResourceConflictException; " \
        "Amazon API Gateway Version 2 API Reference, CreateRoute, ConflictException"
    answers = {("lambda", "AddPermission"): ["ResourceConflictException"],
               ("lambda", "CreateEventSourceMapping"): ["ResourceConflictException"],
               ("apigateway", "CreateRoute"): ["ConflictException"]}

    def __init__(self, emulator):
        self.emulator, self.lock, self.statements = emulator, threading.Lock(), {}

    def learn(self, call, body, now_s):
        with self.lock:
            if call.operation == "AddPermission":
                self.statements.setdefault(call.parts[0], set()).add(call.body.get("StatementId"))
            elif call.operation == "RemovePermission":
                self.statements.get(call.parts[0], set()).discard(call.parts[1])
            elif call.operation == "DeleteFunction":
                self.statements.pop(call.parts[0], None)

    def refuse(self, call, now_s):
        if call.operation == "AddPermission":
            with self.lock:
                if call.body.get("StatementId") in self.statements.get(call.parts[0], set()):
                    return self.say(call, "ResourceConflictException", "The statement id provided already exists")
        if call.operation == "CreateEventSourceMapping" and self._is_mapped(call):
            return self.say(call, "ResourceConflictException",
                            "An event source mapping with this source and function exists")
        if call.operation == "CreateRoute" and self._is_routed(call):
            return self.say(call, "ConflictException", "Route with key %s already exists" % call.body.get("routeKey"))
        return None

    def _ask(self, call, target):
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        connection.request("GET", target, headers={"authorization": call.headers.get("authorization", "")})
        body = connection.getresponse().read()
        connection.close()
        return json.loads(body or b"{}")

    def _is_mapped(self, call):
        function, source = call.body.get("FunctionName", "").rpartition(":")[2], call.body.get("EventSourceArn")
        mappings = self._ask(call, "/2015-03-31/event-source-mappings/").get("EventSourceMappings", [])
        return any(m.get("EventSourceArn") == source and m.get("FunctionArn", "").rpartition(":")[2] == function
                   for m in mappings)

    def _is_routed(self, call):
        routes = self._ask(call, "/v2/apis/%s/routes" % call.parts[0]).get("items", [])
        return any(route.get("routeKey") == call.body.get("routeKey") for route in routes)


class Gone(Rule):
    """What was deleted is not found; the emulator has errors of its own for some of it."""

    source = "EventBridge Scheduler API Reference, DeleteScheduleGroup; Amazon DynamoDB API Reference, UpdateTable: " \
        "ResourceNotFoundException"
    answers = {("scheduler", "DeleteScheduleGroup"): ["ResourceNotFoundException"],
               ("dynamodb", "UpdateTable"): ["ResourceNotFoundException"]}

    def __init__(self):
        self.lock, self.gone = threading.Lock(), set()

    @staticmethod
    def things(call, verb):
        if call.operation == verb + "ScheduleGroup":
            return {("group", call.parts[0])}
        return {(call.body.get("TableName"), update[verb]["IndexName"]) for update in
                call.body.get("GlobalSecondaryIndexUpdates") or () if verb in update}

    def learn(self, call, body, now_s):
        with self.lock:
            self.gone = (self.gone | self.things(call, "Delete")) - self.things(call, "Create")

    def refuse(self, call, now_s):
        with self.lock:
            again = self.things(call, "Delete") & self.gone
        return self.say(call, "ResourceNotFoundException", "Requested resource not found") if again else None
