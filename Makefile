# make lab     open the course in JupyterLab
# make test    run all tests
# make build   make exercises/ and solutions/ from source/
# make bench   measure how long things take
# make clean   remove what these made, but no notebook and no gradebook
#
# All of them first set up .venv, and again only when what is needed has changed.

.PHONY: help lab test build bench clean

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# nbgrader starts some of its own commands by name.
export PATH := $(CURDIR)/$(BIN):$(PATH)

help:
	@sed -e '/^$$/q' -e 's/^# *//' Makefile

# .jupyter/ hides nbgrader's panels for instructors, for this command only: a plain `jupyter lab` has them all.
# The server answers this machine only, so that root, as in a container, is no reason to refuse.
lab: $(VENV)/installed
	JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter" $(BIN)/jupyter lab --log-level=WARN --allow-root index.ipynb

test: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile

build: $(VENV)/installed
	$(BIN)/python -m course build

bench: $(VENV)/installed-for-tests
	$(BIN)/python tests/bench

clean:
	rm -rf $(VENV) *.egg-info .pytest_cache .hypothesis
	find course tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/installed: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(PIP) -r requirements.txt
	$(PIP) --no-deps -e .
	touch $@

$(VENV)/installed-for-tests: tests/requirements.txt $(VENV)/installed
	$(PIP) -r tests/requirements.txt
	touch $@

$(VENV)/bin/python:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
		if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
			echo "Setting up $(VENV) with $$($$python --version); the first time takes a few minutes."; \
			$$python -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); exit 1; \
		fi; \
	done; \
	echo "The course needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian and Ubuntu: apt install python3-venv)." >&2; \
	echo "If it is installed under another name, say which: make PYTHON=/path/to/python3.12 lab" >&2; \
	exit 1
