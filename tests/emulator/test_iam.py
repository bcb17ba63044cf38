"""`effc plan --iam`: its policy is enough for apply, plan and destroy of every example, and none of its statements is
too much, as far as the emulator looks.

The emulator checks the action of each request, by the name of the operation.  What it is asked for on is the thing
itself for buckets, and for roles and queues that exist; for everything else it is "*", since the emulator does not know
what the request is about (its iam/access_control.py).  So the policy is rewritten for it: see for_emulator().  What it
does not check at all is NOT_CHECKED, with the reason.  That the resources are the right ones is checked beside it, by
test_resources, with ARNs worked out from the requests themselves.
"""

import fnmatch
import json
import unittest
import urllib.parse
import urllib.request

from case import Case
from harness.account import client
from harness.emulator import ACCOUNT, REGION

EXAMPLES = ("raw", "shop", "teams")

NOT_CHECKED = {
    "apigateway": "asked for by the names of operations; AWS asks for the methods of HTTP",
    "iam:PassRole": "never asked for: no service looks at who passes a role",
}
# Many things read with one call; where that is denied each is read on its own.
INSTEAD = {"iam:GetAccountAuthorizationDetails", "lambda:ListFunctions", "ssm:GetParameters", "tag:GetResources"}
# What the emulator asks for by another name than AWS: its table of S3 has no row for these, and takes the one of the
# method.
OTHER_NAMES = {
    "s3:GetEncryptionConfiguration": "s3:ListBucket", "s3:GetBucketPublicAccessBlock": "s3:ListBucket",
    "s3:GetBucketOwnershipControls": "s3:ListBucket", "s3:GetBucketObjectLockConfiguration": "s3:ListBucket",
    "s3:PutEncryptionConfiguration": "s3:CreateBucket", "s3:PutBucketPublicAccessBlock": "s3:CreateBucket",
    "s3:PutBucketOwnershipControls": "s3:CreateBucket", "s3:PutBucketObjectLockConfiguration": "s3:CreateBucket",
}


# Resources are regular expressions there: this one takes "*" and no ARN of ours.
NOTHING_KNOWN = "arn:aws:none:::none|[*]"


def for_emulator(policy):
    statements = []
    for statement in policy["Statement"]:
        actions = sorted({OTHER_NAMES.get(a, a) for a in statement["Action"]})
        resources = statement["Resource"] + ([] if actions[0].startswith("s3:") else [NOTHING_KNOWN])
        if actions[0].startswith("apigateway:"):
            actions = ["apigateway:*"]
        statements.append(dict(statement, Action=actions, Resource=resources))
        statements[-1].pop("Condition", None)
    return dict(policy, Statement=statements)


def is_checked(statement):
    return not any(a.split(":")[0] in NOT_CHECKED or a in NOT_CHECKED for a in statement["Action"])


# Signatures are left out: the emulator works them out anew from forms that it has decoded, and so finds another one for
# a blank.  test_drivers.py and the vectors of the standard are about those.
SERVER = """
import sys
from moto.iam import access_control
from moto.server import main
access_control.IAMRequestBase.check_signature = lambda self: None
main(sys.argv[1:])
"""


