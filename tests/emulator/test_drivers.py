"""The whole life of one resource of every driver on the emulator, through our own client.

EFFC_RECORD=1 writes what was said to tests/unit/talks/, from which tests/unit/driver_talks
repeats it without an emulator; then read the diff.
"""

import base64
import io
import json
import os
import re
import subprocess
import unittest
import zipfile

from harness.account import client
from harness.emulator import Emulator
from harness.program import BUILD, SOURCE

TALKS = SOURCE / "tests" / "unit" / "talks"
OURS, THEIRS = "a" * 32, "b" * 32
TAGS = [{"Key": "team", "Value": "x"}, {"Key": "effortless:project", "Value": "shop"}]
TAGS2 = [{"Key": "team", "Value": "y"}, {"Key": "effortless:project", "Value": "shop"}]
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
SEND = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": "*"}]}
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:"
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:123456789012:function:"


def bundle(text):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as z:
        z.writestr(zipfile.ZipInfo("index.js"), text)
    return packed.getvalue()


def covers(wanted, seen):
    """Everything wanted is there; what the service added does not count."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        return all(k in seen and covers(v, seen[k]) for k, v in wanted.items())
    if isinstance(wanted, list) and isinstance(seen, list):
        return len(wanted) == len(seen) and all(any(covers(w, s) for s in seen) for w in wanted)
    return wanted == seen


def without(properties, *names):
    return {k: v for k, v in properties.items() if k not in names}


class Drivers(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator().__enter__()
        cls.addClassCleanup(cls.emulator.__exit__)
        cls.runner = subprocess.Popen([str(BUILD / "op-run"), cls.emulator.url], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
        cls.addClassCleanup(cls.stop)

    @classmethod
    def stop(cls):
        cls.runner.stdin.close()
        cls.runner.wait(20)
        cls.runner.stdout.close()

    def setUp(self):
        self.emulator.reset()
        self.talk = []

    def client(self, service):
        return client(self.emulator.url, service)

    def op(self, kind, properties, **more):
        request = {"type": self.type, "kind": kind, "properties": properties, "instance": OURS, "token": "t" * 32,
                   **more}
        self.runner.stdin.write(json.dumps({**request, "bundle": base64.b64encode(
            bundle("exports.handler = async () => %d;" % len(self.talk))).decode()}) + "\n")
        self.runner.stdin.flush()
        result = json.loads(self.runner.stdout.readline())
        self.talk.append({"op": request})
        self.talk += result["talk"]
        self.talk.append(without(result, "talk"))
        return result

    def done(self, kind, properties, **more):
        result = self.op(kind, properties, **more)
        self.assertEqual((result["ended"], result["error"]), ("done", ""), kind)
        return result

    def sends(self, result):
        return [t["send"] for t in result["talk"] if "send" in t]

    def assert_seen(self, wanted, result, hidden):
        self.assertEqual(result["found"], "found")
        for name, value in wanted.items():
            if name not in hidden:
                self.assertTrue(covers(value, result["observed"].get(name)),
                                "%s: wanted %r, seen %r" % (name, value, result["observed"].get(name)))

    def life(self, type_name, first, *updates, hidden=(), foreign="foreign", marked=True):
        """hidden: what the emulator does not give back.

        Of what is not marked only the journal knows that it is ours.
        """
        self.type = "AWS::" + type_name
        self.assertEqual(self.done("find", first)["found"], "absent")
        made = self.done("create", first)
        self.assertEqual(made["found"], "not looked")
        read = self.done("read", first, attributes=made["attributes"])
        self.assert_seen(first, read, hidden)
        found = self.done("find", first, **({} if marked else {"sent_before": True}))
        self.assert_seen(first, found, hidden)
        self.assertEqual(found["attributes"], read["attributes"])
        self.assertEqual(self.done("find", first, instance=THEIRS)["found"], foreign)
        self.change(first, made["attributes"], updates, hidden)
        self.record(type_name)

    def change(self, first, attributes, updates, hidden):
        before = first
        self.assertEqual(self.sends(self.done("update", first, previous=first, attributes=attributes)), [])
        for after in updates:
            changed = self.done("update", after, previous=before, attributes=attributes)
            self.assertNotEqual(self.sends(changed), [])
            attributes = changed["attributes"]
            self.assert_seen(after, self.done("read", after, attributes=attributes), hidden)
            before = after
        self.done("delete", before, attributes=attributes)
        self.assertEqual(self.done("read", before, attributes=attributes)["found"], "absent")
        self.done("delete", before, attributes=attributes)

    def record(self, type_name):
        if not os.environ.get("EFFC_RECORD"):
            return
        lines = "".join(json.dumps(t) + "\n" for t in self.talk)
        lines = re.sub(r"http://127\.0\.0\.1:\d+", "http://emulator", lines)
        (TALKS / (type_name.replace("::", ".") + ".jsonl")).write_text(lines)

    def role(self):
        made = self.client("iam").create_role(RoleName="runs", AssumeRolePolicyDocument=json.dumps(TRUST))
        return made["Role"]["Arn"]

    def function(self):
        self.client("lambda").create_function(FunctionName="fn", Role=self.role(), Handler="index.handler",
                                              Runtime="nodejs20.x", Code={"ZipFile": bundle("1")})

    def test_queue(self):
        self.client("sqs").create_queue(QueueName="dead")
        queue = {"QueueName": "orders", "VisibilityTimeout": 60, "Tags": TAGS}
        self.life("SQS::Queue", queue, {
            "QueueName": "orders", "DelaySeconds": 5, "KmsMasterKeyId": "alias/aws/sqs", "Tags": TAGS2,
            "RedrivePolicy": {"deadLetterTargetArn": QUEUE_ARN + "dead", "maxReceiveCount": 3}}, queue)

    def test_topic(self):
        self.life("SNS::Topic", {"TopicName": "news", "DisplayName": "n", "Tags": TAGS},
                  {"TopicName": "news", "DisplayName": "m", "KmsMasterKeyId": "alias/aws/sns", "Tags": TAGS2},
                  {"TopicName": "news", "Tags": TAGS2[:1]})

    def test_role(self):
        role = {"RoleName": "r", "AssumeRolePolicyDocument": TRUST, "Description": "d", "Tags": TAGS,
                "Policies": [{"PolicyName": "a", "PolicyDocument": SEND}]}
        self.life("IAM::Role", role,
                  {**without(role, "Description"), "MaxSessionDuration": 7200, "Tags": TAGS2,
                   "Policies": [{"PolicyName": "b", "PolicyDocument": SEND}]},
                  without(role, "Policies"), hidden=["Description"])

    def test_function(self):
        function = {"FunctionName": "f", "Role": self.role(), "Handler": "index.handler", "Runtime": "nodejs20.x",
                    "Code": {"Bundle": "00"}, "MemorySize": 256, "Timeout": 10, "Tags": TAGS,
                    "Environment": {"Variables": {"A": "1"}}, "ReservedConcurrentExecutions": 3}
        self.life("Lambda::Function", function,
                  {**without(function, "Environment", "ReservedConcurrentExecutions"), "MemorySize": 512,
                   "Tags": TAGS2, "Code": {"Bundle": "11"}}, hidden=["Code"])

    def test_permission(self):
        self.function()
        self.life("Lambda::Permission", {
            "FunctionName": "fn", "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
            "SourceArn": "arn:aws:execute-api:eu-west-1:123456789012:abc/*"}, foreign="absent")

    def test_mapping(self):
        self.function()
        self.client("sqs").create_queue(QueueName="source")
        mapping = {"FunctionName": "fn", "EventSourceArn": QUEUE_ARN + "source", "BatchSize": 10, "Tags": TAGS}
        self.life("Lambda::EventSourceMapping", mapping, {**mapping, "BatchSize": 5, "Enabled": False, "Tags": TAGS2},
                  hidden=["FunctionName"], marked=False)

    def test_log_group(self):
        group = {"LogGroupName": "/aws/lambda/f", "RetentionInDays": 7, "Tags": TAGS}
        self.client("logs").create_log_group(logGroupName="/aws/lambda/f-not-this-one")
        self.life("Logs::LogGroup", group, {**group, "RetentionInDays": 14, "Tags": TAGS2},
                  without(group, "RetentionInDays"))

    def test_api(self):
        api = {"Name": "shop-dev", "ProtocolType": "HTTP", "Tags": {"team": "x"},
               "CorsConfiguration": {"AllowOrigins": ["*"], "AllowMethods": ["GET"]}}
        self.life("ApiGatewayV2::Api", api,
                  {**without(api, "CorsConfiguration"), "Description": "d", "Tags": {"team": "y"}}, foreign="absent")

    def parent_api(self):
        return self.client("apigatewayv2").create_api(Name="x", ProtocolType="HTTP")["ApiId"]

    def test_integration(self):
        integration = {"ApiId": self.parent_api(), "IntegrationType": "AWS_PROXY", "PayloadFormatVersion": "2.0",
                       "IntegrationUri": FUNCTION_ARN + "f"}
        self.life("ApiGatewayV2::Integration", integration,
                  {**integration, "IntegrationUri": FUNCTION_ARN + "g", "Description": "mine"}, foreign="absent")

    def test_route(self):
        route = {"ApiId": self.parent_api(), "RouteKey": "GET /a", "AuthorizationType": "NONE"}
        self.life("ApiGatewayV2::Route", route, {**route, "Target": "integrations/abc"}, marked=False)

    def test_stage(self):
        # The emulator has neither UpdateStage nor tags of a stage that exists.
        self.life("ApiGatewayV2::Stage", {"ApiId": self.parent_api(), "StageName": "$default", "AutoDeploy": True,
                                          "Tags": {"team": "x"}})

    def test_schedule_group(self):
        group = {"Name": "g", "Tags": TAGS}
        self.life("Scheduler::ScheduleGroup", group, {"Name": "g", "Tags": TAGS2})

    def test_schedule(self):
        self.client("scheduler").create_schedule_group(Name="grp")
        schedule = {"Name": "s", "GroupName": "grp", "ScheduleExpression": "rate(1 day)",
                    "FlexibleTimeWindow": {"Mode": "OFF"},
                    "Target": {"Arn": FUNCTION_ARN + "f", "RoleArn": self.role()}}
        self.life("Scheduler::Schedule", schedule, {**schedule, "ScheduleExpression": "rate(2 days)",
                                                    "StartDate": "2099-01-01T00:00:00Z"}, marked=False)

    def test_parameter(self):
        parameter = {"Name": "/shop/x", "Type": "String", "Value": "1", "Tags": {"team": "x"}}
        self.life("SSM::Parameter", parameter,
                  {**parameter, "Value": "2", "Description": "d", "Tags": {"team": "y"}}, hidden=["Description"])

    def test_table(self):
        def index(name, key):
            return {"IndexName": name, "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "ALL"}}

        capacity = {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}
        attributes = [{"AttributeName": name, "AttributeType": "S"} for name in "abc"]
        table = {"TableName": "orders", "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "Tags": TAGS,
                 "AttributeDefinitions": attributes[:2], "BillingMode": "PAY_PER_REQUEST",
                 "GlobalSecondaryIndexes": [index("one", "b")], "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
                 "TimeToLiveSpecification": {"AttributeName": "e", "Enabled": True},
                 "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}
        second = {**without(table, "TimeToLiveSpecification"), "AttributeDefinitions": attributes, "Tags": TAGS2,
                  "GlobalSecondaryIndexes": [index("two", "b"), index("three", "c")], "DeletionProtectionEnabled": True}
        third = {**without(second, "PointInTimeRecoverySpecification"), "DeletionProtectionEnabled": False,
                 "BillingMode": "PROVISIONED", "ProvisionedThroughput": capacity,
                 "GlobalSecondaryIndexes": [{**index("two", "c"), "ProvisionedThroughput": capacity},
                                            {**index("three", "c"), "ProvisionedThroughput": capacity}]}
        self.life("DynamoDB::Table", table, second, third)

    def test_bucket(self):
        self.client("sqs").create_queue(QueueName="told")
        bucket = {
            "BucketName": "shop-dev-files", "Tags": TAGS, "VersioningConfiguration": {"Status": "Enabled"},
            "BucketEncryption": {"ServerSideEncryptionConfiguration": [
                {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
            "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True,
                                               "IgnorePublicAcls": True, "RestrictPublicBuckets": True},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAge": 60,
                                                 "ExposedHeaders": ["x"]}]},
            "LifecycleConfiguration": {"Rules": [
                {"Id": "r1", "Status": "Enabled", "Prefix": "logs/", "ExpirationInDays": 10},
                {"Id": "r2", "Status": "Enabled", "ExpirationInDays": 20},
                {"Id": "r3", "Status": "Enabled", "TagFilters": [{"Key": "k", "Value": "v"}],
                 "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 3}]},
                {"Id": "r4", "Status": "Enabled", "Prefix": "z", "TagFilters": [{"Key": "k", "Value": "v"}],
                 "ExpirationInDays": 4}]},
            "NotificationConfiguration": {"QueueConfigurations": [
                {"Event": "s3:ObjectCreated:*", "Queue": QUEUE_ARN + "told",
                 "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "a"}]}}}]},
            "WebsiteConfiguration": {"IndexDocument": "index.html", "ErrorDocument": "error.html"},
            "AccelerateConfiguration": {"AccelerationStatus": "Enabled"}}
        plain = {"BucketName": "shop-dev-files", "Tags": TAGS2, "VersioningConfiguration": {"Status": "Enabled"},
                 "CorsConfiguration": {"CorsRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"]}]}}
        self.life("S3::Bucket", bucket, plain, without(plain, "VersioningConfiguration", "CorsConfiguration"))


if __name__ == "__main__":
    unittest.main()
