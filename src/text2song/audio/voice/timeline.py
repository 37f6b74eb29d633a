"""When each speech sound of a sung line begins and ends.

Vowels begin on the notes, onset consonants come before them, codas fall inside the note's end, and consonants are no
longer than in speech: only vowels are stretched (Sundberg, "The Science of the Singing Voice", 1987, chapter 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from text2song.audio.voice.line import SungLine, SungSyllable
from text2song.audio.voice.phonemes import Manner, Sound, sound

#: Consonants before a vowel and after one take at most so long, and this share of the room there is.
_ONSET_MAX, _ONSET_SHARE = 0.26, 0.6
_CODA_MAX, _CODA_SHARE = 0.22, 0.4
#: Notes closer than this are sung in one breath.
_JOINED = 0.06
#: Aspiration of a stop that does not open a stressed syllable, and of one after a hiss.
_WEAK_ASPIRATION = 0.55
_SHORTEST_VOWEL = 0.05


@dataclass(frozen=True, slots=True)
class Phone:
    """One speech sound and its time, seconds from the line's origin."""

    sound: Sound
    start: float
    end: float
    #: Of a stop: where the closure ends; the rest is burst and aspiration.
    release: float
    #: 0..1, of the syllable it belongs to.
    strength: float = 0.7
    #: Whether it is the last sound before a rest.
    last: bool = False


def phones(line: SungLine) -> list[Phone]:
    """Return the sounds of a line in order; syllables without a known sound are hummed as a neutral vowel."""
    found: list[Phone] = []
    parts = [_divided(syllable) for syllable in line.syllables]
    for index, (syllable, (onset, nucleus, coda)) in enumerate(zip(line.syllables, parts, strict=True)):
        following = line.syllables[index + 1] if index + 1 < len(parts) else None
        joined = following is not None and following.start - syllable.end < _JOINED
        free = found[-1].end if found else syllable.start - _ONSET_MAX - 1.0
        before = min(_ONSET_MAX, max(syllable.start - free, 0.0))
        found += _placed(onset, syllable.start - min(_length(onset), before), syllable.start, syllable)
        stop = max(_stop(syllable, following, parts[index + 1][0]) if joined and following else syllable.end, 0.0)
        stop = max(stop, syllable.start + _SHORTEST_VOWEL)
        closing = min(_length(coda), _CODA_MAX, _CODA_SHARE * (stop - syllable.start))
        found += _placed(nucleus, syllable.start, stop - closing, syllable)
        found += _placed(coda, stop - closing, stop, syllable, last=not joined)
        if not joined and not coda:
            found[-1] = _as_last(found[-1])
    return found


def _stop(syllable: SungSyllable, following: SungSyllable, onset: Sequence[Sound]) -> float:
    room = following.start - syllable.start
    return following.start - min(_length(onset), _ONSET_MAX, _ONSET_SHARE * room)


def _divided(syllable: SungSyllable) -> tuple[list[Sound], list[Sound], list[Sound]]:
    """Return the consonants before the vowel, the vowel, and the consonants after it."""
    known = [found for name in syllable.phonemes if (found := sound(name)) is not None]
    first = next((index for index, one in enumerate(known) if one.is_vowel), None)
    if first is None:
        neutral = sound("AH0")
        return known, [neutral] if neutral is not None else [], []
    last = max(index for index, one in enumerate(known) if one.is_vowel)
    return known[:first], known[first : last + 1], known[last + 1 :]


def _length(sounds: Sequence[Sound]) -> float:
    return sum(_spoken(one, before) for before, one in zip([None, *sounds], sounds, strict=False))


def _spoken(one: Sound, before: Sound | None) -> float:
    return one.seconds + _opening(one, before)


def _opening(one: Sound, before: Sound | None) -> float:
    """Return the length of a stop's release: burst and aspiration; a stop after a hiss has hardly any ("stone")."""
    if one.manner not in (Manner.STOP, Manner.AFFRICATE):
        return 0.0
    hissed = before is not None and before.manner is Manner.FRICATIVE and one.voice == 0
    return max(one.voice_onset * (0.4 if hissed else 1.0), 0.012)


def _placed(
    sounds: Sequence[Sound], start: float, end: float, syllable: SungSyllable, *, last: bool = False
) -> list[Phone]:
    """Share a stretch of time among sounds by their lengths in speech."""
    if not sounds or end <= start:
        return []
    lengths = [_spoken(one, before) for before, one in zip([None, *sounds], sounds, strict=False)]
    scale = (end - start) / sum(lengths)
    found = []
    at = start
    for index, (one, length) in enumerate(zip(sounds, lengths, strict=True)):
        before = sounds[index - 1] if index else None
        until = end if index + 1 == len(sounds) else at + length * scale
        release = until - _opening(one, before) * min(scale, 1.0)
        found.append(Phone(one, at, until, release, syllable.strength, last and index + 1 == len(sounds)))
        at = until
    return found


def _as_last(phone: Phone) -> Phone:
    return Phone(phone.sound, phone.start, phone.end, phone.release, phone.strength, last=True)


def gaps(found: Sequence[Phone]) -> list[tuple[float, float]]:
    """Return the rests between sounds of a line as (start, end) in seconds."""
    return [(before.end, after.start) for before, after in pairwise(found) if after.start - before.end > _JOINED]
