"""Event stream over HTTP/2: clients come and go while the server still has something to finish."""
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(asctime)s] %(levelname)s in %(module)s: %(message)s",
)
log = logging.getLogger("feed.server")

import h2.config
import h2.connection
import h2.events
import h2.exceptions


class Feed:
    """One connection of a client; streams stay open until the feed is closed."""

    def __init__(self):
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self.connection.initiate_connection()
        self.readers = {}

    def receive(self, data):
        for event in self.connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers)[b":path"].decode()
                log.info("stream %d: %s", event.stream_id, path)
                self.connection.send_headers(event.stream_id, [(":status", "200")])
                self.readers[event.stream_id] = path

    def publish(self, text):
        for stream in list(self.readers):
            try:
                self.connection.send_data(stream, text)
            except h2.exceptions.ProtocolError as error:
                log.info("stream %d is gone: %s", stream, type(error).__name__)

    def close(self):
        for stream, path in self.readers.items():
            try:
                self.connection.end_stream(stream)
                log.info("stream %d: %s finished", stream, path)
            except h2.exceptions.ProtocolError:
                log.info("stream %d: %s left before the end", stream, path)


def request(path):
    return [(":method", "GET"), (":scheme", "https"), (":authority", "feed.example"), (":path", path)]


def main():
    client = h2.connection.H2Connection()
    client.initiate_connection()
    feed = Feed()
    client.send_headers(1, request("/prices"), end_stream=True)
    feed.receive(client.data_to_send())
    client.receive_data(feed.connection.data_to_send())
    client.reset_stream(1)
    client.send_headers(3, request("/news"), end_stream=True)
    feed.receive(client.data_to_send())
    feed.publish(b"DAX 18100\n")
    client.receive_data(feed.connection.data_to_send())
    feed.close()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("connection of 10.4.0.17 failed")
        sys.exit(1)
