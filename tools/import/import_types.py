#!/usr/bin/env python3
"""Writes schemas/types/<Service>.json: the facts of the resource types that filter.json names.

usage: import_types.py [--out FOLDER] [--cache FOLDER] [TYPE…]

The structure comes from cfn-lint's registry schemas; aws-service-spec adds references, ARN
templates, what holds data, what Ref gives and the types that the former lacks.  With types on
the command line only those are written: for a user's own folder.  The form is in docs/facts.md.
"""
import argparse
import fnmatch
import os
import re

import constraints
import sources

FLAG_PATHS = (("createOnlyProperties", "create_only"), ("conditionalCreateOnlyProperties", "maybe_create_only"),
              ("readOnlyProperties", "read_only"), ("writeOnlyProperties", "write_only"),
              ("deprecatedProperties", "deprecated"))
FORMATS = ("ipv4-network", "ipv6-network")
EVERYTHING = (".*", ".+", ".{1,}", "[\\s\\S]*", "[\\S\\s]*", "[\\s\\S]+")
FLAGS = ("required", "create_only", "maybe_create_only", "read_only", "write_only", "deprecated")


class Upstream:
    """Both sources, by type name."""

    def __init__(self, cache):
        self.lint = sources.PythonPackage("cfn-lint")
        text = self.lint.read("schemas/providers/us_east_1.py").decode()
        self.files = dict(re.findall(r'"(AWS::[A-Za-z0-9:]+)": "([0-9a-f]{16})"', text))
        self.loaded = {}
        schema = sources.service_spec(cache)["schema"]
        self.spec = {r["cloudFormationType"]: r for r in schema["resource"]["entities"]}
        self.spec_types = {d["$id"]: d for d in schema["typeDefinition"]["entities"]}
        self.extensions = self.read_extensions()
        self.stateful = set(self.lint.json("AdditionalSpecs/StatefulResources.json")["ResourceTypes"])

    def read_extensions(self):
        """Type, lower case without colons -> constraints that cfn-lint adds to its schema."""
        out = {}
        for path in self.lint.names():
            hit = re.fullmatch(r"schemas/extensions/(\w+)/\w+\.json", path)
            if hit:
                out.setdefault(hit[1].replace("_", ""), []).append(self.lint.json(path))
        return out

    def extra_constraints(self, name):
        return [r for e in self.extensions.get(name.lower().replace("::", ""), [])
                for part in [e, *e.get("allOf", [])] for r in constraints.constraints_of(
                    {k: v for k, v in part.items() if k in ("if", "then", "else")})]

    def types(self):
        return sorted(t for t in set(self.files) | set(self.spec) if t.count("::") == 2)

    def schema(self, name):
        if name not in self.loaded:
            self.loaded[name] = None
            if name in self.files:
                self.loaded[name] = self.lint.json("schemas/resources/%s.json" % self.files[name])
        return self.loaded[name]

    def has_attribute(self, name, attribute):
        schema, spec = self.schema(name) or {}, self.spec.get(name, {})
        return attribute in schema.get("properties", {}) or attribute in spec.get("properties", {}) or \
            attribute in spec.get("attributes", {})

    def by_format(self, text):
        """"AWS::SNS::Topic.Arn" -> "AWS::SNS::Topic.TopicArn": the property that says it has this format."""
        name, _, attribute = text.partition(".")
        if self.has_attribute(name, attribute):
            return text
        single = text[:-1] if attribute == "Ids" else text
        for key, node in sorted((self.schema(name) or {}).get("properties", {}).items()):
            if node.get("format") == single:
                return "%s.%s" % (name, key)
        return None


def path_parts(path):
    parts = [p for p in path.strip("/").split("/") if p]
    out = []
    for p in parts[1:] if parts and parts[0] == "properties" else parts:
        if p == "items":
            p = "*"
        if p != "properties":
            out.append(p)
    return out


def flag_tree(schema):
    """Paths of flags as nested maps; the flags of a place stand under the empty key."""
    tree = {}
    for source, flag in FLAG_PATHS:
        for path in schema.get(source, []):
            at = tree
            for part in path_parts(path):
                at = at.setdefault(part, {})
            at.setdefault("", set()).add(flag)
    return tree


