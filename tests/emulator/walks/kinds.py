"""What a random spec is made of: blocks of every driver, raw ones and those that become several resources.

A block knows its own text and what stands in the account once it is applied: `things()` gives (kind, settings) pairs,
of which the settings must hold.  A setting may be a function of what stands, for ARNs and ids that only AWS knows.
What a change of it means is written here again on purpose, so that the tests do not ask effc what is right.
"""

NAMED = {"queue": "walk-dev-%s", "topic": "arn:aws:sns:eu-west-1:123456789012:walk-dev-%s", "table": "walk-dev-%s",
         "role": "walk-dev-%s", "log group": "walk-dev-%s", "group": "walk-dev-%s"}


class Block:
    letter, kind, type = "", "", ""
    retainable = renamable = replaceable = True
    uses = {}                       # attribute -> class of the block that it names; an optional one ends with "?"

    def __init__(self, number, chance):
        self.id, self.uid = "%s%d" % (self.letter, number), number
        self.former = []
        self.retain = self.guarded = False
        self.turn = 0               # what replace_when names
        self.named = {}             # attribute -> Block
        self.draw(chance)

    def draw(self, chance):
        """Chooses all that may be changed in place."""

    def body(self):
        return {}

    def things(self):
        return [(self.kind, {})]

    def use(self, name):
        return self.named.get(name)

    def write(self, spec):
        at = spec.setdefault("AWS", {})
        for part in self.type.split("."):
            at = at.setdefault(part, {})
        at[self.id] = {**{k: v for k, v in self.body().items() if v is not None}, **self.common()}

    def common(self):
        out = {"tags": {"who": self.id}} if self.tagged else {}
        if self.retain:
            out["retain"] = True
        if self.guarded:
            out["protect"] = True
        if self.former:
            out["renamed_from"] = list(self.former)
        if self.replaceable:
            out["replace_when"] = ["turn %d" % self.turn]
        return out

    tagged = True

    def value(self, name, attribute):
        other = self.use(name)
        return "${%s.%s}" % (other.id, attribute) if other else None

    def arn_of(self, name, kind):
        other = self.use(name)
        return (lambda live: live.one(other, kind).settings["arn"]) if other else None


class Queue(Block):
    letter, kind, type = "q", "queue", "SQS.Queue"
    uses = {"dead": "Queue?"}

    def __init__(self, number, chance):
        self.fifo = chance.random() < 0.2
        super().__init__(number, chance)

    def draw(self, chance):
        self.timeout, self.kept = chance.randint(60, 90), chance.choice([60, 3600, 345600])

    def body(self):
        dead = self.value("dead", "Arn")
        return {"VisibilityTimeout": self.timeout, "MessageRetentionPeriod": self.kept, "FifoQueue": self.fifo or None,
                "RedrivePolicy": dead and {"deadLetterTargetArn": dead, "maxReceiveCount": 3}}

    def things(self):
        return [("queue", {"timeout": self.timeout, "kept": self.kept, "fifo": self.fifo,
                           "dead": self.arn_of("dead", "queue")})]

    def fits(self, name, other):
        return other.fifo == self.fifo


class Topic(Block):
    letter, kind, type = "n", "topic", "SNS.Topic"

    def draw(self, chance):
        self.shown = "shown %d" % chance.randint(0, 9)

    def body(self):
        return {"DisplayName": self.shown}

    def things(self):
        return [("topic", {"shown": self.shown})]


class Table(Block):
    letter, kind, type = "t", "table", "DynamoDB.Table"

    def __init__(self, number, chance):
        # The emulator refuses a stream where there was one before.
        self.stream = chance.choice([None, None, "KEYS_ONLY", "NEW_IMAGE"])
        super().__init__(number, chance)

    def draw(self, chance):
        self.ttl = chance.choice([None, "e", "f"])
        self.indexes = [i for i in ("one", "two") if chance.random() < 0.4]

    def body(self):
        used = ["a"] + ["b"] * bool(self.indexes)
        index = [{"IndexName": i, "Projection": {"ProjectionType": "ALL"},
                  "KeySchema": [{"AttributeName": "b", "KeyType": "HASH"}]} for i in self.indexes]
        return {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in used],
                "GlobalSecondaryIndexes": index or None,
                "TimeToLiveSpecification": self.ttl and {"AttributeName": self.ttl, "Enabled": True},
                "StreamSpecification": self.stream and {"StreamViewType": self.stream}}

    def things(self):
        return [("table", {"ttl": self.ttl, "indexes": self.indexes, "stream": self.stream})]


