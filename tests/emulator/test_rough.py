"""Rough edges of AWS in whole runs: buckets that are not empty, roles made anew under their name, parents made anew."""

import unittest

from case import Case, actions
from harness.account import client
from harness.proxy import Kill, count
from harness.rules import Rule

HEAD = '[project]\nname = "shop"\nregion = "eu-west-1"\n\n'
BUCKET = '[AWS.S3.Bucket.files]\nVersioningConfiguration.Status = "Enabled"\n%s\n'


class SmallPages(Rule):
    """Three objects are as many as a thousand."""

    source = "Amazon S3 API Reference, ListObjectVersions: 'the response might contain fewer keys'"

    def mangle(self, call, target, raw, now_s):
        return target.replace("max-keys=1000", "max-keys=3"), raw


class Rough(Case):
    def setUp(self):
        super().setUp()
        self.work = self.workspace()

    def of(self, service):
        return client(self.emulator.url, service)

    def apply(self, *args, code=0):
        return self.work.run(self.proxy, "apply", "--yes", *args, code=code)

    def test_bucket_that_is_not_empty(self):
        """Nothing of it goes unasked; when it is allowed, all versions and delete markers go, in pages."""
        self.work.write(HEAD + BUCKET % "protect = false")
        self.apply()
        s3 = self.of("s3")
        name = s3.list_buckets()["Buckets"][0]["Name"]
        for n in range(7):
            s3.put_object(Bucket=name, Key="k%d" % (n % 4), Body=b"x")
        s3.delete_object(Bucket=name, Key="k1")
        self.work.write(HEAD)
        refused = self.apply(code=1)
        self.assertIn("--allow-data-loss with its address deletes them", refused.err)
        self.assertEqual(count(self.proxy.log, "DeleteObjects|Bucket delete$"), 0)
        self.assertEqual(len(s3.list_object_versions(Bucket=name)["Versions"]), 7)
        self.proxy.clear()
        self.proxy.rules = [SmallPages()]
        self.apply("--allow-data-loss", "files")
        self.assertEqual(s3.list_buckets()["Buckets"], [])
        # Eight versions and markers: three pages.
        self.assertEqual(count(self.proxy.log, "PostBucket delete"), 3)

    def test_emptying_that_was_killed_goes_on(self):
        """What was allowed is not asked for again: the bucket is guarded, so its deletion had been allowed."""
        self.work.write(HEAD + BUCKET % "")
        self.apply()
        s3 = self.of("s3")
        name = s3.list_buckets()["Buckets"][0]["Name"]
        s3.put_object(Bucket=name, Key="k", Body=b"x")
        self.work.write(HEAD)
        self.apply(code=4)
        self.proxy.kill = Kill(self.proxy.mutations + 1, False)
        self.apply("--allow-data-loss", "files", code=-9)
        self.assertEqual(len(s3.list_object_versions(Bucket=name)["Versions"]), 1)
        self.apply()
        self.assertEqual(s3.list_buckets()["Buckets"], [])

    def test_policy_for_emptying(self):
        """Who may not delete data is not given the permission for it."""
        self.work.write(HEAD + BUCKET % "")
        self.apply()
        self.work.write(HEAD)
        said = self.work.run(self.proxy, "plan", "--iam", "--allow-data-loss", "files").out
        self.assertIn("s3:DeleteObjectVersion", said)
        self.assertNotIn("s3:DeleteObject", self.work.run(self.proxy, "plan", "--iam").out)

    ROLE = """
[AWS.Scheduler.ScheduleGroup.group]

[AWS.SQS.Queue.jobs]

[AWS.IAM.Role.runs]
RoleName = "runs"
replace_when = ["%d"]
AssumeRolePolicyDocument = { Version = "2012-10-17", Statement = [
  { Effect = "Allow", Principal = { Service = "scheduler.amazonaws.com" }, Action = "sts:AssumeRole" }] }

[AWS.IAM.Role.trusts]
AssumeRolePolicyDocument = { Version = "2012-10-17", Statement = [
  { Effect = "Allow", Principal = { AWS = "${runs.Arn}" }, Action = "sts:AssumeRole" }] }

[AWS.Scheduler.Schedule.daily]
GroupName = "${group.Name}"
ScheduleExpression = "rate(1 day)"
FlexibleTimeWindow.Mode = "OFF"
Target = { Arn = "${jobs.Arn}", RoleArn = "${runs.Arn}" }
"""

    def test_role_made_anew_under_its_name(self):
        """It is another principal: what names it is set again, though the text is the same."""
        self.work.write(HEAD + self.ROLE % 1)
        self.apply()
        self.work.write(HEAD + self.ROLE % 2)
        self.assertEqual(actions(self.work.plan(self.proxy, code=0)),
                         {"runs": "replace", "trusts": "update", "daily": "update"})
        self.proxy.clear()
        self.apply()
        self.assertEqual(count(self.proxy.log, "UpdateSchedule|UpdateAssumeRolePolicy"), 2)
        self.of("iam").delete_role(RoleName="runs")
        self.assertEqual(actions(self.work.plan(self.proxy, code=0)),
                         {"runs": "create", "trusts": "update", "daily": "update"})
        self.apply()
        self.assert_empty(self.work.plan(self.proxy, code=0))

    def test_log_group_that_comes_back(self):
        """It goes after its function, whose role may not make it; made again by others' writing it is taken over."""
        group = "/aws/lambda/shop-dev-report"
        self.work.write(HEAD + '[function.report]\nhandler = "src/report.js#run"\n')
        self.work.write("export async function run() {}\n", "src/report.js")
        self.apply()
        role = self.of("iam").get_role_policy(RoleName="shop-dev-report-role", PolicyName="inline")["PolicyDocument"]
        self.assertNotIn("CreateLogGroup", str(role))

        def comes_back():
            logs = self.of("logs")
            logs.create_log_group(logGroupName=group)
            # The emulator remembers the tags of one that was deleted.
            arn = logs.describe_log_groups()["logGroups"][0]["arn"].removesuffix(":*")
            logs.untag_resource(resourceArn=arn, tagKeys=list(logs.list_tags_for_resource(resourceArn=arn)["tags"]))

        self.of("logs").delete_log_group(logGroupName=group)
        comes_back()
        self.apply()
        self.assertEqual(self.of("logs").describe_log_groups()["logGroups"][0]["retentionInDays"], 30)
        self.proxy.clear()
        self.work.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        done = [call.operation for call in self.proxy.log if call.operation in ("DeleteFunction", "DeleteLogGroup")]
        self.assertEqual(done, ["DeleteFunction", "DeleteLogGroup"])
        comes_back()
        self.apply()
        self.assert_empty(self.work.plan(self.proxy, code=0))
        self.work.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.of("logs").describe_log_groups()["logGroups"], [])

    def test_log_group_of_others_under_our_name(self):
        """What never was ours, or has anybody's tag, is not taken over."""
        spec = HEAD + '[function.report]\nhandler = "src/report.js#run"\n'
        self.work.write("export async function run() {}\n", "src/report.js")
        self.of("logs").create_log_group(logGroupName="/aws/lambda/shop-dev-report")
        self.work.write(spec)
        self.assertIn("not ours", self.apply(code=4).err)
        self.of("logs").delete_log_group(logGroupName="/aws/lambda/shop-dev-report")
        self.apply()
        self.work.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.of("logs").create_log_group(logGroupName="/aws/lambda/shop-dev-report", tags={"team": "x"})
        self.assertIn("not ours", self.apply(code=4).err)

    def test_parent_made_anew(self):
        """Its children are made again in it, also where it went behind our back."""
        self.work.write(HEAD + """
[AWS.ApiGatewayV2.Api.api]
ProtocolType = "HTTP"

[AWS.ApiGatewayV2.Integration.there]
ApiId = "${api.ApiId}"
IntegrationType = "HTTP_PROXY"
IntegrationMethod = "GET"
IntegrationUri = "https://a.example"
PayloadFormatVersion = "1.0"

[AWS.ApiGatewayV2.Route.all]
ApiId = "${api.ApiId}"
RouteKey = "GET /"
Target = "integrations/${there.IntegrationId}"
""")
        self.apply()
        gateway = self.of("apigatewayv2")
        gateway.delete_api(ApiId=gateway.get_apis()["Items"][0]["ApiId"])
        self.apply()
        api = gateway.get_apis()["Items"][0]["ApiId"]
        self.assertEqual(len(gateway.get_routes(ApiId=api)["Items"]), 1)
        self.assertEqual(len(gateway.get_integrations(ApiId=api)["Items"]), 1)
        self.assert_empty(self.work.plan(self.proxy, code=0))


if __name__ == "__main__":
    unittest.main()
