"""Terraform's apply and destroy of a graph like that of the service workload (service.py), of its built-in type, which
calls nothing and needs neither network nor provider."""
import pathlib
import tempfile

import offline
import peer_plan

# What stands on what in one unit.
UNIT = {"table": [], "queue": [], "role": [], "logs": [], "parameter": [], "function": ["role", "logs"],
        "mapping": ["function", "queue"], "integration": ["function", "api"], "route": ["integration"],
        "permission": ["function", "api"]}


def block(name, stands_on):
    uses = " ".join("${terraform_data.%s.output}" % other for other in stands_on)
    return 'resource "terraform_data" "%s" {\n  input = "%s %s"\n}\n' % (name, name, uses)


def spec(units):
    blocks = [block("api", []), block("stage", ["api"])]
    for n in range(units):
        for name, stands_on in UNIT.items():
            blocks.append(block(name + str(n), [o if o == "api" else o + str(n) for o in stands_on]))
    return "\n".join(blocks)


def apply(units):
    """The seconds of an apply and of a destroy."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        pathlib.Path(folder, "main.tf").write_text(spec(units), encoding="utf-8")
        terraform = peer_plan.installed()
        offline.run(folder, terraform, "init", "-input=false")
        return [offline.run(folder, terraform, verb, "-input=false", "-auto-approve", "-parallelism=32").seconds
                for verb in ("apply", "destroy")]
