# Puskesos. `make run` starts everything on this machine: no database, Node or Docker needed.

VENV := .venv
PYTHON := $(VENV)/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
BROWSERS := chromium chromium-browser google-chrome
COMPILE := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header \
	--universal --python-version 3.11

.PHONY: help run install test stories lint bench lock translations reference clean

help:
	@echo "make run      memasang, mengisi data contoh sekali, lalu menjalankan situs (HOST=$(HOST) PORT=$(PORT))"
	@echo "make test     menjalankan semua uji kecuali yang panjang"
	@echo "make stories  menjalankan yang panjang: di peramban, di lingkungan baru, dan tabel kesalahan modul"
	@echo "make lint     memeriksa gaya, tipe, dan batas antarbagian"
	@echo "make bench    mengukur kecepatan terhadap pembanding (BENCH=\"pages --quick\" untuk sebagian)"
	@echo "make lock     memperbarui requirements*.txt (perlu uv)"
	@echo "make translations  mengumpulkan teks ke */translations/en.po; Inggrisnya yang sudah ada tetap"
	@echo "make reference  menulis ulang docs/plugins/reference.md dan tests/contract/api.txt dari kodenya"
	@echo "make clean    menghapus hasil pasang dan singgahan; data di var/ tetap ada"

run: $(VENV)/installed
	@exec $(PYTHON) -m tenants.cli serve --demo --host $(HOST) --port $(PORT)

install: $(VENV)/installed

# The first Python that is new enough and can make an environment; several may be installed, each in its own state.
$(PYTHON):
	@found=; old=; \
	for name in python3 python3.13 python3.12 python3.11; do \
		$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		old=$$name; \
		if $$name -c 'import ensurepip, venv' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$old" ]; then \
		echo "Perlu Python 3.11 atau lebih baru. Debian/Ubuntu: apt-get install python3 python3-venv"; exit 1; \
	elif [ -z "$$found" ]; then \
		echo "$$old tidak dapat membuat lingkungan (venv). Debian/Ubuntu: apt-get install python3-venv"; exit 1; \
	fi; \
	$$found -m venv $(VENV)

# The stamp is written last: an interrupted installation is taken up again.
$(VENV)/installed: requirements.txt pyproject.toml | $(PYTHON)
	$(PYTHON) -m pip install --disable-pip-version-check --require-hashes -r requirements.txt
	$(PYTHON) -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	$(PYTHON) -m pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# A process for each core, each with a database of its own. Files stay whole, for what a module prepares is
# prepared once, and in their order, so that the long stories in the browser do not begin last.
PYTEST := $(PYTHON) -m pytest -n auto --dist loadfile --no-loadscope-reorder

test: $(VENV)/installed-dev
	@$(PYTEST) -m "not browser and not story"

# Without a browser the rest is done, and it is said what was not; REQUIRE_BROWSER=1 makes that a failure.
stories: $(VENV)/installed-dev
	@browser=; for name in $(BROWSERS); do command -v $$name >/dev/null && browser=$$name && break; done; \
	message="Uji peramban TIDAK dijalankan: Chromium tidak ada. Debian/Ubuntu: apt-get install chromium"; \
	if [ -n "$$browser" ]; then exec $(PYTEST) -m "browser or story"; fi; \
	if [ "$$REQUIRE_BROWSER" = 1 ]; then echo "$$message"; exit 1; fi; \
	$(PYTEST) -m "story and not browser"; code=$$?; echo "$$message"; exit $$code

lint: $(VENV)/installed-dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/basedpyright --pythonpath $(PYTHON)
	$(VENV)/bin/lint-imports

bench: $(VENV)/installed-dev
	$(PYTHON) -m bench $(BENCH)

lock:
	echo 'setuptools>=77' | $(COMPILE) pyproject.toml - -o requirements.txt
	echo 'setuptools>=77' | $(COMPILE) --extra dev -c requirements.txt pyproject.toml - -o requirements-dev.txt

# New texts come in without English, for which tests/web/test_translations.py then asks; texts no longer said go out.
translations: $(VENV)/installed
	@set -e; texts=$$(mktemp); trap 'rm -f "$$texts"' EXIT; \
	take_up() { \
		catalogue=$$1/translations/en.po; mkdir -p "$$1/translations"; \
		$(VENV)/bin/pybabel -q extract -F pyproject.toml -k lazy_gettext -k lazy_ngettext:1,2 --no-location --sort-output \
			--ignore-dirs='.* __* tests skeletons' --project Puskesos -o "$$texts" "$$@"; \
		$(VENV)/bin/pybabel -q update -l en -i "$$texts" -o "$$catalogue" --init-missing --no-fuzzy-matching \
			--ignore-obsolete --ignore-pot-creation-date --width 120; \
	}; \
	take_up core templates tenants; \
	for package in plugins/*/__init__.py; do take_up "$${package%/*}"; done

# What plugins see: the snapshot that a test compares, and the page that authors read.
reference: $(VENV)/installed-dev
	$(PYTHON) -m tests.contract.test_api
	$(PYTHON) -m tests.contract.reference

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
