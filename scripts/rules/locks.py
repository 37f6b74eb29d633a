"""Lock files name packages, never the host they came from, so that every index can serve them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source

_HOST = re.compile(
    r'"resolved"\s*:|--(?:extra-)?index-url|--find-links|\bfile:/|https?://(?!github\.com|opencollective)'
)
_LOCKS = ("requirements.lock", "requirements-dev.lock")


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del sources
    for name in _LOCKS:
        for number, line in enumerate((root / name).read_text(encoding="utf-8").splitlines(), 1):
            if _HOST.search(line):
                yield Offence(name, number, "names a host")
    npm = root / "web" / "package-lock.json"
    if npm.is_file() and '"resolved"' in npm.read_text(encoding="utf-8"):
        yield Offence("web/package-lock.json", 1, "names the host of a package")


RULE = Rule("locks", _check)
