# The studio's verbs. `make studio` is the first one to type; each is safe to run again.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help studio song test check bench evaluate web setup dev lock openapi golden clean

PROMPT ?= warm lo-fi hip hop for a rainy evening, 80 bpm, 60 seconds
OUT ?= songs/latest
PORT ?= 8000
PY := .venv/bin/python

help: ## This list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

studio: ## The studio on http://127.0.0.1:8000 (PORT=…): page, API and worker.
	@scripts/setup run
	@scripts/build-web || echo "the web page could not be built; the studio serves its API without it" >&2
	@exec .venv/bin/text2song serve --port $(PORT)

song: ## One song into songs/latest: make song PROMPT="…" (OUT=folder).
	@scripts/setup run
	@.venv/bin/text2song make "$$TEXT2SONG_PROMPT" --out "$(OUT)"
song: export TEXT2SONG_PROMPT = $(value PROMPT)

test: dev web ## Everything a fresh machine needs, then every test.
	@scripts/system-packages chromium nginx:nginx-light || true
	@cd web && npm_config_loglevel=error ../scripts/with-node npm test --silent
	@$(PY) -m pytest -q -n 2 --dist worksteal -m "not e2e and not alone"
	@$(PY) -m pytest -q -m "e2e or alone"

check: dev ## Format, lint, types, arrows, house rules (under two minutes).
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/lint-imports --no-cache | tail -n 1
	@$(PY) -m scripts.rules
	@.venv/bin/mypy

bench: dev ## Speed with the share of each stage, beside the fluidsynth program on the same notes.
	@scripts/system-packages fluidsynth || true
	@$(PY) -m benchmarks.speed
	@$(PY) -m benchmarks.sung
	@$(PY) -m benchmarks.memory
	@$(PY) -m benchmarks.library

evaluate: dev ## What songs are worth, measured: reading, rules, energy, words, voices, variety, edits, mix, exports (hours).
	@scripts/system-packages flac sox ffmpeg || true
	@$(PY) -m benchmarks.understanding
	@$(PY) -m benchmarks.lyrics
	@$(PY) -m benchmarks.pronunciation
	@$(PY) -m benchmarks.variety
	@$(PY) -m benchmarks.exports
	@$(PY) -m benchmarks.edits
	@$(PY) -m benchmarks.singing
	@$(PY) -m benchmarks.energy 50
	@$(PY) -m benchmarks.mix
	@$(PY) -m benchmarks.conformance
	@$(PY) -m benchmarks.rules 10

web: dev ## Build the page if its sources changed.
	@scripts/build-web

setup:
	@scripts/setup run

dev:
	@scripts/setup dev

lock: dev ## Resolve the locks anew from pyproject.toml.
	@.venv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --extra voice --extra soundfont --no-header --no-annotate -o requirements.lock
	@.venv/bin/uv pip compile -q pyproject.toml --universal --python-version 3.11 --all-extras --no-header --no-annotate -c requirements.lock -o requirements-dev.lock

openapi: dev ## Write the API's description and the page's client from it.
	@$(PY) -m text2song.api.openapi > web/openapi.json
	@cd web && ../scripts/with-node npm run --silent generate

golden: dev ## Accept the scores as they are now as the golden ones, and write the page of styles.
	@$(PY) -m tests.golden.regenerate
	@$(PY) -m text2song.compose.style_table > docs/reference/styles.md

clean: ## Remove what was built; songs and the database stay.
	@rm -rf .venv web/node_modules web/.next web/out src/text2song/api/static .mypy_cache .ruff_cache .pytest_cache
