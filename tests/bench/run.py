#!/usr/bin/env python3
"""Runs Gu Wu over a folder of real crash bugs and leaves one generated test for each case.

    run.py --bench DIR --work DIR --mode capture|log [--only ID ...] [--json OUT] [--score]

DIR holds `bench.py` and `cases/`; WORK is the folder that `bench.py --work WORK setup` filled. In mode `log` Gu Wu sees
the case's production log and the buggy tree, in mode `capture` also what `guwu.capture` wrote while the production
scenario was played on the buggy tree. It never looks at the fixed tree or at what a case says about its bug.

The tests lie in WORK/guwu-MODE/tests as `test_ID.py`, where `bench.py score` finds them; `--score` calls it. Printed
and written to OUT: for each case strategy, proof, confidence, tier and seconds, and the totals.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# Of case.json: all that a generator may read. `id` and `project` name the folders.
READ = ("id", "project", "pythonpath", "env", "app")

HOOK = """
import os, sys
sys.path.insert(0, os.environ["GUWU_SOURCE"])
import guwu.capture
guwu.capture.install(os.environ["GUWU_CAPTURE_PATH"], roots=os.environ["GUWU_CAPTURE_ROOTS"].split(os.pathsep))
sys.path.remove(os.environ["GUWU_SOURCE"])
"""


def case_fields(folder: Path) -> dict[str, Any]:
    """The readable fields of a case."""
    fields = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return {name: fields[name] for name in READ}


def lay_out(case: dict[str, Any], folder: Path, work: Path, project: Path, name: str) -> list[str]:
    """Lays the project out as production had it, the tree under `name`; returns its source roots, relative to it."""
    if project.exists():
        shutil.rmtree(project)
    project.mkdir(parents=True)
    tree = project / name
    # Hard links: the trees are large, and nothing writes into them.
    shutil.copytree(
        work / case["id"] / "buggy",
        tree,
        copy_function=os.link,
        symlinks=True,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    roots = []
    if case["app"]:
        shutil.copytree(folder / "app", project / "app", ignore=shutil.ignore_patterns("__pycache__"))
        roots.append("app")
    for entry in case["pythonpath"]:
        roots.append(str((tree / entry).resolve().relative_to(project.resolve())))
    (project / "logs").mkdir()
    return roots


def environment(case: dict[str, Any], roots: list[str], work: Path, project: Path) -> dict[str, str]:
    """What the project's tests need around them."""
    path = [str(project / root) for root in roots]
    deps = work / case["id"] / "deps"
    if deps.is_dir():
        path.append(str(deps))
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "TMPDIR", "HOME") if name in os.environ}
    return {**kept, **case["env"], "PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}


def record(case: dict[str, Any], folder: Path, bench: Path, work: Path, project: Path) -> None:
    """Plays the production scenario with the recorder in it."""
    hook = work / "guwu-hook.py"
    hook.write_text(HOOK, encoding="utf-8")
    roots = [str(work / case["id"] / "buggy")]
    if case["app"]:
        roots.append(str((folder / "app").resolve()))
    out = project / "logs" / "guwu-failures.jsonl"
    subprocess.run(
        [
            sys.executable,
            str(bench / "bench.py"),
            "--work",
            str(work),
            "run",
            case["id"],
            "--side",
            "buggy",
            "--prelude",
            str(hook),
            "--log",
            str(project / "logs" / "prod.log"),
            "--env",
            f"GUWU_SOURCE={ROOT / 'python' / 'src'}",
            "--env",
            f"GUWU_CAPTURE_PATH={out}",
            "--env",
            f"GUWU_CAPTURE_ROOTS={os.pathsep.join(roots)}",
        ],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=300,
    )


def scan(guwu: Path, project: Path, roots: list[str], python: Path, env: dict[str, str]) -> dict[str, Any]:
    """One `guwu scan`; its report."""
    lines = [
        f"source-roots = {json.dumps(roots)}",
        'test-roots = ["guwu_tests"]',
        'logs = ["logs"]',
        f"python = {json.dumps(str(python))}",
    ]
    (project / "guwu.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = subprocess.run(
        [str(guwu), "scan", "--format", "json", "--exit-zero"],
        cwd=project,
        env=env,
        check=False,
        capture_output=True,
        text=True,
        timeout=900,
    )
    if done.returncode != 0:
        print(done.stderr[-2000:], file=sys.stderr)
        return {"groups": []}
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def candidates(report: dict[str, Any], *, skeletons: bool) -> list[dict[str, Any]]:
    """What was kept: tests, or what is only there to be filled in."""
    found = [c for group in report["groups"] for c in group.get("candidates", []) if c.get("tier") != "advise"]
    return [c for c in found if (c["strategy"] == "skeleton") is skeletons]


def best_candidate(report: dict[str, Any]) -> dict[str, Any] | None:
    """The test that Gu Wu thinks most of. A skeleton is none."""
    return max(candidates(report, skeletons=False), key=lambda c: c["confidence"], default=None)


def run_case(folder: Path, arguments: argparse.Namespace, home: Path) -> dict[str, Any]:
    """One case from its log to a test file."""
    case = case_fields(folder)
    work = arguments.work
    project = home / case["id"]
    # What was recorded here was recorded in a folder of that name.
    tree = "buggy" if arguments.mode == "capture" else case["project"]
    roots = lay_out(case, folder, work, project, tree)
    if arguments.mode == "capture":
        record(case, folder, arguments.bench, work, project)
    else:
        shutil.copy(folder / "prod.log", project / "logs" / "prod.log")
    env = environment(case, roots, work, project)
    began = time.monotonic()
    report = scan(arguments.guwu, project, roots, work / ".venv" / "bin" / "python", env)
    seconds = round(time.monotonic() - began, 1)
    row: dict[str, Any] = {
        "id": case["id"],
        "strategy": None,
        "layer": None,
        "proof": None,
        "confidence": None,
        "tier": None,
        "seconds": seconds,
        "failures": len(report["groups"]),
    }
    target = home / "tests" / f"test_{case['id']}.py"
    target.unlink(missing_ok=True)
    best = best_candidate(report)
    if best is not None:
        row.update({key: best.get(key) for key in ("strategy", "layer", "confidence", "tier")})
        row["proof"] = next((proof["outcome"] for proof in best.get("proofs", [])), None)
        target.write_text(best["content"], encoding="utf-8")
    elif candidates(report, skeletons=True):
        # Told, but nothing is delivered: it proves nothing.
        row["strategy"] = "skeleton"
    print(
        f"{case['id']:34s} {row['strategy'] or '-':9s} {row['proof'] or '-':16s} "
        f"{row['confidence'] if row['confidence'] is not None else '-'!s:6.6s} {row['tier'] or '-':7s} {seconds:6.1f} s",
        flush=True,
    )
    return row


def totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Counts over all cases."""
    seconds = sorted(row["seconds"] for row in rows)
    return {
        "cases": len(rows),
        "red_same": sum(row["proof"] == "red-same" for row in rows),
        "create": sum(row["tier"] == "create" for row in rows),
        "draft": sum(row["tier"] == "draft" for row in rows),
        "skeleton": sum(row["strategy"] == "skeleton" for row in rows),
        "median_seconds": statistics.median(seconds) if seconds else None,
        "p95_seconds": seconds[min(len(seconds) - 1, int(len(seconds) * 0.95))] if seconds else None,
    }


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=Path, required=True, help="folder with bench.py and cases/")
    parser.add_argument("--work", type=Path, required=True, help="folder that `bench.py setup` filled")
    parser.add_argument("--mode", choices=("capture", "log"), required=True)
    parser.add_argument("--only", nargs="+", metavar="ID", default=[])
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--score", action="store_true", help="call `bench.py score` in the end")
    parser.add_argument("--guwu", type=Path, help="the guwu binary; default: the one that was built here last")
    arguments = parser.parse_args()
    arguments.bench, arguments.work = arguments.bench.resolve(), arguments.work.resolve()
    if arguments.guwu is None:
        built = [ROOT / "target" / kind / "guwu" for kind in ("release", "debug")]
        if not any(path.exists() for path in built):
            print("building guwu, which takes some minutes once", file=sys.stderr)
            subprocess.run(["cargo", "build", "--release", "-p", "guwu"], cwd=ROOT, check=True)
        arguments.guwu = max((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    arguments.guwu = arguments.guwu.resolve()
    if not (arguments.work / ".venv").is_dir():
        print(f"`{arguments.work}` holds no trees; run `bench.py --work {arguments.work} setup` first", file=sys.stderr)
        return 2
    home = arguments.work / f"guwu-{arguments.mode}"
    (home / "tests").mkdir(parents=True, exist_ok=True)
    folders = sorted(path.parent for path in (arguments.bench / "cases").glob("*/case.json"))
    folders = [f for f in folders if not arguments.only or any(f.name.startswith(o) for o in arguments.only)]
    rows = [run_case(folder, arguments, home) for folder in folders]
    result: dict[str, Any] = {"mode": arguments.mode, "cases": rows, "totals": totals(rows)}
    print(json.dumps(result["totals"]))
    if arguments.score:
        scores = home / "scores.json"
        only = ["--only", *(f.name for f in folders)] if arguments.only else []
        subprocess.run(
            [
                sys.executable,
                str(arguments.bench / "bench.py"),
                "--work",
                str(arguments.work),
                "score",
                str(home / "tests"),
                "--json",
                str(scores),
                *only,
            ],
            check=False,
        )
        verdicts = {case["id"]: case for case in json.loads(scores.read_text(encoding="utf-8"))["cases"]}
        for row in rows:
            row["verdict"] = verdicts[row["id"]]["verdict"] if row["id"] in verdicts else None
        hits = sum(row["verdict"] in ("F2P", "F2P-other") for row in rows)
        wrong = [row["id"] for row in rows if row["tier"] == "create" and row["verdict"] not in ("F2P", "F2P-other")]
        result["totals"].update({"fail_to_pass": hits, "wrong_in_create": wrong})
        print(json.dumps(result["totals"]))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
