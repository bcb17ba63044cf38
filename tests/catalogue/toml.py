"""A spec as text, and where each of its values stands: line and column, from 1."""
import json
import re


class Expression(str):
    """A text that is written as it stands: "${orders.Arn}"."""


class Writer:
    """Lines of blocks; places of keys and values by their path."""

    def __init__(self, head):
        self.lines = list(head)

    def block(self, type_name, block_id, properties):
        places = {}
        header = "[%s.%s]" % (type_name.replace("::", "."), block_id)
        self.lines.append(header)
        places[()] = (len(self.lines), len(header) - len(block_id), 0)
        for name in properties:
            line = Line(len(self.lines) + 1, places)
            line.entry((), name, properties[name])
            self.lines.append(line.text)
        return places

    def text(self):
        return "\n".join(self.lines) + "\n"


class Line:
    def __init__(self, number, places):
        self.number, self.places, self.text = number, places, ""

    def column(self):
        return len(self.text) + 1

    def entry(self, path, name, value):
        key = self.column()
        self.text += name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else quoted(name)
        self.text += " = "
        self.places[path + (name,)] = (self.number, key, self.column())
        self.value(path + (name,), value)

    def value(self, path, value):
        if isinstance(value, bool):
            self.text += "true" if value else "false"
        elif isinstance(value, str):
            self.text += quoted(value)
        elif isinstance(value, float):
            self.text += repr(value) if "e" not in repr(value) else "%d.0" % value
        elif isinstance(value, int):
            self.text += str(value)
        elif isinstance(value, list):
            self.text += "["
            for i, item in enumerate(value):
                self.text += ", " if i else ""
                self.places[path + (i,)] = (self.number, self.column(), self.column())
                self.value(path + (i,), item)
            self.text += "]"
        else:
            self.text += "{ " if value else "{"
            for i, name in enumerate(value):
                self.text += ", " if i else ""
                self.entry(path, name, value[name])
            self.text += " }" if value else "}"


def quoted(text):
    if isinstance(text, Expression):
        return '"%s"' % text
    out = json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    return out.replace("\x7f", "\\u007f")
