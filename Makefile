# Ykien: two commands are all a newcomer needs: `make demo` and `make test`. Each sets up what it needs by itself.
PYTHON ?= python3
PORT ?= 8080
DATA ?= ./data
FUZZ_SECONDS ?= 60
JOBS ?= 4# tests mostly wait, for processes they killed
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo up test fuzz check bench lock format events clean

help: ## show this
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

setup: $(READY) ## create .venv with everything the other targets need

$(READY): deploy/requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=...)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || sh deploy/apt.sh python3-venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(READY)

demo: setup ## run the main job end to end and print where the report is
	@$(BIN)/python -m deploy.demo

up: setup ## the embedded system in the foreground (PORT=, DATA=)
	@$(BIN)/ykien up --port $(PORT) --data $(DATA)

test: setup ## all tests (Motor too when YKIEN_TEST_MONGO_URL is set)
	@command -v chromium >/dev/null || sh deploy/apt.sh chromium
	@test -x /usr/sbin/dovecot || command -v dovecot >/dev/null || sh deploy/apt.sh dovecot-imapd
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

fuzz: setup ## every entry point with random input, a minute each (FUZZ_SECONDS=)
	YKIEN_FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -m fuzz --timeout 600

check: setup ## ruff, mypy --strict, import-linter, lock freshness
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m deploy.locks --check

bench: setup ## the benchmarks: a table on stdout, JSON in bench/results/
	$(BIN)/python -m tests.bench

lock: setup ## write the hash-pinned locks anew from pyproject.toml
	$(BIN)/python -m deploy.locks

format: setup ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

events: setup ## export JSON Schemas and AsyncAPI to docs/
	$(BIN)/python -m shared.schema_export

clean: ## remove .venv and caches (never data)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info
