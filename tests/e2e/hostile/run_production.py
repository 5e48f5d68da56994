"""Gives the program every nasty value, with guwu.capture installed. There is no other log."""

import logging
import os
import sys
from io import BytesIO
from types import SimpleNamespace
from typing import Any, Callable

import guwu.capture

from shelf import desk, refusals, things, values, web

logger = logging.getLogger(values.TEXTS["double quote"])


def fails(function: Callable[..., Any], *given: Any, **named: Any) -> None:
    """Call a function that fails, and log it."""
    try:
        function(*given, **named)
    except Exception:
        logger.exception('x"""\n%s\n%s', values.CODE, values.TEXTS["jinja"])
    else:
        raise SystemExit(f"{function} did not fail")


def serve(name: str) -> None:
    """Send a request as a server does."""
    method, path, query, headers, body = web.REQUESTS[name]
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode("utf-8").decode("latin-1"),
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        **{
            "CONTENT_TYPE" if key == "Content-Type" else f"HTTP_{key.upper().replace('-', '_')}": value
            for key, value in headers.items()
        },
    }
    try:
        list(guwu.capture.wsgi(web.application)(environ, lambda *_: None))
    except ZeroDivisionError:
        return
    raise SystemExit(f"{name} was answered")


def main() -> int:
    """Run once."""
    # Enough time for a busy machine: what is cut short is not compared.
    guwu.capture.install(limits=guwu.capture.Limits(seconds=10, per_minute=100))
    logging.basicConfig(handlers=[logging.NullHandler()])
    fails(desk.texts, values.TEXTS)
    fails(desk.numbers, values.NUMBERS)
    fails(desk.raw, values.BYTES)
    fails(desk.containers, values.CONTAINERS)
    fails(desk.keywords, **values.KEYWORDS)
    fails(desk.loose, [things.class_names(), things.attributes(), things.objects()])
    fails(desk.outermost, "outermost")
    for refuse in (
        refusals.first,
        refusals.second,
        refusals.third,
        refusals.fourth,
        refusals.fifth,
        refusals.sixth,
    ):
        fails(refuse)
    for name in web.REQUESTS:
        serve(name)
    secret = os.environ["HOSTILE_SECRET"]
    account = SimpleNamespace(user="ada", api_key=f"{secret}-key", nested={"Authorization": f"Bearer {secret}-bearer"})
    fails(
        desk.login,
        f"{secret}-password",
        {"Cookie": f"session={secret}-cookie", "X-Auth-Token": f"{secret}-header"},
        account,
        f"postgres://app:{secret}-dsn@db/x?token={secret}-query and {secret}-password again",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
