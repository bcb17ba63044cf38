"""A service of any size: a unit is a table, a queue, a role with an inline policy, a function, a queue mapping, a log
group, a parameter, and an integration, a route and an invoke permission of one HTTP API, which all units share."""

UNIT_RESOURCES = 10
SHARED_RESOURCES = 2                    # the API and its stage

HEAD = """\
# Written by tests/bench/service.py.
[project]
name = "svc"
region = "eu-west-1"
"""

UNIT = """
# Unit {n}
[table.table{n}]
partition_key = "id:string"

[queue.jobs{n}]

[http.work{n}]
method = "POST"
path = "/work{n}"
auth = "none"
handler = "src/work.js#run"
deps = ["table{n}", {{ on = "jobs{n}", allow = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"] }}]

[AWS.Lambda.EventSourceMapping.mapping{n}]
FunctionName = "${{work{n}.arn}}"
EventSourceArn = "${{jobs{n}.Arn}}"
BatchSize = 10

[AWS.SSM.Parameter.parameter{n}]
Name = "/svc/${{stage}}/unit{n}"
Type = "String"
Value = "what unit {n} is told"
"""

SOURCE = "export const run = async () => ({ statusCode: 200 });\n"


def files(units):
    """The spec and the function's source by their paths."""
    return {"effortless.toml": HEAD + "".join(UNIT.format(n=n) for n in range(units)), "src/work.js": SOURCE}


def resources(units):
    """How many resources it compiles to."""
    return SHARED_RESOURCES + units * UNIT_RESOURCES


def reads_allowed(units):
    """The calls that a refresh of it may take: 3.2 a unit and ten."""
    return 3.2 * units + 10
