"""Runs the elements of a composition in order, on one shared context, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import text2song
from text2song.compose.blend import blended_style
from text2song.compose.decisions import Decisions
from text2song.compose.element import ElementGenerator
from text2song.compose.style import Style, load_style
from text2song.domain.composition import Provenance, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.errors import CancelledError, StudioError, UnavailableError
from text2song.domain.progress import Progress, silent
from text2song.domain.score import TempoMap

ENGINE = f"composer {text2song.__version__}"


class ElementFailedError(UnavailableError):
    """One element could not be made, so the song was given up."""

    slug = "element-failed"


class CompositionOrchestrator:
    """Gives every element the same context and style, in one order, and hands out a song only when all succeeded."""

    def __init__(self, elements: Sequence[ElementGenerator]) -> None:
        self._elements = tuple(elements)

    def compose(
        self, context: CompositionContext, progress: Progress = silent, decisions: Decisions | None = None
    ) -> UnifiedComposition:
        """Return the finished composition of `context`.

        `decisions` carries what was already decided while reading the prompt; without it a fresh record begins at
        the context's seed. Raises `ElementFailedError` naming the element when one breaks, its own `StudioError`
        when it gave a reason, and `CancelledError` when `progress` says that nobody wants the song any more.
        """
        record = decisions or Decisions(context.seed)
        style = blended_style(context)
        composition = UnifiedComposition(
            context=context, time_signature=context.time_signature, tempo=TempoMap.constant(context.bpm)
        )
        for index, element in enumerate(self._elements):
            progress(element.name, index / len(self._elements))
            composition = _generate(element, composition, style, record)
        progress("composed", 1.0)
        provenance = Provenance(ENGINE, context.seed, _versions(context), record.made)
        return replace(composition, provenance=provenance)


def _generate(
    element: ElementGenerator, composition: UnifiedComposition, style: Style, decisions: Decisions
) -> UnifiedComposition:
    try:
        return element.generate(composition, style, decisions)
    except (StudioError, CancelledError):
        raise
    except Exception as error:
        raise ElementFailedError(f"the {element.name} could not be composed ({type(error).__name__})") from error


def _versions(context: CompositionContext) -> tuple[str, ...]:
    """Name every style of the blend with the version its file gives, heaviest first."""
    ordered = sorted(context.genres, key=lambda genre: -genre.weight)
    names = dict.fromkeys(genre.style for genre in ordered)
    return tuple(f"{name} {load_style(name).table('style').get('version', 1)}" for name in names)
