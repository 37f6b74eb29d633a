"""House rules as linters: one rule per file, run by `python -m scripts.rules`."""
