"""Things of somebody else under our names: refused before anything is changed, theirs untouched."""

import io
import json
import unittest
import zipfile

from case import Case
from harness.account import client

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def code():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr("index.js", "exports.handler = async () => 'theirs';")
    return packed.getvalue()


class Foreign(Case):
    def make(self, kind):
        url = self.emulator.url
        if kind == "queue":
            client(url, "sqs").create_queue(QueueName="shop-dev-expenses", tags={"owner": "somebody"})
        elif kind == "table":
            client(url, "dynamodb").create_table(
                TableName="shop-dev-orders", BillingMode="PAY_PER_REQUEST",
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        elif kind == "role":
            client(url, "iam").create_role(RoleName="shop-dev-createOrder-role", AssumeRolePolicyDocument=TRUST)
        elif kind == "function":
            iam = client(url, "iam")
            role = iam.create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
            client(url, "lambda").create_function(
                FunctionName="shop-dev-createOrder", Runtime="nodejs20.x", Role=role, Handler="index.handler",
                Code={"ZipFile": code()}, Tags={"effortless:project": "shop", "effortless:stage": "dev",
                                                "effortless:instance": "0" * 32})

    def test_each_is_refused(self):
        names = {"queue": "shop-dev-expenses", "table": "shop-dev-orders", "role": "shop-dev-createOrder-role",
                 "function": "shop-dev-createOrder"}
        for kind, name in names.items():
            with self.subTest(kind=kind):
                self.emulator.reset()
                self.proxy.clear()
                self.make(kind)
                before = self.snapshot()
                with self.workspace("shop") as shop:
                    result = shop.run(self.proxy, "apply", "--yes", code=4)
                    self.assertIn(name, result.err)
                    self.assertEqual(self.proxy.mutations, 0)
                    self.assertEqual(self.snapshot(), before)
                    shop.run(self.proxy, "plan", code=4)

    def test_lost_state_is_foreign_too(self):
        """A second laptop with an empty state writes the same labels; it must not take over what is not its own."""
        with self.workspace("shop") as first:
            first.run(self.proxy, "apply", "--yes", code=0)
            made = self.snapshot()
            with self.workspace("shop") as second:
                mutations = self.proxy.mutations
                result = second.run(self.proxy, "apply", "--yes", code=4)
                self.assertIn("shop-dev-orders", result.err)
                self.assertEqual(self.proxy.mutations, mutations)
            self.assertEqual(self.snapshot(), made)


if __name__ == "__main__":
    unittest.main()
