"""What a schema says of properties together, as docs/facts.md has it:

    {"one": [["A"], ["B", "C"]]}                exactly one group is complete
    {"any": [["A"], ["B"]]}                     at least one is
    {"with": "A", "needs": ["B"]}               where A is given, B is too
    {"with": "A", "excludes": ["B"]}            where A is given, B is not
    {"with": "A", "is": ["x"], "needs": ["B"]}  where A is one of these texts
"""


def lists(branches, node):
    """The properties that each alternative requires, or None if alternatives say more than that."""
    out = []
    for branch in branches:
        if not isinstance(branch, dict):
            return None
        own = branch.get("properties", {})
        required = branch.get("required", sorted(own) if len(own) == 1 else [])
        known = {"required", "title", "type", "additionalProperties", "properties", "description"}
        if not required or set(branch) - known or "$ref" in branch:
            return None
        if "properties" in node and any(len(v) and set(v) - {"type", "$ref"} for v in own.values()):
            return None
        if len(own) > len(required):
            return None
        out.append(sorted(required))
    return out


def without_shared(groups, required):
    """What the object needs anyhow tells no alternatives apart."""
    shared = set(required).union(set.intersection(*map(set, groups)))
    rest = [[p for p in g if p not in shared] for g in groups]
    return (rest, sorted(shared - set(required))) if all(rest) else (groups, [])


def alternatives(node, key, name, out):
    branches = node.get(key)
    if not isinstance(branches, list) or not branches:
        return
    groups = lists(branches, node)
    if not groups:
        return
    groups, shared = without_shared(groups, node.get("required", []))
    if shared:
        out.append({"any": [shared]})
    unique = [g for i, g in enumerate(groups) if g not in groups[:i]]
    # A group within another one is complete whenever the other is: "exactly one" cannot be meant.
    nested = any(set(a) < set(b) for a in unique for b in unique)
    if len(unique) == 1 and set(unique[0]) <= set(node.get("required", [])):
        return
    out.append({"any" if nested or len(unique) == 1 else name: unique})


def dependent(table, word, out):
    for name in sorted(table):
        if isinstance(table[name], list) and table[name]:
            out.append({"with": name, word: sorted(table[name])})


def texts(node):
    """The texts that a condition compares with, or None."""
    if "const" in node:
        values = [node["const"]]
    else:
        values = node.get("enum")
    if set(node) - {"const", "enum", "type"} or not values:
        return None
    return values if all(isinstance(v, str) for v in values) else None


def conditional(node, out):
    """if {properties: {A: const}, required: [A]} then {required: [B], properties: {C: false}}"""
    test, then = node.get("if"), node.get("then")
    if not isinstance(test, dict) or not isinstance(then, dict) or "else" in node:
        return
    where = test.get("properties", {})
    if len(where) != 1 or test.get("required") != list(where) or \
            set(test) - {"properties", "required", "type"}:
        return
    name = next(iter(where))
    values = texts(where[name]) if isinstance(where[name], dict) else None
    if not values:
        return
    excluded = {n for n, v in then.get("properties", {}).items() if v is False}
    excluded.update(then.get("dependentExcluded", {}).get(name, []))
    for word, names in (("needs", then.get("required", [])), ("excludes", excluded)):
        if names:
            out.append({"with": name, "is": sorted(values), word: sorted(names)})


def constraints_of(node):
    """The rules of one object's schema."""
    out = []
    alternatives(node, "oneOf", "one", out)
    alternatives(node, "anyOf", "any", out)
    if node.get("requiredXor"):
        out.append({"one": [[n] for n in node["requiredXor"]]})
    if node.get("requiredOr"):
        out.append({"any": [[n] for n in node["requiredOr"]]})
    for key in ("dependentRequired", "dependencies"):
        dependent(node.get(key, {}), "needs", out)
    dependent(node.get("dependentExcluded", {}), "excludes", out)
    conditional(node, out)
    for branch in node.get("allOf", []):
        if isinstance(branch, dict) and not set(branch) & {"properties", "$ref"}:
            if branch.get("required"):
                out.append({"any": [sorted(branch["required"])]})
            out.extend(constraints_of({**branch, "required": node.get("required", [])}))
    return out


def known(rule, names):
    """The rule without properties that there are not, or None if nothing of it is left."""
    if "with" in rule:
        rest = dict(rule)
        for word in ("needs", "excludes"):
            if word in rest:
                rest[word] = [n for n in rest[word] if n in names]
        return rest if rule["with"] in names and (rest.get("needs") or rest.get("excludes")) else None
    return rule if all(n in names for groups in rule.values() for g in groups for n in g) else None


def mentioned(rule):
    if "with" in rule:
        return {rule["with"], *rule.get("needs", ()), *rule.get("excludes", ())}
    return {n for groups in rule.values() for g in groups for n in g}
