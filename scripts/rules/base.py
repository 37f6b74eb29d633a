"""What a house rule is: a name, a reason, and a check of one parsed file or of the whole tree."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file of the repository."""

    #: Relative to the root, with forward slashes.
    path: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, slots=True)
class Offence:
    """A place where a rule does not hold."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its check over all sources; `root` is the repository."""

    name: str
    check: Callable[[Sequence[Source], Path], Iterator[Offence]]


def read_sources(root: Path) -> list[Source]:
    """Return every Python file of the product, its tests and its tools."""
    found = []
    for top in ("src", "tests", "scripts", "benchmarks"):
        for path in sorted((root / top).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found.append(Source(path.relative_to(root).as_posix(), text, ast.parse(text)))
    return found


def product(sources: Sequence[Source]) -> Iterator[Source]:
    """Yield only the files that users install."""
    return (source for source in sources if source.path.startswith("src/"))
