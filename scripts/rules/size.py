"""A function has at most 40 lines and a file at most 300: long ones hide two things in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

FUNCTION_LINES = 40
FILE_LINES = 300


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del root
    for source in product(sources):
        lines = source.text.count("\n")
        if lines > FILE_LINES:
            yield Offence(source.path, 1, f"{lines} lines, more than {FILE_LINES}")
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = _body_lines(node)
                if length > FUNCTION_LINES:
                    yield Offence(
                        source.path, node.lineno, f"{node.name} has {length} lines, more than {FUNCTION_LINES}"
                    )


def _body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of code from the first statement on; the signature and the docstring are documentation."""
    documented = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
    body = node.body[1:] if documented and len(node.body) > 1 else node.body
    return (node.end_lineno or node.lineno) - body[0].lineno + 1


RULE = Rule("size", _check)