class Bucket(Block):
    letter, kind, type = "b", "bucket", "S3.Bucket"

    def draw(self, chance):
        self.versions = chance.choice(["Enabled", "Suspended"])

    def body(self):
        return {"VersioningConfiguration": {"Status": self.versions}}

    def things(self):
        return [("bucket", {"versions": self.versions})]


class Parameter(Block):
    letter, kind, type = "p", "parameter", "SSM.Parameter"
    uses = {"of": "Queue?"}

    def draw(self, chance):
        self.text = "value %d" % chance.randint(0, 9)

    def body(self):
        return {"Type": "String", "Value": self.value("of", "Arn") or self.text}

    def things(self):
        return [("parameter", {"value": self.arn_of("of", "queue") or self.text})]


class Role(Block):
    letter, kind, type = "r", "role", "IAM.Role"
    uses = {"may": "Topic?"}

    def __init__(self, number, chance):
        self.fixed_name = chance.random() < 0.3     # then its replacement has the name that the old one had
        super().__init__(number, chance)

    def draw(self, chance):
        self.text = "text %d" % chance.randint(0, 9)
        self.policies = sorted(p for p in ("one", "two") if chance.random() < 0.5)

    def statement(self):
        return {"Effect": "Allow", "Action": ["sns:Publish"], "Resource": [self.value("may", "TopicArn") or "*"]}

    def body(self):
        return {"Description": self.text, "RoleName": "walk-chosen-%d" % self.uid if self.fixed_name else None,
                "Policies": [{"PolicyName": p, "PolicyDocument": {
                    "Version": "2012-10-17", "Statement": [self.statement()]}} for p in self.policies],
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Principal": {"Service": ["scheduler.amazonaws.com"]},
                    "Action": ["sts:AssumeRole"]}]}}

    def things(self):
        return [("role", {"text": self.text, "policies": self.policies})]


class LogGroup(Block):
    letter, kind, type = "l", "log group", "Logs.LogGroup"

    def draw(self, chance):
        self.days = chance.choice([1, 3, 5, 7, 14])

    def body(self):
        return {"RetentionInDays": self.days}

    def things(self):
        return [("log group", {"days": self.days})]


class Api(Block):
    letter, kind, type = "a", "api", "ApiGatewayV2.Api"

    def draw(self, chance):
        self.text = "text %d" % chance.randint(0, 9)

    def body(self):
        return {"ProtocolType": "HTTP", "Description": self.text}

    def things(self):
        return [("api", {"text": self.text})]


class Integration(Block):
    letter, kind, type = "i", "integration", "ApiGatewayV2.Integration"
    uses, tagged, retainable, renamable = {"api": "Api"}, False, False, False

    def draw(self, chance):
        self.timeout = chance.choice([1000, 2000, 3000])

    def body(self):
        return {"ApiId": self.value("api", "ApiId"), "IntegrationType": "HTTP_PROXY", "IntegrationMethod": "GET",
                "IntegrationUri": "https://%s.example" % self.id, "PayloadFormatVersion": "1.0",
                "TimeoutInMillis": self.timeout}

    def things(self):
        return [("integration", {"timeout": self.timeout})]


class Route(Block):
    letter, kind, type = "e", "route", "ApiGatewayV2.Route"
    uses, tagged, retainable, renamable = {"to": "Integration"}, False, False, False

    def draw(self, chance):
        self.method = chance.choice(["GET", "PUT", "POST"])

    def body(self):
        return {"ApiId": "${%s.ApiId}" % self.use("to").use("api").id,
                "RouteKey": "%s /%s" % (self.method, self.id),
                "Target": "integrations/%s" % self.value("to", "IntegrationId")}

    def things(self):
        to = self.use("to")
        return [("route", {"route": "%s /%s" % (self.method, self.id),
                           "target": lambda live: "integrations/" + live.one(to, "integration").body.id})]


class Stage(Block):
    # The emulator has no change of a stage, and of its tags.
    letter, kind, type = "g", "stage", "ApiGatewayV2.Stage"
    uses, retainable, renamable = {"api": "Api"}, False, False

    def body(self):
        return {"ApiId": self.value("api", "ApiId"), "StageName": self.id}


class Group(Block):
    letter, kind, type = "u", "group", "Scheduler.ScheduleGroup"


