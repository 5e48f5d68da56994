"""What SQLAlchemy reads: the rows that production had loaded are in a test's database, which is never the developer's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import REPOSITORY, Project, failed

pytest.importorskip("sqlalchemy")

MODELS = '''

class Base(DeclarativeBase):
    """Base of the models."""


class Customer(Base):
    """Somebody who buys."""

    __tablename__ = "customers"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    api_token: Mapped[str] = mapped_column(unique=True)
    discount: Mapped[Optional[Decimal]] = mapped_column(Numeric(4, 2))
    orders: Mapped[List["Order"]] = relationship(back_populates="customer")


class Order(Base):
    """What somebody has bought."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    placed_at: Mapped[datetime]
    customer: Mapped[Customer] = relationship(back_populates="orders")
    lines: Mapped[List["Line"]] = relationship(back_populates="order")


class Line(Base):
    """A part of it."""

    __tablename__ = "lines"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    quantity: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    order: Mapped[Order] = relationship(back_populates="lines")


def total(order):
    """What an order costs."""
    amount = sum(line.price * line.quantity for line in order.lines)
    return amount - amount * order.customer.discount / 100
'''
HEAD = '''"""A shop."""

from datetime import datetime
from decimal import Decimal
from typing import List, Optional

from sqlalchemy import ForeignKey, Numeric, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship, sessionmaker
'''
ENGINE = 'engine = create_engine("sqlite:///shop.db", connect_args={"check_same_thread": False})\n'
FASTAPI = (
    HEAD
    + "from fastapi import Depends, FastAPI\n\n"
    + ENGINE
    + "SessionLocal = sessionmaker(bind=engine)\n"
    + MODELS
    + '''

def get_db():
    """Give a session."""
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


app = FastAPI()


@app.get("/orders/{order_id}/total")
def order_total(order_id: int, db: Session = Depends(get_db)):
    """What an order costs."""
    return {"total": str(total(db.get(Order, order_id)))}
'''
)
ASYNC = (
    HEAD.replace("sessionmaker\n", "selectinload, sessionmaker\n")
    + "from fastapi import Depends, FastAPI\n"
    + "from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine\n\n"
    + 'engine = create_async_engine("sqlite+aiosqlite:///shop.db")\n'
    + "SessionLocal = async_sessionmaker(engine)\n"
    + MODELS
    + '''

async def get_db():
    """Give a session."""
    async with SessionLocal() as db:
        yield db


app = FastAPI()


@app.get("/orders/{order_id}/total")
async def order_total(order_id: int, db: AsyncSession = Depends(get_db)):
    """What an order costs."""
    wanted = select(Order).where(Order.id == order_id)
    loaded = wanted.options(selectinload(Order.lines), selectinload(Order.customer))
    return {"total": str(total((await db.execute(loaded)).scalar_one()))}
'''
)
FLASK = (
    HEAD
    + "from flask import Flask\n\n"
    + ENGINE
    + MODELS
    + '''

app = Flask("shop")


@app.get("/orders/<int:order_id>/total")
def order_total(order_id):
    """What an order costs."""
    with Session(engine) as session:
        return {"total": str(total(session.get(Order, order_id)))}
'''
)
FLASK_SQLALCHEMY = (
    HEAD
    + "from pathlib import Path\n\nfrom flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n"
    + re.sub(r"(class \w+)\(Base\)", r"\1(db.Model)", MODELS).replace(
        "class Customer", "db = SQLAlchemy(model_class=Base)\n\n\nclass Customer"
    )
    + '''

def create_app(uri=None):
    """Return the application."""
    app = Flask("shop")
    app.config["SQLALCHEMY_DATABASE_URI"] = uri or f"sqlite:///{Path.cwd()}/shop.db"
    db.init_app(app)

    @app.get("/orders/<int:order_id>/total")
    def order_total(order_id):
        order = db.session.get(Order, order_id)
        amount = sum(line.price * line.quantity for line in order.lines)
        return {"total": str(amount - amount * order.customer.discount / 100)}

    return app
'''
)
FLASK_FIXTURES = """import pytest

from shop.orders import create_app, db


@pytest.fixture
def app():
    app = create_app("sqlite://")
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture
def client(app):
    return app.test_client()
"""
WORKER = (
    HEAD
    + MODELS
    + '''

def report(session: Session, customer_id: int):
    """What a customer has spent."""
    orders = session.scalars(select(Order).where(Order.customer_id == customer_id)).all()
    return sum(total(order) for order in orders)
