# Everything a developer or a merchant does with ordercopy, in one word each.
# It needs Python 3.11 or newer and make, no root, and nothing installed by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
STAMP := $(VENV)/installed
# Test processes that share the machine: pytest's word for «as many as there are cores» is auto.
JOBS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install serve demo test lint soak bench bench-api bench-admin examples pictures requirements

help: ## say what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

install: $(STAMP) ## make .venv with everything in it

$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

serve: $(STAMP) ## run the shop: web server, worker and database (HOST, PORT)
	$(MANAGE) serve

demo: $(STAMP) ## fill a shop with sample orders and show what copying does
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) demo

test: lint ## check everything: the code's form, its types, and the whole suite
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal $(PYTEST)

lint: $(STAMP) ## check the code without running it
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run

soak: $(STAMP) ## the long and cruel tests: kills, races, big tables
	SOAK=1 $(BIN)/python -m pytest -m soak $(PYTEST)

examples: $(STAMP) ## record the examples of the API's documentation anew
	RECORD_EXAMPLES=1 $(BIN)/python -m pytest -q tests/config/jsonapi/openapi/test_examples.py

pictures: $(STAMP) ## take the pictures of the README anew
	RECORD_PICTURES=1 $(BIN)/python -m pytest -q tests/browser/test_pictures.py

bench: $(STAMP) ## measure, and print what was measured
	$(BIN)/python -m tests.benchmarks

bench-api: $(STAMP) ## measure the API, and fail where it is slower than promised
	$(BIN)/python -m tests.benchmarks.api

bench-admin: $(STAMP) ## measure the admin's pages, and fail where they grow slow with a shop's size
	$(BIN)/python -m tests.benchmarks.admin $(ONLY)

requirements: $(STAMP) ## pin the newest versions that go together
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header --no-annotate requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --no-header --no-annotate requirements-dev.in -o requirements-dev.txt
