"""The quotas of the services as effc has them (schemas/overrides/services.yaml), as token buckets."""
import os
import pathlib
import re
import time

SOURCE = pathlib.Path(os.environ.get("EFFC_SRCDIR", pathlib.Path(__file__).resolve().parents[2]))
DEFAULT = (100.0, 200.0)        # of what the file says nothing of (executor/ratelimit.c)


def read_rules():
    """{service: {operation or "*": (rate per second, burst)}}"""
    rules, service = {}, None
    text = (SOURCE / "schemas" / "overrides" / "services.yaml").read_text(encoding="utf-8")
    # A map may go on in the next line.
    text = re.sub(r"\],\s*\n\s+", "], ", text)
    for line in text.splitlines():
        name = re.match(r"(\w+):$", line)
        service = name.group(1) if name else service
        if line.strip().startswith("quotas:"):
            rules[service] = {operation.strip('"'): (float(rate), float(burst)) for operation, rate, burst in
                              re.findall(r'("\*"|\w+): \[([\d.]+), ([\d.]+)\]', line)}
    return rules


class Bucket:
    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.tokens, self.at = burst, time.monotonic()

    def refill(self):
        now = time.monotonic()
        self.tokens, self.at = min(self.burst, self.tokens + (now - self.at) * self.rate), now


class Quotas:
    def __init__(self, slack=0):
        self.rules, self.buckets, self.slack = read_rules(), {}, slack

    def bucket(self, service, operation):
        """What the operation draws from."""
        rules = self.rules.get(service, {})
        name = operation if operation in rules else "*"
        if (service, name) not in self.buckets:
            rate, burst = rules.get(name, DEFAULT)
            self.buckets[service, name] = Bucket(rate, burst + self.slack)
        return self.buckets[service, name]

    def take(self, service, operation):
        """0 and a token taken, or the seconds until there is one."""
        bucket = self.bucket(service, operation)
        bucket.refill()
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / bucket.rate
        bucket.tokens -= 1
        return 0
