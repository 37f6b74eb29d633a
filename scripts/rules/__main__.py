"""Run every house rule: `python -m scripts.rules`. Exit status 1 when one is broken."""

from __future__ import annotations

import sys
from pathlib import Path

from scripts.rules import commits, imports, locks, mirror, names, size, state
from scripts.rules.base import Rule, read_sources

RULES: tuple[Rule, ...] = tuple(module.RULE for module in (commits, imports, locks, mirror, names, size, state))


def main(root: Path) -> int:
    """Print every offence; return how many there are."""
    sources = read_sources(root)
    count = 0
    for rule in RULES:
        for offence in rule.check(sources, root):
            print(f"{offence.path}:{offence.line}: {offence.message} [{rule.name}]")
            count += 1
    print(f"{len(RULES)} house rules, {count} offences in {len(sources)} files")
    return count


if __name__ == "__main__":
    sys.exit(1 if main(Path(__file__).resolve().parents[2]) else 0)
