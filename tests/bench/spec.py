"""A spec of any size: units of a topic, a queue with its dead-letter queue, and a parameter, with
the comments, templates and references that people write; 150 bytes a resource."""

HEAD = """\
# Written by tests/bench/spec.py.
[project]
name = "bench"
region = "eu-west-1"
account = "123456789012"
tags = {{ team = "payments", cost-center = "4711" }}

[local]
units = {units}
prefix = "/${{project}}/${{stage}}"
"""

UNIT = """
# Unit {n}: what happens is announced, worked off, and remembered.
[AWS.SNS.Topic.topic{n}]
DisplayName = "unit {n} of ${{project}}"

[AWS.SQS.Queue.queue{n}]
VisibilityTimeout = {timeout}                     # longer than its worker takes
RedrivePolicy = {{ deadLetterTargetArn = "${{dead{n}.Arn}}", maxReceiveCount = 5 }}
Tags = [{{ Key = "unit", Value = "{n}" }}]

[AWS.SQS.Queue.dead{n}]
MessageRetentionPeriod = 1209600           # two weeks

[AWS.SSM.Parameter.parameter{n}]
Name = "${{local.prefix}}/units/{n}"
Type = "String"
Description = "where unit {n} of ${{local.units}} publishes"
Value = "${{topic{n}.TopicArn}}"
"""

UNIT_RESOURCES = 4

KEYED = """\
# Written by tests/bench/spec.py: the same number of resources from a few blocks.
[project]
name = "bench"
region = "eu-west-1"

[variable.tens]
default = {tens}

[local]
keys = "${{flatten([for i in range(var.tens) : [for k in range(10) : '${{i}}-${{k}}']])}}"

[AWS.SQS.Queue.jobs]
for_each = "${{local.keys}}"
VisibilityTimeout = "${{30 + length(each.key)}}"

[AWS.SNS.Topic.news]
for_each = "${{local.keys}}"
DisplayName = "after ${{jobs[each.key].QueueName}}"

[module.unit]
source = "./unit"
for_each = "${{local.keys}}"
with = {{ from = "${{news[each.key].TopicArn}}" }}

[output.all]
value = "${{length(jobs)}} queues, ${{length([for key, unit in module.unit : unit.arn])}} units"
"""

KEYED_UNIT = """\
[variable.from]
type = "string"

[local]
text = "from ${var.from}"

[AWS.SNS.Topic.told]
DisplayName = "${local.text}"

[AWS.SQS.Queue.work]
depends_on = ["told"]

[output.arn]
value = "${work.Arn}"
"""


LINKED = """
[AWS.SSM.Parameter.p{n}]
Name = "/bench/{n}"
Type = "String"
Value = "{value}"
"""


def text(resources):
    """TOML that compiles to this many resources, a multiple of four."""
    units = resources // UNIT_RESOURCES
    return HEAD.format(units=units) + "".join(
        UNIT.format(n=n, timeout=30 + n % 100) for n in range(units))


def edited(resources):
    """The same after an edit, and how many resources it changes: of 10,000 it updates 1,000,
    removes 200, adds 200 and gives 30 a name that only another one can have."""
    units = resources // UNIT_RESOURCES
    updated, removed, added, renamed = (units * share // 250 for share in (100, 20, 20, 3))
    parts = [UNIT.format(n=n, timeout=30 + n % 100 + (n < updated)) for n in range(units)]
    for n in range(updated, updated + removed):
        parts[n] = parts[n][:parts[n].index("[AWS.SSM.Parameter")]
    for n in range(added):
        parts.append("\n[AWS.SNS.Topic.added%d]\n" % n)
    for n in range(units - renamed, units):
        parts[n] = parts[n].replace("/units/", "/renamed/")
    return HEAD.format(units=units) + "".join(parts), updated + removed + added + renamed


def linked(resources, chain):
    """Parameters that refer to the one before them, or all to the first one."""
    head = HEAD.format(units=resources)
    return head + LINKED.format(n=0, value="first") + "".join(
        LINKED.format(n=n, value="${p%d.Name}" % (n - 1 if chain else 0))
        for n in range(1, resources))


def keyed(resources):
    """The same of for_each and modules, a multiple of forty; the spec and its module by their paths."""
    return {"effortless.toml": KEYED.format(tens=resources // UNIT_RESOURCES // 10), "unit/effortless.toml": KEYED_UNIT}
