"""Texts that match a pattern, and texts that do not: made from the pattern's own parse tree."""
import random
import re
import warnings

try:
    from re import _constants as sre, _parser as parser
except ImportError:		# before Python 3.11
    import sre_constants as sre
    import sre_parse as parser

ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
SETS = {
    sre.CATEGORY_DIGIT: "0123456789", sre.CATEGORY_WORD: ALPHABET + "_", sre.CATEGORY_SPACE: " ",
    sre.CATEGORY_NOT_DIGIT: ALPHABET[:52], sre.CATEGORY_NOT_WORD: "-+.", sre.CATEGORY_NOT_SPACE: ALPHABET,
}
CANDIDATES = ("", " ", "!", "~", "\u00e9", "-", "a b", "0", "a", "A", "a/b", ":", "\x7f", "#!", "a\u20acb", "\n", "_",
              "\u0001", "x" * 33, "1" * 13, "!!!!", "    ", "-- --", "arn:aws:x", "\u00e9" * 20, " a ", "aws:x",
              "%" * 64, "x" * 70, "Z" * 130, "!" * 300)


class Unsupported(Exception):
    """Why no text is made."""


CLASSES = {		# what of them is ASCII
    "L": "a-zA-Z", "N": "0-9", "Z": " ", "M": "", "P": r"!-#%-*,-/:;?@\[-\]_{}", "S": r"$+<=>\^`|~",
    "Ll": "a-z", "Lu": "A-Z", "Nd": "0-9", "Zs": " ", "Pd": "-", "Pc": "_", "Sc": "$", "Sm": "+<=>|~", "Sk": r"\^`",
    "C": r"\x00-\x1f\x7f", "Cc": r"\x00-\x1f\x7f", "Graph": "!-~", "Print": " -~", "ASCII": r"\x00-\x7f",
    "Alnum": "a-zA-Z0-9", "Alpha": "a-zA-Z", "Digit": "0-9", "Space": r"\s", "Punct": r"!-/:-@\[-`{-~",
}


def python_form(pattern):
    """The pattern as Python's re reads it, the same for texts of ASCII."""
    out, in_class, after_set = [], False, False
    for token in re.findall(r"\\[pP](?:\{\w+\}|\w)|\\u[0-9a-fA-F]{4}|\\.|[\s\S]", pattern):
        name, was_set = token[2:].strip("{}"), after_set
        after_set = in_class and token[:2] in (r"\p", r"\w", r"\d", r"\s", r"\W", r"\D", r"\S")
        if token[:2] in ("\\p", "\\P"):
            if name not in CLASSES or (token[1] == "P" and in_class):
                raise Unsupported("a class of Unicode")
            members = CLASSES[name]
            token = members if in_class else "[%s%s]" % ("^" if token[1] == "P" else "", members or "\u00ff")
        elif token == "[":
            token, in_class = ("\\[" if in_class else "["), True
        elif token == "]":
            in_class = False
        elif re.match(r"\\u[dD][89a-fA-F]", token):
            token = "\U00010000"
        elif token == "\\/":
            token = "/"
        elif token == "-" and was_set:
            token = "\\-"
        out.append(token)
    return "".join(out).replace("\U00010000-\U00010000", "\U00010000").replace("(?i)", "")


def compiled(pattern):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            form = python_form(pattern)
            return re.compile(form, re.ASCII), parser.parse(form)
        except (re.error, OverflowError, RecursionError) as e:
            raise Unsupported("not read by Python: %s" % e) from e


class Maker:
    def __init__(self, tree, rng, more, fill):
        self.tree, self.rng, self.more, self.fill = tree, rng, more, fill
        self.groups = {}

    def text(self):
        return self.sequence(self.tree)

    def sequence(self, items):
        return "".join(self.item(op, arg) for op, arg in items)

    def pick(self, members):
        chars, negate = [], False
        for op, arg in members:
            if op is sre.NEGATE:
                negate = True
            elif op is sre.LITERAL:
                chars.append(chr(arg))
            elif op is sre.RANGE:
                chars.extend(chr(c) for c in range(arg[0], min(arg[1], arg[0] + 400) + 1))
            elif op is sre.CATEGORY:
                chars.extend(SETS.get(arg, ""))
        if negate:
            chars = [c for c in ALPHABET + " -_.:/" if c not in chars] or ["\u00e9"]
        plain = [c for c in chars if c in ALPHABET]
        chars = plain or [c for c in chars if " " <= c < "\x7f"] or [c for c in chars if c.isprintable()] or chars
        if not chars:
            raise Unsupported("an empty class")
        return self.rng.choice(chars)

    def repeat(self, low, high, body):
        high = low + self.more if high is sre.MAXREPEAT else min(int(high), low + self.more)
        count = self.rng.randint(low, high) if self.fill is None else min(high, max(low, self.fill))
        return "".join(self.sequence(body) for _ in range(count))

    def item(self, op, arg):
        if op is sre.LITERAL:
            return chr(arg)
        if op is sre.NOT_LITERAL:
            return "a" if arg != ord("a") else "b"
        if op is sre.ANY:
            return self.rng.choice(ALPHABET)
        if op is sre.IN:
            return self.pick(arg)
        if op is sre.BRANCH:
            return self.sequence(self.rng.choice(arg[1]))
        if op is sre.SUBPATTERN:
            self.groups[arg[0]] = out = self.sequence(arg[-1])
            return out
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT) or str(op) == "POSSESSIVE_REPEAT":
            return self.repeat(*arg)
        if op is sre.GROUPREF:
            return self.groups.get(arg, "")
        if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
            return ""
        if str(op) == "ATOMIC_GROUP":
            return self.sequence(arg)
        if op is sre.CATEGORY:
            return self.rng.choice(SETS[arg])
        raise Unsupported(str(op))


def fits(text, low, high):
    return low <= len(text) and (high is None or len(text) <= high)


def matching(pattern, low, high, rng):
    """A text within the lengths that the pattern takes."""
    if not pattern:
        return "".join(rng.choice(ALPHABET) for _ in range(max(low, 1 if high is None else min(high, 6))))
    check, tree = compiled(pattern)
    anchored = pattern.endswith("$")
    for attempt in range(240):
        more = (6, 1, 2, 8, 16, 40, 100, 300)[attempt % 8]
        fill = None if attempt % 3 else max(0, low)
        text = Maker(tree, rng, max(more, 1), fill).text()
        if len(text) < low and not anchored and check.search(text + "a" * (low - len(text))):
            text += "a" * (low - len(text))
        if fits(text, low, high) and check.search(text) and text.isprintable():
            return text
    raise Unsupported("none of 240 texts matches within its length")


def refused(pattern, low, high):
    """A text within the lengths that the pattern does not take."""
    check, _ = compiled(pattern)
    unicode = "\\p" in pattern or "\\P" in pattern
    for text in CANDIDATES:
        if unicode and not text.isascii():
            continue
        for candidate in (text, (text or "~") * max(1, low)):
            if fits(candidate, low, high) and not check.search(candidate) and "\n" not in candidate:
                return candidate
    raise Unsupported("it takes every text tried")
