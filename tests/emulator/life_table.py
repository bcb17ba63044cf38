"""What test_life.py changes: for every property of every driver two values, and what else it needs.

A property without a row fails the test.  What the emulator cannot do or forgets stands below with the reason; what is
sent for it then stands in tests/unit/driver_documented.c, with the document that it follows.
"""

import json

ACCOUNT, REGION = "123456789012", "eu-west-1"
ROLE = "arn:aws:iam::%s:role/" % ACCOUNT
QUEUE = "arn:aws:sqs:%s:%s:" % (REGION, ACCOUNT)
TABLE = "arn:aws:dynamodb:%s:%s:table/" % (REGION, ACCOUNT)
FUNCTION = "arn:aws:lambda:%s:%s:function:" % (REGION, ACCOUNT)
KEY = "arn:aws:kms:%s:%s:key/00000000-0000-0000-0000-00000000000" % (REGION, ACCOUNT)
LAYER = "arn:aws:lambda:%s:%s:layer:" % (REGION, ACCOUNT)
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}]}


class Row:
    """One property: the value that it is made with, the one that it gets, and then none.

    unset: why it cannot be taken away again, if so.  more: properties beside it; then: those that must come with its
    second value, gone: with none.
    """

    def __init__(self, first, second, unset=None, more=None, then=None, gone=None):
        self.first, self.second, self.unset = first, second, unset
        self.more, self.then, self.gone = more or {}, then or {}, gone or {}


class Type:
    """base: what each of them has, maybe by the property that it is made for.  fixed: create-only property -> Row.

    drift: (property, what it is made with, a call of boto3 behind our back, the paths that change; none: it is gone)
    """

    def __init__(self, base, rows, fixed, drift):
        self.base, self.rows, self.fixed, self.drift = base, rows, fixed, drift


def tags(value):
    return [{"Key": "team", "Value": value}]


