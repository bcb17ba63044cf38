"""Creates that stay invisible to reads for a while, as AWS's reads may lag behind its writes.

A hidden thing is asked for under a name that does not exist, so the emulator itself says "not found" in
its own words; in lists it is left out.  It is hidden within its service: a table and the log group of its
function may end with the same name.
"""

import json
import re
import urllib.parse

from .rules import Rule

ABSENT = "zzhidden"

# create operation -> where its name stands: in the request's body, in its path, or in the reply
CREATES = {
    "CreateTable": ("body", "TableName"), "CreateQueue": ("body", "QueueName"), "CreateRole": ("body", "RoleName"),
    "CreateFunction": ("body", "FunctionName"), "CreateLogGroup": ("body", "logGroupName"),
    "CreateSchedule": ("path", 0), "CreateScheduleGroup": ("path", 0), "PutParameter": ("body", "Name"),
    "CreateApi": ("reply", "apiId"), "CreateIntegration": ("reply", "integrationId"),
    "CreateRoute": ("reply", "routeId"), "CreateEventSourceMapping": ("reply", "UUID"),
    "CreateTopic": ("body", "Name"),
}
ITEM_KEYS = ("apiId", "integrationId", "routeId", "UUID", "name", "Name", "RoleName", "FunctionName", "logGroupName")


class Hidden(Rule):
    """Whatever was created, for so many seconds."""

    source = "IAM User Guide, 'Changes that I make are not always immediately visible'; Amazon DynamoDB API " \
        "Reference, DescribeTable: 'uses an eventually consistent query'"

    def __init__(self, for_s):
        self.for_s = for_s
        self.until = {}

    def learn(self, call, body, now_s):
        rule = CREATES.get(call.operation)
        if not self.for_s or not rule:
            return
        where, key = rule
        if where == "body":
            name = call.body.get(key)
        elif where == "path":
            name = call.parts[key]
        else:
            try:
                name = json.loads(body).get(key)
            except ValueError:
                name = None
        # Only what was not there before: a repeated create must not hide an old thing again.
        if name and (call.service, name) not in self.until:
            self.until[call.service, name] = now_s + self.for_s

    def names(self, call, now_s):
        return [name for (service, name), until in self.until.items() if now_s < until and service == call.service]

    def mangle(self, call, raw, now_s):
        """The request, asking for something absent if it asks for something hidden."""
        if call.mutates:
            return call.target, raw
        target = call.target
        for name in self.names(call, now_s):
            quoted = urllib.parse.quote(name, safe="")
            target = re.sub(r"(?<=/)%s(?=[/?]|$)" % re.escape(quoted), quoted + ABSENT, target)
            target = re.sub(r"(?<==)%s(?=&|$)" % re.escape(quoted), quoted + ABSENT, target)
            for form in (name, quoted):
                pattern = rb'(?<=["=/:])' + re.escape(form.encode()) + rb'(?=["&]|$)'
                raw = re.sub(pattern, (form + ABSENT).encode(), raw)
        return target, raw

    def filter(self, call, body, now_s):
        """A list without the hidden things."""
        names = set(self.names(call, now_s))
        if not names or not body.startswith(b"{"):
            return body
        try:
            value = json.loads(body)
        except ValueError:
            return body
        for key, items in list(value.items()):
            if isinstance(items, list):
                value[key] = [item for item in items if not self._is_hidden(item, names)]
        return json.dumps(value).encode()

    @staticmethod
    def _is_hidden(item, names):
        if isinstance(item, str):
            return item.rpartition("/")[2] in names
        return isinstance(item, dict) and any(item.get(key) in names for key in ITEM_KEYS)
