"""Laws of runs that nothing disturbs.

T15: what a destroy leaves is the account as it was before, to the byte, whatever the emulator keeps of it.
T16: whatever a call names is there, nothing goes while it is named, and no service refuses a change.
"""

import re
import time
import unittest

from case import Case, at
from harness import foreign
from harness.account import ACCOUNT, client
from harness.emulator import REGION
from harness.inside_out import everything
from harness.order import Order
from harness.proxy import Proxy
from kill_table import REPLACEMENTS, Shop, Stack
from walks.inside import Inside

APPLY = ("apply", "--yes", "--allow-data-loss", "all")
DESTROY = ("destroy", "--yes", "--allow-data-loss", "all")
NOW = time.time()
STACKS = [Shop()] + [Stack(name) for name in REPLACEMENTS]
# The emulator keeps the tags of an API, of a log group, of a schedule group that is gone.
OWN = re.compile(r"^(apigatewayv2|logs|scheduler) \S+\.tagger\.tags\.")


class Laws(Case):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Inside().__enter__()
        cls.addClassCleanup(cls.emulator.__exit__)
        cls.proxy = Proxy(cls.emulator).__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)

    def begin(self, stack):
        self.emulator.reset()
        self.proxy.clear()
        foreign.make(self.emulator.url)
        self.work = self.workspace("shop" if stack.name == "shop" else None)
        stack.make(self.work)

    def run_effc(self, *args):
        return self.work.run(self.proxy, *args, code=0, **at(NOW))

    def account(self):
        return [line for line in everything(ACCOUNT, REGION) if not OWN.search(line)]

    def test_destroy_law(self):
        for stack in STACKS:
            with self.subTest(stack=stack.name):
                self.begin(stack)
                before = self.account()
                self.run_effc(*APPLY)
                self.assertGreater(len(self.account()), len(before) + 50)
                stack.change(self.work)
                self.run_effc(*APPLY)
                self.run_effc(*DESTROY)
                after = self.account()
                self.assertEqual([line for line in after if line not in before], [])
                self.assertEqual([line for line in before if line not in after], [])

    def test_order_law(self):
        for stack in STACKS:
            with self.subTest(stack=stack.name):
                self.begin(stack)
                order = Order()
                self.proxy.rules = [order]
                for change in (lambda _: None, stack.change):
                    change(self.work)
                    self.run_effc(*APPLY)
                    self.assertGreater(len(order.alive), 4)
                self.run_effc(*DESTROY)
                self.assertEqual(order.violations(), [])
                self.assertEqual(order.alive, {})
                self.assertEqual([str(c) for c in self.proxy.log if c.mutates and c.status >= 400], [])

    def test_what_breaks_the_order_law_is_noticed(self):
        """The checker itself: a role that goes while a function has it, a mapping of a function that is not there."""
        self.proxy.rules = [Order()]
        iam, scheduler = client(self.proxy.url, "iam"), client(self.proxy.url, "scheduler")
        role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=foreign.TRUST)["Role"]["Arn"]
        scheduler.create_schedule_group(Name="g")
        queue = "arn:aws:sqs:eu-west-1:123456789012:nowhere"
        scheduler.create_schedule(Name="s", GroupName="g", ScheduleExpression="rate(1 day)",
                                  FlexibleTimeWindow={"Mode": "OFF"}, Target={"Arn": queue, "RoleArn": role})
        iam.delete_role(RoleName="r")
        scheduler.delete_schedule_group(Name="g")
        self.assertEqual(self.proxy.rules[0].violations(), [
            "scheduler CreateSchedule s names queue nowhere, which is not there",
            "iam DeleteRole r while schedule s names it", "scheduler DeleteScheduleGroup g while schedule s names it"])


if __name__ == "__main__":
    unittest.main()
