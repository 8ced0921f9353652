# One verb for each thing: run, test, lint, types, check, wheel. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test lint types format check wheel quality docs setup browser clean

run: $(STAMP) ## Start the page on http://127.0.0.1:7860
	$(BIN)/python app.py $(ARGS)

test: $(STAMP) browser ## Run every test
	$(BIN)/python -m pytest $(ARGS)

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(STAMP)

browser: # the page's tests drive Debian's chromium; without it they say why they are skipped
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } \
	  || echo "chromium is not installed: the browser tests will be skipped (Debian: apt-get install chromium)"

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(STAMP)
	$(BIN)/mypy

wheel: $(STAMP) ## Build the wheel, install it into an empty environment and ask the sample question with it
	.ci/check-wheel $(BIN)/python

check: lint types wheel test

quality: $(STAMP) ## Measure the judgements: DATA is the folder with the data sets
	$(BIN)/python -m benchmarks.quality --data $(or $(DATA),../shared/data)

docs: $(STAMP) browser ## Renew the README's answers and the screenshots
	$(BIN)/python docs/refresh_readme.py
	$(BIN)/python docs/make_screenshots.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
