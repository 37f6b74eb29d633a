from __future__ import annotations

import pytest
from tests.compose.edits.songs import finished

from text2song.compose.edits.reharmonising import reharmonised
from text2song.compose.edits.targets import Cell, notes_in
from text2song.domain.edits import InvalidEditError
from text2song.domain.score import Role

NOTHING: frozenset[Cell] = frozenset()


@pytest.mark.parametrize("style", ["pop", "jazz", "house"])
def test_other_chords_in_one_section_and_the_players_on_them(style: str) -> None:
    song = finished(style)
    name = max(song.sections, key=lambda section: section.energy).name
    child = reharmonised(song, (name,), 5, NOTHING)
    before = [span.chord for span in song.harmony if span.section == name]
    assert [span.chord for span in child.harmony if span.section == name] != before
    assert [span for span in child.harmony if span.section != name] == [
        span for span in song.harmony if span.section != name
    ]
    bass = next(part.name for part in song.parts if part.role is Role.BASS)
    starts = {note.start: note.pitch % 12 for note in notes_in(child, child.part(bass), name)}
    heard = [span for span in child.harmony if span.section == name and span.start in starts]
    fitting = [starts[span.start] in (*span.chord.pitch_classes, span.chord.bass_pitch_class) for span in heard]
    assert sum(fitting) >= 0.8 * len(fitting) > 0
    assert all(one == two for one, two in zip(song.parts, child.parts, strict=True) if one.role is Role.DRUMS)


def test_a_locked_part_that_would_clash_is_refused() -> None:
    with pytest.raises(InvalidEditError, match="clash"):
        reharmonised(finished(), ("chorus.1",), 5, frozenset({Cell("chorus.1", "bass")}))
