"""Collector of sensor readings: reads length-prefixed frames from the stream of a gateway."""
import http.server
import logging
import os
import struct
import sys
import threading

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(levelname).1s %(name)s %(message)s",
)
logging.getLogger("urllib3").setLevel(logging.WARNING)
log = logging.getLogger("collector")

import urllib3

FRAMES = [b"t=21.5", b"", b"t=21.7"]  # an empty frame is a sign of life


class Gateway(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"".join(struct.pack(">I", len(frame)) + frame for frame in FRAMES)
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def frames(response):
    while header := response.read(4):
        (length,) = struct.unpack(">I", header)
        yield response.read(length)


def collect(url):
    http_pool = urllib3.PoolManager(retries=False, timeout=10)
    response = http_pool.request("GET", url, preload_content=False)
    try:
        for frame in frames(response):
            log.info("reading %s", frame.decode() or "(alive)")
    finally:
        response.release_conn()
        http_pool.clear()


def main():
    server = http.server.HTTPServer(("127.0.0.1", 0), Gateway)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        collect(f"http://127.0.0.1:{server.server_port}/stream")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("stream broken off")
        sys.exit(1)
