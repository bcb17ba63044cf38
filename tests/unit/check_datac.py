"""datac refuses what is wrong, with its place, and writes nothing then; the same data gives the same bytes."""
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.join(os.environ.get("EFFC_SRCDIR", "."), "schemas")
DATAC = os.path.join(os.environ.get("EFFC_BUILDDIR", "."), "schemas", "datac")

# file, text to replace, its replacement (None: the file is removed), what is said
CASES = [
    ("types/SQS.json", '"type":"integer"', '"type":"intger"', "types/SQS.json:2:", "unknown kind 'intger'"),
    ("types/SQS.json", '"ref":"Tag"', '"ref":"Tga"', "types/SQS.json:2:", "no definition 'Tga'"),
    ("types/SQS.json", "AWS::SQS::Queue", "AWS::SNS::Queue", "types/SQS.json:2:1: error",
     "type 'AWS::SNS::Queue' does not belong here"),
    ("types/Lambda.json", "AWS::IAM::Role.Arn", "AWS::IAM::Role.Aren", "types/Lambda.json:",
     "no such attribute: 'AWS::IAM::Role.Aren'"),
    ("types/SSM.json", "{", "{{", "types/SSM.json:1:1: error", "invalid JSON at line 1, column 2"),
    ("wire/sqs.json", '"shape":"TagMap"', '"shape":"TagMop"', "wire/sqs.json:1:1: error",
     "refers to the shape 'TagMop', which is missing"),
    ("overrides/types.yaml", "at: LocalSecondaryIndexes\n", "at: LocalIndexes\n", "overrides/types.yaml:",
     "override of 'AWS::DynamoDB::Table': no property 'LocalIndexes'"),
    ("overrides/types.yaml", "set: {create_only: true}\n  why: UpdateTable",
     "set: {read_only: null}\n  why: UpdateTable", "overrides/types.yaml:",
     "override of 'AWS::DynamoDB::Table': no longer changes 'read_only'"),
    ("overrides/types.yaml", "AWS::S3::Bucket:", "AWS::S3::Pail:", "overrides/types.yaml:",
     "override of 'AWS::S3::Pail': no type"),
    ("overrides/actions.yaml", "DeleteQueue, ", "", "drivers/SQS.Queue.yaml:",
     "does not say what 'DeleteQueue' of sqs needs"),
    ("overrides/actions.yaml", "things: {AWS::SQS::Queue:", "things: {AWS::SQS::Kueue:", "drivers/SQS.Queue.yaml:",
     "has no ARN for 'AWS::SQS::Queue'"),
    ("overrides/actions.yaml", "{with: Role, pass:", "{with: Role, give:", "overrides/actions.yaml:",
     "actions of 'lambda': unknown key 'give'"),
    ("overrides/permissions.yaml",
     "AWS::SQS::QueueInlinePolicy:\n- {at: PolicyDocument, kind: resource, of: Queue}\n", "",
     "types/SQS.json:", "'PolicyDocument' of 'AWS::SQS::QueueInlinePolicy' looks like a permission"),
    ("overrides/permissions.yaml", "  QueryStatement: a query\n", "  QueryStatement: a query\n  Kuery: none\n",
     "overrides/permissions.yaml:", "no property has the name 'Kuery'"),
    ("overrides/permissions.yaml", "{at: PolicyDocument, kind: resource, of: Queue}",
     "{at: PolicyDokument, kind: resource, of: Queue}", "overrides/permissions.yaml:",
     "'AWS::SQS::QueueInlinePolicy' has no property 'PolicyDokument'"),
    ("overrides/permissions.yaml", "kind: resource, of: Queue}", "kind: resource, of: Kueue}",
     "overrides/permissions.yaml:", "permissions of 'AWS::SQS::QueueInlinePolicy': no property 'Kueue'"),
    ("overrides/permissions.yaml", "kind: trust", "kind: trusty", "overrides/permissions.yaml:",
     "unknown kind 'trusty'"),
    ("overrides/services.yaml", "GetPolicy: [15, 15]", "GetPolcy: [15, 15]", "overrides/services.yaml:",
     "lambda: a quota of the unknown operation 'GetPolcy'"),
    ("overrides/services.yaml", "[10, 40]", "[10, 0]", "overrides/services.yaml:", "apigatewayv2: no rate"),
    ("overrides/runtimes.yaml", "2026-04-30", "April", "overrides/runtimes.yaml:", "expected a date"),
    ("overrides/runtimes.yaml", None, None, "error:", "runtimes.yaml"),
    ("drivers/DynamoDB.Table.yaml", "type: AWS::DynamoDB::Table", "type: AWS::SQS::Queue",
     "drivers/DynamoDB.Table.yaml:", "does not belong here"),
    ("drivers/DynamoDB.Table.yaml", "call: CreateTable", "call: MakeTable", "drivers/DynamoDB.Table.yaml:",
     "MakeTable"),
]


def run(folder, out):
    args = [DATAC, "--out", out]
    for name in ("types", "wire", "drivers", "overrides"):
        args += ["--" + name, os.path.join(folder, name)]
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    return done.returncode, done.stderr.decode()


def try_case(work, case):
    file, old, new, place, said = case
    folder, out = os.path.join(work, "schemas"), os.path.join(work, "bad.blob")
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.exists(out):
        os.remove(out)
    for name in ("types", "wire", "drivers", "overrides"):
        shutil.copytree(os.path.join(SOURCE, name), os.path.join(folder, name))
    path = os.path.join(folder, file)
    os.chmod(path, 0o644)
    os.chmod(os.path.dirname(path), 0o755)
    if old is None:
        os.remove(path)
    else:
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if old not in text:
            return "the text '%s' is not in the file" % old
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new, 1))
    status, errors = run(folder, out)
    if status != 1:
        return "exit status %d: %s" % (status, errors)
    if os.path.exists(out):
        return "a blob was written"
    if place not in errors or said not in errors:
        return "expected: %s %s\nfound: %s" % (place, said, errors)
    return None


def main():
    failed = 0
    with tempfile.TemporaryDirectory() as work:
        blobs = []
        for name in ("one.blob", "two.blob"):
            status, errors = run(SOURCE, os.path.join(work, name))
            if status or errors:
                sys.exit("the data itself: " + errors)
            with open(os.path.join(work, name), "rb") as f:
                blobs.append(f.read())
        if blobs[0] != blobs[1]:
            sys.exit("two runs gave different bytes")
        for case in CASES:
            problem = try_case(work, case)
            if problem:
                failed += 1
                print("%s %r: %s" % (case[0], case[2], problem))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
