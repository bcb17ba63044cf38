"""What an HTTP request to AWS is: service, operation, does it change something, whom is it about.

The proxy needs no more than that to break calls, hide things and refuse duplicates.
"""

import json
import re
import urllib.parse

REST = {
    "lambda": [
        ("POST", r"/2015-03-31/functions$", "CreateFunction"),
        ("GET", r"/2015-03-31/functions$", "ListFunctions"),
        ("GET", r"/2015-03-31/functions/([^/]+)$", "GetFunction"),
        ("DELETE", r"/2015-03-31/functions/([^/]+)$", "DeleteFunction"),
        ("GET", r"/2015-03-31/functions/([^/]+)/configuration$", "GetFunctionConfiguration"),
        ("PUT", r"/2015-03-31/functions/([^/]+)/configuration$", "UpdateFunctionConfiguration"),
        ("PUT", r"/2015-03-31/functions/([^/]+)/code$", "UpdateFunctionCode"),
        ("POST", r"/2015-03-31/functions/([^/]+)/policy$", "AddPermission"),
        ("GET", r"/2015-03-31/functions/([^/]+)/policy$", "GetPolicy"),
        ("DELETE", r"/2015-03-31/functions/([^/]+)/policy/([^/]+)$", "RemovePermission"),
        ("PUT", r"/2017-10-31/functions/([^/]+)/concurrency$", "PutFunctionConcurrency"),
        ("DELETE", r"/2017-10-31/functions/([^/]+)/concurrency$", "DeleteFunctionConcurrency"),
        ("GET", r"/2019-09-30/functions/([^/]+)/concurrency$", "GetFunctionConcurrency"),
        ("POST", r"/2015-03-31/event-source-mappings/?$", "CreateEventSourceMapping"),
        ("GET", r"/2015-03-31/event-source-mappings/?$", "ListEventSourceMappings"),
        ("GET", r"/2015-03-31/event-source-mappings/([^/]+)$", "GetEventSourceMapping"),
        ("PUT", r"/2015-03-31/event-source-mappings/([^/]+)$", "UpdateEventSourceMapping"),
        ("DELETE", r"/2015-03-31/event-source-mappings/([^/]+)$", "DeleteEventSourceMapping"),
        ("GET", r"/2017-03-31/tags/(.+)$", "ListTags"),
        ("POST", r"/2017-03-31/tags/(.+)$", "TagResource"),
        ("DELETE", r"/2017-03-31/tags/(.+)$", "UntagResource"),
    ],
    "apigateway": [
        ("POST", r"/v2/apis$", "CreateApi"),
        ("GET", r"/v2/apis$", "GetApis"),
        ("GET", r"/v2/apis/([^/]+)$", "GetApi"),
        ("PATCH", r"/v2/apis/([^/]+)$", "UpdateApi"),
        ("DELETE", r"/v2/apis/([^/]+)$", "DeleteApi"),
        ("GET", r"/v2/tags/(.+)$", "GetTags"),
        ("POST", r"/v2/tags/(.+)$", "TagResource"),
        ("DELETE", r"/v2/tags/(.+)$", "UntagResource"),
    ] + [
        (method, r"/v2/apis/([^/]+)/%s%s$" % (plural, tail), verb + name)
        for plural, name in (("integrations", "Integration"), ("routes", "Route"), ("stages", "Stage"))
        for method, tail, verb in (("POST", "", "Create"), ("GET", "", "List"), ("GET", "/([^/]+)", "Get"),
                                   ("PATCH", "/([^/]+)", "Update"), ("DELETE", "/([^/]+)", "Delete"))
    ] + [("DELETE", r"/v2/apis/([^/]+)/cors$", "DeleteCorsConfiguration")],
    "scheduler": [
        ("POST", r"/schedules/([^/]+)$", "CreateSchedule"),
        ("GET", r"/schedules/([^/]+)$", "GetSchedule"),
        ("PUT", r"/schedules/([^/]+)$", "UpdateSchedule"),
        ("DELETE", r"/schedules/([^/]+)$", "DeleteSchedule"),
        ("GET", r"/schedules$", "ListSchedules"),
        ("POST", r"/schedule-groups/([^/]+)$", "CreateScheduleGroup"),
        ("GET", r"/schedule-groups/([^/]+)$", "GetScheduleGroup"),
        ("DELETE", r"/schedule-groups/([^/]+)$", "DeleteScheduleGroup"),
        ("GET", r"/schedule-groups$", "ListScheduleGroups"),
        ("GET", r"/tags/(.+)$", "ListTagsForResource"),
        ("POST", r"/tags/(.+)$", "TagResource"),
        ("DELETE", r"/tags/(.+)$", "UntagResource"),
    ],
}

