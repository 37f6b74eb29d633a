"""Which spoken sounds belong to which sung syllable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from text2song.audio.voice.speech import Phoneme


@dataclass(frozen=True, slots=True)
class SpokenSyllable:
    """Times in the spoken line, seconds: onset consonants, vowel, coda consonants, end."""

    start: float
    vowel: float
    coda: float
    end: float


def spoken_syllables(phonemes: Sequence[Phoneme], counts: Sequence[int]) -> list[SpokenSyllable]:
    """Return one spoken syllable per sung one, given how many syllables each word is sung on.

    Words are matched in order. A word spoken with more vowels than it has syllables gives some syllables two; one
    spoken with fewer (or a word the speaker skipped) shares a vowel out among its syllables.
    """
    words = [list(group) for _, group in groupby(phonemes, key=lambda phoneme: phoneme.word)]
    found: list[SpokenSyllable] = []
    for index, count in enumerate(counts):
        # Too few spoken words (numbers read as one, symbols not read): the last one is stretched over the rest.
        if not words:
            break
        found += _split(words[min(index, len(words) - 1)], count)
    return found


def _split(word: Sequence[Phoneme], count: int) -> list[SpokenSyllable]:
    nuclei = [index for index, phoneme in enumerate(word) if phoneme.is_vowel] or [len(word) // 2]
    if len(nuclei) < count:
        whole = _syllable(word, 0, len(word), nuclei)
        return _shared(whole, count)
    groups = [nuclei[len(nuclei) * n // count : len(nuclei) * (n + 1) // count] for n in range(count)]
    starts = [0] + [_onset(before[-1], after[0]) for before, after in pairwise(groups)]
    ends = [*starts[1:], len(word)]
    return [_syllable(word, first, last, group) for first, last, group in zip(starts, ends, groups, strict=True)]


def _onset(before: int, after: int) -> int:
    """Where the consonants between two vowels divide: the last goes to the next syllable (maximal onset of one)."""
    return max(before + 1, after - 1) if after - before <= 3 else after - 2


def _syllable(word: Sequence[Phoneme], first: int, last: int, nuclei: Sequence[int]) -> SpokenSyllable:
    return SpokenSyllable(word[first].start, word[nuclei[0]].start, word[nuclei[-1]].end, word[last - 1].end)


def _shared(whole: SpokenSyllable, count: int) -> list[SpokenSyllable]:
    """Cut one vowel into `count`; the consonants stay at the two ends."""
    step = (whole.coda - whole.vowel) / count
    cuts = [whole.vowel + step * n for n in range(count + 1)]
    return [
        SpokenSyllable(
            whole.start if n == 0 else cuts[n],
            cuts[n],
            cuts[n + 1],
            whole.end if n == count - 1 else cuts[n + 1],
        )
        for n in range(count)
    ]
