"""Replies that get lost after the service acted: closed, reset, cut in the middle, never sent."""

import hashlib
import re
import threading

from .rules import Chooser, Rule



class Lost(Rule):
    """Of every one_in-th changed thing the first reply; `operations` is a pattern of operations that it may be."""

    source = "AWS SDKs and Tools Reference Guide, 'Retry behavior': a request whose reply did not come may have acted"
    WAYS = "close", "reset", "half"

    def __init__(self, seed=0, one_in=1, ways=WAYS, operations="", most=1, reads=False):
        self.chooser, self.ways, self.operations, self.reads = Chooser(seed, one_in, most), ways, operations, reads
        self.lock = threading.Lock()
        self.seed, self.lost = seed, []

    def deliver(self, call, now_s):
        if not (call.mutates or self.reads) or not re.search(self.operations, call.operation):
            return None
        with self.lock:
            if not self.chooser.takes(call):
                return None
            self.lost.append(str(call))
        pick = hashlib.sha256(("way/%s/%s" % (self.seed, call.thing())).encode()).digest()[0]
        return self.ways[pick % len(self.ways)]


class Hang(Rule):
    """No reply at all to what fits the pattern, until the caller goes or the test ends."""

    source = Lost.source

    def __init__(self, operations):
        self.operations = operations
        self.over, self.held = threading.Event(), 0

    def deliver(self, call, now_s):
        if re.search(self.operations, call.operation) and not self.over.is_set():
            self.held += 1
            return "hang"
        return None

    def release(self):
        self.over.set()
