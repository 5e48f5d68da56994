#!/usr/bin/env bash
# Fails when guwu-core pulls in more than it should: what a browser downloads and what a log reader needs stays small.
set -euo pipefail

# check NAMES CARGO-FLAGS…: nothing but the named crates.
check() {
  local allowed=$1 tree foreign
  shift
  tree=$(cargo tree -p guwu-core -e normal --prefix none "$@")
  foreign=$(sed 's/ .*//' <<<"$tree" | sort -u | grep -Evx "guwu-core|$allowed" || true)
  if [ -n "$foreign" ]; then
    echo "guwu-core ${*:-with its default features} depends on" $foreign "beside ${allowed//|/, }" >&2
    echo "put the dependency behind a feature that is off by default, or do without" >&2
    exit 1
  fi
  echo "guwu-core ${*:-with its default features} depends on nothing but ${allowed//|/, }"
}

check 'nom|memchr' --no-default-features
# Framing of logs looks for many words at once.
check 'nom|memchr|aho-corasick'
