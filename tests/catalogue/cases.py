"""Every constraint of a type broken once: the properties, the code that must be said, and where."""
import texts
from values import Impossible, Values, broken

WRONG_KIND = {"string": 7, "integer": "x", "number": "x", "boolean": "x", "list": 7, "map": "x", "object": "x"}
LONGEST = 3000
LARGEST = 2 ** 53


class Case:
    """properties; code; path of the mistake; part: "key", "value" or "header"."""

    def __init__(self, what, properties, code, path, part):
        self.what, self.properties, self.code, self.path, self.part = what, properties, code, path, part


class Maker:
    """All cases of one type; what cannot be made is counted by its reason."""

    def __init__(self, type_, rng):
        self.type, self.rng = type_, rng
        self.values = Values(type_, rng)
        self.top = type_.facts["properties"]
        self.skipped, self.out, self.seen = {}, [], set()

    def smallest(self):
        return self.values.object(self.top, self.type.together(None))

    def skip(self, why):
        why = str(why).split(": ")[0]
        self.skipped[why] = self.skipped.get(why, 0) + 1

    # ---- a value at a path, in the smallest surroundings

    def plant(self, fields, together, steps, leaf, path=()):
        out = self.values.object(fields, together, path, 0, (steps[0],))
        out[steps[0]] = self.plant_shape(fields[steps[0]], steps[1:], leaf, path + (steps[0],))
        return out

    def plant_shape(self, shape, steps, leaf, path):
        if not steps:
            return leaf
        if shape["type"] == "object":
            return self.plant(self.type.fields(shape), self.type.together(shape), steps, leaf, path)
        inner = self.plant_shape(shape["of"], steps[1:], leaf, path + (steps[0],))
        if shape["type"] == "list":
            rest = self.values.items({**shape, "min": max(1, shape.get("min", 0))}, path, 0)
            for name in shape.get("unique_by", ()):
                if isinstance(inner, dict) and name in inner and [name] != list(steps[1:]):
                    inner[name] = rest[0].get(name, inner[name])
            return [inner] + rest[1:]
        rest = self.values.entries({**shape, "min": max(1, shape.get("min", 0))}, path, 0)
        rest.pop(next(iter(rest)))
        return {steps[0]: inner, **rest}

    def add(self, what, path, leaf, code, at=None, part="value"):
        try:
            leaf = leaf() if callable(leaf) else leaf
            if not path:
                properties = leaf
            else:
                properties = self.plant(self.top, self.type.together(None), path, leaf)
        except (Impossible, texts.Unsupported) as e:
            self.skip(e)
            return
        at = path if at is None else at
        self.out.append(Case(what, properties, code, at, "header" if not at and part == "value" else part))

    # ---- one shape

    def text(self, shape, path):
        low, high = int(shape.get("min", 0)), shape.get("max")
        if "enum" in shape:
            self.add("enum", path, "no such word", "E0406")
            return
        if low > 0:
            self.add("too short", path, "a" * (low - 1), "E0405")
        if high is not None and high <= LONGEST:
            self.add("too long", path, "a" * (int(high) + 1), "E0405")
        if "format" in shape:
            self.add("format", path, "300.300.300.300/99", "E0474")
        elif shape.get("pattern"):
            self.add("pattern", path, lambda: texts.refused(shape["pattern"], low, high), "E0407")

    def number(self, shape, path):
        if "enum" in shape:
            self.add("enum", path, 98765432, "E0406")
            return
        if "min" in shape:
            self.add("too small", path, shape["min"] - 1, "E0405")
        if shape.get("max", LARGEST) < LARGEST:
            self.add("too large", path, shape["max"] + 1, "E0405")

    def list(self, shape, path):
        low, high = int(shape.get("min", 0)), shape.get("max")

        def items(count):
            return lambda: self.values.items({**shape, "min": count}, path, 0)

        def twice():
            out = self.values.items({**shape, "min": max(1, low - 1)}, path, 0)
            return out + [out[-1]]
        if path == (self.type.tags,):
            return
        if low > 0:
            self.add("too few items", path, items(low - 1), "E0405")
        if high is not None and high <= 100:
            self.add("too many items", path, items(int(high) + 1), "E0405")
        unique = shape.get("unique") or shape.get("unique_by")
        if unique and (high is None or high >= 2):
            self.add("an item twice", path, twice, "E0408", path + (max(1, low - 1),))

    def map(self, shape, path):
        low, high = int(shape.get("min", 0)), shape.get("max")
        if path == (self.type.tags,):
            return
        if low > 0:
            self.add("too few entries", path,
                     lambda: self.values.entries({**shape, "min": low - 1}, path, 0), "E0405")
        if high is not None and high <= 60 and "keys" not in shape:
            self.add("too many entries", path,
                     lambda: self.values.entries({**shape, "min": high + 1}, path, 0), "E0405")
        if shape.get("keys"):
            try:
                key = texts.refused(shape["keys"], 1, 60)
            except texts.Unsupported as e:
                self.skip(e)
                return

            def entries():
                out = self.values.entries({**shape, "min": max(0, low - 1)}, path, 0)
                return {key: self.values.value(shape["of"], path + (key,)), **out}
            self.add("key", path, entries, "E0473", path + (key,), "key")

    # ---- an object

    def without(self, fields, together, path, name, wanted=()):
        out = self.values.object(fields, together, path, 0, wanted)
        out.pop(name)
        if broken(together, out):
            raise Impossible("breaks a constraint too")
        return out

    def object(self, fields, together, path):
        self.add("unknown key", path,
                 lambda: {**self.values.object(fields, together, path), "Zzyzx": 1}, "E0401",
                 path + ("Zzyzx",), "key")
        for name in sorted(fields):
            if fields[name].get("required") and not fields[name].get("read_only"):
                self.add("required", path,
                         lambda n=name: self.without(fields, together, path, n), "E0402", path)
            if fields[name].get("read_only"):
                self.add("read-only", path,
                         lambda n=name: {**self.values.object(fields, together, path), n: "x"},
                         "E0409", path + (name,), "key")
        for rule in together:
            self.constraint(fields, together, path, rule)

    def constraint(self, fields, together, path, rule):
        required = {n for n, p in fields.items() if p.get("required")}

        def only_this(out):
            if [r for r in broken(together, out) if r is not rule]:
                raise Impossible("breaks another constraint too")
            if rule not in broken(together, out):
                raise Impossible("does not break the constraint")
            return out

        def none():
            out = self.values.object(fields, together, path)
            for group in rule.get("one") or rule["any"]:
                if set(group) <= set(out):
                    out.pop(next((n for n in group if n not in required), None), None)
            return only_this(out)
        if "with" in rule:
            self.dependency(fields, together, path, rule, only_this)
            return
        self.add("no alternative", path, none, "E0470", path)
        for first, second in zip(rule.get("one", []), rule.get("one", [])[1:]):
            own = next((n for n in second if n not in first), second[0])

            def both(first=first, second=second):
                part = self.values.object(fields, [r for r in together if r is not rule], path, 0,
                                          tuple(first + second))
                if [g for g in rule["one"] if set(g) <= set(part)][:2] != [first, second]:
                    raise Impossible("more than two alternatives")
                return only_this(part)
            self.add("two alternatives", path, both, "E0471", path + (own,), "key")

    def dependency(self, fields, together, path, rule, only_this):
        others = [r for r in together if r is not rule]

        def base(wanted):
            can = self.type.writable(fields, path)
            out = self.values.object(fields, others, path, 0, wanted)
            if "is" in rule:
                if "enum" in can[rule["with"]] and rule["is"][0] not in can[rule["with"]]["enum"]:
                    raise Impossible("its word is in no enum")
                out[rule["with"]] = rule["is"][0]
            return out
        for name in rule.get("needs", ()):
            def missing(name=name):
                out = base((rule["with"], *(n for n in rule["needs"] if n != name)))
                out.pop(name, None)
                return only_this(out)
            self.add("needs", path, missing, "E0472", path + (rule["with"],), "key")
        for name in rule.get("excludes", ()):
            def both(name=name):
                out = base((rule["with"],))
                mirrored = [r for r in together if r.get("with") == name and rule["with"] in r.get("excludes", ())]
                out[name] = self.values.value(fields[name], path + (name,))
                if name not in self.type.writable(fields, path):
                    raise Impossible("cannot be written")
                if [r for r in broken(together, out) if r is not rule and r not in mirrored]:
                    raise Impossible("breaks another constraint too")
                return out
            mirror = [i for i, r in enumerate(together) if r.get("with") == name and "is" not in r and
                      rule["with"] in r.get("excludes", ())]
            first = "is" in rule or not mirror or together.index(rule) < mirror[0]
            self.add("excludes", path, both, "E0471", path + (name if first else rule["with"],), "key")

    # ---- all of it

    def shape(self, shape, path):
        kind = shape["type"]
        if kind in WRONG_KIND:
            self.add("wrong kind", path, WRONG_KIND[kind], "E0403")
        if kind == "string":
            self.text(shape, path)
        elif kind in ("integer", "number"):
            self.number(shape, path)
        elif kind == "list":
            self.list(shape, path)
            self.shape(shape["of"], path + (0,))
        elif kind == "map":
            self.map(shape, path)
            try:
                key = self.values.text({"pattern": shape["keys"], "min": 1}) if shape.get("keys") else "k0"
            except Impossible as e:
                self.skip(e)
                return
            self.shape(shape["of"], path + (key,))
        elif kind == "object":
            if shape.get("ref"):
                if shape["ref"] in self.seen:
                    return
                self.seen.add(shape["ref"])
            self.fields(self.type.fields(shape), self.type.together(shape), path)

    def fields(self, fields, together, path):
        self.object(fields, together, path)
        for name, p in sorted(self.type.writable(fields, path).items()):
            self.shape(p, path + (name,))
            if p.get("deprecated"):
                self.add("deprecated", path + (name,), lambda p=p, n=name: self.values.value(p, path + (n,)),
                         "W0417", None, "key")

    def all(self):
        self.fields(self.top, self.type.together(None), ())
        return self.out
