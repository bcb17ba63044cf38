"""The emulator inside this process: an account that is emptied in a millisecond and read without a call."""

import logging

import moto.backends
from moto.moto_api._internal import moto_api_backend
from moto.server import ThreadedMotoServer

from harness.account import client
from harness.emulator import ACCOUNT, REGION


class Inside:
    """What harness.emulator.Emulator is to a test, and `backend`."""

    def __enter__(self):
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
        self.server.start()
        self.port = self.server._server.port
        self.clients = {}
        self.reset()
        return self

    def __exit__(self, *_):
        self.server.stop()

    @property
    def url(self):
        return "http://127.0.0.1:%d" % self.port

    def reset(self):
        moto_api_backend.reset()

    def backend(self, service):
        everywhere = service in ("iam", "s3")
        return moto.backends.get_backend(service)[ACCOUNT]["global" if everywhere else REGION]

    def client(self, service):
        """The official SDK's; made once, as making one takes longer than using it."""
        if service not in self.clients:
            self.clients[service] = client(self.url, service)
        return self.clients[service]
