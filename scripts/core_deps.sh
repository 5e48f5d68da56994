#!/usr/bin/env bash
# Fails when guwu-core pulls in anything but nom and memchr, with its default features or without any.
set -euo pipefail
for features in "" "--no-default-features"; do
  # shellcheck disable=SC2086
  tree=$(cargo tree -p guwu-core -e normal --prefix none $features)
  foreign=$(sed 's/ .*//' <<<"$tree" | sort -u | grep -Evx 'guwu-core|nom|memchr' || true)
  if [ -n "$foreign" ]; then
    echo "guwu-core ${features:-with its default features} depends on: $foreign" >&2
    echo "make the dependency optional behind a feature that is off by default, or do without" >&2
    exit 1
  fi
done
echo "guwu-core depends on nom and memchr alone"
