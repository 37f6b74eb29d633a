"""All elements or no song."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from text2song.compose.decisions import Decisions
from text2song.compose.orchestrator import CompositionOrchestrator, ElementFailedError
from text2song.compose.prompt.reader import read_prompt
from text2song.compose.style import Style
from text2song.domain.composition import Section, SectionKind, UnifiedComposition
from text2song.domain.context import CompositionContext
from text2song.domain.errors import CancelledError, ConflictError, UnavailableError
from text2song.domain.request import CompositionRequest, GenreWeight

SECTION = Section("verse.1", SectionKind.VERSE, 0, 4, 0.5)


@dataclass
class Adds:
    """Adds a section and decides something."""

    name: str

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        decisions.decide(f"{self.name}/style", [style.name])
        return replace(composition, sections=(*composition.sections, SECTION))


@dataclass
class Breaks:
    """Fails with the given error."""

    error: Exception
    name: str = "bass"

    def generate(self, composition: UnifiedComposition, style: Style, decisions: Decisions) -> UnifiedComposition:
        raise self.error


def context(prompt: str = "synthwave", seed: int = 3) -> CompositionContext:
    return read_prompt(CompositionRequest(prompt, seed=seed))


def test_elements_run_in_order_and_the_song_remembers_how_it_was_made() -> None:
    song = CompositionOrchestrator([Adds("one"), Adds("two")]).compose(context())
    assert song.sections == (SECTION, SECTION)
    assert song.provenance.engine.startswith("composer ")
    assert song.provenance.seed == 3
    assert song.provenance.styles[0].startswith("synthwave ")
    assert [decision.path for decision in song.provenance.decisions] == ["one/style", "two/style"]


def test_the_tempo_and_the_metre_stand_before_the_first_element() -> None:
    song = CompositionOrchestrator([]).compose(context("waltz at 93 bpm"))
    assert song.tempo.bpm == 93
    assert song.time_signature.name == "3/4"


def test_every_style_of_a_blend_is_named() -> None:
    blend = read_prompt(CompositionRequest("x", genres=(GenreWeight("jazz", 1), GenreWeight("house", 3))))
    styles = CompositionOrchestrator([]).compose(blend).provenance.styles
    assert [style.split()[0] for style in styles] == ["house", "jazz"]


def test_a_broken_element_leaves_no_song_and_is_named() -> None:
    with pytest.raises(ElementFailedError, match="the bass could not be composed") as caught:
        CompositionOrchestrator([Adds("one"), Breaks(ZeroDivisionError("boom"))]).compose(context())
    assert isinstance(caught.value, UnavailableError)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


@pytest.mark.parametrize("error", [ConflictError("no room"), CancelledError()])
def test_a_reason_given_or_a_cancellation_passes_through(error: Exception) -> None:
    with pytest.raises(type(error)):
        CompositionOrchestrator([Breaks(error)]).compose(context())


def test_progress_names_each_element_and_can_stop_the_work() -> None:
    seen: list[tuple[str, float]] = []
    orchestrator = CompositionOrchestrator([Adds("one"), Adds("two")])
    orchestrator.compose(context(), lambda stage, fraction: seen.append((stage, fraction)))
    assert seen == [("one", 0.0), ("two", 0.5), ("composed", 1.0)]

    def stop(stage: str, fraction: float) -> None:
        if stage == "two":
            raise CancelledError

    with pytest.raises(CancelledError):
        orchestrator.compose(context(), stop)
