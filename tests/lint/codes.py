#!/usr/bin/env python3
"""Each report of a user's mistake begins with its code: "E0412 unknown key '%.*s'".

Looks at the calls of the functions that take a format for struct diags, in spec/, compiler/ and base/yaml.c.

Usage: codes.py SRCDIR
"""
import pathlib
import re
import sys

CALL = re.compile(r"\b(diag_error|diag_warning|expr_error|toml_error|function_fail|"
                  r"YAML_MISTAKE|YAML_STOP|JSON_MISTAKE)\(")
TEXT = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
CODE = re.compile(r"[EW]\d{4} ")


def arguments(source, start):
    """The arguments of the call whose bracket opens before start."""
    depth, quoted, found, begin, at = 0, False, [], start, start
    while at < len(source):
        c = source[at]
        if quoted:
            if c == "\\":
                at += 1
            quoted = c != '"'
        elif c == '"':
            quoted = True
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                return found + [source[begin:at]]
        elif c == "," and not depth:
            found.append(source[begin:at])
            begin = at + 1
        at += 1
    return found


def formats(call):
    """The texts of the first argument that has any; both sides of a condition."""
    for argument in call:
        if re.match(r'\s*(?:[^"()]*\?\s*)?"', argument):
            texts = list(TEXT.finditer(argument))
            return [m.group(1) for i, m in enumerate(texts)
                    if not i or argument[texts[i - 1].end():m.start()].strip() == ":"]
    return []


def main():
    root, calls, failed = pathlib.Path(sys.argv[1]), 0, 0
    for folder in ("spec", "compiler", "base"):
        for path in sorted((root / folder).rglob("*.c")):
            if folder == "base" and path.name not in ("yaml.c", "yaml_refuse.c"):
                continue
            source = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()),
                            path.read_text(encoding="utf-8"), flags=re.S)
            for match in CALL.finditer(source):
                found = arguments(source, match.end())
                if re.match(r"(?:struct|const) ", found[0].strip()):
                    continue                    # its definition
                calls += 1
                wrong = [text for text in formats(found) if not CODE.match(text)]
                if wrong or not formats(found):
                    failed += 1
                    print("%s:%d: %s without a code%s" % (
                        path.relative_to(root), source.count("\n", 0, match.start()) + 1, match.group(1),
                        ": " + wrong[0] if wrong else ""))
    if calls < 100:
        print("codes.py: only %d calls were found" % calls)
    return 1 if failed or calls < 100 else 0


if __name__ == "__main__":
    sys.exit(main())
