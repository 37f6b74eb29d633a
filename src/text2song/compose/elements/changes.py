"""The chord changes of a song, looked up by time."""

from __future__ import annotations

from bisect import bisect_right

from text2song.domain.composition import ChordSpan, UnifiedComposition
from text2song.domain.rational import Fraction


class Changes:
    """Which chord sounds when, and what comes after it."""

    def __init__(self, composition: UnifiedComposition) -> None:
        self._spans = composition.harmony
        self._starts = [span.start for span in composition.harmony]

    def at(self, position: Fraction) -> ChordSpan:
        """Return the chord that sounds at a position; the first or last one outside the song."""
        return self._spans[max(0, bisect_right(self._starts, position) - 1)]

    def after(self, span: ChordSpan) -> ChordSpan:
        """Return the next chord, or the same one at the end of the song."""
        index = bisect_right(self._starts, span.start)
        return self._spans[index] if index < len(self._spans) else span

    def between(self, start: Fraction, end: Fraction) -> list[ChordSpan]:
        """Return the chords that sound within a stretch of time, in order."""
        first = max(0, bisect_right(self._starts, start) - 1)
        found = []
        for span in self._spans[first:]:
            if span.start >= end:
                break
            found.append(span)
        return found
