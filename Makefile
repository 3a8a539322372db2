# Everything a person needs to run, test and keep BudgetWatch. `make run` and `make test` are the two to know.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PY := .venv/bin/python
PORT ?= 8000

.PHONY: help setup run test check format lock benchmark

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make .venv with exactly the locked packages; does nothing when it is up to date
	@deploy/local/setup.sh

run: setup ## Start BudgetWatch on http://127.0.0.1:8000 (PORT=… for another), with demonstration data the first time
	@PORT=$(PORT) deploy/local/run.sh

test: setup ## Run every test, and say what was skipped and why
	@$(PY) -m tests.run $(ARGS)

check: setup ## Format, lint, types, import contracts, missing migrations, system checks: all of them, whichever fail
	@failed=; \
	run() { echo "== $$*"; "$$@" || failed="$$failed\n  $$*"; }; \
	run .venv/bin/ruff format --check --quiet .; \
	run .venv/bin/ruff check .; \
	run .venv/bin/mypy .; \
	run .venv/bin/lint-imports; \
	export DATABASE_URL=sqlite://:memory:; \
	run $(PY) manage.py makemigrations --check --dry-run; \
	run $(PY) manage.py check --database default --fail-level WARNING; \
	if [ -n "$$failed" ]; then printf "These checks failed:$$failed\n" >&2; exit 1; fi

format: setup ## Put the code into the one layout and mend what can be mended safely
	.venv/bin/ruff check --fix --exit-zero .
	.venv/bin/ruff format .

lock: setup ## Resolve the dependencies again and write their hashes to requirements/
	@deploy/local/lock.sh

benchmark: setup ## Run every benchmark and print its figures
	@for file in benchmarks/[!_]*.py; do echo "== $$file"; $(PY) -m "$$(echo $${file%.py} | tr / .)" || exit 1; done
