"""How often a service made something: never twice what it gives an id of its own; and nothing of others is touched."""

import collections
import threading

from .rules import Rule

# Whose second request makes a second thing: nothing that the caller chooses tells them apart.
ASSIGNED = ("CreateApi", "CreateIntegration", "CreateRoute", "CreateEventSourceMapping")
THEIRS = "theirs"


class Made(Rule):
    """Counts the creations of what has no name; and the changes of what is called theirs."""

    source = "Amazon API Gateway Version 2 API Reference, CreateApi, CreateIntegration, CreateRoute: no client token"

    def __init__(self):
        self.lock, self.count, self.touched = threading.Lock(), collections.Counter(), []

    def learn(self, call, body, now_s):
        with self.lock:
            if call.operation in ASSIGNED:
                self.count[call.thing()] += 1
            if call.mutates and (THEIRS in call.target or THEIRS.encode() in call.raw):
                self.touched.append(str(call))

    def twice(self):
        return {thing: n for thing, n in self.count.items() if n > 1}
