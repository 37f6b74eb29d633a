"""Hand-made scores for the rules: every note is written here, none by the composer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.evaluation import sounds

from text2song.domain.composition import ChordSpan, MixPlan, Section, SectionKind, UnifiedComposition
from text2song.domain.lyrics import Lyrics
from text2song.domain.rational import Fraction
from text2song.domain.score import Note, Part, Role, TempoMap
from text2song.domain.theory import Chord, Key, TimeSignature
from text2song.evaluation.rules.bands import load_bands
from text2song.evaluation.rules.songview import SongView

#: Roots and numerals of four bars in C major.
LOOP = ((0, "I"), (5, "IV"), (7, "V"), (0, "I"))
#: A phrase of four bars over the loop: (start in beats, length in beats, pitch); it ends on the tonic.
PHRASE = (
    (0, 1, 60), (1, 1, 64), (2, 1, 67), (3, 1, 65),
    (4, 1, 65), (5, 1, 69), (6, 1, 67), (7, 1, 65),
    (8, 1, 67), (9, 1, 69), (10, 1, 67), (11, 1, 65),
    (12, 1, 64), (13, 2, 60),
)  # fmt: skip
Row = tuple[float, float, int]


def notes(rows: Sequence[Row], at: float = 0.0, *, velocity: int = 90, late_us: int = 0) -> list[Note]:
    """Return rows of (start, length, pitch) in beats as notes from `at` on."""
    return [
        Note(
            Fraction(start + at).limit_denominator(96), pitch, Fraction(length).limit_denominator(96), velocity, late_us
        )
        for start, length, pitch in rows
    ]


def part(name: str, role: Role, instrument: str, written: Sequence[Note]) -> Part:
    """Return a part."""
    return Part(name, role, instrument, tuple(sorted(written)))


def tune(*phrases: Sequence[Row], role: Role = Role.LEAD, name: str = "lead", instrument: str = "flute") -> Part:
    """Return phrases of four bars each, one after the other, as a melodic part."""
    written = [note for number, phrase in enumerate(phrases) for note in notes(phrase, 16.0 * number)]
    return part(name, role, instrument, written)


def up(phrase: Sequence[Row], semitones: int) -> tuple[Row, ...]:
    """Return the phrase higher."""
    return tuple((start, length, pitch + semitones) for start, length, pitch in phrase)


def song(
    *parts: Part,
    sections: Sequence[tuple[SectionKind, int]] = ((SectionKind.VERSE, 8), (SectionKind.CHORUS, 8)),
    energies: Sequence[float] = (),
    loop: Sequence[tuple[int, str]] = LOOP,
    genre: str = "pop",
    bpm: int = 120,
    lyrics: Lyrics | None = None,
    mix: MixPlan | None = None,
    metre: str = "4/4",
) -> UnifiedComposition:
    """Return a composition in C major with one chord a bar."""
    base = sounds.composition(key=Key.parse("C major"))
    made, start, seen = [], 0, dict.fromkeys(SectionKind, 0)
    for index, (kind, bars) in enumerate(sections):
        seen[kind] += 1
        energy = energies[index] if energies else 0.5
        made.append(Section(f"{kind}.{seen[kind]}", kind, start, bars, energy))
        start += bars
    bar = TimeSignature.parse(metre).bar
    spans = []
    for section in made:
        for number in range(section.bars):
            root, roman = loop[number % len(loop)]
            quality = "m" if roman.lstrip("b#")[0].islower() else ""
            spans.append(ChordSpan(Chord(root, quality), (section.start_bar + number) * bar, bar, roman, section.name))
    tempo = TempoMap.constant(Fraction(bpm))
    genres = tuple(replace(one, name=genre, style=genre) for one in base.context.genres)
    context = replace(base.context, genres=genres, bpm=Fraction(bpm), duration_seconds=float(start * bar * 60 / bpm))
    return replace(
        base,
        context=context,
        time_signature=TimeSignature.parse(metre),
        tempo=tempo,
        sections=tuple(made),
        harmony=tuple(spans),
        parts=parts,
        lyrics=lyrics,
        mix=mix or MixPlan(),
    )


def view(*parts: Part, **shape: object) -> SongView:
    """Return the view of such a song."""
    return SongView(song(*parts, **shape))  # type: ignore[arg-type]


def inside(figure: str, value: float | None) -> bool:
    """Return whether a figure lies in its band; there must be one."""
    assert value is not None, f"{figure} had nothing to measure"
    return load_bands()[0][figure].holds(value)
