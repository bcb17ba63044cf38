"""No rule of the fault proxy is invented: each says where it has it from, and each error that it answers with is one
that the service's model, as the program carries it, gives to that operation, or that AWS lists as common to all."""

import importlib
import pathlib
import unittest

from harness import errors
from harness.calls import Call
from harness.rules import Rule

HARNESS = pathlib.Path(__file__).resolve().parent / "harness"
SERVICES = sorted(errors.THROTTLES)


def rules():
    for path in sorted(HARNESS.glob("*.py")):
        if path.stem not in ("__init__", "terminal", "browser"):
            importlib.import_module("harness." + path.stem)
    found, queue = [], [Rule]
    while queue:
        for rule in queue.pop().__subclasses__():
            found.append(rule)
            queue.append(rule)
    return found


def call_of(service, operation):
    """A call as it would come in, signed for the service."""
    scope = "AWS4-HMAC-SHA256 Credential=A/20260101/eu-west-1/%s/aws4_request" % service
    call = Call("POST", "/", {"authorization": scope}, b"")
    call.operation = operation
    return call


class Rules(unittest.TestCase):
    def test_each_says_where_it_has_it_from(self):
        self.assertGreater(len(rules()), 3)
        for rule in rules():
            with self.subTest(rule=rule.__name__):
                self.assertRegex(rule.source, r"\w{3}.{10}")
                self.assertTrue(rule.__doc__)

    def test_each_error_is_in_the_model(self):
        checked = 0
        for rule in rules():
            for (service, operation), codes in rule.answers.items():
                for one in SERVICES if service == "*" else [service]:
                    checked += self.check_codes(rule, one, operation, codes)
        self.assertGreaterEqual(checked, 9)

    def check_codes(self, rule, service, operation, codes):
        """An operation "*" has a code if the model gives it to one that changes something."""
        names = sorted(errors.model(service)["operations"]) if operation == "*" else [operation]
        for code in codes:
            with self.subTest(rule=rule.__name__, service=service, operation=operation, code=code):
                self.assertTrue(any(self.has(service, name, code) for name in names))
                if operation != "*":
                    self.assertIn(operation, errors.model(service)["operations"])
        return len(codes)

    @staticmethod
    def has(service, operation, code):
        try:
            return bool(errors.status_of(service, operation, code))
        except errors.Unknown:
            return False

    def test_what_no_model_has_is_refused(self):
        for service, operation, code in (("lambda", "CreateFunction", "ThrottlingException"),
                                         ("sqs", "CreateQueue", "Throttling"), ("iam", "CreateRole", "NoSuchEntity")):
            with self.assertRaises(errors.Unknown):
                errors.answer(call_of(service, operation), code, "")

    def test_throttling_denial_and_expiry_of_every_service(self):
        for service in SERVICES:
            operation = next(iter(sorted(errors.model(service)["operations"])))
            for make in (errors.throttled, errors.denied, errors.expired):
                with self.subTest(service=service, error=make.__name__):
                    status, body, _ = make(call_of(service, operation))
                    self.assertGreaterEqual(status, 400)
                    self.assertGreater(len(body), 20)
                    self.assertIsInstance(body, bytes)

    def test_common_errors_name_their_page(self):
        for key, (status, page) in errors.COMMON.items():
            with self.subTest(error=key):
                self.assertIn(status, (400, 403, 409, 429, 503))
                self.assertRegex(page, r"^https://docs\.aws\.amazon\.com/.+\.html$")


if __name__ == "__main__":
    unittest.main()
