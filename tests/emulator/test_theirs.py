"""T19: things of others under our names, in every service whose names are chosen: there before us, in the place of ours
when it is changed and when it is deleted, and made between our look and our create.  Never changed, never deleted."""

import io
import json
import time
import unittest
import zipfile

from case import Case, at
from harness.account import client
from harness.foreign import TRUST
from harness.rules import Rule

HEAD = '[project]\nname = "shop"\nregion = "eu-west-1"\n\n'
TOPIC = "arn:aws:sns:eu-west-1:123456789012:the-name"
ROLE = "arn:aws:iam::123456789012:role/their-role"
TABLE = dict(BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
             AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])

# Without a mark a log group may be one that Lambda made in the place of ours, a schedule group ours without its tags.
MARK = {"effortless:instance": "0" * 32, "effortless:project": "blog", "effortless:stage": "dev"}


def code():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr("index.js", "exports.handler = async () => 'theirs';")
    return packed.getvalue()


class Kind:
    """spec: ours, with @ where a change changes it; create: what makes theirs; make, drop: calls of the SDK."""

    def __init__(self, service, create, spec, make, drop):
        self.service, self.create, self.spec, self.make, self.drop = service, create, spec, make, drop


def function(c):
    return c.create_function(FunctionName="the-name", Runtime="nodejs20.x", Role=ROLE, Handler="index.handler",
                             Code={"ZipFile": code()})


KINDS = {
    "queue": Kind("sqs", None, '[AWS.SQS.Queue.x]\nQueueName = "the-name"\nVisibilityTimeout = 5@\n',
                  lambda c: c.create_queue(QueueName="the-name", tags={"owner": "them"}),
                  lambda c: c.delete_queue(QueueUrl=c.get_queue_url(QueueName="the-name")["QueueUrl"])),
    "topic": Kind("sns", None, '[AWS.SNS.Topic.x]\nTopicName = "the-name"\nDisplayName = "n@"\n',
                  lambda c: c.create_topic(Name="the-name", Tags=[{"Key": "owner", "Value": "them"}]),
                  lambda c: c.delete_topic(TopicArn=TOPIC)),
    "role": Kind("iam", "CreateRole", '[AWS.IAM.Role.x]\nRoleName = "the-name"\nDescription = "d@"\n'
                 'AssumeRolePolicyDocument = { Version = "2012-10-17", Statement = [{ Effect = "Allow", '
                 'Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] }\n',
                 lambda c: c.create_role(RoleName="the-name", AssumeRolePolicyDocument=TRUST),
                 lambda c: c.delete_role(RoleName="the-name")),
    "table": Kind("dynamodb", "CreateTable", '[AWS.DynamoDB.Table.x]\nTableName = "the-name"\n'
                  'BillingMode = "PAY_PER_REQUEST"\nDeletionProtectionEnabled = false\n'
                  'Tags = [{ Key = "k", Value = "v@" }]\n'
                  'AttributeDefinitions = [{ AttributeName = "id", AttributeType = "S" }]\n'
                  'KeySchema = [{ AttributeName = "id", KeyType = "HASH" }]\n',
                  lambda c: c.create_table(TableName="the-name", **TABLE),
                  lambda c: c.delete_table(TableName="the-name")),
    "log group": Kind("logs", "CreateLogGroup", '[AWS.Logs.LogGroup.x]\nLogGroupName = "the-name"\n'
                      'Tags = [{ Key = "k", Value = "v@" }]\n',
                      lambda c: c.create_log_group(logGroupName="the-name", tags=MARK),
                      lambda c: c.delete_log_group(logGroupName="the-name")),
    "parameter": Kind("ssm", None, '[AWS.SSM.Parameter.x]\nName = "the-name"\nType = "String"\nValue = "v@"\n',
                      lambda c: c.put_parameter(Name="the-name", Type="String", Value="theirs"),
                      lambda c: c.delete_parameter(Name="the-name")),
    "schedule group": Kind("scheduler", None, '[AWS.Scheduler.ScheduleGroup.x]\nName = "the-name"\n'
                           'Tags = [{ Key = "k", Value = "v@" }]\n',
                           lambda c: c.create_schedule_group(
                               Name="the-name", Tags=[{"Key": k, "Value": v} for k, v in MARK.items()]),
                           lambda c: c.delete_schedule_group(Name="the-name")),
    "function": Kind("lambda", "CreateFunction", '[function.x]\nhandler = "src/x.js#run"\nmemory = 13@\n'
                     'aws.function.FunctionName = "the-name"\n',
                     function, lambda c: c.delete_function(FunctionName="the-name")),
}


