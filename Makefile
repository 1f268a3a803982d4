# make run    everything that Callout needs, then Callout itself (PORT=8001, CALLOUT_VAR=folder, DEMO=0)
# make setup  the environment alone, for development: packages, Node, islands
# make test   all tests, browser journeys included (ARGS="tests/core -k money" for some)
# make check  style, types, layers, architecture, migrations, islands
# make client the TypeScript types of the API, after a change of it
# make lock   pin the newest versions that requirements*.in and islands/package.json allow
# make clean  remove what can be made again; the data folder stays

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:
.NOTPARALLEL:

STAMPS := .venv/.stamps
BIN := .venv/bin
UV := $(BIN)/uv
STEP := @scripts/step
export PATH := $(CURDIR)/$(BIN):$(PATH)
export DJANGO_SETTINGS_MODULE := callout.settings
export UV_SYSTEM_CERTS ?= 1
unexport VIRTUAL_ENV PYTHONHOME

# A checkout with the development tools keeps them, also under `make run`.
PACKAGES := $(if $(or $(wildcard $(BIN)/pytest),$(filter-out run clean,$(or $(MAKECMDGOALS),setup))),dev,run)
LOCK_dev := requirements-dev.lock
LOCK_run := requirements.lock

# FORCE when the checkout was moved or its Python is gone: then the environment is made anew.
STALE := $(shell [ ! -e $(STAMPS)/python ] || \
    { [ "$$(cat $(STAMPS)/python)" = '$(CURDIR)' ] && $(BIN)/python -c '' 2>/dev/null; } || echo FORCE)
BUILT := src/callout/ui/static/islands src/callout/ui/static/vendor
ISLANDS := $(shell find islands -type f -not -path '*/node_modules/*')

.PHONY: setup run test check client lock clean FORCE
setup: $(STAMPS)/islands
	@:

run: $(STAMPS)/islands
	@exec $(BIN)/callout up

test: $(STAMPS)/islands
	$(STEP) "Looking for Chromium" scripts/chromium
	@$(BIN)/python -m callout.server.messages
	@$(BIN)/python -m pytest -n $(or $(WORKERS),2) $(ARGS)

$(STAMPS)/python: $(STALE)
	@scripts/python >/dev/null
	$(STEP) "Making the virtual environment" "$$(scripts/python)" -m venv $(if $(STALE),--clear) .venv
	@mkdir -p $(STAMPS) && echo '$(CURDIR)' >$@

$(STAMPS)/uv: requirements-setup.lock $(STAMPS)/python
	$(STEP) "Installing the installer" $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(STAMPS)/$(PACKAGES): $(LOCK_$(PACKAGES)) requirements.in pyproject.toml $(STAMPS)/uv
	$(STEP) "Installing packages" $(UV) pip sync -q --python $(BIN)/python --require-hashes $<
	$(STEP) "Installing Callout" $(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/node: requirements-node.lock $(STAMPS)/$(PACKAGES)
	$(STEP) "Looking for Node" scripts/node
	@touch $@

islands/node_modules/.stamp: islands/package-lock.json islands/.npmrc | $(STAMPS)/node
	$(STEP) "Installing the islands' packages" npm ci --prefix islands --no-audit --no-fund
	@touch $@

$(STAMPS)/islands: $(ISLANDS) islands/node_modules/.stamp $(foreach folder,$(BUILT),$(if $(wildcard $(folder)),,FORCE))
	$(STEP) "Building the islands" npm run build --prefix islands
	@touch $@

FORCE:

# Each check by itself: make check-types
CHECKS := style format types layers architecture migrations deploy client islands
.PHONY: $(CHECKS:%=check-%)
check: $(CHECKS:%=check-%)

$(CHECKS:%=check-%): $(STAMPS)/islands

check-style:
	$(STEP) "Style" $(BIN)/ruff check --no-cache src tests bench scripts

check-format:
	$(STEP) "Format" $(BIN)/ruff format --no-cache --check src tests bench scripts

TYPED := $(shell find src/callout/core src/callout/db src/callout/server -name '*.py') \
    $(shell find src/callout \( -path '*/rules*' -o -path '*/queries*' -o -path '*/commands*' \) -name '*.py')
check-types:
	$(STEP) "Types" $(BIN)/mypy $(TYPED)

check-layers:
	$(STEP) "Layers" $(BIN)/lint-imports

check-architecture:
	$(STEP) "Architecture" $(BIN)/python -m pytest -n 0 tests/architecture

check-migrations:
	$(STEP) "Migrations" $(BIN)/python -W ignore::RuntimeWarning -m django makemigrations --check --dry-run

check-deploy:
	$(STEP) "Settings of an installation" env CALLOUT_HOSTS=callout.example $(BIN)/python -m django check --deploy --fail-level WARNING

check-client:
	$(STEP) "Generated API client unchanged" $(BIN)/python scripts/client.py check

check-islands:
	$(STEP) "Islands" npm run check --prefix islands

client: $(STAMPS)/islands
	$(STEP) "Writing the types of the API's client" $(BIN)/python scripts/client.py write

COMPILE := $(UV) pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock: $(STAMPS)/node
	$(STEP) "Pinning the installer" $(COMPILE) requirements-setup.in -o requirements-setup.lock
	$(STEP) "Pinning packages" $(COMPILE) requirements.in -o requirements.lock
	$(STEP) "Pinning development packages" $(COMPILE) -c requirements.lock requirements-dev.in -o requirements-dev.lock
	$(STEP) "Pinning Node" $(COMPILE) requirements-node.in -o requirements-node.lock
	$(STEP) "Pinning the islands' packages" npm run lock --prefix islands

clean:
	@rm -rf .venv islands/node_modules $(BUILT) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find src -name '*.mo' -delete
	@find src tests bench -name __pycache__ -prune -exec rm -rf {} +