class Converter:
    """One type's registry schema to our form."""

    def __init__(self, upstream, schema, spec):
        self.up, self.schema, self.spec = upstream, schema, spec
        self.definitions = {}		# name -> facts
        self.constraints = {}		# definition -> constraints; "": the type's own
        self.newer = SpecConverter(upstream, self.definitions)
        self.made = {}			# (pointer, flags, spec id) -> name
        self.used = []			# definitions being inlined

    # ---- definitions

    def resolve(self, pointer):
        node = self.schema
        for part in pointer.lstrip("#/").split("/"):
            node = node[part]
        return node

    def define(self, pointer, node, flags, spec):
        """The name of an object's definition; another use with other flags gets a name of its own."""
        key = (pointer, repr(sorted_tree(flags)), spec.get("$id", ""))
        if key in self.made:
            return self.made[key]
        base = pointer.split("/")[-1]
        name, number = base, 2
        while name in self.definitions:
            name, number = "%s~%d" % (base, number), number + 1
        self.made[key] = name
        self.definitions[name] = None
        self.definitions[name] = self.fields(node, flags, spec)
        self.add_constraints(name, node)
        return name

    def add_constraints(self, name, node):
        fields = self.definitions.get(name)
        # A union that the other source knows more members of is no longer this one.
        grown = name and set(fields) - set(all_properties(node))
        found = []
        for rule in constraints.constraints_of(node):
            rule = constraints.known(rule, fields)
            if not rule or rule in found or (grown and "with" not in rule):
                continue
            if list(rule) == ["any"] and len(rule["any"]) == 1:
                for field in rule["any"][0]:
                    fields[field]["required"] = True
            else:
                found.append(rule)
        if found:
            self.constraints[name] = found

    # ---- nodes

    def convert(self, node, flags, spec):
        pointer = node.get("$ref")
        if pointer:
            target = self.resolve(pointer)
            merged = dict(target)
            merged.update({k: v for k, v in node.items() if k != "$ref"})
            if "$ref" in target:
                return self.convert(merged, flags, spec)
            if kind_of(merged) == "object":
                return {"type": "object", "ref": self.define(pointer, target, flags, self.spec_definition(spec))}
            if pointer in self.used:
                return {"type": "json"}
            self.used.append(pointer)
            out = self.convert(merged, flags, spec)
            self.used.pop()
            return out
        branch = self.only_shape(node)
        if branch:
            return self.convert(branch, flags, spec)
        return self.convert_kind(node, kind_of(node), flags, spec)

    @staticmethod
    def only_shape(node):
        """The alternative that remains where the others only say "or the same as JSON text"."""
        rest = [b for b in branches(node) if b.get("format") != "json"]
        if "type" in node or len(rest) != 1 or len(list(branches(node))) < 2:
            return None
        return rest[0] if "$ref" in rest[0] or "type" in rest[0] else None

    def convert_kind(self, node, kind, flags, spec):
        out = {"type": kind}
        if kind == "object" and constraints.constraints_of(node):
            out["ref"] = self.define("#/" + self.place, node, flags, self.spec_definition(spec))
        elif kind == "object":
            out["properties"] = self.fields(node, flags, self.spec_definition(spec))
        elif kind in ("list", "map"):
            if kind == "list":
                item = node.get("items", {})
            else:
                item = map_item(node)
            if not isinstance(item, dict):
                item = {}
            out["of"] = self.convert(item, flags.get("*", {}), spec_element(spec))
            if kind == "list":
                add_bounds(out, node, "minItems", "maxItems")
            else:
                add_bounds(out, node, "minProperties", "maxProperties")
                keys = key_pattern(node)
                if keys:
                    out["keys"] = keys
            if node.get("uniqueKeys") and kind == "list":
                out["unique_by"] = list(node["uniqueKeys"])
            if node.get("insertionOrder") is False and kind == "list":
                out["unordered"] = True
            if node.get("uniqueItems") and kind == "list":
                out["unique"] = True
        elif kind == "string":
            add_enum(out, node, spec)
            if node.get("format") in FORMATS:
                out["format"] = node["format"]
            if isinstance(node.get("pattern"), str):
                out["pattern"] = node["pattern"]
            add_bounds(out, node, "minLength", "maxLength")
        elif kind in ("integer", "number"):
            add_bounds(out, node, "minimum", "maximum")
            if kind == "integer" and isinstance(node.get("enum"), list) and \
                    all(isinstance(e, int) for e in node["enum"]):
                out["enum"] = list(node["enum"])
        return out

    def fields(self, node, flags, spec, own=None):
        """name -> property of an object's node; own: the type whose top level this is."""
        required = set(node.get("required", []))
        known = spec.get("properties", {})
        out = {}
        for name, child in sorted(all_properties(node).items()):
            self.place = name
            out[name] = self.property(child, flags.get(name, {}), known.get(name, {}), name in required,
                                      own and "%s.%s" % (own, name))
        if own:
            return out
        for name, newer in sorted(known.items()):
            if name not in out:
                out[name] = self.newer.property(newer)
        return {n: out[n] for n in sorted(out)}

    def property(self, node, flags, spec, required, own=None):
        out = self.convert(node, flags, spec.get("type", {}))
        marks = set(flags.get("", ()))
        if required:
            marks.add("required")
        for flag in FLAGS:
            if flag in marks:
                out[flag] = True
        if "read_only" not in marks:
            references = [r for r in self.references(node, spec) if r != own]
            if references:
                out["refers"] = references
        return out

    # ---- what aws-service-spec knows of the same place

    def spec_definition(self, spec):
        if spec.get("type") == "ref":
            return self.up.spec_types.get(spec["reference"]["$ref"], {})
        return spec if "properties" in spec else {}

    def references(self, node, spec):
        found = set()
        for ref in spec.get("relationshipRefs", []):
            if self.up.has_attribute(ref["cloudFormationType"], ref["propertyName"]):
                found.add("%s.%s" % (ref["cloudFormationType"], ref["propertyName"]))
        self.node_references(node, found, 0)
        return sorted(found)

    def node_references(self, node, found, depth):
        if not isinstance(node, dict) or depth > 4:
            return
        text = node.get("format", "")
        if text.startswith("AWS::"):
            target = self.up.by_format(text)
            if target:
                found.add(target)
        ref = node.get("relationshipRef")
        if isinstance(ref, dict):
            name, path = ref["typeName"], path_parts(ref["propertyPath"])
            if len(path) == 1 and self.up.has_attribute(name, path[0]):
                found.add("%s.%s" % (name, path[0]))
        for key in ("anyOf", "oneOf", "allOf"):
            for branch in node.get(key, []):
                self.node_references(branch, found, depth + 1)
        self.node_references(node.get("items"), found, depth + 1)
        if "$ref" in node and kind_of(self.resolve(node["$ref"])) == "string":
            self.node_references(self.resolve(node["$ref"]), found, depth + 1)


