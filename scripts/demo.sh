#!/usr/bin/env bash
# The main job on the example: a real application fails, its log is scanned, tests are written and proven,
# and the next pytest run tells the developer. Works on a copy; nothing but the build and the user's cache is touched.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\n$ %s\n' "$*"; }

cargo build --quiet -p guwu
binary="$PWD/target/debug/guwu"
venv=$(make --no-print-directory -s print-venv)
make --no-print-directory -s venv
python="$venv/bin/python"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R examples/knowledge-graph "$work/knowledge-graph"
plugin="$PWD/python/src"
patches="$PWD/examples/knowledge-graph/patches"
cd "$work/knowledge-graph"
rm -rf app/logs tools

export GUWU_PYTHON="$python" GUWU_BINARY="$binary"
unset CI GITHUB_ACTIONS GITLAB_CI BUILDKITE TF_BUILD JENKINS_URL PYTEST_ADDOPTS

say "python run_production.py    # production: requests, a nightly job, a worker that does not start"
"$python" run_production.py 2>&1 | tail -n 4

say "pytest    # the team's suite is green: no test knows of the failures; then Gu Wu speaks"
PYTHONPATH="$plugin" "$python" -m pytest -q -p guwu.plugin || true

say "pytest tests    # the new tests fail as production did"
"$python" -m pytest -q -p no:guwu --tb=line tests 2>&1 | tail -n 12 || true

say "git apply patches/*.patch && guwu verify    # the developer fixes the bugs"
for patch in "$patches"/*.patch; do patch -s -p1 < "$patch"; done
"$binary" verify || true

say "guwu list --all"
"$binary" list --all || true
