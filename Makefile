# What there is to do: make help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || echo python3)
BIN := .venv/bin
# uv from the machine if there is one, else from an environment of its own
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)

# Threads of PyTorch sleep while they wait for each other; spinning, they starve the other tests.
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: help run test slurm-test fuzz faults audit lint bench env lock docs clean

help:  ## show what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

run: env  ## the whole pipeline on the demo, ending with the path of the report
	$(BIN)/snakemake

test: env  ## all tests
	$(BIN)/pytest -n 2 --dist worksteal

slurm-test: env  ## the demo and its accidents through a Slurm of one node; needs root, slurm-wlm, munge
	$(BIN)/pytest -v -m slurm tests/pipeline/slurm

fuzz: env  ## 100,000 damaged and odd files, counted by reader
	PYTHONPATH=bench OMP_NUM_THREADS=1 $(BIN)/python -m fuzzing --cases 100000

faults: env  ## whole runs killed, starved and damaged, and what a plain restart makes of them
	PYTHONPATH=bench OMP_NUM_THREADS=1 $(BIN)/python -m faults

# It asks a server on the network for what is known of each pin; the tests do so too.
audit: env  ## known vulnerabilities of the pinned packages
	$(UV) tool run pip-audit --requirement requirements/dev.txt --disable-pip

lint: env  ## style, types, workflow
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

bench: env  ## throughput of training; flow presets beside their peers, accuracy and CPU seconds
	$(BIN)/python bench/training_throughput.py
	$(UV) venv --quiet --clear --python $(PYTHON) .bench
	$(UV) pip sync --quiet --python .bench/bin/python --require-hashes requirements/bench.txt
	$(BIN)/python bench/flow.py

env: .venv/.made  ## the environment, in .venv

# Compiled once here: where Python writes no bytecode, each job would compile PyTorch and numba anew.
.venv/.made: requirements/dev.txt pyproject.toml | $(UV)
	$(UV) venv --quiet --clear --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	touch $@

.uv/bin/uv: requirements/uv.txt
	$(PYTHON) -m venv .uv
	.uv/bin/pip install --quiet --require-hashes --requirement requirements/uv.txt

lock: | $(UV)  ## pin all dependencies anew, with hashes
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --extra workflow --extra slurm --extra dev --output-file requirements/dev.txt pyproject.toml
	echo uv | $(UV) pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-header \
	  --python-version 3.11 --output-file requirements/uv.txt -
	echo 'opencv-contrib-python-headless>=4.12,<5' | $(UV) pip compile --quiet --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --output-file requirements/bench.txt -

docs: env  ## the generated pages: config/config.yaml, its schema and config/README.md
	$(BIN)/python -m stpose.settings.documents

clean:  ## remove the environments, not the results
	rm -rf .venv .uv .bench
