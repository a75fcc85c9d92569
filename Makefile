# Everything sets itself up: a fresh clone needs Python 3.11 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo dev test accuracy chaos chaos-long alerts trace rolling fuzz bench bench-short budget backfill licences sbom audit-deps check format lock clean

help:  ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.12 …" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: $(INSTALLED)  ## real servers, two replicas, ten cards read and shown; then ends
	@$(BIN)/cricksy-ocr dev --demo tests/cards/images

dev: $(INSTALLED)  ## the same servers and replicas, until Ctrl-C
	@$(BIN)/cricksy-ocr dev

test: $(INSTALLED)  ## the whole suite, on real servers
	@$(BIN)/python -m pytest -m "not alone" --numprocesses 2 --dist worksteal
	@$(BIN)/python -m pytest -m alone

accuracy: $(INSTALLED)  ## how well cards are read, and at what cost; CARDS=folder
	@$(BIN)/python -m benchmarks.accuracy $(CARDS)

chaos: $(INSTALLED)  ## servers, replicas and children killed, stopped and cut off: nothing lost, nothing twice
	@$(BIN)/python -m tests.chaos

chaos-long: $(INSTALLED)  ## the same with thousands of uploads and hundreds of kills; half an hour
	@$(BIN)/python -m tests.chaos --long

alerts: $(INSTALLED)  ## fault by fault on real servers: which alert names it, how soon, and what `why` says
	@$(BIN)/python -m tests.alerts

trace: $(INSTALLED)  ## the trace of an upload that was killed once, retried once and then read, as a tree
	@$(BIN)/python -m pytest -q -s -k one_tree tests/acceptance/test_traces.py

rolling: $(INSTALLED)  ## replicas of the version OLD=commit give way to this one under load: nothing repeated
	@$(BIN)/python -m tests.rolling --old $(OLD)

fuzz: $(INSTALLED)  ## 500 damaged and hostile files, each read in a child process; counts how they end
	@$(BIN)/python -m tests.fuzz --files 500

bench: $(INSTALLED)  ## how fast, beside the limit and Celery, into docs/performance.md; CARDS=folder
	@$(BIN)/python -m benchmarks $(if $(CARDS),--cards $(CARDS)) --json build/benchmarks.json \
	    --into docs/performance.md

bench-short: $(INSTALLED)  ## whether all benchmarks work; tells nothing about speed
	@$(BIN)/python -m benchmarks --short

budget: $(INSTALLED)  ## where a card's CPU time goes, and what each look at it buys; CARDS=folder
	@$(BIN)/python -m benchmarks.budget $(if $(CARDS),--cards $(CARDS))

backfill: $(INSTALLED)  ## how long people wait while an archive of 2,000 is read; some minutes
	@$(BIN)/python -m benchmarks.backfill

licences: $(INSTALLED)  ## docs/licences.md anew; fails for a licence that is not allowed
	@$(BIN)/python -m deploy.supply licences --out docs/licences.md

sbom: $(INSTALLED)  ## what ships, as CycloneDX: build/sbom.json
	@$(BIN)/python -m deploy.supply sbom --out build/sbom.json

audit-deps: $(INSTALLED)  ## known vulnerabilities of the lock; error 3: nobody could be asked
	@$(BIN)/python -m deploy.supply audit

check: $(INSTALLED)  ## format, lint, types, import rules
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(INSTALLED)  ## mend format and lint where that can be done without thought
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(INSTALLED)  ## resolve pyproject.toml anew into requirements.lock and requirements-run.lock
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --quiet --all-extras --group test pyproject.toml \
	    --output-file requirements.lock
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-header --no-annotate --quiet --constraint requirements.lock \
	    pyproject.toml --output-file requirements-run.lock

clean:  ## remove what was made here, the dev stack's data included
	rm -rf $(VENV) .dev out build ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
