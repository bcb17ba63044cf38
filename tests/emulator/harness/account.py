"""The account as the official SDK sees it, in a form that compares: sorted, ids by name, times left out."""

import json
import re

import boto3
import botocore.config

from .emulator import ACCOUNT, REGION

LEFT_OUT = {
    "ResponseMetadata", "CreationDateTime", "CreationDate", "CreateDate", "CreatedDate", "createdDate", "LastModified",
    "LastModifiedDate", "LastUpdatedDate", "LastModificationDate", "creationTime", "CreatedTimestamp",
    "LastModifiedTimestamp", "RoleLastUsed", "RevisionId", "LatestStreamLabel", "TableId", "arnCreated",
    "LastIncreaseDateTime", "StateTransitionReason", "LastProcessingResult", "CodeSize", "Date",
    "LastUpdateToPayPerRequestDateTime",
    "EarliestRestorableDateTime", "LatestRestorableDateTime", "LastDecreaseDateTime", "Version", "CreatedBy",
}


def client(url, service, region=REGION):
    return boto3.client(
        service, endpoint_url=url, region_name=region, aws_access_key_id="test", aws_secret_access_key="test",
        config=botocore.config.Config(retries={"total_max_attempts": 2}, s3={"addressing_style": "path"}))


def snapshot(url, region=REGION):
    """Everything that effc can make, by service and name."""
    def of(service):
        return client(url, service, region)

    taken = {
        "roles": roles(of("iam")), "tables": tables(of("dynamodb")), "queues": queues(of("sqs")),
        "topics": topics(of("sns")), "functions": functions(of("lambda")),
        "mappings": of("lambda").list_event_source_mappings()["EventSourceMappings"],
        "log_groups": log_groups(of("logs")), "apis": apis(of("apigatewayv2")),
        "schedules": schedules(of("scheduler")), "parameters": parameters(of("ssm")), "buckets": buckets(of("s3")),
    }
    return normal({kind: things for kind, things in taken.items() if things})


def roles(iam):
    out = {}
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        full = iam.get_role(RoleName=name)["Role"]
        full["Policies"] = {p: iam.get_role_policy(RoleName=name, PolicyName=p)["PolicyDocument"]
                            for p in iam.list_role_policies(RoleName=name)["PolicyNames"]}
        full["Attached"] = [p["PolicyArn"] for p in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]]
        full.pop("RoleId")
        out[name] = full
    return out


def tables(dynamodb):
    out = {}
    for name in dynamodb.list_tables()["TableNames"]:
        table = dynamodb.describe_table(TableName=name)["Table"]
        out[name] = {
            "table": table, "ttl": dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
            "backups": dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"],
            "tags": dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]}
    return out


def queues(sqs):
    out = {}
    for url in sqs.list_queues().get("QueueUrls", []):
        out[url.rpartition("/")[2]] = {
            "attributes": sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"],
            "tags": sqs.list_queue_tags(QueueUrl=url).get("Tags", {})}
    return out


def topics(sns):
    return {t["TopicArn"]: {"attributes": sns.get_topic_attributes(TopicArn=t["TopicArn"])["Attributes"],
                            "tags": sns.list_tags_for_resource(ResourceArn=t["TopicArn"])["Tags"],
                            "subscriptions": [{k: s[k] for k in ("Protocol", "Endpoint")} for s in
                                              sns.list_subscriptions_by_topic(TopicArn=t["TopicArn"])["Subscriptions"]]}
            for t in sns.list_topics()["Topics"]}


def functions(lambdas):
    out = {}
    for function in lambdas.list_functions()["Functions"]:
        name = function["FunctionName"]
        full = lambdas.get_function(FunctionName=name)
        try:
            policy = json.loads(lambdas.get_policy(FunctionName=name)["Policy"])
        except lambdas.exceptions.ResourceNotFoundException:
            policy = None
        out[name] = {"configuration": full["Configuration"], "tags": full.get("Tags", {}), "policy": policy,
                     "concurrency": full.get("Concurrency")}
    return out


def log_groups(logs):
    out = {}
    for group in logs.describe_log_groups()["logGroups"]:
        group["tags"] = logs.list_tags_log_group(logGroupName=group["logGroupName"])["tags"]
        out[group["logGroupName"]] = group
    return out


