# `make demo` shows the product, `make test` runs every check that CI runs. Everything lands in the user's cache or in
# ignored folders of this tree; a bare machine needs make, a C compiler, cargo (rustup), Python 3.11+ and Node 20+.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
CACHE := $(or $(GUWU_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/guwu)
export GUWU_CACHE := $(CACHE)
export CARGO_TERM_COLOR ?= auto
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Tests and scripts look for what was built beside the sources.
export CARGO_TARGET_DIR := $(CURDIR)/target

BINDGEN_VERSION := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
BINDGEN_ROOT := $(CACHE)/wasm-bindgen-$(BINDGEN_VERSION)
VENV := $(CACHE)/venv-$(shell cksum < requirements-dev.txt | cut -d' ' -f1)
WASM := --target wasm32-unknown-unknown

# The folders of Python tests that are there.
PYTEST_DIRS := $(wildcard python/tests tests/e2e examples/*/tests)

.PHONY: help
help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1 \2/p' $(MAKEFILE_LIST) | awk '{ printf "  make %-14s", $$1; $$1 = ""; print }'

.PHONY: demo
demo: ## watch a real failure become a proven test
	@bash scripts/demo.sh

.PHONY: test
test: ## every check, as in CI; ends with how many steps passed
	@$(PYTHON) scripts/run_tests.py

.PHONY: build
build: ## the guwu binary (debug)
	cargo build -p guwu

# --- Rust -------------------------------------------------------------------------------------------------------

.PHONY: fmt
fmt: ## formatting of the Rust code
	cargo fmt --all --check

.PHONY: clippy
clippy: ## lints on this machine's target
	cargo clippy --workspace --all-targets -- -D warnings

.PHONY: wasm-target
wasm-target: ## the wasm32 target of the compiler, where rustup was told to install nothing by itself
	@! command -v rustup > /dev/null || rustup target list --installed | grep -qx wasm32-unknown-unknown \
	  || rustup target add wasm32-unknown-unknown

.PHONY: clippy-wasm
clippy-wasm: wasm-target ## lints on wasm32, where core must build too
	cargo clippy -p guwu-core $(WASM) -- -D warnings
	cargo clippy -p guwu-core $(WASM) --no-default-features -- -D warnings
	cargo clippy -p guwu-wasm $(WASM) -- -D warnings
	cargo clippy -p guwu-wasm $(WASM) --features full -- -D warnings

.PHONY: core-deps
core-deps: ## core depends on a handful of crates, nothing else
	@bash scripts/core_deps.sh

.PHONY: cargo-test
cargo-test: venv ## Rust tests
	@# One seed, so that two runs of one tree agree; a plain `cargo test` draws new cases each time.
	PROPTEST_RNG_SEED=1 GUWU_TEST_PYTHON=$(VENV)/bin/python cargo test --workspace

# --- wasm and npm -----------------------------------------------------------------------------------------------

$(BINDGEN_ROOT)/bin/wasm-bindgen:
	@# Not --locked: the tool's own lock file names versions that were taken back.
	cargo install wasm-bindgen-cli --version $(BINDGEN_VERSION) --root $(BINDGEN_ROOT)

.PHONY: wasm-bindgen
wasm-bindgen: $(BINDGEN_ROOT)/bin/wasm-bindgen ## the tool that post-processes wasm (slow once, then cached)

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	@touch $@

.PHONY: npm-build
npm-build: wasm-target wasm-bindgen npm/node_modules/.package-lock.json ## slim wasm and the npm package
	cd npm && npm run --silent build

.PHONY: size
size: npm-build ## rewrite npm/size.txt
	cd npm && npm run --silent size

.PHONY: npm-test
npm-test: npm-build build chromium ## the packed package in Node and in Chromium
	cd npm && CHROMIUM="$$(bash ../scripts/chromium.sh)" npm test

.PHONY: web-demo
web-demo: npm-build web-demo/node_modules/.package-lock.json ## the demo page: web-demo/dist/index.html
	cd web-demo && npm run --silent build

.PHONY: web-demo-test
web-demo-test: web-demo chromium ## the demo page in Chromium
	cd web-demo && CHROMIUM="$$(bash ../scripts/chromium.sh)" npm test

.PHONY: chromium
chromium: ## a Chromium for the tests: the one that is there, else apt-get's
	@bash scripts/chromium.sh --install

# --- Python -----------------------------------------------------------------------------------------------------

$(VENV)/.done: requirements-dev.txt
	$(PYTHON) -c 'import sys; sys.exit("python 3.11 or newer is needed, this is %s; set PYTHON=" % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv --clear $(VENV)
	$(VENV)/bin/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

.PHONY: venv
venv: $(VENV)/.done ## Python tools in the user's cache

.PHONY: print-venv
print-venv:
	@echo $(VENV)

.PHONY: python-lint
python-lint: venv ## ruff and mypy over the Python package
	@if [ -d python ]; then cd python && $(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy --strict; \
	else echo "skipped: no python/ folder"; fi

.PHONY: python-test
python-test: venv build ## pytest over the plugin, the end-to-end tests and the examples
	@# One run a folder: each has its own conftest.py and settings. The examples' own tests take no time.
	@failed=0; for dir in $(PYTEST_DIRS); do echo "== $$dir"; \
	  case $$dir in examples/*) cores= ;; *) cores="-n auto --maxprocesses 4" ;; esac; \
	  GUWU_BINARY="$(CURDIR)/target/debug/guwu" $(VENV)/bin/python -m pytest -q $$cores $$dir || failed=1; \
	done; [ -n "$(PYTEST_DIRS)" ] || echo "skipped: no Python tests"; exit $$failed
