# Every target is a line or two; README.md has the plain commands for a machine without make.
PYTHON := python3
PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install -q
BOOK := .venv/bin/jupyter-book build . -W -n --keep-going
TESTS := $(PY) -m pytest --nbval --nbval-current-env -n 2 --dist loadfile
LOOKS := index.html-light-1280 practice/quiz.html-dark-390 responsibilities/procurement-and-suppliers.html-dark-390
LONG := kpis/test_catalog kpis/test_unknown freight/test_quotes simulate/test_simulate costing/test_order_repricing  # unit tests that are left out of `make check`
CHECKED := tests/unit tests/book book/responsibilities/procurement-and-suppliers.ipynb \
	$(LOOKS:%="tests/site/test_pages.py::test_page[%]") $(LONG:%=--ignore=tests/unit/fulfillment/%.py) \
	--deselect=tests/book/test_archive.py::test_three_notebooks_run_from_the_unpacked_archive

.PHONY: help site serve test check test-portable bench lighthouse lint lint-js refresh data facts workbook coverage exports lab lock mutations test-spark test-exports test-workbook test-archive

help:  ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

.venv/ready: .venv/pinned pyproject.toml
	$(PIP) --no-deps --no-build-isolation -e . && touch $@

.venv/pinned: requirements.txt  # emptied first: what is installed is what is listed
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "This needs Python 3.11 or newer. Where it has another name: make serve PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { echo "This needs Python's venv. Install it (Debian, Ubuntu: apt-get install python3-venv), or name another Python: make serve PYTHON=python3.13" >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(PIP) --require-hashes -r requirements.txt && touch $@

site: .venv/ready  ## build the site; warnings are errors
	$(BOOK) -q
	@echo "The site is built: _build/html/index.html (widgets need a server: make serve)"

serve: site  ## build the site and show it at http://localhost:8000/
	$(PY) -m http.server 8000 --bind 127.0.0.1 --directory _build/html

test: .venv/ready  ## lint, unit tests, every notebook, the site in a real browser
	@echo "1 of 3: style" && $(MAKE) --no-print-directory lint
	@echo "2 of 3: a browser" && $(PY) -m studykit.build.browser
	@echo "3 of 3: all tests; long notebooks first, pages in the browser last" && $(TESTS) book tests

check: .venv/ready  ## for the edit loop: lint, unit tests with few examples, one notebook, three pages in the browser
	@echo "1 of 2: style" && $(MAKE) --no-print-directory lint
	@echo "2 of 2: unit tests, one notebook, three pages" && $(PY) -m studykit.build.browser && $(TESTS) --hypothesis-profile=quick $(CHECKED)

test-portable: .venv/ready  ## what computes, as other processors would: notebooks and unit tests under five settings
	$(PY) -m tests.portable

bench: .venv/ready  ## hold what a reader waits for to its limits in milliseconds, on a machine with nothing else to do
	$(PY) -m studykit.build.browser && $(PY) -m pytest -s -q tests/benchmarks/speed.py tests/benchmarks/intake_scale.py

lighthouse: site _build/lighthouse/ready  ## Lighthouse as on a phone: make lighthouse PAGES="index practice/quiz", or all pages (needs Node 18)
	$(PY) -m studykit.build.browser && $(PY) -m tests.lighthouse $(PAGES)

_build/lighthouse/ready:
	npm install --silent --no-audit --no-fund --prefix $(@D) lighthouse@12.8.2 && touch $@

lint: .venv/ready  ## check style, format, types and spelling
	$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy && .venv/bin/codespell

lint-js: tests/js/node_modules/ready  ## check the page's modules: types, style, and what needs no browser (needs Node 20.19)
	cd tests/js && npm --silent run types && npm --silent run style && npm --silent run test

tests/js/node_modules/ready: tests/js/package-lock.json tests/js/.npmrc
	cd tests/js && npm ci --silent && touch node_modules/ready

refresh: .venv/ready  ## execute all notebooks, strip what is not deterministic, draw figures, save
	$(PY) -m studykit.build.browser && $(PY) -m studykit.build.notebooks

data: .venv/ready  ## regenerate data/network, byte for byte
	$(PY) -m fulfillment.simulate

facts: .venv/ready  ## print the facts by age and confidence, the oldest first, those that have ended apart
	@$(PY) -m studykit.sources

workbook: .venv/ready  ## write book/reference/kpis.xlsx again (after `make data`), byte for byte
	$(PY) -m fulfillment.kpis.workbook book/reference/kpis.xlsx

coverage: .venv/ready  ## print how many questions there are by stage, responsibility and kind
	@$(PY) -m studykit.bank coverage

exports: .venv/ready  ## note which cards have changed, and write the question bank for other programs to _build/exports
	@$(PY) -m studykit.bank exports _build/exports fulfillment.formulas:FORMULAS

test-workbook: .venv/ready  ## calculate every formula of the workbook with LibreOffice (libreoffice-calc from the system's packages)
	$(PY) -m tests.workbook

test-spark: .venv/ready .venv/spark  ## run every KPI's SQL on Spark in local mode (Java 17 from the system's packages)
	PYTHONPATH=.venv/spark $(PY) -m tests.spark

.venv/spark: | .venv/ready  # in a folder of its own: pandera imports pyspark wherever it finds it
	$(PIP) --target $@ "pyspark>=4.1,<5"

test-exports: .venv/ready .venv/exports  ## import the question bank's exports where they are meant to go: Anki, review, import again
	PYTHONPATH=.venv/exports $(PY) -m tests.exports

.venv/exports: | .venv/ready  # in a folder of its own: nothing else needs it
	$(PIP) --target $@ "anki>=26.9,<27"

lab: .venv/ready  ## open filled copies of the notebooks in JupyterLab
	$(PY) -m studykit.build.bundle _build/notebooks && $(PY) -m jupyterlab --notebook-dir=_build/notebooks

test-archive: .venv/ready  ## install the archive of all notebooks into a fresh environment and execute each there
	$(PY) -m tests.archive

lock:  ## compile requirements.txt from pyproject.toml; keeps the pins that still fit (needs uv)
	uv pip compile --universal --python-version 3.11 --all-extras --generate-hashes --only-binary :all: --emit-build-options \
		--no-emit-index-url --no-annotate --no-header -q $(UPGRADE) -o requirements.txt pyproject.toml

mutations: .venv/ready $(if $(LINES),.venv/cosmic-ray)  ## show that each kind of damage makes `make test` fail; LINES=100: that damaged lines of the library do
	$(if $(LINES),PYTHONPATH=.venv/cosmic-ray $(PY) -m tests.mutants $(LINES),$(PY) -m tests.mutations)

.venv/cosmic-ray: | .venv/ready  # in a folder of its own: only this target needs it
	$(PIP) --target $@ "cosmic-ray>=8.4,<9"
