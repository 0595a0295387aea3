# Retrain's commands; `make help` lists them with the words behind the double hash.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-all lint format bench translations lock clean
SHELL := /bin/bash

# What Python compiles is kept, so that the next start is fast.
unexport PYTHONDONTWRITEBYTECODE

PORT ?= 8000
WORKERS ?= 2
SECONDS ?= 60
SEEDS ?= 1
BIN := .venv/bin

help: ## list the commands
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | while IFS='|' read -r name words; do \
		printf '  make %-16s %s\n' "$$name" "$$words"; done

setup: ## make .venv from the lock file, see to Pango, compile the catalogues
	@scripts/setup.sh

run: setup ## set up, fill a demo country, start web server and worker (PORT=8123 for another port)
	@exec env PORT=$(PORT) $(BIN)/python scripts/run.py

test: setup ## what runs in minutes: every test but the slow ones, on both databases
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q -m "not slow"

test-all: setup ## everything, the slow tests too, with more examples for each property
	@HYPOTHESIS_PROFILE=test-all $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -q

lint: setup ## ruff, mypy, djlint, the order of the house, complete translations
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "make format puts this right"; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/djlint --quiet --lint retrain/templates
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/catalogues.py check

format: setup ## lay the code out as `make lint` wants it
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format .

bench: setup ## every benchmark: one JSON object a line
	@set -e; for script in tests/benchmarks/bench_*.py; do $(BIN)/python "$$script"; done

bench-timetable: setup ## the solver on a term and on public instances: CTT=FOLDER SECONDS=60 SEEDS=1 TERM_SECONDS=120
	@CTT="$(CTT)" SECONDS_EACH="$(SECONDS)" SEEDS="$(SEEDS)" ONLY="$(ONLY)" TERM_SECONDS="$(TERM_SECONDS)" $(BIN)/python tests/benchmarks/bench_timetable.py

bench-%: setup ## one benchmark, tests/benchmarks/bench_%.py
	@$(BIN)/python tests/benchmarks/bench_$(subst -,_,$*).py

translations: setup ## bring the catalogues in step with the code, and compile them
	@$(BIN)/python scripts/catalogues.py update
	@$(BIN)/python scripts/catalogues.py compile
	@$(BIN)/python scripts/catalogues.py check

lock: setup ## choose the newest versions that pyproject.toml allows, and pin them
	@$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--upgrade --quiet --no-header --no-annotate --output-file requirements.lock

clean: ## remove what the tools made (.venv too); instance/ with its data stays
	@rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find retrain tests scripts -name __pycache__ -prune -exec rm -rf {} +
	@find retrain/translations -name '*.mo' -delete 2>/dev/null || true
