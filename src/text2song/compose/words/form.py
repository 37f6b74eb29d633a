"""What form and length words ask for: the sections of their tags in order, and the bars their lines need."""

from __future__ import annotations

import math
from collections.abc import Mapping

from text2song.compose.words.sheet import known_stanzas
from text2song.compose.words.slots import seconds_needed
from text2song.compose.words.stanzas import Stanza, read_stanzas
from text2song.compose.words.syllables import line_syllables
from text2song.domain.composition import SectionKind

#: Bars an easy line may take; a line may be sung a little faster than easy.
_LINE_BARS = (1, 2, 4)
_HURRY = 0.9
_FRAME_BARS = 4
#: Words shorter than this make no song of their own length: the style's form repeats them.
_SONG_SECONDS = 45.0
_LONGEST_SECONDS = 600.0


def tagged_kinds(text: str) -> tuple[SectionKind, ...]:
    """Return the kinds of section a text names by tags, in order with their repeats; empty without any tag."""
    if not any(stanza.kind for stanza in read_stanzas(text)):
        return ()
    return tuple(stanza.kind for stanza in known_stanzas(text) if stanza.kind)


def natural_bars(text: str, bar_seconds: float) -> Mapping[str, int]:
    """Return how many bars the longest stanza of each kind asks for, a multiple of four."""
    found: dict[str, int] = {}
    for stanza in known_stanzas(text):
        kind = stanza.kind or SectionKind.VERSE
        found[kind] = max(found.get(kind, 4), _stanza_bars(stanza, bar_seconds))
    return found


def words_seconds(text: str, bar_seconds: float, usual: float) -> float | None:
    """Return how long a song of these words would be; None where the style's `usual` length does as well."""
    stanzas = known_stanzas(text)
    needed = (sum(_stanza_bars(stanza, bar_seconds) for stanza in stanzas) + 2 * _FRAME_BARS) * bar_seconds
    if not stanzas or needed < (_SONG_SECONDS if tagged_kinds(text) else usual):
        return None
    return float(min(_LONGEST_SECONDS, round(needed)))


def _stanza_bars(stanza: Stanza, bar_seconds: float) -> int:
    counts = [len(line_syllables(line)) for line in stanza.lines]
    needed = _HURRY * seconds_needed(round(sum(counts) / max(1, len(counts))))
    each = next((bars for bars in _LINE_BARS if bars * bar_seconds >= needed), _LINE_BARS[-1])
    return max(4, math.ceil(each * len(counts) / 4) * 4)
