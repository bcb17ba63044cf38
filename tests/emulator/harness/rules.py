"""What a rule of the proxy is: one way in which AWS, or the world before it, differs from the emulator.

A rule says where it has that from (`source`), and none picks by counting the calls of concurrent requests: what it
does to an object it does to that object in every run, and so often at most.
"""

import hashlib

from . import errors


class Rule:
    source = ""
    # (service, operation) -> codes that it may answer with; "*": every operation, every service.
    answers = {}

    def say(self, call, code, message):
        """A reply for refuse; a code that was not declared is a fault of the rule."""
        declared = [codes for (service, operation), codes in self.answers.items()
                    if service in ("*", call.service) and operation in ("*", call.operation)]
        if not any(code in codes for codes in declared):
            raise errors.Unknown("%s does not declare %s of %s" % (type(self).__name__, code, call))
        return errors.answer(call, code, message)

    def refuse(self, call, now_s):
        """The reply of a service that says no and does nothing (errors.answer), else None."""

    def postpone(self, call, now_s):
        """Seconds after which the service acts, while the caller hears nothing; else None."""

    def mangle(self, call, target, raw, now_s):
        """The request as it reaches the service."""
        return target, raw

    def learn(self, call, body, now_s):
        """The service did it."""

    def change(self, call, body, now_s):
        """What a successful read says."""
        return body

    def deliver(self, call, now_s):
        """How a reply fails to arrive: close, reset, half, hang; else None."""

    def release(self):
        """The test is over: nobody is held up any longer."""


class Chooser:
    """Picks objects by a seed: the same ones whatever the order of the calls, each a bounded number of times."""

    def __init__(self, seed, one_in, most=1):
        self.seed, self.one_in, self.most = seed, one_in, most
        self.done = {}

    def picks(self, call):
        digest = hashlib.sha256(("%s/%s" % (self.seed, call.thing())).encode()).digest()
        return int.from_bytes(digest[:4], "big") % self.one_in == 0

    def takes(self, call):
        """True at most `most` times for what a repeated call is about."""
        thing = call.thing()
        if not self.picks(call) or self.done.get(thing, 0) >= self.most:
            return False
        self.done[thing] = self.done.get(thing, 0) + 1
        return True
