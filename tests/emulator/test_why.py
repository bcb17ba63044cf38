"""What `effc why` tells of calls is what an apply then sends: all of them, and no others."""

import collections
import json
import unittest

from case import Case


class Why(Case):
    def told(self, work):
        """Operation -> how often it will be sent, and whether only a reply decides that; of all resources."""
        sure, perhaps = collections.Counter(), set()
        graph = json.loads(work.run(self.proxy, "graph", "--json", code=0).out)
        for node in graph["nodes"]:
            # Nothing moved outside, so the state knows it all.
            why = json.loads(work.run(self.proxy, "why", node["address"], "--json", "--refresh", "none", code=0).out)
            self.assertEqual(why["resource"]["address"], node["address"])
            for call in why["calls"]:
                if call["what"] != "changes":
                    continue
                if "times" in call and not call.get("maybe"):
                    sure[call["operation"]] += call["times"]
                else:
                    perhaps.add(call["operation"])
        return sure, perhaps

    def check(self, work, *options):
        sure, perhaps = self.told(work)
        self.assertGreater(sum(sure.values()), 0)
        self.proxy.clear()
        work.run(self.proxy, "apply", "--yes", *options, code=0)
        sent = collections.Counter(call.operation for call in self.proxy.log if call.mutates)
        for operation in set(sure) | set(sent):
            if operation not in perhaps:
                self.assertEqual(sent[operation], sure[operation], "%s\ntold %s\nsent %s" % (operation, sure, sent))

    def test_told_is_sent(self):
        work = self.workspace("shop")
        self.check(work)
        live = json.loads(work.run(self.proxy, "why", "orders", "--json", code=0).out)
        self.assertEqual(live["resource"]["action"], "none")
        work.edit("memory = 256", "memory = 512")
        work.edit('timeout = "30s"', 'timeout = "20s"')
        self.check(work)
        # One block is named otherwise: all of it is made anew and the old one goes.
        work.edit("[queue.expenses]", "[queue.costs]")
        work.write((work.spec / "effortless.toml").read_text().replace('"expenses"', '"costs"'))
        self.check(work)


if __name__ == "__main__":
    unittest.main()
