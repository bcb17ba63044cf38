#!/usr/bin/env python3
"""Twenty plans with one hazard each among much noise: it must stand in the first screen.

The first screen of the text are its first 24 lines; that of the markdown is what stands before its
first fold.  EFFC_BUILDDIR says where plan_case is, EFFC_SEED repeats the noise.
"""
import json
import os
import random
import sys
import tempfile
import pathlib

import plans

SCREEN_LINES = 24
PROJECT = '[project]\nname = "shop"\nregion = "eu-west-1"\n\n'
ROLE = """[AWS.IAM.Role.worker]
AssumeRolePolicyDocument.Version = "2012-10-17"
AssumeRolePolicyDocument.Statement = [{ Effect = "Allow", Principal = %s, Action = "sts:AssumeRole" }]

[[AWS.IAM.Role.worker.Policies]]
PolicyName = "work"
PolicyDocument.Version = "2012-10-17"
PolicyDocument.Statement = [{ Effect = "Allow", Action = ["%s"], Resource = "%s" }]
"""
LAMBDA = '{ Service = "lambda.amazonaws.com" }'
OTHER = '{ AWS = "999988887777" }'
ASSETS = "arn:aws:s3:::assets/*"
SAFE = ROLE % (LAMBDA, "s3:GetObject", ASSETS)
TABLE = '[table.victim]\npartition_key = "%s:string"\n'
NAMED = """[AWS.DynamoDB.Table.victim]
TableName = "victim"
BillingMode = "PAY_PER_REQUEST"
AttributeDefinitions = [{ AttributeName = "KEY", AttributeType = "S" }]
KeySchema = [{ AttributeName = "KEY", KeyType = "HASH" }]
"""
BUCKET = '[AWS.S3.Bucket.victim]\nBucketName = "%s"\n'
LOGS = '[AWS.Logs.LogGroup.victim]\nLogGroupName = "/audit"\n'
TOPIC = '[AWS.SNS.Topic.victim]\nTopicName = "%s"\n'
HERE = '[AWS.SNS.Topic.victim]\nDisplayName = "x"\n'
THERE = '[target.edge]\nregion = "us-east-1"\n' + HERE + 'target = "edge"\n'
QUEUE = "[queue.victim]\n"
FUNCTION = '[function.api]\nhandler = "src/api.js#handler"\n'
PERMISSION = FUNCTION + """
[AWS.Lambda.Permission.victim]
FunctionName = "${api.arn}"
Action = "lambda:InvokeFunction"
Principal = "%s"
"""


def holds(**facts):
    return {"live": {"victim": {"facts": facts}}}


def named(key):
    return NAMED.replace("KEY", key)


LARGE = holds(items=1200000, size_bytes=3400000000, point_in_time_recovery=False)
ALLOWED = {"options": {"allow": ["victim"]}}
FOREIGN = {"live": {"victim": {"seen": "foreign", "owner": "project 'theirs'"}}}

# name: before, after, rest of the case, what the text and the markdown must say in their first screen
HAZARDS = {
    "table replaced": (TABLE % "id", TABLE % "tenant", LARGE, ["victim", "1.2 M items"]),
    "table with a fixed name replaced": (named("id"), named("tenant"), {}, ["victim", "all data in it"]),
    "table deleted": (TABLE % "id", "", LARGE, ["victim", "no point-in-time recovery"]),
    "table deleted, allowed": (TABLE % "id", "", ALLOWED, ["victim", "all data in it"]),
    "bucket deleted": (BUCKET % "assets-1", "", holds(empty=False), ["victim", "all data in it"]),
    "bucket renamed": (BUCKET % "assets-1", BUCKET % "assets-2", {}, ["victim", "all data in it"]),
    "queue with messages deleted": (QUEUE, "", holds(messages=7), ["victim", "7 messages"]),
    "raw log group deleted": (LOGS, "", holds(size_bytes=5000000), ["victim", "5.0 MB"]),
    "guard lowered and replaced at once": (named("id"), named("t") + "protect = false\n", {}, ["victim"]),
    "topic replaced": (TOPIC % "one", TOPIC % "two", {}, ["victim"]),
    "topic deleted": (TOPIC % "one", "", {}, ["victim"]),
    "queue deleted": (QUEUE, "", holds(messages=0), ["victim"]),
    "public function": (FUNCTION, PERMISSION % "*", {}, ["everyone", "lambda:InvokeFunction"]),
    "other account may call": (FUNCTION, PERMISSION % "999988887777", {}, ["999988887777"]),
    "wildcard action": (SAFE, ROLE % (LAMBDA, "dynamodb:*", ASSETS), {}, ["worker", "dynamodb:*"]),
    "wildcard resource": (SAFE, ROLE % (LAMBDA, "s3:GetObject", "*"), {}, ["worker", "wildcard resource"]),
    "pass role": (SAFE, ROLE % (LAMBDA, "iam:PassRole", "arn:aws:iam::111122223333:role/admin"), {},
                  ["worker", "iam:PassRole"]),
    "role for another account": (SAFE, ROLE % (OTHER, "s3:GetObject", ASSETS), {}, ["999988887777"]),
    "name of somebody else": ("", TOPIC % "taken", FOREIGN, ["victim", "theirs"]),
    "moved to another region": (HERE, THERE, {}, ["victim", "us-east-1"]),
}


def noise(chance, changed):
    """Two hundred things that are made, and thirty that are updated."""
    made = ["[AWS.SNS.Topic.a%04d]\nDisplayName = \"noise %d\"\n" % (i, chance.randrange(1000)) for i in range(100)]
    made += ["[queue.z%04d]\n" % i for i in range(100)]
    kept = ["[AWS.SNS.Topic.k%04d]\nDisplayName = \"%s\"\n" % (i, "new" if changed else "old") for i in range(30)]
    return "\n".join((made if changed else []) + kept) + "\n"


def case(chance, hazard):
    before, after, rest, _ = HAZARDS[hazard]
    seed = chance.randrange(1 << 30)
    text = "== before\n" + PROJECT + before + "\n" + noise(random.Random(seed), False)
    for name, value in rest.items():
        text += "== %s\n%s\n" % (name, json.dumps(value))
    return text + "== spec\n" + PROJECT + after + "\n" + noise(random.Random(seed), True)


def check(chance, hazard, folder):
    path = pathlib.Path(folder, "case.txt")
    path.write_text(case(chance, hazard), encoding="utf-8")
    status, out, err = plans.run(path)
    if status:
        return err
    text, _, rest = out.partition("== markdown\n")
    screens = {"text": "\n".join(text.splitlines()[1:SCREEN_LINES + 1]),
               "markdown": rest.partition("<details>")[0]}
    report = ""
    for format_, screen in screens.items():
        for word in HAZARDS[hazard][3]:
            if word not in screen:
                report += "'%s' is not in the first screen of the %s:\n%s\n" % (word, format_, screen)
    return report


def main():
    seed = int(os.environ.get("EFFC_SEED") or random.randrange(1 << 32))
    failed = 0
    for hazard in HAZARDS:
        with tempfile.TemporaryDirectory(prefix="effc-hazards-") as folder:
            report = check(random.Random(seed), hazard, folder)
        if report:
            failed += 1
            print("%s: FAILED (EFFC_SEED=%d)\n%s" % (hazard, seed, report))
    print("%d hazards stand in the first screen, %d do not" % (len(HAZARDS) - failed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
