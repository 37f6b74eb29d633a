"""Rules 13–15: stress on strong positions, matching lines, how fast the words come."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from text2song.domain.composition import SectionKind
from text2song.domain.lyrics import LyricLine, Syllable
from text2song.evaluation.rules.songview import SongView

#: Seconds a spoken syllable lasts at a calm pace (about four a second).
_SPOKEN_SECONDS = 0.25
_STRETCH = 2.0


def _lines(view: SongView) -> tuple[LyricLine, ...]:
    lyrics = view.composition.lyrics
    return tuple(line for line in lyrics.lines if line.syllables) if lyrics is not None else ()


def stress(view: SongView) -> float | None:
    """Rule 13: share of stressed syllables stronger in the metre than the unstressed one that follows.

    Where both stand equally strong, the longer one is the accented one.
    """
    good = total = 0
    for line in _lines(view):
        for syllable, after in pairwise(line.syllables):
            if syllable.stressed and not after.stressed:
                total += 1
                mine, next_ = _weight(view, syllable), _weight(view, after)
                good += mine > next_ or (mine == next_ and syllable.duration > after.duration)
    return good / total if total >= 10 else None


def _weight(view: SongView, syllable: Syllable) -> int:
    """Metrical weight: bar, half bar, beat, half beat, quarter beat, less.

    A bar of five, seven or more eighths is felt in groups of two that end in one of three, or begin with it in 5/8.
    """
    inside = float(syllable.start) % view.bar
    said = view.composition.time_signature.groups
    if view.pulse < 1.0 and round(view.bar / view.pulse) % 2:
        return _uneven_weight(inside, round(view.bar / view.pulse), view.pulse, said)
    units = (view.bar, view.bar / 2, view.pulse, view.pulse / 2, view.pulse / 4)
    for rank, unit in enumerate(units):
        if unit == view.bar / 2 and (view.bar / view.pulse) % 2:
            continue
        if abs(inside / unit - round(inside / unit)) < 1e-6:
            return len(units) - rank
    return 0


def _uneven_weight(inside: float, count: int, pulse: float, said: Sequence[int]) -> int:
    place = inside / pulse
    eighth = round(place)
    if abs(place - eighth) > 1e-6:
        return 0 if abs(2 * place - round(2 * place)) > 1e-6 else 1
    if eighth % count == 0:
        return 5
    groups = (0, 3) if count == 5 else tuple(range(0, count - 2, 2))
    turn = groups[-1]
    if said:
        groups = tuple(sum(said[:place]) for place in range(len(said)))
        turn = next(
            (start for start, size, before in zip(groups[1:], said[1:], said, strict=False) if size != before), 0
        )
    # The bar turns where a group of three begins or ends.
    return 4 if eighth == turn else 3 if eighth in groups else 2


def melismas(view: SongView) -> float | None:
    """Rule 13: share of syllables sung on more than one note."""
    starts = np.array([tone.start for tone in view.sung])
    syllables = [syllable for line in _lines(view) for syllable in line.syllables]
    if len(syllables) < 10 or starts.size == 0:
        return None
    firsts = np.array([float(syllable.start) for syllable in syllables])
    ends = firsts + np.array([float(syllable.duration) for syllable in syllables])
    inside = np.searchsorted(starts, ends - 1e-6) - np.searchsorted(starts, firsts - 1e-6)
    return float((inside > 1).mean())


def matching(view: SongView) -> float | None:
    """Rule 14: share of lines of later verses within one syllable of the first verse's, where written here."""
    lyrics = view.composition.lyrics
    if lyrics is None or lyrics.source == "user":
        return None
    verses = [section.name for section in view.sections if section.kind is SectionKind.VERSE]
    counts = [[len(line.syllables) for line in _lines(view) if line.section == verse] for verse in verses]
    counts = [lines for lines in counts if lines]
    pairs = [pair for verse in counts[1:] for pair in zip(counts[0], verse, strict=False)]
    return sum(abs(one - other) <= 1 for one, other in pairs) / len(pairs) if len(pairs) >= 3 else None


def rate(view: SongView) -> float | None:
    """Rule 15: syllables per second while words are sung."""
    lines = _lines(view)
    syllables = sum(len(line.syllables) for line in lines)
    beats = sum(
        float(line.syllables[-1].start + line.syllables[-1].duration - line.syllables[0].start) for line in lines
    )
    return syllables / (beats * view.quarter) if syllables >= 10 else None


def unstretched(view: SongView) -> float | None:
    """Rule 15: share of syllables, the last of each line apart, less than twice as long as spoken."""
    inner = [syllable for line in _lines(view) for syllable in line.syllables[:-1]]
    limit = _SPOKEN_SECONDS * _STRETCH / view.quarter
    return (
        sum(float(syllable.duration) <= limit + 1e-6 for syllable in inner) / len(inner) if len(inner) >= 10 else None
    )
