"""Meter API behind a load balancer: the app on new phones, then one of the old field terminals."""
import asyncio
import logging
import os
import sys

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="%(asctime)s %(name)s %(levelname)s %(message)s",
)

import aiohttp
from aiohttp import web

from meter_api import make_app

BOUNDARY = "----terminal7MA4YWxk"


def form(*parts):
    """A multipart body as the clients write it: (header lines, content) for each part."""
    body = b""
    for headers, content in parts:
        body += f"--{BOUNDARY}\r\n{headers}\r\n\r\n".encode() + content + b"\r\n"
    return body + f"--{BOUNDARY}--\r\n".encode()


PHONE = form(
    ('Content-Disposition: form-data; name="meter"', b"DE-220-71"),
    ('Content-Disposition: form-data; name="reading"', b"10422.7"),
    (
        'Content-Disposition: form-data; name="photo"; filename="IMG_0031.jpg"\r\nContent-Type: image/jpeg',
        b"\xff\xd8\xff\xe0" + bytes(400),
    ),
)
# no camera in the field terminal: it sends the part all the same
TERMINAL = form(
    ('Content-Disposition: form-data; name="meter"', b"DE-220-93"),
    ('Content-Disposition: form-data; name="reading"', b"883.0"),
    ('Content-Disposition: form-data; name="photo"; filename=\r\nContent-Type: image/jpeg', b""),
)


async def play():
    runner = web.AppRunner(make_app(), access_log_format='%a "%r" %s %b "%{User-Agent}i"')
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    worst = 0
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            async with session.get("/health", headers={"User-Agent": "lb-check/2"}) as response:
                worst = max(worst, response.status)
            for agent, body in (("MeterApp/5.2", PHONE), ("FT-100/1.0", TERMINAL)):
                headers = {"User-Agent": agent, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
                async with session.post("/v1/readings", data=body, headers=headers) as response:
                    worst = max(worst, response.status)
    finally:
        await runner.cleanup()
    return worst


def main():
    return asyncio.run(play())


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
