"""Classes whose instances stand for something outside of them or are computed when asked: only their type is written.

Reading one of them would say little, and what it stands for is not here. By the names of the class and its bases, so
that nothing has to be imported. It deliberately decides nothing about classes that only hold data.
"""

from __future__ import annotations

from typing import Optional

from guwu.capture import _reflect

_REQUESTS = {
    "django.http.request:HttpRequest": "django",
    "flask.wrappers:Request": "flask",
    "werkzeug.sansio.request:Request": "wsgi",
    "starlette.requests:HTTPConnection": "starlette",
    "rest_framework.request:Request": "django",
    "aiohttp.web_request:BaseRequest": "aiohttp",
    "tornado.httputil:HTTPServerRequest": "tornado",
}
_APPLICATIONS = {
    "flask.app:Flask": "flask",
    "fastapi.applications:FastAPI": "fastapi",
    "starlette.applications:Starlette": "starlette",
}
#: Of these, what they hold is written: a handler needs the settings.
_OPEN_APPLICATIONS = {
    "aiohttp.web_app:Application": "aiohttp",
    "tornado.web:Application": "tornado",
}

_GENERATOR, _LAZY, _STREAM, _CONNECTION, _NATIVE = "generator", "lazy", "stream", "connection", "native"

_WHY = {
    **dict.fromkeys(_REQUESTS, "request"),
    **dict.fromkeys(_APPLICATIONS, "app"),
    "sanic.request:Request": "request",
    "werkzeug.wrappers.response:Response": _STREAM,
    "celery.app.base:Celery": "app",
    "django.core.handlers.base:BaseHandler": "app",
    "builtins:generator": _GENERATOR,
    "builtins:coroutine": _GENERATOR,
    "builtins:async_generator": _GENERATOR,
    "builtins:map": _GENERATOR,
    "builtins:filter": _GENERATOR,
    "builtins:zip": _GENERATOR,
    "builtins:enumerate": _GENERATOR,
    "builtins:reversed": _GENERATOR,
    "_asyncio:Future": _LAZY,
    "_asyncio:Task": _LAZY,
    "asyncio.futures:Future": _LAZY,
    "concurrent.futures._base:Future": _LAZY,
    "django.db.models.query:QuerySet": _LAZY,
    "django.db.models.query:RawQuerySet": _LAZY,
    "django.db.models.manager:BaseManager": _LAZY,
    "django.db.models.sql.query:Query": _LAZY,
    "django.utils.functional:LazyObject": _LAZY,
    "django.utils.functional:Promise": _LAZY,
    "sqlalchemy.orm.query:Query": _LAZY,
    "sqlalchemy.sql.base:Executable": _LAZY,
    "sqlalchemy.sql.elements:ClauseElement": _LAZY,
    "sqlalchemy.engine.result:Result": _LAZY,
    "sqlalchemy.orm.state:InstanceState": _LAZY,
    "werkzeug.local:LocalProxy": _LAZY,
    "celery.local:Proxy": _LAZY,
    "celery.result:ResultBase": _LAZY,
    "_io:_IOBase": _STREAM,
    "tempfile:_TemporaryFileWrapper": _STREAM,
    "asyncio.streams:StreamReader": _STREAM,
    "asyncio.streams:StreamWriter": _STREAM,
    "socket:socket": _CONNECTION,
    "_socket:socket": _CONNECTION,
    "ssl:SSLContext": _CONNECTION,
    "_ssl:_SSLContext": _CONNECTION,
    "sqlite3:Connection": _CONNECTION,
    "sqlite3:Cursor": _CONNECTION,
    "http.client:HTTPConnection": _CONNECTION,
    "smtplib:SMTP": _CONNECTION,
    "ftplib:FTP": _CONNECTION,
    "asyncio.transports:BaseTransport": _CONNECTION,
    "multiprocessing.connection:_ConnectionBase": _CONNECTION,
    "requests.sessions:Session": _CONNECTION,
    "requests.adapters:BaseAdapter": _CONNECTION,
    "urllib3.poolmanager:PoolManager": _CONNECTION,
    "urllib3.connectionpool:ConnectionPool": _CONNECTION,
    "httpx:Client": _CONNECTION,
    "httpx:AsyncClient": _CONNECTION,
    "httpx._client:BaseClient": _CONNECTION,
    "aiohttp.client:ClientSession": _CONNECTION,
    "redis.client:Redis": _CONNECTION,
    "redis.connection:ConnectionPool": _CONNECTION,
    "pymongo.mongo_client:MongoClient": _CONNECTION,
    "pymongo.database:Database": _CONNECTION,
    "pymongo.collection:Collection": _CONNECTION,
    "psycopg:Connection": _CONNECTION,
    "psycopg.connection:Connection": _CONNECTION,
    "psycopg:Cursor": _CONNECTION,
    "asyncpg.connection:Connection": _CONNECTION,
    "asyncpg.pool:Pool": _CONNECTION,
    "django.db.backends.base.base:BaseDatabaseWrapper": _CONNECTION,
    "django.utils.connection:BaseConnectionHandler": _CONNECTION,
    "sqlalchemy.orm.session:Session": _CONNECTION,
    "sqlalchemy.orm.session:sessionmaker": _CONNECTION,
    "sqlalchemy.orm.scoping:scoped_session": _CONNECTION,
    "sqlalchemy.engine.base:Connection": _CONNECTION,
    "sqlalchemy.engine.base:Engine": _CONNECTION,
    "sqlalchemy.ext.asyncio.session:AsyncSession": _CONNECTION,
    "sqlalchemy.ext.asyncio.engine:AsyncEngine": _CONNECTION,
    "botocore.client:BaseClient": _CONNECTION,
    "kombu.connection:Connection": _CONNECTION,
    "threading:Thread": _NATIVE,
    "subprocess:Popen": _NATIVE,
    "multiprocessing.process:BaseProcess": _NATIVE,
    "concurrent.futures._base:Executor": _NATIVE,
    "asyncio.events:AbstractEventLoop": _NATIVE,
    "unittest.mock:NonCallableMock": _NATIVE,
    "typing:_Final": _NATIVE,
    "types:FrameType": _NATIVE,
}


def why(bases: list[str]) -> Optional[str]:
    """Return why an instance of a class with these names is not looked into; None when it is."""
    for base in bases:
        found = _WHY.get(base)
        if found is not None:
            return found
    # An iterator of a builtin container, itertools and the like.
    if bases[0].startswith("itertools:") or (bases[0].startswith("builtins:") and bases[0].endswith("iterator")):
        return _GENERATOR
    return None


def framework_of_request(cls: type) -> Optional[str]:
    """Return the framework of a class of requests; None for every other class."""
    return _first(cls, _REQUESTS)


def framework_of_application(cls: type) -> Optional[str]:
    """Return the framework of a class of web applications; None for every other class."""
    return _first(cls, {**_APPLICATIONS, **_OPEN_APPLICATIONS})


def _first(cls: type, known: dict[str, str]) -> Optional[str]:
    for base in _reflect.mro(cls):
        found = known.get(_reflect.class_name(base))
        if found is not None:
            return found
    return None
