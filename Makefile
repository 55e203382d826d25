# Alles, was man mit dem Projekt tut. `make` allein zeigt die Liste.
# Vorausgesetzt sind nur make und Python ab 3.12; der Rest kommt in die Umgebung .venv.

PORT ?= 8000
BIN := .venv/bin
# Named by the content of the lock: a changed lock installs anew, an unchanged one costs nothing.
stamp = .venv/$(1)-$(subst $() ,-,$(wordlist 1,2,$(shell cksum requirements/$(1).txt))).stamp
PRODUCTION := $(call stamp,production)
DEVELOPMENT := $(call stamp,development)
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.12 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" $(LOCK_FLAGS) pyproject.toml
LINTS := lint-code lint-format lint-templates lint-types lint-imports lint-migrations lint-production
# Neither a .env file nor the shell of whoever checks may decide what the checks find.
DEV_ENV := RENEWZ_ENV=development RENEWZ_DATA_DIR=var/lint DATABASE_URL=sqlite:///:memory:

.DEFAULT_GOAL := help
.PHONY: help demo run test shots audit faults bench backup restore emergency lint $(LINTS) check lock clean

help: ## diese Übersicht
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(PRODUCTION) ## Vorführung mit Inhalten auf http://127.0.0.1:8000 (anderer Port: make demo PORT=8123)
	@PORT=$(PORT) exec deploy/demo.sh

run: $(PRODUCTION) ## Entwicklungsserver; Daten in var/
	@PORT=$(PORT) exec deploy/run.sh

test: $(DEVELOPMENT) ## alle Tests auf SQLite und PostgreSQL, dazu im Browser
	@$(BIN)/python -m tests

shots: $(DEVELOPMENT) ## jede Art von Seite als Bild, vier Breiten, hell und dunkel, in test-results/shots/
	@$(BIN)/python -m tests.shots $(ONLY)

audit: $(DEVELOPMENT) ## Lighthouse und Nu HTML Checker gegen die Seite, wie die Produktion sie ausliefert
	@$(BIN)/python -m tests.audit

faults: $(DEVELOPMENT) ## lässt unter Last alles ausfallen, was ausfallen kann, und zählt, was Menschen davon merken
	@$(BIN)/python -m tests.faults $(ONLY)

backup: $(PRODUCTION) ## Datenbank und Dateien in eine neue, geprüfte Datei sichern (make backup TO=/mnt/sicherung)
	@$(BIN)/python manage.py backup $(TO)

restore: $(PRODUCTION) ## Sicherung zurückspielen: make restore FILE=… (über eine vorhandene Seite: REPLACE=1)
	@$(BIN)/python manage.py restore $(FILE) $(if $(REPLACE),--replace)

emergency: $(PRODUCTION) ## Notausgabe: die ganze öffentliche Seite als Dateien, make emergency TO=/srv/notausgabe
	@$(BIN)/python manage.py emergency_edition $(TO)

bench: $(DEVELOPMENT) ## wie schnell Seiten ankommen, gegen Datei und blankes Django; make bench ARGS="--quick"
	@$(BIN)/python -m bench.delivery $(ARGS)

lint: $(DEVELOPMENT) ## Stil, Typen, Schichten, Migrationen, Einstellungen; zeigt alle Funde, nicht nur den ersten
	@$(MAKE) --no-print-directory --keep-going $(LINTS)

lint-code: ; $(BIN)/ruff check .
lint-format: ; $(BIN)/ruff format --check .
lint-templates: ; $(BIN)/djlint --lint --quiet templates
lint-types: ; $(DEV_ENV) $(BIN)/mypy .
lint-imports: ; $(BIN)/lint-imports
lint-migrations: ; $(DEV_ENV) $(BIN)/python manage.py makemigrations --check --dry-run && $(DEV_ENV) $(BIN)/python -m tests.lint_migrations
lint-production: ; deploy/check_production.sh

check: lint test ## lint und test

lock: $(BIN)/python ## schreibt requirements/*.txt aus pyproject.toml; neuere Fassungen: make lock LOCK_FLAGS=--upgrade
	$(BIN)/python -m pip install -qq 'uv~=0.13.9'
	$(LOCK) --output-file requirements/production.txt
	$(LOCK) --extra s3 --output-file requirements/s3.txt
	$(LOCK) --all-extras --output-file requirements/all.txt
	$(LOCK) --group test --group lint --output-file requirements/development.txt

clean: ## entfernt Umgebung, Zwischenspeicher und Demo-Daten; var/ sonst bleibt
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis test-results var/demo var/lint
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@deploy/venv.sh

.venv/%.stamp: $(BIN)/python
	@echo "Installiere die Pakete aus requirements/$(firstword $(subst -, ,$*)).txt (beim ersten Mal etwa eine Minute) …"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
		-r requirements/$(firstword $(subst -, ,$*)).txt
	@rm -f .venv/$(firstword $(subst -, ,$*))-*.stamp
	@touch $@
