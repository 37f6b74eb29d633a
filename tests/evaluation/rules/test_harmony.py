"""Rules 16–18: a sound score lies in the band, the same score with the fault does not."""

from dataclasses import replace

import pytest
from tests.evaluation.rules.scores import LOOP, Row, inside, notes, part, song, view

from text2song.domain.composition import SectionKind
from text2song.domain.score import Part, Role
from text2song.domain.theory import Key
from text2song.evaluation.rules import harmony
from text2song.evaluation.rules.songview import SongView

CHROMATIC = ((0, "I"), (1, "bII"), (6, "#IV"), (11, "VII"))
BASS = (36, 41, 43, 36)


def _bass(roots: tuple[int, ...] = BASS, lead: int | None = None) -> Part:
    rows: list[Row] = []
    for bar in range(16):
        root, coming = roots[bar % 4], roots[(bar + 1) % 4]
        rows += [(bar * 4, 3, root)]
        if lead is not None and root != coming and bar % 4 == 1:
            rows += [(bar * 4 + 3.5, 0.5, coming + lead)]
    return part("bass", Role.BASS, "finger_bass", notes(rows))


def _pad(*voicings: tuple[int, ...], instrument: str = "strings") -> Part:
    rows = [(bar * 4, 4, pitch) for bar in range(16) for pitch in voicings[bar % len(voicings)]]
    return part("pad", Role.PAD, instrument, notes(rows))


def test_rule_16_chords_from_everywhere() -> None:
    assert inside("harmony.diatonic", harmony.diatonic(view(loop=LOOP)))
    assert not inside("harmony.diatonic", harmony.diatonic(view(loop=CHROMATIC)))


def test_rule_16_one_chord_for_the_whole_song_and_four_a_bar() -> None:
    assert inside("harmony.pace", harmony.pace(view(loop=LOOP)))
    assert not inside("harmony.pace", harmony.pace(view(loop=((0, "I"),))))
    hasty = song(loop=LOOP)
    quick = [
        replace(span, chord=span.chord.transposed(step), start=span.start + step, duration=span.duration / 4)
        for span in hasty.harmony
        for step in range(4)
    ]
    assert not inside("harmony.pace", harmony.pace(SongView(replace(hasty, harmony=tuple(quick)))))


def test_rule_16_sections_that_end_nowhere_and_a_song_that_does_not_close() -> None:
    sections = ((SectionKind.VERSE, 4),) * 4
    assert inside("harmony.cadences", harmony.cadences(view(loop=LOOP, sections=sections)))
    assert inside("harmony.close", harmony.close(view(loop=LOOP, sections=sections)))
    lost = (*LOOP[:3], (4, "iii"))
    assert not inside("harmony.cadences", harmony.cadences(view(loop=lost, sections=sections)))
    assert not inside("harmony.close", harmony.close(view(loop=lost, sections=sections)))


def test_rule_16_a_chorus_that_sets_out_from_the_third() -> None:
    assert inside("harmony.chorus_starts", harmony.chorus_starts(view(loop=LOOP)))
    assert not inside("harmony.chorus_starts", harmony.chorus_starts(view(loop=((4, "iii"), *LOOP[1:]))))


SMOOTH = ((60, 64, 67), (60, 65, 69), (59, 62, 67), (60, 64, 67))
JUMPY = ((48, 52, 55), (65, 69, 72), (55, 59, 62), (72, 76, 79))


def test_rule_17_chords_that_jump() -> None:
    assert inside("harmony.movement", harmony.movement(view(_pad(*SMOOTH))))
    assert not inside("harmony.movement", harmony.movement(view(_pad(*JUMPY))))
    assert inside("harmony.held", harmony.held(view(_pad(*SMOOTH))))
    assert not inside("harmony.held", harmony.held(view(_pad(*JUMPY))))


@pytest.mark.parametrize("instrument", ["strings", "choir"])
def test_rule_17_parallel_fifths(instrument: str) -> None:
    fifths = ((60, 64, 67), (65, 69, 72), (67, 71, 74), (60, 64, 67))
    assert inside("harmony.parallels", harmony.parallels(view(_pad(*SMOOTH, instrument=instrument))))
    assert not inside("harmony.parallels", harmony.parallels(view(_pad(*fifths, instrument=instrument))))
    assert harmony.parallels(view(_pad(*fifths, instrument="electric_piano"))) is None


def test_rule_18_a_bass_beside_the_chord() -> None:
    assert inside("harmony.bass_roots", harmony.bass_roots(view(_bass())))
    assert not inside("harmony.bass_roots", harmony.bass_roots(view(_bass((38, 43, 41, 40)))))


def test_rule_18_a_bass_that_never_leads_on_or_always() -> None:
    assert inside("harmony.approaches", harmony.approaches(view(_bass(lead=-1))))
    assert not inside("harmony.approaches", harmony.approaches(view(_bass())))
    rows = [
        row for bar in range(16) for row in ((bar * 4, 3, BASS[bar % 4]), (bar * 4 + 3.5, 0.5, BASS[(bar + 1) % 4] - 1))
    ]
    always = part("bass", Role.BASS, "finger_bass", notes(rows))
    assert not inside("harmony.approaches", harmony.approaches(view(always)))


def test_rule_17_a_tone_held_over_is_held() -> None:
    # C–F–G–C with the common tones not struck again.
    rows: list[Row] = []
    for bar in range(0, 16, 4):
        start = bar * 4
        rows += [(start, 8, 60), (start, 4, 64), (start, 4, 67), (start + 4, 4, 65), (start + 4, 4, 69)]
        rows += [(start + 8, 4, 62), (start + 8, 4, 65), (start + 8, 8, 67), (start + 12, 4, 60), (start + 12, 4, 64)]
    figure = harmony.held(view(part("pad", Role.PAD, "strings", notes(rows))))
    assert inside("harmony.held", figure)


def test_a_degree_in_the_bass_does_not_hide_the_root() -> None:
    assert inside("harmony.close", harmony.close(view(loop=(*LOOP[:3], (0, "I/3")))))


def test_rule_16_the_andalusian_cadence_belongs_to_its_mode() -> None:
    cadence = ((5, "iv"), (3, "bIII"), (1, "bII"), (0, "I"))
    made = song(loop=cadence)
    assert not inside("harmony.diatonic", harmony.diatonic(SongView(made)))
    spanish = replace(made, context=replace(made.context, key=Key.parse("C phrygian dominant")))
    assert harmony.diatonic(SongView(spanish)) == 1.0
