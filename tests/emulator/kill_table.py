"""What test_kill.py interrupts: stacks, and how each is changed.

Every kind of replacement is there: the new one first or the old one, under a fixed name or a new one, with what
depends on it set again, and a parent whose children go with it.
"""

HEAD = '[project]\nname = "shop"\nregion = "eu-west-1"\n\n[function.worker]\nhandler = "src/worker.js#run"\n'
CODE = "exports.run = async () => %d;\n"

TABLE = '''BillingMode = "PAY_PER_REQUEST"
AttributeDefinitions = [{ AttributeName = "id", AttributeType = "S" }]
KeySchema = [{ AttributeName = "id", KeyType = "HASH" }]
'''

CREATE_FIRST = '''
[AWS.SQS.Queue.jobs]
replace_when = ["@v"]

[AWS.SNS.Topic.news]
replace_when = ["@v"]

[AWS.DynamoDB.Table.events]
replace_when = ["@v"]
''' + TABLE + '''
[AWS.SSM.Parameter.where]
Type = "String"
Value = "${jobs.Arn} ${news.TopicArn} ${events.Arn}"
'''

DELETE_FIRST = '''
[AWS.SQS.Queue.jobs]
replace_when = ["@v"]
QueueName = "the-jobs"

[AWS.DynamoDB.Table.events]
replace_when = ["@v"]
TableName = "the-events"
''' + TABLE + '''
[AWS.Logs.LogGroup.notes]
replace_when = ["@v"]
LogGroupName = "/the/notes"

[AWS.SSM.Parameter.where]
replace_when = ["@v"]
Name = "/the/where"
Type = "String"
Value = "${jobs.Arn} ${events.Arn}"
'''

# The role is another principal under its old name: the schedule's target is set again.
REBIND = '''
[AWS.IAM.Role.runs]
replace_when = ["@v"]
RoleName = "the-runs"
AssumeRolePolicyDocument = { Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", \
Principal = { Service = "scheduler.amazonaws.com" } }] }

[AWS.Scheduler.ScheduleGroup.all]

[AWS.Scheduler.Schedule.nightly]
GroupName = "${all.Name}"
ScheduleExpression = "rate(1 day)"
FlexibleTimeWindow.Mode = "OFF"
Target = { Arn = "${worker.arn}", RoleArn = "${runs.Arn}" }
'''

GROUP = REBIND.replace('[AWS.IAM.Role.runs]\nreplace_when = ["@v"]', "[AWS.IAM.Role.runs]").replace(
    "[AWS.Scheduler.ScheduleGroup.all]", '[AWS.Scheduler.ScheduleGroup.all]\nreplace_when = ["@v"]')

PARENT = '''
[AWS.ApiGatewayV2.Api.web]
replace_when = ["@v"]
ProtocolType = "HTTP"

[AWS.ApiGatewayV2.Integration.call]
ApiId = "${web.ApiId}"
IntegrationType = "AWS_PROXY"
PayloadFormatVersion = "2.0"
IntegrationUri = "${worker.arn}"

[AWS.ApiGatewayV2.Route.read]
ApiId = "${web.ApiId}"
RouteKey = "GET /x"
Target = "integrations/${call.IntegrationId}"

[AWS.ApiGatewayV2.Route.write]
ApiId = "${web.ApiId}"
RouteKey = "PUT /x"
Target = "integrations/${call.IntegrationId}"
'''

# A source and a function have one mapping at most: the old one goes first.
UNIQUE = '''
[AWS.DynamoDB.Table.events]
''' + TABLE + '''StreamSpecification.StreamViewType = "KEYS_ONLY"

[AWS.Lambda.EventSourceMapping.feed]
replace_when = ["@v"]
FunctionName = "${worker.name}"
EventSourceArn = "${events.StreamArn}"
StartingPosition = "LATEST"

[AWS.Lambda.Permission.calls]
replace_when = ["@v"]
FunctionName = "${worker.name}"
Action = "lambda:InvokeFunction"
Principal = "events.amazonaws.com"
'''

REPLACEMENTS = {"create first": CREATE_FIRST, "delete first": DELETE_FIRST, "rebind": REBIND, "group": GROUP,
                "parent": PARENT, "unique": UNIQUE}


class Stack:
    """A spec before and after: `prepare` writes the first, `change` the second."""

    def __init__(self, name):
        self.name = name

    def make(self, workspace):
        workspace.write(HEAD + REPLACEMENTS[self.name].replace("@v", "v1"))
        workspace.write(CODE % 1, "src/worker.js")

    def change(self, workspace):
        workspace.write(HEAD + REPLACEMENTS[self.name].replace("@v", "v2"))


class Shop:
    """examples/shop: made, changed in every way that an update is, destroyed."""

    name = "shop"

    def make(self, workspace):
        pass

    @staticmethod
    def change(workspace):
        workspace.edit("memory = 256", "memory = 512")
        workspace.edit("'use strict';", "'use strict';\n// changed", "src/jobs.js")
        workspace.edit("batch_size = 10\n", "batch_size = 5\n")
        workspace.edit('every = "rate(1 day)"', 'every = "rate(2 days)"')
        workspace.edit('path = "/orders"\nauth = "none"\nfunction', 'path = "/all-orders"\nauth = "none"\nfunction')
        workspace.edit('index.byCustomer = { partition_key = "customerId:string", projection = "all" }\n', "")
        workspace.edit("[queue.expenses]", '[queue.expenses]\ntags = { team = "orders" }')
        workspace.edit("[schedule.dailyReport]", "[queue.more]\n\n[schedule.dailyReport]")
