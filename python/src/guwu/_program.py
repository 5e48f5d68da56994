"""Runs the program with a time limit and keeps what it said, however it behaves. It judges nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Optional

#: Bytes kept of each stream; an alert has some hundreds.
KEPT = 64 * 1024

#: Seconds that the streams may stay open after the program has ended (a child may hold them).
_AFTERWARDS = 1.0


@dataclass(frozen=True)
class Outcome:
    """How a run went."""

    #: Exit status, negative for a signal; ``None``: not ended within the limit.
    status: Optional[int]
    stdout: str
    stderr: str


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float) -> Outcome:
    """Run a command to its end or to the limit (seconds), when it is killed with its children.

    Raises OSError where the command can not be started.
    """
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A session of its own: it can be killed as a whole, and Ctrl-C reaches us alone.
        start_new_session=True,
    )
    streams = (_Stream(process.stdout), _Stream(process.stderr))
    status: Optional[int] = None
    try:
        status = process.wait(timeout)
    except subprocess.TimeoutExpired:
        pass
    finally:
        if status is None:
            _kill(process)
        for stream in streams:
            stream.reader.join(_AFTERWARDS)
    return Outcome(status, streams[0].text(), streams[1].text())


class _Stream:
    """Reads a pipe to its end, so that the writer never waits, and keeps the beginning."""

    def __init__(self, pipe: Optional[IO[bytes]]) -> None:
        self._kept = bytearray()
        self.reader = threading.Thread(target=self._read, args=(pipe,), daemon=True, name="guwu")
        self.reader.start()

    def _read(self, pipe: Optional[IO[bytes]]) -> None:
        if pipe is None:
            return
        with contextlib.suppress(OSError, ValueError), pipe:
            while True:
                piece = os.read(pipe.fileno(), 1 << 16)
                if not piece:
                    return
                self._kept += piece[: KEPT - len(self._kept)]

    def text(self) -> str:
        return bytes(self._kept).decode("utf-8", errors="replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(process.pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    else:
        # Children that made process groups of their own are still in the session.
        for pid in _session(process.pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_AFTERWARDS)


def _session(leader: int) -> list[int]:
    """The processes of a session, where the system has `/proc`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # 4242 (a name) S 1 4242 4242 …: parent, group, session behind the last bracket.
            fields = entry.read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == leader:
                found.append(int(entry.parent.name))
    return found
