"""The recipe for pull requests, examples/pull-request/, against a small stand-in of the comments' API on loopback: the
script alone, and the steps of the workflow as a runner would run them."""

import http.server
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.parse

from harness.account import client
from harness.emulator import Emulator
from harness.program import BUILD, SOURCE

try:
    import yaml
except ImportError:
    yaml = None

RECIPE = SOURCE / "examples" / "pull-request"
TOKEN = "ghs_SixteenCharactersAndMore0123456789"
ME = "github-actions[bot]"
STACK = "shop/prod"
LIMIT = 65536


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.comments, self.calls, self.faults = [], [], []
        self.next = 1000

    def add(self, author, body):
        self.next += 1
        self.comments.append({"id": self.next, "user": {"login": author}, "body": body})
        return self.comments[-1]

    def fault(self, method, code, done=False, **headers):
        """The next call of this method is answered with this; done: it is carried out nevertheless."""
        self.faults.append((method, code, done, headers))


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, code, value, **headers):
        data = json.dumps(value).encode()
        self.send_response(code)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def carry_out(self, body):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        server = self.server
        if body is not None and len(body["body"]) > LIMIT:
            return 422, {"message": "body is too long"}
        if re.fullmatch(r"/repos/me/shop/issues/7/comments", url.path):
            if self.command == "POST":
                return 201, server.add(ME, body["body"])
            size, page = min(int(query.get("per_page", 30)), 100), int(query.get("page", 1))
            return 200, server.comments[(page - 1) * size:page * size]
        match = re.fullmatch(r"/repos/me/shop/issues/comments/(\d+)", url.path)
        found = [c for c in server.comments if match and c["id"] == int(match.group(1))]
        if self.command != "PATCH" or not found:
            return 404, {"message": "Not Found"}
        if found[0]["user"]["login"] != ME:
            return 403, {"message": "Forbidden"}
        found[0]["body"] = body["body"]
        return 200, found[0]

    def handle_call(self):
        server = self.server
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else None
        server.calls.append((self.command, self.path))
        if self.headers.get("Authorization") != "Bearer " + TOKEN:
            return self.answer(401, {"message": "Bad credentials"})
        for fault in server.faults:
            if fault[0] == self.command:
                server.faults.remove(fault)
                if fault[2]:
                    self.carry_out(body)
                return self.answer(fault[1], {"message": "a fault"}, **fault[3])
        return self.answer(*self.carry_out(body))

    do_GET = do_POST = do_PATCH = handle_call


def plan_text(stack, digest, text="the plan"):
    return "<!-- effc:plan v1 stack=%s digest=%s counts=0,0,0,0,0,1,0 -->\n### %s\n" % (stack, digest * 64, text)


class Recipe(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="effc-recipe-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        event = self.folder / "event.json"
        event.write_text(json.dumps({"pull_request": {"number": 7}}))
        self.environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "GITHUB_TOKEN": TOKEN,
            "GITHUB_API_URL": "http://127.0.0.1:%d" % self.server.server_address[1],
            "GITHUB_REPOSITORY": "me/shop", "GITHUB_EVENT_PATH": str(event), "EFFC_STACK": STACK,
            "EFFC_WAIT": "0", "PYTHONDONTWRITEBYTECODE": "1",
        }

    def bodies(self, author=ME):
        return [c["body"] for c in self.server.comments if c["user"]["login"] == author]

    def methods(self):
        return [call[0] for call in self.server.calls]

    def run_script(self, word, text="", code=0, **environment):
        done = subprocess.run([sys.executable, str(RECIPE / "comment.py"), word], input=text, text=True,
                              capture_output=True, timeout=120, env={**self.environment, **environment},
                              encoding="utf-8")
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return done


