"""The errors that services answer with, in each protocol's words.

None can be invented: one is looked up in the service model that the program carries (schemas/wire), at the operation
that it is for; those that every operation may give stand in COMMON, with the page of AWS that lists them.
"""

import functools
import json
import re
from xml.sax.saxutils import escape

from .program import SOURCE

# What a request is signed for -> the file of its model.
MODELS = {"apigateway": "apigatewayv2", "tagging": "resourcegroupstaggingapi"}

QUERY = "https://docs.aws.amazon.com/%s/latest/APIReference/CommonErrors.html"
S3 = "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"
DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html"
LAMBDA = "https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html"
SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html"

# (service, code) -> status, page
COMMON = {
    ("iam", "Throttling"): (400, QUERY % "IAM"), ("iam", "AccessDenied"): (403, QUERY % "IAM"),
    ("iam", "ExpiredToken"): (403, QUERY % "IAM"),
    ("sts", "Throttling"): (400, QUERY % "STS"), ("sts", "ExpiredToken"): (403, QUERY % "STS"),
    ("sts", "AccessDenied"): (403, QUERY % "STS"),
    ("sns", "Throttling"): (400, QUERY % "sns"), ("sns", "ExpiredToken"): (403, QUERY % "sns"),
    ("sqs", "AccessDeniedException"): (400, SQS), ("sqs", "ExpiredTokenException"): (403, SQS),
    ("dynamodb", "ThrottlingException"): (400, DYNAMODB), ("dynamodb", "AccessDeniedException"): (400, DYNAMODB),
    ("dynamodb", "ExpiredTokenException"): (400, DYNAMODB),
    ("logs", "ThrottlingException"): (400, QUERY % "AmazonCloudWatchLogs"),
    ("logs", "AccessDeniedException"): (400, QUERY % "AmazonCloudWatchLogs"),
    ("logs", "ExpiredTokenException"): (403, QUERY % "AmazonCloudWatchLogs"),
    ("ssm", "ThrottlingException"): (400, QUERY % "systems-manager"),
    ("ssm", "AccessDeniedException"): (400, QUERY % "systems-manager"),
    ("ssm", "ExpiredTokenException"): (403, QUERY % "systems-manager"),
    ("lambda", "AccessDeniedException"): (403, LAMBDA), ("lambda", "ExpiredTokenException"): (403, LAMBDA),
    ("scheduler", "AccessDeniedException"): (403, QUERY % "scheduler"),
    ("scheduler", "ExpiredTokenException"): (403, QUERY % "scheduler"),
    ("apigateway", "AccessDeniedException"): (403, QUERY % "apigateway"),
    ("apigateway", "ExpiredTokenException"): (403, QUERY % "apigateway"),
    ("tagging", "AccessDeniedException"): (400, QUERY % "resourcegroupstagging"),
    ("tagging", "ExpiredTokenException"): (403, QUERY % "resourcegroupstagging"),
    ("s3", "SlowDown"): (503, S3), ("s3", "AccessDenied"): (403, S3), ("s3", "ExpiredToken"): (400, S3),
    ("s3", "OperationAborted"): (409, S3),
}

# How a service says that it is asked too often; of the model where it names one.
THROTTLES = {
    "lambda": "TooManyRequestsException", "apigateway": "TooManyRequestsException", "scheduler": "ThrottlingException",
    "tagging": "ThrottledException", "sqs": "RequestThrottled", "s3": "SlowDown", "iam": "Throttling",
    "sts": "Throttling", "sns": "Throttling", "dynamodb": "ThrottlingException", "logs": "ThrottlingException",
    "ssm": "ThrottlingException",
}


@functools.lru_cache(None)
def model(service):
    path = SOURCE / "schemas" / "wire" / (MODELS.get(service, service) + ".json")
    return json.loads(path.read_text())


@functools.lru_cache(None)
def modelled(service, operation):
    """code -> status of what the operation may answer, by its model; None where the protocol has one for all."""
    found = {}
    for error in model(service)["operations"].get(operation, {}).get("errors", []):
        shape = model(service)["shapes"].get(error["shape"], {}).get("error", {})
        found[shape.get("code", error["shape"])] = shape.get("httpStatusCode")
    return found


class Unknown(Exception):
    """An error that neither a model nor a page has: the rule that wants it is wrong."""


def status_of(service, operation, code):
    if (service, code) in COMMON:
        return COMMON[service, code][0]
    errors = modelled(service, operation)
    if code not in errors:
        raise Unknown("%s %s does not answer %s by its model" % (service, operation, code))
    return errors[code] or 400


def answer(call, code, message, status=None):
    """(status, body, headers) as the call's service says it."""
    operation = wire_operation(call.service, call.operation)
    status = status or status_of(call.service, operation, code)
    protocol = model(call.service)["metadata"]["protocol"]
    if protocol == "query":
        return status, (XML % (escape(code), escape(message))).encode(), [("Content-Type", "text/xml")]
    if protocol == "rest-xml":
        return status, (XML_S3 % (escape(code), escape(message))).encode(), [("Content-Type", "application/xml")]
    body = {"__type": code, "message": message}
    headers = [("Content-Type", "application/x-amz-json-1.1")]
    if protocol == "rest-json":
        body = {"message": message, "Message": message, "Type": "User"}
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code)]
    elif model(call.service)["metadata"].get("awsQueryCompatible") is not None:
        body["__type"] = "com.amazonaws.%s#%s" % (call.service, code)
        headers.append(("x-amzn-query-error", code + ";Sender"))
    return status, json.dumps(body).encode(), headers


XML = ("<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>"
       "<RequestId>0</RequestId></ErrorResponse>")
XML_S3 = "<Error><Code>%s</Code><Message>%s</Message><RequestId>0</RequestId></Error>"


def wire_operation(service, operation):
    """What the model calls an operation that the proxy has named by its path."""
    names = model(service)["operations"]
    if operation in names:
        return operation
    plural = re.sub(r"^List(\w+)$", r"Get\1s", operation)
    return plural if plural in names else operation


def throttled(call, retry_after_s=None):
    status, body, headers = answer(call, THROTTLES[call.service], "Rate exceeded")
    if retry_after_s is not None:
        headers = headers + [("Retry-After", str(retry_after_s))]
    return status, body, headers


def denied(call):
    code = "AccessDenied" if call.service in ("iam", "sts", "s3") else \
        "AuthorizationError" if call.service == "sns" else "AccessDeniedException"
    return answer(call, code, "not authorized to perform: %s" % call.operation)


def expired(call):
    code = "ExpiredToken" if call.service in ("iam", "sts", "sns", "s3") else "ExpiredTokenException"
    return answer(call, code, "The security token included in the request is expired")
