# Everything a developer or an installer calls. `make` alone lists it.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules
# The tests start the program a hundred times over; without compiled files each start costs two seconds more.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
SCREEN := 80

.PHONY: help run test fast check bench bench-schedules bench-assignment bench-fieldwork openrosa-enketo guides soak docs fix environment environment-run frontend catalogue lock \
	lint format types contracts migrations translations punctuation spelling templates reference deploy wheel docs-check

help: ## list what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort \
	 | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done

## --- use -------------------------------------------------------------------------------

run: environment-run frontend catalogue ## prepare everything, load the demonstration subdistrict and serve it
	@LINLI_DEMO=1 $(BIN)/python -m linli.interfaces.cli.main demo --serve --port $(PORT)

## --- tests -----------------------------------------------------------------------------

test: environment frontend catalogue ## run every test: rules once, the rest on SQLite and on PostgreSQL
	@tools/system.sh need chromium fonts-noto-cjk libgl1
	@$(BIN)/python -m tools.suite

fast: environment frontend catalogue ## run what is quick: on SQLite, without the browser, under two minutes
	@$(BIN)/python -m tools.suite --fast

check: test lint format spelling contracts migrations translations punctuation templates reference docs-check deploy types wheel ## everything that continuous integration asks, beginning with the tests

bench: environment frontend catalogue ## measure size and speed, and write docs/reference/benchmarks.md (BENCH='--cases 10000')
	@$(BIN)/python -m bench $(BENCH)

bench-assignment: environment ## measure who visits what against longer searches, and write docs/reference/assignment.md
	@$(BIN)/python -m bench.fieldwork

bench-fieldwork: environment frontend catalogue ## measure pages of ledgers at 100,000 targets and 1,000,000 records, and write docs/reference/ledgers.md
	@$(BIN)/python -m bench.ledgers
openrosa-enketo: environment frontend catalogue ## fill and send a round with Enketo's own engine in a browser
	@tools/system.sh need chromium fonts-noto-cjk
	@$(BIN)/python -m tools.enketo
	@$(BIN)/python -m pytest -q linli/interfaces/openrosa/tests/test_enketo.py

bench-schedules: environment catalogue ## measure schedules against instances in the manner of PSPLIB, and write docs/reference/scheduling.md
	@$(BIN)/python -m bench.scheduling

guides: environment frontend catalogue ## take the pictures of the one-page guides anew from a demonstration
	@LINLI_WRITE_GUIDES=1 $(BIN)/python -m pytest -q tests/test_guides.py

soak: environment frontend catalogue ## people at work while server and worker are killed, on both databases (SOAK_MINUTES=10)
	@$(BIN)/python -m bench.soak --minutes $${SOAK_MINUTES:-10}
	@SOAK_MINUTES=$${SOAK_MINUTES:-10} $(BIN)/python -m tools.suite --soak

## --- one check each --------------------------------------------------------------------

lint: environment ## ruff
	@$(BIN)/ruff check --quiet .

format: environment ## ruff format, changing nothing
	@$(BIN)/ruff format --check --quiet .

types: environment ## mypy, strict
	@$(BIN)/mypy linli tools

contracts: environment ## who may import whom
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache | tail -n 40

migrations: environment ## does every model have its migration?
	@$(BIN)/python -m tools.django_check migrations

translations: environment ## is the English catalogue complete and current?
	@$(BIN)/python -m tools.translations --check

punctuation: environment ## no half-width marks beside Han characters
	@$(BIN)/python -m tools.punctuation

spelling: environment ## codespell
	@$(BIN)/codespell

templates: environment ## djlint
	@$(BIN)/python -m tools.templates

reference: environment catalogue ## are the generated pages of the documentation current?
	@$(BIN)/python -m tools.reference --check

docs-check: environment catalogue ## build the documentation, a warning being an error
	@$(BIN)/mkdocs build --strict --quiet --site-dir .cache/site

deploy: environment ## Django's own check of a production set-up
	@$(BIN)/python -m tools.django_check deploy

wheel: environment frontend catalogue ## build the wheel, install it into an empty place and let it serve a page
	@$(BIN)/python -m tools.wheel

## --- work ------------------------------------------------------------------------------

docs: environment catalogue ## write the generated pages and build the documentation into site/
	@$(BIN)/python -m tools.reference
	@$(BIN)/mkdocs build --strict --quiet
	@echo 'site/index.html'

fix: environment ## put right what can be put right by itself
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m tools.translations
	@$(BIN)/python -m tools.reference

lock: environment ## write the lock files in requirements/ anew (UPGRADE=1: newest releases)
	@UPGRADE=$${UPGRADE:-} tools/lock.sh $(BIN)/pip-compile

## --- what the above stand on -----------------------------------------------------------

environment: ## the Python environment with what tests and checks need
	@PYTHON=$(PYTHON) tools/environment.sh $(VENV) dev

environment-run:
	@PYTHON=$(PYTHON) tools/environment.sh $(VENV) run

frontend: ## build the front end, if its sources changed
	@tools/frontend.sh $(BIN)/python

catalogue: ## compile the English catalogue, if it changed
	@$(BIN)/python -m linli.interfaces.cli.catalogue
