"""All that the emulator keeps of an account, as text that compares: every member of every object, by service."""

import datetime
import threading

from moto.backends import get_backend

# Whatever effc can touch, and what AWS makes beside it.
SERVICES = ("apigatewayv2", "cloudwatch", "dynamodb", "ec2", "events", "iam", "kms", "lambda", "logs", "s3",
            "scheduler", "secretsmanager", "sns", "sqs", "ssm", "stepfunctions")
SKIPPED = (threading.Thread, type(threading.Lock()), type(threading.RLock()), threading.Event, type(print))


def everything(account, region):
    """In that region and in what is of no region.  Of EC2 only what functions leave: it knows thousands of images."""
    lines = []
    for service in SERVICES:
        regions = get_backend(service)[account]
        place = "aws" if service in ("iam", "s3") else region
        found = vars(regions[place])
        found = {"enis": found["enis"]} if service == "ec2" else found
        walk("%s %s" % (service, place), found, lines, set())
    return lines


def walk(path, value, lines, above):
    """One line a leaf; what is above itself, and what is a part of the machinery, is left out."""
    if isinstance(value, SKIPPED) or callable(value) or id(value) in above:
        return
    above = above | {id(value)}
    if isinstance(value, dict):
        for key in sorted(value, key=repr):
            walk("%s.%s" % (path, key), value[key], lines, above)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for number, item in enumerate(value if isinstance(value, (list, tuple)) else sorted(value, key=repr)):
            walk("%s[%d]" % (path, number), item, lines, above)
    elif hasattr(value, "__dict__") and not isinstance(value, type):
        walk(path, vars(value), lines, above)
    elif not isinstance(value, type):
        lines.append("%s = %r" % (path, str(value) if isinstance(value, datetime.datetime) else value))