def sorted_tree(tree):
    return [(k, sorted(v) if k == "" else sorted_tree(v)) for k, v in sorted(tree.items())]


def spec_element(spec):
    return spec.get("element", {}) if spec.get("type") in ("array", "map") else {}


def add_bounds(out, node, low, high):
    for key, name in ((low, "min"), (high, "max")):
        value = node.get(key)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            out[name] = value


def add_enum(out, node, spec):
    """What either source allows: each lacks some that the other has."""
    given = node.get("enumCaseInsensitive") or node.get("enum")
    if "const" in node:
        given = [node["const"]]
    if not given:
        if any("enum" in b or "pattern" in b for b in branches(node)):
            return
        given = spec.get("allowedValues", []) if spec.get("type") == "string" else []
    if given and all(isinstance(e, str) for e in given):
        folded = {g.lower() for g in given} if "enumCaseInsensitive" in node else set(given)
        more = [v for v in spec.get("allowedValues", []) if isinstance(v, str) and
                (v.lower() if "enumCaseInsensitive" in node else v) not in folded]
        out["enum"] = list(given) + sorted(more)
        if "enumCaseInsensitive" in node:
            out["any_case"] = True


def key_pattern(node):
    """What a map's keys look like, where that says anything."""
    patterns = list(node.get("patternProperties", {}))
    if len(patterns) != 1 or not patterns[0].startswith("^") or patterns[0].strip("^$") in EVERYTHING:
        return None
    return patterns[0]


def branches(node):
    for key in ("oneOf", "anyOf", "allOf"):
        for branch in node.get(key, []):
            if isinstance(branch, dict):
                yield branch


def all_properties(node):
    """An object's own properties and those of its alternatives."""
    out = {}
    for branch in branches(node):
        for name, child in branch.get("properties", {}).items():
            if isinstance(child, dict) and ("type" in child or "$ref" in child):
                out[name] = child
    out.update({k: v for k, v in node.get("properties", {}).items() if isinstance(v, dict)})
    return out


def map_item(node):
    patterns = node.get("patternProperties")
    if patterns:
        return patterns[sorted(patterns)[0]]
    return node.get("additionalProperties")


