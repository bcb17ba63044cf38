#!/usr/bin/env python3
"""Writes schemas/wire/<service>.json: the operations that filter.json names, with the shapes
they reach, in the JSON form of the public service models without prose.

usage: import_wire.py [--out FOLDER] [SERVICE=OPERATION,…]

With operations on the command line only those are written: for a user's own folder.
"""
import argparse
import fnmatch
import os
import sys

import sources

SHAPE_KEYS = ("type", "required", "members", "member", "key", "value", "enum", "payload", "flattened",
              "locationName", "xmlNamespace", "timestampFormat", "streaming", "document", "union",
              "eventstream", "exception", "error", "sensitive", "resultWrapper")
REF_KEYS = ("shape", "location", "locationName", "flattened", "xmlAttribute", "xmlNamespace", "queryName",
            "idempotencyToken", "streaming", "hostLabel", "jsonvalue", "timestampFormat")
METADATA_KEYS = ("apiVersion", "endpointPrefix", "jsonVersion", "protocol", "protocols", "serviceId",
                 "signingName", "targetPrefix", "xmlNamespace", "awsQueryCompatible")
PROTOCOLS = ("json", "query", "ec2", "rest-json", "rest-xml")


def pick(source, keys):
    return {k: source[k] for k in keys if k in source and source[k] not in (None, False)}


def strip_ref(ref):
    return pick(ref, REF_KEYS)


def strip_shape(shape):
    out = pick(shape, SHAPE_KEYS)
    if "members" in out:
        out["members"] = {k: strip_ref(v) for k, v in out["members"].items()}
    for key in ("member", "key", "value"):
        if key in out:
            out[key] = strip_ref(out[key])
    if "required" in out:
        out["required"] = sorted(out["required"])
        if not out["required"]:
            del out["required"]
    if "error" in out:
        out["error"] = pick(out["error"], ("code", "httpStatusCode"))
    return out


def strip_operation(operation):
    out = {}
    http = operation.get("http", {})
    if http.get("method", "POST") != "POST" or http.get("requestUri", "/") != "/":
        out["http"] = pick(http, ("method", "requestUri"))
    for key, keys in (("input", ("shape", "locationName", "xmlNamespace")),
                      ("output", ("shape", "resultWrapper"))):
        if key in operation:
            out[key] = pick(operation[key], keys)
    errors = sorted(e["shape"] for e in operation.get("errors", []))
    if errors:
        out["errors"] = [{"shape": name} for name in errors]
    if operation.get("authtype") == "none" or operation.get("auth") == ["smithy.api#noAuth"]:
        out["authtype"] = "none"
    if operation.get("httpChecksumRequired") or \
            operation.get("httpChecksum", {}).get("requestChecksumRequired"):
        out["httpChecksumRequired"] = True
    if "hostPrefix" in operation.get("endpoint", {}):
        out["endpoint"] = {"hostPrefix": operation["endpoint"]["hostPrefix"]}
    return out


def reach(shapes, names):
    """Every shape that the named ones need."""
    found, todo = set(), list(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        found.add(name)
        shape = shapes[name]
        refs = list(shape.get("members", {}).values())
        refs += [shape[k] for k in ("member", "key", "value") if k in shape]
        todo += [r["shape"] for r in refs]
    return found


def plain(value):
    """A member's name, or None where the model has an expression or several."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    if isinstance(value, str) and all(c.isalnum() or c in "._" for c in value):
        return value
    return None


def strip_paging(page):
    out = {"input_token": plain(page.get("input_token")), "output_token": plain(page.get("output_token"))}
    if not out["input_token"] or not out["output_token"]:
        return None
    result = page.get("result_key")
    if isinstance(result, list):
        result = result[0]
    out["result_key"] = plain(result)
    for key in ("more_results", "limit_key"):
        out[key] = plain(page.get(key))
    return {k: out[k] for k in sorted(out) if out[k]}


def newest(package, service):
    """The folder of the newest version of a service's model."""
    versions = sorted({p.split("/")[1] for p in package.names() if p.startswith(service + "/")})
    if not versions:
        sources.fail("no service " + service)
    return service + "/" + versions[-1]


def is_global(package, service):
    partition = package.json("endpoints.json")["partitions"][0]
    return partition["services"].get(service, {}).get("isRegionalized") is False


def strip_service(package, service, patterns):
    folder = newest(package, service)
    model = package.json(folder + "/service-2.json")
    paging = {}
    if package.has(folder + "/paginators-1.json"):
        paging = package.json(folder + "/paginators-1.json")["pagination"]
    names = []
    for pattern in patterns:
        hits = fnmatch.filter(model["operations"], pattern)
        if not hits:
            sources.fail("%s has no operation %s" % (service, pattern))
        names += hits
    operations = {n: strip_operation(model["operations"][n]) for n in names}
    roots = []
    for operation in operations.values():
        roots += [operation[k]["shape"] for k in ("input", "output") if k in operation]
        roots += [e["shape"] for e in operation.get("errors", [])]
    metadata = pick(model["metadata"], METADATA_KEYS)
    if metadata["protocol"] in PROTOCOLS:
        metadata.pop("protocols", None)
    if is_global(package, service):
        metadata["globalEndpoint"] = True
    if model["metadata"].get("signatureVersion") in ("s3", "s3v4"):
        metadata["signatureVersion"] = "s3v4"
    pages = {}
    for name in names:
        if name in paging:
            page = strip_paging(paging[name])
            if page:
                pages[name] = page
            else:
                print("%s %s: paging of this form is left out" % (service, name), file=sys.stderr)
    shapes = {n: strip_shape(model["shapes"][n]) for n in reach(model["shapes"], roots)}
    return metadata, operations, shapes, pages


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", default=os.path.join(sources.HERE, "../../schemas/wire"))
    ap.add_argument("wanted", nargs="*", metavar="SERVICE=OPERATION,…")
    args = ap.parse_args()
    package = sources.PythonPackage("botocore")
    wanted = sources.read_filter()["operations"]
    if args.wanted:
        wanted = {w.partition("=")[0]: w.partition("=")[2].split(",") for w in args.wanted}
    os.makedirs(args.out, exist_ok=True)
    for service in sorted(wanted):
        metadata, operations, shapes, pages = strip_service(package, service, wanted[service])
        text = '{"metadata":%s,\n"operations":%s,\n"shapes":%s' % (
            sources.compact(dict(sorted(metadata.items()))), sources.table(operations), sources.table(shapes))
        if pages:
            text += ',\n"pagination":' + sources.table(pages)
        sources.write_lines(os.path.join(args.out, service + ".json"), text + "}\n")
    if not args.wanted:
        sources.remove_others(args.out, {s + ".json" for s in wanted})


if __name__ == "__main__":
    main()
