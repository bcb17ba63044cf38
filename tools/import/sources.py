"""The pinned packages that the facts come from: found, checked against their digests, opened.

Python packages are taken as installed (pip install 'botocore==…' 'cfn-lint==…'); the npm
package is fetched by `npm pack` into a cache folder once.
"""
import base64
import gzip
import hashlib
import importlib.metadata
import io
import json
import os
import subprocess
import sys
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))


def fail(text):
    sys.exit("import: " + text)


def pins():
    with open(os.path.join(HERE, "sources.json"), encoding="utf-8") as f:
        return json.load(f)


def read_filter():
    with open(os.path.join(HERE, "filter.json"), encoding="utf-8") as f:
        return json.load(f)


class PythonPackage:
    """The data files of an installed package, each checked against the package's own record."""

    def __init__(self, name):
        pin = pins()[name]
        try:
            dist = importlib.metadata.distribution(pin["package"])
        except importlib.metadata.PackageNotFoundError:
            fail("%s %s is not installed" % (pin["package"], pin["version"]))
        if dist.version != pin["version"]:
            fail("%s is %s, %s is pinned" % (pin["package"], dist.version, pin["version"]))
        self.files = {}
        for file in dist.files:
            path = str(file)
            if path.startswith(pin["data"]) and file.hash:
                self.files[path[len(pin["data"]):]] = file
        lines = ["%s %s\n" % (p, self.files[p].hash.value) for p in sorted(self.files)]
        digest = hashlib.sha256("".join(lines).encode()).hexdigest()
        if digest != pin["digest"]:
            fail("%s: the digest of its data is %s, not the pinned one" % (name, digest))

    def names(self):
        return sorted(self.files)

    def read(self, path):
        file = self.files.get(path) or fail("no file " + path)
        data = file.locate().read_bytes()
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        if file.hash.mode != "sha256" or digest != file.hash.value:
            fail("%s was changed after it was installed" % path)
        return data

    def json(self, path):
        if path in self.files:
            return json.loads(self.read(path))
        return json.loads(gzip.decompress(self.read(path + ".gz")))

    def has(self, path):
        return path in self.files or path + ".gz" in self.files


def service_spec(cache):
    """The database of aws-service-spec, fetched into the cache folder if it is not there."""
    pin = pins()["aws-service-spec"]
    name = pin["package"].lstrip("@").replace("/", "-") + "-" + pin["version"] + ".tgz"
    path = os.path.join(cache, name)
    if not os.path.exists(path):
        os.makedirs(cache, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", "%s@%s" % (pin["package"], pin["version"])],
                       cwd=cache, check=True, stdout=subprocess.DEVNULL)
    with open(path, "rb") as f:
        data = f.read()
    if "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode() != pin["integrity"]:
        fail("%s does not have the pinned digest" % path)
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return json.loads(gzip.decompress(tar.extractfile("package/db.json.gz").read()))


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_lines(path, text):
    """Replaced whole, and only if it changed."""
    data = text.encode()
    if os.path.exists(path):
        with open(path, "rb") as f:
            if f.read() == data:
                return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def table(entries):
    """A JSON object, one sorted entry a line."""
    return "{\n" + ",\n".join("%s:%s" % (compact(k), compact(entries[k])) for k in sorted(entries)) + "\n}"


def remove_others(folder, keep):
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json") and name not in keep:
            os.remove(os.path.join(folder, name))
