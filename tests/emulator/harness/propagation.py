"""Roles that nobody can use in the first seconds after they were made or changed, as IAM spreads them."""

import hashlib
import threading

from .rules import Rule


class Propagation(Rule):
    """A role can be used, and what its policies allow, after so many seconds, other ones for each."""

    source = "IAM User Guide, 'Troubleshooting IAM: Changes that I make are not always immediately visible'; AWS " \
        "Lambda Developer Guide, 'Execution role': 'the role ... cannot be assumed by Lambda'; EventBridge Scheduler " \
        "User Guide, 'Troubleshooting'"
    answers = {("lambda", "CreateFunction"): ["InvalidParameterValueException"],
               ("lambda", "UpdateFunctionConfiguration"): ["InvalidParameterValueException"],
               ("lambda", "CreateEventSourceMapping"): ["InvalidParameterValueException"],
               ("scheduler", "CreateSchedule"): ["ValidationException"],
               ("scheduler", "UpdateSchedule"): ["ValidationException"]}

    def __init__(self, seed, least_s, most_s):
        self.seed, self.least_s, self.most_s = seed, least_s, most_s
        self.lock, self.changed, self.roles, self.refused = threading.Lock(), {}, {}, []

    def learn(self, call, body, now_s):
        with self.lock:
            if call.service == "iam" and call.operation in ("CreateRole", "PutRolePolicy", "UpdateAssumeRolePolicy"):
                made, policies = self.changed.get(call.body["RoleName"], (now_s, now_s))
                made = made if call.operation == "PutRolePolicy" else now_s
                self.changed[call.body["RoleName"]] = made, now_s
            elif call.operation == "CreateFunction":
                self.roles[call.body.get("FunctionName")] = role_name(call.body.get("Role"))

    def takes_s(self, role):
        digest = hashlib.sha256(("%s/%s" % (self.seed, role)).encode()).digest()
        return self.least_s + digest[0] % (self.most_s - self.least_s + 1)

    def is_fresh(self, role, now_s, policies=False):
        with self.lock:
            made = self.changed.get(role)
        return made is not None and now_s < made[1 if policies else 0] + self.takes_s(role)

    def refuse(self, call, now_s):
        reply = self.reply(call, now_s)
        if reply:
            with self.lock:
                self.refused.append((str(call), now_s))
        return reply

    def reply(self, call, now_s):
        if call.operation in ("CreateFunction", "UpdateFunctionConfiguration"):
            if self.is_fresh(role_name(call.body.get("Role")), now_s):
                return self.say(call, "InvalidParameterValueException",
                                "The role defined for the function cannot be assumed by Lambda.")
        elif call.operation == "CreateEventSourceMapping":
            function = call.body.get("FunctionName", "").rpartition(":")[2]
            if self.is_fresh(self.roles.get(function), now_s, True):
                return self.say(call, "InvalidParameterValueException",
                                "The function execution role does not have permissions to call ReceiveMessage on SQS")
        elif call.operation in ("CreateSchedule", "UpdateSchedule"):
            if self.is_fresh(role_name(call.body.get("Target", {}).get("RoleArn")), now_s):
                return self.say(call, "ValidationException", "The execution role you provide must allow AWS "
                                "EventBridge Scheduler to assume the role.")
        return None


def role_name(arn):
    return (arn or "").rpartition("/")[2]
