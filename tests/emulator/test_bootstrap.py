"""effc bootstrap: the bucket of a team's state, a state that was a file, and the roles of CI."""

import json
import unittest
import urllib.parse

from case import Case
from harness.account import client
from harness.proxy import Proxy

SPEC = """[project]
name = "shop"
region = "eu-west-1"
%s
[queue.jobs]
"""
STATE = 'state = "s3://effc-state/team"\n'


class Lenient(Proxy):
    """The emulator knows no conditions: a policy that refuses what comes without TLS would refuse everything."""

    def clear(self):
        super().clear()
        self.policy = None

    def _forward(self, call, raw):
        if call.service == "s3" and "policy" in call.query:
            if call.method == "PUT" and b"SecureTransport" in raw:
                self.policy = raw
                return 204, [], b""
            if call.method == "GET" and self.policy:
                return 200, [("Content-Type", "application/json")], self.policy
        return super()._forward(call, raw)


class Bootstrap(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = Lenient(cls.emulator).__enter__()
        cls.addClassCleanup(cls.proxy.__exit__)

    def setUp(self):
        super().setUp()
        self.s3 = client(self.emulator.url, "s3")
        self.iam = client(self.emulator.url, "iam")

    def machine(self, state=STATE):
        workspace = self.workspace()
        workspace.write(SPEC % state)
        return workspace

    def changes(self):
        return [str(call) for call in self.proxy.log if call.mutates]

    def test_the_bucket(self):
        shop = self.machine()
        asked = shop.run(self.proxy, "bootstrap", code=1)
        self.assertIn("+ make the bucket", asked.out)
        self.assertIn("pass --yes", asked.err)
        self.assertEqual(self.changes(), [])
        shop.run(self.proxy, "bootstrap", "--yes", code=0)
        self.assertEqual(self.s3.get_bucket_versioning(Bucket="effc-state")["Status"], "Enabled")
        self.assertEqual(set(self.s3.get_public_access_block(Bucket="effc-state")["PublicAccessBlockConfiguration"]
                             .values()), {True})
        self.assertIn("aws:SecureTransport", str(self.proxy.policy))
        rule = self.s3.get_bucket_lifecycle_configuration(Bucket="effc-state")["Rules"][0]
        self.assertEqual(rule["NoncurrentVersionExpiration"]["NoncurrentDays"], 90)
        rules = self.s3.get_bucket_encryption(Bucket="effc-state")["ServerSideEncryptionConfiguration"]["Rules"]
        self.assertEqual(rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256")
        # Again: nothing is left to do.
        done = self.changes()
        self.assertIn("Everything is there already", shop.run(self.proxy, "bootstrap", code=0).out)
        self.assertEqual(self.changes(), done)
        shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.machine().plan(self.proxy, code=0))

    def test_what_others_said_stays(self):
        self.s3.create_bucket(Bucket="effc-state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket",
                  "Resource": "arn:aws:s3:::effc-state"}
        self.s3.put_bucket_policy(Bucket="effc-state", Policy=json.dumps(
            {"Version": "2012-10-17", "Statement": [theirs]}))
        self.s3.put_bucket_lifecycle_configuration(Bucket="effc-state", LifecycleConfiguration={"Rules": [
            {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 9}}]})
        out = self.machine().run(self.proxy, "bootstrap", "--yes", code=0).out
        self.assertNotIn("make the bucket", out)
        statements = json.loads(self.proxy.policy)["Statement"]
        self.assertEqual([s["Sid"] for s in statements], ["Theirs", "EffcTlsOnly"])
        self.assertEqual(statements[0], theirs)
        rules = self.s3.get_bucket_lifecycle_configuration(Bucket="effc-state")["Rules"]
        self.assertEqual({r["ID"] for r in rules}, {"theirs", "effc-old-versions"})
        self.assertEqual([r["Expiration"]["Days"] for r in rules if r["ID"] == "theirs"], [9])

    def test_a_state_that_was_a_file(self):
        shop = self.machine("")
        self.assertIn("names no bucket", shop.run(self.proxy, "bootstrap", code=1).err)
        shop.run(self.proxy, "apply", "--yes", code=0)
        there = self.snapshot()
        shop.write(SPEC % STATE)
        self.s3.create_bucket(Bucket="effc-state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.assertIn("'effc bootstrap' moves it there", shop.run(self.proxy, "plan", code=1).err)
        shop.run(self.proxy, "bootstrap", "--yes", code=0)
        self.assertFalse((shop.spec / ".effc" / "state" / "dev.db").exists())
        self.assertTrue((shop.spec / ".effc" / "state" / "dev.db.moved").exists())
        key = next((shop.folder / "home" / ".config" / "effc" / "keys").iterdir()).read_text()
        value = client(self.emulator.url, "ssm").get_parameter(Name="/effc/shop/dev/state-key", WithDecryption=True)
        self.assertEqual(value["Parameter"]["Value"], key)
        self.assert_empty(self.machine().plan(self.proxy, code=0))
        self.assertEqual(self.snapshot()["queues"], there["queues"])
        self.assertIn("Everything is there", shop.run(self.proxy, "bootstrap", "--yes", code=0).out)

    def document(self, role):
        policy = self.iam.get_role_policy(RoleName=role, PolicyName="effc")["PolicyDocument"]
        return policy if isinstance(policy, dict) else json.loads(urllib.parse.unquote(policy))

    def test_the_roles_of_ci(self):
        shop = self.machine()
        shop.run(self.proxy, "bootstrap", "--yes", "--ci-roles", "acme", code=1)
        out = shop.run(self.proxy, "bootstrap", "--yes", "--ci-roles", "acme/shop", code=0).out
        self.assertIn("arn:aws:iam::123456789012:role/shop-dev-effc-plan", out)
        self.assertIn("arn:aws:iam::123456789012:role/shop-dev-effc-apply", out)
        providers = self.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
        self.assertEqual([p["Arn"] for p in providers],
                         ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"])
        subjects = {}
        for kind in ("plan", "apply"):
            role = self.iam.get_role(RoleName="shop-dev-effc-" + kind)["Role"]
            condition = role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]
            subjects[kind] = condition["token.actions.githubusercontent.com:sub"]
        self.assertEqual(subjects, {"plan": "repo:acme/shop:pull_request",
                                    "apply": "repo:acme/shop:ref:refs/heads/main"})
        for statement in self.document("shop-dev-effc-plan")["Statement"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            for action in actions:
                self.assertRegex(action, r"^\w+:(Get|List|Describe|Head|BatchGet)|^kms:Decrypt$")
        text = json.dumps(self.document("shop-dev-effc-apply"))
        for action in ("sqs:CreateQueue", "sqs:DeleteQueue", "s3:PutObject", "ssm:PutParameter"):
            self.assertIn('"%s"' % action, text)
        needs = json.loads(shop.run(self.proxy, "plan", "--iam", code=0).out)
        self.assertIn("arn:aws:s3:::effc-state/team/shop/dev/*", json.dumps(needs))
        # Again, for another branch and a spec that needs more.
        shop.write(SPEC % STATE + "[table.orders]\npartition_key = \"id:string\"\n")
        shop.run(self.proxy, "bootstrap", "--yes", "--ci-roles", "acme/shop@release", code=0)
        self.assertIn("dynamodb:CreateTable", json.dumps(self.document("shop-dev-effc-apply")))
        role = self.iam.get_role(RoleName="shop-dev-effc-apply")["Role"]
        self.assertIn("refs/heads/release", json.dumps(role["AssumeRolePolicyDocument"]))

    def test_a_bucket_of_somebody_else(self):
        self.proxy.deny = "HeadBucket"
        self.assertIn("names of buckets are unique", self.machine().run(self.proxy, "bootstrap", "--yes", code=1).err)
        self.assertEqual(self.changes(), [])


if __name__ == "__main__":
    unittest.main()
