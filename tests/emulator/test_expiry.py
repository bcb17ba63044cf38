"""T11: credentials that expire in the middle, and one service that refuses: what is in flight ends, what is done is
recorded, and the same command goes on later."""

import re
import time
import unittest

from case import Case, at
from harness import errors
from harness.rules import Rule

KEYS = "AKIAIOSFODNN7EXAMPL%d"
FILE = "[default]\naws_access_key_id = %s\naws_secret_access_key = secret\naws_session_token = t\n"


class Expiry(Rule):
    """From the first change that fits on, one key's signatures are refused."""

    source = "AWS General Reference, 'Common errors': ExpiredToken, ExpiredTokenException"

    def __init__(self, operation, key, renew=lambda: None):
        self.operation, self.key, self.renew, self.expired, self.refused = operation, key, renew, False, 0

    def learn(self, call, body, now_s):
        if call.operation == self.operation and not self.expired:
            self.renew()
            self.expired = True

    def refuse(self, call, now_s):
        if not self.expired or self.key not in call.headers.get("authorization", ""):
            return None
        self.refused += 1
        return errors.expired(call)


class Denied(Rule):
    """Changes of one service are refused."""

    source = "AWS General Reference, 'Common errors': AccessDenied, AccessDeniedException"

    def __init__(self, service):
        self.service, self.refused = service, 0

    def refuse(self, call, now_s):
        if call.service != self.service or not call.mutates:
            return None
        self.refused += 1
        return errors.denied(call)


class Credentials(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace("shop")

    def profile(self, number):
        """Credentials stand in the home's file, where somebody's tool renews them."""
        folder = self.shop.folder / "home" / ".aws"
        folder.mkdir(exist_ok=True)
        (folder / "new").write_text(FILE % (KEYS % number))
        (folder / "new").rename(folder / "credentials")
        return {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}

    def apply(self, env=None, code=0):
        run = at(max(time.time(), self.proxy.now_s) + 1)
        run["env"].update(env or {})
        return self.shop.run(self.proxy, "apply", "--yes", code=code, **run)

    def goes_on(self, env=None):
        self.proxy.rules = []
        self.apply(env)
        self.assert_golden("shop.json", self.snapshot())
        self.assert_empty(self.shop.plan(self.proxy, code=0))
        self.assertEqual(self.proxy.refused, [])

    def test_renewed_in_the_middle(self):
        env = self.profile(1)
        self.proxy.rules = [Expiry("CreateQueue", KEYS % 1, lambda: self.profile(2))]
        self.apply(env)
        self.assertGreater(self.proxy.rules[0].refused, 0)
        self.assertTrue(any(KEYS % 2 in call.headers["authorization"] for call in self.proxy.log))
        self.assert_golden("shop.json", self.snapshot())

    def test_cannot_be_renewed(self):
        for operation in ("CreateQueue", "CreateTable", "CreateFunction"):
            with self.subTest(after=operation):
                self.emulator.reset()
                self.proxy.clear()
                self.shop = self.workspace("shop")
                env = self.profile(1)
                self.proxy.rules = [Expiry(operation, KEYS % 1)]
                result = self.apply(env, code=1)
                self.assertRegex(result.err, "ExpiredToken")
                self.assertNotIn("secret", result.out + result.err)
                # One key, and each request that it signed is refused a few times at most.
                self.assertLess(self.proxy.rules[0].refused, 200)
                self.goes_on()

    def test_one_service_refuses(self):
        for service in ("lambda", "iam", "apigateway", "dynamodb", "scheduler"):
            with self.subTest(service=service):
                self.emulator.reset()
                self.proxy.clear()
                self.shop = self.workspace("shop")
                self.proxy.rules = [Denied(service)]
                result = self.apply(code=1)
                self.assertRegex(result.err, "AccessDenied")
                done = re.findall(r"^ok +create", result.err, re.M)
                self.assertGreater(len(done), 3, "what needs nothing of it is made")
                # A refusal is not asked for again and again.
                self.assertLess(self.proxy.rules[0].refused, 12)
                self.goes_on()


if __name__ == "__main__":
    unittest.main()
