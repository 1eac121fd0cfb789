# make demo | check | test | drill | lint | bench | map | env
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= instance
# Folder of the benchmark data, and which benchmarks (default: all), for `make bench`.
BENCH_DATA ?=
BENCH ?=
VENV := .venv
BIN := $(VENV)/bin
# Which tests of the database run on PostgreSQL too: needed or all.
DOUBLES ?= needed
export FUMIN_DATA_DIR ?= $(DATA_DIR)
# Images of Python often forbid .pyc files: each of many processes would compile all it imports.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo check test drill lint bench map env
demo: $(VENV)/.run
	@exec $(BIN)/fumin demo --port $(PORT)

# Every hour: lint, types, and what takes no browser, no PostgreSQL and no half second of its own.
check: lint
	$(BIN)/python -m pytest -n 2 -q --ignore tests/browser -m "not browser and not postgres and not slow"

# Before a commit: all but repetition. On PostgreSQL runs what tells something new (tests/doubles.py).
test: env
	$(BIN)/python -m pytest -n 2 --doubles $(DOUBLES)

# Before a release, three quarters of an hour: killed again and again, restored, many at once, every
# test of the database on PostgreSQL, and Hypothesis for ten times as long or more. Lighthouse runs if npm can install it.
drill: env
	-test -d $(VENV)/lighthouse || npm install --silent --prefix $(VENV)/lighthouse lighthouse
	$(BIN)/python -m pytest -n 2 -rP tests/drill
	$(BIN)/python -m pytest -n 2 -m "postgres and not deep" tests
	FUMIN_HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -n 2 -m "hypothesis or deep" tests

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: env
	BENCH_DATA="$(BENCH_DATA)" $(BIN)/python -m tests.bench $(BENCH)

# .github/MAP.md: every file with the first sentence of its docstring and its addresses.
map: env
	$(BIN)/python -m tests.code_map

env: $(VENV)/.run $(VENV)/.test

$(VENV)/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: tests/requirements.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r tests/requirements.lock
	@touch $@