'''
)
FIXTURES = """import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import StaticPool

from shop.orders import Base, app, get_db


@pytest.fixture
def session():
    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    Base.metadata.create_all(engine)
    with sessionmaker(bind=engine)() as session:
        yield session


@pytest.fixture
def client(session):
    app.dependency_overrides[get_db] = lambda: session
    yield TestClient(app)
    app.dependency_overrides.clear()
"""
ASYNC_FIXTURES = """import httpx
import pytest

from shop.orders import SessionLocal, app


@pytest.fixture
async def session():
    async with SessionLocal() as session:
        yield session


@pytest.fixture
async def client(session):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://shop") as client:
        yield client
"""
FIXED = ("order.customer.discount / 100", "(order.customer.discount or 0) / 100")

PRODUCTION = """
import datetime, decimal, logging, os, sys

os.environ["DATABASE_URL"] = "sqlite:///shop.db"

sys.path.insert(0, CAPTURE)
import guwu.capture

guwu.capture.install("logs/guwu-failures.jsonl")
logging.basicConfig(filename="logs/app.log", level="INFO", format="%(asctime)s %(levelname)s %(name)s: %(message)s")

from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from shop import orders as shop

engine = getattr(shop, "engine", None)
if engine is None or hasattr(engine, "sync_engine"):
    engine = create_engine("sqlite:///shop.db")
shop.Order.metadata.create_all(engine)
with Session(engine) as session:
    ann = shop.Customer(id=7, name="Ann", api_token="tok-9f8e7d6c5b4a", discount=None)
    placed = datetime.datetime(2026, 1, 2)
    line = shop.Line(quantity=2, price=decimal.Decimal("3.5"))
    session.add(shop.Order(id=12, customer=ann, placed_at=placed, lines=[line]))
    session.commit()
"""
SERVE = {
    "fastapi": """
from fastapi.testclient import TestClient
from starlette.middleware.errors import ServerErrorMiddleware

class Server:
    async def __call__(self, scope, receive, send):
        try:
            await shop.app(scope, receive, send)
        except Exception as error:
            logging.getLogger("uvicorn.error").error("Exception in ASGI application", exc_info=error)
            raise

assert TestClient(Server(), raise_server_exceptions=False).get("/orders/12/total").status_code == 500
logging.getLogger("uvicorn.access").info('127.0.0.1:50000 - "GET /orders/12/total HTTP/1.1" 500')
""",
    "flask": """
app = shop.app if hasattr(shop, "app") else shop.create_app()
assert app.test_client().get("/orders/12/total").status_code == 500
""",
    "worker": """
with Session(engine) as session:
    try:
        shop.report(session, 7)
    except TypeError:
        logging.getLogger("worker").exception("no report")
""",
}


@dataclass
class Layout:
    """How a project reaches its database."""

    source: str
    serve: str
    wanted: list[str]
    files: dict[str, str] = field(default_factory=dict)


LAYOUTS = {
    "a sessionmaker": Layout(FASTAPI, "fastapi", ['monkeypatch.setitem(SessionLocal.kw, "bind", engine)']),
    "an address that the environment tells": Layout(
        FASTAPI.replace("from fastapi", "import os\nfrom fastapi").replace('"sqlite:///shop.db"', 'os.environ["DATABASE_URL"]'),
        "fastapi",
        ['os.environ.setdefault("DATABASE_URL", "sqlite://")', 'monkeypatch.setitem(SessionLocal.kw, "bind", engine)'],
    ),
    "an async_sessionmaker": Layout(ASYNC, "fastapi", ['monkeypatch.setitem(SessionLocal.kw, "bind", async_engine)']),
    "a sessionmaker of AsyncSession": Layout(
        ASYNC.replace("async_sessionmaker(engine)", "sessionmaker(engine, class_=AsyncSession)"),
        "fastapi",
        ['monkeypatch.setitem(SessionLocal.kw, "bind", async_engine)'],
    ),
    "fixtures that have to be awaited": Layout(
        ASYNC, "fastapi", ["(tmp_path, monkeypatch)", "client = TestClient(app)"], {"tests/conftest.py": ASYNC_FIXTURES}
    ),
    "fixtures": Layout(FASTAPI, "fastapi", ["(client, session)", "session.commit()"], {"tests/conftest.py": FIXTURES}),
    "an engine": Layout(FLASK, "flask", ['monkeypatch.setattr("shop.orders.engine", engine)']),
    "a scoped_session": Layout(
        FLASK.replace("sessionmaker\n", "scoped_session, sessionmaker\n")
        .replace(ENGINE, ENGINE + "db_session = scoped_session(sessionmaker(autoflush=False, bind=engine))\n")
        .replace("with Session(engine) as session:", "with db_session() as session:"),
        "flask",
        ['monkeypatch.setitem(db_session.session_factory.kw, "bind", engine)'],
    ),
    "a function that gives the engine": Layout(
        FLASK.replace(ENGINE, "@lru_cache\ndef get_engine():\n    " + ENGINE + "    return engine\n")
        .replace("from decimal", "from functools import lru_cache\nfrom decimal")
        .replace("with Session(engine) as", "with Session(get_engine()) as"),
        "flask",
        ['monkeypatch.setattr("shop.orders.get_engine", lambda *_: engine)'],
    ),
    "Flask-SQLAlchemy": Layout(FLASK_SQLALCHEMY, "flask", ["monkeypatch.setitem(db.engines, None, engine)"]),
    "fixtures of Flask-SQLAlchemy": Layout(
        FLASK_SQLALCHEMY, "flask", ["(client, app)", "db.session.commit()"], {"tests/conftest.py": FLASK_FIXTURES}
    ),
    "a session that is given": Layout(WORKER, "worker", ["session = Session(engine)", "report(session, 7)"]),
}


def shop_of(layout: Layout, folder: Path) -> Project:
    """The shop after its production has failed."""
    program = PRODUCTION.replace("CAPTURE", repr(str(REPOSITORY / "python" / "src"))) + SERVE[layout.serve]
    shop = failed(folder, "shop/orders.py", layout.source, program)
    for name, text in layout.files.items():
        (shop.root / name).write_text(text)
    return shop


def needs(layout: Layout) -> None:
    """Skip where something is not installed."""
    if layout.serve in ("fastapi", "flask"):
        pytest.importorskip(layout.serve)
    for module in ("flask_sqlalchemy", "aiosqlite"):
        if module in layout.source:
            pytest.importorskip(module)


def only_candidate(shop: Project) -> dict[str, Any]:
    """What was made for the one failure."""
    groups = shop.json("scan")["groups"]
    (candidate,) = [candidate for group in groups for candidate in group["candidates"]]
    return candidate


@pytest.mark.parametrize("name", LAYOUTS)
def test_rows_that_production_had_loaded_are_in_the_database_of_the_test(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    needs(layout)
    shop = shop_of(layout, tmp_path)
    candidate = only_candidate(shop)
    content = candidate["content"]
    assert candidate["tier"] == "create", candidate
    for wanted in (*layout.wanted, "discount=None", "api_token="):
        assert wanted in content, content
    assert "9f8e7d6c5b4a" not in content, "a secret"
    turns_green(shop, layout, content)


@pytest.mark.parametrize("name", ["a sessionmaker", "an async_sessionmaker", "fixtures", "an engine", "Flask-SQLAlchemy"])
def test_what_fails_for_any_row_fails_for_one_that_is_made_up(name: str, tmp_path: Path) -> None:
    layout = LAYOUTS[name]
    needs(layout)
    program = PRODUCTION.replace("sys.path.insert(0, CAPTURE)\nimport guwu.capture\n", "")
    program = program.replace('guwu.capture.install("logs/guwu-failures.jsonl")\n', "")
    assert "guwu" not in program
    shop = failed(tmp_path, "shop/orders.py", layout.source, program + SERVE[layout.serve])
    for path, text in layout.files.items():
        (shop.root / path).write_text(text)
    candidate = only_candidate(shop)
    assert (candidate["tier"], candidate["strategy"]) == ("draft", "request"), candidate
    assert ".metadata, 12)" in candidate["content"], candidate["content"]
    assert "discount" not in candidate["content"]
    turns_green(shop, layout, candidate["content"])


def turns_green(shop: Project, layout: Layout, content: str) -> None:
    """The test is red where only the sources are, and green when they are mended."""
    (shop.root / "shop.db").unlink()
    test = shop.root / "tests" / "test_found.py"
    test.write_text(content)
    red = shop.pytest("tests/test_found.py")
    assert red.returncode == 1, red.stdout
    assert re.search(r"TypeError: unsupported operand", red.stdout), red.stdout
    (shop.root / "shop" / "orders.py").write_text(layout.source.replace(*FIXED))
    green = shop.pytest("tests/test_found.py")
    assert green.returncode == 0, green.stdout
    assert not (shop.root / "shop.db").exists(), "the application's own database was opened"
