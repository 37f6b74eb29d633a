"""What a player shows under the waveform: sections, chords and sung lines, with their times in seconds."""

from __future__ import annotations

from typing import Any

from text2song.domain.composition import UnifiedComposition
from text2song.domain.rational import Fraction


def outline(composition: UnifiedComposition) -> dict[str, Any]:
    """Return sections, chords and lyrics with `start_seconds` and `end_seconds`, and what is not sung of the words."""
    return {
        "sections": _sections(composition),
        "chords": _chords(composition),
        "lyrics": _lyrics(composition),
        "lyrics_notes": [] if composition.lyrics is None else list(composition.lyrics.notes),
    }


def summary(composition: UnifiedComposition) -> dict[str, Any]:
    """Return what the library shows of a composition: genres, moods, key, tempo, metre."""
    context = composition.context
    return {
        "genres": [genre.name for genre in context.genres],
        "moods": list(context.moods),
        "key": context.key.name,
        "bpm": float(context.bpm),
        "time_signature": context.time_signature.counted,
        "vocals": context.vocals.value,
        "style": context.style,
    }


def _sections(composition: UnifiedComposition) -> list[dict[str, Any]]:
    bar = composition.time_signature.bar
    return [
        {
            "name": section.name,
            "kind": section.kind.value,
            "energy": section.energy,
            "bars": section.bars,
            **_span(composition, section.start_bar * bar, section.end_bar * bar),
        }
        for section in composition.sections
    ]


def _chords(composition: UnifiedComposition) -> list[dict[str, Any]]:
    return [
        {
            "symbol": span.chord.symbol(flats=composition.key_at(span.start).flats),
            "roman": span.roman,
            **_span(composition, span.start, span.end),
        }
        for span in composition.harmony
    ]


def _lyrics(composition: UnifiedComposition) -> list[dict[str, Any]]:
    if composition.lyrics is None:
        return []
    sung = [line for line in composition.lyrics.lines if line.syllables]
    return [
        {
            "text": line.text,
            **_span(composition, line.syllables[0].start, line.syllables[-1].start + line.syllables[-1].duration),
        }
        for line in sung
    ]


def _span(composition: UnifiedComposition, start: Fraction, end: Fraction) -> dict[str, float]:
    tempo = composition.tempo
    return {"start_seconds": round(tempo.seconds(start), 4), "end_seconds": round(tempo.seconds(end), 4)}
