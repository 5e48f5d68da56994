#!/usr/bin/env bash
# Prints the path of a Chromium. With --install, gets one by apt-get where there is none.
set -euo pipefail

find_chromium() {
  local name
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [ -n "$name" ] && command -v "$name" 2>/dev/null; then return 0; fi
  done
  return 1
}

if [ "${1:-}" = --install ] && ! find_chromium >/dev/null; then
  sudo=""
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo apt-get update
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
fi
find_chromium || {
  echo "no chromium found; install one, or set CHROMIUM to its path" >&2
  exit 1
}
