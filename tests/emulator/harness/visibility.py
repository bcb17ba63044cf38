"""Reads that lag behind writes: other for each thing and each way to read it, lists later than gets, back and forth."""

import hashlib
import re

from .hide import Hidden

LIST = re.compile(r"^(List|GetApis|GetParameters|DescribeParameters|DescribeLogGroups|GetResources|"
                  r"GetAccountAuthorizationDetails)")


class Eventually(Hidden):
    """Shown to a get within get_s of its creation, to a list within list_s; for flip_s after that only now and then."""

    source = Hidden.source

    def __init__(self, seed, get_s, list_s, flip_s):
        super().__init__(get_s + list_s + flip_s)
        self.seed, self.get_s, self.list_s, self.flip_s = seed, get_s, list_s, flip_s
        self.hid = 0

    def pick(self, *what):
        digest = hashlib.sha256("/".join(str(w) for w in (self.seed, *what)).encode()).digest()
        return int.from_bytes(digest[:4], "big")

    def names(self, call, now_s):
        found = [name for (service, name), until in self.until.items()
                 if service == call.service and self.hides(call, name, now_s - (until - self.for_s))]
        self.hid += len(found)
        return found

    def hides(self, call, name, age_s):
        way = "list" if LIST.match(call.operation) else "get"
        shown_s = self.pick(name, way) % (1 + (self.list_s if way == "list" else self.get_s))
        if age_s < shown_s:
            return True
        return age_s < shown_s + self.flip_s and bool(self.pick(name, call.operation, int(age_s)) % 2)
