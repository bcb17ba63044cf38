"""The whole line on examples/shop: plan, apply, plan, one change, a replacement, a removal, destroy."""

import json
import time
import unittest

from case import Case, actions, at, seed
from harness.loss import Lost
from harness.proxy import count


class Shop(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace("shop")

    def apply(self, *args, code=0):
        return self.shop.run(self.proxy, "apply", "--yes", *args, code=code)

    def test_first_plan_changes_nothing(self):
        before = self.snapshot()
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(set(actions(plan).values()), {"create"})
        self.assertEqual(self.proxy.mutations, 0)
        self.assertEqual(self.snapshot(), before)
        self.assertFalse((self.shop.spec / ".effc").exists(), "plan wrote a file")

    def test_apply_makes_the_account_as_golden(self):
        result = self.apply()
        self.assertIn("url = http", result.out)
        self.assert_golden("shop.json", self.snapshot())
        self.assertEqual(self.proxy.refused, [])

    def test_plan_after_apply_is_empty(self):
        self.apply()
        made = self.snapshot()
        mutations = self.proxy.mutations
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        self.apply()
        self.assertEqual(self.proxy.mutations, mutations, "an apply with nothing to do changed something")
        self.assertEqual(self.snapshot(), made)

    def test_one_memory_change_is_one_update(self):
        self.apply()
        self.shop.edit('every = "rate(1 day)"', 'every = "rate(1 day)"\nmemory = 512')
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"dailyReport": "update"})
        self.assertEqual([c["path"] for c in plan["actions"][0]["changes"]], ["MemorySize"])
        mutations = self.proxy.mutations
        self.apply()
        self.assertEqual(self.proxy.mutations - mutations, 1, [str(c) for c in self.proxy.log[-12:]])
        self.assertEqual(self.snapshot()["functions"]["shop-dev-dailyReport"]["configuration"]["MemorySize"], 512)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_changed_code_updates_only_its_functions(self):
        self.apply()
        self.shop.edit("'use strict';", "'use strict';\n// changed", "src/jobs.js")
        plan = self.shop.plan(self.proxy, code=0)
        self.assertTrue(actions(plan))
        self.assertEqual(set(actions(plan).values()), {"update"})
        self.apply()
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_renamed_sort_key_replaces_and_is_blocked(self):
        self.apply()
        made = self.snapshot()
        self.shop.edit('sort_key = "createdAt:string"', 'sort_key = "madeAt:string"')
        plan = self.shop.plan(self.proxy, code=4)
        table = next(a for a in plan["actions"] if a["address"] == "orders")
        self.assertEqual(table["action"], "replace")
        self.assertIn("KeySchema", table["reason"])
        self.assertIn("allow-data-loss", self.shop.run(self.proxy, "apply", "--yes", code=4).err)
        self.assertEqual(self.snapshot(), made, "a blocked apply changed something")
        self.apply("--allow-data-loss", "orders")
        tables = self.snapshot()["tables"]
        self.assertEqual(len(tables), 1, list(tables))
        keys = [k["AttributeName"] for k in next(iter(tables.values()))["table"]["KeySchema"]]
        self.assertIn("madeAt", keys)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_removed_block_goes_in_order(self):
        self.apply()
        text = (self.shop.spec / "effortless.toml").read_text()
        start = text.index("[schedule.dailyReport]")
        self.shop.write(text[:start] + text[text.index("[output.url]"):])
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(set(actions(plan).values()), {"delete"})
        self.proxy.log.clear()
        self.apply()
        order = [str(c).split(" ")[1] for c in self.proxy.log if c.mutates]
        self.assertLess(order.index("DeleteSchedule"), order.index("DeleteFunction"))
        self.assertLess(order.index("DeleteFunction"), order.index("DeleteLogGroup"))
        left = self.snapshot()
        self.assertNotIn("shop-dev-dailyReport", left["functions"])
        self.assertNotIn("/aws/lambda/shop-dev-dailyReport", left["log_groups"])
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_destroy_leaves_the_account_as_it_was(self):
        before = self.snapshot()
        self.apply()
        blocked = self.shop.run(self.proxy, "destroy", "--yes", code=4)
        self.assertIn("orders", blocked.out + blocked.err)
        self.shop.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.snapshot(), before)
        again = self.shop.run(self.proxy, "destroy", "--yes", code=0)
        self.assertIn("nothing to do", again.out)

    def test_drift_is_found_and_repaired(self):
        self.apply()
        from harness.account import client
        client(self.emulator.url, "lambda").update_function_configuration(
            FunctionName="shop-dev-dailyReport", MemorySize=1024)
        plan = self.shop.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"dailyReport": "update"})
        self.apply()
        self.assertEqual(self.snapshot()["functions"]["shop-dev-dailyReport"]["configuration"]["MemorySize"], 256)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_detailed_exit_codes(self):
        self.assertEqual(self.shop.run(self.proxy, "plan", "--detailed-exitcode").code, 2)
        self.apply()
        self.assertEqual(self.shop.run(self.proxy, "plan", "--detailed-exitcode").code, 0)

    def test_offline_plan_sends_nothing(self):
        self.apply()
        self.proxy.log.clear()
        self.assert_empty(self.shop.plan(self.proxy, "--refresh", "none", code=0))
        self.assertEqual(self.proxy.log, [])

    def test_events_are_json_lines(self):
        events = [json.loads(line) for line in self.apply("--json").out.splitlines()]
        self.assertEqual(events[-1]["event"], "summary")
        self.assertEqual(events[-1]["result"], "done")
        done = [e["address"] for e in events if e["event"] == "done" and e.get("address")]
        self.assertIn("orders", done)

    def test_interrupt_saves_and_the_next_run_goes_on(self):
        import signal
        process = self.shop.start(self.proxy, "apply", "--yes")
        deadline = time.monotonic() + 60
        while self.proxy.mutations < 6 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, out + err)
        self.apply()
        self.assert_golden("shop.json", self.snapshot())

    def test_throttling_is_met_with_patience(self):
        self.proxy.throttle_every = 4
        self.apply()
        self.proxy.throttle_every = 0
        self.assert_golden("shop.json", self.snapshot())
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_lost_replies_make_no_duplicates(self):
        lost = Lost(seed=seed(), one_in=2)
        self.proxy.rules = [lost]
        self.shop.run(self.proxy, "apply", "--yes", code=0, **at(time.time()))
        self.assertGreater(len(lost.lost), 5)
        self.proxy.rules = []
        self.assert_golden("shop.json", self.snapshot())
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_calls_are_few(self):
        self.apply()
        total = len(self.proxy.log)
        self.proxy.log.clear()
        self.shop.plan(self.proxy, code=0)
        reads = len(self.proxy.log)
        # 22 resources: creation looks, makes and reads back; a plan reads each with its sub-resources once.
        self.assertLess(total, 260, "calls of a first apply")
        self.assertLess(reads, 90, "calls of a plan")
        self.assertEqual(count(self.proxy.log, "CreateRole"), 0)


if __name__ == "__main__":
    unittest.main()
