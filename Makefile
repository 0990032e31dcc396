# The one list of commands. `make demo` and `make test` do all the set-up themselves.
# Needs Python 3.11+ with venv and pip, and on Linux four system libraries that are checked first.

PYTHON ?= python3
BIN := .venv/bin
PYTEST_ARGS ?= -n 2 --dist loadfile
UV ?= uv
UPGRADE ?= --upgrade

.DEFAULT_GOAL := help
.PHONY: help demo setup test check format lock accuracy fault-accuracy spine-model bench bench-pages keyboard simulate-extra \
    samples test-simulate docs gallery wheel test-wheel doctor soak clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## set up, analyse a sample video, open the report
	@$(PYTHON) tools/bootstrap.py run
	@$(BIN)/rowsense demo

setup: ## make the development environment in .venv
	@$(PYTHON) tools/bootstrap.py test

test: check ## set up, check and test everything
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

check: setup ## style, types and import rules
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: setup ## lay out the code and mend what ruff can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## renew the three hash locks from pyproject.toml (needs uv); UPGRADE= adds what is new and keeps the rest
	@$(UV) pip compile pyproject.toml --group build --output-file locks/run.txt $(UPGRADE) --quiet $(LOCK_OPTIONS)
	@$(UV) pip compile pyproject.toml --extra oidc --extra postgres --extra s3 --extra server --group build --group test \
	    --constraints locks/run.txt --output-file locks/test.txt $(UPGRADE) --quiet $(LOCK_OPTIONS)
	@$(UV) pip compile pyproject.toml --extra postgres --extra s3 --extra server --group build \
	    --constraints locks/test.txt --output-file locks/server.txt --quiet $(LOCK_OPTIONS)

LOCK_OPTIONS := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
    --annotation-style line

docs: setup ## write docs/faults.md from the catalogue, the style sheet from rowsense/tokens.toml, the settings
	@$(BIN)/rowsense catalogue --page docs/faults.md
	@$(BIN)/python -m rowsense.tokens
	@$(BIN)/python -m rowsense.settings_table docs/deploy.md

gallery: setup ## take pictures of every page, write docs/gallery.md (needs /usr/bin/chromium)
	@$(BIN)/python -m tools.gallery

accuracy: simulate-extra ## measure the accuracy on sample videos and 240 test clips, write docs/accuracy.md
	@for first in 0 2000 3000; do $(BIN)/python -m rowsense.studies.spine_test collect build/test-clips $$first $$((first + 60)); done
	@$(BIN)/python -m rowsense.studies.spine_test repeat build/repeating-clips 0 60
	$(if $(ROWSENSE_REAL_DIR),@$(BIN)/python -m rowsense.studies.spine_negatives build/negative-clips)
	@$(BIN)/python -m rowsense.studies.accuracy --test build/test-clips --repeat build/repeating-clips \
	    $(NEGATIVE_CLIPS)

# Real frames are part of the page where the real footage is there.
NEGATIVE_CLIPS := $(if $(ROWSENSE_REAL_DIR),--negative build/negative-clips)

fault-accuracy: simulate-extra ## measure how sure the faults are, write docs/fault-accuracy.md (three hours)
	@$(BIN)/python -m rowsense.studies.fault_test collect $(FAULT_CLIPS)
	@$(BIN)/python -m rowsense.studies.piece_test collect $(FAULT_CLIPS)/pieces 42 114
	@$(BIN)/python -m rowsense.studies.piece_test collect $(FAULT_CLIPS)/pieces 1004 1016
	@$(BIN)/python -m rowsense.studies.fault_test page $(FAULT_CLIPS) $(FAULT_CLIPS)/pieces docs/fault-accuracy.md

# Clips that lie there already are not rendered again.
FAULT_CLIPS ?= build/fault-clips

spine-model: simulate-extra ## make a spine network from nothing, into build/ (under three hours on two cores; goes on after a stop)
	@$(call both,collect $(SPINE_CLIPS) 0 1900,collect $(SPINE_CLIPS) 1900 3800)
	@$(call both,fit $(SPINE_CLIPS) one,fit $(SPINE_CLIPS) two)
	@$(BIN)/python -m rowsense.studies.spine_fit join $(SPINE_CLIPS)

SPINE_CLIPS ?= build/training-clips
# Two parts of spine_fit side by side.
both = $(BIN)/python -m rowsense.studies.spine_fit $(1) & first=$$!; \
    $(BIN)/python -m rowsense.studies.spine_fit $(2) && wait $$first

bench: setup ## time the kernels against NumPy, and the analysis against a plain loop
	@$(BIN)/python -m benchmarks.kernels
	@$(BIN)/python -m benchmarks.analyze sample_videos/well_rowed.mp4

bench-pages: setup ## time the first view of every page, write it into docs/speed.md (needs /usr/bin/chromium)
	@$(BIN)/python -m benchmarks.first_view --write

keyboard: setup ## go through every page by Tab alone and say what is amiss (needs /usr/bin/chromium)
	@$(BIN)/python -m tools.keyboard

simulate-extra: setup ## add what the simulator needs (PyTorch) to .venv
	@$(BIN)/python -m pip freeze --exclude rowsense >.venv/frozen.txt
	@$(BIN)/python -m pip -qq --disable-pip-version-check install --no-compile --constraint .venv/frozen.txt \
	    --no-build-isolation --editable '.[simulate]'

samples: simulate-extra ## render the sample videos and their truth anew
	@$(BIN)/python -m rowsense.simulate --out sample_videos

test-simulate: simulate-extra ## test the simulator
	@$(BIN)/python -m pytest tests/simulate $(PYTEST_ARGS)

soak: setup ## kill every process at every window, five times each (two hours); SOAK="--only parts" and such
	@PYTHONPATH=. $(BIN)/python -P -m tests.soak $(SOAK)

doctor: ## say what is missing on this machine
	@$(PYTHON) tools/bootstrap.py run
	@$(BIN)/rowsense doctor

wheel: setup ## build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

test-wheel: setup ## install the wheel into an empty environment and run the demo there
	@$(BIN)/python tools/try_wheel.py

clean: ## remove the environment and what builds and tests leave
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
