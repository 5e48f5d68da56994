#!/usr/bin/env bash
# Counts the instructions that `guwu triage` runs for each MiB of a fixed log, and writes them to benches/instructions.txt.
# Unlike seconds they are nearly the same on every run, so that a change of the file is a change of the program.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not there; install it and run $0 again" >&2
  exit 2
fi

mib=8
work=target/bench
mkdir -p "$work" benches
cargo build --quiet --release -p guwu

# count LOG: instructions of one run. Exit status 1 says that failures were found.
count() {
  local profile=$work/callgrind.out status=0
  valgrind --tool=callgrind --callgrind-out-file="$profile" target/release/guwu triage "$1" --format jsonl \
    >"$work/found.jsonl" 2>"$work/valgrind.txt" || status=$?
  if [ "$status" -gt 1 ]; then
    cat "$work/valgrind.txt" >&2
    exit "$status"
  fi
  # What a start costs is in it: it is nothing beside 8 MiB.
  sed -n 's/^\(summary\|totals\): //p' "$profile" | head -n 1
}

{
  echo "# Instructions of \`guwu triage LOG --format jsonl\` for each MiB of log, in millions (callgrind, x86-64, release build)."
  echo "# Written by scripts/bench_callgrind.sh; the logs by scripts/bench_log.py. Run it again after a change that moves them."
  for kind in text json; do
    python3 scripts/bench_log.py "$kind" "$work/$kind.log" --mib "$mib" >&2
    instructions=$(count "$work/$kind.log")
    failures=$(wc -l <"$work/found.jsonl")
    awk -v kind="$kind" -v all="$instructions" -v mib="$mib" -v failures="$failures" \
      'BEGIN { printf "%-5s %7.2f   (%d MiB, %d failures)\n", kind, all / mib / 1e6, mib, failures }'
  done
} >"$work/instructions.txt"
mv "$work/instructions.txt" benches/instructions.txt
cat benches/instructions.txt
