# Two commands matter: `make demo` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo

.PHONY: demo test lint types imports tests schemas docs sbom audit audit-ci kills mutants bench clean

$(VENV)/installed: pyproject.toml requirements/demo.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/demo.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	touch $@

$(VENV)/installed-bench: $(VENV)/installed-bench requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

# A synthetic pilot: made, ingested, its KPIs beside the pilot's published figures, and its dashboard.
demo: $(VENV)/installed
	@rm -rf $(DEMO) && mkdir $(DEMO)
	$(BIN)/keten-kpi generate $(DEMO)/pilot --scenario pilot --seed 1
	$(BIN)/keten-kpi ingest $(DEMO)/pilot/berichten --db $(DEMO)/keten.duckdb
	$(BIN)/keten-kpi kpi doorlooptijd-toewijzing --per gemeente --db $(DEMO)/keten.duckdb
	$(BIN)/keten-kpi kpi productcode-afwijking --per wet --db $(DEMO)/keten.duckdb
	$(BIN)/keten-kpi violations doorlooptijd-toewijzing --gemeente 0384 --db $(DEMO)/keten.duckdb | tail -n 20
	@echo "The pilot's published figures beside these:"
	$(BIN)/keten-kpi generate --report | grep '^|'
	$(BIN)/keten-kpi dashboard build $(DEMO)/dashboard --db $(DEMO)/keten.duckdb

test: lint types imports tests

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

imports: $(VENV)/installed-dev
	$(BIN)/lint-imports --no-logo

tests: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

# After a change in a schema or in the mapping.
schemas: $(VENV)/installed
	$(BIN)/python -m keten_kpi.shred.release

# After a change in a KPI, a view or a command.
docs: $(VENV)/installed-dev
	$(BIN)/python -m tests.kpi.pages
	$(BIN)/python -m tests.privacy.pages
	$(BIN)/python -m tests.supply.pages
	$(BIN)/python -m tests.docs.console
	$(BIN)/keten-kpi generate --report > docs/pilot.md

# What the program is made of, as CycloneDX.
sbom: $(VENV)/installed-dev
	$(BIN)/cyclonedx-py requirements requirements/demo.txt --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json

# Known vulnerabilities, where the index that pip uses has that data; --strict, for a package that is skipped is not safe.
audit: $(VENV)/installed-dev
	$(BIN)/pip-audit -r requirements/demo.txt --require-hashes --disable-pip --strict

# The same where nobody may answer: then it says NOT AUDITED and ends well, and a known vulnerability still fails.
audit-ci: $(VENV)/installed-dev
	$(BIN)/python -m tests.supply.audit

# On a quiet machine: SIGKILL at hundreds of moments of ingest and of the nightly job, each completed and compared.
kills: $(VENV)/installed-dev
	$(BIN)/python -m tests.robust.kills refresh --times 300
	$(BIN)/python -m tests.robust.kills ingest --times 300

# Asks every mutant of the SQL again, not one in three; the record of who notices it is kept in tests/spec.
mutants: $(VENV)/installed-dev
	$(BIN)/python -m tests.spec.mutation --all
	$(BIN)/python -m tests.diepte.verhalen

# On a quiet machine, with xmllint (Debian: libxml2-utils); some 30 minutes. Writes docs/performance.md.
bench: $(VENV)/installed-bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(DEMO) build dist
