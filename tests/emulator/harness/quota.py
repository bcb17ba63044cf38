"""Services that are asked too often: quotas of their own, and storms in which others have used them up."""

import hashlib
import threading

from . import errors
from .rules import Rule


class Quota(Rule):
    """A token bucket for each (service, operation) of `rates`, "*" for all others of the service."""

    source = "Amazon EC2 API Reference, 'Request throttling': the token bucket algorithm; AWS Lambda Developer " \
        "Guide, 'Lambda quotas': 15 requests a second over all control plane APIs"

    def __init__(self, rates, retry_after_s=None):
        self.rates, self.retry_after_s = rates, retry_after_s
        self.lock, self.buckets, self.refused = threading.Lock(), {}, []

    def key(self, call):
        for key in ((call.service, call.operation), (call.service, "*")):
            if key in self.rates:
                return key
        return None

    def refuse(self, call, now_s):
        key = self.key(call)
        if not key:
            return None
        rate, burst = self.rates[key]
        with self.lock:
            tokens, at_s = self.buckets.get(key, (burst, now_s))
            tokens = min(burst, tokens + max(0, now_s - at_s) * rate)
            taken = tokens >= 1
            self.buckets[key] = tokens - taken, max(now_s, at_s)
            if taken:
                return None
            self.refused.append(str(call))
        return errors.throttled(call, self.retry_after_s)


class Storm(Rule):
    """Of every hundred attempts so many are refused, until storm_s after the first; who we are may be asked."""

    source = Quota.source

    def __init__(self, seed, percent, storm_s, retry_after_s=None):
        self.seed, self.percent, self.storm_s, self.retry_after_s = seed, percent, storm_s, retry_after_s
        self.lock, self.tries, self.begun_s, self.refused = threading.Lock(), {}, None, []

    def refuse(self, call, now_s):
        if call.service == "sts":
            return None
        with self.lock:
            if self.begun_s is None:
                self.begun_s = now_s
            tries = self.tries[call.thing()] = self.tries.get(call.thing(), 0) + 1
            digest = hashlib.sha256(("%s/%s/%d" % (self.seed, call.thing(), tries)).encode()).digest()
            if now_s >= self.begun_s + self.storm_s or digest[0] * 100 >= self.percent * 256:
                return None
            self.refused.append(str(call))
        after_s = self.retry_after_s if digest[1] % 2 else None
        return errors.throttled(call, after_s)
