"""examples/raw: AWS resource types under their own names, through their whole life."""

import unittest

from case import Case, actions
from harness.account import client


class Raw(Case):
    def setUp(self):
        super().setUp()
        self.raw = self.workspace("raw")

    def test_life(self):
        before = self.snapshot()
        self.raw.run(self.proxy, "apply", "--yes", code=0)
        self.assert_golden("raw.json", self.snapshot())
        self.assert_empty(self.raw.plan(self.proxy, code=0))
        self.raw.edit("VisibilityTimeout = 120", "VisibilityTimeout = 60")
        self.raw.edit('DisplayName = "alerts of ${project}"', 'DisplayName = "alarms"')
        self.raw.edit("RetentionInDays = 365", "RetentionInDays = 30")
        self.raw.edit("NoncurrentDays = 30", "NoncurrentDays = 7")
        plan = self.raw.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"alerts": "update", "jobs": "update", "audit": "update", "reports": "update"})
        self.raw.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.raw.plan(self.proxy, code=0))
        taken = self.snapshot()
        self.assertEqual(taken["queues"]["raw-dev-jobs"]["attributes"]["VisibilityTimeout"], "60")
        self.assertEqual(taken["log_groups"]["raw-dev-audit"]["retentionInDays"], 30)
        self.raw.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(self.snapshot(), before)

    def test_removed_properties_are_cleared(self):
        self.raw.run(self.proxy, "apply", "--yes", code=0)
        self.raw.edit("VisibilityTimeout = 120\n", "")
        self.raw.edit('DisplayName = "alerts of ${project}"\n', "")
        plan = self.raw.plan(self.proxy, code=0)
        self.assertEqual(actions(plan), {"alerts": "update", "jobs": "update"})
        self.raw.run(self.proxy, "apply", "--yes", code=0)
        self.assert_empty(self.raw.plan(self.proxy, code=0))
        self.assertEqual(self.snapshot()["queues"]["raw-dev-jobs"]["attributes"]["VisibilityTimeout"], "30")

    def test_full_bucket_goes_only_where_that_is_allowed(self):
        self.raw.run(self.proxy, "apply", "--yes", code=0)
        s3 = client(self.emulator.url, "s3")
        bucket = s3.list_buckets()["Buckets"][0]["Name"]
        for body in (b"data", b"newer"):
            s3.put_object(Bucket=bucket, Key="keep", Body=body)
        self.raw.run(self.proxy, "destroy", "--yes", code=4)
        self.assertEqual([b["Name"] for b in s3.list_buckets()["Buckets"]], [bucket])
        self.assertEqual(len(s3.list_object_versions(Bucket=bucket)["Versions"]), 2)
        self.raw.run(self.proxy, "destroy", "--yes", "--allow-data-loss", "all", code=0)
        self.assertEqual(s3.list_buckets()["Buckets"], [])


if __name__ == "__main__":
    unittest.main()
