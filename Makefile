# Every target works from a clean clone: what it needs is made first.
.DEFAULT_GOAL := help
SHELL := /bin/sh
# The first Python that is new enough; name another with PYTHON=…
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$p; exit; }; done; echo python3)
BIN := .venv/bin
TESTS ?= tests
SIZE ?= 10000
DURATION ?= 60
SEED ?= 1
MINUTES ?= 10
export PYTHONUNBUFFERED = 1
# A hub is a dozen processes, and each compiles two thousand files where none may be kept.
unexport PYTHONDONTWRITEBYTECODE

setup = @"$(PYTHON)" -I tools/bootstrap.py

.PHONY: help run test test-unit lint format bench growth storm fuzz leaks messages lock reset

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## everything set up and running, with demo data; Ctrl-C stops all
	$(setup) requirements-embedded.lock --browser
	@exec $(BIN)/python manage.py up

test: ## the whole suite, on real PostgreSQL and Valkey
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup $(TESTS)

test-unit: ## the rules alone: what needs no database, browser or processes; within a minute
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m pytest -q -n auto --dist loadgroup -m "not database and not browser and not slow" $(TESTS)

lint: ## style, types, floors of the house, templates, migrations, secrets, licences
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python tools/lint.py

format: ## put the code into shape
	$(setup) requirements-dev.lock
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

bench: ## speeds as JSON and as a table; SIZE=10000|100000|1000000|5000000
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m tests.bench --size $(SIZE)

growth: ## the desk's pages and the figures, ten thousand cases against a hundred thousand: at most 1.3 times
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m tests.bench.growth
	@$(BIN)/python -m tests.bench.tiles --sizes 10000,100000 --rounds 12

storm: ## the crash storm, then twenty agents on one queue: lost, doubled; DURATION=60 SEED=1
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m tests.storm --duration $(DURATION) --seed $(SEED)
	@$(BIN)/python -m tests.bench.crowd --duration $(DURATION) --seed $(SEED)

fuzz: ## reads for MINUTES=10 what nobody would write; a reader that falls over or hangs ends it
	$(setup) requirements-dev.lock
	@$(BIN)/python -m tests.fuzz --minutes $(MINUTES)

leaks: ## plants leaks between organisations, one by one, and sees that each is found
	$(setup) requirements-dev.lock --browser
	@$(BIN)/python -m tests.isolation.planted

messages: ## gather the words to translate and compile the catalogues of locale/
	$(setup) requirements-dev.lock
	@$(BIN)/python tools/messages.py

lock: ## resolve the dependencies of pyproject.toml and package.json anew
	$(setup) requirements-dev.lock
	@$(BIN)/python tools/lock.py

reset: ## empty var/ (all data of this machine's hub) after asking; YES=1 does not ask
	@YES="$(YES)" "$(PYTHON)" -m hub.reset
