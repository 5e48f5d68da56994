"""Rows that queries gave, where nothing maps them: what a function was given of them is made again of their columns."""

from __future__ import annotations

from pathlib import Path

from conftest import REPOSITORY, failed

CAPTURED = """
import logging, sqlite3, sys

sys.path.insert(0, SOURCE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log")
""".replace("SOURCE", repr(str(REPOSITORY / "python" / "src")))

POSTS = '''"""Posts in a database without a mapper."""

import sqlite3

from flask import Flask, abort, g

app = Flask("shop")


def database():
    if "database" not in g:
        g.database = sqlite3.connect("posts.sqlite")
        g.database.row_factory = sqlite3.Row
        g.database.execute("CREATE TABLE IF NOT EXISTS post (number INTEGER, title TEXT, body TEXT)")
    return g.database


@app.teardown_appcontext
def close(error=None):
    if "database" in g:
        g.pop("database").close()


@app.get("/posts/<int:number>")
def show(number):
    found = database().execute("SELECT title, body, length(title) FROM post WHERE number = ?", (number,)).fetchone()
    if found is None:
        abort(404)
    return {"title": found["title"], "summary": summary(found)}


def summary(post):
    return post["body"].split(".")[0]
'''

ASKED = """
from shop.posts import app, database

with app.app_context():
    database().execute("INSERT INTO post VALUES (2, 'Two', NULL)")
    database().commit()
assert app.test_client().get("/posts/2").status_code == 500
"""


def test_a_row_of_sqlite(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/posts.py", POSTS, CAPTURED + ASKED)
    # A developer has no such file.
    (shop.root / "posts.sqlite").unlink()
    groups = [group for group in shop.json("scan")["groups"] if "AttributeError" in group["title"]]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    assert 'sqlite_row(title="Two", body=None, **{"length(title)": 3})' in candidate["content"]
    shop.turns_green(candidate, "shop/posts.py", POSTS, 'post["body"]', '(post["body"] or "")')


PRICES = '''"""Prices, of rows that SQLAlchemy gives without a mapper."""


def price(row):
    return round(row.amount * row._mapping["rate"], 2)
'''

PRICED = """
from shop.prices import price
from sqlalchemy import create_engine, literal, select

engine = create_engine("sqlite://")
with engine.connect() as connection:
    row = connection.execute(select(literal(3).label("amount"), literal(None).label("rate"))).one()
try:
    price(row)
except TypeError:
    logging.getLogger("shop").exception("no price")
"""


def test_a_row_of_sqlalchemy(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/prices.py", PRICES, CAPTURED + PRICED)
    (group,) = shop.json("scan")["groups"]
    (candidate,) = group["candidates"]
    assert (candidate["strategy"], candidate["tier"]) == ("replay", "create"), candidate
    assert "price(sqlalchemy_row(amount=3, rate=None))" in candidate["content"]
    shop.turns_green(candidate, "shop/prices.py", PRICES, 'row._mapping["rate"]', '(row._mapping["rate"] or 0)')


BLOG = '''"""Posts of a blog, in the database that its application is told of."""

import sqlite3

from flask import Flask, abort, current_app, g

SCHEMA = """
CREATE TABLE writer (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE post (number INTEGER PRIMARY KEY, title TEXT NOT NULL, body TEXT, writer INTEGER NOT NULL);
"""


def create_app(database="blog.sqlite"):
    app = Flask("shop")
    app.config["DATABASE"] = database
    app.add_url_rule("/posts/<int:number>", view_func=show)
    app.teardown_appcontext(close)
    return app


def get_db():
    if "db" not in g:
        g.db = sqlite3.connect(current_app.config["DATABASE"])
        g.db.row_factory = sqlite3.Row
    return g.db


def close(error=None):
    if "db" in g:
        g.pop("db").close()


def show(number):
    post = get_db().execute("SELECT number, title, body FROM post WHERE number = ?", (number,)).fetchone()
    if post is None:
        abort(404)
    return {"title": post["title"], "summary": post["body"].split(".")[0]}
'''

FIXTURES = '''import pytest
from shop.blog import SCHEMA, create_app, get_db


@pytest.fixture
def app(tmp_path):
    app = create_app(str(tmp_path / "test.sqlite"))
    with app.app_context():
        get_db().executescript(SCHEMA)
    return app


@pytest.fixture
def client(app):
    return app.test_client()
'''

BLOGGED = """
from shop.blog import SCHEMA, create_app, get_db

app = create_app()
with app.app_context():
    get_db().executescript(SCHEMA)
    get_db().execute("INSERT INTO post VALUES (2, 'Two', NULL, 7)")
    get_db().commit()
assert app.test_client().get("/posts/2").status_code == 500
"""


def test_rows_of_sqlite_are_in_the_database_that_fixtures_make(tmp_path: Path) -> None:
    shop = failed(tmp_path, "shop/blog.py", BLOG, CAPTURED + BLOGGED)
    (shop.root / "tests" / "conftest.py").write_text(FIXTURES)
    before = (shop.root / "blog.sqlite").read_bytes()
    groups = [group for group in shop.json("scan")["groups"] if "AttributeError" in group["title"]]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    assert (candidate["strategy"], candidate["tier"]) == ("request", "create"), candidate
    assert 'insert_rows(get_db(), {"number": 2, "title": "Two", "body": None})' in candidate["content"]
    shop.turns_green(candidate, "shop/blog.py", BLOG, 'post["body"]', '(post["body"] or "")')
    # A developer's own database is not written to.
    assert (shop.root / "blog.sqlite").read_bytes() == before
