"""The smallest values that the facts allow."""
import texts


class Impossible(Exception):
    """Why no value is made."""


class Values:
    """Of one type, with numbers of its own so that no two values are the same."""

    DEPTH = 12

    def __init__(self, type_, rng):
        self.type, self.rng = type_, rng

    def text(self, shape):
        if "enum" in shape:
            return shape["enum"][0]
        if "format" in shape:
            return "10.%d.0.0/16" % self.rng.randint(0, 255) if shape["format"].startswith("ipv4") else \
                "2001:db8:%x::/56" % self.rng.randint(0, 65535)
        try:
            return texts.matching(shape.get("pattern"), int(shape.get("min", 0)), shape.get("max"), self.rng)
        except texts.Unsupported as e:
            raise Impossible("pattern: %s" % e) from e

    @staticmethod
    def number(shape):
        if "enum" in shape:
            return shape["enum"][0]
        low, high = shape.get("min"), shape.get("max")
        out = low if low is not None else min(high, 1) if high is not None else 1
        return int(out) if shape["type"] == "integer" or out == int(out) else out

    def items(self, shape, path, depth):
        """As many as the least count says, no two the same where that matters."""
        apart = shape.get("unique_by")
        out, seen = [], set()

        def mark(item):
            return repr([item.get(n) for n in apart] if apart and isinstance(item, dict) else item)
        for i in range(int(shape.get("min", 0))):
            for _ in range(60):
                item = self.item(shape["of"], path + (i,), depth + 1, apart)
                if not shape.get("unique") and not apart or mark(item) not in seen:
                    break
            else:
                item = self.other(shape["of"], seen)
            seen.add(mark(item))
            out.append(item)
        return out

    def item(self, shape, path, depth, apart):
        """With the fields that tell it apart from others."""
        if not apart or shape["type"] != "object":
            return self.value(shape, path, depth)
        return self.object(self.type.fields(shape), self.type.together(shape), path, depth, apart)

    @staticmethod
    def other(shape, seen):
        for word in shape.get("enum", ()):
            if repr(word) not in seen:
                return word
        raise Impossible("no more different items")

    def entries(self, shape, path, depth):
        out = {}
        while len(out) < int(shape.get("min", 0)):
            key = self.text({"pattern": shape.get("keys"), "min": 1}) if shape.get("keys") else "k%d" % len(out)
            out[key] = self.value(shape["of"], path + (key,), depth + 1)
        return out

    def value(self, shape, path=(), depth=0):
        kind = shape["type"]
        if depth > self.DEPTH:
            raise Impossible("too deep")
        if kind == "string":
            return self.text(shape)
        if kind in ("integer", "number"):
            return self.number(shape)
        if kind == "boolean":
            return True
        if kind == "list":
            return self.items(shape, path, depth)
        if kind == "map":
            return self.entries(shape, path, depth)
        if kind == "object":
            return self.object(self.type.fields(shape), self.type.together(shape), path, depth)
        return {}

    def object(self, fields, together, path=(), depth=0, wanted=()):
        """What is required, and what holds together; wanted: must be there too."""
        can = self.type.writable(fields, path)
        out = {}

        def add(name):
            if name in out:
                return
            if name not in can:
                raise Impossible("'%s' is needed and cannot be written" % ".".join(map(str, path + (name,))))
            out[name] = self.value(can[name], path + (name,), depth + 1)
        for name in sorted(fields):
            if fields[name].get("required") and not fields[name].get("read_only"):
                add(name)
        for name in wanted:
            add(name)
        self.agree(together, out, can, add, depth)
        if broken(together, out):
            raise Impossible("no way to keep its constraints")
        return {n: out[n] for n in sorted(out)}

    def agree(self, together, out, can, add, depth):
        for _ in range(6):
            wrong = broken(together, out)
            if not wrong:
                return
            rule = wrong[0]
            if "needs" in rule:
                for name in rule["needs"]:
                    add(name)
                continue
            groups = rule.get("one") or rule.get("any")
            if not groups or any(set(g) <= set(out) for g in groups):
                return
            for group in sorted(groups, key=lambda g: len(set(g) - set(out))):
                have = dict(out)
                try:
                    for name in group:
                        add(name)
                    if not any(r for r in broken(together, out) if "excludes" in r or "one" in r):
                        break
                    raise Impossible("no group fits")
                except Impossible:
                    out.clear()
                    out.update(have)


def broken(together, out):
    """The constraints that a table of values does not keep."""
    wrong = []
    for rule in together:
        if "with" in rule:
            if rule["with"] not in out or ("is" in rule and out[rule["with"]] not in rule["is"]):
                continue
            if any(n not in out for n in rule.get("needs", ())) or any(n in out for n in rule.get("excludes", ())):
                wrong.append(rule)
            continue
        complete = sum(set(g) <= set(out) for g in rule.get("one") or rule["any"])
        if not complete or ("one" in rule and complete > 1):
            wrong.append(rule)
    return wrong
