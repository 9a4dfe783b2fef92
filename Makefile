# `make` alone prints this list. Everything runs in .venv, which is made on first use.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PACKAGES := shared/kit shared/x12 services/eligibility services/claims services/denials services/patient-billing services/analytics deploy/sandbox deploy/standalone deploy/simulation

.DEFAULT_GOAL := help
.PHONY: help demo up test check bench contracts release kafka lock format clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements/dev.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "revcycle needs Python 3.11 or newer; point PYTHON= at one" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps $(addprefix -e ,$(PACKAGES))
	@touch $@

demo: $(STAMP) ## play six months of a billing company on this machine
	$(BIN)/revcycle demo $(ARGS)

up: $(STAMP) ## keep the system serving on one port
	$(BIN)/revcycle up $(ARGS)

test: $(STAMP) ## run every test
	$(BIN)/pytest $(ARGS)

check: $(STAMP) ## lint, types, import contracts, generated files, promises, migrations
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary $(addsuffix /src,$(PACKAGES)) $(addsuffix /tests,$(PACKAGES)) tests bench
	@mkdir -p build
	$(BIN)/lint-imports --no-cache > build/imports.log || { cat build/imports.log; exit 1; }
	$(BIN)/python -m revcycle.contracts check
	$(BIN)/python -m revcycle.contracts promises
	$(BIN)/pytest -q tests/tidy

contracts: $(STAMP) ## write schemas and OpenAPI from the code
	$(BIN)/python -m revcycle.contracts write

release: $(STAMP) ## mark what stands now as released: VERSION=0.2.0 (every later change migrates from it)
	$(BIN)/python -m revcycle.contracts release $(VERSION)

bench: $(STAMP) ## measure, beside the floor and the peers
	$(BIN)/python -m bench $(ARGS)

kafka: $(STAMP) ## run a real Apache Kafka in the foreground
	deploy/kafka/run

lock: ## renew the locked dependencies (needs uv)
	cd requirements && for name in run dev; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o $$name.txt $$name.in; done

format: $(STAMP) ## format the code
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
