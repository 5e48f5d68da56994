"""Status board: follows the log of a process through supervisor's web server, until that server drops the line."""
import logging
import os
import socket
import struct
import sys
import threading

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(threadName)s %(levelname)s %(name)s: %(message)s",
)
log = logging.getLogger("board.tail")

from supervisor.http_client import HTTPHandler, Listener
from supervisor.medusa import asyncore_25 as asyncore


class Lines(Listener):
    def feed(self, url, data):
        log.info("%s", data.decode("utf-8", "replace").rstrip())

    def close(self, url):
        log.info("line closed")


class Follower(HTTPHandler):
    failure = None

    def handle_error(self):
        self.failure = sys.exc_info()[1]
        log.exception("lost %s", self.path)
        self.error_handled = True
        self.close()


def serve_and_drop(server):
    """The other side: it takes the request, then the machine is gone (a reset in place of a goodbye)."""
    peer, _ = server.accept()
    request = b""
    while not request.endswith(b"\r\n\r\n\r\n"):
        request += peer.recv(4096)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def main():
    server = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve_and_drop, args=(server,), name="peer", daemon=True)
    thread.start()
    channels = {}
    follower = Follower(Lines(), map=channels)
    follower.get("http://127.0.0.1:%d" % server.getsockname()[1], "/logtail/importer/stdout")
    asyncore.loop(timeout=1, map=channels)
    thread.join(5)
    server.close()
    log.info("nothing to follow any more")
    return follower.failure


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
