"""effc import: what exists becomes a block, and the plan after it adopts it without a change."""

import json
import unittest

from case import Case, actions
from harness.account import client

HEAD = """# The shop: "comments" stay.
[project]
name = "shop"   # and their places
region = "eu-west-1"

[AWS.SNS.Topic.alerts]
"""

TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


class Import(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()
        self.work.write(HEAD)

    def client(self, name):
        return client(self.emulator.url, name)

    def make_queue(self):
        self.client("sqs").create_queue(QueueName="legacy-orders", tags={"team": "a"},
                                        Attributes={"VisibilityTimeout": "77"})
        return "AWS::SQS::Queue", "legacy-orders", "legacyOrders"

    def make_table(self):
        self.client("dynamodb").create_table(
            TableName="orders", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")
        return "AWS::DynamoDB::Table", "orders", "orders"

    def make_role(self):
        iam = self.client("iam")
        iam.create_role(RoleName="worker", AssumeRolePolicyDocument=json.dumps(TRUST), Description="does ${work}")
        iam.put_role_policy(RoleName="worker", PolicyName="p", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}))
        return "AWS.IAM.Role", "worker", "worker"

    def make_parameter(self):
        self.client("ssm").put_parameter(Name="/shop/db-url", Type="String", Value="x=${y}")
        return "AWS::SSM::Parameter", "/shop/db-url", "shopDbUrl"

    def make_bucket(self):
        s3 = self.client("s3")
        s3.create_bucket(Bucket="old.files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_bucket_versioning(Bucket="old.files", VersioningConfiguration={"Status": "Enabled"})
        return "AWS::S3::Bucket", "old.files", "oldFiles"

    def test_adopted_without_a_change(self):
        made = [getattr(self, name)() for name in dir(self) if name.startswith("make_")]
        for kind, identifier, id in made:
            before = (self.work.spec / "effortless.toml").read_text()
            printed = self.work.run(self.proxy, "import", kind, identifier, "--dry-run", code=0).out
            self.assertEqual((self.work.spec / "effortless.toml").read_text(), before)
            self.work.run(self.proxy, "import", kind, identifier, code=0)
            after = (self.work.spec / "effortless.toml").read_text()
            self.assertEqual(after, before + "\n" + printed)
            self.assertIn(".%s]\n" % id, printed)
            # What may be secret is never written; here it is known.
            self.assertNotIn("hmac", after)
            if id == "shopDbUrl":
                self.work.edit('import = "/shop/db-url"', 'Value = "x=$${y}"\nimport = "/shop/db-url"')
        plan = self.work.plan(self.proxy, code=0)
        self.assertEqual({a: k for a, k in actions(plan).items() if k != "create"}, {id: "adopt" for _, _, id in made})
        changes = [(a["address"], a["changes"]) for a in plan["actions"] if "changes" in a]
        self.assertEqual(changes, [])
        self.work.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.work.plan(self.proxy, code=0))
        result = self.work.run(self.proxy, "import", "AWS::SQS::Queue", "legacy-orders", "--as", "again", code=1)
        self.assertIn("'legacyOrders' of this stack already", result.err)

    def test_refuses(self):
        self.make_queue()
        before = (self.work.spec / "effortless.toml").read_text()
        for words, says in [(["AWS::SQS::Queu", "x"], "did you mean AWS::SQS::Queue?"),
                            (["AWS::SQS::Queue"], "say a type and an identifier"),
                            (["AWS::SQS::Queue", "none"], "there is no AWS::SQS::Queue 'none'"),
                            (["AWS::SQS::Queue", "legacy-orders", "--as", "alerts"], "there is a block 'alerts'"),
                            (["AWS::SQS::Queue", "legacy-orders", "--as", "a b"], "can be no id of a block"),
                            (["AWS::ApiGatewayV2::Route", "x"], "write its ApiId|RouteId")]:
            self.assertIn(says, self.work.run(self.proxy, "import", *words, code=1).err)
        self.assertEqual((self.work.spec / "effortless.toml").read_text(), before)


if __name__ == "__main__":
    unittest.main()
