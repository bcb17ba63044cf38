"""The world fails: credentials, network, files, disk.  A clear message, a non-zero exit, nothing lost."""

import os
import ssl
import subprocess
import time
import unittest
import urllib.request

from case import Case, at
from harness.emulator import free_port
from harness.loss import Lost


class Closed:
    """In the place of a proxy: a port where nobody listens."""

    def __init__(self):
        self.url = "http://127.0.0.1:%d" % free_port()
        self.pid = None


class Failures(Case):
    def setUp(self):
        super().setUp()
        self.shop = self.workspace("shop")

    def auth_after(self, count):
        request = urllib.request.Request(self.emulator.url + "/moto-api/reset-auth", data=str(count).encode(),
                                         headers={"Content-Type": "text/plain"}, method="POST")
        urllib.request.urlopen(request, timeout=30).read()

    def test_wrong_credentials(self):
        self.auth_after(0)
        self.addCleanup(self.auth_after, 10 ** 9)
        result = self.shop.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("InvalidClientTokenId", result.err)
        self.assertEqual(self.proxy.mutations, 0)
        self.assertNotIn("wJalrXUtnFEMI", result.out + result.err)

    def test_no_credentials(self):
        result = self.shop.run(self.proxy, "plan", code=1, env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""})
        self.assertIn("credentials", result.err)
        self.assertEqual(self.proxy.log, [])

    def test_refused_connection(self):
        for command in (("plan",), ("apply", "--yes")):
            result = self.shop.run(Closed(), *command, code=1)
            self.assertRegex(result.err, "(?i)connect")
        self.shop.run(self.proxy, "apply", "--yes", code=0)

    def test_connection_lost_in_the_middle(self):
        self.proxy.rules = [Lost(operations="CreateTable|CreateFunction")]
        self.shop.run(self.proxy, "apply", "--yes", code=0, **at(time.time()))
        self.assertEqual(len(self.proxy.rules[0].lost), 5)
        self.assert_golden("shop.json", self.snapshot())

    def test_unreadable_spec(self):
        result = self.shop.run(self.proxy, "plan", "-f", "missing.toml", code=1)
        self.assertIn("missing.toml", result.err)
        folder = self.shop.spec / "folder.toml"
        folder.mkdir()
        result = self.shop.run(self.proxy, "plan", "-f", "folder.toml", code=1)
        self.assertIn("folder.toml", result.err)

    def test_missing_handler(self):
        os.remove(self.shop.spec / "src" / "jobs.js")
        result = self.shop.run(self.proxy, "check")
        self.assertEqual(result.code, 1, str(result))
        self.assertIn("jobs.js", result.err)

    def test_corrupt_state_is_refused(self):
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        made = self.snapshot()
        state = self.shop.spec / ".effc" / "state" / "dev.db"
        good = state.read_bytes()
        place = good.index(b"shop-dev-orders")
        state.write_bytes(good[:place] + b"X" + good[place + 1:])
        for command in (("plan",), ("apply", "--yes"), ("destroy", "--yes", "--allow-data-loss", "all")):
            result = self.shop.run(self.proxy, *command, code=1)
            self.assertIn("dev.db", result.err)
        self.assertEqual(self.snapshot(), made)
        state.write_bytes(good)
        self.assert_empty(self.shop.plan(self.proxy, code=0))

    def test_state_in_ci_needs_a_word(self):
        result = self.shop.run(self.proxy, "plan", code=1, env={"CI": "true", "EFF_LOCAL_STATE": ""})
        self.assertIn("--local-state", result.err)
        self.shop.run(self.proxy, "plan", "--local-state", code=0, env={"CI": "true", "EFF_LOCAL_STATE": ""})

    def test_no_terminal_needs_yes(self):
        result = self.shop.run(self.proxy, "apply", code=1)
        self.assertIn("--yes", result.err)
        self.assertEqual(self.proxy.mutations, 0)

    def test_two_applies_at_once(self):
        first = self.shop.start(self.proxy, "apply", "--yes")
        codes = [self.shop.run(self.proxy, "apply", "--yes").code for _ in range(3)]
        first.communicate(timeout=120)
        self.assertIn(0, [first.returncode] + codes)
        self.shop.run(self.proxy, "apply", "--yes", code=0)
        self.assert_golden("shop.json", self.snapshot())
        self.assertEqual(self.proxy.refused, [])

    def test_wrong_account(self):
        self.shop.edit('region = "eu-west-1"', 'region = "eu-west-1"\naccount = "999988887777"')
        result = self.shop.run(self.proxy, "apply", "--yes", code=1)
        self.assertIn("999988887777", result.err)
        self.assertEqual(self.proxy.mutations, 0)

    def test_failing_disk_stops_cleanly(self):
        """The n-th write of the state fails, for growing n until a run has no such write."""
        for kind in ("full", "io", "short"):
            n, clean = 1, False
            while not clean and n < 400:
                with self.subTest(kind=kind, write=n):
                    self.emulator.reset()
                    self.proxy.clear()
                    with self.workspace("raw") as project:
                        env = {"EFFC_TEST_NOW": "1790000000", "EFFC_TEST_DISK": "%s:%d" % (kind, n)}
                        result = project.run(self.proxy, "apply", "--yes", program="effc-test", env=env)
                        clean = result.code == 0
                        if not clean:
                            self.assertEqual(result.code, 1, str(result))
                            self.assertRegex(result.err, "dev.db|state")
                        project.run(self.proxy, "apply", "--yes", code=0)
                        self.assert_golden("raw.json", self.snapshot())
                n += max(1, n // 3)
            self.assertTrue(clean, "no run without a failing write")

    def test_tls_with_a_private_authority(self):
        folder = self.shop.folder
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", folder / "key.pem",
             "-out", folder / "ca.pem"],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
        from harness.proxy import Proxy
        proxy = Proxy(self.emulator)
        with proxy:
            proxy.server.socket = context.wrap_socket(proxy.server.socket, server_side=True,
                                                              do_handshake_on_connect=False)
            env = {"AWS_ENDPOINT_URL": "https://localhost:%d" % proxy.port}
            result = self.shop.run(proxy, "plan", code=1, env=env)
            self.assertRegex(result.err, "(?i)certificate|TLS|SSL")
            env["AWS_CA_BUNDLE"] = str(folder / "ca.pem")
            self.shop.run(proxy, "apply", "--yes", code=0, env=env)
        self.assert_golden("shop.json", self.snapshot())


if __name__ == "__main__":
    unittest.main()
