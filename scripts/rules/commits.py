"""Only `storage/session.py` commits: one transaction per request or job, ended at the edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

_ALLOWED = "src/text2song/storage/session.py"


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del root
    for source in product(sources):
        if source.path == _ALLOWED:
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit":
                yield Offence(source.path, node.lineno, "commits outside storage/session.py")


RULE = Rule("commits", _check)
