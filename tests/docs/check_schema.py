#!/usr/bin/env python3
"""Holds `effc schema` to a validator of JSON Schema by others: it is a schema, every example of docs/language.md and of
examples/ is valid by it, and what it can tell is told.  Skipped where Python has no jsonschema.

EFFC_SRCDIR and EFFC_BUILDDIR say where the examples and the program are.
"""

import json
import sys
import tomllib

import check_examples

try:
    import jsonschema
except ImportError:
    jsonschema = None

WRONG = (
    ("an unknown table at the top", "[tabel.orders]\n"),
    ("an unknown key of a kind", '[table.orders]\npartition_keys = "id:string"\n'),
    ("a wrong word", '[http.a]\nmethod = "FETCH"\n'),
    ("a wrong kind of value", "[queue.jobs]\nfifo = 1\n"),
    ("an unknown service", "[AWS.SQQ.Queue.q]\n"),
    ("an unknown type", "[AWS.SQS.Queueue.q]\n"),
    ("an unknown property", "[AWS.SQS.Queue.q]\nVisibilty = 30\n"),
    ("a property over its limit", "[AWS.SQS.Queue.q]\nDelaySeconds = 901\n"),
    ("an attribute that AWS sets", '[AWS.SQS.Queue.q]\nArn = "arn:aws:sqs:eu-west-1:1:q"\n'),
    ("a missing property of a part", '[AWS.SNS.Topic.t]\nSubscription = [{ Protocol = "sqs" }]\n'),
)


def specs():
    for path in sorted((check_examples.SOURCE / "examples").glob("*/*.toml")):
        yield path.name, path.read_text(encoding="utf-8")
    page = check_examples.Page(check_examples.SOURCE / "docs" / "language.md")
    for line, language, text in page.blocks:
        if language == "toml":
            yield "docs/language.md:%d" % line, text


def main():
    if not jsonschema:
        print("schema: skipped: Python has no jsonschema")
        return 77
    done = check_examples.run("schema")
    schema = json.loads(done.stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = checked = 0
    for name, text in specs():
        checked += 1
        for error in validator.iter_errors(tomllib.loads(text)):
            print("%s: %s: %.300s" % (name, "/".join(map(str, error.path)), error.message))
            wrong += 1
    for what, text in WRONG:
        checked += 1
        if validator.is_valid(tomllib.loads(text)):
            print("%s is not told:\n%s" % (what, text))
            wrong += 1
    print("%d specs against the schema: %d mistakes" % (checked, wrong))
    return 1 if wrong or checked < 20 else 0


if __name__ == "__main__":
    sys.exit(main())
