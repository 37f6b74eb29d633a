"""The stages of a song as spans: what progress says in words is what a trace shows in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry import trace
from opentelemetry.trace import Span

from text2song.domain.progress import Progress

#: How the words of a stage begin → the stage; the first that fits counts.
_STAGES = (
    ("compos", "compose"),
    ("comparing", "compose"),
    ("rendering mix", "mix"),
    ("rendering", "stems"),
    ("master", "master"),
    ("measuring", "measure"),
    ("writing", "keeping"),
    ("packing", "keeping"),
    ("storing", "keeping"),
    ("keeping", "keeping"),
)

_tracer = trace.get_tracer("text2song")


@contextmanager
def traced(progress: Progress) -> Iterator[Progress]:
    """Yield a progress that makes a span of each stage it is told of."""
    stages = _Stages(progress)
    try:
        yield stages
    finally:
        stages.end()


def stage_of(words: str) -> str:
    """Return the stage that words for people belong to.

    >>> stage_of("take 1 of 2: rendering bass")
    'stems'
    """
    plain = words.rpartition(": ")[2]
    return next((stage for begin, stage in _STAGES if plain.startswith(begin)), plain)


@dataclass
class _Stages:
    """Ends one span and begins the next whenever the stage changes."""

    report: Progress
    stage: str = ""
    span: Span | None = None

    def __call__(self, stage: str, fraction: float) -> None:
        """Report, in the span of the stage."""
        name = stage_of(stage)
        if name != self.stage:
            self.end()
            self.stage, self.span = name, _tracer.start_span(name)
        self.report(stage, fraction)

    def end(self) -> None:
        """End the last stage."""
        if self.span is not None:
            self.span.end()
        self.span = None
