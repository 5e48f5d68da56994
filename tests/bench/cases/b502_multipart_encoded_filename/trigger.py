"""The office's form behind an ASGI server: browsers, and a phone app that names its files in its own way."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s - %(name)s - %(levelname)s - %(message)s",
)
import complaints

log = logging.getLogger("uvicorn.error")
access = logging.getLogger("uvicorn.access")
BOUNDARY = "----form7MA4YWxk"


def form(text, disposition=None, content=b""):
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\n{text}\r\n'.encode()]
    if disposition:
        head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: image/jpeg\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def serve(app, method, path, body=b""):
    """What the ASGI server does for one request."""
    headers = [(b"host", b"office.example"), (b"content-length", str(len(body)).encode())]
    headers.append((b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode()))
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
             "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
             "client": ("10.4.0.31", 41772), "server": ("10.4.0.2", 8000)}
    status = []

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            status.append(message["status"])

    asyncio.run(app(scope, receive, send))
    return status[0]


REQUESTS = [
    ("GET", "/health", b""),
    ("POST", "/complaints", form("The lamp at the corner is dark.")),
    ("POST", "/complaints", form("Hole in the road", 'name="attachment"; filename="road.jpg"', b"\xff\xd8\xff\xe0road")),
    ("POST", "/complaints", form(" ")),
    ("POST", "/complaints", form("Bench broken", "name=\"attachment\"; filename*=UTF-8''b%C3%A4nkle.jpg", b"\xff\xd8bench")),
]


def main():
    for method, path, body in REQUESTS:
        try:
            status = serve(complaints.app, method, path, body)
        except Exception:
            access.info('10.4.0.31:41772 - "%s %s HTTP/1.1" 500', method, path)
            raise
        access.info('10.4.0.31:41772 - "%s %s HTTP/1.1" %d', method, path, status)


if __name__ == "__main__":
    try:
        main()
    except Exception:
        log.exception("Exception in ASGI application")
        sys.exit(1)
    log.info("Shutting down")
