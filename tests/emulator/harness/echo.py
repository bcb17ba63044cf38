"""An adversarial echo: reads come back in other words than were written.

Arrays without order are shuffled, JSON inside text is written anew with other blanks and order, defaults that
AWS fills in appear, and foreign tags stand beside ours.  A plan after apply must still be empty.
"""

import json
import random
import re
import urllib.parse

UNORDERED = {
    "Tags", "tags", "AttributeDefinitions", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "NonKeyAttributes",
    "Layers", "SubnetIds", "SecurityGroupIds", "FunctionResponseTypes", "AllowMethods", "AllowHeaders", "allowMethods",
    "allowHeaders", "allowOrigins", "items", "Items", "Policies",
}
FOREIGN_TAG = ("cost-centre", "42")
JSON_TEXT = {"Policy", "RedrivePolicy", "PolicyDocument", "AssumeRolePolicyDocument", "RedriveAllowPolicy"}
DEFAULTS = {
    "GetFunction": {"Configuration": {"EphemeralStorage": {"Size": 512}, "PackageType": "Zip",
                                      "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"}}},
    "GetApi": {"apiKeySelectionExpression": "$request.header.x-api-key", "disableExecuteApiEndpoint": False,
               "ipAddressType": "ipv4"},
    "GetIntegration": {"connectionType": "INTERNET"},
    "GetRoute": {"apiKeyRequired": False},
    "GetSchedule": {"ActionAfterCompletion": "NONE"},
    "GetEventSourceMapping": {"MaximumRecordAgeInSeconds": -1, "ParallelizationFactor": 1,
                              "TumblingWindowInSeconds": 0},
    "DescribeTable": {"Table": {"TableClassSummary": {"TableClass": "STANDARD"},
                                "WarmThroughput": {"Status": "ACTIVE"}}},
}


def rewrite(call, body, seed):
    rng = random.Random("%s %s %s" % (seed, call.operation, call.name()))
    if body.startswith(b"{"):
        try:
            value = json.loads(body)
        except ValueError:
            return body
        fill(value, DEFAULTS.get(call.operation, {}))
        return json.dumps(walk(value, rng, ""), indent=rng.choice([None, 1])).encode()
    if body.lstrip().startswith(b"<"):
        return rewrite_xml(body.decode(), rng).encode()
    return body


def fill(value, defaults):
    for key, default in defaults.items():
        if isinstance(default, dict):
            if isinstance(value.get(key), dict):
                fill(value[key], default)
            elif key not in value:
                value[key] = default
        elif value.get(key) is None:
            value[key] = default


def walk(value, rng, key):
    if isinstance(value, dict):
        value = {k: walk(v, rng, k) for k, v in value.items()}
        if key in ("Tags", "tags") and all(isinstance(v, str) for v in value.values()):
            value[FOREIGN_TAG[0]] = FOREIGN_TAG[1]
        keys = list(value)
        rng.shuffle(keys)
        return {k: value[k] for k in keys}
    if isinstance(value, list):
        value = [walk(item, rng, "") for item in value]
        if key in ("Tags", "tags") and value and isinstance(value[0], dict) and "Key" in value[0]:
            value.append({"Key": FOREIGN_TAG[0], "Value": FOREIGN_TAG[1]})
        if key in UNORDERED:
            rng.shuffle(value)
        return value
    if key in JSON_TEXT and isinstance(value, str) and value.startswith("{"):
        return respell(value, rng)
    return value


def respell(text, rng):
    """A policy in other words: other blanks and order, a list of one as a single text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return json.dumps(simplify(value, rng), indent=rng.choice([None, 2]), sort_keys=rng.random() < 0.5)


def simplify(value, rng):
    if isinstance(value, dict):
        out = {}
        for key, item in value.items():
            if key in ("Action", "Resource") and isinstance(item, list):
                item = list(item)
                rng.shuffle(item)
                if len(item) == 1:
                    item = item[0]
            out[key] = simplify(item, rng) if key not in ("Action", "Resource") else item
        return out
    if isinstance(value, list):
        return [simplify(item, rng) for item in value]
    return value


def rewrite_xml(text, rng):
    def document(match):
        plain = urllib.parse.unquote(match.group(2).replace("&quot;", '"'))
        if not plain.startswith("{"):
            return match.group(0)
        return match.group(1) + urllib.parse.quote(respell(plain, rng)) + match.group(3)

    text = re.sub(r"(<(?:AssumeRolePolicyDocument|PolicyDocument)>)([^<]*)(</)", document, text)

    def tags(match):
        members = re.findall(r"<(member|Tag)>(.*?)</\1>", match.group(2), re.S)
        if not members:
            return match.group(0)
        kind = members[0][0]
        members.append((kind, "<Key>%s</Key><Value>%s</Value>" % FOREIGN_TAG))
        rng.shuffle(members)
        return match.group(1) + "".join("<%s>%s</%s>" % (kind, inner, kind) for _, inner in members) + match.group(3)

    return re.sub(r"(<(?:Tags|TagSet)>)(.*?)(</(?:Tags|TagSet)>)", tags, text, flags=re.S)
