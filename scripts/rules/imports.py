"""Our own package is imported at the top of a file, and copyleft extras only inside the function that needs them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

#: Extras under a copyleft licence (docs/licences.md): the core must import and run without them.
COPYLEFT = frozenset({"espeakng_loader", "pretty_midi", "pedalboard", "essentia"})


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del root
    for source in product(sources):
        inside = {id(inner) for node in ast.walk(source.tree) if _is_function(node) for inner in ast.walk(node)}
        for node in ast.walk(source.tree):
            for name in _imported(node):
                line = getattr(node, "lineno", 1)
                own = name.split(".")[0] == "text2song"
                if own and id(node) in inside:
                    yield Offence(source.path, line, f"imports {name} inside a function")
                if name.split(".")[0] in COPYLEFT and id(node) not in inside:
                    yield Offence(source.path, line, f"imports the copyleft extra {name} at module level")


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _imported(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Import):
        return tuple(alias.name for alias in node.names)
    return (node.module,) if isinstance(node, ast.ImportFrom) and node.module else ()


RULE = Rule("imports", _check)