def kind_of(node):
    """Our kind of a registry node."""
    kind = node.get("type")
    if isinstance(kind, list):
        kinds = set(kind)
        if kinds == {"integer", "number"}:
            kind = "number"
        elif kinds <= {"string", "integer", "number", "boolean"} and "string" in kinds:
            kind = "string"
        else:
            return kind[0] if len(kinds) == 1 and kind[0] != "object" else "json"
    if node.get("format") == "json":
        return "json"
    if kind is None:
        if all_properties(node):
            kind = "object"
        elif "items" in node:
            kind = "array"
        elif "enum" in node or "pattern" in node or "maxLength" in node:
            kind = "string"
        else:
            kinds = {kind_of(b) for b in branches(node) if "type" in b}
            return kinds.pop() if len(kinds) == 1 and kinds <= {"string", "integer", "number", "boolean"} else "json"
    if kind == "array":
        return "list"
    if kind != "object":
        return kind
    if all_properties(node):
        return "object"
    return "map" if isinstance(map_item(node), dict) else "json"


# ---- types that only aws-service-spec has

class SpecConverter:
    def __init__(self, upstream, definitions):
        self.up, self.definitions, self.made = upstream, definitions, {}

    def convert(self, node):
        kind = node.get("type")
        if kind in ("string", "date-time"):
            out = {"type": "string"}
            if "allowedValues" in node:
                out["enum"] = list(node["allowedValues"])
            return out
        if kind in ("integer", "number", "boolean"):
            return {"type": kind}
        if kind == "array":
            return {"type": "list", "of": self.convert(node["element"])}
        if kind == "map":
            return {"type": "map", "of": self.convert(node["element"])}
        if kind == "tag":
            return {"type": "object", "ref": self.define("Tag", {"properties": {
                "Key": {"type": {"type": "string"}, "required": True},
                "Value": {"type": {"type": "string"}, "required": True}}}, "tag")}
        if kind == "ref":
            target = self.up.spec_types[node["reference"]["$ref"]]
            if target.get("properties"):
                return {"type": "object", "ref": self.define(target["name"], target, target["$id"])}
        return {"type": "json"}

    def define(self, base, target, key):
        if key in self.made:
            return self.made[key]
        name, number = base, 2
        while name in self.definitions:
            name, number = "%s~%d" % (base, number), number + 1
        self.made[key] = name
        self.definitions[name] = None
        self.definitions[name] = {n: self.property(p) for n, p in sorted(target["properties"].items())}
        return name

    def property(self, spec):
        out = self.convert(spec["type"])
        if spec.get("required"):
            out["required"] = True
        if spec.get("causesReplacement") == "yes":
            out["create_only"] = True
        if spec.get("causesReplacement") == "maybe":
            out["maybe_create_only"] = True
        if spec.get("deprecated"):
            out["deprecated"] = True
        refers = sorted({"%s.%s" % (r["cloudFormationType"], r["propertyName"])
                         for r in spec.get("relationshipRefs", [])
                         if self.up.has_attribute(r["cloudFormationType"], r["propertyName"])})
        if refers:
            out["refers"] = refers
        return out


# ---- whole types

def add_spec(properties, spec, converter):
    """What aws-service-spec knows beyond the registry: newer properties, replacements, attributes."""
    for name, known in sorted(spec.get("properties", {}).items()):
        if name not in properties:
            properties[name] = converter.property(known)
            continue
        have = properties[name]
        if have.get("create_only") or have.get("maybe_create_only") or have.get("read_only"):
            continue
        if known.get("causesReplacement") == "yes":
            have["create_only"] = True
        elif known.get("causesReplacement") == "maybe":
            have["maybe_create_only"] = True
    for name, attribute in sorted(spec.get("attributes", {}).items()):
        if name.split(".")[0] not in properties:
            if "." not in name:
                properties[name] = dict(converter.convert(attribute["type"]), read_only=True)


def holds_tags(shape, definitions):
    """[{Key, Value}] or {key: value}; some types have their tags one level deeper."""
    if shape.get("type") != "list":
        return shape.get("type") in ("map", "json")
    item = shape["of"]
    fields = definitions[item["ref"]] if "ref" in item else item.get("properties", {})
    return "Key" in fields and "Value" in fields


def tags_of(schema, spec, properties, definitions):
    tagging = (schema or {}).get("tagging", {})
    if isinstance(tagging, dict) and tagging.get("taggable") and tagging.get("tagProperty"):
        name = path_parts(tagging["tagProperty"])[0]
    else:
        name = spec.get("tagInformation", {}).get("tagPropertyName", "")
    return name if holds_tags(properties.get(name, {}), definitions) else ""


