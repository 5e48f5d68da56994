"""The meters' function: events of API Gateway, and one that the billing function makes up by itself."""
import json
import logging
import os
import sys

os.environ.setdefault("POWERTOOLS_SERVICE_NAME", "meters")
logging.basicConfig(
    filename=os.environ.get("PROD_LOG", "prod.log"),
    level=logging.INFO,
    format="[%(levelname)s] %(asctime)s %(message)s",
)
log = logging.getLogger()

import meters


class Context:
    """What the runtime hands over with an event."""

    function_name = "meters"
    memory_limit_in_mb = 256

    def __init__(self, number):
        self.aws_request_id = f"8f1c02d4-77aa-4d0e-9c1b-{number:012d}"


def gateway(method, path, body=None):
    """An event as API Gateway makes it."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": method,
        "headers": {"Content-Type": "application/json"},
        "multiValueHeaders": {"Content-Type": ["application/json"]},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.strip("/")},
        "requestContext": {"path": path, "httpMethod": method, "stage": "prod", "requestId": "c0ffee"},
        "body": body,
        "isBase64Encoded": False,
    }


EVENTS = [
    gateway("POST", "/readings", json.dumps({"meter": "W-1002", "litres": 103})),
    gateway("POST", "/readings", json.dumps({"meter": "W-1002", "litres": -4})),
    gateway("GET", "/meters/W-1002/readings"),
    {"httpMethod": "GET", "path": "/meters/W-1001/readings", "requestContext": {"requestId": "billing-2026-11"}},
]


def main():
    for number, event in enumerate(EVENTS, 1):
        context = Context(number)
        log.info("%s %s %s", context.aws_request_id, event["httpMethod"], event["path"])
        answer = meters.lambda_handler(event, context)
        log.info("%s answered %d", context.aws_request_id, answer["statusCode"])


if __name__ == "__main__":
    try:
        main()
    except Exception as error:
        log.exception("%s: %s", type(error).__name__, error)
        sys.exit(1)
    log.info("done")
