"""What is not of this state is left alone: under our name after ours went, beside ours, unmarked, or out of sight."""

import json
import unittest

from case import Case
from harness.account import client
from harness.proxy import Kill

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}]})
HEAD = '[project]\nname = "%s"\nregion = "eu-west-1"\n\n'
QUEUE = "[AWS.SQS.Queue.jobs]\nVisibilityTimeout = %d\n"
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


class Ownership(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()

    def of(self, service):
        return client(self.emulator.url, service)

    def run_effc(self, *args, code=0):
        return self.work.run(self.proxy, *args, "--yes", code=code)

    def test_what_took_our_name_later_is_not_ours(self):
        self.work.write(HEAD % "shop" + QUEUE % 50)
        self.run_effc("apply")
        sqs = self.of("sqs")
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="shop-dev-jobs")["QueueUrl"])
        theirs = {"effortless:instance": "0" * 32, "effortless:project": "other"}
        sqs.create_queue(QueueName="shop-dev-jobs", tags=theirs)
        before = self.snapshot()
        self.assertIn("project 'other'", self.run_effc("apply", code=4).err)
        self.assertEqual(self.snapshot(), before)
        self.run_effc("destroy", "--allow-data-loss", "all")
        self.assertEqual(self.snapshot(), before)

    def test_what_lost_its_mark_is_left_alone(self):
        self.work.write(HEAD % "shop" + QUEUE % 50)
        self.run_effc("apply")
        sqs = self.of("sqs")
        sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="shop-dev-jobs")["QueueUrl"])
        sqs.create_queue(QueueName="shop-dev-jobs")
        before = self.snapshot()
        self.assertIn("effortless:instance", self.run_effc("apply", code=4).err)
        self.assertEqual(self.snapshot(), before)

    def test_hand_made_schedule_in_a_group_of_others(self):
        role = self.of("iam").create_role(RoleName="theirs", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        scheduler = self.of("scheduler")
        scheduler.create_schedule_group(Name="theirs")
        scheduler.create_schedule(
            Name="nightly", GroupName="theirs", ScheduleExpression="rate(5 days)", FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": "arn:aws:sqs:eu-west-1:123456789012:x", "RoleArn": role})
        before = self.snapshot()
        self.work.write(HEAD % "shop" + '''[AWS.Scheduler.Schedule.nightly]
Name = "nightly"
GroupName = "theirs"
ScheduleExpression = "rate(1 day)"
FlexibleTimeWindow.Mode = "OFF"
Target = { Arn = "arn:aws:sqs:eu-west-1:123456789012:y", RoleArn = "%s" }
''' % role)
        self.run_effc("apply", code=4)
        self.run_effc("destroy")
        self.assertEqual(self.snapshot(), before)

    def test_hand_made_route_of_an_api_of_others(self):
        api = self.of("apigatewayv2").create_api(Name="theirs", ProtocolType="HTTP")["ApiId"]
        self.of("apigatewayv2").create_route(ApiId=api, RouteKey="GET /x", OperationName="theirs")
        before = self.snapshot()
        self.work.write(HEAD % "shop" + '[AWS.ApiGatewayV2.Route.x]\nApiId = "%s"\nRouteKey = "GET /x"\n' % api)
        self.run_effc("apply", code=4)
        self.run_effc("destroy")
        self.assertEqual(self.snapshot(), before)

    def test_copied_folder_is_another_project(self):
        self.work.write(HEAD % "shop" + QUEUE % 50)
        self.run_effc("apply")
        before = self.snapshot()
        self.work.write(HEAD % "blog" + "[AWS.SQS.Queue.posts]\nVisibilityTimeout = 50\n")
        self.assertIn("project 'shop'", self.run_effc("apply", code=1).err)
        self.assertIn("project 'shop'", self.run_effc("destroy", "--allow-data-loss", "all", code=1).err)
        self.assertEqual(self.snapshot(), before)

    def test_denied_bucket_is_not_forgotten(self):
        versioned = "[AWS.S3.Bucket.files]\nVersioningConfiguration.Status = \"%s\"\n"
        self.work.write(HEAD % "shop" + versioned % "Enabled")
        self.run_effc("apply")
        self.work.write(HEAD % "shop" + versioned % "Suspended")
        self.proxy.kill = Kill(self.proxy.mutations + 1, False)
        self.run_effc("apply", code=-9)
        refuse = self.proxy._refuse
        self.proxy._refuse = lambda call: (403, DENIED, []) if call.service == "s3" else refuse(call)
        try:
            self.assertIn("AccessDenied", self.run_effc("destroy", "--allow-data-loss", "all", code=1).err)
        finally:
            self.proxy._refuse = refuse
        self.run_effc("destroy", "--allow-data-loss", "all")
        self.assertEqual(self.snapshot().get("buckets", {}), {})


if __name__ == "__main__":
    unittest.main()
