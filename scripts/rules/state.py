"""No module holds mutable state: a list, dict or set at module level is shared by everyone who imports it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.rules.base import Offence, Rule, Source, product

_MUTABLE_CALLS = frozenset({"dict", "list", "set", "defaultdict", "deque", "Counter", "OrderedDict"})


def _check(sources: Sequence[Source], root: Path) -> Iterator[Offence]:
    del root
    for source in product(sources):
        if "migrations" in source.path:
            continue
        for node in source.tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if value is not None and _is_mutable(value) and not _is_dunder(node):
                yield Offence(source.path, node.lineno, "mutable value at module level; freeze it")


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in _MUTABLE_CALLS
    return isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp | ast.ListComp | ast.SetComp)


def _is_dunder(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(target, ast.Name) and target.id.startswith("__") for target in targets)


RULE = Rule("state", _check)
