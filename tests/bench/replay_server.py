#!/usr/bin/env python3
"""A server that answers the calls of the service workload (service.py) as AWS would, with ids that it
makes up, and as slowly as it is told: for measuring who calls it, not for testing them.

    replay_server.py flat|aws LATENCY_MS

It listens on a free port of loopback, which it prints.  Profile flat: nothing but the latency.  Profile
aws: the quotas of the services (what is above is throttled), one change at a time in an API, roles that
a function can be made with after 8 s, tables that are active after 5 s.  /_stats tells what was called,
/_reset forgets everything."""
import asyncio
import collections
import json
import re
import sys
import time
import urllib.parse

import quotas

ACCOUNT, REGION = "123456789012", "eu-west-1"
READS = ("Get", "List", "Describe", "Lookup")
ROLE_USABLE_S, TABLE_ACTIVE_S = 8.0, 5.0
SLACK = 3               # a caller that keeps a rate to the letter may come a moment early


class Refused(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message


def absent(code, status=400):
    return Refused(status, code, "it does not exist")


def page(items, body, size_name, token_name, next_name, default):
    """Some of the items, and the token that continues them."""
    size = int(body.get(size_name) or default)
    start = int(body.get(token_name) or 0)
    more = {next_name: str(start + size)} if start + size < len(items) else {}
    return items[start:start + size], more


class Account:
    """What there is.  Operations are methods, SERVICE_OPERATION, of the call's members."""

    def __init__(self, profile):
        self.slow = profile == "aws"
        self.number = 0
        self.tables, self.queues, self.roles, self.functions = {}, {}, {}, {}
        self.mappings, self.groups, self.parameters, self.apis = {}, {}, {}, {}
        self.mapping_tags = {}

    def id(self, length=10):
        self.number += 1
        return ("%x" % (0xabc0000000 + self.number)).rjust(length, "a")[-length:]

    @staticmethod
    def have(things, name, code, status=400):
        if name not in things:
            raise absent(code, status)
        return things[name]

    # ---- sts ----

    def sts_GetCallerIdentity(self, _):
        return {"Account": ACCOUNT, "Arn": "arn:aws:iam::%s:user/bench" % ACCOUNT, "UserId": "AIDABENCH"}

    # ---- dynamodb ----

    def table(self, name):
        table = self.have(self.tables, name, "ResourceNotFoundException")
        made = time.monotonic() - table["made"]
        status = "CREATING" if self.slow and made < TABLE_ACTIVE_S else "ACTIVE"
        return dict(table["shown"], TableStatus=status)

    def dynamodb_CreateTable(self, body):
        name = body["TableName"]
        if name in self.tables:
            raise Refused(400, "ResourceInUseException", "Table already exists: " + name)
        shown = {k: body[k] for k in ("TableName", "KeySchema", "AttributeDefinitions") if k in body}
        shown.update(TableArn="arn:aws:dynamodb:%s:%s:table/%s" % (REGION, ACCOUNT, name), ItemCount=0,
                     TableSizeBytes=0,
                     DeletionProtectionEnabled=bool(body.get("DeletionProtectionEnabled")),
                     BillingModeSummary={"BillingMode": body.get("BillingMode", "PROVISIONED")})
        if body.get("StreamSpecification"):
            shown.update(StreamSpecification=body["StreamSpecification"],
                         LatestStreamArn=shown["TableArn"] + "/stream/2026")
        self.tables[name] = {"shown": shown, "tags": body.get("Tags", []), "made": time.monotonic(),
                             "backups": "DISABLED"}
        return {"TableDescription": self.table(name)}

    def dynamodb_DescribeTable(self, body):
        return {"Table": self.table(body["TableName"])}

    def dynamodb_DeleteTable(self, body):
        shown = self.table(body["TableName"])
        del self.tables[body["TableName"]]
        return {"TableDescription": dict(shown, TableStatus="DELETING")}

    def dynamodb_UpdateContinuousBackups(self, body):
        self.have(self.tables, body["TableName"], "TableNotFoundException")["backups"] = "ENABLED"
        return self.dynamodb_DescribeContinuousBackups(body)

    def dynamodb_DescribeContinuousBackups(self, body):
        status = self.have(self.tables, body["TableName"], "TableNotFoundException")["backups"]
        return {"ContinuousBackupsDescription": {
            "ContinuousBackupsStatus": "ENABLED",
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": status}}}

    def dynamodb_ListTagsOfResource(self, body):
        name = body["ResourceArn"].rsplit("/", 1)[1]
        return {"Tags": self.have(self.tables, name, "ResourceNotFoundException")["tags"]}

    # ---- sqs ----

    def queue(self, body):
        return self.have(self.queues, body["QueueUrl"].rsplit("/", 1)[1], "QueueDoesNotExist")

    def sqs_CreateQueue(self, body):
        name = body["QueueName"]
        defaults = {"VisibilityTimeout": "30", "DelaySeconds": "0", "MessageRetentionPeriod": "345600",
                    "ReceiveMessageWaitTimeSeconds": "0", "MaximumMessageSize": "1048576",
                    "SqsManagedSseEnabled": "true"}
        self.queues.setdefault(name, {"tags": body.get("tags", {}), "attributes": dict(
            defaults, QueueArn="arn:aws:sqs:%s:%s:%s" % (REGION, ACCOUNT, name), ApproximateNumberOfMessages="0",
            ApproximateNumberOfMessagesNotVisible="0", ApproximateNumberOfMessagesDelayed="0",
            **body.get("Attributes", {}))})
        return self.sqs_GetQueueUrl(body)

    def sqs_GetQueueUrl(self, body):
        self.have(self.queues, body["QueueName"], "QueueDoesNotExist")
        return {"QueueUrl": "https://sqs.%s.amazonaws.com/%s/%s" % (REGION, ACCOUNT, body["QueueName"])}

    def sqs_ListQueues(self, body):
        prefix = body.get("QueueNamePrefix", "")
        return {"QueueUrls": [self.sqs_GetQueueUrl({"QueueName": n})["QueueUrl"]
                              for n in sorted(self.queues) if n.startswith(prefix)]}

    def sqs_GetQueueAttributes(self, body):
        return {"Attributes": self.queue(body)["attributes"]}

    def sqs_ListQueueTags(self, body):
        return {"Tags": self.queue(body)["tags"]}

    def sqs_DeleteQueue(self, body):
        self.queue(body)
        del self.queues[body["QueueUrl"].rsplit("/", 1)[1]]
        return {}

    # ---- iam: members as the query protocol spells them ----

    def role(self, body):
        return self.have(self.roles, body["RoleName"], "NoSuchEntity", 404)

    @staticmethod
    def tags_of(body, prefix):
        tags, n = [], 1
        while "%s.%d.Key" % (prefix, n) in body:
            tags.append({"Key": body["%s.%d.Key" % (prefix, n)],
                         "Value": body.get("%s.%d.Value" % (prefix, n), "")})
            n += 1
        return tags

    def iam_CreateRole(self, body):
        name = body["RoleName"]
        if name in self.roles:
            raise Refused(409, "EntityAlreadyExists", "Role with name %s already exists." % name)
        self.roles[name] = {"made": time.monotonic(), "policies": {}, "shown": {
            "RoleName": name, "RoleId": "AROA" + self.id(16).upper(), "Path": body.get("Path", "/"),
            "Arn": "arn:aws:iam::%s:role%s%s" % (ACCOUNT, body.get("Path", "/"), name),
            "CreateDate": "2026-01-01T00:00:00Z", "MaxSessionDuration": int(body.get("MaxSessionDuration", 3600)),
            "AssumeRolePolicyDocument": urllib.parse.quote(body["AssumeRolePolicyDocument"]),
            "Tags": self.tags_of(body, "Tags.member")}}
        return {"Role": self.roles[name]["shown"]}

    def iam_GetRole(self, body):
        return {"Role": self.role(body)["shown"]}

    def iam_PutRolePolicy(self, body):
        self.role(body)["policies"][body["PolicyName"]] = body["PolicyDocument"]
        return None

    def iam_GetRolePolicy(self, body):
        policies = self.role(body)["policies"]
        text = self.have(policies, body["PolicyName"], "NoSuchEntity", 404)
        return {"RoleName": body["RoleName"], "PolicyName": body["PolicyName"],
                "PolicyDocument": urllib.parse.quote(text)}

    def iam_ListRolePolicies(self, body):
        return {"PolicyNames": sorted(self.role(body)["policies"]), "IsTruncated": False}

    def iam_ListAttachedRolePolicies(self, body):
        self.role(body)
        return {"AttachedPolicies": [], "IsTruncated": False}

    def iam_DeleteRolePolicy(self, body):
        policies = self.role(body)["policies"]
        self.have(policies, body["PolicyName"], "NoSuchEntity", 404)
        del policies[body["PolicyName"]]

    def iam_DeleteRole(self, body):
        if self.role(body)["policies"]:
            raise Refused(409, "DeleteConflict", "Cannot delete entity, must delete policies first.")
        del self.roles[body["RoleName"]]

    def iam_GetAccountAuthorizationDetails(self, body):
        names, more = page(sorted(self.roles), body, "MaxItems", "Marker", "Marker", 100)
        details = [dict(self.roles[n]["shown"], AttachedManagedPolicies=[], RolePolicyList=[
            {"PolicyName": p, "PolicyDocument": urllib.parse.quote(d)}
            for p, d in sorted(self.roles[n]["policies"].items())]) for n in names]
        return dict({"RoleDetailList": details, "IsTruncated": bool(more)}, **more)

    # ---- lambda ----

    def function(self, name):
        return self.have(self.functions, name.rsplit(":", 1)[-1], "ResourceNotFoundException", 404)

    def lambda_CreateFunction(self, body):
        name = body["FunctionName"]
        role = self.roles.get(body["Role"].rsplit("/", 1)[1])
        if not role or (self.slow and time.monotonic() - role["made"] < ROLE_USABLE_S):
            raise Refused(400, "InvalidParameterValueException",
                          "The role defined for the function cannot be assumed by Lambda.")
        if name in self.functions:
            raise Refused(409, "ResourceConflictException", "Function already exist: " + name)
        shown = {k: v for k, v in body.items() if k not in ("Code", "Tags", "Publish")}
        shown.update(FunctionArn="arn:aws:lambda:%s:%s:function:%s" % (REGION, ACCOUNT, name), State="Active",
                     LastUpdateStatus="Successful", CodeSha256="c29tZSBjb2Rl", Version="$LATEST",
                     PackageType=body.get("PackageType", "Zip"), Architectures=body.get("Architectures", ["x86_64"]),
                     EphemeralStorage=body.get("EphemeralStorage", {"Size": 512}),
                     TracingConfig=body.get("TracingConfig", {"Mode": "PassThrough"}), Timeout=body.get("Timeout", 3),
                     MemorySize=body.get("MemorySize", 128), Description=body.get("Description", ""))
        self.functions[name] = {"shown": shown, "tags": body.get("Tags", {}), "statements": {}}
        return shown

    def lambda_GetFunction(self, body):
        function = self.function(body["FunctionName"])
        return {"Configuration": function["shown"], "Tags": function["tags"], "Code": {}}

    def lambda_GetFunctionConfiguration(self, body):
        return self.function(body["FunctionName"])["shown"]

    def lambda_ListFunctions(self, body):
        names, more = page(sorted(self.functions), body, "MaxItems", "Marker", "NextMarker", 50)
        return dict({"Functions": [self.functions[n]["shown"] for n in names]}, **more)

    def lambda_DeleteFunction(self, body):
        self.function(body["FunctionName"])
        del self.functions[body["FunctionName"]]
        return None

    def lambda_AddPermission(self, body):
        function = self.function(body["FunctionName"])
        if body["StatementId"] in function["statements"]:
            raise Refused(409, "ResourceConflictException", "The statement id already exists.")
        statement = {"Sid": body["StatementId"], "Effect": "Allow", "Action": body["Action"],
                     "Principal": {"Service": body["Principal"]}, "Resource": function["shown"]["FunctionArn"]}
        if body.get("SourceArn"):
            statement["Condition"] = {"ArnLike": {"AWS:SourceArn": body["SourceArn"]}}
        function["statements"][body["StatementId"]] = statement
        return {"Statement": json.dumps(statement)}

    def lambda_GetPolicy(self, body):
        statements = list(self.function(body["FunctionName"])["statements"].values())
        if not statements:
            raise absent("ResourceNotFoundException", 404)
        return {"Policy": json.dumps({"Version": "2012-10-17", "Id": "default", "Statement": statements}),
                "RevisionId": "1"}

    def lambda_RemovePermission(self, body):
        statements = self.function(body["FunctionName"])["statements"]
        self.have(statements, body["StatementId"], "ResourceNotFoundException", 404)
        del statements[body["StatementId"]]
        return None

    def lambda_CreateEventSourceMapping(self, body):
        name = body["FunctionName"].rsplit(":", 1)[-1]
        arn = self.function(name)["shown"]["FunctionArn"]
        self.have(self.queues, body["EventSourceArn"].rsplit(":", 1)[1], "ResourceNotFoundException", 404)
        uuid = "00000000-0000-4000-8000-00" + self.id(10)
        self.mappings[uuid] = {
            "UUID": uuid, "FunctionArn": arn, "EventSourceArn": body["EventSourceArn"], "State": "Enabled",
            "EventSourceMappingArn": "arn:aws:lambda:%s:%s:event-source-mapping:%s" % (REGION, ACCOUNT, uuid),
            "BatchSize": body.get("BatchSize", 10),
            "MaximumBatchingWindowInSeconds": body.get("MaximumBatchingWindowInSeconds", 0)}
        self.mapping_tags[self.mappings[uuid]["EventSourceMappingArn"]] = body.get("Tags", {})
        return self.mappings[uuid]

    def lambda_ListTags(self, body):
        return {"Tags": self.have(self.mapping_tags, body["Resource"], "ResourceNotFoundException", 404)}

    def lambda_GetEventSourceMapping(self, body):
        return self.have(self.mappings, body["UUID"], "ResourceNotFoundException", 404)

    def lambda_ListEventSourceMappings(self, body):
        name = body.get("FunctionName", "").rsplit(":", 1)[-1]
        some = [m for m in self.mappings.values() if m["FunctionArn"].endswith(":" + name if name else "")
                and body.get("EventSourceArn") in (None, m["EventSourceArn"])]
        some, more = page(some, body, "MaxItems", "Marker", "NextMarker", 100)
        return dict({"EventSourceMappings": some}, **more)

    def lambda_DeleteEventSourceMapping(self, body):
        mapping = self.lambda_GetEventSourceMapping(body)
        del self.mappings[body["UUID"]]
        return dict(mapping, State="Deleting")

    # ---- logs ----

    def logs_CreateLogGroup(self, body):
        name = body["logGroupName"]
        if name in self.groups:
            raise Refused(400, "ResourceAlreadyExistsException", "The specified log group already exists")
        self.groups[name] = {"tags": body.get("tags", {}), "shown": {
            "logGroupName": name, "storedBytes": 0, "logGroupClass": "STANDARD",
            "arn": "arn:aws:logs:%s:%s:log-group:%s:*" % (REGION, ACCOUNT, name)}}
        return None

    def logs_PutRetentionPolicy(self, body):
        group = self.have(self.groups, body["logGroupName"], "ResourceNotFoundException")
        group["shown"]["retentionInDays"] = body["retentionInDays"]
        return None

    def logs_DescribeLogGroups(self, body):
        prefix = body.get("logGroupNamePrefix", "")
        some = [g["shown"] for n, g in sorted(self.groups.items()) if n.startswith(prefix)]
        some, more = page(some, body, "limit", "nextToken", "nextToken", 50)
        return dict({"logGroups": some}, **more)

    def logs_ListTagsForResource(self, body):
        return {"tags": self.have(self.groups, body["resourceArn"].split("log-group:", 1)[1],
                                  "ResourceNotFoundException")["tags"]}

    def logs_DeleteLogGroup(self, body):
        self.have(self.groups, body["logGroupName"], "ResourceNotFoundException")
        del self.groups[body["logGroupName"]]
        return None

    # ---- ssm ----

    def ssm_PutParameter(self, body):
        name = body["Name"]
        if name in self.parameters:
            raise Refused(400, "ParameterAlreadyExists", "The parameter already exists.")
        self.parameters[name] = {"tags": body.get("Tags", []), "shown": {
            "Name": name, "Type": body["Type"], "Value": body["Value"], "Version": 1, "DataType": "text",
            "ARN": "arn:aws:ssm:%s:%s:parameter%s" % (REGION, ACCOUNT, name)}}
        return {"Version": 1, "Tier": "Standard"}

    def ssm_GetParameter(self, body):
        return {"Parameter": self.have(self.parameters, body["Name"], "ParameterNotFound")["shown"]}

    def ssm_GetParameters(self, body):
        return {"Parameters": [self.parameters[n]["shown"] for n in body["Names"] if n in self.parameters],
                "InvalidParameters": [n for n in body["Names"] if n not in self.parameters]}

    def ssm_ListTagsForResource(self, body):
        return {"TagList": self.have(self.parameters, body["ResourceId"], "InvalidResourceId")["tags"]}

    def ssm_DeleteParameter(self, body):
        self.have(self.parameters, body["Name"], "ParameterNotFound")
        del self.parameters[body["Name"]]
        return {}

    def ssm_DeleteParameters(self, body):
        known = [n for n in body["Names"] if self.parameters.pop(n, None)]
        return {"DeletedParameters": known, "InvalidParameters": [n for n in body["Names"] if n not in known]}

    # ---- apigatewayv2 ----

    def api(self, body):
        return self.have(self.apis, body["ApiId"], "NotFoundException", 404)

    def apigatewayv2_CreateApi(self, body):
        number = self.id()
        self.apis[number] = {"busy": 0.0, "integrations": {}, "routes": {}, "stages": {}, "shown": dict(
            body, apiId=number, routeSelectionExpression="$request.method $request.path",
            apiKeySelectionExpression="$request.header.x-api-key", disableExecuteApiEndpoint=False,
            ipAddressType="ipv4",
            apiEndpoint="https://%s.execute-api.%s.amazonaws.com" % (number, REGION))}
        return self.apis[number]["shown"]

    def apigatewayv2_GetApi(self, body):
        return self.api(body)["shown"]

    def apigatewayv2_GetApis(self, _):
        return {"items": [a["shown"] for a in self.apis.values()]}

    def apigatewayv2_DeleteApi(self, body):
        self.api(body)
        del self.apis[body["ApiId"]]
        return None

    def apigatewayv2_make(self, body, kind, key, name):
        api = self.api(body)
        shown = {k: v for k, v in body.items() if k != "ApiId"}
        shown[key] = name
        api[kind][name] = shown
        return shown

    def apigatewayv2_one(self, body, kind, name):
        return self.have(self.api(body)[kind], body[name], "NotFoundException", 404)

    def apigatewayv2_some(self, body, kind):
        some, more = page(list(self.api(body)[kind].values()), body, "maxResults", "nextToken", "nextToken", 25)
        return dict({"items": some}, **more)

    def apigatewayv2_drop(self, body, kind, name):
        self.apigatewayv2_one(body, kind, name)
        del self.api(body)[kind][body[name]]

    def apigatewayv2_CreateIntegration(self, body):
        return self.apigatewayv2_make(body, "integrations", "integrationId", self.id(7))

    def apigatewayv2_GetIntegration(self, body):
        return self.apigatewayv2_one(body, "integrations", "IntegrationId")

    def apigatewayv2_GetIntegrations(self, body):
        return self.apigatewayv2_some(body, "integrations")

    def apigatewayv2_DeleteIntegration(self, body):
        return self.apigatewayv2_drop(body, "integrations", "IntegrationId")

    def apigatewayv2_CreateRoute(self, body):
        if any(r["routeKey"] == body["routeKey"] for r in self.api(body)["routes"].values()):
            raise Refused(409, "ConflictException", "Route with key %s already exists" % body["routeKey"])
        return self.apigatewayv2_make(body, "routes", "routeId", self.id(7))

    def apigatewayv2_GetRoute(self, body):
        return self.apigatewayv2_one(body, "routes", "RouteId")

    def apigatewayv2_GetRoutes(self, body):
        return self.apigatewayv2_some(body, "routes")

    def apigatewayv2_DeleteRoute(self, body):
        return self.apigatewayv2_drop(body, "routes", "RouteId")

    def apigatewayv2_CreateStage(self, body):
        return self.apigatewayv2_make(body, "stages", "stageName", body["stageName"])

    def apigatewayv2_GetStage(self, body):
        return self.apigatewayv2_one(body, "stages", "StageName")

    def apigatewayv2_DeleteStage(self, body):
        return self.apigatewayv2_drop(body, "stages", "StageName")

    # ---- resourcegroupstaggingapi ----

    def tagged(self):
        for name, function in self.functions.items():
            yield "lambda:function", function["shown"]["FunctionArn"], function["tags"]
        for name, table in self.tables.items():
            tags = {t["Key"]: t["Value"] for t in table["tags"]}
            yield "dynamodb:table", table["shown"]["TableArn"], tags
        for name, queue in self.queues.items():
            yield "sqs", queue["attributes"]["QueueArn"], queue["tags"]
        for name, group in self.groups.items():
            yield "logs:log-group", group["shown"]["arn"][:-2], group["tags"]
        for name, parameter in self.parameters.items():
            tags = {t["Key"]: t["Value"] for t in parameter["tags"]}
            yield "ssm:parameter", parameter["shown"]["ARN"], tags
        for mapping, tags in self.mapping_tags.items():
            yield "lambda:event-source-mapping", mapping, tags

    def resourcegroupstaggingapi_GetResources(self, body):
        kinds = body.get("ResourceTypeFilters")
        wanted = {f["Key"]: f.get("Values") for f in body.get("TagFilters", [])}
        some = [{"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
                for kind, arn, tags in self.tagged()
                if (not kinds or any(kind == k or kind.startswith(k + ":") for k in kinds)) and all(
                    k in tags and (not values or tags[k] in values) for k, values in wanted.items())]
        some, more = page(some, body, "ResourcesPerPage", "PaginationToken", "PaginationToken", 100)
        return dict({"ResourceTagMappingList": some, "PaginationToken": ""}, **more)


LAMBDA = [
    ("POST", r"/2015-03-31/functions", "CreateFunction"),
    ("GET", r"/2015-03-31/functions", "ListFunctions"),
    ("GET", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)", "GetFunction"),
    ("DELETE", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)", "DeleteFunction"),
    ("GET", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/configuration", "GetFunctionConfiguration"),
    ("GET", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/policy", "GetPolicy"),
    ("POST", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/policy", "AddPermission"),
    ("DELETE", r"/2015-03-31/functions/(?P<FunctionName>[^/]+)/policy/(?P<StatementId>[^/]+)", "RemovePermission"),
    ("POST", r"/2015-03-31/event-source-mappings", "CreateEventSourceMapping"),
    ("GET", r"/2017-03-31/tags/(?P<Resource>[^/]+)", "ListTags"),
    ("GET", r"/2015-03-31/event-source-mappings", "ListEventSourceMappings"),
    ("GET", r"/2015-03-31/event-source-mappings/(?P<UUID>[^/]+)", "GetEventSourceMapping"),
    ("DELETE", r"/2015-03-31/event-source-mappings/(?P<UUID>[^/]+)", "DeleteEventSourceMapping"),
]


def api_paths():
    yield "POST", r"/v2/apis", "CreateApi"
    yield "GET", r"/v2/apis", "GetApis"
    yield "GET", r"/v2/apis/(?P<ApiId>[^/]+)", "GetApi"
    yield "DELETE", r"/v2/apis/(?P<ApiId>[^/]+)", "DeleteApi"
    for plural, key, thing in (("integrations", "IntegrationId", "Integration"),
                               ("routes", "RouteId", "Route"), ("stages", "StageName", "Stage")):
        yield "POST", r"/v2/apis/(?P<ApiId>[^/]+)/" + plural, "Create" + thing
        yield "GET", r"/v2/apis/(?P<ApiId>[^/]+)/" + plural, "Get" + thing + "s"
        yield "GET", r"/v2/apis/(?P<ApiId>[^/]+)/%s/(?P<%s>[^/]+)" % (plural, key), "Get" + thing
        yield "DELETE", r"/v2/apis/(?P<ApiId>[^/]+)/%s/(?P<%s>[^/]+)" % (plural, key), "Delete" + thing


PATHS = {name: [(method, re.compile(path + "/?$"), operation) for method, path, operation in rows]
         for name, rows in (("lambda", LAMBDA), ("apigatewayv2", list(api_paths())))}
SIGNED = {"apigateway": "apigatewayv2", "tagging": "resourcegroupstaggingapi"}


def xml(value):
    if isinstance(value, dict):
        return "".join("<%s>%s</%s>" % (k, xml(v), k) for k, v in value.items())
    if isinstance(value, list):
        return "".join("<member>%s</member>" % xml(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def routed(service, method, target, body):
    """Operation and members of a REST call."""
    path, _, query = target.partition("?")
    for wanted, pattern, operation in PATHS[service]:
        found = pattern.match(path) if wanted == method else None
        if found:
            members = json.loads(body) if body else {}
            members.update({k: urllib.parse.unquote(v) for k, v in found.groupdict().items()})
            members.update(urllib.parse.parse_qsl(query))
            return operation, members
    raise Refused(501, "NotImplemented", "%s %s" % (method, target))


class Service:
    """The account behind its quotas, with a count of what was asked."""

    def __init__(self, profile, latency_s):
        self.profile, self.latency_s = profile, latency_s
        self.reset()

    def reset(self):
        self.account = Account(self.profile)
        self.quotas = quotas.Quotas(SLACK) if self.profile == "aws" else None
        self.calls = collections.Counter()
        self.refused = collections.Counter()

    def stats(self):
        changes = [n for name, n in self.calls.items() if not name.split(" ")[1].startswith(READS)]
        return {"calls": dict(self.calls), "refused": dict(self.refused), "mutating": sum(changes)}

    def limit(self, service, operation):
        if self.quotas and self.quotas.take(service, operation) > 0:
            rest = service in ("lambda", "apigatewayv2")
            code = "TooManyRequestsException" if rest else "Throttling" if service == "iam" else "ThrottlingException"
            raise Refused(429 if rest else 400, code, "Rate exceeded")

    def one_at_a_time(self, service, operation, members):
        """An API that is being changed refuses another change."""
        api = self.account.apis.get(members.get("ApiId"))
        if self.profile != "aws" or service != "apigatewayv2" or not api or operation.startswith(READS):
            return
        now = time.monotonic()
        if now < api["busy"]:
            raise Refused(409, "ConflictException", "Unable to complete operation due to concurrent modification.")
        api["busy"] = now + self.latency_s * 0.9

    def answer(self, service, operation, members):
        name = "%s %s" % (service, operation)
        self.calls[name] += 1
        try:
            self.limit(service, operation)
            self.one_at_a_time(service, operation, members)
            handler = getattr(self.account, "%s_%s" % (service, operation), None)
            if not handler:
                raise Refused(501, "NotImplemented", name)
            return handler(members)
        except Refused as refusal:
            self.refused["%s: %s" % (name, refusal.code)] += 1
            raise


def respond(service, operation, result):
    """Status, type and body of a reply that is no refusal."""
    if service in ("iam", "sts"):
        inner = "<%sResult>%s</%sResult>" % (operation, xml(result), operation) if result is not None else ""
        text = "<%sResponse>%s<ResponseMetadata><RequestId>replay</RequestId></ResponseMetadata></%sResponse>"
        return 200, "text/xml", (text % (operation, inner, operation)).encode()
    if result is None:
        return (204, None, b"") if service in PATHS else (200, "application/x-amz-json-1.1", b"")
    created = operation.startswith("Create") and service in PATHS
    return 201 if created else 200, "application/json", json.dumps(result).encode()


def refuse(service, refusal):
    if service in ("iam", "sts"):
        return refusal.status, "text/xml", (
            "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
            "<RequestId>replay</RequestId></ErrorResponse>" % (refusal.code, xml(refusal.message))).encode()
    return refusal.status, "application/json", json.dumps(
        {"__type": refusal.code, "message": refusal.message}).encode()


class Connection(asyncio.Protocol):
    def __init__(self, service, loop):
        self.service, self.loop = service, loop
        self.buffer, self.transport = b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            lines = self.buffer[:end].decode("latin-1").split("\r\n")
            headers = {}
            for line in lines[1:]:
                name, _, value = line.partition(":")
                headers[name.lower()] = value.strip()
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self.buffer) < whole:
                return
            body, self.buffer = self.buffer[end + 4:whole], self.buffer[whole:]
            self.serve(lines[0].split(" "), headers, body)

    def serve(self, line, headers, body):
        if line[1].startswith("/_"):
            if line[1] == "/_reset":
                self.service.reset()
            self.write(200, "application/json", json.dumps(self.service.stats()).encode(), None)
            return
        signed = headers.get("authorization", "////").split("Credential=")[-1].split("/")
        service = SIGNED.get(signed[3], signed[3])
        try:
            if service in PATHS:
                operation, members = routed(service, line[0], line[1], body)
            elif "x-amz-target" in headers:
                operation, members = headers["x-amz-target"].rsplit(".", 1)[1], json.loads(body or b"{}")
            else:
                members = dict(urllib.parse.parse_qsl(body.decode()))
                operation = members.get("Action", "")
            reply = respond(service, operation, self.service.answer(service, operation, members))
            code = None
        except Refused as refusal:
            reply, code = refuse(service, refusal), refusal.code
        self.loop.call_later(self.service.latency_s, self.write, *reply, code)

    def write(self, status, kind, body, code):
        head = "HTTP/1.1 %d x\r\nContent-Length: %d\r\nx-amzn-RequestId: replay\r\n" % (status, len(body))
        if kind:
            head += "Content-Type: %s\r\n" % kind
        if code:
            head += "x-amzn-errortype: %s\r\n" % code
        if status == 204:
            head = head.replace("Content-Length: 0\r\n", "")
        self.transport.write(head.encode() + b"\r\n" + body)


async def main():
    service = Service(sys.argv[1], float(sys.argv[2]) / 1000)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(service, loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