class Comment(Recipe):
    def test_posts_updates_and_leaves(self):
        self.run_script("put", plan_text(STACK, "a"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "a")])
        self.run_script("put", plan_text(STACK, "b", "é \U0001f534"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "b", "é \U0001f534")])
        self.server.calls.clear()
        # The same plan in other words: facts that moved.
        self.assertIn("already", self.run_script("put", plan_text(STACK, "b", "12 messages")).stdout)
        self.assertEqual(self.methods(), ["GET"])
        self.assertEqual(self.run_script("get").stdout, plan_text(STACK, "b", "é \U0001f534"))

    def test_finds_its_own_among_many(self):
        for i in range(250):
            self.server.add("someone", "hello %d" % i)
        other = self.server.add(ME, plan_text("shop/test", "c"))["body"]
        mine = self.server.add(ME, plan_text(STACK, "a").replace("\n", "\r\n"))
        for fake in (plan_text(STACK, "d"), plan_text(STACK, "b"), "quoted:\n" + plan_text(STACK, "d")):
            self.server.add("someone", fake)
        self.server.add(ME, "quoted:\n" + plan_text(STACK, "d"))
        theirs = self.bodies("someone")
        self.assertEqual(self.run_script("get").stdout, plan_text(STACK, "a"))
        self.run_script("put", plan_text(STACK, "b"))
        self.assertEqual(mine["body"], plan_text(STACK, "b"))
        self.assertEqual(self.bodies("someone"), theirs)
        self.assertEqual(self.bodies()[0], other)
        self.assertEqual(len(self.server.comments), 256)

    def test_only_fakes(self):
        self.server.add("someone", plan_text(STACK, "a"))
        self.assertEqual(self.run_script("get").stdout, "")
        self.run_script("put", plan_text(STACK, "a"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "a")])

    def test_faults_of_a_moment(self):
        self.server.fault("GET", 502)
        self.server.fault("POST", 503)
        self.run_script("put", plan_text(STACK, "a"))
        self.server.fault("GET", 429, retry_after="0")
        self.server.fault("PATCH", 502, done=True)
        self.run_script("put", plan_text(STACK, "b"))
        self.server.fault("PATCH", 403, x_ratelimit_remaining="0")
        self.run_script("put", plan_text(STACK, "c"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "c")])
        self.assertEqual(self.server.faults, [])

    def test_a_lost_answer_makes_no_second_comment(self):
        self.server.fault("POST", 502, done=True)
        self.run_script("put", plan_text(STACK, "a"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "a")])
        self.assertEqual(self.methods().count("POST"), 1)

    def test_deleted_in_between(self):
        self.server.add(ME, plan_text(STACK, "a"))
        self.server.fault("PATCH", 404)
        self.run_script("put", plan_text(STACK, "b"))
        self.assertEqual(self.bodies(), [plan_text(STACK, "a"), plan_text(STACK, "b")])

    def test_what_it_refuses(self):
        self.run_script("put", "### no plan\n", code=1)
        self.run_script("put", "text\n" + plan_text(STACK, "a"), code=1)
        self.run_script("put", plan_text(STACK, "a") + "x" * LIMIT, code=1)
        self.run_script("put", plan_text(STACK, "a"), code=1, GITHUB_API_URL="http://api.example.com")
        self.run_script("put", plan_text(STACK, "a"), code=1, GITHUB_REPOSITORY="me/../x")
        self.run_script("put", plan_text(STACK, "a"), code=1, GITHUB_TOKEN="")
        self.run_script("put", plan_text(STACK, "a"), code=1, EFFC_PULL="7/labels")
        self.assertEqual(self.server.calls, [])

    def test_a_fault_that_lasts(self):
        for _ in range(9):
            self.server.fault("GET", 500)
        self.run_script("put", plan_text(STACK, "a"), code=1)
        self.assertEqual(self.methods(), ["GET"] * 5)

    def test_no_rights_are_told_at_once(self):
        self.server.fault("GET", 403)
        self.assertIn("403", self.run_script("put", plan_text(STACK, "a"), code=1).stderr)
        self.assertEqual(self.methods(), ["GET"])

    def test_the_token_goes_nowhere_else(self):
        self.server.fault("GET", 302, Location="/elsewhere")
        self.run_script("put", plan_text(STACK, "a"), code=1)
        self.assertEqual([path for _, path in self.server.calls if "elsewhere" in path], [])


EXPRESSIONS = {"vars.EFFC_PLAN_ROLE": "arn:aws:iam::123456789012:role/plan", "github.token": TOKEN,
               "github.event.pull_request.number": "7"}
# The plan is made from the state alone; where it is told to, it ends as one that is blocked.
EFFC = """#!/bin/sh
[ "$1" = plan ] || exec %(effc)s "$@"
%(effc)s "$@" --refresh none || exit
exit "${STUB_CODE:-0}"
"""


