"""Holds database drivers that connect in compiled code, which no audit hook sees, to the guard's rules. Part of Gu Wu.

It finds out where a driver is about to connect; whether that is allowed the guard says.
"""

import os
import sys
import threading

_importing = threading.local()
_check = [None]


def _decoded(text):
    return os.fsdecode(text) if isinstance(text, bytes) else text


def _words_of(text):
    """Host and socket folder of `host=a port=1`, `Server=a;…` or `postgresql://u@a/b`."""
    from urllib.parse import parse_qs, urlsplit

    if "://" in text:
        parts = urlsplit(text)
        query = parse_qs(parts.query)
        hosts = query.get("host", []) + query.get("hostaddr", [])
        for part in parts.netloc.rsplit("@", 1)[-1].split(","):
            hosts.append(part.rsplit(":", 1)[0] if not part.endswith("]") else part)
        return [host for host in hosts if host]
    hosts = []
    for part in text.replace(";", " ").split():
        key, _, value = part.partition("=")
        if key.strip().lower() in ("host", "hostaddr", "server"):
            hosts.extend(value.strip("'\"").replace("tcp:", "").split(","))
    return hosts


def _driver(original, label, default):
    def connect(*args, **kwargs):
        texts = [_decoded(a) for a in args if isinstance(a, (str, bytes))]
        hosts = [h for text in texts if "=" in text or "://" in text for h in _words_of(text)]
        for key in ("host", "hostaddr", "server", "unix_socket"):
            if kwargs.get(key):
                hosts.extend(str(kwargs[key]).split(","))
        dsn = kwargs.get("dsn") or kwargs.get("conninfo")
        if isinstance(dsn, (str, bytes)):
            hosts.extend(_words_of(_decoded(dsn)))
        for host in hosts or [default]:
            _check[0](host, label)
        return original(*args, **kwargs)

    return connect


# Module, function, where it connects to when nothing is said.
_DRIVERS = {
    "psycopg2": ("_connect", "/var/run/postgresql"),
    "psycopg.generators": ("connect", "/var/run/postgresql"),
    "MySQLdb._mysql": ("connect", "localhost"),
    "pyodbc": ("connect", "an unnamed server"),
    "pymssql": ("connect", "localhost"),
}


def _wrap_driver(module):
    name, default = _DRIVERS[module.__name__]
    setattr(module, name, _driver(getattr(module, name), module.__name__, default))


class _DriverFinder:
    """Wraps a driver as soon as it has been imported."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in _DRIVERS or getattr(_importing, "name", None) == name:
            return None
        import importlib.util

        _importing.name = name
        try:
            spec = importlib.util.find_spec(name)
        finally:
            _importing.name = None
        loader = getattr(spec, "loader", None)
        if loader is None or not hasattr(loader, "exec_module"):
            return spec
        run = loader.exec_module

        def exec_module(module):
            run(module)
            try:
                _wrap_driver(module)
            except Exception:
                pass

        try:
            loader.exec_module = exec_module
        except AttributeError:
            pass
        return spec


def watch(check):
    """From now on ``check(host, driver)`` is called before a driver connects."""
    _check[0] = check
    sys.meta_path.insert(0, _DriverFinder)
