# Two commands from a fresh clone: make demo, make test. Nothing but Python 3.11+ and make is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
STAMP := $(VENV)/.installed

.PHONY: demo up test lint types format bench lock clean install

demo: install
	$(BIN)/weather demo $(if $(filter 0,$(SERVE)),--no-serve,)

up: install
	$(BIN)/weather up

# Two workers share two cores: threads inside each would only spin.
test: lint types
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadgroup

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Ratios against what one would pick instead, into benchmarks/results; about a quarter of an hour on two cores.
bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks.report

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "weather-assets needs Python 3.11 or newer"'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,kubernetes]'
	touch $@

# Resolve the newest versions that the bounds of pyproject.toml allow, and pin them.
lock:
	rm -rf .lock-venv
	$(PYTHON) -m venv .lock-venv
	.lock-venv/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench,kubernetes]'
	.lock-venv/bin/python -m pip freeze --exclude-editable > constraints.txt
	rm -rf .lock-venv

clean:
	rm -rf $(VENV) .lock-venv .weather-demo .mypy_cache .ruff_cache .pytest_cache *.egg-info