class Schedule(Block):
    letter, kind, type = "c", "schedule", "Scheduler.Schedule"
    uses, tagged, retainable, renamable = {"group": "Group", "to": "Queue", "role": "Role"}, False, False, False

    def draw(self, chance):
        self.every = "rate(%d days)" % chance.randint(2, 9)

    def body(self):
        return {"GroupName": self.value("group", "Name"), "ScheduleExpression": self.every,
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": self.value("to", "Arn"), "RoleArn": self.value("role", "Arn")}}

    def things(self):
        return [("schedule", {"every": self.every, "target": self.arn_of("to", "queue"),
                              "role": self.arn_of("role", "role")})]


class Handler(Block):
    """A block that becomes a function with its role and log group, and more."""

    retainable = renamable = False
    own = True                      # it has a function of its own

    def draw(self, chance):
        self.memory, self.v = chance.choice([128, 256, 512]), "v%d" % chance.randint(0, 9)

    def function(self):
        deps = [other.id for name, other in sorted(self.named.items()) if name.startswith("dep")]
        return {"handler": "src/a.js#run", "memory": self.memory, "timeout": "10s", "env": {"V": self.v}, "deps": deps}

    def write(self, spec):
        body = {**self.function(), **self.body()} if self.own else self.body()
        spec.setdefault(self.type, {})[self.id] = {**body, **self.common()}

    def things(self):
        return [("function", {"memory": self.memory, "variables": {"V": self.v},
                              "role": lambda live: live.one(self, "role").settings["arn"]}),
                ("role", {}), ("log group", {})] if self.own else []


class Function(Handler):
    letter, type = "f", "function"
    uses = {"dep0": "Queue?", "dep1": "HandledTable?"}


class HandledQueue(Handler):
    letter, type, replaceable = "w", "queue", False

    def draw(self, chance):
        super().draw(chance)
        self.batch, self.dead = chance.randint(1, 10), chance.random() < 0.5

    def body(self):
        return {"batch_size": self.batch, **({"dead_letter": {"after": 3}} if self.dead else {})}

    def things(self):
        return super().things() + [("queue", {})] * (1 + self.dead) + [("mapping", {"batch": self.batch})]


class HandledTable(Handler):
    letter, type, replaceable = "s", "table", False

    def __init__(self, number, chance):
        self.key = chance.choice("ab")
        super().__init__(number, chance)

    def function(self):
        return {k: v for k, v in super().function().items() if k != "handler"}

    def body(self):
        return {"partition_key": self.key + ":string",
                "stream": {"handler": "src/a.js#run", "batch_size": 10, "window": "2s"}}

    def things(self):
        return super().things() + [("table", {"keys": [self.key]}), ("mapping", {})]


class Http(Handler):
    letter, type, replaceable = "h", "http", False
    uses = {"function": "Http?"}

    @property
    def own(self):
        return not self.use("function")

    def draw(self, chance):
        super().draw(chance)
        self.method = chance.choice(["GET", "PUT"])

    def body(self):
        other = self.use("function")
        return {"method": self.method, "path": "/" + self.id, "auth": "none",
                **({"function": other.id} if other else {})}

    def common(self):
        return super().common() if self.own else {}

    def fits(self, name, other):
        return other.own

    def things(self):
        return super().things() + [("integration", {})] * self.own + [
            ("permission", {}), ("route", {"route": "%s /%s" % (self.method, self.id)})]


class Timer(Handler):
    letter, type, replaceable = "d", "schedule", False

    def draw(self, chance):
        super().draw(chance)
        self.every = "rate(%d days)" % chance.randint(2, 9)

    def body(self):
        return {"every": self.every}

    def things(self):
        return super().things() + [("schedule", {"every": self.every})]


class Mapping(Block):
    letter, kind, type = "m", "mapping", "Lambda.EventSourceMapping"
    uses, retainable, renamable = {"function": "Function", "source": "Queue"}, False, False

    def draw(self, chance):
        self.batch = chance.randint(1, 10)

    def body(self):
        return {"FunctionName": self.value("function", "FunctionName"), "EventSourceArn": self.value("source", "Arn"),
                "BatchSize": self.batch}

    def things(self):
        return [("mapping", {"batch": self.batch, "source": self.arn_of("source", "queue")})]


class Permission(Block):
    letter, kind, type = "x", "permission", "Lambda.Permission"
    uses, tagged, retainable, renamable = {"function": "Function"}, False, False, False

    def body(self):
        return {"FunctionName": self.value("function", "FunctionName"), "Action": "lambda:InvokeFunction",
                "Principal": "sns.amazonaws.com", "SourceArn": "arn:aws:sns:eu-west-1:123456789012:of-" + self.id}


KINDS = [Queue, Topic, Table, Bucket, Parameter, Role, LogGroup, Api, Integration, Route, Stage, Group, Schedule,
         Function, HandledQueue, HandledTable, Http, Timer, Mapping, Permission]
BY_NAME = {k.__name__: k for k in KINDS}

# What all routes share, and all schedules.
SHARED = {Http: [("api", {}), ("stage", {})], Timer: [("group", {}), ("role", {})]}
