"""Every property of every driver through its life: made, changed, taken away, changed by others, replaced.

The properties are those of the facts and the drivers, the values those of life_table.py: one without a row fails.
There is a resource for each property, so that a plan over all of them can be held to exactly what was edited.
Reads come back in other words than were written (harness/echo.py), and a plan after an apply must be empty.
"""

import json
import os
import re
import sqlite3
import time
import unittest

import yaml

import life_table
from case import Case
from harness.account import client
from harness.program import SOURCE
from life_table import CANNOT, KEPT, TYPES, UNREAD
from test_drivers import TRUST, bundle

SCHEMAS = SOURCE / "schemas"
RULES = {"cannot change after creation", "changes only by replacement"}
PARTS = (("ApiGatewayV2", "DynamoDB", "S3", "Scheduler", "SNS"), ("IAM", "Lambda", "Logs", "SQS", "SSM"))


class Facts:
    """What a driver and the facts say of a type."""

    def __init__(self, path):
        self.driver = yaml.safe_load(path.read_text())
        self.type = self.driver["type"]
        service = json.loads((SCHEMAS / "types" / (self.type.split("::")[1] + ".json")).read_text())
        self.facts = service[self.type]
        self.compare = self.driver.get("compare", {})
        self.mutable, self.fixed = [], []
        left_out = set(self.driver.get("unsupported", {})) | set(self.driver.get("attributes", []))
        for name, fact in sorted(self.facts["properties"].items()):
            if name not in left_out and not fact.get("read_only"):
                self.sort(name, fact)

    def sort(self, name, fact):
        forced = name in self.driver.get("replace", [])
        create_only = fact.get("create_only") and name not in self.driver.get("in_place", [])
        (self.fixed if forced or create_only else self.mutable).append(name)

    def id(self, name):
        return "%s_%s" % (self.type.split("::")[2], name)

    def rule(self, path):
        """How a path is compared, and by which member its items are known."""
        rule = self.compare.get(path, "")
        if rule.startswith("keyed("):
            return "keyed", rule[6:-1]
        if path in self.facts["properties"] and self.facts["properties"][path].get("type") == "json":
            return "whole", None
        return ("whole" if rule in ("json", "policy") else rule), None


def items_by(key, items):
    return {item[key]: item for item in items or []}


def changed_members(facts, before, after, path, shown):
    old, new = before or {}, after or {}
    return set().union(*(changed_paths(facts, old.get(k), new.get(k), "%s.%s" % (path, k), "%s.%s" % (shown, k))
                         for k in {**old, **new}))


def changed_paths(facts, before, after, path, shown):
    """The leaves that differ, as a plan names them."""
    if before == after:
        return set()
    rule, key = facts.rule(path)
    if rule == "keyed":
        old, new = items_by(key, before), items_by(key, after)
        found = set().union(*(changed_members(facts, old.get(k), new.get(k), path, "%s[%s]" % (shown, k))
                              for k in {**old, **new} if old.get(k) != new.get(k)))
        # Of an item that comes or goes the key stands in the path already.
        return found - {"%s[%s].%s" % (shown, k, key) for k in {**old, **new}
                        if len(old.get(k) or new.get(k)) > 1}
    if rule != "whole" and all(v is None or isinstance(v, dict) for v in (before, after)):
        return changed_members(facts, before, after, path, shown)
    return {shown}


def holds(wanted, read):
    """Everything wanted is there; what the service or the stack added does not count, and secrets cannot be told."""
    if isinstance(wanted, dict) and isinstance(read, dict):
        return all(k in read and holds(v, read[k]) for k, v in wanted.items())
    if isinstance(wanted, list):
        items = read if isinstance(read, list) else [read]
        return all(any(holds(w, r) for r in items) for w in wanted)
    if isinstance(wanted, str) and isinstance(read, str):
        return read == wanted or read.startswith((wanted + " effortless:instance=", "hmac:"))
    return wanted == read


