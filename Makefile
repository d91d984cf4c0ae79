# A fresh clone needs only Python 3.11 to 3.13 and make. `make help` says what can be done.

UV := 0.13.9
BIN := .venv/bin
NODE := cd web && ../.ci/node
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
MATERIAL ?= ../shared/detection
KILLS ?= 1000
SEED ?=
# They measure time or wake real programs: whatever runs beside them would be measured too.
ALONE := tests/bench tests/browser tests/faults
UNIT_TESTS := $(wildcard tests/rules tests/routes tests/platforms)

.DEFAULT_GOAL := help
.PHONY: help run dev drill real openapi check test faults bench bench-detection screenshots clean browsers

help: ## Say what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /	/' | expand -t 18

run: .venv/run web/dist/index.html ## Run Nightdesk here until Ctrl-C
	@set -a; if [ -f .env ]; then . ./.env; fi; exec $(BIN)/nightdesk up

dev: .venv/dev web/node_modules/ready ## Run Nightdesk, with pages that follow every change
	@trap 'kill 0' EXIT; $(BIN)/nightdesk up & $(NODE) npm run dev

drill: .venv/run web/dist/index.html ## Practise a whole night, against stand-ins only
	@$(BIN)/nightdesk drill --own

real: .venv/dev ## Read a real attack from a feed, with the calm year before it
	@$(BIN)/pytest -q -s tests/stories/test_real_attack.py

openapi: .venv/run ## Write openapi.json anew
	@$(BIN)/python -m api.openapi > openapi.json

check: .venv/dev web/node_modules/ready ## Look at style, types, house rules and judgement: one minute
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) npm run --silent check
	$(BIN)/pytest -q tests/test_house_rules.py $(UNIT_TESTS)

test: .venv/dev web/dist/index.html browsers ## Run every test: what a submission has to pass
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(NODE) npm run --silent check
	$(NODE) npm run --silent test
	$(BIN)/pytest -n auto --dist worksteal $(ALONE:%=--ignore=%)
	$(BIN)/pytest $(ALONE)

faults: .venv/dev web/dist/index.html ## Kill, flood and starve it, at length: KILLS=1000 SEED=7
	@KILLS="$(KILLS)" SEED="$(SEED)" $(BIN)/pytest -q -m faults

bench: .venv/dev web/dist/index.html ## Measure it here
	@$(BIN)/python -m tests.bench

bench-detection: .venv/bench ## Measure detection against its rivals: ten minutes
	@$(if $(wildcard $(MATERIAL)/.),NIGHTDESK_MATERIAL="$(abspath $(MATERIAL))") $(BIN)/python -m tests.bench.detection

screenshots: .venv/dev web/dist/index.html browsers ## Photograph every screen
	@$(BIN)/python -m tests.browser.screenshots

clean: ## Remove what was built; your data stays
	rm -rf .venv web/node_modules web/dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

browsers: .venv/dev
	@.ci/browsers

.venv/uv:
	@echo "Making .venv."
	@python=$$(.ci/python) && "$$python" -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV)
	@touch $@

.venv/run: .venv/uv pyproject.toml uv.lock
	@echo "Installing what Nightdesk needs."
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode
	@touch $@

.venv/dev: .venv/uv pyproject.toml uv.lock
	@echo "Installing what Nightdesk and its tests need."
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode --group dev
	@touch $@ .venv/run

.venv/bench: .venv/uv pyproject.toml uv.lock
	@echo "Installing what Nightdesk, its tests and its rivals need."
	@$(BIN)/uv sync --quiet --frozen --inexact --compile-bytecode --group dev --group bench
	@touch $@ .venv/dev .venv/run

web/node_modules/ready: web/package.json web/package-lock.json | .venv/uv
	@echo "Installing what the pages are built with."
	@$(NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/ready $(WEB_SOURCES)
	@echo "Building the pages."
	@$(NODE) npm run --silent build
	@touch $@
