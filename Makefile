# make run opens the window; make test runs everything that .ci/run runs. Both set up .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

# Our data folder beside the checkout, where there is one; elsewhere MNIST is downloaded when asked for.
ifeq ($(origin HANDSUM_DATA),undefined)
ifneq ($(wildcard ../shared/data/.),)
export HANDSUM_DATA := $(abspath ../shared/data)
endif
endif

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check lint train export bench figures clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: $(VENV)/.ready-to-run ## set up .venv if need be, then open the window
	@$(BIN)/handsum $(ARGS)

test: lint check ## set up everything if need be, then lint and run every test

check: $(VENV)/.ready-to-test ## run the tests without the linters; ARGS="tests/test_layers.py -x"
	@.ci/debian-packages Xvfb:xvfb xauth:xauth xdotool:xdotool openbox:openbox
	$(BIN)/python -m pytest $(ARGS)

lint: $(VENV)/.ready-to-test ## ruff and mypy
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

train: $(VENV)/.ready-to-test ## train the classic network; ARGS="--quick"
	$(BIN)/python train_digit_recognizer.py $(ARGS)

export: $(VENV)/.ready-to-test ## turn the trained networks into the graphs that ship with the package
	$(BIN)/handsum export mnist.h5 --out handsum/graphs/mnist.onnx
	$(BIN)/handsum export training/runs/best-continued/digit.h5 --out handsum/graphs/digit.onnx
	$(BIN)/handsum export training/runs/page-further/detector.h5 --out handsum/graphs/page.onnx

bench: $(VENV)/.ready-to-test ## measure speed, accuracy and training time, beside Keras and others
	$(BIN)/python -m bench.speed
	$(BIN)/python -m bench.window
	$(BIN)/python -m bench.accuracy
	$(BIN)/python -m bench.doubt
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.peers
	$(BIN)/python -m bench.photographs
	$(BIN)/python -m bench.training_time

figures: $(VENV)/.ready-to-test ## write the measured figures into README.md and docs/
	$(BIN)/python docs/figures.py

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist results .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each stamp is newer than pyproject.toml once what pyproject.toml asks for is installed.
$(VENV)/.ready-to-run: pyproject.toml | $(BIN)/python
	@echo "handsum: installing what it needs into $(VENV), once ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@.ci/tkinter $(BIN)/python || true
	@touch $@

$(VENV)/.ready-to-test: pyproject.toml | $(BIN)/python
	@echo "handsum: installing TensorFlow and the test tools into $(VENV), once; this takes a few minutes ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[train,dev]'
	@.ci/tkinter $(BIN)/python
	@touch $(VENV)/.ready-to-run $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	{ echo "handsum needs Python 3.10 or newer as $(PYTHON); name another one: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || .ci/debian-packages :python3-venv
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }
