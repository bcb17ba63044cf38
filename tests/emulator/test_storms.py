"""T4: services that throttle: for a minute nearly everything, or all the time, by quotas of half of what is known.

It ends well, no more is sent than the quotas that the program knows allow, what was refused does not come back in one
volley, and the storm costs the refused attempts and nothing else.
"""

import collections
import unittest

import yaml

from case import Case, at, seed
from harness.errors import MODELS
from harness.program import SOURCE
from harness.quota import Quota, Storm

NOW = 1790000000
SPEC = '[project]\nname = "storm"\nregion = "eu-west-1"\n\n' + "".join(
    "[queue.q%d]\n\n" % i for i in range(8)) + "".join(
    '[AWS.SSM.Parameter.p%d]\nType = "String"\nValue = "%d"\n\n' % (i, i) for i in range(16)) + "".join(
    '[function.f%d]\nhandler = "src/worker.js#run"\n\n' % i for i in range(5))
STORM_S = 60
READS = ("Get", "List", "Describe")


def quotas():
    """(service as it signs, operation or "*") -> per second, burst: what the program keeps to."""
    names = {file: signed for signed, file in MODELS.items()}
    rules = yaml.safe_load((SOURCE / "schemas" / "overrides" / "services.yaml").read_text())
    return {(names.get(service, service), operation): (rate, burst)
            for service, rule in rules.items() for operation, (rate, burst) in rule.get("quotas", {}).items()}


class Storms(Case):
    def setUp(self):
        super().setUp()
        self.seed = seed()

    def begin(self, rule=None):
        self.emulator.reset()
        self.proxy.clear()
        self.work = self.workspace()
        self.work.write(SPEC)
        self.work.write("exports.run = async () => 1;\n", "src/worker.js")
        self.proxy.rules = [rule] if rule else []

    def apply(self):
        self.work.run(self.proxy, "apply", "--yes", code=0, **at(NOW))
        return self.proxy.log[:]

    def served(self, log):
        return collections.Counter(call.operation for call in log if not call.refused)

    def assert_at_no_other_cost(self, log, calm):
        """Each change once; what was made is read together with what was made until then, which a storm pulls apart."""
        served = self.served(log)

        def changes(counts):
            return {name: n for name, n in counts.items() if not name.startswith(READS)}
        self.assertEqual(changes(served), changes(calm))
        self.assertLessEqual(sum(served.values()), 1.25 * sum(calm.values()), served - calm)

    def calm(self):
        """The calls of an apply that nothing disturbs, and of a plan after it."""
        self.begin()
        log = self.apply()
        self.proxy.log.clear()
        self.work.run(self.proxy, "plan", code=0, **at(NOW + 3600))
        return self.served(log), len(self.proxy.log)

    def assert_within_quotas(self, log):
        """In no span of seconds more than a full bucket and what came into it."""
        times, rules = collections.defaultdict(list), quotas()
        for call in log:
            key = (call.service, call.operation)
            key = key if key in rules else (call.service, "*")
            if key in rules:
                times[key].append(call.at_s)
        self.assertGreater(len(times), 2)
        for key, found in times.items():
            rate, burst = rules[key]
            count = collections.Counter(found)
            for first in count:
                for last in (second for second in count if second >= first):
                    sent = sum(n for second, n in count.items() if first <= second <= last)
                    self.assertLessEqual(sent, burst + rate * (last - first + 1), "%s from %d to %d" % (
                        key, first - NOW, last - NOW))

    def volleys(self, log):
        """Of what was refused in one second for the fourth time or later, the seconds of the next attempts."""
        tries, groups = collections.Counter(), collections.defaultdict(list)
        waiting = {}
        for call in log:
            thing = call.thing()
            if thing in waiting:
                groups[waiting.pop(thing)].append(call.at_s)
            tries[thing] = tries[thing] + 1 if call.refused else 0
            if tries[thing] >= 4:
                waiting[thing] = call.at_s
        return [back for back in groups.values() if len(back) >= 4]

    def test_storms(self):
        calm, plan_calls = self.calm()
        volleys = []
        for percent in (30, 60, 90):
            with self.subTest(percent=percent):
                storm = Storm(self.seed, percent, STORM_S, retry_after_s=2)
                self.begin(storm)
                log = self.apply()
                self.assertGreater(len(storm.refused), 15)
                self.assert_within_quotas(log)
                volleys += self.volleys(log)
                self.assert_at_no_other_cost(log, calm)
                self.proxy.log.clear()
                after = max(NOW + 3600, self.proxy.now_s)
                self.assertIn("nothing to do", self.work.run(self.proxy, "plan", code=0, **at(after)).out)
                self.assertEqual(len(self.proxy.log), plan_calls)
        self.assertGreater(len(volleys), 0, "too few refused at once to tell")
        self.assertGreater(sum(len(set(back)) for back in volleys), len(volleys), volleys)

    def test_quotas_of_half_the_rate(self):
        """The account's quotas are lower than the published ones: found out, and kept to."""
        calm, _ = self.calm()
        rule = Quota({key: (rate / 2, max(1, burst // 2)) for key, (rate, burst) in quotas().items()})
        self.begin(rule)
        log = self.apply()
        self.assert_within_quotas(log)
        self.assert_at_no_other_cost(log, calm)
        self.assertLess(len(rule.refused), len(log) / 2)


if __name__ == "__main__":
    unittest.main()
