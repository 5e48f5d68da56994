"""What a function found around it in production: files below the folder where it ran, functions that it awaits."""

from __future__ import annotations

from pathlib import Path

from conftest import REPOSITORY, failed

CAPTURED = """
import asyncio, logging, pathlib, sys

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")
""".replace("SOURCE", repr(str(REPOSITORY / "python" / "src")))

EXPORTS = '''"""Exports of a shop."""

from pathlib import Path

from flask import Flask, abort, request

app = Flask("shop")


@app.get("/exports/<month>")
def export(month):
    path = Path("exports") / f"{month}.csv"
    if not path.exists():
        abort(404)
    return str(pages(path, int(request.args["lines"])))


def pages(path, lines):
    """How many pages a file has."""
    return len(path.read_text().splitlines()) / lines
'''

ASKED = """
from shop.exports import app

pathlib.Path("exports").mkdir()
pathlib.Path("exports/2026-09.csv").write_text("a,b\\n1,2\\n")
client = app.test_client()
assert client.get("/exports/2026-09?lines=1").status_code == 200
assert client.get("/exports/2026-09?lines=0").status_code == 500
pathlib.Path("exports/2026-09.csv").unlink()
"""


def test_a_request_finds_the_files_that_were_there(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/exports.py", EXPORTS, CAPTURED + ASKED)
    groups = [group for group in shop.json("scan")["groups"] if "ZeroDivisionError" in group["title"]]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    # What stood in the file is not known.
    assert (candidate["strategy"], candidate["tier"]) == ("request", "draft"), candidate
    assert "made-up" in {evidence["name"] for evidence in candidate["evidence"]}
    assert '(tmp_path / "exports/2026-09.csv").touch()' in candidate["content"]
    shop.turns_green(candidate, "shop/exports.py", EXPORTS, "/ lines", "/ max(lines, 1)")
    assert not (shop.root / "exports" / "2026-09.csv").exists()


NOTICES = '''"""Notices of a shop."""


async def tell(order, send):
    """Tell what an order costs on average."""
    await send(f"order of {len(order)} lines")
    return sum(order) / len(order)
'''

TOLD = """
from shop.notices import tell


async def main():
    told = []

    async def send(text):
        told.append(text)

    try:
        await tell([], send)
    except ZeroDivisionError:
        logging.getLogger("shop").exception("nothing told")


asyncio.run(main())
"""


def test_what_a_function_awaits_can_be_awaited(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/notices.py", NOTICES, CAPTURED + TOLD)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert candidate["strategy"] == "replay", candidate
    assert "tell([], AsyncMock())" in candidate["content"]
    shop.turns_green(candidate, "shop/notices.py", NOTICES, "/ len(order)", "/ max(len(order), 1)")
