"""T2: the service acts and its reply is lost, of every single change: closed, reset, cut in the middle, over TLS, too.

The same run goes on, or the next one does, with no hand; nothing is made twice.
"""

import ssl
import subprocess
import time
import unittest

from case import Case, at, seed
from harness.loss import Lost
from harness.made import Made
from harness.proxy import Proxy
from kill_table import REPLACEMENTS, Shop, Stack

APPLY = ("apply", "--yes", "--allow-data-loss", "all")
DESTROY = ("destroy", "--yes", "--allow-data-loss", "all")
NOW = time.time()


class Loss(Case):
    def setUp(self):
        super().setUp()
        self.seed = seed()

    def life(self, stack, proxy, ways=None, **env):
        """Made, changed, destroyed; of each thing and each operation on it the first reply is lost."""
        self.emulator.reset()
        proxy.clear()
        work = self.workspace("shop" if stack.name == "shop" else None)
        stack.make(work)
        empty = self.snapshot()
        for number, (args, change) in enumerate(((APPLY, False), (APPLY, True), (DESTROY, False))):
            if change:
                stack.change(work)
            lost, made = Lost(self.seed + number, ways=ways or Lost.WAYS, reads=True), Made()
            proxy.rules = [made, lost]
            run = at(max(NOW, proxy.now_s) + 60)
            run["env"].update(env)
            result = work.run(proxy, *args, **run)
            self.assertEqual(result.code, 0, str(result))
            self.assertGreater(len(lost.lost), 5)
            self.assertEqual(made.twice(), {})
            self.assertEqual(proxy.broken, [])
            if args != DESTROY:
                proxy.rules = []
                mutations = proxy.mutations
                work.run(proxy, *APPLY, code=0, **dict(run, env=dict(run["env"], EFFC_TEST_NOW=str(
                    int(proxy.now_s + 60)))))
                self.assertEqual(proxy.mutations, mutations)
        self.assertEqual(self.snapshot(), empty)

    def test_every_reply_of_the_shop(self):
        self.life(Shop(), self.proxy)

    def test_every_reply_of_replacements(self):
        for name in REPLACEMENTS:
            with self.subTest(stack=name):
                self.life(Stack(name), self.proxy)

    def test_tls_that_ends_without_a_word(self):
        """The connection goes without close_notify, as if a middle box had cut it."""
        folder = self.workspace().folder
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost", "-keyout", folder / "key.pem", "-out", folder / "ca.pem"],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
        with Proxy(self.emulator) as proxy:
            proxy.server.socket = context.wrap_socket(proxy.server.socket, server_side=True,
                                                      do_handshake_on_connect=False)
            self.life(Stack("create first"), proxy, ways=("close", "half"),
                      AWS_ENDPOINT_URL="https://localhost:%d" % proxy.port, AWS_CA_BUNDLE=str(folder / "ca.pem"))


if __name__ == "__main__":
    unittest.main()