class Iam(Case):
    emulator_program = ("-c", SERVER)

    def enforce(self, on):
        request = urllib.request.Request(self.emulator.url + "/moto-api/reset-auth", method="POST",
                                         data=b"0" if on else b"1000000000", headers={"Content-Type": "text/plain"})
        urllib.request.urlopen(request, timeout=30).read()

    def setUp(self):
        self.enforce(False)
        super().setUp()
        self.addCleanup(self.enforce, False)

    def user(self, policy):
        """Keys of a user who may do just this, from now on."""
        self.enforce(False)
        iam = client(self.emulator.url, "iam")
        if not hasattr(self, "key"):
            iam.create_user(UserName="deployer")
            key = iam.create_access_key(UserName="deployer")["AccessKey"]
            self.key = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
        iam.put_user_policy(UserName="deployer", PolicyName="deploy", PolicyDocument=json.dumps(for_emulator(policy)))
        self.enforce(True)
        return self.key

    def fresh(self):
        self.enforce(False)
        self.emulator.reset()
        self.__dict__.pop("key", None)

    def policy(self, workspace):
        return json.loads(workspace.run(self.emulator, "plan", "--iam", code=0).out)

    def life(self, workspace, env):
        """The first step that fails and its result; None: all went well."""
        for args in (("apply", "--yes"), ("plan", "--detailed-exitcode"),
                     ("destroy", "--yes", "--allow-data-loss", "all")):
            result = workspace.run(self.emulator, *args, env=env)
            if result.code:
                return args[0], result
        return None

    def asked(self, workspace):
        """What the emulator asks for in a whole life, and the requests."""
        self.proxy.clear()
        workspace.run(self.proxy, "apply", "--yes", code=0)
        workspace.run(self.proxy, "plan", "--detailed-exitcode", code=0)
        workspace.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        return list(self.proxy.log)

    def test_enough_and_not_too_much(self):
        for example in EXAMPLES:
            with self.subTest(example):
                self.fresh()
                policy = self.policy(self.workspace(example))
                failed = self.life(self.workspace(example), self.user(policy))
                self.assertIsNone(failed, failed and "%s: %s" % failed)
        for example in EXAMPLES:
            self.fresh()
            self.without_each(example)

    def without_each(self, example):
        policy = self.policy(self.workspace(example))
        asked = {"%s:%s" % (c.service, c.operation) for c in self.asked(self.workspace(example))}
        for left_out in policy["Statement"]:
            rest = [s for s in policy["Statement"] if s is not left_out]
            used = {OTHER_NAMES.get(a, a) for a in left_out["Action"]} & (asked | set(OTHER_NAMES.values()))
            used -= {OTHER_NAMES.get(a, a) for s in rest for a in s["Action"]}
            if not is_checked(left_out) or not used - INSTEAD:
                continue
            with self.subTest(example=example, without=left_out["Sid"]):
                self.fresh()
                failed = self.life(self.workspace(example), self.user(dict(policy, Statement=rest)))
                self.assertIsNotNone(failed, "nothing needs %s" % used)
                said = failed[1].out + failed[1].err
                self.assertRegex(said, "AccessDenied|403|is not ours")
                # It is told which action was missing.
                self.assertTrue("is not ours" in said or any("it needs " in said and a in said
                                                             for a in left_out["Action"]), said)

    def test_updates(self):
        """A plan of changes has a policy of its own, which is enough for them."""
        raw = self.workspace("raw")
        raw.run(self.emulator, "apply", "--yes", code=0)
        raw.edit("VisibilityTimeout = 120", "VisibilityTimeout = 60")
        raw.edit('DisplayName = "alerts of ${project}"', 'DisplayName = "alarms"')
        raw.edit("RetentionInDays = 365", "RetentionInDays = 30")
        raw.edit("NoncurrentDays = 30", "NoncurrentDays = 7")
        raw.edit("[AWS.SQS.Queue.failed]", "[AWS.SQS.Queue.failures]")
        raw.edit("${failed.Arn}", "${failures.Arn}")
        policy = self.policy(raw)
        self.assertTrue({"sqs:SetQueueAttributes", "sqs:CreateQueue", "sns:SetTopicAttributes"} <=
                        {a for s in policy["Statement"] for a in s["Action"]})
        self.assertNotIn("sns:CreateTopic", {a for s in policy["Statement"] for a in s["Action"]})
        failed = self.life(raw, self.user(policy))
        self.assertIsNone(failed, failed and "%s: %s" % failed)

    def test_resources(self):
        """Every request is allowed on what it is about, and names that are known leave no wildcard."""
        for example in EXAMPLES:
            self.fresh()
            policy = self.policy(self.workspace(example))
            for call in self.asked(self.workspace(example)):
                arn = about(call)
                action = "%s:%s" % ({"tagging": "tag"}.get(call.service, call.service), call.operation)
                if call.service in ("apigateway", "s3", "sts"):
                    continue
                with self.subTest(example=example, operation=call.operation, on=arn):
                    self.assertTrue(any(action in s["Action"] and (arn is None or any(
                        fnmatch.fnmatchcase(arn, r) for r in s["Resource"])) for s in policy["Statement"]))
            for statement in policy["Statement"]:
                for resource in statement["Resource"]:
                    if statement["Action"][0].split(":")[0] in ("dynamodb", "iam", "sqs", "sns"):
                        self.assertTrue("*" not in resource or set(statement["Action"]) <= INSTEAD, statement)


def about(call):
    """The ARN of what a request is about, where that can be told from it; the services whose actions are operations."""
    arn = "arn:aws:%s:%s:%s:" % (call.service, REGION, ACCOUNT)
    body = call.body if isinstance(call.body, dict) else {}
    if call.service == "dynamodb" and "TableName" in body:
        return arn + "table/" + body["TableName"]
    if call.service == "iam" and "RoleName" in body:
        return "arn:aws:iam::%s:role/%s" % (ACCOUNT, body["RoleName"])
    if call.service == "sqs" and ("QueueName" in body or "QueueUrl" in body):
        return arn + (body.get("QueueName") or body["QueueUrl"].rsplit("/", 1)[1])
    if call.service == "lambda" and call.parts and "unction" in call.operation:
        return arn + "function:" + urllib.parse.unquote(call.parts[0])
    if call.service == "logs" and "logGroupName" in body:
        return arn + "log-group:" + body["logGroupName"]
    if call.service == "ssm" and "Name" in body:
        return arn + "parameter/" + body["Name"].lstrip("/")
    return None


if __name__ == "__main__":
    unittest.main()
