"""Runs every check, one after the other, and says in the end how many steps passed.

A step is a target of the Makefile and passes when `make` says so; nothing of what it prints is interpreted. A step that
fails does not stop the others. Steps can be named: `python3 scripts/run_tests.py fmt clippy`.
"""

import os
import subprocess
import sys
import time

STEPS = [
    "fmt",
    "core-deps",
    "clippy",
    "clippy-wasm",
    "build",
    "cargo-test",
    "npm-build",
    "npm-test",
    "web-demo-test",
    "python-lint",
    "python-test",
]


def main(names: list[str]) -> int:
    """Run the named steps, or all; 0 when each of them passed."""
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    failed: list[str] = []
    steps = names or STEPS
    for step in steps:
        print(f"--- {step}", flush=True)
        began = time.monotonic()
        status = subprocess.run(["make", "--no-print-directory", step], cwd=root, check=False).returncode
        if status != 0:
            failed.append(step)
        word = "passed" if status == 0 else f"FAILED with status {status}"
        print(f"--- {step}: {word} after {time.monotonic() - began:.0f} s\n", flush=True)
    for step in failed:
        print(f"failed: {step} (again: `make {step}`)")
    print(f"steps: {len(steps) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
