"""What others do in the account: things of their own, changes and deletions of ours, names that they take first."""

from .kinds import Topic
from .ledger import ledger

THEIRS = {"effortless:project": "other", "effortless:instance": "0" * 32, "effortless:stage": "dev"}
SQUATTED = {"queue": "walk-dev-%s", "topic": "walk-dev-%s", "log group": "walk-dev-%s", "role": "walk-dev-%s"}


def as_list(tags):
    return [{"Key": k, "Value": v} for k, v in tags.items()]


def make(walk, kind, name, tags):
    of = walk.emulator.client
    if kind == "queue":
        of("sqs").create_queue(QueueName=name, tags=tags)
    elif kind == "topic":
        of("sns").create_topic(Name=name, Tags=as_list(tags))
    elif kind == "log group":
        of("logs").create_log_group(logGroupName=name, tags=tags)
    elif kind == "role":
        of("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}", Tags=as_list(tags))
    elif kind == "api":
        api = of("apigatewayv2").create_api(Name=name, ProtocolType="HTTP", Tags=tags)["ApiId"]
        of("apigatewayv2").create_route(ApiId=api, RouteKey="GET /h1")
    elif kind == "bucket":
        of("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    elif kind == "parameter":
        of("ssm").put_parameter(Name="/" + name, Type="String", Value="theirs", Tags=as_list(tags))


def added(walk, before):
    """Writes down as foreign what stands now and did not before."""
    now = ledger(walk.emulator)
    places = [p for p in now if p not in before]
    walk.foreign.update({p: now[p].content() for p in places})
    return places


def foreign(walk, number):
    """Something of others, with a name that could be ours."""
    kind = walk.chance.choice(["queue", "topic", "log group", "role", "api", "bucket", "parameter"])
    before = ledger(walk.emulator)
    make(walk, kind, "walk-dev-theirs%d" % number, THEIRS if walk.chance.random() < 0.5 else {})
    added(walk, before)


def squat(walk):
    """Takes the name of something that is to be made."""
    before = ledger(walk.emulator)
    free = [(b.kind, SQUATTED[b.kind] % b.id) for b in walk.world.blocks
            if b.kind in SQUATTED and not b.former and not b.turn and not getattr(b, "fixed_name", False)
            and not getattr(b, "fifo", False)]
    standing = {str(t.key).rpartition(":")[2] for t in before.values()}
    free = [(kind, name) for kind, name in free if name not in standing]
    if not free:
        block = walk.world.add(Topic)
        walk.work.write(walk.world.text(), "effortless.json")
        free = [("topic", SQUATTED["topic"] % block.id)]
    kind, name = walk.chance.choice(free)
    make(walk, kind, name, THEIRS)
    walk.squatters += added(walk, before)
    walk.say("  squatted: %s %s" % (kind, name))


def remove(walk, place):
    """Takes away what the test itself has made, or what of ours others delete."""
    of, (kind, key) = walk.emulator.client, place
    walk.foreign.pop(place, None)
    if kind == "queue":
        of("sqs").delete_queue(QueueUrl=of("sqs").get_queue_url(QueueName=key)["QueueUrl"])
    elif kind == "topic":
        of("sns").delete_topic(TopicArn=key)
    elif kind == "log group":
        of("logs").delete_log_group(logGroupName=key)
    elif kind == "role":
        for policy in of("iam").list_role_policies(RoleName=key)["PolicyNames"]:
            of("iam").delete_role_policy(RoleName=key, PolicyName=policy)
        of("iam").delete_role(RoleName=key)
    elif kind == "table":
        of("dynamodb").delete_table(TableName=key)
    elif kind == "bucket":
        empty(of("s3"), key)
        of("s3").delete_bucket(Bucket=key)
    elif kind == "parameter":
        of("ssm").delete_parameter(Name=key)
    elif kind == "function":
        of("lambda").delete_function(FunctionName=key)
    elif kind == "permission":
        of("lambda").remove_permission(FunctionName=key[0], StatementId=key[1])
    elif kind == "mapping":
        of("lambda").delete_event_source_mapping(UUID=key)
    elif kind == "schedule":
        of("scheduler").delete_schedule(GroupName=key[0], Name=key[1])
    elif kind == "group":
        of("scheduler").delete_schedule_group(Name=key)
    else:
        remove_of_api(of("apigatewayv2"), kind, key)


def empty(s3, key):
    found = s3.list_object_versions(Bucket=key)
    for thing in found.get("Versions", []) + found.get("DeleteMarkers", []):
        s3.delete_object(Bucket=key, Key=thing["Key"], VersionId=thing["VersionId"])


def remove_of_api(gateway, kind, key):
    if kind == "api":
        gateway.delete_api(ApiId=key)
    elif kind == "route":
        gateway.delete_route(ApiId=key[0], RouteId=key[1])
    elif kind == "integration":
        gateway.delete_integration(ApiId=key[0], IntegrationId=key[1])
    elif kind == "stage":
        gateway.delete_stage(ApiId=key[0], StageName=key[1])


def change(walk, thing):
    """Others change or delete a thing of ours; what was done, in words."""
    edit = EDITS.get(thing.kind)
    if edit and walk.chance.random() < 0.5:
        edit(walk.emulator.client, thing.key)
        return "changed outside: %s %s" % thing.place
    remove(walk, thing.place)
    walk.world.renewed |= {b.uid for b in walk.world.blocks}
    return "deleted outside: %s %s" % thing.place


def fill(of, key):
    """Some objects, some of them in several versions or deleted again."""
    for name in "aab":
        of("s3").put_object(Bucket=key, Key=name, Body=b"x")
    of("s3").delete_object(Bucket=key, Key="a")


def url(sqs, name):
    return sqs.get_queue_url(QueueName=name)["QueueUrl"]


EDITS = {
    "queue": lambda of, key: of("sqs").set_queue_attributes(
        QueueUrl=url(of("sqs"), key), Attributes={"VisibilityTimeout": "77"}),
    "topic": lambda of, key: of("sns").set_topic_attributes(
        TopicArn=key, AttributeName="DisplayName", AttributeValue="theirs"),
    "log group": lambda of, key: of("logs").put_retention_policy(logGroupName=key, retentionInDays=400),
    "role": lambda of, key: of("iam").update_role(RoleName=key, Description="theirs"),
    "parameter": lambda of, key: of("ssm").put_parameter(Name=key, Type="String", Value="theirs", Overwrite=True),
    "function": lambda of, key: of("lambda").update_function_configuration(FunctionName=key, MemorySize=1024),
    "api": lambda of, key: of("apigatewayv2").update_api(ApiId=key, Description="theirs"),
    "integration": lambda of, key: of("apigatewayv2").update_integration(
        ApiId=key[0], IntegrationId=key[1], TimeoutInMillis=7000),
    "mapping": lambda of, key: of("lambda").update_event_source_mapping(UUID=key, BatchSize=9),
    "bucket": fill,
}
