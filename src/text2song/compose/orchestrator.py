"""Runs the elements of a composition in order, on one shared context, all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Draft:
    """A song in the making: what some elements have added so far. It can be taken further once."""

    composition: UnifiedComposition
    style: Style
    decisions: Decisions
    #: How many elements are done.
    made: int = 0


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
        return self.finish(self.begin(context, decisions), progress)

    def begin(self, context: CompositionContext, decisions: Decisions | None = None) -> Draft:
        """Return the draft of `context` before any element."""
        record = decisions or Decisions(context.seed)
        composition = UnifiedComposition(
            context=context, time_signature=context.time_signature, tempo=TempoMap.constant(context.bpm)
        )
        return Draft(composition, blended_style(context, record), record)

    def advance(self, draft: Draft, until: str, progress: Progress = silent) -> Draft:
        """Return the draft with every element up to the one named `until` added; raises as `compose` does."""
        names = [element.name for element in self._elements]
        return self._grow(draft, names.index(until) + 1, progress)

    def finish(self, draft: Draft, progress: Progress = silent) -> UnifiedComposition:
        """Return the finished composition of a draft; raises as `compose` does."""
        grown = self._grow(draft, len(self._elements), progress)
        progress("composed", 1.0)
        context = grown.composition.context
        request = grown.composition.provenance.request
        provenance = Provenance(ENGINE, context.seed, _versions(context), grown.decisions.made, request)
        return replace(grown.composition, provenance=provenance)

    def _grow(self, draft: Draft, until: int, progress: Progress) -> Draft:
        composition = draft.composition
        for index in range(draft.made, until):
            element = self._elements[index]
            progress(element.name, index / len(self._elements))
            composition = _generate(element, composition, draft.style, draft.decisions)
        return Draft(composition, draft.style, draft.decisions, max(until, draft.made))


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
