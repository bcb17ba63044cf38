"""T12: what others change between a plan and its apply: the saved plan is stale, exit 5, and nothing is changed."""

import time
import unittest

from case import Case, at
from harness.account import client

MORE = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}'
LOGS = "/aws/lambda/shop-dev-createOrder"


def queue(of):
    url = of("sqs").get_queue_url(QueueName="shop-dev-expenses")["QueueUrl"]
    of("sqs").set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "7"})


def mapping(of):
    found = of("lambda").list_event_source_mappings(FunctionName="shop-dev-expenses")["EventSourceMappings"]
    of("lambda").update_event_source_mapping(UUID=found[0]["UUID"], BatchSize=3)


def route(of):
    api = of("apigatewayv2").get_apis()["Items"][0]["ApiId"]
    found = of("apigatewayv2").get_routes(ApiId=api)["Items"][0]
    of("apigatewayv2").update_route(ApiId=api, RouteId=found["RouteId"], RouteKey="GET /elsewhere")


def schedule(of):
    found = of("scheduler").get_schedule(Name="shop-dev-dailyReport", GroupName="shop-dev")
    of("scheduler").update_schedule(
        Name="shop-dev-dailyReport", GroupName="shop-dev", ScheduleExpression="rate(9 days)", Target=found["Target"],
        FlexibleTimeWindow=found["FlexibleTimeWindow"])


EDITS = {
    "queue": queue, "mapping": mapping, "route": route, "schedule": schedule,
    "function": lambda of: of("lambda").update_function_configuration(
        FunctionName="shop-dev-createOrder", MemorySize=1024),
    "function is gone": lambda of: of("lambda").delete_function(FunctionName="shop-dev-dailyReport"),
    "role": lambda of: of("iam").put_role_policy(
        RoleName="shop-dev-createOrder-role", PolicyName="more", PolicyDocument=MORE),
    "log group": lambda of: of("logs").put_retention_policy(logGroupName=LOGS, retentionInDays=3),
    "log group is gone": lambda of: of("logs").delete_log_group(logGroupName=LOGS),
}


class Between(Case):
    def test_each(self):
        shop = self.workspace("shop")
        now = time.time()
        shop.run(self.proxy, "apply", "--yes", code=0, **at(now))
        shop.edit("memory = 256", "memory = 512")
        for name, edit in EDITS.items():
            with self.subTest(edit=name):
                # With what the earlier edits left: each plan knows that already.
                shop.run(self.proxy, "plan", "--out", "a.plan", code=0, **at(now + 100))
                edit(lambda service: client(self.emulator.url, service))
                before, mutations = self.snapshot(), self.proxy.mutations
                result = shop.run(self.proxy, "apply", "a.plan", code=5, **at(now + 200))
                self.assertIn("moved: ", result.err)
                self.assertEqual(self.proxy.mutations, mutations)
                self.assertEqual(self.snapshot(), before)
        shop.run(self.proxy, "apply", "--yes", code=0, **at(now + 300))
        self.assert_empty(shop.plan(self.proxy, code=0))


if __name__ == "__main__":
    unittest.main()
