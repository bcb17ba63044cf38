"""GetResources as AWS answers it: also of what the emulator's lacks (mappings of functions, HTTP APIs), in pages of as
many resources as were asked for, however many tags they carry."""

import http.client
import json
import urllib.parse

PAGE = 50


class Tagging:
    def __init__(self, emulator):
        self.emulator = emulator
        self.lists = []

    def answer(self, call):
        """The body of the reply."""
        token = call.body.get("PaginationToken") or ""
        size = call.body.get("ResourcesPerPage", PAGE)
        if token:
            number, start = (int(part) for part in token.split("-"))
        else:
            self.lists.append(self._emulated(call) + self._mappings(call) + self._apis(call))
            number, start = len(self.lists) - 1, 0
        found = self.lists[number]
        more = start + size < len(found)
        return json.dumps({"ResourceTagMappingList": found[start:start + size],
                           "PaginationToken": "%d-%d" % (number, start + size) if more else ""}).encode()

    def _emulated(self, call):
        found, token = [], None
        while True:
            body = dict(call.body, TagsPerPage=500, **({"PaginationToken": token} if token else {}))
            body.pop("ResourcesPerPage", None)
            reply = self._send(call, "tagging", "POST", "/", json.dumps(body),
                               {"x-amz-target": call.headers["x-amz-target"],
                                "content-type": "application/x-amz-json-1.1"})
            found += reply["ResourceTagMappingList"]
            token = reply.get("PaginationToken")
            if not token:
                return found

    def _mappings(self, call):
        found = []
        listed = self._send(call, "lambda", "GET", "/2015-03-31/event-source-mappings/")
        for mapping in listed.get("EventSourceMappings", []):
            arn = mapping["EventSourceMappingArn"]
            tags = self._send(call, "lambda", "GET", "/2017-03-31/tags/" + urllib.parse.quote(arn, safe=""))["Tags"]
            found += self._wanted(call, arn, tags)
        return found

    @staticmethod
    def _wanted(call, arn, tags):
        if all(tags.get(wanted["Key"]) in wanted["Values"] for wanted in call.body.get("TagFilters", [])):
            return [{"ResourceARN": arn, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}]
        return []

    def _apis(self, call):
        found = []
        for api in self._send(call, "apigateway", "GET", "/v2/apis").get("items", []):
            found += self._wanted(call, "arn:aws:apigateway:eu-west-1::/apis/" + api["apiId"], api.get("tags", {}))
        return found

    def _send(self, call, service, method, target, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.emulator.port, timeout=60)
        authorization = call.headers.get("authorization", "").replace("/tagging/", "/%s/" % service)
        connection.request(method, target, body=body, headers={"authorization": authorization, **(headers or {})})
        reply = json.loads(connection.getresponse().read() or b"{}")
        connection.close()
        return reply
