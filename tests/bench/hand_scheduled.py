"""The service workload (service.py) made by hand: exactly the calls that change something, each as
soon as what it stands on is there, the longest remaining path first, under the quotas and locks that
effc keeps and with as many requests at once.  It reads nothing, keeps no state, and knows when a role
can be used: what an apply is measured by.

    hand_scheduled.py URL UNITS PROFILE LATENCY_MS

It prints the seconds that it took and the calls that it made."""
import asyncio
import heapq
import json
import sys
import time
import urllib.parse

import quotas

PARALLEL = 32                   # executor/loop.c
ACCOUNT, REGION = "123456789012", "eu-west-1"
SIGNED = {"apigatewayv2": "apigateway"}
TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS", "logs": "Logs_20140328", "ssm": "AmazonSSM"}
ROLE_USABLE_S = {"flat": 0.0, "aws": 8.0}


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self):
        self.transport = self.waiter = None
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15:].split(b"\r\n")[0]) if at >= 0 else 0
        if len(self.buffer) < end + 4 + length:
            return
        body, self.buffer = self.buffer[end + 4:], b""
        self.waiter.set_result((int(head[9:12]), body))

    def send(self, data):
        self.waiter = asyncio.get_running_loop().create_future()
        self.transport.write(data)
        return self.waiter


class Turns:
    """Whoever waits gets its turn by priority, the greatest first."""

    def __init__(self):
        self.waiting, self.number = [], 0

    def wait(self, priority):
        turn = asyncio.get_running_loop().create_future()
        self.number += 1
        heapq.heappush(self.waiting, (-priority, self.number, turn))
        return turn

    def next(self):
        heapq.heappop(self.waiting)[2].set_result(None)


class Quota(Turns):
    """Waiting for a token of a bucket."""

    def __init__(self, bucket):
        super().__init__()
        self.bucket, self.timer = bucket, None

    def pump(self):
        self.timer = None
        self.bucket.refill()
        while self.waiting and self.bucket.tokens >= 1:
            self.bucket.tokens -= 1
            self.next()
        if self.waiting:
            wait_s = (1 - self.bucket.tokens) / self.bucket.rate
            self.timer = asyncio.get_running_loop().call_later(wait_s, self.pump)

    async def take(self, priority):
        turn = self.wait(priority)
        if not self.timer:
            self.pump()
        await turn


class Places(Turns):
    """So many at once: the requests in flight, or one for a lock."""

    def __init__(self, count):
        super().__init__()
        self.free = count

    async def take(self, priority):
        if self.free:
            self.free -= 1
        else:
            await self.wait(priority)

    def give(self):
        if self.waiting:
            self.next()
        else:
            self.free += 1


class Hand:
    def __init__(self, url, profile, latency_s):
        self.host = urllib.parse.urlsplit(url)
        self.profile, self.latency_s = profile, latency_s
        self.quotas, self.waits = quotas.Quotas(), {}
        self.places, self.free = Places(PARALLEL), []
        self.api_lock = Places(1)
        self.calls = 0

    async def connect(self):
        for _ in range(PARALLEL):
            _, connection = await asyncio.get_running_loop().create_connection(
                Connection, self.host.hostname, self.host.port)
            self.free.append(connection)

    def request(self, service, operation, method, path, body):
        signed = SIGNED.get(service, service)
        target = "X-Amz-Target: %s.%s\r\n" % (TARGETS[service], operation) if service in TARGETS else ""
        return ("%s %s HTTP/1.1\r\nHost: x\r\n"
                "Authorization: AWS4-HMAC-SHA256 Credential=A/20260101/%s/%s/aws4_request\r\n"
                "%sContent-Length: %d\r\n\r\n%s" % (method, path, REGION, signed, target, len(body),
                                                  body)).encode()

    async def call(self, priority, service, operation, members, path="/", method="POST"):
        """Throttled calls and refusals are made again: there should be none."""
        body = urllib.parse.urlencode(dict(members, Action=operation)) if service == "iam" else json.dumps(members)
        data = self.request(service, operation, method, path, body if members or method == "POST" else "")
        bucket = self.quotas.bucket(service, operation)
        wait = self.waits.setdefault(id(bucket), Quota(bucket))
        while True:
            await wait.take(priority)
            await self.places.take(priority)
            connection = self.free.pop()
            status, reply = await connection.send(data)
            self.free.append(connection)
            self.places.give()
            self.calls += 1
            if status < 300:
                return reply
            if status != 429 and b"hrottling" not in reply and b"concurrent" not in reply:
                raise SystemExit("%s: %d %s" % (operation, status, reply.decode()))
            await asyncio.sleep(0.1)

    async def api_call(self, priority, operation, members, path, method="POST"):
        """One change at a time, which begins when there is a token, too."""
        await self.api_lock.take(priority)
        try:
            return json.loads(await self.call(priority, "apigatewayv2", operation, members, path, method) or "{}")
        finally:
            self.api_lock.give()


