"""Lists in pages as long as AWS gives them, where the emulator gives all at once."""

import json

SIZES = {"ListFunctions": 50, "ListEventSourceMappings": 100}
ITEMS = {"ListFunctions": "Functions", "ListEventSourceMappings": "EventSourceMappings"}


def page(call, body, sizes):
    items = ITEMS.get(call.operation)
    if not items:
        return body
    value = json.loads(body)
    start, found = int(call.query.get("Marker") or 0), value[items]
    value[items] = found[start:start + sizes[call.operation]]
    if start + sizes[call.operation] < len(found):
        value["NextMarker"] = str(start + sizes[call.operation])
    return json.dumps(value).encode()
