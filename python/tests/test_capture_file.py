"""Lines are whole, also from several processes; the file is rotated and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from capture_support import TESTS, Lines, logged
from guwu import capture
from guwu.capture import _write

WRITES = """\
import sys
from pathlib import Path
from guwu import capture
from capture_support import logged
capture.install(sys.argv[1], roots=Path(sys.argv[0]).parent,
                limits=capture.Limits(per_minute=10**6, seconds=60, file=int(sys.argv[3])))

def fails(who, number, ballast):
    raise ValueError(number)

for number in range(60):
    logged(lambda: fails(sys.argv[2], number, ["x" * 4000] * (number % 50)))
assert capture.stats()["written"] == 60, capture.stats()
"""


def _run_writers(tmp_path: Path, largest: int) -> list[tuple[str, int]]:
    script = tmp_path / "writes.py"
    script.write_text(WRITES, encoding="utf-8")
    path = tmp_path / "logs" / "failures.jsonl"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])}
    running = [
        subprocess.Popen([sys.executable, str(script), str(path), name, str(largest)], env=environment)
        for name in "abcd"
    ]
    assert [each.wait(timeout=120) for each in running] == [0, 0, 0, 0]
    found = []
    for file in path.parent.iterdir():
        raw = file.read_bytes()
        assert raw.endswith(b"\n")
        for line in raw.splitlines():
            document = json.loads(line)
            (frame,) = [frame for frame in document["captured"]["frames"] if frame["qualname"] == "fails"]
            values = [argument["value"] for argument in frame["arguments"]]
            assert len(values[2]["v"]) + values[2].get("cut", 0) == values[1] % 50
            found.append((values[0], values[1]))
    return sorted(found)


def test_lines_of_four_processes_do_not_mix(tmp_path: Path) -> None:
    assert _run_writers(tmp_path, 10**9) == [(name, number) for name in "abcd" for number in range(60)]


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be renamed there")
def test_nothing_is_lost_when_four_processes_rotate(tmp_path: Path) -> None:
    # About 15 MB in files of 6: three of them, all of which are kept.
    assert _run_writers(tmp_path, 6_000_000) == [(name, number) for name in "abcd" for number in range(60)]
    assert (tmp_path / "logs" / "failures.jsonl.1").exists()


def test_old_files_are_kept_by_number(tmp_path: Path) -> None:
    path = tmp_path / "f.jsonl"
    for number in range(6):
        _write.append(str(path), f"{number}\n".encode(), largest=3, backups=2)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
        "f.jsonl": "5\n",
        "f.jsonl.1": "4\n",
        "f.jsonl.2": "3\n",
    }


def test_a_file_that_cannot_be_written_is_counted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    capture.install(tmp_path / "file" / "failures.jsonl", roots=Path(__file__).parent)
    try:
        logged(lambda: 1 / 0)
        assert capture.stats()["unwritten"] == 1
    finally:
        capture.uninstall()


def test_the_file_is_not_for_everyone(lines: Lines) -> None:
    logged(lambda: 1 / 0)
    assert os.name == "nt" or lines.path.stat().st_mode & 0o007 == 0