READ = re.compile(r"^(Get|List|Describe|Head|BatchGet|Query|Scan)")
SCOPE = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/([^/]+)/aws4_request")


class Call:
    """One request.  `parts` are the names in a REST path; `body` is decoded where it is JSON or a form."""

    def __init__(self, method, target, headers, body):
        self.method, self.target, self.headers, self.raw = method, target, headers, body
        path, _, query = target.partition("?")
        self.path = path
        self.query = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        scope = SCOPE.search(headers.get("authorization", ""))
        self.region, self.service = (scope.group(1), scope.group(2)) if scope else ("", "")
        self.parts, self.body, self.operation = [], {}, ""
        # When it was sent, by its own word; what came of it, and that if the proxy refused it.
        self.at_s, self.status, self.refused = 0, 0, None
        self._decode()
        self.mutates = not READ.match(self.operation)

    def _decode(self):
        if "x-amz-target" in self.headers:
            self.operation = self.headers["x-amz-target"].rpartition(".")[2]
            self.body = self._json()
        elif self.service in REST:
            self._decode_rest()
        elif self.service == "s3":
            self._decode_s3()
        else:
            self.body = dict(urllib.parse.parse_qsl(self.raw.decode("utf-8", "replace"), keep_blank_values=True))
            self.operation = self.body.get("Action", self.query.get("Action", self.method + " " + self.path))

    def _json(self):
        try:
            value = json.loads(self.raw or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}

    def _decode_rest(self):
        self.body = self._json()
        for method, pattern, name in REST[self.service]:
            match = re.match(pattern, self.path) if method == self.method else None
            if match:
                self.operation = name
                self.parts = [urllib.parse.unquote(part) for part in match.groups()]
                return
        self.operation = "%s %s" % (self.method, self.path)

    def _decode_s3(self):
        parts = urllib.parse.unquote(self.path).lstrip("/").split("/", 1)
        self.parts = [p for p in parts if p]
        what = next((q for q in self.query if q != "x-id"), "")
        verb = {"GET": "Get", "HEAD": "Head", "PUT": "Put", "DELETE": "Delete", "POST": "Post"}[self.method]
        if not what:
            verb = {"PUT": "Create", "Get": "List"}.get(self.method, verb)
        self.operation = "%sBucket%s" % (verb, what and " " + what)

    def name(self):
        """The name or id that the request is about; empty where there is none."""
        if self.parts:
            return self.parts[-1] if self.operation != "AddPermission" else self.body.get("StatementId", "")
        for key in ("TableName", "QueueName", "RoleName", "FunctionName", "Name", "logGroupName", "name"):
            if isinstance(self.body.get(key), str):
                return self.body[key]
        for key in ("QueueUrl", "TopicArn", "ResourceArn", "resourceArn", "ResourceId"):
            if isinstance(self.body.get(key), str):
                return re.split(r"[/:]", self.body[key])[-1]
        return ""

    def thing(self):
        """What a repetition of the call is about; the same in every run where the service lets it."""
        said = self.body.get("RouteKey") or self.body.get("routeKey") or self.body.get("IntegrationUri") or \
            self.body.get("integrationUri") or self.body.get("EventSourceArn") or self.body.get("SourceArn")
        if said:
            return "%s %s %s" % (self.service, self.operation, re.sub(r"/stream/.*|:[a-z0-9]{10}/", "", str(said)))
        return str(self)

    def __str__(self):
        return "%s %s %s" % (self.service, self.operation, self.name())
