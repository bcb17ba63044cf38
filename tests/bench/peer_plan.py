"""Terraform's plan of a star that exists with nothing to do, where it is installed: its own state file
of its own built-in type, since that needs neither network nor provider."""
import json
import pathlib
import shutil
import tempfile

import offline

HEAD = """\
resource "terraform_data" "p0" {
  input = "/bench/0"
}
"""

RESOURCE = """
resource "terraform_data" "p%d" {
  input = "/bench/%d ${terraform_data.p0.output}"
}
"""


def installed():
    return shutil.which("terraform")


def instance(number):
    """What the state holds of one of them, as if it had been applied."""
    text = "/bench/%d" % number + (" /bench/0" if number else "")
    attributes = {"id": "00000000-0000-0000-0000-%012d" % number,
                  "input": {"value": text, "type": "string"},
                  "output": {"value": text, "type": "string"}, "triggers_replace": None}
    return {"mode": "managed", "type": "terraform_data", "name": "p%d" % number,
            "provider": "provider[\"terraform.io/builtin/terraform\"]",
            "instances": [{"schema_version": 0, "attributes": attributes,
                           "sensitive_attributes": [],
                           "dependencies": ["terraform_data.p0"] if number else []}]}


def plan(resources):
    """Stops the bench if the plan would change anything."""
    with tempfile.TemporaryDirectory(prefix="effc-bench-") as folder:
        here = pathlib.Path(folder)
        here.joinpath("main.tf").write_text(
            HEAD + "".join(RESOURCE % (n, n) for n in range(1, resources)), encoding="utf-8")
        here.joinpath("terraform.tfstate").write_text(json.dumps({
            "version": 4, "terraform_version": "1.0.0", "serial": 1,
            "lineage": "00000000-0000-0000-0000-000000000007", "outputs": {},
            "resources": [instance(n) for n in range(resources)]}), encoding="utf-8")
        offline.run(folder, installed(), "init", "-input=false")
        return offline.run(folder, installed(), "plan", "-refresh=false", "-input=false",
                           "-detailed-exitcode", "-lock=false")
