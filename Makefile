# `make run` serves, `make test` runs every check that CI runs. Both build .venv first, from the lock.
PYTHON ?= python3
BIN := .venv/bin
# Tests run beside each other, each with a database of its own. Three keep two cores busy: many tests wait for a process.
# Those that kill it measure how soon others take over, and have the machine more to themselves.
TESTS_AT_ONCE ?= 3

.PHONY: install run test test-long check fmt bench lock clean

install: .venv/installed

# To run it needs less than to test it; both live in the one .venv.
.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SanSiang needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv

.venv/installed: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/installed-dev: requirements-dev.lock .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: install
	$(BIN)/python -m bot run

# SANSIANG_POSTGRES names a PostgreSQL server where tests may make databases; unset, they run on SQLite alone.
test: check
	$(BIN)/python -m pip check
	$(BIN)/python -m pytest -m "not long" -n 2 --dist worksteal tests/kill
	$(BIN)/python -m pytest -m "not long" -n $(TESTS_AT_ONCE) --dist worksteal --ignore tests/kill

test-long: .venv/installed-dev
	$(BIN)/python -m pytest -m long

check: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: .venv/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/installed-dev
	$(BIN)/python -m bot bench

# Needs uv (`pip install uv`).
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
		pyproject.toml -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --quiet \
		--extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache artifacts