class Life(Case):
    number, count = map(int, os.environ.get("EFFC_PART", "0/1").split("/"))
    part = PARTS[number] if count == len(PARTS) else sum(PARTS, ())

    def setUp(self):
        super().setUp()
        self.facts = [f for f in map(Facts, sorted((SCHEMAS / "drivers").glob("*.yaml")))
                      if f.type.split("::")[1] in self.part]
        self.project = self.workspace()
        self.env = {"program": "effc-test", "env": {"EFFC_TEST_NOW": str(int(time.time()))}}
        self.fixtures()

    def aws(self, service):
        return client(self.emulator.url, service)

    # ---- what is there before ----

    def fixtures(self):
        iam, lambdas, sqs = self.aws("iam"), self.aws("lambda"), self.aws("sqs")
        for name in ("runs", "other"):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        for name in ("one", "two", "three"):
            iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(life_table.policy("sqs:*")))
        for name in ("one", "two"):
            lambdas.create_function(FunctionName=name, Role=life_table.ROLE + "runs", Handler="index.handler",
                                    Runtime="nodejs20.x", Code={"ZipFile": bundle(name)})
            lambdas.publish_layer_version(LayerName=name, Content={"ZipFile": bundle(name)})
        for name in ("dead", "dead2"):
            sqs.create_queue(QueueName=name)
        self.buckets()
        self.streams = {}
        if "Lambda" in self.part:
            for name in list(life_table.MAPPING.rows) + ["drift", "Queues", "Topics"]:
                sqs.create_queue(QueueName="from" + name)
        if "Scheduler" in self.part:
            for name in ("groupOne", "groupTwo"):
                self.aws("scheduler").create_schedule_group(Name=name)

    def buckets(self):
        s3 = self.aws("s3")
        for name in ("life-code", "life-logs"):
            s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": life_table.REGION})
        s3.put_bucket_acl(Bucket="life-logs", ACL="log-delivery-write")
        for name in ("one", "two"):
            s3.put_object(Bucket="life-code", Key=name + ".zip", Body=bundle(name))

    def stream(self, name):
        if name not in self.streams:
            made = self.aws("dynamodb").create_table(
                TableName="source" + name, BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=life_table.HASH["AttributeDefinitions"],
                KeySchema=life_table.HASH["KeySchema"],
                StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
            self.streams[name] = made["TableDescription"]["LatestStreamArn"]
        return self.streams[name]

    # ---- the spec ----

    def cannot(self, facts, name):
        return (facts.type, name) in CANNOT

    def resources(self, facts, phase):
        """id -> properties of all of a type; phase: 0 as made, 1 changed, 2 taken away, 3 replaced."""
        table, out = TYPES[facts.type], {}
        for name, row in table.rows.items():
            kept = row.second if row.unset else None
            value = (row.first, row.second, kept, kept)[phase]
            if not self.cannot(facts, name):
                beside = row.then if phase == 1 or phase and row.unset else row.gone if phase else {}
                out[facts.id(name)] = self.properties(table, name, {**row.more, **beside, name: value})
        for name, row in table.fixed.items():
            if not self.cannot(facts, name):
                out[facts.id(name) + "_fixed"] = self.properties(
                    table, name, {**row.more, name: row.second, **row.then} if phase == 3 else
                    {**row.more, name: row.first})
        out[facts.id("drift")] = self.properties(table, "drift", {table.drift[0]: table.drift[1]})
        return out

    def properties(self, table, name, more):
        base = table.base(name) if callable(table.base) else table.base
        out = {k: v for k, v in {**base, **more}.items() if v is not None}
        if str(out.get("EventSourceArn", "")).startswith("stream:"):
            out["EventSourceArn"] = self.stream(out["EventSourceArn"][7:])
        return out

    def write(self, phase):
        types = {}
        for facts in self.facts:
            _, service, word = facts.type.split("::")
            types.setdefault(service, {}).setdefault(word, {}).update(self.resources(facts, phase))
        if "ApiGatewayV2" in types:
            types["ApiGatewayV2"]["Api"].update(
                apiOne={"ProtocolType": "HTTP"}, apiTwo={"ProtocolType": "HTTP"}, sockets=life_table.WEBSOCKET)
        spec = {"project": {"name": "life", "region": life_table.REGION}, "AWS": types}
        self.project.write(json.dumps(spec, indent=1), "effortless.json")

    # ---- running ----

    def plan(self):
        self.proxy.echo_seed = (self.proxy.echo_seed or 0) + 1
        result = self.project.run(self.proxy, "plan", "--json", "--allow-data-loss", "all", code=0, **self.env)
        return {a["address"]: a for a in json.loads(result.out)["actions"]}

    def apply(self, phase):
        result = self.project.run(self.proxy, "apply", "--yes", "--allow-data-loss", "all", **self.env)
        self.assertEqual(result.code, 0, str(result))
        plan = self.plan()
        self.assertEqual({a: [c["path"] for c in v.get("changes", [])] for a, v in plan.items()}, {},
                         "the plan is not empty after phase %d" % phase)

    def rows(self):
        with sqlite3.connect(self.project.spec / ".effc" / "state" / "dev.db") as db:
            return {address: json.loads(text) for address, text in db.execute("SELECT address, encoded FROM rows")}

    # ---- what is checked ----

    def expected(self, facts, phase):
        """address -> paths of the updates between a phase and the one before."""
        before, after = self.resources(facts, phase - 1), self.resources(facts, phase)
        out = {}
        for address, wanted in after.items():
            old = before[address]
            paths = self.paths(facts, old, wanted)
            if paths:
                out[address] = paths
        return out

    def check_updates(self, phase):
        self.write(phase)
        plan = self.plan()
        wanted = {}
        for facts in self.facts:
            wanted.update(self.expected(facts, phase))
        got = {a: {c["path"] for c in v.get("changes", [])} for a, v in plan.items()}
        self.assertEqual({a: sorted(p) for a, p in got.items()}, {a: sorted(p) for a, p in wanted.items()})
        self.assertEqual({v["action"] for v in plan.values()}, {"update"})
        self.apply(phase)
        return len(wanted)

    def check_values(self, phase):
        """What was read after the apply has the value, or has it no longer."""
        rows = self.rows()
        for facts, name, row in self.each_row():
            read = rows[facts.id(name)].get("baseline", {}).get(name)
            if (facts.type, name) in UNREAD or phase == 2 and (row.unset or (facts.type, name) in KEPT):
                continue
            with self.subTest(type=facts.type, property=name, phase=phase):
                self.assertEqual(holds(row.second, read), phase == 1, "%s is read: %r" % (name, read))

    def each_row(self):
        for facts in self.facts:
            for name, row in TYPES[facts.type].rows.items():
                if not self.cannot(facts, name):
                    yield facts, name, row

    def change_outside(self):
        rows, wanted = self.rows(), {}
        for facts in self.facts:
            _, _, call, paths = TYPES[facts.type].drift
            row = rows[facts.id("drift")]
            call(lambda service: client(self.proxy.url, service), {**row["properties"], **row["attributes"]})
            wanted[facts.id("drift")] = sorted(paths)
        return wanted

    def check_drift(self, plan, wanted):
        for address, paths in wanted.items():
            with self.subTest(drift=address):
                action = plan.pop(address)
                self.assertEqual(action["action"], "update" if paths else "create", action)
                self.assertEqual(sorted(c["path"] for c in action.get("changes", [])), paths)
                self.assertTrue(all(c.get("drift") for c in action.get("changes", [])), action)
                self.assertIn("outside" if paths else "gone", action["reason"])

    def check_replacements(self, plan):
        for facts in self.facts:
            before, after = self.resources(facts, 2), self.resources(facts, 3)
            for name in TYPES[facts.type].fixed:
                address = facts.id(name) + "_fixed"
                if self.cannot(facts, name):
                    continue
                with self.subTest(type=facts.type, fixed=name):
                    action = plan.pop(address)
                    self.assertEqual(action["action"], "replace", action)
                    self.assertEqual(sorted(c["path"] for c in action["changes"]),
                                     sorted(self.paths(facts, before[address], after[address])))
                    forced = [c for c in action["changes"] if c.get("replaces")]
                    self.assertTrue(forced and all(c["path"].split(".")[0].split("[")[0] == name and
                                                   c["rule"] in RULES for c in forced), action)
                    # Of an item that comes or goes the reason may name the key.
                    said, rule = action["reason"].split(" ", 1)
                    self.assertTrue(rule.startswith(forced[0]["rule"]), action["reason"])
                    self.assertEqual(said.rpartition("].")[0] or said,
                                     forced[0]["path"].rpartition("].")[0] or forced[0]["path"], action["reason"])

    def paths(self, facts, before, after):
        return set().union(*(changed_paths(facts, before.get(k), after.get(k), k, k) for k in {**before, **after}))

    def test_every_property_has_a_row(self):
        for facts in self.facts:
            table = TYPES[facts.type]
            with self.subTest(type=facts.type):
                self.assertEqual(facts.mutable, sorted(table.rows))
                self.assertEqual(facts.fixed, sorted(table.fixed))

    def print_coverage(self):
        """A line a driver: properties changed and taken away, by documents alone, create-only ones, drift."""
        print("covered: %-34s %10s %10s %12s  %s" % ("driver", "properties", "documented", "create-only", "drift"))
        for facts in self.facts:
            known = [n for n in facts.mutable + facts.fixed if (facts.type, n) in CANNOT]
            print("covered: %-34s %10d %10d %12d  %s" % (
                facts.type[5:], len(facts.mutable) - len(known), len(known), len(facts.fixed),
                ", ".join(TYPES[facts.type].drift[3]) or "gone"))

    def test_what_the_emulator_cannot_do_is_documented(self):
        text = (SOURCE / "tests" / "unit" / "driver_documented.c").read_text()
        words = dict(re.findall(r'#define (\w+) "(AWS::[\w:]+)"', text))
        covered = {(words[w], name) for w, name in re.findall(r'\{ (\w+), "(\w+)", (?=OF_|")', text)}
        kept = {key for key, why in KEPT.items() if "emulator" in why}
        self.assertEqual(set(CANNOT) | set(UNREAD) | kept, covered)

    def test_life(self):
        self.write(0)
        plan = self.plan()
        self.assertEqual({v["action"] for v in plan.values()}, {"create"})
        self.apply(0)
        for phase in (1, 2):
            self.check_updates(phase)
            self.check_values(phase)
        drifted = self.change_outside()
        self.write(3)
        plan = self.plan()
        self.check_drift(plan, drifted)
        self.check_replacements(plan)
        self.assertEqual(sorted(plan), [], "more than what was changed")
        self.apply(3)
        self.proxy.echo_seed = None
        self.project.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0, **self.env)
        self.assertEqual(self.rows(), {})
        self.print_coverage()


if __name__ == "__main__":
    unittest.main()
