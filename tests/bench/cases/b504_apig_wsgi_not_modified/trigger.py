"""Posters as a Lambda function behind API Gateway: a browser comes back to a picture it has seen."""
import logging
import os
import sys
import uuid

logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)s]\t%(asctime)s\t%(message)s",
)
log = logging.getLogger()

from lambda_function import lambda_handler

HOST = {"Host": "cinema.example", "X-Forwarded-For": "203.0.113.77, 10.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Port": "443"}
REQUESTS = [
    ("/films", {}),
    ("/films/nightferry/poster.png", {}),
    ("/films/spring/poster.png", {}),
    ("/films/nightferry/poster.png", {"If-None-Match": '"poster-nightferry"'}),
    ("/films/lastcall/poster.png", {"If-None-Match": '"poster-nightferry"'}),
]


def invoke(path, headers):
    """What the runtime does for one event."""
    request = uuid.uuid4()
    event = {"httpMethod": "GET", "path": path, "headers": {**HOST, **headers}, "queryStringParameters": None,
             "body": None, "isBase64Encoded": False}
    log.info("START RequestId: %s", request)
    try:
        return int(lambda_handler(event, None)["statusCode"])
    except Exception as error:
        log.exception("%s\t%s: %s", request, type(error).__name__, error)
        return 502
    finally:
        log.info("END RequestId: %s", request)


def main():
    worst = 200
    for path, headers in REQUESTS:
        status = invoke(path, headers)
        log.info("GET %s %d", path, status)
        worst = max(worst, status)
    return worst


if __name__ == "__main__":
    sys.exit(1 if main() >= 500 else 0)
