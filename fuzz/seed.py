#!/usr/bin/env python3
"""Writes the first inputs of each fuzz target into fuzz/corpus/TARGET, from the fixtures of this tree.

    python3 fuzz/seed.py [--longest 4096]

Where the shared corpus lies beside the repository (or GUWU_SHARED names it) its traces and logs are seeds as well.
Nothing of it is committed: what is written is ignored by git, named after its content, and the same every time.
"""

import argparse
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGETS = ("python", "javascript", "framer", "triage")


def main() -> None:
    """Write every seed that is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--longest", type=int, default=4096, help="bytes of the longest seed, as in -max_len")
    longest = parser.parse_args().longest
    python, javascript = [*fixtures("python")], [*fixtures("js")]
    folders = [ROOT / "core" / "tests" / "fixtures" / name for name in ("logs", "formats")]
    logs = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.log"))]
    shared = Path(os.environ.get("GUWU_SHARED", ROOT.parent / "shared")) / "corpus"
    if shared.is_dir():
        python += rows(shared / "python.jsonl")
        javascript += [*rows(shared / "js_engines.jsonl"), *rows(shared / "js_peers.jsonl")]
        logs += [path.read_bytes() for path in sorted((shared / "logs").glob("*.log"))]
    else:
        print("no shared corpus: the seeds come from this tree's fixtures alone")
    pieces = [piece for log in logs for piece in windows(log, longest)]
    # Each trace in two of the wrappings: all of them would say the same many times over.
    records = []
    for number, trace in enumerate([*python, *javascript]):
        ways = [*wrapped(trace)]
        records += [ways[number % len(ways)], ways[(number + 4) % len(ways)]]
    seeds = {
        "python": python + pieces,
        "javascript": javascript + pieces,
        "framer": records + pieces,
        "triage": python + javascript + records + pieces,
    }
    for target in TARGETS:
        folder = ROOT / "fuzz" / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        kept = {seed for seed in seeds[target] if 0 < len(seed) <= longest}
        for seed in kept:
            (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
        print(f"{target}: {len(kept)} seeds")


def fixtures(platform: str) -> Iterator[bytes]:
    """What programs printed, kept as fixtures."""
    names = {"python": ("python",), "js": ("js", "javascript")}[platform]
    for folder in (ROOT / "tests" / "fixtures", ROOT / "core" / "tests" / "fixtures"):
        for name in names:
            for path in sorted((folder / name).glob("*.txt")):
                yield path.read_bytes()


def rows(path: Path) -> Iterator[bytes]:
    """The input of each row of a file of samples."""
    with path.open("rb") as lines:
        for line in lines:
            text = json.loads(line).get("input")
            if isinstance(text, str):
                yield text.encode("utf-8", "replace")


def windows(log: bytes, longest: int) -> Iterator[bytes]:
    """A log in pieces of whole lines, none longer than `longest` unless its line is."""
    piece = b""
    for line in log.splitlines(keepends=True):
        if piece and len(piece) + len(line) > longest:
            yield piece
            piece = b""
        piece += line
    yield piece


def wrapped(trace: bytes) -> Iterator[bytes]:
    """A trace as logs carry it: below a record's header, in JSON, in the lines of a container, in UTF-16."""
    text = trace.decode("utf-8", "replace")
    header = "2026-02-05 10:00:00,123 - app.cache - ERROR - refresh failed"
    after = "2026-02-05 10:00:01,000 - app.cache - INFO - next"
    record = f"{header}\n{text}\n{after}\n"
    yield record.encode()
    yield json.dumps({"level": "ERROR", "message": "refresh failed", "exc_info": text}).encode() + b"\n"
    yield json.dumps({"level": 50, "time": 1770285600000, "msg": "failed", "err": {"stack": text}}).encode() + b"\n"
    lines = record.splitlines()
    stamp = "2026-02-05T10:00:00.123456789Z"
    yield "".join(f"{stamp} stderr F {line}\n" for line in lines).encode()
    yield b"".join(json.dumps({"log": f"{line}\n", "stream": "stderr", "time": stamp}).encode() + b"\n" for line in lines)
    yield "".join(f"web-1  | {line}\n" for line in lines).encode()
    yield f"{header} {text!r}\n".encode()
    yield record.replace("\n", "\r\n").encode()
    yield record.encode("utf-16")


if __name__ == "__main__":
    main()
