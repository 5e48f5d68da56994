"""Appends a line to the file of failures: one write a line, so that lines of several processes never mix.

A file that has grown too large becomes `….1`, that one `….2` and so on. What cannot be written is the caller's to
count. It deliberately keeps no file open and takes no lock but the one of rotating.
"""

from __future__ import annotations

import contextlib
import os

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_APPEND
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NOINHERIT", 0)
    | getattr(os, "O_NOCTTY", 0)
)
#: Values of production are for those who may read its logs.
_MODE = 0o640


def append(path: str, line: bytes, largest: int, backups: int) -> None:
    """Append a line that ends with a newline; OSError when that cannot be done."""
    descriptor = _open(path)
    try:
        size = os.fstat(descriptor).st_size
        if size and size + len(line) > largest and _rotate(path, descriptor, backups):
            os.close(descriptor)
            descriptor = -1
            descriptor = _open(path)
        written = os.write(descriptor, line)
        if written < len(line):  # a full disk; what follows must not be taken for this line's rest
            os.write(descriptor, b"\n")
            raise OSError("line was not written completely")
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def _open(path: str) -> int:
    try:
        return os.open(path, _FLAGS, _MODE)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return os.open(path, _FLAGS, _MODE)


def _rotate(path: str, descriptor: int, backups: int) -> bool:
    """Move the file out of the way; False when another process is doing that or it cannot be done."""
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        # Released when the file is closed. Another process may have been faster.
        with contextlib.suppress(OSError):
            here, there = os.fstat(descriptor), os.stat(path)
            if (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
                return True
    try:
        if backups <= 0:
            os.unlink(path)
            return True
        for number in range(backups - 1, 0, -1):
            with contextlib.suppress(FileNotFoundError):
                os.replace(f"{path}.{number}", f"{path}.{number + 1}")
        os.replace(path, f"{path}.1")
    except OSError:
        return False
    return True
