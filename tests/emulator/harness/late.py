"""Effects that land late: the caller hears nothing, looks, sees nothing, and then it is there after all."""

import threading

from .rules import Chooser, Rule


class Late(Rule):
    """Of every one_in-th changed thing the first change: the service acts after the caller gave up waiting."""

    source = "AWS SDKs and Tools Reference Guide, 'Retry behavior': a request that timed out may still be carried out"

    def __init__(self, seed, one_in, delay_s):
        self.chooser, self.delay_s = Chooser(seed, one_in), delay_s
        self.lock, self.late = threading.Lock(), []

    def postpone(self, call, now_s):
        if not call.mutates:
            return None
        with self.lock:
            if not self.chooser.takes(call):
                return None
            self.late.append(str(call))
        return self.delay_s
