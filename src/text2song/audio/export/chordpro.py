"""Chord sheet in the ChordPro format (chordpro.org, version 6): words under chords, grids where none are sung."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import MappingProxyType

from text2song.domain.composition import ChordSpan, Section, SectionKind, UnifiedComposition
from text2song.domain.lyrics import LyricLine
from text2song.domain.rational import Fraction

#: The environments ChordPro has; everything else is a grid or a verse with a label.
_ENVIRONMENTS = MappingProxyType({SectionKind.CHORUS: "chorus", SectionKind.BRIDGE: "bridge"})
#: Bars on one line of a grid.
_BARS = 4


def chordpro_bytes(composition: UnifiedComposition) -> bytes:
    """Return the chord sheet, UTF-8: directives, then every section in the order it is played."""
    context = composition.context
    head = [
        f"{{title: {_plain(context.title)}}}",
        "{artist: Text2Song Studio}",
        f"{{key: {context.key.name}}}",
        f"{{tempo: {float(context.bpm):g}}}",
        f"{{time: {composition.time_signature.name}}}",
        f"{{duration: {_clock(composition.seconds)}}}",
        "{comment: AI-generated}",
    ]
    body = (line for section in composition.sections for line in ("", *_section(section, composition)))
    return ("\n".join((*head, *body)) + "\n").encode()


def _section(section: Section, composition: UnifiedComposition) -> Iterator[str]:
    lines = () if composition.lyrics is None else composition.lyrics.lines
    sung = [line for line in lines if line.section == section.name and line.syllables]
    chords = [span for span in composition.harmony if span.section == section.name]
    label = section.name.replace(".", " ").capitalize()
    name = _ENVIRONMENTS.get(section.kind, "verse") if sung else "grid"
    yield f'{{start_of_{name}: label="{label}"}}'
    if sung:
        yield from _words_with_chords(sung, chords, composition)
    else:
        yield from _grid(section, chords, composition)
    yield f"{{end_of_{name}}}"


def _words_with_chords(
    lines: Sequence[LyricLine], chords: Sequence[ChordSpan], composition: UnifiedComposition
) -> Iterator[str]:
    """Put each chord before the first syllable sung under it; chords of bars without words stand at the line's end."""
    flats = composition.context.key.flats
    waiting = list(chords)
    for index, line in enumerate(lines):
        text = ""
        for syllable in line.syllables:
            # A chord belongs to the syllable that begins under it, or just before it.
            while waiting and waiting[0].start <= syllable.start:
                text += f"[{waiting.pop(0).chord.symbol(flats=flats)}]"
            text += _plain(syllable.text) + (" " if syllable.ends_word else "")
        until = lines[index + 1].syllables[0].start if index + 1 < len(lines) else None
        while waiting and (until is None or waiting[0].end <= until):
            text += f"[{waiting.pop(0).chord.symbol(flats=flats)}]"
        yield text.rstrip()


def _grid(section: Section, chords: Sequence[ChordSpan], composition: UnifiedComposition) -> Iterator[str]:
    """Bars of beats: a chord's symbol where it begins, dots while it lasts."""
    metre = composition.time_signature
    beats = max(1, int(metre.bar / metre.pulse))
    flats = composition.context.key.flats
    start = composition.section_start(section)
    cells = []
    for bar in range(section.bars):
        at = [start + bar * metre.bar + beat * metre.pulse for beat in range(beats)]
        cells.append(" ".join(_beat(place, metre.pulse, chords, flats=flats) for place in at))
    for first in range(0, len(cells), _BARS):
        yield "| " + " | ".join(cells[first : first + _BARS]) + " |"


def _beat(place: Fraction, pulse: Fraction, chords: Sequence[ChordSpan], *, flats: bool) -> str:
    begun = [span.chord.symbol(flats=flats) for span in chords if place <= span.start < place + pulse]
    return "~".join(begun) or "."


def _plain(text: str) -> str:
    """Brackets and braces mean something in ChordPro."""
    return text.translate(str.maketrans("[]{}", "()()"))


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
