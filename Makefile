# make run   set everything up, build the invented county, serve it on http://127.0.0.1:8000
# make test  set everything up and pass every test
# make bundle  an archive for a machine without network, in dist/ (x86-64 and ARM64)
PYTHON ?= python3
BIN := .venv/bin
.PHONY: run test setup setup-dev check lock format bench bundle clean

run: setup
	@$(BIN)/zhengxin demo

test: setup-dev check
	@$(BIN)/python -m tests.suite

setup: .venv/.base
setup-dev: .venv/.dev

# The quick installer when it can be had, pip when not; either way every file is checked against its hash.
define install
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x .boot/bin/uv || { $(PYTHON) -m venv .boot && .boot/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/boot.txt; } || true
	@echo "installing $(1)"
	@.boot/bin/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r $(1) \
	  || $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
endef

.venv/.base: requirements/base.txt pyproject.toml
	$(call install,requirements/base.txt)
	@touch $@

.venv/.dev: requirements/dev.txt .venv/.base
	$(call install,requirements/dev.txt)
	@touch $@

check: setup-dev
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy -p zhengxin
	@$(BIN)/lint-imports --config pyproject.toml

format: setup-dev
	@$(BIN)/ruff format -q . && $(BIN)/ruff check -q --fix .

bench: setup-dev
	@.boot/bin/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/bench.txt
	@$(BIN)/zhengxin bench intake

bundle: setup
	@$(BIN)/python deploy/bundle.py dist

lock:
	@for f in boot base postgres dev bench; do .boot/bin/uv pip compile -q --generate-hashes --python-version 3.11 \
	  --no-header --no-emit-index-url --no-annotate requirements/$$f.in -o requirements/$$f.txt; done

clean:
	@rm -rf .venv .boot var
