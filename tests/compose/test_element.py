from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.decisions import Decisions
from text2song.compose.edits.performing import song_seed, style_of
from text2song.compose.edits.targets import notes_by_section
from text2song.compose.element import EVERYTHING, ElementGenerator, Scope
from text2song.compose.elements.accompaniment import AccompanimentElement
from text2song.compose.elements.bass import BassElement
from text2song.compose.elements.drums import DrumsElement
from text2song.compose.elements.ending import EndingElement, without_ending
from text2song.domain.composition import UnifiedComposition

ELEMENTS: dict[str, Callable[[Scope], ElementGenerator]] = {
    "bass": BassElement,
    "drums": DrumsElement,
    "accompaniment": AccompanimentElement,
}


def written(song: UnifiedComposition, name: str, scope: Scope) -> UnifiedComposition:
    return ELEMENTS[name](scope).generate(without_ending(song), style_of(song), Decisions(song_seed(song)))


def test_a_scope_says_what_is_in_it() -> None:
    assert EVERYTHING.has_part("bass")
    assert EVERYTHING.has_section("verse.1")
    scope = Scope("bass", frozenset({"verse.1"}))
    assert scope.has_part("bass")
    assert not scope.has_part("drums")
    assert scope.has_section("verse.1")
    assert not scope.has_section("verse.2")


@pytest.mark.parametrize("style", ["pop", "jazz", "metal", "samba", "house", "cinematic"])
@pytest.mark.parametrize("name", ["bass", "drums"])
def test_some_sections_are_written_as_they_are_among_all(style: str, name: str) -> None:
    song = finished(style, seconds=90.0)
    whole = written(song, name, EVERYTHING).parts[len(song.parts) :]
    for section in song.sections:
        some = written(song, name, Scope(sections=frozenset({section.name}))).parts[len(song.parts) :]
        assert [part.name for part in some] == [part.name for part in whole]
        for one, all_ in zip(some, whole, strict=True):
            assert notes_by_section(song, one)[section.name] == notes_by_section(song, all_)[section.name]
            assert len(one.notes) <= len(all_.notes)


@pytest.mark.parametrize("name", sorted(ELEMENTS))
def test_one_part_is_written_as_it_is_among_others(name: str) -> None:
    song = finished("pop", seconds=90.0)
    whole = written(song, name, EVERYTHING).parts[len(song.parts) :]
    assert whole
    for part in whole:
        assert written(song, name, Scope(part.name)).parts[len(song.parts) :] == (part,)


def test_an_ending_of_one_part_leaves_the_others_the_same_objects() -> None:
    song = finished("pop", seconds=90.0)
    ended = EndingElement(Scope("bass")).generate(song, style_of(song), Decisions(song_seed(song)))
    everyone = EndingElement().generate(song, style_of(song), Decisions(song_seed(song)))
    assert ended.part("bass") == everyone.part("bass")
    assert ended.harmony == everyone.harmony
    assert all(one is other for one, other in zip(song.parts, ended.parts, strict=True) if one.name != "bass")
