"""Writes the log whose instructions bench_callgrind.sh counts: `bench_log.py text|json OUT [--mib 8]`.

The same arguments give the same bytes, on every machine and with every version of Python: the numbers come from a generator
of its own. One line in about five hundred is a failure; the others are what services say all day.
"""

import argparse
import json

SERVICES = ("orders", "cache", "graph", "auth", "billing", "search", "upload", "report")
PATHS = ("/api/orders", "/api/graph/refresh", "/healthz", "/static/app.js", "/login", "/api/search?q=bolt", "/docs/errors")
# What fails, and what the innermost frame was doing.
FAILURES = (
    ("KeyError", "'node:{n}'", "lookup", "return self.nodes[key]"),
    ("TypeError", "clear_cache() missing 1 required positional argument: 'graph_type'", "refresh", "self.clear_cache()"),
    ("sqlalchemy.exc.OperationalError", "(sqlite3.OperationalError) no such table: t{n}", "load", "session.execute(query)"),
    ("ValueError", "could not convert string to float: '{n}x'", "parse_price", "return float(text)"),
    ("ConnectionError", "HTTPConnectionPool(host='db-{n}', port=5432)", "connect", "sock.connect(address)"),
)


class Numbers:
    """The linear congruential generator of Numerical Recipes: what `random` gives may change with a version."""

    def __init__(self, seed: int) -> None:
        """Begins at a seed."""
        self.state = seed

    def below(self, limit: int) -> int:
        """The next number, below `limit`."""
        self.state = (self.state * 1664525 + 1013904223) % (1 << 32)
        return (self.state >> 8) % limit


def main() -> None:
    """Write lines until the size is reached."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("text", "json"))
    parser.add_argument("out")
    parser.add_argument("--mib", type=int, default=8)
    args = parser.parse_args()
    numbers = Numbers(20260205)
    line = {"text": text_line, "json": json_line}[args.kind]
    written = failures = milliseconds = 0
    with open(args.out, "wb") as out:
        while written < args.mib << 20:
            milliseconds += 1 + numbers.below(40)
            failing = numbers.below(500) == 0
            failures += failing
            written += out.write(line(numbers, milliseconds, failing).encode())
    print(f"{args.out}: {written} bytes, {failures} failures")


def clock(milliseconds: int) -> str:
    """A time of the day on which it all happened."""
    seconds, fraction = divmod(milliseconds, 1000)
    return f"2026-02-05 {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02},{fraction:03}"


def traceback(numbers: Numbers) -> str:
    """A failure of one of the kinds, some frames deep, one in four while another was handled."""
    kind, message, function, source = FAILURES[numbers.below(len(FAILURES))]
    n = numbers.below(1000)
    service = SERVICES[n % len(SERVICES)]
    lines = ["Traceback (most recent call last):"]
    for depth in range(1 + numbers.below(6)):
        lines += [f'  File "/srv/app/venv/lib/python3.11/site-packages/web/app.py", line {100 + depth}, in dispatch']
        lines += ["    response = handler(request)"]
    lines += [f'  File "/srv/app/{service}/service.py", line {n}, in {function}', f"    {source}"]
    lines += [f"{kind}: {message.format(n=n)}"]
    if n % 4 == 0:
        lines += ["", "During handling of the above exception, another exception occurred:", ""]
        lines += ["Traceback (most recent call last):"]
        lines += [f'  File "/srv/app/{service}/views.py", line {n}, in view', "    raise Unavailable(name) from None"]
        lines += [f"{service}.errors.Unavailable: {service}"]
    return "\n".join(lines)


def text_line(numbers: Numbers, milliseconds: int, failing: bool) -> str:
    """An access line, a record of `logging`, or a failing one."""
    n, time = numbers.below(1 << 20), clock(milliseconds)
    service = SERVICES[n % len(SERVICES)]
    if failing:
        return f"{time} - app.{service} - ERROR - request {n:06x} failed\n{traceback(numbers)}\n"
    if n % 2:
        path, status = PATHS[n % len(PATHS)], 404 if n % 50 == 1 else 200
        return (
            f'10.0.{n >> 12}.{n & 255} - - [05/Feb/2026:{time[11:19]} +0000] "GET {path} HTTP/1.1" {status} {n % 50000} "-" '
            f'"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"\n'
        )
    return f"{time} - app.{service} - INFO - request {n:06x} done in {n % 900}ms rows={n % 77} cache=miss\n"


def json_line(numbers: Numbers, milliseconds: int, failing: bool) -> str:
    """A record as python-json-logger writes it."""
    n = numbers.below(1 << 20)
    record = {
        "timestamp": clock(milliseconds),
        "level": "ERROR" if failing else "INFO",
        "name": f"app.{SERVICES[n % len(SERVICES)]}",
        "message": f"request {n:06x} failed" if failing else f"request {n:06x} done in {n % 900}ms",
        "rows": n % 500,
    }
    if failing:
        record["exc_info"] = traceback(numbers)
    return json.dumps(record) + "\n"


if __name__ == "__main__":
    main()
