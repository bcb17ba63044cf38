"""Everything that stands in the account, read from the emulator's own books and not by any call.

A Thing knows its kind, how the service addresses it, its tags, the settings that the tests change, the instance that
it carries where it can, and `body`: the emulator's object, which stays the same one for as long as the thing is not
made anew.
"""

import json
import re

MARK = re.compile(r"([0-9a-f]{32})")


class Thing:
    def __init__(self, kind, key, body, tags=None, parent=None, instance=None, **settings):
        self.kind, self.key, self.body, self.parent = kind, key, body, parent
        self.tags = {str(k): str(v) for k, v in (tags or {}).items()}
        self.settings = settings
        self.instance = instance or self.tags.get("effortless:instance")

    @property
    def place(self):
        return self.kind, self.key

    def content(self):
        return json.dumps([self.tags, self.settings], sort_keys=True, default=str)

    def __repr__(self):
        return "%s %s %s" % (self.kind, self.key, self.content())


def pairs(tags):
    return {t["Key"]: t["Value"] for t in tags or []}


def ledger(emulator):
    """place -> Thing."""
    out = {}
    for read in (tables, queues, topics, roles, log_groups, buckets, parameters, functions, mappings, apis, groups):
        for thing in read(emulator.backend):
            assert thing.place not in out, thing
            out[thing.place] = thing
    return out


def tables(backend):
    for t in list(backend("dynamodb").tables.values()):
        ttl = t.ttl.get("AttributeName") if t.ttl.get("TimeToLiveStatus") == "ENABLED" else None
        yield Thing("table", t.name, t, pairs(t.tags), keys=[k["AttributeName"] for k in t.schema], ttl=ttl,
                    stream=(t.stream_specification or {}).get("StreamViewType"), arn=t.table_arn,
                    indexes=sorted(i.name for i in t.global_indexes))


def queues(backend):
    for q in list(backend("sqs").queues.values()):
        yield Thing("queue", q.name, q, q.tags, timeout=int(q.visibility_timeout), fifo=bool(q.fifo_queue),
                    arn=q.queue_arn, dead=(q.redrive_policy or {}).get("deadLetterTargetArn"),
                    kept=int(q.message_retention_period))


def topics(backend):
    for t in list(backend("sns").topics.values()):
        yield Thing("topic", t.arn, t, t._tags, shown=t.display_name, fifo=str(t.fifo_topic).lower() == "true",
                    arn=t.arn)


def roles(backend):
    for r in list(backend("iam").roles.values()):
        yield Thing("role", r.name, r, tags_of_role(r), text=r.description, arn=r.arn, path=r.path,
                    policies=sorted(r.policies), inline={n: json.loads(p) for n, p in r.policies.items()})


def tags_of_role(role):
    return role.tags if isinstance(role.tags, dict) and not any(isinstance(v, dict) for v in role.tags.values()) \
        else pairs(role.tags.values() if isinstance(role.tags, dict) else role.tags)


def log_groups(backend):
    logs = backend("logs")
    for g in list(logs.groups.values()):
        yield Thing("log group", g.name, g, logs.tagger.get_tag_dict_for_resource(g.arn), days=g.retention_in_days)


def buckets(backend):
    s3 = backend("s3")
    for b in list(s3.buckets.values()):
        yield Thing("bucket", b.name, b, s3.tagger.get_tag_dict_for_resource(b.arn), versions=b.versioning_status,
                    objects=len(list(b.keys.values())))


def parameters(backend):
    ssm = backend("ssm")
    for name, versions in list(ssm._parameters.items()):
        # A changed parameter is another object of the emulator's.
        yield Thing("parameter", name, versions[0] if versions else None, ssm._resource_tags["Parameter"][name],
                    value=versions[-1].value)


def functions(backend):
    for f in list(backend("lambda")._lambdas.all()):
        yield Thing("function", f.function_name, f, f.tags, memory=f.memory_size, role=f.role, timeout=f.timeout,
                    variables={k: v for k, v in f.environment_vars.items() if k == "V"})
        for statement in f.policy.statements:
            found = MARK.search(statement["Sid"])
            source = next((c.get("AWS:SourceArn") for c in statement.get("Condition", {}).values()), None)
            yield Thing("permission", (f.function_name, statement["Sid"]), statement, parent=f.function_name,
                        instance=found and found.group(1), source=source, principal=statement["Principal"])


def mappings(backend):
    for m in list(backend("lambda")._event_source_mappings.values()):
        yield Thing("mapping", m.uuid, m, m.tags, function=m.function_name, source=m.event_source_arn,
                    batch=m.batch_size)


def apis(backend):
    gateway = backend("apigatewayv2")
    for a in list(gateway.apis.values()):
        tags = gateway.tagger.get_tag_dict_for_resource(a.arn)
        yield Thing("api", a.api_id, a, tags, text=a.description, name=a.name)
        for i in list(a.integrations.values()):
            found = MARK.search(i.description or "")
            yield Thing("integration", (a.api_id, i.id), i, parent=a.api_id, instance=found and found.group(1),
                        uri=i.integration_uri, timeout=i.timeout_in_millis)
        for r in list(a.routes.values()):
            yield Thing("route", (a.api_id, r.route_id), r, parent=a.api_id, route=r.route_key, target=r.target)
        for s in list(a.stages.values()):
            yield Thing("stage", (a.api_id, s.name), s, s.tags, parent=a.api_id)


def groups(backend):
    scheduler = backend("scheduler")
    for g in list(scheduler.schedule_groups.values()):
        if g.name != "default":
            yield Thing("group", g.name, g, pairs(scheduler.list_tags_for_resource(g.arn)["Tags"]))
        for s in list(g.schedules.values()):
            yield Thing("schedule", (g.name, s.name), s, parent=g.name, every=s.schedule_expression,
                        target=s.target["Arn"], role=s.target["RoleArn"])
