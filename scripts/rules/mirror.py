"""Every module with behaviour (ten lines or more inside functions) has a test file at the mirrored path."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

LEAST_LINES = 10
# Interfaces and migrations are exercised through what implements and runs them.
_EXEMPT_NAMES = frozenset({"__init__.py", "__main__.py", "base.py", "element.py"})


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    for source in product(sources):
        path = Path(source.path)
        if path.name in _EXEMPT_NAMES or "migrations" in path.parts or _behaviour(source) < LEAST_LINES:
            continue
        wanted = Path("tests", *path.parts[2:-1], f"test_{path.name}")
        if not (root / wanted).is_file():
            yield Offence(source.path, 1, f"has no {wanted.as_posix()}")


def _behaviour(source: Source) -> int:
    """Lines inside functions; modules of declarations alone are exercised through their users."""
    functions = (node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return sum((node.end_lineno or node.lineno) - node.lineno for node in functions)


RULE = Rule("mirror", _check)
