"""Things of others beside ours, in every service: all have THEIRS in their names, and none of our marks."""

import json

from .account import client
from .made import THEIRS

TRUST = json.dumps({"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]})


def make(url):
    name = "shop-dev-" + THEIRS
    client(url, "sqs").create_queue(QueueName=name)
    client(url, "sns").create_topic(Name=name)
    client(url, "logs").create_log_group(logGroupName="/aws/lambda/" + name)
    client(url, "iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)
    client(url, "scheduler").create_schedule_group(Name=name)
    client(url, "apigatewayv2").create_api(Name=name, ProtocolType="HTTP")
    client(url, "ssm").put_parameter(Name="/%s/x" % THEIRS, Type="String", Value="x")
    client(url, "dynamodb").create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