@unittest.skipUnless(yaml, "there is no PyYAML")
class Workflow(Recipe):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.emulator = Emulator().__enter__()
        cls.addClassCleanup(cls.emulator.__exit__)

    def setUp(self):
        super().setUp()
        self.emulator.reset()
        client(self.emulator.url, "s3").create_bucket(
            Bucket="acme-effc", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.environment.update(AWS_ENDPOINT_URL=self.emulator.url, AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                                AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        self.workflow = yaml.safe_load((RECIPE / "workflow.yml").read_text(encoding="utf-8"))
        self.job = self.workflow["jobs"]["plan"]
        self.project = self.folder / "project"
        shutil.copytree(SOURCE / "examples" / "shop", self.project)
        (self.project / ".github" / "effc").mkdir(parents=True)
        shutil.copyfile(RECIPE / "comment.py", self.project / ".github" / "effc" / "comment.py")
        for path in [self.project, *self.project.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
        spec = self.project / "effortless.toml"
        spec.write_text(spec.read_text().replace("[project]\n", "[project]\nstate = \"s3://acme-effc/teams\"\n", 1))
        tools = self.folder / "tools"
        tools.mkdir()
        self.tool(tools / "effc", EFFC % {"effc": shlex.quote(str(BUILD.resolve() / "effc"))})
        self.tool(tools / "python3", "#!/bin/sh\nexec %s \"$@\"\n" % shlex.quote(sys.executable))
        self.environment.pop("GITHUB_TOKEN")
        self.environment["PATH"] = "%s:%s" % (tools, self.environment["PATH"])
        self.environment["CI"] = "true"

    @staticmethod
    def tool(path, text):
        path.write_text(text)
        path.chmod(0o755)

    def filled(self, environment):
        return {name: re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda m: EXPRESSIONS[m.group(1)], value)
                for name, value in (environment or {}).items()}

    def step(self, step, outputs, **more):
        """As a runner: bash -e, outputs and the summary in files."""
        environment = {**self.environment, **self.filled(self.job["env"]), **self.filled(step.get("env")), **more,
                       "GITHUB_OUTPUT": str(self.folder / "output"),
                       "GITHUB_STEP_SUMMARY": str(self.folder / "summary")}
        done = subprocess.run(["bash", "-e", "-c", step["run"]], cwd=self.project, env=environment, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=120, encoding="utf-8")
        self.assertNotIn(TOKEN, done.stdout + done.stderr)
        if (self.folder / "output").exists():
            outputs.update(line.split("=", 1) for line in (self.folder / "output").read_text().splitlines())
        return done.returncode, done.stderr

    def run_all(self, **more):
        """The code of the first step that fails, with its name."""
        outputs = {}
        for step in self.job["steps"]:
            if "run" not in step:
                continue
            if "if" in step:
                self.assertEqual(step["if"], "steps.plan.outputs.code == '4'")
                if outputs.get("code") != "4":
                    continue
            code, text = self.step(step, outputs, **more)
            if code:
                return step["name"], code, text
        return None

    def test_its_form(self):
        self.assertEqual(self.workflow["permissions"], {})
        self.assertEqual(self.job["permissions"],
                         {"contents": "read", "id-token": "write", "pull-requests": "write"})
        # YAML takes the key "on" for true.
        self.assertEqual(list(self.workflow[True]), ["pull_request"])
        self.assertIn("github.event.pull_request.head.repo.full_name == github.repository", self.job["if"])
        for step in self.job["steps"]:
            self.assertTrue(("run" in step) != ("uses" in step))
            # What others write is never pasted into a script.
            self.assertNotIn("${{", step.get("run", ""))
            self.assertRegex(step.get("uses", "a/b@v1"), r"^[\w-]+/[\w-]+@v\d+$")
        tokens = [s["name"] for s in self.job["steps"] if "github.token" in str(s.get("env"))]
        self.assertEqual(tokens, ["Fetch the plan of before", "Comment"])

    def test_its_steps(self):
        self.assertEqual(self.run_all(), None)
        self.assertEqual(len(self.bodies()), 1)
        self.assertIn("28 to create", self.bodies()[0])
        # A plan leaves nothing in the bucket, and no state beside the spec.
        self.assertNotIn("Contents", client(self.emulator.url, "s3").list_objects_v2(Bucket="acme-effc"))
        self.assertFalse((self.project / ".effc" / "state").exists())
        self.assertTrue((self.project / "plan.effc").exists())
        first = self.bodies()[0]
        self.assertEqual(self.run_all(), None)
        self.assertEqual(self.bodies(), [first])
        self.assertEqual(self.methods().count("POST") + self.methods().count("PATCH"), 1)
        with open(self.project / "effortless.toml", "a", encoding="utf-8") as spec:
            spec.write("\n[queue.more]\n")
        self.assertEqual(self.run_all(), None)
        self.assertEqual(len(self.bodies()), 1)
        self.assertIn("29 to create", self.bodies()[0])
        self.assertLessEqual(len(self.bodies()[0]), LIMIT)

    def test_what_is_blocked_is_commented_and_fails(self):
        name, code, _ = self.run_all(STUB_CODE="4")
        self.assertEqual((name, code), ("Blocked", 4))
        self.assertEqual(len(self.bodies()), 1)

    def test_a_mistake_is_not_commented(self):
        (self.project / "effortless.toml").write_text("[project\n")
        name, code, _ = self.run_all()
        self.assertEqual((name, code), ("Plan", 1))
        self.assertEqual(self.bodies(), [])


if __name__ == "__main__":
    unittest.main()
