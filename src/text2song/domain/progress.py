"""How long work tells its caller where it is, and learns that nobody wants it any more."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


class Progress(Protocol):
    """Told the present stage and how much of the whole is done."""

    def __call__(self, stage: str, fraction: float) -> None:
        """Report `stage` (a few words for people) and `fraction` in 0..1 of the whole.

        Raises `CancelledError` when the work should stop; call it at least a few times a second.
        """


def silent(stage: str, fraction: float) -> None:
    """Ignore progress: the default where nobody watches."""


@dataclass(frozen=True, slots=True)
class Portion:
    """A `Progress` that maps one step's 0..1 on to a portion of the whole.

    >>> seen = []
    >>> Portion(lambda stage, fraction: seen.append((stage, fraction)), start=0.5, end=1.0)("mix", 0.5)
    >>> seen
    [('mix', 0.75)]
    """

    report: Progress
    start: float
    end: float
    prefix: str = field(default="")

    def __call__(self, stage: str, fraction: float) -> None:
        """Report `stage` at `fraction` of this portion."""
        inside = min(max(fraction, 0.0), 1.0)
        self.report(self.prefix + stage, self.start + (self.end - self.start) * inside)