def apis(gateway):
    out = {}
    for api in gateway.get_apis()["Items"]:
        key = api["ApiId"]
        api["integrations"] = gateway.get_integrations(ApiId=key)["Items"]
        api["routes"] = gateway.get_routes(ApiId=key)["Items"]
        api["stages"] = gateway.get_stages(ApiId=key)["Items"]
        out.setdefault(api["Name"], []).append(api)
    return out


def schedules(scheduler):
    out = {"groups": {}, "schedules": {}}
    for group in scheduler.list_schedule_groups()["ScheduleGroups"]:
        if group["Name"] != "default":
            group["tags"] = scheduler.list_tags_for_resource(ResourceArn=group["Arn"])["Tags"]
            out["groups"][group["Name"]] = group
    for schedule in scheduler.list_schedules()["Schedules"]:
        out["schedules"][schedule["Name"]] = scheduler.get_schedule(
            Name=schedule["Name"], GroupName=schedule["GroupName"])
    return out if out["groups"] or out["schedules"] else {}


def parameters(ssm):
    out = {}
    for found in ssm.describe_parameters()["Parameters"]:
        name = found["Name"]
        found["value"] = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"]
        found["tags"] = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
        out[name] = found
    return out


def buckets(s3):
    asks = {
        "tags": ("get_bucket_tagging", "TagSet"), "versioning": ("get_bucket_versioning", None),
        "encryption": ("get_bucket_encryption", "ServerSideEncryptionConfiguration"),
        "access": ("get_public_access_block", "PublicAccessBlockConfiguration"),
        "lifecycle": ("get_bucket_lifecycle_configuration", "Rules"), "cors": ("get_bucket_cors", "CORSRules"),
        "ownership": ("get_bucket_ownership_controls", "OwnershipControls"),
        "website": ("get_bucket_website", None), "notification": ("get_bucket_notification_configuration", None),
    }
    out = {}
    for bucket in s3.list_buckets()["Buckets"]:
        out[bucket["Name"]] = {}
        for key, (ask, member) in asks.items():
            try:
                reply = getattr(s3, ask)(Bucket=bucket["Name"])
            except s3.exceptions.ClientError:
                continue
            reply.pop("ResponseMetadata", None)
            out[bucket["Name"]][key] = reply.get(member) if member else reply
    return out


# ---- normal form ----

IDS = [
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"), "<uuid>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<instance>"),
    (re.compile(r"effc-[0-9a-f]{32}"), "effc-<instance>"),
    (re.compile(r"/stream/[0-9T:.\-]+"), "/stream/<label>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[^\"]*"), "<time>"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "<endpoint>"),
]


def normal(taken):
    names = api_ids(taken)

    def text(value):
        for found, name in names.items():
            value = value.replace(found, name)
        for pattern, name in IDS:
            value = pattern.sub(name, value)
        if value.startswith("{") and value.endswith("}"):
            try:
                return json.dumps(walk(json.loads(value)), sort_keys=True)
            except ValueError:
                return value
        return value

    def walk(value):
        if isinstance(value, dict):
            return {text(k): walk(v) for k, v in sorted(value.items())
                    if k not in LEFT_OUT or k == "Version" and v == "2012-10-17"}
        if isinstance(value, (list, tuple)):
            return sorted((walk(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
        if isinstance(value, str):
            return text(value)
        return value if isinstance(value, (int, float, bool)) or value is None else str(type(value).__name__)

    return walk(taken)


def api_ids(taken):
    """Ids that a service assigned -> what they are called here."""
    names = {}
    for name, found in taken.get("apis", {}).items():
        for number, api in enumerate(found):
            names[api["ApiId"]] = "<api %s%s>" % (name, " %d" % number if number else "")
            for integration in api["integrations"]:
                names[integration["IntegrationId"]] = "<integration of %s>" % \
                    integration.get("IntegrationUri", "").rpartition(":")[2].partition("/")[0]
            for route in api["routes"]:
                names[route["RouteId"]] = "<route %s>" % route["RouteKey"]
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


def instances(url):
    """How many things carry an effortless:instance tag twice: must be none."""
    seen = {}
    for text in re.findall(r'"effortless:instance"[^}]*?"([0-9a-f]{32})"', json.dumps(raw_tags(url))):
        seen[text] = seen.get(text, 0) + 1
    return {k: v for k, v in seen.items() if v > 1}


def raw_tags(url):
    gateway = client(url, "apigatewayv2")
    return [{"effortless:instance": api.get("Tags", {}).get("effortless:instance")}
            for api in gateway.get_apis()["Items"]]


__all__ = ["ACCOUNT", "client", "snapshot", "instances"]
