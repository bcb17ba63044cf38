#!/usr/bin/env python3
"""Holds `effc graph` to its promises for every folder of examples/: the JSON agrees with itself, both drawings have its
nodes and edges, mermaid has no line of another form, and Graphviz lays dot out, which is left out where that is not
installed.

EFFC_SRCDIR and EFFC_BUILDDIR say where the examples and the program are.
"""

import json
import re
import shutil
import subprocess
import sys

import check_examples

SOURCE = check_examples.SOURCE
LABEL = r'"[\w ./:#;-]+<br/>[\w:]+<br/>(\w+)"'
MERMAID = [r"flowchart LR", r"  n\d+\[" + LABEL + r"\]:::\1", r"  n(\d+) --> n(\d+)",
           r"  classDef \w+ stroke:#\w{6},color:#\w{6},fill:none(,stroke-\w+:\w+)?"]


def graph_of(folder, form):
    done = check_examples.run("graph", "--format", form, folder=folder)
    if done.returncode != 0 or done.stderr:
        sys.exit("%s as %s: %d\n%s" % (folder.name, form, done.returncode, done.stderr))
    return done.stdout


def check_mermaid(text, nodes, edges):
    """What is wrong with it."""
    for line in text.splitlines():
        if not any(re.fullmatch(form, line) for form in MERMAID):
            yield "mermaid has the line %r" % line
    if len(re.findall(r"^  n\d+\[", text, re.M)) != len(nodes):
        yield "mermaid has other nodes"
    if [(int(a), int(b)) for a, b in re.findall(r"^  n(\d+) --> n(\d+)$", text, re.M)] != edges:
        yield "mermaid has other edges"


def check_dot(text, nodes, edges):
    done = subprocess.run(["dot", "-Tplain"], input=text, capture_output=True, text=True, timeout=60)
    words = [line.split() for line in done.stdout.splitlines()]
    if done.returncode != 0 or done.stderr:
        yield "dot refuses it: %s" % done.stderr
    if sum(w[0] == "node" for w in words) != len(nodes):
        yield "dot has other nodes"
    if sorted((int(w[1][1:]), int(w[2][1:])) for w in words if w[0] == "edge") != sorted(edges):
        yield "dot has other edges"


def check(folder):
    document = json.loads(graph_of(folder, "json"))
    places = {node["address"]: i for i, node in enumerate(document["nodes"])}
    if len(places) != len(document["nodes"]):
        yield "an address comes twice"
    edges = [(places[e["from"]], places[e["to"]]) for e in document["edges"]]
    yield from check_mermaid(graph_of(folder, "mermaid"), places, edges)
    if shutil.which("dot"):
        yield from check_dot(graph_of(folder, "dot"), places, edges)


def main():
    wrong, seen = 0, 0
    if not shutil.which("dot"):
        print("skipped: the layout of dot: there is no Graphviz")
    for spec in sorted((SOURCE / "examples").glob("*/effortless.toml")):
        seen += 1
        for mistake in check(spec.parent):
            print("%s: %s" % (spec.parent.name, mistake))
            wrong += 1
    print("%d graphs: %d mistakes" % (seen, wrong))
    return 1 if wrong or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
