"""Makes expressions that are right by their types, from a seed: the same seed makes the same ones.

make(seed, count) draws them; each is one line.  What is known to differ (see differences.txt) is left out here,
so that every difference that shows is news; the edges stand in expressions.txt.
"""

import random

DEPTH = 3

NUMBERS = ["0", "1", "2", "3", "7", "10", "-1", "-5", "100", "255", "1024", "1.5", "-2.5", "0.25", "1e3", "12.125"]
WORDS = ["", "a", "b", "abc", "Hello World", "x-y_z", " pad ", "10", "true", "é", "naïve", "a,b,c", "ab/cd", "ÄÖÜ",
         "line1\\nline2", "tab\\there", "quote\\\"d", "$${x}", "日本", "👍🏽", "key=val", "10.0.0.0/16", "%%{if}"]
KEYS = ["a", "b", "c", "key", "x1"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = []         # of `for`, by type

    def pick(self, items):
        return self.random.choice(items)

    def make(self, kind, depth):
        """Of a kind of value; what is no kind stands for itself."""
        if kind not in TABLE:
            return kind
        names = [name for name, of in self.names if of == kind]
        if names and self.random.random() < 0.4:
            return self.pick(names)
        if depth <= 0 or self.random.random() < 0.15:
            return getattr(self, kind + "_literal")()
        return self.pick(TABLE[kind])(self, depth - 1)

    # ---- literals ----

    def number_literal(self):
        return self.pick(NUMBERS)

    def index_literal(self):
        return self.pick(["0", "1", "2", "3", "5"])

    def string_literal(self):
        return '"%s"' % self.pick(WORDS)

    def bool_literal(self):
        return self.pick(["true", "false"])

    def strings_literal(self):
        return "[%s]" % ", ".join(self.string_literal() for _ in range(self.random.randint(0, 4)))

    def numbers_literal(self):
        return "[%s]" % ", ".join(self.number_literal() for _ in range(self.random.randint(0, 4)))

    def map_literal(self):
        keys = self.random.sample(KEYS, self.random.randint(0, 4))
        return "{%s}" % ", ".join("%s = %s" % (key, self.string_literal()) for key in keys)

    # ---- with names ----

    def loop(self, collection, of, body, form):
        name = "v%d" % len(self.names)
        self.names.append((name, of))
        try:
            return form % {"name": name, "in": collection, "body": body(), "key": "k%d" % len(self.names)}
        finally:
            self.names.pop()

    def template(self, depth):
        parts = []
        for _ in range(self.random.randint(1, 3)):
            parts.append(self.pick(["", "x", "-", " "]) + "${%s}" % self.make(self.pick(["string", "index", "bool"]),
                                                                           depth - 1))
        if self.random.random() < 0.3:
            parts.append("%%{ if %s }yes%%{ else }no%%{ endif }" % self.make("bool", depth - 1))
        if self.random.random() < 0.2:
            parts.append(self.loop(self.make("strings", depth - 1), "string", lambda: self.make("string", 0),
                                   "%%{ for %(name)s in %(in)s ~} <${%(body)s}> %%{ endfor ~}"))
        return '"%s"' % "".join(parts)


def call(name, *kinds):
    return lambda m, depth: "%s(%s)" % (name, ", ".join(m.make(kind, depth) for kind in kinds))


def infix(operator, left, right):
    return lambda m, depth: "(%s %s %s)" % (m.make(left, depth), operator, m.make(right, depth))


def condition(kind):
    return lambda m, depth: "(%s ? %s : %s)" % (m.make("bool", depth), m.make(kind, depth), m.make(kind, depth))


def guarded(kind):
    return lambda m, depth: "try(%s, %s)" % (m.make(kind, depth), m.make(kind, depth))


def strings_for(m, depth):
    return m.loop(m.make("strings", depth), "string", lambda: m.make("string", depth - 1),
                  m.pick(["[for %(name)s in %(in)s : %(body)s]",
                          "[for %(key)s, %(name)s in %(in)s : %(body)s if length(%(name)s) > 1]"]))


def map_for(m, depth):
    return m.loop(m.make("map", depth), "string", lambda: m.make("string", depth - 1),
                  "{for %(key)s, %(name)s in %(in)s : %(key)s => %(body)s}")


TABLE = {
    "number": [
        infix("+", "number", "number"), infix("-", "number", "number"), infix("*", "number", "number"),
        infix("/", "number", "8"), infix("%", "index", "7"), condition("number"), guarded("number"),
        lambda m, depth: "-%s" % m.make("number", depth), call("abs", "number"), call("ceil", "number"),
        call("floor", "number"), call("max", "number", "number"), call("min", "number", "number"),
        call("signum", "index"), call("parseint", '"ff"', "16"), call("length", "string"), call("length", "map"),
        call("sum", "numbers"), lambda m, depth: m.make("index", depth),
    ],
    "index": [
        call("length", "strings"), call("length", "string"), call("ceil", "1.5"), condition("index"),
        call("index", "strings", "string"), infix("%", "index", "3"), call("signum", "index"),
    ],
    "string": [
        call("upper", "string"), call("lower", "string"), call("title", "string"), call("strrev", "string"),
        call("trimspace", "string"), call("trim", "string", "string"), call("trimprefix", "string", "string"),
        call("trimsuffix", "string", "string"), call("chomp", "string"), call("indent", "index", "string"),
        call("substr", "string", "index", "index"), call("join", "string", "strings"),
        call("replace", "string", "string", "string"), call("replace", "string", '"/[a-m]+/"', '"<$0>"'),
        call("format", '"%s|%5s|%-4d|%v"', "string", "string", "index", "bool"),
        call("format", '"%q %03d %.1s %t"', "string", "index", "string", "bool"), call("element", "strings", "index"),
        call("lookup", "map", '"a"', "string"), call("coalesce", "string", "string", '"z"'),
        call("jsonencode", "map"), call("jsonencode", "strings"), call("jsonencode", "string"),
        call("base64encode", "string"), call("base64decode", '"aGVsbG8="'), call("urlencode", "string"),
        call("md5", "string"), call("sha1", "string"), call("sha256", "string"), call("sha512", "string"),
        call("base64sha256", "string"), call("uuidv5", '"dns"', "string"), call("yamlencode", "index"),
        call("cidrsubnet", '"10.0.0.0/8"', "8", "index"), call("cidrhost", '"fd00::/64"', "index"),
        call("cidrnetmask", '"10.0.0.0/12"'), call("tostring", "index"), call("tostring", "bool"),
        call("formatdate", '"EEE, DD MMM YYYY hh:mm:ss Z"', '"2020-02-29T12:34:56Z"'),
        call("timeadd", '"2020-02-28T23:00:00Z"', '"26h15m"'), call("basename", "string"), call("dirname", "string"),
        call("one", '["only"]'), condition("string"), guarded("string"),
        call("regex", '"[a-z]+"', "string"), call("yamlencode", "map"), call("yamlencode", "strings"),
        lambda m, depth: "%s[%s]" % (m.make("strings", depth), m.make("index", depth)),
        lambda m, depth: "%s.%s" % (m.make("map", depth), m.pick(KEYS)),
        lambda m, depth: "%s[\"%s\"]" % (m.make("map", depth), m.pick(KEYS)),
        lambda m, depth: m.template(depth), lambda m, depth: m.template(depth),
    ],
    "bool": [
        infix("==", "string", "string"), infix("!=", "string", "string"), infix("==", "number", "number"),
        infix("<", "number", "number"), infix("<=", "number", "number"), infix(">", "number", "number"),
        infix(">=", "number", "number"), infix("&&", "bool", "bool"), infix("||", "bool", "bool"),
        lambda m, depth: "!%s" % m.make("bool", depth), call("can", "string"), call("can", "number"),
        call("startswith", "string", "string"), call("endswith", "string", "string"),
        call("strcontains", "string", "string"), call("contains", "strings", "string"), condition("bool"),
        call("alltrue", "[true, false]"), call("anytrue", "[false, true]"), call("tobool", '"true"'),
    ],
    "strings": [
        call("split", '","', "string"), call("split", "string", "string"), call("compact", "strings"),
        call("concat", "strings", "strings"), call("distinct", "strings"), call("reverse", "strings"),
        call("sort", "strings"), call("slice", "strings", "index", "index"), call("keys", "map"), call("values", "map"),
        call("flatten", "[%s]" % '["q"], ["r", ["s"]]'), call("tolist", "strings"),
        call("formatlist", '"%s-%s"', "string", "strings"), call("coalescelist", "strings", '["z"]'), strings_for,
        call("regexall", '"[a-z]+"', "string"), call("jsondecode", '"[\\"a\\", \\"b\\"]"'),
        lambda m, depth: "%s[*]" % m.make("strings", depth), call("cidrsubnets", '"10.0.0.0/8"', "4", "8"),
        lambda m, depth: "[%s, %s]" % (m.make("string", depth), m.make("string", depth)),
    ],
    "numbers": [
        call("range", "index"), call("range", "index", "index"), call("concat", "numbers", "numbers"),
        call("reverse", "numbers"), lambda m, depth: "[%s, %s]" % (m.make("number", depth), m.make("number", depth)),
        lambda m, depth: m.loop(m.make("numbers", depth), "number", lambda: m.make("number", depth - 1),
                                "[for %(name)s in %(in)s : %(body)s]"),
    ],
    "map": [
        call("merge", "map", "map"), call("zipmap", "strings", "strings"), call("tomap", "map"), map_for,
        call("jsondecode", '"{\\"k\\": \\"v\\"}"'),
        lambda m, depth: m.loop(m.make("strings", depth), "string", lambda: m.make("string", depth - 1),
                                '{k = join("", keys({for %(name)s in %(in)s : %(name)s => %(body)s...}))}'),
        lambda m, depth: "{%s = %s, (%s) = %s}" % (m.pick(KEYS), m.make("string", depth), m.make("string", depth),
                                                   m.make("string", depth)),
    ],
}
# More than one kind of list: chunks, products and so on.
TABLE["any"] = [
    call("chunklist", "strings", "index"), call("setproduct", "strings", "strings"), call("toset", "strings"),
    call("setunion", "strings", "strings"), call("setintersection", "strings", "strings"),
    call("setsubtract", "strings", "strings"), call("transpose", "{a = [\"x\", \"y\"], b = [\"y\"]}"),
    call("matchkeys", "strings", "strings", "strings"), call("csvdecode", '"a,b\\n1,2\\n"'),
    call("yamldecode", '"a: [1, two, null]"'), call("textencodebase64", "string", '"UTF-16LE"'),
    call("zipmap", "strings", "numbers"), call("timecmp", '"2020-01-01T00:00:00Z"', '"2020-01-01T01:00:00+01:00"'),
    lambda m, depth: "[%s, %s, %s]" % (m.make("number", depth), m.make("string", depth), m.make("bool", depth)),
    lambda m, depth: "{n = %s, s = %s, l = %s}" % (m.make("number", depth), m.make("string", depth),
                                                   m.make("strings", depth)),
    lambda m, depth: "[{a = %s}, {a = %s}][*].a" % (m.make("string", depth), m.make("string", depth)),
    lambda m, depth: "{for k, v in %s : v => k...}" % m.make("map", depth),
]
KINDS = ["number", "string", "string", "bool", "strings", "numbers", "map", "any"]


def any_literal(self):
    return self.string_literal()


Maker.any_literal = any_literal


def make(seed, count):
    """Different expressions, each shorter than a line of a terminal is wide a few times over."""
    maker = Maker(seed)
    made = {}
    while len(made) < count:
        text = maker.make(maker.pick(KINDS), maker.random.randint(1, DEPTH))
        if len(text) < 400 and "\n" not in text:
            made[text] = None
    return list(made)
