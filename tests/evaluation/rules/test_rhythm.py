"""Rules 19–21 and 24: a played groove lies in the band, the same with the fault does not."""

from dataclasses import replace

from tests.evaluation.rules.scores import Row, inside, notes, part, song, view

from text2song.domain.composition import SectionKind
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.evaluation.rules import rhythm
from text2song.evaluation.rules.songview import SongView

SECTIONS = ((SectionKind.VERSE, 4), (SectionKind.CHORUS, 4), (SectionKind.VERSE, 4), (SectionKind.CHORUS, 4))
GROOVE: tuple[Row, ...] = (
    (0, 0.1, 36), (2, 0.1, 36), (1, 0.1, 38), (3, 0.1, 38), *[(step / 2, 0.1, 42) for step in range(8)],
)  # fmt: skip
FILL: tuple[Row, ...] = (
    *[row for row in GROOVE if row[0] < 2.5], (2.5, 0.1, 45), (2.75, 0.1, 45), (3, 0.1, 43), (3.5, 0.1, 41),
)  # fmt: skip
EXTRA = ((3.5, 0.1, 36), (2.5, 0.1, 36), (1.5, 0.1, 38), (0.75, 0.1, 38))


def _drums(*, varied: bool = True, fills: bool = True, crashes: bool = True, late_us: int = 0) -> Part:
    written: list[Note] = []
    for bar in range(16):
        rows = FILL if fills and bar % 4 == 3 else GROOVE
        rows = (*rows, EXTRA[bar % 4]) if varied and bar % 4 == 1 else rows
        rows = (*rows, (0, 0.1, 49)) if crashes and bar % 4 == 0 else rows
        written += [
            replace(note, nudge_us=late_us if note.start % 1 == Fraction(1, 2) else 0)
            for note in notes(rows, bar * 4.0)
        ]
    return part("drums", Role.DRUMS, "drum_kit", written)


def _view(drums: Part, **shape: object) -> SongView:
    return view(drums, sections=SECTIONS, **shape)


def test_rule_19_a_machine_and_a_chaos() -> None:
    assert inside("rhythm.groove", rhythm.groove(_view(_drums())))
    assert not inside("rhythm.groove", rhythm.groove(_view(_drums(varied=False, fills=False, crashes=False))))
    rows = [
        (bar * 4 + ((bar * 7 + hit * 5) % 16) / 4, 0.1, 36 + (bar * 3 + hit) % 8)
        for bar in range(16)
        for hit in range(6)
    ]
    chaos = part("drums", Role.DRUMS, "drum_kit", notes(rows))
    assert not inside("rhythm.groove", rhythm.groove(_view(chaos)))


def test_rule_20_sections_that_change_unannounced() -> None:
    assert inside("rhythm.fills", rhythm.fills(_view(_drums())))
    assert not inside("rhythm.fills", rhythm.fills(_view(_drums(varied=False, fills=False))))


def test_rule_20_a_silence_announces_too() -> None:
    drums = _drums(varied=False, fills=False)
    kept = tuple(note for note in drums.notes if note.start % 16 < 14)
    assert inside("rhythm.fills", rhythm.fills(_view(replace(drums, notes=kept))))


def test_rule_20_arrivals_without_a_crash() -> None:
    assert inside("rhythm.arrivals", rhythm.arrivals(_view(_drums())))
    assert not inside("rhythm.arrivals", rhythm.arrivals(_view(_drums(crashes=False))))


def test_rule_21_swing_where_it_should_be_straight() -> None:
    assert inside("rhythm.swing", rhythm.swing(_view(_drums())))
    # 120 BPM: an eighth late by 83 ms is a triplet shuffle.
    shuffled = rhythm.swing(_view(_drums(late_us=83_333)))
    assert shuffled is not None
    assert abs(shuffled - 2.0) < 0.01
    assert not inside("rhythm.swing", shuffled)


def test_rule_21_written_triplets_are_swing() -> None:
    rows = [(beat + place, 0.1, 42) for beat in range(64) for place in (0, 2 / 3)]
    swung = rhythm.swing(_view(part("drums", Role.DRUMS, "drum_kit", notes(rows))))
    assert swung is not None
    assert abs(swung - 2.0) < 0.01


def test_rule_21_compound_metre_has_no_swing() -> None:
    assert rhythm.swing(_view(_drums(), metre="6/8")) is None


def test_rule_24_a_tempo_that_runs_away() -> None:
    steady = song(_drums(), sections=SECTIONS)
    assert inside("rhythm.drift", rhythm.drift(SongView(steady)))
    hurried = replace(steady, tempo=TempoMap(((Fraction(0), Fraction(120)), (Fraction(16), Fraction(126)))))
    assert not inside("rhythm.drift", rhythm.drift(SongView(hurried)))
    # The last section may slow down.
    late = replace(steady, tempo=TempoMap(((Fraction(0), Fraction(120)), (Fraction(56), Fraction(100)))))
    assert inside("rhythm.drift", rhythm.drift(SongView(late)))


def test_nothing_to_measure() -> None:
    silent = view()
    assert [figure(silent) for figure in (rhythm.groove, rhythm.fills, rhythm.arrivals, rhythm.swing)] == [None] * 4
