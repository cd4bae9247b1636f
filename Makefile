# `make run` and `make test` need Python 3.11 to 3.13 with venv, nothing else.

PYTHON ?= python3
VENV := .venv
PORT ?= 8000
DEMO ?= 1
WORKERS_OF_TESTS ?= auto
# Each worker of the browser tests runs a portal of its own: two keep two processors busy. Files in the order of their
# names: by their number of tests the longest of all would come last, and be waited for alone.
WORKERS_OF_BROWSER_TESTS ?= 2
# Which tests of each kind: CI says «and not one_engine» on the second engine.
ONLY ?=

export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export SITE_URL ?= http://127.0.0.1:$(PORT)
export PYTHONUNBUFFERED = 1

.PHONY: run prepare test lint types layers messages lock bench races chaos clean

run: export DEBUG ?= 1
run: prepare
	@honcho start --port $(PORT) || [ $$? -eq 130 ]  # Ctrl-C is how it ends

prepare: export DEBUG ?= 1
prepare: $(VENV)/.installed
	@python manage.py migrate --no-input --verbosity 0
	@python manage.py load_catalogue >/dev/null
	@python manage.py load_roles >/dev/null
	@python manage.py load_checklists >/dev/null
	@python manage.py load_replies >/dev/null
	@python manage.py load_reminders >/dev/null
	@if [ "$(DEMO)" != 0 ]; then python manage.py seed_demo; fi
	@python manage.py load_agendas >/dev/null
	@echo "The portal: $(SITE_URL)/   the desk: $(SITE_URL)/admin/   Ctrl-C ends it."

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt | $(VENV)/bin/python
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ $(VENV)/.installed

test: $(VENV)/.installed-dev
	python -m pytest -n $(WORKERS_OF_TESTS) -m "not browser $(ONLY)" $(PYTEST)
	python -m pytest -n $(WORKERS_OF_BROWSER_TESTS) --dist loadfile --no-loadscope-reorder -m "browser $(ONLY)" $(PYTEST)

lint: $(VENV)/.installed-dev
	ruff check .
	ruff format --check --quiet .
	djlint --lint --quiet templates

types: $(VENV)/.installed-dev
	mypy

layers: $(VENV)/.installed-dev
	lint-imports

# Needs Debian's gettext. The compiled catalogue is kept in the repository: a fresh machine has none.
messages: export DEBUG ?= 1
messages: $(VENV)/.installed-dev
	python manage.py makemessages --locale sv --no-obsolete --no-wrap --ignore .venv --ignore var --ignore bench --ignore chaos --ignore tests
	msgfmt --check --statistics --output-file locale/sv/LC_MESSAGES/django.mo locale/sv/LC_MESSAGES/django.po

lock: $(VENV)/.installed-dev
	uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --python-version 3.11 requirements.in --output-file requirements.txt
	uv pip compile --universal --generate-hashes --no-strip-extras --no-emit-index-url --python-version 3.11 --constraints requirements.txt requirements-dev.in --output-file requirements-dev.txt

bench: $(VENV)/.installed-dev
	@python -m bench
	@python -m bench.outbox
	@python -m bench.seasons
	@python -m bench.leads

# 5,000 bookings by 32 writers on each path, and 50,000 operations: `RACES="--postgresql URL --bookings 500"` for others.
races: $(VENV)/.installed-dev
	@python -m bench.races $(RACES)

# Every fault of a mail system, on a PostgreSQL and a Redis that the drill makes: `CHAOS=--short` for minutes.
chaos: $(VENV)/.installed-dev
	@python -m chaos $(CHAOS)

clean:
	rm -rf var $(VENV) build
