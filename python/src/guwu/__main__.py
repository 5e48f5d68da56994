"""``python -m guwu``: the ``guwu`` program of this interpreter's installation."""

from __future__ import annotations

import os
import subprocess
import sys

from guwu._find_guwu import find_guwu


def main() -> int:
    """Run the program with this command line and hand on how it ended."""
    try:
        program = find_guwu()
    except FileNotFoundError as error:
        print(f"guwu: {error}", file=sys.stderr)
        return 2
    if sys.platform != "win32":
        os.execvp(program, [program, *sys.argv[1:]])
    # exec on Windows lets the caller go on before the program has ended.
    return subprocess.run([program, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