def arn(service, text):
    return "arn:aws:%s:%s:%s:%s" % (service, REGION, ACCOUNT, text)


TAGS = {"effortless:project": "svc", "effortless:stage": "dev"}
TAG_LIST = [{"Key": k, "Value": v} for k, v in TAGS.items()]
TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                            "Principal": {"Service": "lambda.amazonaws.com"}}]})


async def make_code(hand, api, n):
    """What the longest path goes through: role, its policy, function, then what stands on it."""
    name, role = "svc-dev-work%d" % n, "svc-dev-work%d-role" % n
    await hand.call(9, "iam", "CreateRole", {"RoleName": role, "AssumeRolePolicyDocument": TRUST})
    usable_at = time.monotonic() - hand.latency_s + ROLE_USABLE_S[hand.profile] + 0.002
    await hand.call(8, "iam", "PutRolePolicy", {"RoleName": role, "PolicyName": "own", "PolicyDocument": TRUST})
    await asyncio.sleep(max(0, usable_at - time.monotonic()))
    await hand.call(7, "lambda", "CreateFunction", {
        "FunctionName": name, "Role": "arn:aws:iam::%s:role/%s" % (ACCOUNT, role), "Handler": "work.run",
        "Runtime": "nodejs22.x", "Code": {"ZipFile": "UEsFBgAAAAA="}, "Tags": TAGS}, "/2015-03-31/functions")
    await asyncio.gather(make_route(hand, api, n, name), make_permission(hand, api, name), make_mapping(hand, n, name))


async def make_route(hand, api, n, name):
    path = "/v2/apis/%s" % await api
    made = await hand.api_call(6, "CreateIntegration", {
        "integrationType": "AWS_PROXY", "payloadFormatVersion": "2.0",
        "integrationUri": arn("lambda", "function:" + name)}, path + "/integrations")
    await hand.api_call(5, "CreateRoute", {"routeKey": "POST /work%d" % n,
                                           "target": "integrations/" + made["integrationId"]}, path + "/routes")


async def make_permission(hand, api, name):
    await hand.call(4, "lambda", "AddPermission", {
        "StatementId": "own", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
        "SourceArn": arn("execute-api", await api + "/*/*")}, "/2015-03-31/functions/%s/policy" % name)


async def make_mapping(hand, n, name):
    await hand.call(4, "lambda", "CreateEventSourceMapping", {
        "FunctionName": name, "EventSourceArn": arn("sqs", "svc-dev-jobs%d" % n), "BatchSize": 10, "Tags": TAGS},
        "/2015-03-31/event-source-mappings")


async def make_group(hand, n):
    name = "/aws/lambda/svc-dev-work%d" % n
    await hand.call(2, "logs", "CreateLogGroup", {"logGroupName": name, "tags": TAGS})
    await hand.call(1, "logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": 30})


async def make_unit(hand, api, n):
    # The function stands on its log group and its queue, which take less time than its role.
    await asyncio.gather(
        make_code(hand, api, n), make_group(hand, n),
        hand.call(1, "dynamodb", "CreateTable", {
            "TableName": "svc-dev-table%d" % n, "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}], "BillingMode": "PAY_PER_REQUEST",
            "Tags": TAG_LIST}),
        hand.call(5, "sqs", "CreateQueue", {"QueueName": "svc-dev-jobs%d" % n, "tags": TAGS}),
        hand.call(1, "ssm", "PutParameter", {"Name": "/svc/dev/unit%d" % n, "Type": "String", "Value": "told",
                                             "Tags": TAG_LIST}))


async def make(hand, units):
    api = asyncio.get_running_loop().create_future()

    async def shared():
        made = await hand.api_call(9, "CreateApi", {"name": "svc-dev", "protocolType": "HTTP"}, "/v2/apis")
        api.set_result(made["apiId"])
        await hand.api_call(8, "CreateStage", {"stageName": "$default", "autoDeploy": True},
                            "/v2/apis/%s/stages" % made["apiId"])

    await asyncio.gather(shared(), *(make_unit(hand, api, n) for n in range(units)))


async def main():
    url, units, profile, latency_ms = sys.argv[1:]
    hand = Hand(url, profile, float(latency_ms) / 1000)
    await hand.connect()
    start = time.monotonic()
    await make(hand, int(units))
    seconds = time.monotonic() - start
    print(json.dumps({"seconds": seconds, "calls": hand.calls}))


if __name__ == "__main__":
    asyncio.run(main())
