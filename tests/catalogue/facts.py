"""The facts as the program embeds them, overrides and all: read from the blob that datac wrote."""
import json
import os
import struct

HEADER, ENTRY = 60, 20


def documents(folder):
    """Name -> document of one folder of the blob ("type", "driver")."""
    path = os.path.join(os.environ.get("EFFC_BUILDDIR", "."), "schemas", "schemas.blob")
    with open(path, "rb") as f:
        data = f.read()
    count = struct.unpack_from("<I", data, 12)[0]
    out = {}
    for i in range(count):
        name, length, start, size, _ = struct.unpack_from("<5I", data, HEADER + i * ENTRY)
        key = data[name:name + length].decode()
        if key.startswith(folder + "/"):
            out[key[len(folder) + 1:]] = json.loads(data[start:start + size])
    return out


class Type:
    """One type: its facts, and what its driver does not take."""

    def __init__(self, name, facts, driver):
        self.name, self.facts = name, facts
        self.definitions = facts.get("definitions", {})
        self.constraints = facts.get("constraints", {})
        self.native = driver is not None
        self.refused = set((driver or {}).get("unsupported", {}))
        name_rule = (driver or {}).get("name", {})
        self.name_property = name_rule.get("property") if isinstance(name_rule, dict) else None
        self.tags = facts.get("tags")

    def fields(self, shape):
        if "ref" in shape and shape["type"] == "object":
            return self.definitions[shape["ref"]]
        return shape.get("properties", {})

    def together(self, shape):
        """The constraints of an object's shape; None: the type itself."""
        if shape is None:
            return self.constraints.get("", [])
        return self.constraints.get(shape.get("ref"), []) if shape["type"] == "object" else []

    def writable(self, fields, path):
        """The fields that a user may write, by name."""
        return {n: p for n, p in fields.items()
                if not p.get("read_only") and not self.is_refused(path + (n,))}

    def is_refused(self, path):
        names = [p for p in path if isinstance(p, str)]
        return any(".".join(names[:i]) in self.refused for i in range(1, len(names) + 1))


def all_types():
    drivers = documents("driver")
    return {n: Type(n, f, drivers.get(n)) for n, f in sorted(documents("type").items())}
