"""Checks what guwu finds in a generated log against its truth file, then times it beside ripgrep.

One round runs each command once, so that whatever else the machine does falls on all of them; medians of the rounds are
compared. Peak memory is what the kernel counted for that one process. Called by bench_scan.sh.
"""

import argparse
import collections
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple


class Run(NamedTuple):
    """What one run of a command took."""

    seconds: float
    """On the clock."""
    processor: float
    """Of processor time, user and system."""
    peak: float
    """MiB of memory at most."""


def main() -> int:
    """Check, time, print; 1 when the counts are wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--guwu", required=True, type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--log", required=True, type=lambda path: str(Path(path).resolve()))
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    size = os.path.getsize(args.log) / (1 << 20)
    print(f"\n{os.path.basename(args.log)}: {size:.0f} MiB, {args.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    right = check(args.guwu, args.log)
    runs = time_all(args.guwu, args.log, args.rounds)
    base = statistics.median(run.seconds for run in runs["rg"])
    base_processor = statistics.median(run.processor for run in runs["rg"])
    print(f"{'':8}{'median s':>10}{'MiB/s':>8}{'x rg':>7}{'cpu s':>8}{'x rg':>7}{'peak MiB':>10}")
    for name, all_of_it in runs.items():
        seconds = statistics.median(run.seconds for run in all_of_it)
        processor = statistics.median(run.processor for run in all_of_it)
        peak = max(run.peak for run in all_of_it)
        print(
            f"{name:8}{seconds:10.3f}{size / seconds:8.0f}{seconds / base:7.2f}"
            f"{processor:8.2f}{processor / base_processor:7.2f}{peak:10.1f}"
        )
    return 0 if right else 1


def check(guwu: str, log: str) -> bool:
    """Whether the failures are those that were written into the log: how many, and of which types."""
    truth = json.loads(Path(log + ".truth.json").read_text())
    found: collections.Counter[str] = collections.Counter()
    with subprocess.Popen([guwu, "triage", log, "--format", "jsonl"], stdout=subprocess.PIPE) as process:
        for line in process.stdout:
            failure = json.loads(line)
            primary = [e for e in failure["exceptions"] if not e["group_path"]][-1]
            found[".".join(part for part in (primary["module"], primary["type"]) if part)] += failure["count"]
    wanted = collections.Counter(truth["by_type"])
    total = sum(found.values())
    print(f"failures: {total} found, {truth['failures']} written, {len(found)} types")
    for kind in sorted({*found, *wanted}):
        if found[kind] != wanted[kind]:
            print(f"  WRONG {kind or '(no type)'}: {found[kind]} found, {wanted[kind]} written")
    return found == wanted


def time_all(guwu: str, log: str, rounds: int) -> dict[str, list[Run]]:
    """Each command once a round; the round before the first warms the file cache and is not counted."""
    runs: dict[str, list[Run]] = {"rg": [], "scan": [], "triage": []}
    for number in range(rounds + 1):
        # A store of its own, else the second scan would find the log read.
        with tempfile.TemporaryDirectory() as project:
            (Path(project) / "guwu.toml").touch()
            commands = {
                "rg": ["rg", "-c", "Traceback", log],
                "scan": [guwu, "scan", "--no-generate", log],
                "triage": [guwu, "triage", log, "--format", "jsonl"],
            }
            for name, command in commands.items():
                run = measure(command, project)
                if number > 0:
                    runs[name].append(run)
    return runs


def measure(command: list[str], folder: str) -> Run:
    """Runs a command with its output thrown away."""
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1: failures were found.
    if process.returncode not in (0, 1):
        sys.exit(f"`{' '.join(command)}` ended with status {process.returncode}; run it to see why")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
