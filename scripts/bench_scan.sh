#!/usr/bin/env bash
# How fast guwu reads a big log, as a multiple of the time in which ripgrep counts one word in it.
#   scripts/bench_scan.sh [MB] [ROUNDS]      (256 MB and 5 rounds if not said)
# The log comes from the shared corpus' generator (beside the repository, or where GUWU_SHARED says); its truth file is
# checked first: a fast reader that finds the wrong failures is not fast. Logs are kept in target/bench.
set -euo pipefail
cd "$(dirname "$0")/.."

mb=${1:-256} rounds=${2:-5}
generator=${GUWU_SHARED:-../shared}/corpus/big_log.py
if [ ! -f "$generator" ]; then
  echo "skipped: no generator at $generator; set GUWU_SHARED to the folder that holds corpus/" >&2
  exit 0
fi
if ! command -v rg >/dev/null; then
  echo "skipped: no rg to compare with; install ripgrep" >&2
  exit 0
fi

cargo build --quiet --release -p guwu
mkdir -p target/bench
for mix in all json; do
  log=target/bench/$mix-$mb.log
  [ -f "$log.truth.json" ] || python3 "$generator" "$log" --mb "$mb" --mix "$mix"
  python3 scripts/bench_compare.py --guwu target/release/guwu --log "$log" --rounds "$rounds"
done
