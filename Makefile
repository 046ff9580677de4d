# thinktop's whole loop. Needs python3 (3.11 or later) with venv, and a package index; uses uv where it is on the PATH.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
# Each target installs what is missing, once for each state of the lock files.
INSTALLED := .venv/.installed
READY := .venv/.ready

ifneq ($(shell command -v uv 2>/dev/null),)
PIP := uv pip install --quiet --python $(BIN)/python
else
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
endif

.PHONY: help install demo test check bench screenshots clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## make .venv with the locked versions; then .venv/bin/thinktop is the command

demo: $(INSTALLED) ## run a whole sweep on the built-in simulator, in the monitor: no key, no network, no cost
	@$(BIN)/thinktop demo

test: check ## lint, types, import contracts, tests
	$(BIN)/pytest -q -n 2 --dist loadfile

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: $(READY) ## measure speed, as ratios within one run
	$(BIN)/python -m bench

screenshots: $(READY) ## take the pictures of the documents anew, and fill the guide's tables
	$(BIN)/python -m docs.made

clean: ## take away .venv and all caches; runs stay
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "thinktop needs Python 3.11 or later; name one with: make PYTHON=python3.12"; exit 1; }
	@echo "making .venv"
	@$(PYTHON) -m venv .venv

$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing thinktop (a minute, once)"
	@$(PIP) -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): requirements-dev.lock $(INSTALLED)
	@echo "installing what the tests need (a minute, once)"
	@$(PIP) -r requirements-dev.lock
	@touch $@
