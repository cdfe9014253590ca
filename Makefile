# 메타 광주 · Meta Gwangju. `make` prints what there is.
# Set-up is kept by stamp files inside what it makes, so that a second `make run` starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
PY := $(VENV)/bin/python
DIST := web/dist/.built
NODE_MODULES := web/node_modules/.installed
API_CLIENT := tools/api_client/node_modules/.installed
COLYSEUS := bench/colyseus/node_modules/.installed
WEB_SOURCES := $(shell find web -path web/node_modules -prune -o -path web/dist -prune -o -type f -print 2>/dev/null)
RUN_OPTIONS = $(if $(HOST),--host "$(HOST)") $(if $(PORT),--port "$(PORT)") $(if $(UDP_PORT),--udp-port "$(UDP_PORT)") \
	$(if $(DATA),--data "$(DATA)") \
	$(if $(filter 1 yes true on,$(TLS)),--tls) $(if $(CONFIG),--config "$(CONFIG)")
BENCH ?= first-light
MINUTES ?= 10
WHAT ?=
# These share nothing but the processor; the others measure sound, or fill the machine by themselves.
SIDE_BY_SIDE := tests/unit/municipality tests/unit/meta_gwangju tests/unit/scenes tests/unit/world \
	tests/unit/streaming tests/contract tests/faults
# Pages and benches in processes of their own, of which no speed or sound is measured; the longest first.
PAGES := $(patsubst %,tests/e2e/test_%.py,quick_bench hall page expo citizen admin plain paying vr_places hostile webxr)
ALONE := $(filter-out $(SIDE_BY_SIDE) tests/unit tests/support tests/e2e %__pycache__,\
	$(patsubst %/,%,$(wildcard tests/unit/*/ tests/*/))) $(filter-out $(PAGES),$(wildcard tests/e2e/test_*.py))

.PHONY: help
help: ## 할 수 있는 일을 보여 줍니다 · Show what there is
	@echo '메타 광주 · Meta Gwangju'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: $(VENV)/.runtime $(DIST) ## 설치하고 도시를 엽니다 · Set up and open the city (PORT= UDP_PORT= HOST= TLS=1 DATA= CONFIG=)
	@exec $(VENV)/bin/meta-gwangju serve $(RUN_OPTIONS)

.PHONY: doctor
doctor: $(VENV)/.runtime $(DIST) ## 이 컴퓨터를 살핍니다 · Check this machine, and say what to do
	@exec $(VENV)/bin/meta-gwangju doctor $(RUN_OPTIONS)

.PHONY: check
check: $(VENV)/.dev $(NODE_MODULES) $(API_CLIENT) ## 문법·형·구조를 검사합니다 · Lint, types, architecture, generated files
	$(VENV)/bin/ruff check --no-cache .
	$(VENV)/bin/ruff format --no-cache --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) tools/generate_protocol.py --check
	$(PY) tools/generate_api.py --check
	cd web && npm run --silent check

.PHONY: test
test: ## 모두 검사하고 시험합니다 · Everything: checks, unit, web, browsers, headset (WHAT=tests/unit)
	$(MAKE) --jobs=2 --output-sync=target ready
	cd web && npm run --silent test
ifeq ($(strip $(WHAT)),)
	$(PY) -m pytest -m 'not long' -n 2 --dist loadfile $(SIDE_BY_SIDE)
	$(PY) -m pytest -m 'not long' -n 2 --dist loadfile --no-loadscope-reorder $(PAGES)
	$(PY) -m pytest -m 'not long' $(ALONE)
else
	$(PY) -m pytest $(WHAT)
endif

# What needs nothing of the other is made at the same time: half of it waits for a mirror.
.PHONY: ready
ready: system check $(DIST) $(COLYSEUS)

.PHONY: bench
bench: $(VENV)/.dev $(DIST) $(if $(filter replication,$(BENCH)),$(COLYSEUS)) ## 수치를 잽니다 · Measure a published figure (BENCH=first-light)
	$(PY) -m bench $(BENCH)

.PHONY: soak
soak: $(VENV)/.dev $(DIST) ## 오래 버티는지 봅니다 · A city with simulated company, for a while (MINUTES=10)
	$(PY) -m pytest -m long
	$(PY) tools/soak.py --minutes $(MINUTES)

.PHONY: bootstrap
bootstrap: $(VENV)/.dev system

.PHONY: system
system:
	tools/bootstrap_debian.sh
	tools/install_monado.sh

.PHONY: clean
clean: ## 만든 것을 지웁니다(var의 자료는 남깁니다) · Remove what was made; keeps the data in var
	rm -rf $(VENV) .cache web/node_modules tools/api_client/node_modules bench/colyseus/node_modules web/dist build \
		*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up --------------------------------------------------------------------------------------------

$(VENV)/.made: tools/bootstrap_python.sh
	tools/bootstrap_python.sh $(VENV)
	touch $@

$(VENV)/.runtime: $(VENV)/.made requirements/runtime.txt pyproject.toml
	@echo '파이썬 꾸러미를 설치합니다 · Installing the Python packages'
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/runtime.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --config-settings editable_mode=compat -e .
	@echo '계산 커널을 컴파일합니다 · Compiling the kernels'
	$(PY) -m streaming.kernels
	$(PY) -m streaming.paths
	touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@echo '개발용 꾸러미를 설치합니다 · Installing the packages for tests'
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	touch $@

$(NODE_MODULES): web/package-lock.json tools/check_node.sh
	tools/check_node.sh
	@echo '웹 꾸러미를 설치합니다 · Installing the web packages'
	cd web && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(API_CLIENT): tools/api_client/package-lock.json tools/check_node.sh
	tools/check_node.sh
	cd tools/api_client && npm ci --no-audit --no-fund --loglevel=error
	touch $@

$(COLYSEUS): bench/colyseus/package-lock.json tools/check_node.sh
	tools/check_node.sh
	cd bench/colyseus && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# The server sends NAME.gz to browsers that take it; compressing once beats doing it for each of them.
$(DIST): $(NODE_MODULES) $(WEB_SOURCES)
	@echo '웹 페이지를 만듭니다 · Building the page'
	cd web && npm run --silent build
	find web/dist -type f -size +1k \( -name '*.js' -o -name '*.css' -o -name '*.html' -o -name '*.svg' \
		-o -name '*.json' -o -name '*.wasm' \) -exec gzip -9 -k -n -f {} +
	touch $@