def cloud_control(schema, identifier):
    """None if Cloud Control handles the type, else why not: the registry's copy has no handlers, so by their traces."""
    if not identifier:
        return "nothing identifies one: a macro of CloudFormation, or of a service that has ended"
    if schema is None:
        return None
    if "tagging" not in schema and "sourceUrl" not in schema and identifier == ["Id"]:
        return "Cloud Control has no handlers for it"
    return None


def type_facts(up, name):
    schema, spec = up.schema(name), up.spec.get(name, {})
    found = {}
    if schema:
        converter = Converter(up, schema, spec)
        properties = converter.fields(schema, flag_tree(schema), spec, name)
        definitions, found = converter.definitions, converter.constraints
        definitions[""] = properties
        converter.add_constraints("", schema)
        add_to_place(up.extra_constraints(name), definitions, found)
        del definitions[""]
        identifier = [".".join(path_parts(p)) for p in schema.get("primaryIdentifier", [])]
    else:
        definitions, properties = {}, {}
        identifier = list(spec.get("primaryIdentifier", []))
    add_spec(properties, spec, SpecConverter(up, definitions))
    out = {"id": identifier}
    ref = spec.get("cfnRefIdentifier", [])
    if len(ref) == 1 and ref != identifier:
        out["ref"] = ref[0]
    tags = tags_of(schema, spec, properties, definitions)
    if tags:
        out["tags"] = tags
    if spec.get("arnTemplate"):
        out["arn"] = spec["arnTemplate"]
    if spec.get("isStateful") or name in up.stateful:
        out["stateful"] = True
    life = (schema or {}).get("lifecycle", {})
    if life.get("date"):
        out["closed" if life["status"] == "maintenance" else "ends"] = life["date"]
    refusal = cloud_control(schema, identifier)
    if refusal:
        out["unsupported"] = refusal
    out["properties"] = {n: properties[n] for n in sorted(properties)}
    if found:
        out["constraints"] = {n: found[n] for n in sorted(found)}
    if definitions:
        out["definitions"] = {n: definitions[n] for n in sorted(definitions)}
    return out


def add_to_place(extra, definitions, found):
    """Conditions that come without their place: the type's own, or of the one definition that has all their names."""
    for rule in extra:
        names = constraints.mentioned(rule)
        places = [n for n in sorted(definitions) if names <= set(definitions[n] or ())]
        if places and (places[0] == "" or len(places) == 1):
            have = found.setdefault(places[0], [])
            if rule not in have:
                have.append(rule)


def write_runtimes(up, path):
    """runtimes.yaml: when Lambda stops making and updating functions of a runtime."""
    table = up.lint.json("AdditionalSpecs/LmbdRuntimeLifecycle.json")
    lines = ["# Written by tools/import/import_types.py; dates after which Lambda calls a runtime old and refuses\n"
             "# new functions with it.  A runtime without dates is current.\n"]
    current = set()
    schema = up.schema("AWS::Lambda::Function")
    current.update(schema["properties"]["Runtime"].get("enum", []))
    for name in sorted(set(table) | current):
        dates = table.get(name, {})
        parts = ["%s: %s" % (ours, dates[theirs]) for theirs, ours in
                 (("deprecated", "deprecated"), ("create-block", "blocked")) if dates.get(theirs)]
        lines.append("%s: {%s}\n" % (name, ", ".join(parts)))
    sources.write_lines(path, "".join(lines))


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", default=os.path.join(sources.HERE, "../../schemas/types"))
    ap.add_argument("--cache", default=os.path.join(sources.HERE, "cache"))
    ap.add_argument("wanted", nargs="*", metavar="TYPE")
    args = ap.parse_args()
    up = Upstream(args.cache)
    names = set()
    for pattern in args.wanted or sources.read_filter()["types"]:
        hits = fnmatch.filter(up.types(), pattern)
        if not hits:
            sources.fail("no type " + pattern)
        names.update(hits)
    services = {}
    for name in sorted(names):
        services.setdefault(name.split("::")[1], {})[name] = type_facts(up, name)
    os.makedirs(args.out, exist_ok=True)
    for service, types in sorted(services.items()):
        sources.write_lines(os.path.join(args.out, service + ".json"), sources.table(types) + "\n")
    if not args.wanted:
        sources.remove_others(args.out, {s + ".json" for s in services})
        write_runtimes(up, os.path.join(args.out, "../overrides/runtimes.yaml"))


if __name__ == "__main__":
    main()
