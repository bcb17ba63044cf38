"""The order law: whatever a request names exists when it is sent, and nothing goes while another thing names it."""

import json
import re
import threading

from .rules import Rule

# Operations that make or remove something -> its kind, where its name stands.
MAKES = {
    "CreateFunction": ("function", "FunctionName"), "CreateRole": ("role", "RoleName"),
    "CreateQueue": ("queue", "QueueName"), "CreateTopic": ("topic", "Name"), "CreateTable": ("table", "TableName"),
    "CreateLogGroup": ("logs", "logGroupName"), "CreateSchedule": ("schedule", 0),
    "CreateScheduleGroup": ("group", 0), "CreateApi": ("api", "apiId"), "CreateIntegration": ("integration",
                                                                                              "integrationId"),
    "CreateRoute": ("route", "routeId"), "CreateEventSourceMapping": ("mapping", "UUID"),
    "AddPermission": ("permission", "StatementId"),
}
REMOVES = {
    "DeleteFunction": ("function", 0), "DeleteRole": ("role", "RoleName"), "DeleteQueue": ("queue", "QueueUrl"),
    "DeleteTopic": ("topic", "TopicArn"), "DeleteTable": ("table", "TableName"),
    "DeleteLogGroup": ("logs", "logGroupName"), "DeleteSchedule": ("schedule", 0), "DeleteScheduleGroup": ("group", 0),
    "DeleteApi": ("api", 0), "DeleteIntegration": ("integration", 1), "DeleteRoute": ("route", 1),
    "DeleteEventSourceMapping": ("mapping", 0), "RemovePermission": ("permission", 1),
}
CHANGES = {
    "UpdateFunctionConfiguration": ("function", 0), "SetQueueAttributes": ("queue", "QueueUrl"),
    "UpdateSchedule": ("schedule", 0), "UpdateIntegration": ("integration", 1), "UpdateRoute": ("route", 1),
    "UpdateEventSourceMapping": ("mapping", 0),
}
ARNS = [
    ("function", re.compile(r"arn:aws:lambda:[\w-]+:\d+:function:([\w-]+)")),
    ("role", re.compile(r"arn:aws:iam::\d+:role/(?:[\w.-]+/)*([\w+=,.@-]+)")),
    ("queue", re.compile(r"arn:aws:sqs:[\w-]+:\d+:([\w.-]+)")),
    ("table", re.compile(r"arn:aws:dynamodb:[\w-]+:\d+:table/([\w.-]+)")),
    ("topic", re.compile(r"arn:aws:sns:[\w-]+:\d+:([\w.-]+)")),
    ("integration", re.compile(r"^\"integrations/(\w+)\"$")),
]
# What AWS does not look at: it may name what is not there (yet).
WEAK = {"Environment", "PolicyDocument", "AssumeRolePolicyDocument", "SourceArn", "Tags", "tags"}


class Order(Rule):
    """Watches; in runs without faults `violations` stays empty."""

    source = "Service Authorization and API References: ResourceNotFoundException, DeleteConflict, ResourceInUse, " \
        "ConflictException of what names a thing that is not there, or takes away one that is named"

    def __init__(self):
        self.lock, self.alive, self.found = threading.Lock(), {}, []

    def violations(self):
        return [text for text, _ in self.found]

    def refuse(self, call, now_s):
        if not call.mutates:
            return None
        with self.lock:
            for names in self.named(call).values():
                for thing in names - set(self.alive):
                    self.found.append(("%s names %s, which is not there" % (call, " ".join(thing)), None))
            gone = self.subject(call, REMOVES)
            for other, refs in self.alive.items() if gone else ():
                if other != gone and gone in set().union(*refs.values()):
                    self.found.append(("%s while %s names it" % (call, " ".join(other)), gone))

    def learn(self, call, body, now_s):
        with self.lock:
            made = self.subject(call, MAKES, body)
            changed = self.subject(call, CHANGES)
            if made:
                # IAM lets a role go that others name; under its name comes another, and they are told so.
                self.found = [(text, gone) for text, gone in self.found if gone != made or gone[0] != "role"]
                self.alive[made] = self.named(call)
            elif changed in self.alive:
                self.alive[changed].update(self.named(call))
            else:
                self.alive.pop(self.subject(call, REMOVES), None)

    @staticmethod
    def subject(call, table, body=b""):
        kind, where = table.get(call.operation, (None, None))
        if kind is None or kind == "permission" and call.service != "lambda":
            return None
        name = call.parts[where] if isinstance(where, int) else call.body.get(where)
        if name is None and body.startswith(b"{"):
            name = json.loads(body).get(where)
        return (kind, re.split(r"[/:]", name)[-1] if kind in ("queue", "topic") else name) if name else None

    @staticmethod
    def named(call):
        """Top-level member -> things that it names; the path names parents."""
        found = {}
        for key, value in call.body.items():
            if key not in WEAK:
                text = json.dumps(value)
                found[key] = {(kind, name) for kind, pattern in ARNS for name in pattern.findall(text)}
        if call.service == "apigateway" and len(call.parts) > (call.method != "POST") and "/tags/" not in call.path:
            found["path"] = {("api", call.parts[0])}
        if call.service == "scheduler" and isinstance(call.body.get("GroupName"), str):
            found["GroupName"] = {("group", call.body["GroupName"])}
        if call.operation in ("CreateEventSourceMapping", "AddPermission"):
            function = call.body.get("FunctionName", "").rpartition(":")[2] or call.parts[0]
            found["FunctionName"] = {("function", function)}
        if call.operation == "CreateFunction":
            # A function that logs before its group is there makes one that nobody owns.
            found["logs"] = {("logs", "/aws/lambda/" + call.body["FunctionName"])}
        return {key: things for key, things in found.items() if things}
