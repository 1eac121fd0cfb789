# make demo | test | lint | bench | env
PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= instance
# Folder of the hourly-wage tasks, and which benchmarks (default: all), for `make bench`.
BENCH_DATA ?=
BENCH ?=
VENV := .venv
BIN := $(VENV)/bin
export FUMIN_DATA_DIR ?= $(DATA_DIR)

.PHONY: demo test lint bench env
demo: $(VENV)/.run
	@exec $(BIN)/fumin demo --port $(PORT)

test: env
	$(BIN)/python -m pytest -n 2

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: env
	BENCH_DATA="$(BENCH_DATA)" $(BIN)/python -m tests.bench $(BENCH)

env: $(VENV)/.run $(VENV)/.test

$(VENV)/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: tests/requirements.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r tests/requirements.lock
	@touch $@