class Intruder(Rule):
    """Somebody makes theirs in the moment before our create reaches the service."""

    source = "AWS API References: what a create says of a name that is taken (EntityAlreadyExists, ResourceInUse, …)"

    def __init__(self, operation, make):
        self.operation, self.make, self.made = operation, make, False

    def refuse(self, call, now_s):
        if call.operation == self.operation and not self.made:
            self.made = True
            self.make()


class Theirs(Case):
    def begin(self, kind):
        self.emulator.reset()
        self.proxy.clear()
        self.work = self.workspace()
        self.work.write("exports.run = async () => 1;\n", "src/x.js")
        self.write(kind, 0)
        self.client = client(self.emulator.url, kind.service)
        client(self.emulator.url, "iam").create_role(RoleName="their-role", AssumeRolePolicyDocument=TRUST)

    def write(self, kind, version):
        self.work.write(HEAD + kind.spec.replace("@", str(version)))

    def run_effc(self, *args):
        then = max(time.time(), self.proxy.now_s) + 100
        return self.work.run(self.proxy, *args, "--yes", "--allow-data-loss", "all", **at(then))

    def theirs(self):
        """What of the account has the name; ours beside it may come and go."""
        account = self.snapshot()
        account.update(account.pop("schedules", {}))
        found = [(kind, things[name]) for kind, things in sorted(account.items()) if isinstance(things, dict)
                 for name in ("the-name", TOPIC) if name in things]
        text = json.dumps(found, sort_keys=True)
        self.assertIn("the-name", text)
        return text

    def each(self):
        for name, kind in KINDS.items():
            self.begin(kind)
            yield name, kind

    def test_there_before_us(self):
        for name, kind in self.each():
            with self.subTest(kind=name):
                kind.make(self.client)
                before = self.snapshot()
                self.assertEqual(self.run_effc("apply").code, 4)
                self.assertEqual(self.proxy.mutations, 0)
                self.assertEqual(self.run_effc("destroy").code, 0)
                self.assertEqual(self.snapshot(), before)

    def test_in_the_place_of_ours(self):
        for name, kind in self.each():
            with self.subTest(kind=name):
                self.assertEqual(self.run_effc("apply").code, 0)
                kind.drop(self.client)
                kind.make(self.client)
                before = self.theirs()
                self.write(kind, 1)
                self.assertNotEqual(self.run_effc("apply").code, 0)
                self.assertEqual(self.theirs(), before)
                self.run_effc("destroy")
                self.assertEqual(self.theirs(), before)

    def test_between_our_look_and_our_create(self):
        """Where a create says that the name is taken; of the others the emulator overwrites what AWS does not."""
        for name, kind in self.each():
            if not kind.create:
                continue
            with self.subTest(kind=name):
                intruder = Intruder(kind.create, lambda kind=kind: kind.make(self.client))
                self.proxy.rules = [intruder]
                self.assertEqual(self.run_effc("apply").code, 1)
                self.assertTrue(intruder.made)
                self.proxy.rules = []
                before = self.theirs()
                self.assertNotEqual(self.run_effc("apply").code, 0)
                self.run_effc("destroy")
                self.assertEqual(self.theirs(), before)


if __name__ == "__main__":
    unittest.main()
