"""A refresh asks little: pages where they cost fewer calls than objects, and nothing that the spec does not manage."""

import json
import os
import sys
import unittest

from case import Case, actions
from harness.account import client
from harness.program import SOURCE
from harness.proxy import count

sys.path.insert(0, str(SOURCE / "tests" / "bench"))
import service  # noqa: E402

EMPTY = b"PK\x05\x06" + bytes(18)
SIZES = [int(n) for n in os.environ.get("EFFC_UNITS", "5 50").split()]
LISTS = "(GetResources|ListFunctions|ListEventSourceMappings|GetParameters|GetAccountAuthorizationDetails)"


class Reads(Case):
    def service(self, units):
        work = self.workspace()
        for path, text in service.files(units).items():
            work.write(text, path)
        work.run(self.proxy, "apply", "--yes", program="effc-test", env={"EFFC_TEST_NOW": "1767225600"},
                 code=0)
        self.proxy.clear()
        return work

    def test_calls_of_a_refresh(self):
        for units in SIZES:
            with self.subTest(units=units):
                self.emulator.reset()
                self.proxy.clear()
                work = self.service(units)
                result = work.run(self.proxy, "plan", code=0)
                calls = len(self.proxy.log)
                print("%d units, %d resources: %d reads, %.2f a unit, of %.0f" % (
                    units, service.resources(units), calls, calls / units, service.reads_allowed(units)))
                self.assertLessEqual(calls, service.reads_allowed(units))
                self.assertEqual(self.proxy.mutations, 0)
                self.assertIn("%d unchanged, nothing to do" % service.resources(units), result.out)
                # Whose credentials they are is asked as well.
                self.assertIn("live data: %d resources read with %d calls" % (service.resources(units), calls - 1),
                              result.out)
                self.assertIn("not read, since the spec does not set it: TimeToLiveSpecification of %d "
                              "AWS::DynamoDB::Table and " % units, result.out)

    def test_what_was_not_read_is_told(self):
        work = self.service(2)
        plan = work.plan(self.proxy, code=0)
        parts = {(part["type"], part["property"]): part["count"] for part in plan["live"]["not_read"]}
        self.assertEqual(parts["AWS::Lambda::Function", "ReservedConcurrentExecutions"], 2)
        self.assertEqual(parts["AWS::IAM::Role", "MaxSessionDuration"], 2)
        self.assertNotIn(("AWS::SQS::Queue", "Tags"), parts)
        shown = work.run(self.proxy, "plan", "-v", code=0).out
        for kind, name in parts:
            self.assertIn("%s of 2 %s" % (name, kind), shown)

    def test_drift_is_seen_in_pages(self):
        """Tags, a function's memory, an inline policy, retention, a parameter: each told by pages."""
        work = self.service(3)
        at = lambda name: client(self.emulator.url, name)  # noqa: E731
        at("lambda").update_function_configuration(FunctionName="svc-dev-work0", MemorySize=512)
        at("iam").delete_role_policy(RoleName="svc-dev-work1-role", PolicyName=at("iam").list_role_policies(
            RoleName="svc-dev-work1-role")["PolicyNames"][0])
        group = at("logs").describe_log_groups()["logGroups"][2]["logGroupName"]
        at("logs").put_retention_policy(logGroupName=group, retentionInDays=1)
        at("ssm").put_parameter(Name="/svc/dev/unit2", Value="another", Overwrite=True)
        url = at("sqs").get_queue_url(QueueName="svc-dev-jobs0")["QueueUrl"]
        at("sqs").tag_queue(QueueUrl=url, Tags={"effortless:stage": "prod"})
        seen = {address: [c["path"] for c in action["changes"]] for address, action in
                ((a["address"], a) for a in work.plan(self.proxy, code=0)["actions"])}
        self.assertEqual(sorted(seen), ["jobs0", "parameter2", "work0", "work1/role", "work2/logs"])
        self.assertEqual(seen["work0"], ["MemorySize"])
        self.assertEqual(seen["jobs0"], ["Tags[effortless:stage].Value"])
        work.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(work.plan(self.proxy, code=0))

    def test_stale_pages_are_not_believed(self):
        """Lists that lack what is there and tell old things: nothing is gone, nothing drifted."""
        work = self.service(3)
        broken = []

        def break_it(call, body):
            if not body.startswith(b"{") or call.operation not in (
                    "ListFunctions", "GetResources", "GetParameters", "ListEventSourceMappings"):
                return body
            value = json.loads(body)
            for items in (v for v in value.values() if isinstance(v, list)):
                broken.append(call.operation)
                del items[:1]
                for item in items:
                    item.update({"MemorySize": 1024, "Value": "old", "Tags": []})
            return json.dumps(value).encode()

        self.proxy.rewrites.append(break_it)
        self.assert_empty(work.plan(self.proxy, code=0))
        self.assertEqual(set(broken), {"ListFunctions", "GetResources", "GetParameters", "ListEventSourceMappings"})
        self.assertGreater(count(self.proxy.log, "GetFunction |GetParameter "), 3)

    def test_deleted_behind_our_back(self):
        work = self.service(3)
        client(self.emulator.url, "lambda").delete_function(FunctionName="svc-dev-work1")
        client(self.emulator.url, "ssm").delete_parameter(Name="/svc/dev/unit0")
        plan = actions(work.plan(self.proxy, code=0))
        self.assertEqual((plan["work1"], plan["parameter0"]), ("create", "create"))
        self.assertNotIn("work2", plan)

    def test_only_what_changes_is_read(self):
        work = self.service(3)
        work.plan(self.proxy, "--refresh", "changed", code=0)
        self.assertEqual([str(call) for call in self.proxy.log], ["sts GetCallerIdentity "])
        work.edit('Value = "what unit 1 is told"', 'Value = "another"')
        work.edit("[queue.jobs2]", '[queue.jobs2]\nvisibility_timeout = "90s"')
        self.proxy.clear()
        plan = work.plan(self.proxy, "--refresh", "changed", code=0)
        self.assertEqual(actions(plan), {"jobs2": "update", "parameter1": "update"})
        self.assertEqual({key: plan["live"][key] for key in ("resources", "skipped")}, {"resources": 2, "skipped": 30})
        self.assertEqual(plan["live"]["calls"], len(self.proxy.log) - 1)
        self.assertEqual(count(self.proxy.log, "lambda|dynamodb|iam"), 0)
        shown = work.run(self.proxy, "plan", "--refresh=changed", code=0).out
        self.assertIn("live data: 2 resources read with 3 calls, 30 not read, since nothing changes them", shown)
        # What is gone takes others with it, which are looked at before anything is done to them.
        client(self.emulator.url, "ssm").delete_parameter(Name="/svc/dev/unit1")
        url = client(self.emulator.url, "sqs").get_queue_url(QueueName="svc-dev-jobs2")["QueueUrl"]
        client(self.emulator.url, "sqs").delete_queue(QueueUrl=url)
        self.proxy.clear()
        plan = work.plan(self.proxy, "--refresh", "changed", code=0)
        self.assertEqual(actions(plan), {"jobs2": "create", "parameter1": "create", "work2": "update"})
        self.assertEqual(count(self.proxy.log, "GetFunction svc-dev-work2"), 1)
        self.assertEqual(actions(plan), actions(work.plan(self.proxy, code=0)))
        work.run(self.proxy, "apply", "--yes", "--refresh", "none", code=1)
        work.run(self.proxy, "apply", "--yes", "--refresh", "changed", code=0)
        self.assert_empty(work.plan(self.proxy, code=0))

    def test_lists_that_are_refused(self):
        """A role that may read its own things and list nothing."""
        work = self.service(3)
        self.proxy.deny = LISTS
        self.assert_empty(work.plan(self.proxy, code=0))
        self.assertEqual(count(self.proxy.log, "GetFunction "), 3)

    def test_an_account_full_of_other_things(self):
        """Pages that hold none of ours are soon left for what reading each costs."""
        lambdas = client(self.emulator.url, "lambda")
        role = client(self.emulator.url, "iam").create_role(RoleName="foreign", AssumeRolePolicyDocument="{}")["Role"]
        for n in range(24):
            lambdas.create_function(FunctionName="foreign%d" % n, Role=role["Arn"], Code={"ZipFile": EMPTY},
                                    Runtime="nodejs22.x", Handler="index.handler")
        work = self.service(3)
        self.proxy.page_sizes["ListFunctions"] = 2
        self.assert_empty(work.plan(self.proxy, code=0))
        self.assertEqual(count(self.proxy.log, "ListFunctions"), 1)
        self.assertEqual(count(self.proxy.log, "GetFunction "), 3)
        # Where they hold ours, all of them are asked for.
        self.proxy.clear()
        self.proxy.page_sizes["ListFunctions"] = 26
        self.assert_empty(work.plan(self.proxy, code=0))
        self.assertEqual(count(self.proxy.log, "ListFunctions"), 2)
        self.assertEqual(count(self.proxy.log, "GetFunction "), 0)


if __name__ == "__main__":
    unittest.main()