def policy(action, resource="*"):
    return {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": [action], "Resource": [resource]}]}


NEEDED = "required"
WEBSOCKET = {"ProtocolType": "WEBSOCKET", "RouteSelectionExpression": "$request.body.action"}

API = Type(
    {"ProtocolType": "HTTP"},
    {
        "Name": Row("one", "two"),
        "Description": Row("one", "two"),
        "Version": Row("1", "2"),
        "RouteSelectionExpression": Row("$request.body.action", "$request.body.kind", "a WebSocket API needs one",
                                        {"ProtocolType": "WEBSOCKET"}),
        "ApiKeySelectionExpression": Row("$request.header.x-api-key", "$context.authorizer.usageIdentifierKey",
                                         more=WEBSOCKET),
        "DisableExecuteApiEndpoint": Row(False, True),
        "DisableSchemaValidation": Row(False, True, more=WEBSOCKET),
        "IpAddressType": Row("ipv4", "dualstack"),
        "CorsConfiguration": Row({"AllowOrigins": ["*"], "AllowMethods": ["GET"]},
                                 {"AllowOrigins": ["https://a.example"], "AllowMethods": ["GET"], "MaxAge": 60}),
        "Tags": Row({"team": "x"}, {"team": "y"}),
    },
    {"ProtocolType": Row("HTTP", "WEBSOCKET", more={"RouteSelectionExpression": "$request.body.action"})},
    ("Description", "ours", lambda aws, p: aws("apigatewayv2").update_api(ApiId=p["ApiId"], Description="theirs"),
     ("Description",)))

SOCKET = {"ApiId": "${sockets.ApiId}", "IntegrationType": "HTTP", "IntegrationUri": "https://a.example",
          "IntegrationMethod": "GET"}
CALL = {"IntegrationType": "AWS_PROXY", "IntegrationSubtype": "SQS-SendMessage", "CredentialsArn": ROLE + "runs",
        "RequestParameters": {"QueueUrl": "u", "MessageBody": "b"}, "IntegrationUri": None, "IntegrationMethod": None}

INTEGRATION = Type(
    {"ApiId": "${apiOne.ApiId}", "IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://a.example",
     "IntegrationMethod": "GET", "PayloadFormatVersion": "1.0"},
    {
        "ConnectionId": Row("abc123", "abc124", "a VPC link needs one", {"ConnectionType": "VPC_LINK"}),
        "ConnectionType": Row("INTERNET", "VPC_LINK", more={"ConnectionId": "abc123"}),
        "ContentHandlingStrategy": Row("CONVERT_TO_BINARY", "CONVERT_TO_TEXT", more=SOCKET),
        "CredentialsArn": Row(ROLE + "runs", ROLE + "other"),
        "Description": Row("one", "two"),
        "IntegrationMethod": Row("GET", "POST", "an HTTP integration needs one"),
        "IntegrationSubtype": Row("SQS-SendMessage", "SQS-ReceiveMessage", "such an integration needs one", CALL),
        "IntegrationType": Row("HTTP_PROXY", "AWS_PROXY", NEEDED),
        "IntegrationUri": Row("https://a.example", "https://b.example", "an HTTP integration needs one"),
        "PassthroughBehavior": Row("WHEN_NO_MATCH", "NEVER", more=SOCKET),
        "PayloadFormatVersion": Row("1.0", "2.0"),
        "RequestParameters": Row({"overwrite:path": "/a"}, {"overwrite:path": "/b", "append:header.x": "1"}),
        "RequestTemplates": Row({"application/json": "{}"}, {"application/json": "{\"a\":1}"}, more=SOCKET),
        "TemplateSelectionExpression": Row("\\$default", "$request.body.kind", more=SOCKET),
        "TimeoutInMillis": Row(1000, 2000),
        "TlsConfig": Row({"ServerNameToVerify": "a.example"}, {"ServerNameToVerify": "b.example"}),
    },
    {"ApiId": Row("${apiOne.ApiId}", "${apiTwo.ApiId}")},
    ("TimeoutInMillis", 1000, lambda aws, p: aws("apigatewayv2").update_integration(
        ApiId=p["ApiId"], IntegrationId=p["IntegrationId"], TimeoutInMillis=7000), ("TimeoutInMillis",)))

ROUTE = Type(
    lambda name: {"ApiId": "${apiOne.ApiId}", "RouteKey": "GET /" + name},
    {
        "RouteKey": Row("GET /first", "GET /second", NEEDED),
        "Target": Row("integrations/abc123", "integrations/abc124"),
        "AuthorizationType": Row("NONE", "AWS_IAM"),
        "AuthorizerId": Row("abc123", "abc124", "such a route needs one", more={"AuthorizationType": "CUSTOM"}),
        "AuthorizationScopes": Row(["a", "b"], ["a", "c"], more={"AuthorizationType": "JWT", "AuthorizerId": "abc123"}),
        "ApiKeyRequired": Row(False, True, more={"ApiId": "${sockets.ApiId}", "RouteKey": "keyed"}),
        "ModelSelectionExpression": Row("$default", "$request.body.kind",
                                        more={"ApiId": "${sockets.ApiId}", "RouteKey": "chosen"}),
        "OperationName": Row("one", "two"),
        "RequestModels": Row({"$default": "one"}, {"$default": "two"},
                             more={"ApiId": "${sockets.ApiId}", "RouteKey": "modelled"}),
        "RequestParameters": Row({"route.request.querystring.a": {"Required": True}},
                                 {"route.request.querystring.a": {"Required": False}},
                                 more={"ApiId": "${sockets.ApiId}", "RouteKey": "asked"}),
        "RouteResponseSelectionExpression": Row("$default", "$default.x",
                                                more={"ApiId": "${sockets.ApiId}", "RouteKey": "answered"}),
    },
    {"ApiId": Row("${apiOne.ApiId}", "${apiTwo.ApiId}")},
    ("OperationName", "ours", lambda aws, p: aws("apigatewayv2").update_route(
        ApiId=p["ApiId"], RouteId=p["RouteId"], OperationName="theirs"), ("OperationName",)))

STAGE = Type(
    lambda name: {"ApiId": "${apiOne.ApiId}", "StageName": name.lower()},
    {
        "AccessLogSettings": Row({"DestinationArn": "arn:aws:logs:eu-west-1:123456789012:log-group:a", "Format": "a"},
                                 {"DestinationArn": "arn:aws:logs:eu-west-1:123456789012:log-group:b", "Format": "b"}),
        "AutoDeploy": Row(False, True),
        "ClientCertificateId": Row("abc123", "abc124", more={"ApiId": "${sockets.ApiId}"}),
        "DefaultRouteSettings": Row({"ThrottlingBurstLimit": 1}, {"ThrottlingBurstLimit": 2}),
        "DeploymentId": Row("abc123", "abc124"),
        "Description": Row("one", "two"),
        "RouteSettings": Row({"GET /a": {"ThrottlingBurstLimit": 1}}, {"GET /a": {"ThrottlingBurstLimit": 2}}),
        "StageVariables": Row({"a": "1"}, {"a": "2", "b": "3"}),
        "Tags": Row({"team": "x"}, {"team": "y"}),
    },
    {"ApiId": Row("${apiOne.ApiId}", "${apiTwo.ApiId}"), "StageName": Row("one", "two")},
    ("AutoDeploy", True, lambda aws, p: aws("apigatewayv2").delete_stage(ApiId=p["ApiId"], StageName=p["StageName"]),
     ()))

HASH = {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "a", "AttributeType": "S"}]}
RANGE = {"AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in "ab"],
         "KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}, {"AttributeName": "b", "KeyType": "RANGE"}]}


def index(name, key="b", kind="ALL", schema=None):
    return {"IndexName": name, "Projection": {"ProjectionType": kind},
            "KeySchema": schema or [{"AttributeName": key, "KeyType": "HASH"}]}


def resource_policy(sid, name):
    return {"PolicyDocument": {"Version": "2012-10-17", "Statement": [
        {"Sid": sid, "Effect": "Allow", "Principal": {"AWS": [ROLE + "runs"]}, "Action": ["dynamodb:GetItem"],
         "Resource": [TABLE + name]}]}}


DYNAMO = Type(
    HASH,
    {
        "BillingMode": Row("PAY_PER_REQUEST", "PROVISIONED", "it is the default", then={
            "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1}}),
        "ProvisionedThroughput": Row({"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
                                     {"ReadCapacityUnits": 2, "WriteCapacityUnits": 1}, "a provisioned table needs it",
                                     {"BillingMode": "PROVISIONED"}),
        "OnDemandThroughput": Row({"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 5},
                                  {"MaxReadRequestUnits": 6, "MaxWriteRequestUnits": 5}),
        "WarmThroughput": Row({"ReadUnitsPerSecond": 12001, "WriteUnitsPerSecond": 4001},
                              {"ReadUnitsPerSecond": 12002, "WriteUnitsPerSecond": 4001}),
        "AttributeDefinitions": Row(HASH["AttributeDefinitions"], RANGE["AttributeDefinitions"], NEEDED,
                                    then={"GlobalSecondaryIndexes": [index("one")]}),
        "GlobalSecondaryIndexes": Row([index("one")], [index("two")],
                                      more={"AttributeDefinitions": RANGE["AttributeDefinitions"]},
                                      gone={"AttributeDefinitions": HASH["AttributeDefinitions"]}),
        "DeletionProtectionEnabled": Row(False, True),
        "TableClass": Row("STANDARD", "STANDARD_INFREQUENT_ACCESS"),
        "SSESpecification": Row({"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY + "1"},
                                {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY + "2"}),
        "StreamSpecification": Row({"StreamViewType": "KEYS_ONLY"}, {"StreamViewType": "NEW_IMAGE"}),
        "TimeToLiveSpecification": Row({"AttributeName": "e", "Enabled": True},
                                       {"AttributeName": "f", "Enabled": True}),
        "PointInTimeRecoverySpecification": Row({"PointInTimeRecoveryEnabled": False},
                                                {"PointInTimeRecoveryEnabled": True}),
        "ResourcePolicy": Row(resource_policy("one", "life-dev-Table_ResourcePolicy"),
                              resource_policy("two", "life-dev-Table_ResourcePolicy")),
        "Tags": Row(tags("x"), tags("y")),
    },
    {
        "TableName": Row("life-one", "life-two"),
        "KeySchema": Row(HASH["KeySchema"], RANGE["KeySchema"],
                         then={"AttributeDefinitions": RANGE["AttributeDefinitions"]}),
        "LocalSecondaryIndexes": Row([index("one", schema=RANGE["KeySchema"])],
                                     [index("two", schema=RANGE["KeySchema"])], more=RANGE),
    },
    ("DeletionProtectionEnabled", False, lambda aws, p: aws("dynamodb").update_table(
        TableName=p["TableName"], DeletionProtectionEnabled=True), ("DeletionProtectionEnabled",)))

IAM_ROLE = Type(
    {"AssumeRolePolicyDocument": TRUST},
    {
        "AssumeRolePolicyDocument": Row(TRUST, json.loads(json.dumps(TRUST).replace("lambda.", "scheduler.")), NEEDED),
        "Description": Row("one", "two"),
        "MaxSessionDuration": Row(3600, 7200),
        "ManagedPolicyArns": Row(["arn:aws:iam::%s:policy/one" % ACCOUNT, "arn:aws:iam::%s:policy/two" % ACCOUNT],
                                 ["arn:aws:iam::%s:policy/one" % ACCOUNT, "arn:aws:iam::%s:policy/three" % ACCOUNT]),
        "PermissionsBoundary": Row("arn:aws:iam::%s:policy/one" % ACCOUNT, "arn:aws:iam::%s:policy/two" % ACCOUNT),
        "Policies": Row([{"PolicyName": "a", "PolicyDocument": policy("sqs:SendMessage")}],
                        [{"PolicyName": "a", "PolicyDocument": policy("sqs:ReceiveMessage")}]),
        "Tags": Row(tags("x"), tags("y")),
    },
    {"RoleName": Row("life-one", "life-two"), "Path": Row("/one/", "/two/")},
    ("Policies", [{"PolicyName": "a", "PolicyDocument": policy("sqs:SendMessage")}],
     lambda aws, p: aws("iam").put_role_policy(RoleName=p["RoleName"], PolicyName="a",
                                               PolicyDocument=json.dumps(policy("sqs:*"))),
     ("Policies[a].PolicyDocument",)))

STREAMED = {"StartingPosition": "LATEST"}
FILTER = [{"Pattern": "{\"a\":[%d]}" % n} for n in (1, 2)]


def mapping(name):
    return {"FunctionName": FUNCTION + "one", "EventSourceArn": QUEUE + "from" + name}


def streamed(name, **more):
    return {**STREAMED, "EventSourceArn": "stream:" + name, **more}


MAPPING = Type(
    mapping,
    {
        "BatchSize": Row(5, 6),
        "Enabled": Row(True, False),
        "FilterCriteria": Row({"Filters": FILTER[:1]}, {"Filters": FILTER[1:]}),
        "FunctionName": Row(FUNCTION + "one", FUNCTION + "two", NEEDED),
        "FunctionResponseTypes": Row([], ["ReportBatchItemFailures"]),
        "KmsKeyArn": Row(KEY + "1", KEY + "2"),
        "MaximumBatchingWindowInSeconds": Row(1, 2),
        "MetricsConfig": Row({"Metrics": []}, {"Metrics": ["EventCount"]}),
        "ScalingConfig": Row({"MaximumConcurrency": 2}, {"MaximumConcurrency": 3}),
        "ProvisionedPollerConfig": Row({"MinimumPollers": 1, "MaximumPollers": 2},
                                       {"MinimumPollers": 1, "MaximumPollers": 3}),
        "BisectBatchOnFunctionError": Row(False, True, more=streamed("BisectBatchOnFunctionError")),
        "DestinationConfig": Row({"OnFailure": {"Destination": QUEUE + "dead"}},
                                 {"OnFailure": {"Destination": QUEUE + "dead2"}}, more=streamed("DestinationConfig")),
        "MaximumRecordAgeInSeconds": Row(60, 70, more=streamed("MaximumRecordAgeInSeconds")),
        "MaximumRetryAttempts": Row(1, 2, more=streamed("MaximumRetryAttempts")),
        "ParallelizationFactor": Row(1, 2, more=streamed("ParallelizationFactor")),
        "TumblingWindowInSeconds": Row(0, 30, more=streamed("TumblingWindowInSeconds")),
        "DocumentDBEventSourceConfig": Row({"DatabaseName": "a"}, {"DatabaseName": "b"}, "such a source needs one"),
        "SourceAccessConfigurations": Row([{"Type": "BASIC_AUTH", "URI": KEY + "1"}],
                                          [{"Type": "BASIC_AUTH", "URI": KEY + "2"}]),
        "Tags": Row(tags("x"), tags("y")),
    },
    {
        "EventSourceArn": Row(QUEUE + "dead", QUEUE + "dead2"),
        "StartingPosition": Row("LATEST", "TRIM_HORIZON", more=streamed("StartingPosition")),
        "StartingPositionTimestamp": Row(1700000000, 1700000001, more=streamed("StartingPositionTimestamp",
                                                                       StartingPosition="AT_TIMESTAMP")),
        "Queues": Row(["one"], ["two"]),
        "Topics": Row(["one"], ["two"]),
    },
    ("BatchSize", 5, lambda aws, p: aws("lambda").update_event_source_mapping(UUID=p["Id"], BatchSize=9),
     ("BatchSize",)))

CODE = {"S3Bucket": "life-code", "S3Key": "one.zip"}
IMAGE = {"PackageType": "Image", "Code": {"ImageUri": "%s.dkr.ecr.%s.amazonaws.com/app:one" % (ACCOUNT, REGION)},
         "Handler": None, "Runtime": None}
SIGNING = "arn:aws:lambda:%s:%s:code-signing-config:csc-0000000000000000" % (REGION, ACCOUNT)
PROVIDER = "arn:aws:lambda:%s:%s:capacity-provider:" % (REGION, ACCOUNT)
MOUNT = "arn:aws:elasticfilesystem:%s:%s:access-point/fsap-0000000000000000" % (REGION, ACCOUNT)

LAMBDA = Type(
    {"Role": ROLE + "runs", "Handler": "index.handler", "Runtime": "nodejs22.x", "Code": CODE},
    {
        "Architectures": Row(["x86_64"], ["arm64"]),
        "CapacityProviderConfig": Row(
            {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": PROVIDER + "one"}},
            {"LambdaManagedInstancesCapacityProviderConfig": {"CapacityProviderArn": PROVIDER + "two"}}),
        "Code": Row(CODE, {"S3Bucket": "life-code", "S3Key": "two.zip"}, NEEDED),
        "CodeSigningConfigArn": Row(SIGNING + "0", SIGNING + "1"),
        "DeadLetterConfig": Row({"TargetArn": QUEUE + "dead"}, {"TargetArn": QUEUE + "dead2"}),
        "Description": Row("one", "two"),
        "DurableConfig": Row({"ExecutionTimeout": 10, "RetentionPeriodInDays": 1},
                             {"ExecutionTimeout": 20, "RetentionPeriodInDays": 1}),
        "Environment": Row({"Variables": {"A": "1", "B": "2"}}, {"Variables": {"A": "1", "B": "3", "C": "4"}}),
        "EphemeralStorage": Row({"Size": 600}, {"Size": 700}),
        "FileSystemConfigs": Row([{"Arn": MOUNT + "0", "LocalMountPath": "/mnt/a"}],
                                 [{"Arn": MOUNT + "1", "LocalMountPath": "/mnt/a"}]),
        "Handler": Row("index.handler", "index.other", "a zip needs one"),
        "ImageConfig": Row({"Command": ["a"]}, {"Command": ["b"]}, more=IMAGE),
        "KmsKeyArn": Row(KEY + "1", KEY + "2"),
        "Layers": Row([LAYER + "one:1"], [LAYER + "two:1"]),
        "LoggingConfig": Row({"LogFormat": "JSON", "ApplicationLogLevel": "INFO"},
                             {"LogFormat": "JSON", "ApplicationLogLevel": "WARN"}),
        "MemorySize": Row(256, 512),
        "RecursiveLoop": Row("Terminate", "Allow"),
        "ReservedConcurrentExecutions": Row(1, 2),
        "Role": Row(ROLE + "runs", ROLE + "other", NEEDED),
        "Runtime": Row("nodejs22.x", "python3.13", "a zip needs one"),
        "RuntimeManagementConfig": Row({"UpdateRuntimeOn": "Auto"}, {"UpdateRuntimeOn": "FunctionUpdate"}),
        "SnapStart": Row({"ApplyOn": "None"}, {"ApplyOn": "PublishedVersions"}),
        "Tags": Row(tags("x"), tags("y")),
        "Timeout": Row(5, 6),
        "TracingConfig": Row({"Mode": "PassThrough"}, {"Mode": "Active"}),
        "VpcConfig": Row({"SubnetIds": ["subnet-a", "subnet-b"], "SecurityGroupIds": ["sg-a"]},
                         {"SubnetIds": ["subnet-a", "subnet-c"], "SecurityGroupIds": ["sg-a"]}),
    },
    {
        "FunctionName": Row("life-one", "life-two"),
        "PackageType": Row("Zip", "Image", then=IMAGE),
        "TenancyConfig": Row({"TenantIsolationMode": "PER_TENANT"}, None),
    },
    ("MemorySize", 256, lambda aws, p: aws("lambda").update_function_configuration(
        FunctionName=p["FunctionName"], MemorySize=999), ("MemorySize",)))

URL = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*"}

PERMISSION = Type(
    {"FunctionName": FUNCTION + "one", "Action": "lambda:InvokeFunction", "Principal": "s3.amazonaws.com"},
    {},
    {
        "Action": Row("lambda:InvokeFunction", "lambda:GetFunction"),
        "EventSourceToken": Row("one", "two", more={"Principal": "alexa-appkit.amazon.com"}),
        "FunctionName": Row(FUNCTION + "one", FUNCTION + "two"),
        "FunctionUrlAuthType": Row("NONE", "AWS_IAM", more=URL),
        "InvokedViaFunctionUrl": Row(True, None, more={"Principal": "*"}),
        "Principal": Row("s3.amazonaws.com", "sns.amazonaws.com"),
        "PrincipalOrgID": Row("o-aaaaaaaaaa", "o-bbbbbbbbbb", more={"Principal": "*"}),
        "SourceAccount": Row("111111111111", "222222222222"),
        "SourceArn": Row("arn:aws:s3:::one", "arn:aws:s3:::two"),
    },
    ("SourceArn", "arn:aws:s3:::one", lambda aws, p: aws("lambda").remove_permission(
        FunctionName=FUNCTION + "one", StatementId=p["Id"]), ()))


def masking(name):
    return {"Name": name, "Version": "2021-06-01", "Statement": [
        {"Sid": "redact", "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"],
         "Operation": {"Deidentify": {"MaskConfig": {}}}}]}


LOG_GROUP = Type(
    {},
    {
        "BearerTokenAuthenticationEnabled": Row(False, True),
        "DataProtectionPolicy": Row(masking("one"), masking("two")),
        "DeletionProtectionEnabled": Row(False, True),
        "KmsKeyId": Row(KEY + "1", KEY + "2"),
        "RetentionInDays": Row(7, 14),
        "Tags": Row(tags("x"), tags("y")),
    },
    {"LogGroupName": Row("/life/one", "/life/two"), "LogGroupClass": Row("STANDARD", "INFREQUENT_ACCESS")},
    ("RetentionInDays", 7, lambda aws, p: aws("logs").put_retention_policy(
        logGroupName=p["LogGroupName"], retentionInDays=30), ("RetentionInDays",)))


def encryption(algorithm, key=False):
    return {"ServerSideEncryptionConfiguration": [
        {"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}, "BucketKeyEnabled": key}]}


def lifecycle(days):
    return {"Rules": [{"Id": "one", "Status": "Enabled", "ExpirationInDays": days}]}


def told(queue):
    return {"QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": QUEUE + queue}]}


def blocked(public):
    return {"BlockPublicAcls": True, "BlockPublicPolicy": public, "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True}


def retention(days):
    return {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": days}}}


BUCKET = Type(
    {},
    {
        "AccelerateConfiguration": Row({"AccelerationStatus": "Suspended"}, {"AccelerationStatus": "Enabled"}),
        "BucketEncryption": Row(encryption("AES256"), encryption("aws:kms", True)),
        "CorsConfiguration": Row({"CorsRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]},
                                 {"CorsRules": [{"AllowedMethods": ["PUT"], "AllowedOrigins": ["*"], "MaxAge": 3}]}),
        "LifecycleConfiguration": Row(lifecycle(10), lifecycle(20)),
        "LoggingConfiguration": Row({"DestinationBucketName": "life-logs", "LogFilePrefix": "a"},
                                    {"DestinationBucketName": "life-logs", "LogFilePrefix": "b"}),
        "NotificationConfiguration": Row(told("dead"), told("dead2")),
        "ObjectLockConfiguration": Row(retention(1), retention(2), "the lock of a bucket cannot be taken off",
                                       {"ObjectLockEnabled": True, "VersioningConfiguration": {"Status": "Enabled"}}),
        "OwnershipControls": Row({"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
                                 {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
        "PublicAccessBlockConfiguration": Row(blocked(True), blocked(False)),
        "Tags": Row(tags("x"), tags("y")),
        "VersioningConfiguration": Row({"Status": "Suspended"}, {"Status": "Enabled"}),
        "WebsiteConfiguration": Row({"IndexDocument": "a.html"},
                                    {"IndexDocument": "b.html", "ErrorDocument": "c.html"}),
    },
    {"BucketName": Row("life-bucket-one", "life-bucket-two"), "ObjectLockEnabled": Row(False, True)},
    ("VersioningConfiguration", {"Status": "Enabled"}, lambda aws, p: aws("s3").put_bucket_versioning(
        Bucket=p["BucketName"], VersioningConfiguration={"Status": "Suspended"}), ("VersioningConfiguration.Status",)))

FIFO = {"FifoTopic": True}

TOPIC = Type(
    {},
    {
        "ArchivePolicy": Row({"MessageRetentionPeriod": "30"}, {"MessageRetentionPeriod": "31"}, more=FIFO),
        "ContentBasedDeduplication": Row(False, True, more=FIFO),
        "DataProtectionPolicy": Row(masking("one"), masking("two")),
        "DisplayName": Row("one", "two"),
        "FifoThroughputScope": Row("Topic", "MessageGroup", more=FIFO),
        "KmsMasterKeyId": Row("alias/aws/sns", KEY + "1"),
        "SignatureVersion": Row("1", "2"),
        "Tags": Row(tags("x"), tags("y")),
        "TracingConfig": Row("PassThrough", "Active"),
    },
    {"TopicName": Row("life-one", "life-two"), "FifoTopic": Row(None, True)},
    ("DisplayName", "ours", lambda aws, p: aws("sns").set_topic_attributes(
        TopicArn=p["TopicArn"], AttributeName="DisplayName", AttributeValue="theirs"), ("DisplayName",)))


def redrive(queue, count):
    return {"deadLetterTargetArn": QUEUE + queue, "maxReceiveCount": count}


SQS = Type(
    {},
    {
        "ContentBasedDeduplication": Row(False, True, more={"FifoQueue": True}),
        "DeduplicationScope": Row("queue", "messageGroup", more={"FifoQueue": True}),
        "DelaySeconds": Row(1, 2),
        "FifoThroughputLimit": Row("perQueue", "perMessageGroupId",
                                   more={"FifoQueue": True, "DeduplicationScope": "messageGroup"}),
        "KmsDataKeyReusePeriodSeconds": Row(60, 70, more={"KmsMasterKeyId": "alias/aws/sqs"}),
        "KmsMasterKeyId": Row("alias/aws/sqs", KEY + "1"),
        "MaximumMessageSize": Row(2048, 4096),
        "MessageRetentionPeriod": Row(60, 70),
        "ReceiveMessageWaitTimeSeconds": Row(1, 2),
        "RedriveAllowPolicy": Row({"redrivePermission": "denyAll"}, {"redrivePermission": "allowAll"}),
        "RedrivePolicy": Row(redrive("dead", 3), redrive("dead", 4)),
        "SqsManagedSseEnabled": Row(True, False),
        "Tags": Row(tags("x"), tags("y")),
        "VisibilityTimeout": Row(5, 6),
    },
    {"QueueName": Row("life-one", "life-two"), "FifoQueue": Row(None, True)},
    ("DelaySeconds", 1, lambda aws, p: aws("sqs").set_queue_attributes(
        QueueUrl=p["QueueUrl"], Attributes={"DelaySeconds": "9"}), ("DelaySeconds",)))


def expires(day):
    return json.dumps([{"Type": "Expiration", "Version": "1.0",
                        "Attributes": {"Timestamp": "2099-01-%02dT00:00:00.000Z" % day}}])


PARAMETER = Type(
    {"Type": "String", "Value": "1"},
    {
        "AllowedPattern": Row("[0-9]+", "[0-9]*"),
        "DataType": Row("text", "aws:ec2:image"),
        "Description": Row("one", "two"),
        "Policies": Row(expires(1), expires(2), more={"Tier": "Advanced"}),
        "Tags": Row({"team": "x"}, {"team": "y"}),
        "Tier": Row("Standard", "Advanced"),
        "Type": Row("String", "StringList", NEEDED),
        "Value": Row("1", "2", NEEDED),
    },
    {"Name": Row("/life/one", "/life/two")},
    ("Value", "ours", lambda aws, p: aws("ssm").put_parameter(
        Name=p["Name"], Value="theirs", Type="String", Overwrite=True), ("Value", "Version")))


def target(payload):
    return {"Arn": FUNCTION + "one", "RoleArn": ROLE + "runs", "Input": payload}


SCHEDULE = Type(
    {"ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"},
     "Target": {"Arn": FUNCTION + "one", "RoleArn": ROLE + "runs"}},
    {
        "Description": Row("one", "two"),
        "EndDate": Row("2099-01-01T00:00:00Z", "2099-01-02T00:00:00Z"),
        "FlexibleTimeWindow": Row({"Mode": "OFF"}, {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5}, NEEDED),
        "KmsKeyArn": Row(KEY + "1", KEY + "2"),
        "ScheduleExpression": Row("rate(1 day)", "rate(2 days)", NEEDED),
        "ScheduleExpressionTimezone": Row("UTC", "Europe/Berlin"),
        "StartDate": Row("2098-01-01T00:00:00Z", "2098-01-02T00:00:00Z"),
        "State": Row("ENABLED", "DISABLED"),
        "Target": Row(target("{}"), target("{\"a\":1}"), NEEDED),
    },
    {"Name": Row("life-one", "life-two"), "GroupName": Row("groupOne", "groupTwo")},
    ("ScheduleExpression", "rate(1 day)", lambda aws, p: aws("scheduler").update_schedule(
        Name=p["Name"], ScheduleExpression="rate(9 days)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": FUNCTION + "one", "RoleArn": ROLE + "runs"}), ("ScheduleExpression",)))

GROUP = Type(
    {},
    {"Tags": Row(tags("x"), tags("y"))},
    {"Name": Row("life-one", "life-two")},
    ("Tags", tags("x"), lambda aws, p: aws("scheduler").tag_resource(ResourceArn=p["Arn"], Tags=tags("theirs")),
     ("Tags[team].Value",)))

TYPES = {
    "AWS::ApiGatewayV2::Api": API, "AWS::ApiGatewayV2::Integration": INTEGRATION, "AWS::ApiGatewayV2::Route": ROUTE,
    "AWS::ApiGatewayV2::Stage": STAGE, "AWS::DynamoDB::Table": DYNAMO, "AWS::IAM::Role": IAM_ROLE,
    "AWS::Lambda::EventSourceMapping": MAPPING, "AWS::Lambda::Function": LAMBDA, "AWS::Lambda::Permission": PERMISSION,
    "AWS::Logs::LogGroup": LOG_GROUP, "AWS::S3::Bucket": BUCKET, "AWS::SNS::Topic": TOPIC, "AWS::SQS::Queue": SQS,
    "AWS::SSM::Parameter": PARAMETER, "AWS::Scheduler::Schedule": SCHEDULE, "AWS::Scheduler::ScheduleGroup": GROUP,
}

# (type, property) -> why it is not in the spec of the emulator.
CANNOT = {
    ("AWS::DynamoDB::Table", "StreamSpecification"): "refuses a stream where there was one before",
    ("AWS::Lambda::Function", "CodeSigningConfigArn"): "has no code signing",
    ("AWS::Lambda::Function", "RecursiveLoop"): "has no recursion configuration",
    ("AWS::Lambda::Function", "RuntimeManagementConfig"): "has no runtime management",
    ("AWS::Logs::LogGroup", "BearerTokenAuthenticationEnabled"): "has no such call",
    ("AWS::Logs::LogGroup", "DataProtectionPolicy"): "has no such calls",
    ("AWS::Logs::LogGroup", "DeletionProtectionEnabled"): "has no such call",
    ("AWS::Logs::LogGroup", "KmsKeyId"): "takes a key at creation only",
    ("AWS::SNS::Topic", "DataProtectionPolicy"): "has no such calls",
    **{("AWS::ApiGatewayV2::Stage", name): "has no UpdateStage" for name in STAGE.rows if name != "Tags"},
    ("AWS::ApiGatewayV2::Stage", "Tags"): "has no tags of a stage that exists",
}

# (type, property) -> why what was read after a change does not have it.
UNREAD = {
    ("AWS::Lambda::Function", "Code"): "it is write-only; its digest is watched",
    **{("AWS::SSM::Parameter", name): "it is write-only" for name in (
        "AllowedPattern", "Description", "Policies", "Tier")},
    **{("AWS::DynamoDB::Table", name): "the emulator forgets it" for name in (
        "OnDemandThroughput", "SSESpecification", "TableClass")},
    **{("AWS::Lambda::Function", name): "the emulator forgets it" for name in (
        "Architectures", "CapacityProviderConfig", "DeadLetterConfig", "DurableConfig", "EphemeralStorage",
        "FileSystemConfigs", "ImageConfig", "KmsKeyArn", "LoggingConfig", "SnapStart", "TracingConfig")},
    **{("AWS::SNS::Topic", name): "the emulator forgets it" for name in (
        "ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig")},
    ("AWS::ApiGatewayV2::Api", "IpAddressType"): "the emulator forgets it",
    ("AWS::SQS::Queue", "RedriveAllowPolicy"): "the emulator forgets it",
}

# (type, property) -> why what was read after it was taken away still has it.
KEPT = {
    ("AWS::ApiGatewayV2::Integration", "ContentHandlingStrategy"): "UpdateIntegration has no word for none",
    ("AWS::DynamoDB::Table", "WarmThroughput"): "what a table is warmed to cannot be lowered",
    **{("AWS::ApiGatewayV2::Integration", name): "the emulator takes no empty value for a change" for name in (
        "TemplateSelectionExpression",)},
    **{("AWS::ApiGatewayV2::Route", name): "the emulator takes no empty value for a change" for name in (
        "AuthorizationScopes", "ModelSelectionExpression", "RequestModels", "RequestParameters",
        "RouteResponseSelectionExpression", "Target")},
}
