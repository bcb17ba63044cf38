"""A spec of any size: units of a topic, a queue with its dead-letter queue, and a parameter."""

UNIT = """
[AWS.SNS.Topic.topic{n}]
DisplayName = "topic {n} of ${{project}}"

[AWS.SQS.Queue.queue{n}]
VisibilityTimeout = {timeout}
RedrivePolicy = {{ deadLetterTargetArn = "${{dead{n}.Arn}}", maxReceiveCount = 5 }}

[AWS.SQS.Queue.dead{n}]
MessageRetentionPeriod = 1209600

[AWS.SSM.Parameter.parameter{n}]
Name = "/bench/${{stage}}/{n}"
Type = "String"
Value = "${{topic{n}.TopicArn}}"
"""

UNIT_RESOURCES = 4


def text(resources):
    """TOML that compiles to this many resources, a multiple of four."""
    head = '[project]\nname = "bench"\nregion = "eu-west-1"\naccount = "123456789012"\n'
    units = range(resources // UNIT_RESOURCES)
    return head + "".join(UNIT.format(n=n, timeout=30 + n % 100) for n in units)
